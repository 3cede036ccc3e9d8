//! Requests.

use crate::model::Model;
use crate::tenant::Context;
use crate::tenant::Misfit;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum RequestChange {}

/// All requests of a tenant.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Requests {}

impl Requests {
    pub(crate) fn apply(
        &mut self,
        change: &RequestChange,
        _: &Model,
        _: &Context<'_>,
    ) -> Result<(), Misfit> {
        match *change {}
    }
}
