//! Commands on requests, campaigns, delegations and leavers.

use alloc::vec::Vec;

use crate::command::Command;
use crate::event::Changes;
use crate::governance::campaign::Outcome;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;

impl Deciding<'_> {
    pub(super) fn govern(&self, command: &Command) -> Result<Changes, Refusal> {
        match command {
            Command::Request(row) => self.request(row),
            Command::Approve(row) => self.approve(row),
            Command::Withdraw(row) => self.withdraw(row),
            Command::Provision(row) => self.provision(row),
            Command::Deny(row) => self.deny(row),
            Command::Delegate(row) => self.delegate(row),
            Command::Offboard(row) => self.offboard(row),
            Command::OpenCampaign(row) => self.open_campaign(row),
            Command::Certify(row) => self.verdict(row, Outcome::Certified),
            Command::RevokeItem(row) => self.verdict(row, Outcome::Revoked),
            Command::CloseCampaign(row) => self.close_campaign(row),
            Command::CancelCampaign(row) => self.cancel_campaign(row),
            _ => Err(Refusal::NotAuthorised {
                kind: self.kind,
                duties: Vec::new(),
            }),
        }
    }
}
