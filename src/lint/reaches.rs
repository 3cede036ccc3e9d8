//! The same duty at both reaches in one layer: the wider counts, so the narrower says nothing (rule 3.4).

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::duties::DutySet;
use crate::edges::About;
use crate::edges::edges;
use crate::ix::DutyIx;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::thing::Thing;
use crate::model::Holder;
use crate::model::Model;
use crate::model::User;
use crate::model::profile::Effect;
use crate::policy::Reach;
use crate::source::Source;
use crate::source::places;
use crate::time::Timestamp;

/// The narrower, the wider, and of which duties.
type Pairs = BTreeMap<(Thing, Thing), BTreeSet<DutyIx>>;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let mut pairs = Pairs::new();
    for (_, user) in model.all_users() {
        let mut instants = edges(model, user, About::ALL, as_of.at);
        instants.insert(as_of.at);
        for at in instants {
            look(model, user, at, &mut pairs);
        }
    }
    for ((narrow, wide), duties) in pairs {
        let keys: Vec<&str> = duties
            .iter()
            .map(|duty| model.catalog.duty_key(*duty))
            .collect();
        let (list, other) = (keys.join(", "), wide.text);
        let finding = Finding::new(
            FindingCode::BothReaches,
            narrow,
            format!(
                "`{other}` grants the same in the same layer at reach `all`, which counts: {list}"
            ),
            format!(
                "`{other}` concede lo mismo en la misma capa con alcance `all`, que es el que cuenta: {list}"
            ),
        );
        let proof = Proof {
            users: model.users.len(),
            duties: keys.len(),
            ..Proof::default()
        };
        findings.push(finding.with(Vec::from([other])).proved(proof));
    }
}

/// Adds what a user has at both reaches from two sources of one layer.
fn look(model: &Model, user: &User, at: Timestamp, pairs: &mut Pairs) {
    let narrow = narrow(model, user, at);
    for place in places(model, user, at) {
        let path = model.path(place);
        for duty in narrow.iter() {
            let sources = Source::all(model, user, duty, &path, at);
            let of = |reach: Reach| {
                let counts = move |source: &&Source<'_>| {
                    source.overridden_by.is_none() && source.opinion == Opinion::Granted(reach)
                };
                sources.iter().filter(counts)
            };
            for narrow in of(Reach::Associated) {
                for wide in of(Reach::All).filter(|wide| wide.rank == narrow.rank) {
                    let things = (Thing::source(model, narrow), Thing::source(model, wide));
                    if let (Some(narrow), Some(wide)) = things {
                        pairs.entry((narrow, wide)).or_default().insert(duty);
                    }
                }
            }
        }
    }
}

/// The duties that something in force for a user grants on associated records alone.
fn narrow(model: &Model, user: &User, at: Timestamp) -> DutySet {
    let mut narrow = model.catalog.none();
    let groups = model.groups_of(user, at);
    let groups = groups
        .iter()
        .map(|group| model.holdings(Holder::Group(*group)));
    for holdings in groups.chain([&*model.everyone, &user.holdings]) {
        for held in holdings.entries.in_force(at) {
            if let Effect::Grant {
                reach: Reach::Associated,
                ..
            } = held.value
            {
                narrow.union_with(&model.catalog.under(held.key.0));
            }
        }
        for held in holdings.assignments.in_force(at) {
            let gives = model.profile(held.key.0).map(|profile| &profile.gives);
            let Some(mut only) = gives.and_then(|gives| gives.associated.clone()) else {
                continue;
            };
            if let Some(all) = gives.and_then(|gives| gives.all.as_ref()) {
                only.subtract(all);
            }
            narrow.union_with(&only);
        }
    }
    narrow
}
