//! Commands on access: grants, revokes, levels, assignments, limits, items, profiles, conflicting sets.

use smallvec::smallvec;

use crate::command::Clear;
use crate::command::ExceptConflict;
use crate::command::OfProfile;
use crate::command::TakeItem;
use crate::command::Unassign;
use crate::command::Unrestrict;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Thing;
use crate::fault::Fault;
use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::machine::entry_thing;
use crate::machine::item_thing;
use crate::machine::limit_thing;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::policy;
use crate::policy::Terms;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::refused;
use crate::tenant::resolve;
use crate::tenant::resolve::Faults;

impl Deciding<'_> {
    pub(super) fn grant(&self, row: &policy::Grant) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let entry = resolve::grant(self.model, row, &mut faults);
        self.entry(refused(entry, faults)?, &row.terms)
    }

    pub(super) fn revoke(&self, row: &policy::Revoke) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let entry = resolve::revoke(self.model, row, &mut faults);
        self.entry(refused(entry, faults)?, &row.terms)
    }

    pub(super) fn level(&self, row: &policy::SetLevel) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let entry = resolve::level(self.model, row, &mut faults);
        self.entry(refused(entry, faults)?, &row.terms)
    }

    fn entry(
        &self,
        (holder, spot, effect): resolve::Entry,
        terms: &Terms,
    ) -> Result<Changes, Refusal> {
        self.admit(&[spot.1], &[holder])?;
        self.make_entry(holder, spot, effect, terms)
    }

    pub(crate) fn make_entry(
        &self,
        holder: Holder,
        spot: Spot,
        effect: Effect,
        terms: &Terms,
    ) -> Result<Changes, Refusal> {
        let timeline = &self.model.holdings(holder).entries;
        let thing = entry_thing(self.model, spot, effect);
        self.make(holder, timeline, &spot, thing, terms, |spot, effect| {
            entry_thing(self.model, *spot, *effect)
        })
    }

    pub(super) fn assign(&self, row: &policy::Assign) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let found = resolve::assign(self.model, row, &mut faults);
        let (holder, key) = refused(found, faults)?;
        self.admit(&[key.1], &[holder])?;
        self.current(self.profile_revision(key.0).into_iter())?;
        self.make_assignment(holder, key, &row.terms)
    }

    pub(crate) fn make_assignment(
        &self,
        holder: Holder,
        key: (ProfileIx, Place),
        terms: &Terms,
    ) -> Result<Changes, Refusal> {
        let timeline = &self.model.holdings(holder).assignments;
        let thing = profile_thing(self.model, key);
        self.make(holder, timeline, &key, thing, terms, |key, ()| {
            profile_thing(self.model, *key)
        })
    }

    pub(super) fn unassign(&self, row: &Unassign) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let holder = faults.take("holder", resolve::not_everyone(self.model, &row.holder));
        let profile = faults.take("profile", self.model.find_any_profile(row.profile.as_str()));
        let place = faults.take("scope", self.model.find_place(row.scope.as_ref()));
        let found = holder.and_then(|holder| Some((holder, (profile?, place?))));
        let (holder, key) = refused(found, faults)?;
        self.admit(&[key.1], &[holder])?;
        self.current(self.profile_revision(key.0).into_iter())?;
        let timeline = &self.model.holdings(holder).assignments;
        self.end(holder, timeline, &key, |key, ()| {
            profile_thing(self.model, *key)
        })
    }

    pub(super) fn clear(&self, row: &Clear) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let holder = faults.take("holder", self.model.find_holder(&row.holder));
        let target = faults.take("on", self.model.catalog.target(&row.on));
        let place = faults.take("scope", self.model.find_place(row.scope.as_ref()));
        let found = holder.and_then(|holder| Some((holder, (target?, place?))));
        let (holder, spot) = refused(found, faults)?;
        self.admit(&[spot.1], &[holder])?;
        let timeline = &self.model.holdings(holder).entries;
        self.end(holder, timeline, &spot, |spot, effect| {
            entry_thing(self.model, *spot, *effect)
        })
    }

    pub(super) fn restrict(&self, row: &policy::Restrict) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let found = resolve::restrict(self.model, row, &mut faults);
        let (holder, key) = refused(found, faults)?;
        self.admit(&[key.1], &[holder])?;
        let timeline = &self.model.holdings(holder).limits;
        let thing = limit_thing(self.model, key);
        self.make(holder, timeline, &key, thing, &row.terms, |key, ()| {
            limit_thing(self.model, *key)
        })
    }

    pub(super) fn unrestrict(&self, row: &Unrestrict) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let holder = faults.take("holder", resolve::not_everyone(self.model, &row.holder));
        let limit = faults.take("limit", self.model.catalog.limit(row.limit.as_str()));
        let place = faults.take("scope", self.model.find_place(row.scope.as_ref()));
        let found = holder.and_then(|holder| Some((holder, (limit?, place?))));
        let (holder, key) = refused(found, faults)?;
        self.admit(&[key.1], &[holder])?;
        let timeline = &self.model.holdings(holder).limits;
        self.end(holder, timeline, &key, |key, ()| {
            limit_thing(self.model, *key)
        })
    }

    pub(super) fn give_item(&self, row: &policy::GiveItem) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let found = resolve::item(self.model, row, &mut faults);
        let (user, item, on) = refused(found, faults)?;
        let holder = Holder::User(user);
        self.admit(&[None], &[holder])?;
        let timeline = &self.model.holdings(holder).items;
        let thing = item_thing(self.model, &item, &on);
        self.make(holder, timeline, &item, thing, &row.terms, |item, on| {
            item_thing(self.model, item, on)
        })
    }

    pub(super) fn take_item(&self, row: &TakeItem) -> Result<Changes, Refusal> {
        let holder = Holder::User(self.model.find_user(row.user.as_str())?);
        self.admit(&[None], &[holder])?;
        let timeline = &self.model.holdings(holder).items;
        self.end(holder, timeline, &row.item, |item, on| {
            item_thing(self.model, item, on)
        })
    }

    pub(super) fn define_profile(&self, row: &policy::Profile) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        resolve::profile(self.model, row, &mut faults);
        refused(Some(()), faults)?;
        let before = self
            .model
            .find_any_profile(row.key.as_str())
            .ok()
            .and_then(|ix| self.model.profile(ix));
        self.in_order()?;
        self.authorised(&[None])?;
        self.current(before.map(|profile| profile.revision).into_iter())?;
        let before = before.map(|profile| profile.row.clone());
        Ok(smallvec![Change::ProfileDefined {
            before,
            after: row.clone()
        }])
    }

    pub(super) fn retire_profile(&self, row: &OfProfile) -> Result<Changes, Refusal> {
        let ix = self.model.find_profile(row.profile.as_str())?;
        self.in_order()?;
        self.authorised(&[None])?;
        self.current(self.profile_revision(ix).into_iter())?;
        let live = |holder: Holder| {
            let assignments = self.model.holdings(holder).assignments.iter();
            assignments
                .filter(|held| held.key.0 == ix && !held.window.has_ended(self.at()))
                .count()
        };
        let groups = (0_u32..)
            .take(self.model.groups.len())
            .map(|ix| Holder::Group(GroupIx(ix)));
        let users = self.model.all_users().map(|(ix, _)| Holder::User(ix));
        let count = groups.chain(users).map(live).sum();
        if count > 0 {
            return Err(Refusal::InUse { count });
        }
        Ok(smallvec![Change::ProfileRetired {
            profile: row.profile.clone()
        }])
    }

    pub(super) fn conflict(&self, row: &policy::Conflict) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let set = resolve::conflict(self.model, row, &mut faults);
        if self.model.find_conflict(row.key.as_str()).is_ok() {
            faults.add(
                "key",
                Fault::DuplicateKey {
                    key: row.key.as_str().into(),
                },
            );
        }
        refused(Some(set), faults)?;
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::ConflictDeclared(row.clone())])
    }

    pub(super) fn except_conflict(&self, row: &ExceptConflict) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let user = faults.take("user", self.model.find_user(row.user.as_str()));
        let conflict = faults.take("conflict", self.model.find_conflict(row.conflict.as_str()));
        let (user, conflict) = refused(user.and_then(|user| Some((user, conflict?))), faults)?;
        let holder = Holder::User(user);
        self.admit(&[None], &[holder])?;
        let terms = Terms {
            until: Some(row.until),
            reason: Some(row.reason.clone()),
            replace: true,
            ..Terms::default()
        };
        let timeline = &self.model.holdings(holder).exceptions;
        let thing = Thing::Exception {
            conflict: row.conflict.clone(),
        };
        self.make(
            holder,
            timeline,
            &conflict,
            thing.clone(),
            &terms,
            |_, ()| thing.clone(),
        )
    }
}
