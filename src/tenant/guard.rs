//! The guards over the whole: what no command may leave behind, whatever it is (rule 6).
//!
//! Each compares what was with what would be, tried on a copy that is made when the first of them asks for it.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::any_of::AnyOf;
use crate::as_of::AsOf;
use crate::as_of::held;
use crate::catalog::Target;
use crate::command::CommandKind;
use crate::decision::Record;
use crate::decision::ceiling;
use crate::decision::decide;
use crate::duties::DutySet;
use crate::edges::About;
use crate::edges::Items;
use crate::edges::edges;
use crate::event::Change;
use crate::event::Changes;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::ix::DutyIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::UserIx;
use crate::layer::Layer;
use crate::machine::Context;
use crate::machine::apply_to;
use crate::model::Model;
use crate::model::User;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::policy::Seat;
use crate::policy::Seats;
use crate::refusal::Refusal;
use crate::rule::Every;
use crate::rule::Layers;
use crate::rule::One;
use crate::rule::limits;
use crate::separation::count;
use crate::separation::excepted;
use crate::source::Source;
use crate::source::places;
use crate::tenant::decide::Deciding;
use crate::time::Timestamp;

/// Refuses changes that would break a rule of the whole.
pub(crate) fn check(deciding: &Deciding<'_>, changes: &Changes) -> Result<(), Refusal> {
    let trial = OnceCell::new();
    let after = After::Tried {
        trial: &trial,
        deciding,
        changes,
    };
    check_after(deciding, changes, after)
}

/// The same, where what the changes make is at hand.
pub(crate) fn check_made(
    deciding: &Deciding<'_>,
    changes: &Changes,
    after: &Model,
) -> Result<(), Refusal> {
    check_after(deciding, changes, After::Made(after))
}

/// Whether a command from `before` to `after` would widen a user's own access.
pub(crate) fn widens(before: &Model, after: &Model, user: UserIx, at: Timestamp) -> bool {
    let whole = Whole {
        before,
        after: After::Made(after),
        at,
        affected: &Affected::Everyone,
    };
    whole.self_grant(user).is_err()
}

/// Whether there is a rule of the whole that something could break: an actor, administrators, conflicting sets, seats.
fn is_guarded(deciding: &Deciding<'_>) -> bool {
    let model = deciding.model;
    deciding.actor.is_some()
        || model.administration.contains_key(&CommandKind::Grant)
        || !model.conflicts.is_empty()
        || model.seats != Seats::default()
}

fn check_after(
    deciding: &Deciding<'_>,
    changes: &Changes,
    after: After<'_>,
) -> Result<(), Refusal> {
    if !is_guarded(deciding) {
        return Ok(());
    }
    let affected = Affected::by(deciding.model, changes);
    if affected == Affected::Nobody {
        return Ok(());
    }
    let whole = Whole {
        before: deciding.model,
        after,
        at: deciding.at(),
        affected: &affected,
    };
    if let Some(actor) = deciding.actor {
        whole.self_grant(actor)?;
    }
    whole.last_administrator()?;
    whole.conflict_of_duties()?;
    whole.no_seat()
}

/// Whose access a command may change.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Affected {
    Nobody,
    Users(BTreeSet<UserIx>),
    Everyone,
}

impl Affected {
    fn by(model: &Model, changes: &Changes) -> Self {
        let mut users = BTreeSet::new();
        for change in changes {
            match change {
                Change::UserAdded(_) => {
                    users.extend(u32::try_from(model.users.len()).map(UserIx));
                }
                Change::PersonChanged { user, .. } => users.extend(model.find_user(user.as_str())),
                Change::Made(made) => {
                    if !add_holder(model, &made.holder, &mut users) {
                        return Self::Everyone;
                    }
                }
                Change::Ended { holder, .. } => {
                    if !add_holder(model, holder, &mut users) {
                        return Self::Everyone;
                    }
                }
                Change::ProfileDefined { .. }
                | Change::ModeChanged { .. }
                | Change::DutyAdded(_)
                | Change::ModuleSwitched { .. } => return Self::Everyone,
                Change::Certified { .. }
                | Change::ScopeAdded(_)
                | Change::TeamAdded(_)
                | Change::GroupAdded(_)
                | Change::DepartmentAdded(_)
                | Change::HeadChanged { .. }
                | Change::ModuleAdded(_)
                | Change::SeatsChanged { .. }
                | Change::ProfileRetired { .. }
                | Change::ConflictDeclared(_)
                | Change::Governed(_) => {}
            }
        }
        if users.is_empty() {
            Self::Nobody
        } else {
            Self::Users(users)
        }
    }

