//! The comparison: what a user may do is worked out on both sides, place by place, and set side by side.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::ceiling;
use crate::decision::decide;
use crate::decision::gate;
use crate::decision::unmet;
use crate::difference::Access;
use crate::difference::Difference;
use crate::difference::DifferenceRow;
use crate::difference::Side;
use crate::difference::TeamRow;
use crate::difference::Turn;
use crate::id::Key;
use crate::ix::DutyIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::TeamIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Model;
use crate::model::User;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::rule::Every;
use crate::rule::Layers;
use crate::rule::limits;
use crate::source::Source;
use crate::source::places;
use crate::speech::Named;

/// Before and after.
type Both<T> = [T; 2];
/// What a user has of a duty, or why nothing; nothing at all where a side does not know what is asked about.
type Standing = Option<Result<Access, Denial>>;

pub(super) fn difference(sides: Both<AsOf<'_>>) -> Difference {
    let everyone = sides.map(|side| side.model.all_users().map(|(_, user)| user.key.as_str()));
    let everyone: BTreeSet<&str> = everyone.into_iter().flatten().collect();
    let mut difference = Difference::default();
    for user in everyone {
        let known = sides.map(|side| side.model.find_user(user).ok());
        let person = sides.iter().zip(known).rev();
        let mut person = person.filter_map(|(side, known)| side.model.user(known?));
        if let Some(person) = person.next() {
            let mut look = Look {
                sides,
                known,
                person: Named::user(person),
                difference: &mut difference,
            };
            look.duties();
            look.items();
            look.teams();
        }
    }
    difference
}

/// One user on both sides.
struct Look<'a, 'd> {
    sides: Both<AsOf<'a>>,
    known: Both<Option<UserIx>>,
    person: Named,
    difference: &'d mut Difference,
}

