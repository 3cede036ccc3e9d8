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
use crate::time::Timestamp;

/// An event does not fit the tenant: it was made from another state, or changed since. It may grow with the library.
///
/// # Examples
///
/// ```
/// use bailiwick::{Actor, Command, Name, Policy, Stamp, Tenant, policy};
///
/// let mut tenant = Tenant::found(&Policy::new(Name::new("Rio Vista")?))?;
/// let add = Command::AddUser(policy::User::new("ana".parse()?));
/// let stamp = Stamp::new("2026-01-05T09:00:00Z".parse()?, Actor::System);
/// let event = tenant.execute(&stamp, &add)?;
/// // What is known already is told apart from what is missing in between.
/// let unfit = tenant.replay(&event).unwrap_err();
/// assert_eq!(unfit.code(), "not-next");
/// assert_eq!(unfit.to_string(), "event 1 is known already: the next is 2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
#[non_exhaustive]
pub enum Unfit {
    /// It is written in a form that this version of the library does not know.
    UnknownSchema {
        /// The event's revision.
        revision: u64,
        /// The version of its form.
        schema: u16,
    },
    /// It is not the next one: it is known already, or events before it are missing.
    NotNext {
        /// The event's revision.
        revision: u64,
        /// That of the next one.
        next: u64,
    },
    /// It is earlier than the last event.
    OutOfOrder {
        /// The event's revision.
        revision: u64,
        /// When the last event was.
        last: Timestamp,
    },
    /// What one of its changes says was before was not so.
    OtherBefore {
        /// The event's revision.
        revision: u64,
        /// Which change, from 1.
        change: usize,
    },
}

impl Unfit {
    /// The stable code: `unknown-schema`, `not-next`, `out-of-order` or `other-before`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSchema { .. } => "unknown-schema",
            Self::NotNext { .. } => "not-next",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::OtherBefore { .. } => "other-before",
        }
    }

    /// The event's revision.
    #[must_use]
    pub fn revision(&self) -> u64 {
        match self {
            Self::UnknownSchema { revision, .. }
            | Self::NotNext { revision, .. }
            | Self::OutOfOrder { revision, .. }
            | Self::OtherBefore { revision, .. } => *revision,
        }
    }
}

impl Localized for Unfit {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::UnknownSchema { revision, schema } => language.choose(
                format!("event {revision} is written in form {schema}, known is {SCHEMA}"),
                format!("el suceso {revision} tiene la forma {schema}; se conoce la {SCHEMA}"),
            ),
            Self::NotNext { revision, next } if revision < next => language.choose(
                format!("event {revision} is known already: the next is {next}"),
                format!("el suceso {revision} ya se conoce: el siguiente es el {next}"),
            ),
            Self::NotNext { revision, next } => language.choose(
                format!("event {revision} comes too early: {next} is missing"),
                format!("el suceso {revision} llega demasiado pronto: falta el {next}"),
            ),
            Self::OutOfOrder { revision, last } => language.choose(
                format!("event {revision} is earlier than the last one, at {last}"),
                format!("el suceso {revision} es anterior al último, de {last}"),
            ),
            Self::OtherBefore { revision, change } => language.choose(
                format!("event {revision} does not fit the state at its change {change}"),
                format!("el suceso {revision} no concuerda con el estado en su cambio {change}"),
            ),
        }
    }
}

impl Tenant {
    /// Takes in an event that was stored before: it must fit the state.
    ///
    /// # Errors
    ///
    /// [`Unfit`] if it does not; the tenant is as it was then.
    pub fn replay(&mut self, event: &Event) -> Result<(), Unfit> {
        let (revision, next) = (event.revision, self.revision + 1);
        if event.schema != SCHEMA {
            let schema = event.schema;
            return Err(Unfit::UnknownSchema { revision, schema });
        }
        if revision != next {
            return Err(Unfit::NotNext { revision, next });
        }
        if let Some(last) = self.last.filter(|last| event.at < *last) {
            return Err(Unfit::OutOfOrder { revision, last });
        }
        self.apply(event)
            .map_err(|change| Unfit::OtherBefore { revision, change })
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
