//! One tenant: its state, and everything that is asked of it or done to it.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::command::Command;
use crate::event::Event;
use crate::event::Stamp;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::fault::Places;
use crate::governance::Governance;
use crate::id::Unknown;
use crate::ix::DutyId;
use crate::ix::ScopeId;
use crate::ix::TeamId;
use crate::ix::UserId;
use crate::model::Model;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::text::Name;
use crate::time::Timestamp;

mod access;
mod apply;
mod campaigns;
mod decide;
mod found;
mod govern;
pub(crate) mod guard;
mod kept;
mod offboard;
mod people;
mod requests;
mod resolve;
mod snapshot;
mod structure;
pub(crate) mod trial;

pub use apply::Unfit;

/// How many command ids a tenant remembers unless it is told otherwise.
const MEMORY: usize = 1_024;

/// One organisation: its catalog, its structure, its people and what they hold.
///
/// # Examples
///
/// ```
/// use bailiwick::{Decision, Name, Policy, Resource, Tenant, policy};
///
/// let mut policy = Policy::new(Name::new("Rio Vista")?);
/// policy.duties.push(policy::Duty::new("finance.funds.certify".parse()?));
/// let tenant = Tenant::found(&policy)?;
/// assert_eq!(tenant.name().as_str(), "Rio Vista");
/// // Nobody is known yet, and unknown never means allowed: it is an error.
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let asked = tenant.as_of(at).check("ana", "finance.funds.certify", &Resource::default());
/// assert_eq!(asked.unwrap_err().code(), "unknown-user");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Stored"))]
pub struct Tenant {
    pub(crate) model: Model,
    pub(crate) governance: Governance,
    /// The number of events so far.
    pub(crate) revision: u64,
    /// The last event's instant.
    pub(crate) last: Option<Timestamp>,
    /// The command ids that are remembered, oldest first, with the revisions of their events.
    ids: VecDeque<(Name, u64)>,
    memory: usize,
}

impl Tenant {
    /// Founds a tenant on a policy.
    ///
    /// # Errors
    ///
    /// Every mistake in the policy, each with its place and a stable code; nothing is founded then.
    pub fn found(policy: &Policy) -> Result<Self, Mistakes> {
        Self::found_at(policy, &Places::default(), Vec::new()).map_err(Mistakes::of)
    }

