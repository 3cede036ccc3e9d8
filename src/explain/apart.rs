//! What stands apart from the layers: rights on private items, and what has lapsed or has not begun.

use alloc::vec::Vec;

use crate::decision::Case;
use crate::explain::Membership;
use crate::explain::Standing;
use crate::explain::Statement;
use crate::explain::StatementKind;
use crate::explain::gather::item_key;
use crate::explain::gather::membership;
use crate::explain::gather::provenance;
use crate::explain::gather::statement;
use crate::ix::GroupIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Holdings;
use crate::policy::Reach;
use crate::rule::Rank;
use crate::source::Owner;
use crate::source::Source;
use crate::source::What;
use crate::speech::Named;
use crate::time::Timestamp;
use crate::time::Window;

/// The rights in force on the record's item: the one that there is.
pub(super) fn items(case: &Case<'_>) -> Vec<Statement> {
    rights(case, |window| {
        window.holds(case.at).then_some(Standing::Prevails)
    })
}

/// Sources of the user's layers that are not in force, but have been or will be.
pub(super) fn statements(case: &Case<'_>) -> Vec<Statement> {
    let standing = |window: Window| apart(window, case.at);
    if case.record.private {
        return rights(case, standing);
    }
    let (model, path) = (case.model, &case.record.path);
    let mut found = Vec::new();
    let mut add = |source: &Source<'_>, standing| {
        if source.opinion != Opinion::Silent {
            found.push(statement(model, source, standing));
        }
    };
    for (owner, entries_rank, profiles_rank) in Owner::of_layers(model, case.user, case.groups()) {
        let holdings = owner.holdings(model);
        let source = |rank, what, opinion, ceiling| Source {
            rank,
            owner,
            what,
            opinion,
            ceiling,
            overridden_by: None,
        };
        for held in holdings.assignments.iter() {
            let Some(standing) = standing(held.window) else {
                continue;
            };
            let profile = model.profile(held.key.0);
            if let Some(profile) = profile.filter(|_| path.contains(&held.key.1)) {
                let ceiling = profile.gives.ceilings.get(&case.duty).copied();
                let opinion = profile.gives.opinion(case.duty);
                let what = What::Assignment(held);
                add(&source(profiles_rank, what, opinion, ceiling), standing);
            }
        }
        for held in holdings.entries.iter() {
            let Some(standing) = standing(held.window) else {
                continue;
            };
            if path.contains(&held.key.1) {
                let opinion = held.value.opinion(&model.catalog, held.key.0, case.duty);
                let ceiling = held.value.ceiling();
                let what = What::Entry(held);
                add(&source(entries_rank, what, opinion, ceiling), standing);
            }
        }
    }
    found
}

/// Memberships that are not in force, of groups that have something to say of the duty on the record.
pub(super) fn memberships(case: &Case<'_>) -> Vec<Membership> {
    if case.record.private {
        return Vec::new();
    }
    let model = case.model;
    let speaks = |group: GroupIx| {
        let mut upwards = model.groups.upwards(group.0).map(GroupIx);
        upwards.any(|group| {
            !case.groups().contains(&group)
                && has_something(case, model.holdings(Holder::Group(group)))
        })
    };
    case.user
        .holdings
        .groups
        .iter()
        .filter(|held| !held.window.holds(case.at) && speaks(held.key))
        .map(|held| membership(model, held))
        .collect()
}

fn apart(window: Window, at: Timestamp) -> Option<Standing> {
    if window.has_ended(at) {
        Some(Standing::Lapsed)
    } else if window.has_begun(at) {
        None
    } else {
        Some(Standing::NotYet)
    }
}

fn rights(case: &Case<'_>, standing: impl Fn(Window) -> Option<Standing>) -> Vec<Statement> {
    let Some(item) = item_key(case.record) else {
        return Vec::new();
    };
    let holder = Named::holder(case.model, Owner::User(case.user));
    let mut found = Vec::new();
    for held in case.user.holdings.items.of(&item) {
        let Some(standing) = standing(held.window) else {
            continue;
        };
        let covers = held
            .value
            .iter()
            .any(|target| case.model.catalog.covers(*target, case.duty));
        let (opinion, standing) = match standing {
            standing if covers => (Opinion::Granted(Reach::All), standing),
            Standing::Prevails => (Opinion::Silent, Standing::Elsewhere),
            _ => continue,
        };
        found.push(Statement {
            text: alloc::format!("item {} {item}", holder.key),
            layer: Rank::Item,
            kind: StatementKind::Item,
            holder: holder.clone(),
            on: Named::new(item.as_str(), None),
            to: None,
            scope: None,
            opinion,
            ceiling: None,
            provenance: Some(provenance(held)),
            standing,
        });
    }
    found
}

fn has_something(case: &Case<'_>, holdings: &Holdings) -> bool {
    let (model, duty, record) = (case.model, case.duty, case.record);
    let entries = holdings.entries.iter().any(|held| {
        record.path.contains(&held.key.1)
            && held.value.opinion(&model.catalog, held.key.0, duty) != Opinion::Silent
    });
    let profiles = holdings.assignments.iter().any(|held| {
        record.path.contains(&held.key.1)
            && model
                .profile(held.key.0)
                .is_some_and(|profile| profile.gives.opinion(duty) != Opinion::Silent)
    });
    entries || profiles
}
