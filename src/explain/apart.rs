//! What stands apart from the layers: rights on private items, and what has lapsed or has not begun.

use alloc::vec::Vec;

use crate::decision::Record;
use crate::explain::Membership;
use crate::explain::Standing;
use crate::explain::Statement;
use crate::explain::StatementKind;
use crate::explain::gather::item_key;
use crate::explain::gather::membership;
use crate::explain::gather::provenance;
use crate::explain::gather::statement;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::User;
use crate::model::profile::Effect;
use crate::policy::Reach;
use crate::rule::Rank;
use crate::source::Source;
use crate::source::What;
use crate::speech::Named;
use crate::time::Timestamp;
use crate::time::Window;

/// The rights in force on the record's item: the one that there is.
pub(super) fn items(
    model: &Model,
    user: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Vec<Statement> {
    rights(model, user, duty, record, |window| {
        window.holds(at).then_some(Standing::Prevails)
    })
}

/// Sources of the user's layers that are not in force, but have been or will be.
pub(super) fn statements(
    model: &Model,
    user_ix: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Vec<Statement> {
    let standing = |window: Window| apart(window, at);
    if record.private {
        return rights(model, user_ix, duty, record, standing);
    }
    let Some(user) = model.user(user_ix) else {
        return Vec::new();
    };
    let groups = model.groups_of(user, at);
    let groups = groups.iter().map(|group| {
        let rank = Rank::of_groups(model.groups.depth(group.0));
        (Holder::Group(*group), rank, rank)
    });
    let holders = [(Holder::Everyone, Rank::Default, Rank::Default)]
        .into_iter()
        .chain(groups)
        .chain([(Holder::User(user_ix), Rank::Individual, Rank::Profiles)]);
    let mut found = Vec::new();
    for (holder, entries_rank, profiles_rank) in holders {
        let holdings = model.holdings(holder);
        let source = |rank, what, opinion, ceiling| Source {
            rank,
            holder,
            what,
            opinion,
            ceiling,
            overridden_by: None,
        };
        for held in holdings.assignments.iter() {
            let Some(gives) = model.profile(held.key.0).map(|profile| &profile.gives) else {
                continue;
            };
            let ceiling = gives.ceilings.get(&duty).copied();
            let what = What::Assignment(held);
            let source = source(profiles_rank, what, gives.opinion(duty), ceiling);
            add(
                model,
                record,
                held.key.1,
                &source,
                standing(held.window),
                &mut found,
            );
        }
        for held in holdings.entries.iter() {
            let opinion = held.value.opinion(&model.catalog, held.key.0, duty);
            let ceiling = match held.value {
                Effect::Grant { ceiling, .. } => ceiling,
                Effect::Revoke | Effect::Level { .. } => None,
            };
            let source = source(entries_rank, What::Entry(held), opinion, ceiling);
            add(
                model,
                record,
                held.key.1,
                &source,
                standing(held.window),
                &mut found,
            );
        }
    }
    found
}

/// Memberships that are not in force, of groups that have something to say of the duty on the record.
pub(super) fn memberships(
    model: &Model,
    user: &User,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Vec<Membership> {
    if record.private {
        return Vec::new();
    }
    let now = model.groups_of(user, at);
    let speaks = |group: GroupIx| {
        let mut upwards = model.groups.upwards(group.0).map(GroupIx);
        upwards.any(|group| {
            !now.contains(&group)
                && has_something(model, model.holdings(Holder::Group(group)), duty, record)
        })
    };
    user.holdings
        .groups
        .iter()
        .filter(|held| !held.window.holds(at) && speaks(held.key))
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

fn add(
    model: &Model,
    record: &Record<'_>,
    place: crate::ix::Place,
    source: &Source<'_>,
    standing: Option<Standing>,
    found: &mut Vec<Statement>,
) {
    if let Some(standing) = standing
        && source.opinion != Opinion::Silent
        && record.path.contains(&place)
    {
        found.push(Statement {
            standing,
            ..statement(model, source)
        });
    }
}

fn rights(
    model: &Model,
    user: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    standing: impl Fn(Window) -> Option<Standing>,
) -> Vec<Statement> {
    let Some(item) = item_key(record) else {
        return Vec::new();
    };
    let holder = Named::holder(model, Holder::User(user));
    let mut found = Vec::new();
    for held in model.holdings(Holder::User(user)).items.of(&item) {
        let Some(standing) = standing(held.window) else {
            continue;
        };
        let covers = held
            .value
            .iter()
            .any(|target| model.catalog.covers(*target, duty));
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

fn has_something(model: &Model, holdings: &Holdings, duty: DutyIx, record: &Record<'_>) -> bool {
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
