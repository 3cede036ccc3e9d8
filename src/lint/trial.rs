//! Does a policy without one thing decide as it does with it? Every user, place, instant and duty is tried.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::held;
use crate::decision::ceiling;
use crate::duties::DutySet;
use crate::edges::About;
use crate::edges::edges;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::GroupIx;
use crate::ix::UserIx;
use crate::layer::Layer;
use crate::lint::Proof;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Path;
use crate::model::User;
use crate::model::timeline::Held;
use crate::model::timeline::Origin;
use crate::model::timeline::Timeline;
use crate::policy::Amount;
use crate::policy::Seat;
use crate::rule::Every;
use crate::rule::Layers;
use crate::rule::limits;
use crate::separation::count;
use crate::source::Source;
use crate::source::places;
use crate::time::Timestamp;
use crate::time::Window;

/// Two models side by side, of which the second lacks something of one holder.
pub(super) struct Trial {
    whole: Model,
    less: Model,
    users: Vec<UserIx>,
    /// How many of them there are: the rest may yet come.
    here: usize,
    at: Timestamp,
}

/// Whom and what is looked at: everyone and everything as it is, or as it may yet be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Eyes {
    Now,
    Ever,
}

impl Trial {
    /// A trial without something of a holder.
    pub(super) fn without(
        as_of: AsOf<'_>,
        holder: Holder,
        remove: impl FnOnce(&mut Holdings),
    ) -> Self {
        let mut whole = as_of.model.clone();
        let mut users: Vec<UserIx> = affected(&whole, holder, as_of.at);
        let here = users.len();
        // Someone who may yet come counts too: with nothing, or with the group or one below it alone.
        let groups: Vec<Option<GroupIx>> = match holder {
            Holder::User(_) => Vec::new(),
            Holder::Everyone => Vec::from([None]),
            Holder::Group(group) => {
                let groups = whole.groups.iter().map(|(node, _)| node);
                let below = groups.filter(|node| whole.groups.is_within(*node, group.0));
                below.map(|node| Some(GroupIx(node))).collect()
            }
        };
        for newcomer in groups.into_iter().filter_map(newcomer) {
            users.extend(u32::try_from(whole.users.len()).map(UserIx));
            whole.users.push(newcomer);
        }
        let mut less = whole.clone();
        if let Some(holdings) = less.holdings_mut(holder) {
            remove(holdings);
        }
        Self {
            whole,
            less,
            users,
            here,
            at: as_of.at,
        }
    }

    /// The proof that nothing differs for anyone there is; nothing if something does.
    pub(super) fn changes_nothing(&self) -> Option<Proof> {
        self.proof(Eyes::Now)
    }

    /// Whether nothing would differ with every login enabled, every module on and somebody new.
    pub(super) fn changes_nothing_ever(&self) -> bool {
        self.proof(Eyes::Ever).is_some()
    }

    fn proof(&self, eyes: Eyes) -> Option<Proof> {
        let mut proof = Proof::default();
        let duties = self.duties(eyes);
        let most = match eyes {
            Eyes::Now => self.here,
            Eyes::Ever => self.users.len(),
        };
        for ix in self.users.iter().take(most) {
            let (Some(user), Some(less)) = (self.whole.user(*ix), self.less.user(*ix)) else {
                continue;
            };
            proof.users += 1;
            let enters = eyes == Eyes::Ever || user.enabled;
            let mut instants = edges(&self.whole, user, About::ALL, self.at);
            instants.insert(self.at);
            for at in instants {
                proof.instants += 1;
                if !self.stands_alike(user, less, at, enters) {
                    return None;
                }
                for place in places(&self.whole, user, at).into_iter().filter(|_| enters) {
                    proof.places += 1;
                    proof.duties += self.whole.catalog.len();
                    if !self.decides_alike(user, less, &self.whole.path(place), at, &duties) {
                        return None;
                    }
                }
            }
        }
        Some(proof)
    }

    /// The duties that a check may permit.
    fn duties(&self, eyes: Eyes) -> DutySet {
        let catalog = &self.whole.catalog;
        let mut duties = catalog.none();
        for (ix, duty) in catalog.duties() {
            if eyes == Eyes::Ever || self.whole.is_module_on(duty.module) {
                duties.insert(ix);
            }
        }
        duties
    }