    fn includes(&self, user: UserIx) -> bool {
        match self {
            Self::Nobody => false,
            Self::Users(users) => users.contains(&user),
            Self::Everyone => true,
        }
    }
}

/// Adds a holder's user; `false` if many users are behind it.
fn add_holder(model: &Model, holder: &HolderKey, users: &mut BTreeSet<UserIx>) -> bool {
    let HolderKey::User(key) = holder else {
        return false;
    };
    let added = u32::try_from(model.users.len()).map(UserIx);
    users.extend(model.known_user(key.as_str()).or(added.ok()));
    true
}

struct Whole<'a> {
    before: &'a Model,
    after: After<'a>,
    at: Timestamp,
    affected: &'a Affected,
}

/// What would be.
enum After<'a> {
    /// It is at hand.
    Made(&'a Model),
    /// It is tried once somebody asks for it.
    Tried {
        trial: &'a OnceCell<Model>,
        deciding: &'a Deciding<'a>,
        changes: &'a Changes,
    },
}

impl Whole<'_> {
    /// What would be.
    fn after(&self) -> &Model {
        match &self.after {
            After::Made(after) => after,
            After::Tried {
                trial,
                deciding,
                changes,
            } => trial.get_or_init(|| self.tried(deciding, changes)),
        }
    }

    fn tried(&self, deciding: &Deciding<'_>, changes: &Changes) -> Model {
        let mut trial = self.before.clone();
        let context = Context {
            at: self.at,
            by: &deciding.stamp.by,
            revision: deciding.tenant.revision + 1,
        };
        let governed = |change: &&Change| matches!(change, Change::Governed(_));
        for change in changes.iter().filter(|change| !governed(change)) {
            // What the command's own part resolved a moment ago fits.
            drop(apply_to(&mut trial, change, &context));
        }
        trial
    }

    /// The affected users that were there.
    fn known(&self) -> Vec<UserIx> {
        let was = |ix: &UserIx| self.before.user(*ix).is_some();
        match self.affected {
            Affected::Nobody => Vec::new(),
            Affected::Users(users) => users.iter().copied().filter(was).collect(),
            Affected::Everyone => self.before.all_users().map(|(ix, _)| ix).collect(),
        }
    }

    /// The affected users as they would be, with what they were if they were there.
    fn users(&self) -> Vec<(UserIx, Option<&User>, &User)> {
        let pair = |ix: UserIx| Some((ix, self.before.user(ix), self.after().user(ix)?));
        match self.affected {
            Affected::Nobody => Vec::new(),
            Affected::Users(users) => users.iter().filter_map(|ix| pair(*ix)).collect(),
            Affected::Everyone => self
                .after()
                .all_users()
                .filter_map(|(ix, _)| pair(ix))
                .collect(),
        }
    }

    /// The command's instant and every later edge of what a user had or would have.
    fn instants(
        &self,
        before: Option<&User>,
        after: &User,
        about: About<'_>,
    ) -> BTreeSet<Timestamp> {
        let mut instants = edges(self.after(), after, about, self.at);
        if let Some(before) = before {
            instants.extend(edges(self.before, before, about, self.at));
        }
        instants.insert(self.at);
        instants
    }

    fn self_grant(&self, actor: UserIx) -> Result<(), Refusal> {
        if !self.affected.includes(actor) {
            return Ok(());
        }
        let (Some(before), Some(after)) = (self.before.user(actor), self.after().user(actor))
        else {
            return Ok(());
        };
        let known = |place: &Place| place.is_none_or(|scope| scope.at() < self.before.scopes.len());
        for at in self.instants(Some(before), after, About::ALL) {
            let mut all = places(self.before, before, at);
            all.extend(places(self.after(), after, at));
            all.retain(known);
            let was = Access::of(self.before, self.before, before, &all, at);
            let would_be = Access::of(self.before, self.after(), after, &all, at);
            if would_be.is_wider(self.before, &was) {
                return Err(Refusal::SelfGrant);
            }
        }
        Ok(())
    }

    fn last_administrator(&self) -> Result<(), Refusal> {
        let Some(duties) = self.before.administration.get(&CommandKind::Grant) else {
            return Ok(());
        };
        let lost = self.known().into_iter().any(|ix| {
            is_administrator(self.before, ix, duties, self.at)
                && !is_administrator(self.after(), ix, duties, self.at)
        });
        if !lost
            || self
                .after()
                .all_users()
                .any(|(ix, _)| is_administrator(self.after(), ix, duties, self.at))
        {
            Ok(())
        } else {
            Err(Refusal::LastAdministrator)
        }
    }

    fn conflict_of_duties(&self) -> Result<(), Refusal> {
        // What a new declaration finds is listed, not refused (rule 6.4).
        if self.before.conflicts.is_empty() {
            return Ok(());
        }
        let about = About {
            item: Items::None,
            ..About::ALL
        };
        for (ix, before, after) in self.users() {
            for at in self.instants(before, after, about) {
                let would_hold = held(self.after(), after, at);
                let held = before.map(|before| held(self.before, before, at));
                for (set, excepted) in
                    self.after()
                        .conflicts
                        .iter()
                        .zip(excepted(self.after(), after, self.at))
                {
                    let (count, was) = (
                        count(self.after(), &set.of, &would_hold),
                        held.as_ref()
                            .map_or(0, |held| count(self.before, &set.of, held)),
                    );
                    let too_many = count > usize::try_from(set.at_most).unwrap_or(usize::MAX);
                    if too_many
                        && count > was
                        && !excepted
                        && let Some(user) = self.after().user_key(ix)
                    {
                        return Err(Refusal::ConflictOfDuties {
                            user: user.clone(),
                            conflict: set.key.clone(),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn no_seat(&self) -> Result<(), Refusal> {
        let seats = self.before.seats;
        for (class, most) in [
            (Seat::Full, seats.full),
            (Seat::Administrator, seats.administrator),
        ] {
            let Some(most) = most else { continue };
            let takes =
                |model: &Model, ix: UserIx| AsOf::access(model, self.at).seat_of(ix) == class;
            let affected = self.users();
            let was = affected
                .iter()
                .filter(|(ix, before, _)| before.is_some() && takes(self.before, *ix))
                .count();
            let would = affected
                .iter()
                .filter(|(ix, _, _)| takes(self.after(), *ix))
                .count();
            if would > was {
                let count = self
                    .after()
                    .all_users()
                    .filter(|(ix, _)| takes(self.after(), *ix))
                    .count();
                if count > usize::try_from(most).unwrap_or(usize::MAX) {
                    return Err(Refusal::NoSeat {
                        seat: class,
                        seats: most,
                    });
                }
            }
        }
        Ok(())
    }
}

/// Whether a user can perform some of the duties at the root from an instant on without an end: one may take over
/// where another ends.
fn is_administrator(model: &Model, ix: UserIx, duties: &AnyOf<DutyIx>, at: Timestamp) -> bool {
    let record = Record::in_place(model, None);
    let can = |at| {
        let can = |duty: &DutyIx| decide(model, ix, *duty, &record, at).is_permit();
        duties.iter().any(can)
    };
    let about = |duty: &DutyIx| About {
        duty: Some(*duty),
        path: Some(&record.path),
        item: Items::None,
    };
    let edges = |user| {
        duties
            .iter()
            .flat_map(move |duty| edges(model, user, about(duty), at))
    };
    can(at) && model.user(ix).is_some_and(|user| edges(user).all(can))
}

/// Everything by which one user's access can be wider or narrower, at an instant.
struct Access {
    places: BTreeMap<Place, InPlace>,
    items: BTreeMap<ItemKey, Vec<Target>>,
    teams: BTreeSet<u32>,
}

struct InPlace {
    outcome: Layer,
    limits: Vec<LimitIx>,
    ceilings: BTreeMap<(DutyIx, bool), Option<Amount>>,
}

impl Access {
    /// A user's access in some places, and to the teams that existed before.
    fn of(old: &Model, model: &Model, user: &User, all: &BTreeSet<Place>, at: Timestamp) -> Self {
        let visible = |team: &u32| {
            user.all_teams
                || user
                    .team
                    .is_some_and(|own| model.teams.is_within(*team, own.get()))
        };
        let items = user
            .holdings
            .items
            .in_force(at)
            .map(|held| (held.key.clone(), held.value.clone()));
        Self {
            places: all
                .iter()
                .map(|place| (*place, InPlace::of(model, user, *place, at)))
                .collect(),
            items: items.collect(),
            teams: old
                .teams
                .iter()
                .map(|(team, _)| team)
                .filter(visible)
                .collect(),
        }
    }

    /// Whether it is wider than another in any respect, on duties that existed before.
    fn is_wider(&self, old: &Model, than: &Self) -> bool {
        let nothing = Vec::new();
        let wider_item = self.items.iter().any(|(item, on)| {
            let before = old
                .catalog
                .covers_any(than.items.get(item).unwrap_or(&nothing));
            !is_within(&old.catalog.covers_any(on), &before)
        });
        let on_items = self.items.values().fold(old.catalog.none(), |mut all, on| {
            all.union_with(&old.catalog.covers_any(on));
            all
        });
        let wider_place = |(place, now): (&Place, &InPlace)| {
            than.places
                .get(place)
                .is_some_and(|before| now.is_wider(old, before, &on_items))
        };
        !self.teams.is_subset(&than.teams) || wider_item || self.places.iter().any(wider_place)
    }
}

impl InPlace {
    fn of(model: &Model, user: &User, place: Place, at: Timestamp) -> Self {
        let groups = model.groups_of(user, at);
        let path = model.path(place);
        let view = Every {
            catalog: &model.catalog,
        };
        let outcome = Layers::of(&view, model, user, &groups, &path, at).outcome();
        let mut ceilings = BTreeMap::new();
        for duty in outcome.granted().iter() {
            let sources = Source::all(model, user, duty, &path, at);
            if sources.iter().all(|source| source.ceiling.is_none()) {
                continue;
            }
            let one = One::new(&model.catalog, duty);
            if let Some((rank, _)) = Layers::of(&one, model, user, &groups, &path, at).winner() {
                for associated in [false, true] {
                    ceilings.insert((duty, associated), ceiling(&sources, rank, associated));
                }
            }
        }
        Self {
            outcome,
            limits: limits(model, user, &groups, &path, at).to_vec(),
            ceilings,
        }
    }

    fn is_wider(&self, old: &Model, before: &Self, on_items: &DutySet) -> bool {
        let duties = || old.catalog.duties().map(|(ix, _)| ix);
        let reach = |layer: &Layer, duty| layer.get(duty).granted();
        duties().any(|duty| {
            reach(&self.outcome, duty) > reach(&before.outcome, duty)
                || self.frees(before, duty, old, on_items)
                || [false, true]
                    .iter()
                    .any(|associated| self.raises(before, duty, *associated))
        })
    }

    /// Whether a limit on a duty that is still had is gone.
    fn frees(&self, before: &Self, duty: DutyIx, old: &Model, on_items: &DutySet) -> bool {
        let had = self.outcome.get(duty).granted().is_some() || on_items.contains(duty);
        let gone = |limit: &&LimitIx| !self.limits.contains(limit);
        had && before.limits.iter().filter(gone).any(|limit| {
            let Some(limit) = old.catalog.get_limit(*limit) else {
                return false;
            };
            let kept = self
                .limits
                .iter()
                .filter_map(|kept| old.catalog.get_limit(*kept));
            let mut kept = kept.filter(|kept| kept.covers.contains(duty));
            limit.covers.contains(duty) && !kept.any(|kept| kept.requires == limit.requires)
        })
    }

    /// Whether the ceiling on a duty is higher, or gone, for records that the duty still reaches.
    fn raises(&self, before: &Self, duty: DutyIx, associated: bool) -> bool {
        let Some(Some(was)) = before.ceilings.get(&(duty, associated)) else {
            return false;
        };
        let reached = match self.outcome.get(duty).granted() {
            Some(Reach::All) => true,
            Some(Reach::Associated) => associated,
            None => false,
        };
        if !reached {
            return false;
        }
        self.ceilings
            .get(&(duty, associated))
            .copied()
            .flatten()
            .is_none_or(|now| now > *was)
    }
}

fn is_within(set: &DutySet, other: &DutySet) -> bool {
    let mut rest = set.clone();
    rest.subtract(other);
    rest.is_empty()
}
