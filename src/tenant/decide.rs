//! Deciding a command: everything is checked, nothing is changed.
//!
//! Each command's own part resolves its keys first, then asks to be admitted (order, actor, revision), then looks
//! at its window and at the state; the guards over the whole come last. That is the order of rule 6.

use alloc::vec::Vec;

use smallvec::smallvec;

use crate::command::Command;
use crate::command::CommandKind;
use crate::decision::may_command;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Event;
use crate::event::Made;
use crate::event::SCHEMA;
use crate::event::Stamp;
use crate::event::Thing;
use crate::id::Actor;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::Holder;
use crate::model::Model;
use crate::model::timeline::Timeline;
use crate::policy::Terms;
use crate::refusal::Refusal;
use crate::tenant::Tenant;
use crate::tenant::guard;
use crate::tenant::resolve::Faults;
use crate::time::TimeError;
use crate::time::Timestamp;
use crate::time::Window;

impl Tenant {
    /// Decides a command: checks everything and changes nothing.
    ///
    /// # Errors
    ///
    /// A [`Refusal`], the first in the order that rule 6 gives. The tenant is as it was, whatever the answer.
    pub fn decide(&self, stamp: &Stamp, command: &Command) -> Result<Event, Refusal> {
        let deciding = Deciding::new(self, stamp, command)?;
        let changes = deciding.changes(command)?;
        guard::check(&deciding, &changes)?;
        Ok(Event {
            schema: SCHEMA,
            revision: self.revision + 1,
            at: stamp.at,
            by: stamp.by.clone(),
            id: stamp.id.clone(),
            command: command.clone(),
            changes,
        })
    }
}

/// A command being decided.
pub(crate) struct Deciding<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) model: &'a Model,
    pub(crate) stamp: &'a Stamp,
    pub(crate) kind: CommandKind,
    /// The acting user; absent: the host.
    pub(crate) actor: Option<UserIx>,
}

impl<'a> Deciding<'a> {
    fn new(tenant: &'a Tenant, stamp: &'a Stamp, command: &Command) -> Result<Self, Refusal> {
        if let Some(revision) = stamp.id.as_ref().and_then(|id| tenant.remembered(id)) {
            return Err(Refusal::AlreadyDone { revision });
        }
        let model = &tenant.model;
        let actor = match &stamp.by {
            Actor::System => None,
            Actor::User(key) => Some(
                model
                    .find_user(key.as_str())
                    .map_err(|unknown| Refusal::fault("by", unknown))?,
            ),
        };
        Ok(Self {
            tenant,
            model,
            stamp,
            kind: command.kind(),
            actor,
        })
    }

    /// What the command changes.
    pub(super) fn changes(&self, command: &Command) -> Result<Changes, Refusal> {
        match command {
            Command::AddUser(row) => self.add_user(row),
            Command::SetName(row) => self.set_person(&row.user, |person| {
                person.name = Some(row.name.clone());
                Ok(())
            }),
            Command::SetContact(row) => self.set_person(&row.user, |person| {
                let _: () = person.contact.clone_from(&row.contact);
                Ok(())
            }),
            Command::SetLogin(row) => self.set_person(&row.user, |person| {
                let _: () = person.login.clone_from(&row.login);
                Ok(())
            }),
            Command::SetTeam(row) => self.set_team(row),
            Command::SetAllTeams(row) => self.set_person(&row.user, |person| {
                person.all_teams = row.all_teams;
                Ok(())
            }),
            Command::SetDepartment(row) => self.set_department(row),
            Command::Join(row) => self.join(row),
            Command::Leave(row) => self.leave(row),
            Command::Disable(row) => self.disable(row),
            Command::Enable(row) => self.enable(row),
            Command::AddScope(row) => self.add_scope(row),
            Command::AddDepartment(row) => self.add_department(row),
            Command::AddTeam(row) => self.add_team(row),
            Command::AddGroup(row) => self.add_group(row),
            Command::AddModule(row) => self.add_module(row),
            Command::AddDuty(row) => self.add_duty(row),
            Command::SetHead(row) => self.set_head(row),
            Command::SwitchModule(row) => self.switch_module(row),
            Command::SetMode(row) => self.set_mode(row),
            Command::SetSeats(row) => self.set_seats(row),
            Command::DefineProfile(row) => self.define_profile(row),
            Command::RetireProfile(row) => self.retire_profile(row),
            Command::Assign(row) => self.assign(row),
            Command::Grant(row) => self.grant(row),
            Command::Revoke(row) => self.revoke(row),
            Command::Level(row) => self.level(row),
            Command::Unassign(row) => self.unassign(row),
            Command::Clear(row) => self.clear(row),
            Command::Restrict(row) => self.restrict(row),
            Command::Unrestrict(row) => self.unrestrict(row),
            Command::GiveItem(row) => self.give_item(row),
            Command::TakeItem(row) => self.take_item(row),
            Command::Conflict(row) => self.conflict(row),
            Command::ExceptConflict(row) => self.except_conflict(row),
            governed => self.govern(governed),
        }
    }

    pub(crate) fn at(&self) -> Timestamp {
        self.stamp.at
    }

