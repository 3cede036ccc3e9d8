//! Entries, assignments, limits and memberships one by one: what changes nothing, what lapsed, what has no end.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::duties::DutySet;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::trial::Trial;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::policy::Sensitivity;
use crate::rule::Rank;
use crate::source::Source;
use crate::source::What;
use crate::speech;
use crate::text::Language;
use crate::time::Timestamp;
use crate::time::Window;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    for holder in holders(model) {
        let mut look = Look {
            as_of,
            holder,
            findings: &mut *findings,
        };
        let holdings = model.holdings(holder);
        for held in holdings.entries.iter() {
            let code = if held.value == Effect::Revoke {
                FindingCode::ShadowedRevoke
            } else {
                FindingCode::ChangesNothing
            };
            let text = entry_text(model, holder, held);
            look.at(&text, held.window, code, |holdings| {
                holdings.entries.remove(&held.key, held.window.from());
            });
            look.without_end(&text, held.window, &given(model, held));
        }
        for held in holdings.assignments.iter() {
            let text = assignment_text(model, holder, held);
            look.at(
                &text,
                held.window,
                FindingCode::ChangesNothing,
                |holdings| {
                    holdings.assignments.remove(&held.key, held.window.from());
                },
            );
            let gives = model.profile(held.key.0).map(|profile| &profile.gives);
            let mut given = model.catalog.none();
            for (duty, _) in model.catalog.duties() {
                if gives.is_some_and(|gives| gives.opinion(duty) != Opinion::Silent) {
                    given.insert(duty);
                }
            }
            look.without_end(&text, held.window, &given);
        }
        for held in holdings.limits.iter() {
            let text = format!(
                "restrict {} {}{}",
                model.holder_key(holder),
                model.catalog.limit_key(held.key.0),
                at_place(model, held.key.1)
            );
            look.at(
                &text,
                held.window,
                FindingCode::ChangesNothing,
                |holdings| {
                    holdings.limits.remove(&held.key, held.window.from());
                },
            );
        }
        for held in holdings.groups.iter() {
            let group = model.groups.key(held.key.0);
            let text = format!("member {} {group}", model.holder_key(holder));
            look.at(
                &text,
                held.window,
                FindingCode::ChangesNothing,
                |holdings| {
                    holdings.groups.remove(&held.key, held.window.from());
                },
            );
        }
        for held in holdings.items.iter() {
            if held.window.has_ended(as_of.at) {
                let text = format!("item {} {}", model.holder_key(holder), held.key);
                look.lapsed(&text, held.window);
            }
        }
    }
}

/// Everyone, the groups, the users.
pub(super) fn holders(model: &Model) -> Vec<Holder> {
    let groups = model
        .groups
        .iter()
        .map(|(group, _)| Holder::Group(crate::ix::GroupIx(group)));
    let users = model
        .all_users()
        .map(|(user, _): (UserIx, _)| Holder::User(user));
    [Holder::Everyone]
        .into_iter()
        .chain(groups)
        .chain(users)
        .collect()
}

/// An entry's text, as the account of a decision has it.
pub(super) fn entry_text(model: &Model, holder: Holder, held: &Held<Spot, Effect>) -> String {
    text(model, holder, What::Entry(held))
}

/// An assignment's text.
pub(super) fn assignment_text(
    model: &Model,
    holder: Holder,
    held: &Held<(crate::ix::ProfileIx, crate::ix::Place), ()>,
) -> String {
    text(model, holder, What::Assignment(held))
}

fn text(model: &Model, holder: Holder, what: What<'_>) -> String {
    let source = Source {
        rank: Rank::Individual,
        holder,
        what,
        opinion: Opinion::Silent,
        ceiling: None,
        overridden_by: None,
    };
    source.text(model)
}

fn at_place(model: &Model, place: crate::ix::Place) -> String {
    model
        .scope_key(place)
        .map_or_else(String::new, |scope| format!(" @{scope}"))
}

/// The duties that an entry grants.
fn given(model: &Model, held: &Held<Spot, Effect>) -> DutySet {
    let mut given = model.catalog.none();
    for duty in model.catalog.under(held.key.0).iter() {
        let says = held.value.opinion(&model.catalog, held.key.0, duty);
        if says.granted().is_some() {
            given.insert(duty);
        }
    }
    given
}

struct Look<'a, 'f> {
    as_of: AsOf<'a>,
    holder: Holder,
    findings: &'f mut Vec<Finding>,
}

impl Look<'_, '_> {
    /// Finds what has lapsed, and what changes nothing from now on.
    fn at(
        &mut self,
        text: &str,
        window: Window,
        code: FindingCode,
        remove: impl FnOnce(&mut Holdings),
    ) {
        if window.has_ended(self.as_of.at) {
            self.lapsed(text, window);
            return;
        }
        let trial = Trial::without(self.as_of, self.holder, remove);
        if let Some(proof) = trial.changes_nothing() {
            let (english, spanish) = if code == FindingCode::ShadowedRevoke {
                (
                    "this revoke changes nothing: what it takes is not given, or something else takes it or gives it back",
                    "esta revocación no cambia nada: lo que quita no se da, o algo más lo quita o lo devuelve",
                )
            } else {
                (
                    "without it every decision of everyone everywhere stays as it is",
                    "sin ello, todas las decisiones para todos y en todas partes quedan igual",
                )
            };
            let finding = Finding::new(code, text.into(), english.into(), spanish.into());
            self.findings.push(finding.proved(proof));
        }
    }

    fn lapsed(&mut self, text: &str, window: Window) {
        let until: Option<Timestamp> = window.until();
        let [english, spanish] = [Language::English, Language::Spanish].map(|language| {
            let until = until.map_or_else(String::new, |until| speech::instant(until, language));
            language.choose(
                format!("it held until {until} and is history now"),
                format!("rigió hasta el {until} y ya es historia"),
            )
        });
        self.findings.push(Finding::new(
            FindingCode::Lapsed,
            text.into(),
            english,
            spanish,
        ));
    }

    /// Finds what gives a duty of high sensitivity for good.
    fn without_end(&mut self, text: &str, window: Window, given: &DutySet) {
        if window.until().is_some() {
            return;
        }
        let catalog = &self.as_of.model.catalog;
        let is_high = |duty: &crate::ix::DutyIx| {
            catalog
                .get(*duty)
                .is_some_and(|duty| duty.sensitivity == Sensitivity::High)
        };
        let high: Vec<String> = given
            .iter()
            .filter(is_high)
            .map(|duty| catalog.duty_key(duty).into())
            .collect();
        if high.is_empty() {
            return;
        }
        let list = high.join(", ");
        self.findings.push(
            Finding::new(
                FindingCode::HighWithoutEnd,
                text.into(),
                format!("it gives duties of high sensitivity without an end: {list}"),
                format!("da sin fin funciones de sensibilidad alta: {list}"),
            )
            .with(high),
        );
    }
}
