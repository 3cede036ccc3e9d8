//! What a selection meets: the population of a campaign, and what was given since it opened (rule 6.2).

use alloc::vec::Vec;

use crate::duties::DutySet;
use crate::event::Thing;
use crate::governance::campaign::Item;
use crate::id::Actor;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::RequestId;
use crate::machine::entry_thing;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::model::timeline::Origin;
use crate::policy::Select;
use crate::policy::rows;
use crate::time::Timestamp;
use crate::time::Window;

rows! {
    /// Something that was given to somebody selected after a campaign had opened.
    pub struct Addition {
        /// Who was given it.
        pub holder: HolderKey,
        /// What.
        pub what: Thing,
        /// When it holds, or held.
        pub window: Window,
        /// When it was made; absent: in the document that the tenant was founded on.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub made: Option<Timestamp>,
        /// By whom.
        pub by: Actor,
        /// The request that it was provisioned for.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub request: Option<RequestId>,
    }
}

/// The entries, assignments and memberships in force that a selection meets, of users and of the groups that it names,
/// sorted by holder: what a campaign opened now would review.
pub(crate) fn select(model: &Model, select: &Select, at: Timestamp) -> Vec<Item> {
    let selection = Selection {
        model,
        select,
        at,
        takes: &|window, _| window.holds(at),
    };
    let mut items = selection.all(|found| Item {
        holder: found.holder.clone(),
        what: found.what,
        from: found.window.from(),
        made: found.origin.revision,
    });
    items.sort_by(|a, b| a.holder.cmp(&b.holder));
    items
}

/// Everything that a selection meets and that was made after one revision and not after another, in force or not,
/// sorted by holder.
pub(crate) fn additions(
    model: &Model,
    select: &Select,
    at: Timestamp,
    (after, last): (u64, u64),
) -> Vec<Addition> {
    let made = |origin: &Origin| after < origin.revision && origin.revision <= last;
    let selection = Selection {
        model,
        select,
        at,
        takes: &|_, origin| made(origin),
    };
    let mut additions = selection.all(|found| Addition {
        holder: found.holder.clone(),
        what: found.what,
        window: found.window,
        made: found.origin.at,
        by: found.origin.by.clone(),
        request: found.origin.request,
    });
    additions.sort_by(|a, b| (&a.holder, a.made).cmp(&(&b.holder, b.made)));
    additions
}

/// A selection at an instant, and which of what it meets is taken.
struct Selection<'a> {
    model: &'a Model,
    select: &'a Select,
    at: Timestamp,
    takes: &'a dyn Fn(Window, &Origin) -> bool,
}

/// Something that a selection meets.
struct Found<'a> {
    holder: &'a HolderKey,
    what: Thing,
    window: Window,
    origin: &'a Origin,
}

