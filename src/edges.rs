//! The instants at which the passing of time alone may change an answer.

use alloc::collections::BTreeSet;

use crate::catalog::Target;
use crate::id::ItemKey;
use crate::ix::DutyIx;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Path;
use crate::model::User;
use crate::model::profile::Gives;
use crate::rule::MANY;
use crate::time::Timestamp;
use crate::time::Window;

/// What an answer is about, so that only edges that may matter are looked at.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// One duty, or any.
    pub(crate) duty: Option<DutyIx>,
    /// One path, or any.
    pub(crate) path: Option<&'a Path>,
    /// Whether rights on private items matter, and of which item.
    pub(crate) item: Items<'a>,
}

/// Which rights on private items matter.
#[derive(Clone, Copy)]
pub(crate) enum Items<'a> {
    None,
    Of(&'a ItemKey),
    All,
}

impl About<'_> {
    /// Everything.
    pub(crate) const ALL: About<'static> = About {
        duty: None,
        path: None,
        item: Items::All,
    };
}

/// All edges after `at` of what a user holds, or may come to hold through groups, that may matter.
pub(crate) fn edges(
    model: &Model,
    user: &User,
    about: About<'_>,
    at: Timestamp,
) -> BTreeSet<Timestamp> {
    let mut edges = BTreeSet::new();
    let memberships = user.holdings.groups.iter();
    let memberships = memberships.filter(|held| !held.window.has_ended(at));
    let groups = model.with_ancestors(memberships.map(|held| {
        add(&mut edges, held.window, at);
        held.key
    }));
    let groups = groups
        .into_iter()
        .map(|group| model.holdings(Holder::Group(group)));
    for holdings in groups.chain([&*model.everyone, &user.holdings]) {
        holder_edges(model, holdings, about, at, &mut edges);
    }
    edges
}

/// All edges after `at` of what one holder has that may matter.
pub(crate) fn holder_edges(
    model: &Model,
    holdings: &Holdings,
    about: About<'_>,
    at: Timestamp,
    edges: &mut BTreeSet<Timestamp>,
) {
    let on_path = |place| about.path.is_none_or(|path| path.contains(&place));
    let covers = |target: Target| {
        about
            .duty
            .is_none_or(|duty| model.catalog.covers(target, duty))
    };
    let limits = |limit| {
        about.duty.is_none_or(|duty| {
            model
                .catalog
                .get_limit(limit)
                .is_some_and(|limit| limit.covers.contains(duty))
        })
    };
    let matters = |gives: &Gives| {
        about
            .duty
            .is_none_or(|duty| gives.opinion(duty) != crate::layer::Opinion::Silent)
            || gives.limits.iter().any(|limit| limits(*limit))
    };
    match (about.duty, about.path) {
        (Some(duty), Some(path)) if holdings.entries.len() >= MANY => {
            for target in model.catalog.targets_of(duty) {
                for held in path
                    .iter()
                    .flat_map(|place| holdings.entries.of(&(target, *place)))
                {
                    add(edges, held.window, at);
                }
            }
        }
        _ => {
            for held in holdings
                .entries
                .iter()
                .filter(|held| covers(held.key.0) && on_path(held.key.1))
            {
                add(edges, held.window, at);
            }
        }
    }
    for held in holdings
        .assignments
        .iter()
        .filter(|held| on_path(held.key.1))
    {
        if model
            .profile(held.key.0)
            .is_some_and(|profile| matters(&profile.gives))
        {
            add(edges, held.window, at);
        }
    }
    for held in holdings
        .limits
        .iter()
        .filter(|held| limits(held.key.0) && on_path(held.key.1))
    {
        add(edges, held.window, at);
    }
    for held in holdings.items.iter() {
        let wanted = match about.item {
            Items::None => false,
            Items::Of(item) => held.key == *item,
            Items::All => true,
        };
        if wanted {
            add(edges, held.window, at);
        }
    }
}

fn add(edges: &mut BTreeSet<Timestamp>, window: Window, at: Timestamp) {
    edges.extend(
        [window.from(), window.until()]
            .into_iter()
            .flatten()
            .filter(|edge| *edge > at),
    );
}
