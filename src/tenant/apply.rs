//! Applying events: the one place where a tenant's fields are written.

use alloc::format;
use alloc::string::String;

use crate::event::Change;
use crate::event::Event;
use crate::event::SCHEMA;
use crate::machine::Context;
use crate::machine::Misfit;
use crate::machine::apply_to;
use crate::tenant::Tenant;
use crate::text::Language;
use crate::text::Localized;

/// An event does not fit the tenant: it was made from another state, or changed since.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {revision} does not fit the state at its change {change}")]
pub struct Unfit {
    /// The event's revision.
    pub revision: u64,
    /// Which of its changes does not fit, from 1; 0 if it is the event itself: its schema, its revision or its
    /// instant.
    pub change: usize,
}

impl Localized for Unfit {
    fn localized(&self, language: Language) -> String {
        let Self { revision, change } = self;
        language.choose(
            format!("{self}"),
            format!("el suceso {revision} no concuerda con el estado en su cambio {change}"),
        )
    }
}

impl Tenant {
    /// Takes in an event that was stored before: it must fit the state.
    ///
    /// # Errors
    ///
    /// [`Unfit`] if it does not; the tenant is as it was then.
    pub fn replay(&mut self, event: &Event) -> Result<(), Unfit> {
        let unfit = |change| Unfit {
            revision: event.revision,
            change,
        };
        let in_order = self.last.is_none_or(|last| last <= event.at);
        if event.schema != SCHEMA || event.revision != self.revision + 1 || !in_order {
            return Err(unfit(0));
        }
        self.apply(event).map_err(unfit)
    }

    /// Carries out an event's changes in order; if one does not fit, none is made, and its number is told.
    pub(super) fn apply(&mut self, event: &Event) -> Result<(), usize> {
        let kept = self.keep(&event.changes);
        let applied = self.apply_changes(event);
        if applied.is_err() {
            self.put_back(kept);
        }
        applied
    }

    fn apply_changes(&mut self, event: &Event) -> Result<(), usize> {
        let context = Context {
            at: event.at,
            by: &event.by,
            revision: event.revision,
        };
        for (n, change) in event.changes.iter().enumerate() {
            self.apply_change(change, &context)
                .map_err(|Misfit| n + 1)?;
        }
        self.revision = event.revision;
        self.last = Some(event.at);
        if let Some(id) = &event.id {
            self.remember(id.clone(), event.revision);
        }
        Ok(())
    }

    fn apply_change(&mut self, change: &Change, context: &Context<'_>) -> Result<(), Misfit> {
        match change {
            Change::Governed(governed) => self.governance.apply(governed, &self.model, context),
            change => {
                apply_to(&mut self.model, change, context)?;
                self.governance.follow(change, &self.model);
                Ok(())
            }
        }
    }
}
