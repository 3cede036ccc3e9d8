//! What differs between two states or instants: user by user, duty by duty, with the reasons.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::ceiling;
use crate::decision::decide;
use crate::decision::gate;
use crate::decision::unmet;
use crate::id::Key;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::ix::ScopeIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Model;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::policy::words;
use crate::rule::Every;
use crate::rule::Layers;
use crate::rule::limits;
use crate::source::Source;
use crate::source::places;
use crate::speech;
use crate::speech::Named;
use crate::text::Language;

/// Everything in which access differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Difference {
    /// One row for each user, duty and place, sorted so.
    pub rows: Vec<DifferenceRow>,
}

/// What a user may do before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct DifferenceRow {
    /// Who.
    pub user: Named,
    /// What.
    pub duty: Named,
    /// Where; absent: at the root, and wherever else nothing of the user's is said of a scope of its own. Every
    /// scope of which something is said has rows of its own.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Named>,
    /// The private item, where the row is about one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub item: Option<String>,
    /// Which way it goes.
    pub turn: Turn,
    /// Before.
    pub before: Side,
    /// After.
    pub after: Side,
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Side {
    /// What the user has of the duty; absent: nothing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub access: Option<Access>,
    /// Why the user has nothing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub denial: Option<Denial>,
    /// What decided, as sorted texts.
    pub because: Vec<String>,
}

/// On which records a user may perform a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Access {
    /// Which records.
    pub reach: Reach,
    /// The qualifiers that they must have.
    pub requires: Vec<Key>,
    /// Up to which amount.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ceiling: Option<Amount>,
}

words! {
    /// Which way access goes. Closed: there is no other.
    Turn {
        /// From nothing to something.
        Gained = "gained",
        /// From something to nothing.
        Lost = "lost",
        /// From something to something else.
        Changed = "changed",
    }
}

impl AsOf<'_> {
    /// How access differs from here to another state or instant: of everyone known to either, everywhere that
    /// either mentions, on every duty of either. Teams are left aside.
    #[must_use]
    pub fn difference(self, other: AsOf<'_>) -> Difference {
        let mut users: BTreeSet<&str> = BTreeSet::new();
        users.extend(self.model.all_users().map(|(_, user)| user.key.as_str()));
        users.extend(other.model.all_users().map(|(_, user)| user.key.as_str()));
        let mut rows = Vec::new();
        for user in users {
            compare(self, other, user, &mut rows);
        }
        Difference { rows }
    }
}

