//! What events touch of that from which rows are made.

use alloc::vec::Vec;

use crate::event::Change;
use crate::event::Event;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::GroupIx;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::Model;
use crate::snapshot::names::Names;

/// What changed in a tenant since a snapshot of it was taken, apart from users, scopes and the like that were
/// added. It may name too much, never too little.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) everything: bool,
    pub(super) everyone: bool,
    pub(super) users: Vec<UserIx>,
    pub(super) groups: Vec<GroupIx>,
    pub(super) profiles: Vec<ProfileIx>,
    /// Whether limits reach everyone in the same way as before, but for these users.
    pub(super) keeps_limits: bool,
}

impl Touched {
    /// Takes in what an event changed, by the model after it.
    pub(super) fn see(&mut self, event: &Event, model: &Model, names: Option<&Names>) {
        for change in &event.changes {
            match change {
                Change::Made(made) => self.holder(&made.holder, model, names),
                Change::Ended { holder, .. } => self.holder(holder, model, names),
                Change::PersonChanged { user, .. } => self.user(user, model, names),
                Change::ProfileDefined { after, .. } => self.profile(&after.key, model),
                Change::ProfileRetired { profile } => self.profile(profile, model),
                Change::ModuleAdded(_)
                | Change::DutyAdded(_)
                | Change::ModuleSwitched { .. }
                | Change::ModeChanged { .. } => self.everything = true,
                // No row depends on these, and who was added is seen by the number of users.
                Change::UserAdded(_)
                | Change::Certified { .. }
                | Change::ScopeAdded(_)
                | Change::TeamAdded(_)
                | Change::GroupAdded(_)
                | Change::DepartmentAdded(_)
                | Change::HeadChanged { .. }
                | Change::SeatsChanged { .. }
                | Change::ConflictDeclared(_)
                | Change::Governed(_) => {}
            }
        }
    }

    fn holder(&mut self, holder: &HolderKey, model: &Model, names: Option<&Names>) {
        match holder {
            HolderKey::Everyone => self.everyone = true,
            HolderKey::Group(group) => match model.find_group(group.as_str()) {
                Ok(group) => self.groups.push(group),
                Err(_) => self.everything = true,
            },
            HolderKey::User(user) => self.user(user, model, names),
        }
    }

    fn user(&mut self, user: &UserKey, model: &Model, names: Option<&Names>) {
        let quick = names.and_then(|names| names.user(user.as_str()));
        match quick.map_or_else(|| model.find_user(user.as_str()), Ok) {
            Ok(user) if self.users.last() == Some(&user) => {}
            Ok(user) => self.users.push(user),
            Err(_) => self.everything = true,
        }
    }

    fn profile(&mut self, profile: &Key, model: &Model) {
        match model.find_any_profile(profile.as_str()) {
            Ok(profile) => self.profiles.push(profile),
            Err(_) => self.everything = true,
        }
    }
}
