//! Commands on requests, campaigns, delegations and leavers.

use crate::command::Command;
use crate::event::Changes;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;

impl Deciding<'_> {
    pub(super) fn govern(&self, _: &Command) -> Result<Changes, Refusal> {
        Err(Refusal::NotAuthorised {
            kind: self.kind,
            duty: None,
        })
    }
}
