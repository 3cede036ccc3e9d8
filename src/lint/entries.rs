//! Entries, assignments, limits and memberships one by one: what changes nothing, what lapsed, what has no end.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::duties::DutySet;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::Place;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::thing::Thing;
use crate::lint::trial::Trial;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::policy::Sensitivity;
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
            let thing = Thing::entry(model, holder, held);
            look.at(&thing, held.window, code, |holdings| {
                holdings.entries.remove(&held.key, held.window.from());
            });
            look.without_end(&thing, held.window, &given(model, held));
        }
        for held in holdings.assignments.iter() {
            let thing = Thing::assignment(model, holder, held);
            let code = FindingCode::ChangesNothing;
            look.at(&thing, held.window, code, |holdings| {
                holdings.assignments.remove(&held.key, held.window.from());
            });
            let gives = model.profile(held.key.0).map(|profile| &profile.gives);
            let mut given = model.catalog.none();
            for (duty, _) in model.catalog.duties() {
                if gives.is_some_and(|gives| gives.opinion(duty) != Opinion::Silent) {
                    given.insert(duty);
                }
            }
            look.without_end(&thing, held.window, &given);
        }
        let key = model.holder_key(holder);
        for held in holdings.limits.iter() {
            let (limit, place) = (model.catalog.limit_key(held.key.0), at(model, held.key.1));
            let thing = Thing::held(format!("restrict {key} {limit}{place}"), held);
            let code = FindingCode::ChangesNothing;
            look.at(&thing, held.window, code, |holdings| {
                holdings.limits.remove(&held.key, held.window.from());
            });
        }
        for held in holdings.groups.iter() {
            let group = model.groups.key(held.key.0);
            let thing = Thing::held(format!("member {key} {group}"), held);
            let code = FindingCode::ChangesNothing;
            look.at(&thing, held.window, code, |holdings| {
                holdings.groups.remove(&held.key, held.window.from());
            });
        }
        for held in holdings.items.iter() {
            let thing = Thing::held(format!("item {key} {}", held.key), held);
            let given = model.catalog.covers_any(&held.value);
            look.item(&thing, held.window, &given);
            look.without_end(&thing, held.window, &given);
        }
    }
}

/// Everyone, the groups, the users.
pub(super) fn holders(model: &Model) -> Vec<Holder> {
    let groups = model
        .groups
        .iter()
        .map(|(group, _)| Holder::Group(GroupIx(group)));
    let users = model.all_users().map(|(user, _)| Holder::User(user));
    [Holder::Everyone]
        .into_iter()
        .chain(groups)
        .chain(users)
        .collect()
}

fn at(model: &Model, place: Place) -> String {
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
        thing: &Thing,
        window: Window,
        code: FindingCode,
        remove: impl FnOnce(&mut Holdings),
    ) {
        if window.has_ended(self.as_of.at) {
            self.lapsed(thing, window);
            return;
        }
        let trial = Trial::without(self.as_of, self.holder, remove);
        if let Some(proof) = trial.changes_nothing() {
            let code = if trial.changes_nothing_ever() {
                code
            } else {
                FindingCode::Dormant
            };
            self.idle(code, thing, proof);
        }
    }

    /// The same of a right on a private item, with which nothing else competes: it idles if it covers nothing.
    fn item(&mut self, thing: &Thing, window: Window, given: &DutySet) {
        if window.has_ended(self.as_of.at) {
            self.lapsed(thing, window);
            return;
        }
        let model = self.as_of.model;
        let is_on = |duty: DutyIx| {
            let duty = model.catalog.get(duty);
            duty.is_some_and(|duty| model.is_module_on(duty.module))
        };
        let enabled = match self.holder {
            Holder::User(user) => model.user(user).is_some_and(|user| user.enabled),
            Holder::Everyone | Holder::Group(_) => false,
        };
        let code = if given.is_empty() {
            FindingCode::ChangesNothing
        } else if !enabled || !given.iter().any(is_on) {
            FindingCode::Dormant
        } else {
            return;
        };
        let proof = Proof {
            users: 1,
            duties: model.catalog.len(),
            ..Proof::default()
        };
        self.idle(code, thing, proof);
    }

    fn idle(&mut self, code: FindingCode, thing: &Thing, proof: Proof) {
        let (english, spanish) = match code {
            FindingCode::ShadowedRevoke => (
                "this revoke changes nothing: what it takes is not given, or something else takes it or gives it back",
                "esta revocación no cambia nada: lo que quita no se da, o algo más lo quita o lo devuelve",
            ),
            FindingCode::Dormant => (
                "it decides nothing as things stand: it would for a login that is disabled, a module that is switched off, or somebody new",
                "tal como están las cosas no decide nada: lo haría con un acceso hoy desactivado, un módulo hoy apagado o alguien nuevo",
            ),
            _ => (
                "without it every decision of everyone everywhere stays as it is",
                "sin ello, todas las decisiones para todos y en todas partes quedan igual",
            ),
        };
        let finding = Finding::new(code, thing.clone(), english.into(), spanish.into());
        self.findings.push(finding.proved(proof));
    }

    fn lapsed(&mut self, thing: &Thing, window: Window) {
        let until: Option<Timestamp> = window.until();
        let [english, spanish] = [Language::English, Language::Spanish].map(|language| {
            let until = until.map_or_else(String::new, |until| speech::instant(until, language));
            language.choose(
                format!("it held until {until} and is history now"),
                format!("rigió hasta el {until} y ya es historia"),
            )
        });
        let finding = Finding::new(FindingCode::Lapsed, thing.clone(), english, spanish);
        self.findings.push(finding);
    }

    /// Finds what gives a duty of high sensitivity for good.
    fn without_end(&mut self, thing: &Thing, window: Window, given: &DutySet) {
        if window.until().is_some() {
            return;
        }
        let catalog = &self.as_of.model.catalog;
        let is_high = |duty: &DutyIx| {
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
        let proof = Proof {
            duties: given.iter().count(),
            ..Proof::default()
        };
        let finding = Finding::new(
            FindingCode::HighWithoutEnd,
            thing.clone(),
            format!("it gives duties of high sensitivity without an end: {list}"),
            format!("da sin fin funciones de sensibilidad alta: {list}"),
        );
        self.findings.push(finding.with(high).proved(proof));
    }
}