impl<'a> Look<'a, '_> {
    fn users(&self) -> Both<Option<&'a User>> {
        let [before, after] = self.sides;
        let [knew, knows] = self.known;
        [(before, knew), (after, knows)].map(|(side, known)| side.model.user(known?))
    }

    /// The scopes with rows of their own, the root first: those that something of the user's mentions, and those
    /// that lie elsewhere afterwards.
    fn scopes(&self) -> BTreeSet<Option<&'a str>> {
        let mut scopes = BTreeSet::from([None]);
        for (side, user) in self.sides.iter().zip(self.users()) {
            let mentioned = user.map(|user| places(side.model, user, side.at));
            let mentioned = mentioned.into_iter().flatten();
            scopes.extend(mentioned.map(|place| side.model.scope_key(place)));
        }
        let [before, after] = self.sides.map(|side| side.model);
        for (scope, branch) in before.scopes.iter() {
            if let Ok(there) = after.find_scope(branch.key.as_str()) {
                let was = before
                    .scopes
                    .upwards(scope)
                    .map(|node| before.scopes.key(node));
                let is = after
                    .scopes
                    .upwards(there.get())
                    .map(|node| after.scopes.key(node));
                if !was.eq(is) {
                    scopes.insert(Some(branch.key.as_str()));
                }
            }
        }
        scopes
    }

    fn duties(&mut self) {
        let (mut rows, mut reasons) = (Vec::new(), Vec::new());
        for scope in self.scopes() {
            let mut by_duty: BTreeMap<&str, Both<Standing>> = BTreeMap::new();
            for (n, (side, user)) in self.sides.iter().zip(self.users()).enumerate() {
                let place = place(side.model, scope);
                for (duty, standing) in standings(*side, user, place) {
                    let pair = by_duty
                        .entry(side.model.catalog.duty_key(duty))
                        .or_default();
                    if let Some(standing_here) = pair.get_mut(n) {
                        *standing_here = Some(standing);
                    }
                }
            }
            for (duty, pair) in by_duty {
                let Some(turn) = turn(&pair) else { continue };
                let row = self.row(duty, scope, None, turn, pair);
                if turn == Turn::Reason {
                    reasons.push(row);
                } else {
                    rows.push(row);
                }
            }
        }
        for rows in [&mut rows, &mut reasons] {
            // Scopes were gone through in order, and a stable sort leaves them so.
            rows.sort_by(|a, b| a.duty.key.cmp(&b.duty.key));
        }
        self.difference.rows.append(&mut rows);
        self.difference.reasons.append(&mut reasons);
    }

    /// The rows on private items: why nothing can be done with one says the row on public records.
    fn items(&mut self) {
        let mut found: BTreeMap<(&str, &str, Option<&str>), Both<Standing>> = BTreeMap::new();
        let scopes = self.scopes();
        for (n, (side, user)) in self.sides.iter().zip(self.users()).enumerate() {
            let model = side.model;
            let Some(user) = user else { continue };
            for (scope, place) in scopes.iter().map(|scope| (*scope, place(model, *scope))) {
                let Some(place) = place else { continue };
                let reaching = reaching(*side, user, place);
                for held in user.holdings.items.in_force(side.at) {
                    for duty in model.catalog.covers_any(&held.value).iter() {
                        let standing = gate(model, user, duty, None).map_or_else(
                            || {
                                Ok(Access {
                                    reach: Reach::All,
                                    requires: required(model, &reaching, duty),
                                    ceiling: None,
                                    ceiling_if_associated: None,
                                })
                            },
                            Err,
                        );
                        let key = (held.key.as_str(), model.catalog.duty_key(duty), scope);
                        if let Some(standing_here) = found.entry(key).or_default().get_mut(n) {
                            *standing_here = Some(standing);
                        }
                    }
                }
            }
        }
        for ((item, duty, scope), pair) in found {
            if let Some(turn) = turn(&pair).filter(|turn| *turn != Turn::Reason) {
                let row = self.row(duty, scope, Some(item), turn, pair);
                self.difference.rows.push(row);
            }
        }
    }

    /// The rows on teams: where a side's gates let nobody through, on both sides alike, no check shows the team.
    fn teams(&mut self) {
        let [before, after] = self.sides.map(|side| side.model);
        let [Some(was), Some(is)] = self.users() else {
            return;
        };
        for (team, branch) in before.teams.iter() {
            let Ok(there) = after.find_team(branch.key.as_str()) else {
                continue;
            };
            let here = TeamIx::new(team);
            let sees = |model: &Model, user: &User, team: TeamIx| {
                let within = |own: TeamIx| model.teams.is_within(team.get(), own.get());
                user.all_teams || user.team.is_some_and(within)
            };
            let turn = match (sees(before, was, here), sees(after, is, there)) {
                (false, true) => Turn::Gained,
                (true, false) => Turn::Lost,
                _ => continue,
            };
            let shows = before.catalog.duties().any(|(duty, row)| {
                let there_too = after.catalog.duty(row.key.as_str());
                there_too.is_ok_and(|duty_there| {
                    gate(before, was, duty, Some(here)) != gate(after, is, duty_there, Some(there))
                })
            });
            if shows {
                let label = branch.label.as_ref();
                self.difference.teams.push(TeamRow {
                    user: self.person.clone(),
                    team: Named::new(branch.key.as_str(), label),
                    turn,
                });
            }
        }
    }

    fn row(
        &self,
        duty: &str,
        scope: Option<&str>,
        item: Option<&str>,
        turn: Turn,
        pair: Both<Standing>,
    ) -> DifferenceRow {
        let [was, is] = pair;
        let [before, after] = self.sides;
        let [knew, knows] = self.known;
        let named = |side: AsOf<'_>| {
            let duty = side.model.catalog.duty(duty).ok()?;
            Some(Named::duty(side.model, duty))
        };
        let scope_named = |side: AsOf<'_>| {
            let scope = side.model.find_scope(scope?).ok()?;
            Named::place(side.model, Some(scope))
        };
        DifferenceRow {
            user: self.person.clone(),
            duty: named(after)
                .or_else(|| named(before))
                .unwrap_or_else(|| Named::new(duty, None)),
            scope: scope_named(after).or_else(|| scope_named(before)),
            item: item.map(String::from),
            turn,
            before: side(before, knew, (duty, scope, item), was),
            after: side(after, knows, (duty, scope, item), is),
        }
    }
}

