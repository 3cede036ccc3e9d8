//! What surrounds access: requests, campaigns, delegations, offboarding.

use crate::model::Model;
use crate::tenant::Context;
use crate::tenant::Misfit;

/// What became of a request, a campaign, a delegation or a record in the host's hands.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Governed {}

/// The state of requests, campaigns and delegations.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Governance {}

impl Governance {
    /// Carries out one change.
    pub(crate) fn apply(
        &mut self,
        change: &Governed,
        _: &mut Model,
        _: &Context<'_>,
    ) -> Result<(), Misfit> {
        match *change {}
    }
}