    /// Founds a tenant on a policy that was read from a document, with the mistakes made there.
    pub(crate) fn found_at(
        policy: &Policy,
        places: &Places,
        mut mistakes: Vec<Mistake>,
    ) -> Result<Self, Vec<Mistake>> {
        let model = found::model(policy, places, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let mut governance = Governance::default();
        governance.campaigns.schedules = Arc::new(policy.schedules.clone());
        Ok(Self {
            model,
            governance,
            revision: 0,
            last: None,
            ids: VecDeque::new(),
            memory: MEMORY,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.model.name
    }

    /// The tenant at an instant: every question is asked of this.
    #[must_use]
    pub fn as_of(&self, at: Timestamp) -> AsOf<'_> {
        AsOf {
            model: &self.model,
            governance: Some(&self.governance),
            at,
        }
    }

    /// Decides a command and carries it out.
    ///
    /// The event is what the host stores: [`replay`](Self::replay)ing it on the state as it was gives the state
    /// as it is now.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that [`decide`](Self::decide) gives; the tenant is as it was then.
    pub fn execute(&mut self, stamp: &Stamp, command: &Command) -> Result<Event, Refusal> {
        let event = self.decide(stamp, command)?;
        // An event that was decided on this very state fits it; if it did not, it would leave no trace.
        self.apply(&event).map_err(|_| Refusal::ConflictingEntry)?;
        Ok(event)
    }

    /// The number of events so far; a command decided against it can say so in its stamp.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The last event's instant, if there was one: no command can be earlier.
    #[must_use]
    pub fn last_event(&self) -> Option<Timestamp> {
        self.last
    }

    /// How many of the latest command ids are remembered: giving a command again is harmless for as long.
    ///
    /// The default is 1,024; nothing else depends on it.
    pub fn remember_ids(&mut self, most: usize) {
        self.memory = most;
        while self.ids.len() > most {
            self.ids.pop_front();
        }
    }

    /// The revision of the event of a command id, if it is remembered.
    pub(crate) fn remembered(&self, id: &Name) -> Option<u64> {
        self.ids
            .iter()
            .rev()
            .find(|(known, _)| known == id)
            .map(|(_, revision)| *revision)
    }

    fn remember(&mut self, id: Name, revision: u64) {
        self.ids.push_back((id, revision));
        self.remember_ids(self.memory);
    }

    /// The handle of a user.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no user has the key.
    pub fn user(&self, key: &str) -> Result<UserId, Unknown> {
        self.model
            .find_user(key)
            .map(|ix| UserId::new(self.model.tag, ix))
    }

    /// The handle of a duty.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no duty has the key.
    pub fn duty(&self, key: &str) -> Result<DutyId, Unknown> {
        self.model
            .catalog
            .duty(key)
            .map(|ix| DutyId::new(self.model.tag, ix))
    }

    /// The handle of a scope.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no scope has the key.
    pub fn scope(&self, key: &str) -> Result<ScopeId, Unknown> {
        self.model
            .find_scope(key)
            .map(|ix| ScopeId::new(self.model.tag, ix))
    }

    /// The handle of a team.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no team has the key.
    pub fn team(&self, key: &str) -> Result<TeamId, Unknown> {
        self.model
            .find_team(key)
            .map(|ix| TeamId::new(self.model.tag, ix))
    }
}

/// A tenant as it is stored: its indexes are made anew when it is read.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    model: Model,
    governance: Governance,
    #[serde(deserialize_with = "countable")]
    revision: u64,
    last: Option<Timestamp>,
    ids: VecDeque<(Name, u64)>,
    memory: usize,
}

/// A number of events that leaves room for more than there will ever be.
#[cfg(feature = "serde")]
fn countable<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let revision = serde::Deserialize::deserialize(deserializer)?;
    if revision > u64::MAX / 2 {
        let most = "no tenant has had so many events";
        return Err(serde::de::Error::custom(most));
    }
    Ok(revision)
}

#[cfg(feature = "serde")]
impl From<Stored> for Tenant {
    fn from(stored: Stored) -> Self {
        let Stored {
            mut model,
            governance,
            revision,
            last,
            ids,
            memory,
        } = stored;
        model.rebuild();
        Self {
            model,
            governance,
            revision,
            last,
            ids,
            memory,
        }
    }
}

#[cfg(all(test, feature = "json"))]
#[expect(
    clippy::unwrap_used,
    reason = "a test that cannot found its tenants has failed"
)]
mod tests {
    use super::*;

    #[test]
    fn tenants_that_are_read_back_share_a_built_in_catalog_that_is_still_the_same() {
        for name in ["civic", "construction"] {
            let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
            policy.catalog = Some(name.parse().unwrap());
            let read = |policy: &Policy| -> (Tenant, Tenant) {
                let tenant = Tenant::found(policy).unwrap();
                let stored = serde_json::to_string(&tenant).unwrap();
                (tenant, serde_json::from_str(&stored).unwrap())
            };
            let (tenant, again) = read(&policy);
            assert!(Arc::ptr_eq(&tenant.model.catalog, &again.model.catalog));
            policy
                .duties
                .push(crate::policy::Duty::new("town.bells.ring".parse().unwrap()));
            let (added, again) = read(&policy);
            assert_eq!(again.model.catalog, added.model.catalog);
            assert!(!Arc::ptr_eq(&again.model.catalog, &added.model.catalog));
            assert_eq!(again.model.catalog.len(), tenant.model.catalog.len() + 1);
        }
    }
}
