//! Commands tried on what decisions are made from, and on nothing else.

use crate::command::Command;
use crate::event::Stamp;
use crate::machine::Context;
use crate::machine::apply_to;
use crate::model::Model;
use crate::refusal::Refusal;
use crate::tenant::Tenant;
use crate::tenant::decide::Deciding;
use crate::tenant::guard;

/// A tenant's access after commands of the host, given one after another at one instant.
///
/// They are decided and carried out as [`Tenant::execute`] does it, but on a copy of the model alone: what they would
/// leave in the log is not kept. So they are commands on access; any other is refused.
#[derive(Clone)]
pub(crate) struct Trial<'a> {
    tenant: &'a Tenant,
    stamp: &'a Stamp,
    pub(crate) model: Model,
    revision: u64,
}

impl<'a> Trial<'a> {
    /// Before any command.
    pub(crate) fn new(tenant: &'a Tenant, stamp: &'a Stamp) -> Self {
        Self {
            tenant,
            stamp,
            model: tenant.model.clone(),
            revision: tenant.revision,
        }
    }

    /// After one more command.
    pub(crate) fn after(&self, command: &Command) -> Result<Self, Refusal> {
        let deciding = Deciding {
            tenant: self.tenant,
            model: &self.model,
            stamp: self.stamp,
            kind: command.kind(),
            actor: None,
        };
        let changes = deciding.changes(command)?;
        let revision = self.revision + 1;
        let context = Context {
            at: self.stamp.at,
            by: &self.stamp.by,
            revision,
        };
        let mut model = self.model.clone();
        for change in &changes {
            apply_to(&mut model, change, &context).map_err(|_| Refusal::ConflictingEntry)?;
        }
        guard::check_made(&deciding, &changes, &model)?;
        Ok(Self {
            model,
            revision,
            ..*self
        })
    }

    /// After several more, given in order.
    pub(crate) fn after_all(&self, commands: &[Command]) -> Result<Self, Refusal> {
        let [first, rest @ ..] = commands else {
            return Ok(self.clone());
        };
        rest.iter()
            .try_fold(self.after(first)?, |trial, command| trial.after(command))
    }
}