impl Selection<'_> {
    /// What is met, of groups that are named and then of users.
    fn all<T>(&self, mut list: impl FnMut(Found<'_>) -> T) -> Vec<T> {
        let (model, select) = (self.model, self.select);
        let mut all = Vec::new();
        let mut add = |found: Found<'_>| all.push(list(found));
        let groups = select.groups.iter().flatten();
        for group in groups.filter_map(|key| model.find_group(key.as_str()).ok()) {
            self.of(Holder::Group(group), &mut add);
        }
        let only_groups =
            select.groups.is_some() && select.users.is_none() && select.department.is_none();
        if only_groups {
            return all;
        }
        let department = select
            .department
            .as_ref()
            .and_then(|key| model.find_department(key.as_str()).ok());
        for (ix, user) in model.all_users() {
            let named = select
                .users
                .as_ref()
                .is_none_or(|users| users.contains(&user.key));
            if named && (select.department.is_none() || user.department == department) {
                self.of(Holder::User(ix), &mut add);
            }
        }
        all
    }

    /// What is met of one holder: entries, profiles, memberships.
    fn of(&self, holder: Holder, add: &mut impl FnMut(Found<'_>)) {
        let model = self.model;
        let holdings = model.holdings(holder);
        let key = model.holder_key(holder);
        for held in holdings.entries.iter().filter(|held| self.takes(held)) {
            let what = entry_thing(model, held.key, held.value);
            let gives = entry_gives(model, held.key, held.value);
            let wanted = !matches!(what, Thing::Revoke { .. }) && self.select.profile.is_none();
            if wanted && self.meets(&model.catalog.under(held.key.0), &gives) {
                add(found(&key, what, held));
            }
        }
        for held in holdings.assignments.iter().filter(|held| self.takes(held)) {
            let Some(profile) = model.profile(held.key.0) else {
                continue;
            };
            let wanted = self.select.profile.as_ref();
            let gives = profile.gives.associated.clone();
            let gives = gives.unwrap_or_else(|| model.catalog.none());
            if wanted.is_none_or(|key| *key == profile.row.key) && self.meets(&gives, &gives) {
                add(found(&key, profile_thing(model, held.key), held));
            }
        }
        for held in holdings.groups.iter().filter(|held| self.takes(held)) {
            let above = model.with_ancestors([held.key].into_iter());
            let gives = above.iter().fold(model.catalog.none(), |mut all, group| {
                all.union_with(&given(
                    model,
                    model.holdings(Holder::Group(*group)),
                    self.at,
                ));
                all
            });
            if self.select.profile.is_none() && self.meets(&gives, &gives) {
                let group = model.groups.get(held.key.0);
                let group = group.map_or_else(Key::nameless, |branch| branch.key.clone());
                add(found(&key, Thing::Membership { group }, held));
            }
        }
    }

    fn takes<K, V>(&self, held: &Held<K, V>) -> bool {
        let certified = held.origin.certified.as_ref();
        let since = self.select.not_certified_since;
        let recent = since.is_some_and(|since| certified.is_some_and(|(at, _)| *at >= since));
        !recent && (self.takes)(held.window, &held.origin)
    }

    /// Whether what is about some duties, and gives some, meets the module and the sensitivity that are named.
    fn meets(&self, about: &DutySet, gives: &DutySet) -> bool {
        let catalog = &self.model.catalog;
        let module = self.select.module.as_ref();
        let module = module.and_then(|key| catalog.module(key.as_str()).ok());
        let in_module = module
            .and_then(|module| catalog.get_module(module))
            .is_none_or(|module| module.duties.intersects(about));
        let sensitive = self.select.sensitivity.is_none_or(|least| {
            let mut gives = gives.iter().filter_map(|duty| catalog.get(duty));
            gives.any(|duty| duty.sensitivity >= least)
        });
        in_module && sensitive
    }
}

fn found<'a, K, V>(holder: &'a HolderKey, what: Thing, held: &'a Held<K, V>) -> Found<'a> {
    Found {
        holder,
        what,
        window: held.window,
        origin: &held.origin,
    }
}

/// The duties that a holder's own entries and profiles give somewhere.
fn given(model: &Model, holdings: &Holdings, at: Timestamp) -> DutySet {
    let mut all = model.catalog.none();
    for held in holdings.entries.in_force(at) {
        all.union_with(&entry_gives(model, held.key, held.value));
    }
    for held in holdings.assignments.in_force(at) {
        if let Some(gives) = model
            .profile(held.key.0)
            .and_then(|profile| profile.gives.associated.as_ref())
        {
            all.union_with(gives);
        }
    }
    all
}

fn entry_gives(model: &Model, spot: Spot, effect: Effect) -> DutySet {
    let mut gives = model.catalog.none();
    for duty in model.catalog.under(spot.0).iter() {
        if effect
            .opinion(&model.catalog, spot.0, duty)
            .granted()
            .is_some()
        {
            gives.insert(duty);
        }
    }
    gives
}
