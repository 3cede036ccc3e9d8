//! Laws: what holds of every answer, whatever the policy.

mod agreement;
mod algebra;
mod change;
mod sameness;
mod time;
pub(crate) mod town;