/// Which way a pair goes, if its sides differ. What a side does not know, nobody may do there.
fn turn(pair: &Both<Standing>) -> Option<Turn> {
    match pair {
        [Some(Ok(was)), Some(Ok(is))] => (was != is).then_some(Turn::Changed),
        [Some(Ok(_)), _] => Some(Turn::Lost),
        [_, Some(Ok(_))] => Some(Turn::Gained),
        [Some(Err(was)), Some(Err(is))] => (was != is).then_some(Turn::Reason),
        [None, _] | [_, None] => None,
    }
}

/// A scope's place, if the side knows the scope.
fn place(model: &Model, scope: Option<&str>) -> Option<Place> {
    match scope {
        None => Some(None),
        Some(scope) => model.find_scope(scope).ok().map(Some),
    }
}

/// The limits that reach a user in a place.
pub(crate) fn reaching(side: AsOf<'_>, user: &User, place: Place) -> Vec<LimitIx> {
    let groups = side.model.groups_of(user, side.at);
    let path = side.model.path(place);
    limits(side.model, user, &groups, &path, side.at).to_vec()
}

/// The qualifiers that limits require for a duty, sorted.
pub(crate) fn required(model: &Model, reaching: &[LimitIx], duty: DutyIx) -> Vec<Key> {
    let limits = unmet(model, reaching, duty, &[]);
    let limits = limits
        .iter()
        .filter_map(|limit| model.catalog.get_limit(*limit));
    let words: BTreeSet<&Key> = limits.map(|limit| &limit.requires).collect();
    words.into_iter().cloned().collect()
}

/// What a user may do with public records of a place, the team left aside; nothing where a side does not know the
/// user or the place.
pub(crate) fn standings(
    side: AsOf<'_>,
    user: Option<&User>,
    place: Option<Place>,
) -> Vec<(DutyIx, Result<Access, Denial>)> {
    let (model, at) = (side.model, side.at);
    let (Some(user), Some(place)) = (user, place) else {
        return Vec::new();
    };
    let path = model.path(place);
    let groups = model.groups_of(user, at);
    let view = Every {
        catalog: &model.catalog,
    };
    let outcome = Layers::of(&view, model, user, &groups, &path, at).outcome();
    let reaching = reaching(side, user, place);
    let standing = |duty: DutyIx| {
        if let Some(denial) = gate(model, user, duty, None) {
            return Err(denial);
        }
        let reach = match outcome.get(duty) {
            Opinion::Granted(reach) => reach,
            Opinion::Revoked => return Err(Denial::Revoked),
            Opinion::Withheld => return Err(Denial::Withheld),
            Opinion::Silent => return Err(Denial::NotGranted),
        };
        let sources = Source::all(model, user, duty, &path, at);
        let winner = sources.iter().map(|source| source.rank).max();
        let most = |associated| {
            // No amount is above the greatest, so that ceiling is as good as none.
            let most = winner.and_then(|winner| ceiling(&sources, winner, associated));
            most.filter(|most| *most < Amount::MAX)
        };
        Ok(Access {
            reach,
            requires: required(model, &reaching, duty),
            ceiling: most(reach == Reach::Associated),
            ceiling_if_associated: most(true),
        })
    };
    let duties = model.catalog.duties().map(|(duty, _)| duty);
    duties.map(|duty| (duty, standing(duty))).collect()
}

/// One side of a row, with its reasons.
fn side(
    side: AsOf<'_>,
    user: Option<UserIx>,
    (duty, scope, item): (&str, Option<&str>, Option<&str>),
    standing: Standing,
) -> Side {
    let known = user
        .zip(side.model.catalog.duty(duty).ok())
        .zip(place(side.model, scope));
    let Some(((user, duty), place)) = known else {
        return Side {
            access: None,
            denial: None,
            because: Vec::new(),
        };
    };
    let access = standing.and_then(Result::ok);
    let words: Vec<&str> = access
        .iter()
        .flat_map(|access| access.requires.iter().map(Key::as_str))
        .collect();
    let record = Record {
        associated: true,
        qualifiers: &words,
        private: item.is_some(),
        item,
        ..Record::in_place(side.model, place)
    };
    Side {
        denial: decide(side.model, user, duty, &record, side.at).denial(),
        because: side.because_of(user, duty, &record),
        access,
    }
}