impl Difference {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as a table of text, a line each, under a line of headings.
    #[must_use]
    pub fn table(&self, language: Language) -> String {
        let headings = language.choose(
            ["who", "what", "where", "turn", "before", "after", "because"],
            [
                "quién", "qué", "dónde", "cambio", "antes", "después", "porque",
            ],
        );
        let mut lines = Vec::from([headings.map(String::from)]);
        lines.extend(self.rows.iter().map(|row| row.cells(language)));
        let mut widths = [0_usize; 7];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for line in &lines {
            let cells = line.iter().zip(widths);
            let cells: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

impl DifferenceRow {
    fn cells(&self, language: Language) -> [String; 7] {
        let place = match (&self.scope, &self.item) {
            (_, Some(item)) => format!("`{item}`"),
            (Some(scope), None) => scope.plain(language).into(),
            (None, None) => language.choose("everywhere", "en todas partes").into(),
        };
        let turn = match self.turn {
            Turn::Gained => language.choose("gained", "gana"),
            Turn::Lost => language.choose("lost", "pierde"),
            Turn::Changed => language.choose("changed", "cambia"),
        };
        let because = |side: &Side| side.because.join(", ");
        let (before, after) = (because(&self.before), because(&self.after));
        let because = if before == after {
            after
        } else {
            let nothing = || String::from("–");
            let or = |text: String| if text.is_empty() { nothing() } else { text };
            format!("{} → {}", or(before), or(after))
        };
        [
            self.user.plain(language).into(),
            self.duty.key.clone(),
            place,
            turn.into(),
            self.before.say(language),
            self.after.say(language),
            because,
        ]
    }
}

impl Side {
    const NOTHING: Self = Self {
        access: None,
        denial: None,
        because: Vec::new(),
    };

    fn say(&self, language: Language) -> String {
        let Some(access) = &self.access else {
            return match self.denial {
                Some(denial) => format!("{} ({denial})", language.choose("no", "no")),
                None => language.choose("unknown", "desconocido").into(),
            };
        };
        let mut text: String = match access.reach {
            Reach::All => language.choose("all", "todos"),
            Reach::Associated => language.choose("associated", "asociados"),
        }
        .into();
        for word in &access.requires {
            text.push_str(&language.choose(format!(", if {word}"), format!(", si {word}")));
        }
        if let Some(most) = access.ceiling {
            let most = speech::amount(most.get(), language);
            text.push_str(&language.choose(format!(", up to {most}"), format!(", hasta {most}")));
        }
        text
    }
}

/// Adds a user's rows.
fn compare(before: AsOf<'_>, after: AsOf<'_>, user: &str, rows: &mut Vec<DifferenceRow>) {
    let sides = [before, after];
    let known = sides.map(|side| side.model.find_user(user).ok());
    let mut named = BTreeSet::from([None]);
    for (side, known) in sides.iter().zip(known) {
        let user = known.and_then(|user| side.model.user(user));
        let mentioned = user.map(|user| places(side.model, user, side.at));
        for place in mentioned.into_iter().flatten() {
            named.insert(side.model.scope_key(place));
        }
    }
    let person = sides
        .iter()
        .zip(known)
        .rev()
        .find_map(|(side, known)| side.model.user(known?));
    let Some(person) = person.map(Named::user) else {
        return;
    };
    let mut found: BTreeMap<Option<&str>, BTreeMap<&str, [Option<Access>; 2]>> = BTreeMap::new();
    for scope in &named {
        let mut by_duty: BTreeMap<&str, [Option<Access>; 2]> = BTreeMap::new();
        for (n, (side, known)) in sides.iter().zip(known).enumerate() {
            for (duty, access) in access(*side, known, *scope) {
                let pair = by_duty
                    .entry(side.model.catalog.duty_key(duty))
                    .or_default();
                if let Some(place) = pair.get_mut(n) {
                    *place = Some(access);
                }
            }
        }
        found.insert(*scope, by_duty);
    }
    let mut own = Vec::new();
    for (scope, by_duty) in &found {
        for (duty, [was, is]) in by_duty {
            if was == is {
                continue;
            }
            let turn = match (was, is) {
                (None, _) => Turn::Gained,
                (_, None) => Turn::Lost,
                _ => Turn::Changed,
            };
            let [knew, knows] = known;
            let [was, is] = [(before, knew, was), (after, knows, is)]
                .map(|(side, known, access)| side_of(side, known, duty, *scope, access.as_ref()));
            let label = |side: AsOf<'_>| {
                let duty = side.model.catalog.duty(duty).ok()?;
                Some(Named::duty(side.model, duty))
            };
            own.push(DifferenceRow {
                user: person.clone(),
                duty: label(after).or_else(|| label(before)).unwrap_or(Named {
                    key: String::from(*duty),
                    label: None,
                }),
                scope: scope.and_then(|scope| {
                    sides.iter().rev().find_map(|side| {
                        let place = side.model.find_scope(scope).ok()?;
                        Named::place(side.model, Some(place))
                    })
                }),
                item: None,
                turn,
                before: was,
                after: is,
            });
        }
    }
    own.sort_by(|a, b| {
        let scope = |row: &DifferenceRow| row.scope.as_ref().map(|scope| scope.key.clone());
        (&a.duty.key, scope(a)).cmp(&(&b.duty.key, scope(b)))
    });
    rows.append(&mut own);
    items(before, after, user, known, &person, rows);
}

/// What a user may do with public records of a place, the team left aside.
fn access(side: AsOf<'_>, user: Option<UserIx>, scope: Option<&str>) -> BTreeMap<DutyIx, Access> {
    let (model, at) = (side.model, side.at);
    let mut found = BTreeMap::new();
    let Some(user) = user.and_then(|user| model.user(user)) else {
        return found;
    };
    let place: Place = match scope.map(|scope| model.find_scope(scope)) {
        None => None,
        Some(Ok(scope)) => Some(scope),
        Some(Err(_)) => return found,
    };
    let path = model.path(place);
    let groups = model.groups_of(user, at);
    let view = Every {
        catalog: &model.catalog,
    };
    let layers = Layers::of(&view, model, user, &groups, &path, at).outcome();
    let reaching = limits(model, user, &groups, &path, at);
    for duty in layers.granted().iter() {
        let Some(reach) = layers.get(duty).granted() else {
            continue;
        };
        if gate(model, user, duty, None).is_some() {
            continue;
        }
        let sources = Source::all(model, user, duty, &path, at);
        let winner = sources
            .iter()
            .filter(|source| source.opinion != Opinion::Silent)
            .map(|source| source.rank)
            .max();
        let associated = reach == Reach::Associated;
        let mut requires: Vec<Key> = unmet(model, &reaching, duty, &[])
            .iter()
            .filter_map(|limit| Some(model.catalog.get_limit(*limit)?.requires.clone()))
            .collect();
        requires.sort_unstable();
        requires.dedup();
        let access = Access {
            reach,
            requires,
            ceiling: winner.and_then(|winner| ceiling(&sources, winner, associated)),
        };
        found.insert(duty, access);
    }
    found
}

/// One side of a row, with its reasons.
fn side_of(
    side: AsOf<'_>,
    user: Option<UserIx>,
    duty: &str,
    scope: Option<&str>,
    access: Option<&Access>,
) -> Side {
    let (Some(user), Ok(duty)) = (user, side.model.catalog.duty(duty)) else {
        return Side::NOTHING;
    };
    let place: Option<ScopeIx> = match scope.map(|scope| side.model.find_scope(scope)) {
        None => None,
        Some(Ok(scope)) => Some(scope),
        Some(Err(_)) => return Side::NOTHING,
    };
    let words = access
        .map(|access| access.requires.as_slice())
        .unwrap_or_default();
    let words: Vec<&str> = words.iter().map(Key::as_str).collect();
    let record = Record {
        associated: true,
        qualifiers: &words,
        ..Record::in_place(side.model, place)
    };
    Side {
        access: access.cloned(),
        denial: decide(side.model, user, duty, &record, side.at).denial(),
        because: side.because_of(user, duty, &record),
    }
}

/// Adds the rows on private items.
fn items(
    before: AsOf<'_>,
    after: AsOf<'_>,
    user: &str,
    known: [Option<UserIx>; 2],
    person: &Named,
    rows: &mut Vec<DifferenceRow>,
) {
    let mut found: BTreeMap<(String, String), [bool; 2]> = BTreeMap::new();
    for (n, (side, known)) in [before, after].into_iter().zip(known).enumerate() {
        let model: &Model = side.model;
        let Some(user) = known
            .and_then(|user| model.user(user))
            .filter(|user| user.enabled)
        else {
            continue;
        };
        for held in user.holdings.items.in_force(side.at) {
            for duty in model.catalog.covers_any(&held.value).iter() {
                if gate(model, user, duty, None).is_none() {
                    let key = (
                        String::from(held.key.as_str()),
                        String::from(model.catalog.duty_key(duty)),
                    );
                    if let Some(place) = found.entry(key).or_default().get_mut(n) {
                        *place = true;
                    }
                }
            }
        }
    }
    for ((item, duty), [was, is]) in found {
        if was == is {
            continue;
        }
        let side = |has: bool| Side {
            access: has.then_some(Access {
                reach: Reach::All,
                requires: Vec::new(),
                ceiling: None,
            }),
            denial: (!has).then_some(Denial::NoItemRight),
            because: if has {
                Vec::from([format!("item user:{user} {item}")])
            } else {
                Vec::new()
            },
        };
        let (before, after) = (side(was), side(is));
        rows.push(DifferenceRow {
            user: person.clone(),
            duty: Named {
                key: duty,
                label: None,
            },
            scope: None,
            item: Some(item),
            turn: if is { Turn::Gained } else { Turn::Lost },
            before,
            after,
        });
    }
}
