//! One tenant: its state, and everything that is asked of it or done to it.

use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::fault::Mistake;
use crate::fault::Places;
use crate::id::Unknown;
use crate::ix::DutyId;
use crate::ix::ScopeId;
use crate::ix::TeamId;
use crate::ix::UserId;
use crate::model::Model;
use crate::policy::Policy;
use crate::text::Name;
use crate::time::Timestamp;

mod found;
mod resolve;

/// One organisation: its catalog, its structure, its people and what they hold.
///
/// # Examples
///
/// ```
/// use bailiwick::{Decision, Name, Policy, Resource, Tenant, policy};
///
/// let mut policy = Policy::new(Name::new("Rio Vista")?);
/// policy.duties.push(policy::Duty {
///     key: "finance.funds.certify".parse()?,
///     label: None,
///     sensitivity: None,
///     seat: None,
/// });
/// let tenant = Tenant::found(&policy).map_err(|mistakes| mistakes[0].to_string())?;
/// assert_eq!(tenant.name().as_str(), "Rio Vista");
/// // Nobody is known yet, and unknown never means allowed: it is an error.
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let asked = tenant.as_of(at).check("ana", "finance.funds.certify", &Resource::default());
/// assert_eq!(asked.unwrap_err().code(), "unknown-user");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tenant {
    pub(crate) model: Model,
}

impl Tenant {
    /// Founds a tenant on a policy.
    ///
    /// # Errors
    ///
    /// Every mistake in the policy, each with its place and a stable code; nothing is founded then.
    pub fn found(policy: &Policy) -> Result<Self, Vec<Mistake>> {
        Self::found_at(policy, &Places::default(), Vec::new())
    }

    /// Founds a tenant on a policy that was read from a document, with the mistakes made there.
    pub(crate) fn found_at(
        policy: &Policy,
        places: &Places,
        mut mistakes: Vec<Mistake>,
    ) -> Result<Self, Vec<Mistake>> {
        let model = found::model(policy, places, &mut mistakes);
        if mistakes.is_empty() {
            Ok(Self { model })
        } else {
            Err(mistakes)
        }
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
            at,
        }
    }

    /// The handle of a user.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no user has the key.
    pub fn user(&self, key: &str) -> Result<UserId, Unknown> {
        self.model
            .find_user(key)
            .map(|ix| UserId::new(self.model.tag(), ix))
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
            .map(|ix| DutyId::new(self.model.tag(), ix))
    }

    /// The handle of a scope.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no scope has the key.
    pub fn scope(&self, key: &str) -> Result<ScopeId, Unknown> {
        self.model
            .find_scope(key)
            .map(|ix| ScopeId::new(self.model.tag(), ix))
    }

    /// The handle of a team.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no team has the key.
    pub fn team(&self, key: &str) -> Result<TeamId, Unknown> {
        self.model
            .find_team(key)
            .map(|ix| TeamId::new(self.model.tag(), ix))
    }
}
