//! A tenant in another process: its state once, then its events as they come.

use alloc::string::String;
use core::fmt;

use crate::event::Event;
use crate::snapshot::Snapshot;
use crate::snapshot::SnapshotOptions;
use crate::tenant::Tenant;
use crate::tenant::Unfit;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Timestamp;

/// A copy of a tenant that follows its events, wherever it runs, and answers as the tenant does.
///
/// Whatever carries the tenant's state and its events may carry them twice or late: an event that is known already
/// is passed over, and one that comes before another that is missing is an error. Whoever wrote something asks with
/// the revision that the event had: a replica that is not there yet says so.
///
/// # Examples
///
/// ```
/// use bailiwick::policy::{self, Seats};
/// use bailiwick::{Actor, Command, Name, Policy, Replica, SnapshotOptions, Stamp, Tenant};
///
/// let policy = Policy::new(Name::new("Rio Vista")?);
/// let mut tenant = Tenant::found(&policy)?;
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// // The state travels as data, …
/// let sent = serde_json::to_string(&tenant)?;
/// let mut replica = Replica::new(serde_json::from_str(&sent)?, at, &SnapshotOptions::default());
/// // … and so do the events.
/// let mut step = |full| {
///     let seats = Seats { full: Some(full), administrator: None };
///     tenant.execute(&Stamp::new(at, Actor::System), &Command::SetSeats(seats))
/// };
/// let (first, second) = (step(1)?, step(2)?);
/// assert_eq!(replica.follow([&second]).unwrap_err().code(), "missed-events");
/// assert_eq!(replica.at_least(2).unwrap_err().code(), "behind");
/// replica.follow([&first, &second, &first])?;
/// assert_eq!(replica.at_least(2)?.revision(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Replica {
    tenant: Tenant,
    snapshot: Snapshot,
}

/// Why a replica cannot follow, or cannot answer yet.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplicaError {
    /// Events between the last that is known and this one are missing: they are to be sent again, or the state.
    MissedEvents {
        /// The revision that the replica is at.
        at: u64,
        /// The revision of the event that came.
        got: u64,
    },
    /// The event does not fit the state, which is to be sent again. One of another tenant, or one that was changed, is
    /// known only by that: where what comes may be mixed up, the host looks at the hashes of its journal.
    UnfitEvent(Unfit),
    /// The replica is not at the revision that was asked for.
    Behind {
        /// The revision that the replica is at.
        at: u64,
        /// The revision that was asked for.
        wanted: u64,
    },
}

impl Replica {
    /// A replica of the tenant in this state, compiled for an instant.
    #[must_use]
    pub fn new(tenant: Tenant, at: Timestamp, options: &SnapshotOptions) -> Self {
        let snapshot = tenant.snapshot(at, options);
        Self { tenant, snapshot }
    }

    /// Takes in events in the order of their revisions; those that are known are passed over.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::MissedEvents`] or [`ReplicaError::UnfitEvent`] at the first that cannot be taken in; those
    /// before it are.
    pub fn follow<'e>(
        &mut self,
        events: impl IntoIterator<Item = &'e Event, IntoIter: Clone>,
    ) -> Result<(), ReplicaError> {
        let (events, before) = (events.into_iter(), self.tenant.revision());
        let mut latest = None;
        let mut followed = Ok(());
        for event in events.clone() {
            followed = self.take_in(event);
            if followed.is_err() {
                break;
            }
            latest = latest.max(Some(event.at));
        }
        if let Some(at) = latest.filter(|_| self.tenant.revision() != before) {
            let known = events.take_while(|event| event.revision <= self.tenant.revision());
            self.snapshot.advance(&self.tenant, at, known);
        }
        followed
    }

    /// Compiles anew what has ended by an instant.
    pub fn refresh(&mut self, at: Timestamp) {
        self.snapshot.advance(&self.tenant, at, []);
    }

    /// The revision that it is at: the number of the tenant's events that it knows.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.tenant.revision()
    }

    /// What it answers from; a copy costs one count and stays as it is.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The same, for whoever must see their own writes: it is of that revision or a later one.
    ///
    /// # Errors
    ///
    /// [`ReplicaError::Behind`] if the replica is not there yet.
    pub fn at_least(&self, revision: u64) -> Result<&Snapshot, ReplicaError> {
        if self.revision() < revision {
            return Err(ReplicaError::Behind {
                at: self.revision(),
                wanted: revision,
            });
        }
        Ok(&self.snapshot)
    }

    /// The tenant as it is here.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    fn take_in(&mut self, event: &Event) -> Result<(), ReplicaError> {
        let at = self.tenant.revision();
        if event.revision <= at {
            return Ok(());
        }
        if event.revision > at + 1 {
            return Err(ReplicaError::MissedEvents {
                at,
                got: event.revision,
            });
        }
        self.tenant.replay(event).map_err(ReplicaError::UnfitEvent)
    }
}

impl ReplicaError {
    /// The stable code: `missed-events`, `unfit-event` or `behind`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissedEvents { .. } => "missed-events",
            Self::UnfitEvent(_) => "unfit-event",
            Self::Behind { .. } => "behind",
        }
    }
}

impl Localized for ReplicaError {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::MissedEvents { at, got } => language.choose(
                alloc::format!(
                    "event {got} came to a replica at revision {at}: events are missing"
                ),
                alloc::format!(
                    "el suceso {got} llegó a una réplica en la revisión {at}: faltan sucesos"
                ),
            ),
            Self::UnfitEvent(unfit) => unfit.localized(language),
            Self::Behind { at, wanted } => language.choose(
                alloc::format!("the replica is at revision {at}, before {wanted}"),
                alloc::format!("la réplica está en la revisión {at}, antes de la {wanted}"),
            ),
        }
    }
}

impl fmt::Display for ReplicaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for ReplicaError {}
