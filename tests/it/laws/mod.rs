//! Laws: what holds of every answer, whatever the policy.

mod agreement;
mod algebra;
mod change;
mod exhaustive;
mod sameness;
pub(crate) mod small;
mod time;
pub(crate) mod town;
mod visit;