    /// Whether the seat, if the login is enabled, and the conflicts of a user are the same.
    fn stands_alike(&self, user: &User, less: &User, at: Timestamp, enters: bool) -> bool {
        let (one, other) = (held(&self.whole, user, at), held(&self.less, less, at));
        let seat = |held: &DutySet| {
            let seats = held.iter().filter_map(|duty| self.whole.catalog.get(duty));
            seats.map(|duty| duty.seat).max().unwrap_or(Seat::Free)
        };
        one == other
            || ((!enters || seat(&one) == seat(&other))
                && self.whole.conflicts.iter().all(|set| {
                    // Below what may be in one hand, how many there are decides nothing.
                    let most = usize::try_from(set.at_most).unwrap_or(usize::MAX);
                    let above = |held: &DutySet| count(&self.whole, &set.of, held).max(most);
                    above(&one) == above(&other)
                }))
    }

    /// Whether a user's outcome, limits and ceilings on a path are the same.
    fn decides_alike(
        &self,
        user: &User,
        less: &User,
        path: &Path,
        at: Timestamp,
        duties: &DutySet,
    ) -> bool {
        let (one, required) = says(&self.whole, user, path, at);
        let (other, required_less) = says(&self.less, less, path, at);
        if one != other && duties.iter().any(|duty| one.get(duty) != other.get(duty)) {
            return false;
        }
        // A limit matters where something is granted, or where a right on an item is.
        let mut given = one.granted();
        for right in user.holdings.items.in_force(at) {
            given.union_with(&self.whole.catalog.covers_any(&right.value));
        }
        let words: BTreeSet<&Key> = required.keys().chain(required_less.keys()).collect();
        let matters = |word: &&Key, of: &BTreeMap<Key, DutySet>| {
            let covers = of.get(*word);
            given
                .iter()
                .filter(|duty| duties.contains(*duty))
                .filter(|duty| covers.is_some_and(|covers| covers.contains(*duty)))
                .collect::<Vec<_>>()
        };
        if !words
            .iter()
            .all(|word| matters(word, &required) == matters(word, &required_less))
        {
            return false;
        }
        let granted = one.granted();
        let mut asked = granted.iter().filter(|duty| duties.contains(*duty));
        asked.all(|duty| {
            let most = |model: &Model, user: &User| {
                let sources = Source::all(model, user, duty, path, at);
                let winner = sources.iter().map(|source| source.rank).max();
                [false, true].map(|associated| {
                    // No amount is above the greatest, so that ceiling is as good as none.
                    winner
                        .and_then(|winner| ceiling(&sources, winner, associated))
                        .filter(|most| *most < Amount::MAX)
                })
            };
            most(&self.whole, user) == most(&self.less, less)
        })
    }
}

/// A user's outcome on a path, and which duties require which qualifier.
fn says(model: &Model, user: &User, path: &Path, at: Timestamp) -> (Layer, BTreeMap<Key, DutySet>) {
    let groups = model.groups_of(user, at);
    let view = Every {
        catalog: &model.catalog,
    };
    let outcome = Layers::of(&view, model, user, &groups, path, at).outcome();
    let mut required: BTreeMap<Key, DutySet> = BTreeMap::new();
    for limit in limits(model, user, &groups, path, at) {
        if let Some(limit) = model.catalog.get_limit(limit) {
            required
                .entry(limit.requires.clone())
                .or_insert_with(|| model.catalog.none())
                .union_with(&limit.covers);
        }
    }
    (outcome, required)
}

/// The users whom a holder's things reach at some instant from now on.
pub(super) fn affected(model: &Model, holder: Holder, at: Timestamp) -> Vec<UserIx> {
    let reaches = |user: &User| match holder {
        Holder::Everyone => true,
        Holder::User(_) => false,
        Holder::Group(group) => user
            .holdings
            .groups
            .iter()
            .filter(|held| !held.window.has_ended(at))
            .any(|held| model.groups.is_within(held.key.0, group.0)),
    };
    if let Holder::User(user) = holder {
        return Vec::from([user]);
    }
    model
        .all_users()
        .filter(|(_, user)| reaches(user))
        .map(|(user, _)| user)
        .collect()
}

/// A user of whom nothing is said but a group.
fn newcomer(group: Option<GroupIx>) -> Option<User> {
    let mut groups = Timeline::EMPTY;
    if let Some(group) = group {
        groups.insert(Held {
            key: group,
            value: (),
            window: Window::ALWAYS,
            origin: Origin::plain(),
        });
    }
    Some(User {
        key: UserKey::new("newcomer").ok()?,
        card: None,
        department: None,
        team: None,
        all_teams: false,
        enabled: true,
        offboarded: false,
        holdings: Holdings {
            groups,
            ..Holdings::default()
        },
    })
}