    /// Passes the checks that do not depend on the command's own content: order, actor, revision.
    pub(crate) fn admit(&self, touched: &[Place], named: &[Holder]) -> Result<(), Refusal> {
        self.in_order()?;
        self.authorised(touched)?;
        self.current(named.iter().map(|holder| self.revision_of(*holder)))
    }

    /// That the instant is not earlier than the last event's, and the actor's login enabled.
    pub(crate) fn in_order(&self) -> Result<(), Refusal> {
        if let Some(last) = self.tenant.last.filter(|last| self.at() < *last) {
            return Err(Refusal::OutOfOrder { last });
        }
        let disabled = self
            .actor
            .and_then(|actor| self.model.user(actor))
            .is_some_and(|user| !user.enabled);
        if disabled {
            Err(Refusal::LoginDisabled)
        } else {
            Ok(())
        }
    }

    /// That the actor has a duty for this kind of command in each touched scope.
    pub(crate) fn authorised(&self, touched: &[Place]) -> Result<(), Refusal> {
        self.authorised_to(self.kind, touched)
    }

    /// That the actor has a duty for some kind of command in each touched scope.
    pub(crate) fn authorised_to(
        &self,
        kind: CommandKind,
        touched: &[Place],
    ) -> Result<(), Refusal> {
        let Some(actor) = self.actor else {
            return Ok(());
        };
        let may = |place: &Place| may_command(self.model, actor, kind, *place, self.at());
        if self.model.administration.contains_key(&kind) && touched.iter().all(may) {
            Ok(())
        } else {
            Err(Refusal::not_authorised(self.model, kind))
        }
    }

    /// That nothing named has changed since the revision that the command was decided against.
    pub(crate) fn current(&self, revisions: impl Iterator<Item = u64>) -> Result<(), Refusal> {
        let Some(against) = self.stamp.revision else {
            return Ok(());
        };
        match revisions.max().filter(|latest| *latest > against) {
            Some(latest) => Err(Refusal::StaleRevision { latest }),
            None => Ok(()),
        }
    }

    /// The revision of a holder's holdings.
    pub(crate) fn revision_of(&self, holder: Holder) -> u64 {
        self.model.holdings(holder).revision
    }

    /// The revision of a profile.
    pub(crate) fn profile_revision(&self, profile: ProfileIx) -> Option<u64> {
        self.model.profile(profile).map(|profile| profile.revision)
    }

    /// The window of a command's terms.
    pub(crate) fn window(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Window, Refusal> {
        if until.is_some_and(|until| until <= self.at()) {
            return Err(Refusal::AlreadyPast);
        }
        Window::new(from.or(Some(self.at())), until).map_err(|_: TimeError| Refusal::EmptyWindow)
    }

    /// Makes something held, ending what it replaces.
    pub(crate) fn make<K: Ord + Clone, V>(
        &self,
        holder: Holder,
        timeline: &Timeline<K, V>,
        key: &K,
        thing: Thing,
        terms: &Terms,
        describe: impl Fn(&K, &V) -> Thing,
    ) -> Result<Changes, Refusal> {
        let window = self.window(terms.from, terms.until)?;
        let mut changes = Changes::new();
        let holder_key = self.model.holder_key(holder);
        for held in timeline.clashes(key, window) {
            let after = held.window.ended_at(self.at());
            let cannot = held.window.has_ended(self.at())
                || after.is_some_and(|after| after.overlaps(window));
            if !terms.replace || cannot {
                return Err(Refusal::ConflictingEntry);
            }
            let what = describe(&held.key, &held.value);
            changes.push(Change::Ended {
                holder: holder_key.clone(),
                what,
                before: held.window,
                after,
            });
        }
        changes.push(Change::Made(Made {
            holder: holder_key,
            what: thing,
            window,
            reason: terms.reason.clone(),
            document: terms.document.clone(),
            request: None,
        }));
        Ok(changes)
    }

    /// Ends what is held of a key: the one in force, else the next to come.
    pub(crate) fn end<K: Ord + Clone, V>(
        &self,
        holder: Holder,
        timeline: &Timeline<K, V>,
        key: &K,
        describe: impl Fn(&K, &V) -> Thing,
    ) -> Result<Changes, Refusal> {
        let held = timeline
            .to_end(key, self.at())
            .ok_or(Refusal::NoSuchEntry)?;
        Ok(smallvec![Change::Ended {
            holder: self.model.holder_key(holder),
            what: describe(&held.key, &held.value),
            before: held.window,
            after: held.window.ended_at(self.at()),
        }])
    }
}

/// The first fault of a row, as the refusal of its command.
pub(crate) fn refused<T>(value: Option<T>, faults: Faults) -> Result<T, Refusal> {
    match (faults.into_first(), value) {
        (Some((field, fault)), _) => Err(Refusal::Fault { field, fault }),
        (None, Some(value)) => Ok(value),
        (None, None) => Err(Refusal::NoSuchEntry),
    }
}

/// The scopes that an invitation touches: those of its entries if all name one, else the root.
pub(crate) fn invited(places: Vec<Place>) -> Vec<Place> {
    if places.is_empty() || places.contains(&None) {
        [None].into()
    } else {
        places
    }
}
