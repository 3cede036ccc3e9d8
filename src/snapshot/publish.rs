//! Handing new snapshots to readers, who take no lock while nothing is new.

use alloc::sync::Arc;
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::snapshot::Snapshot;

/// Where a writer puts each new snapshot.
///
/// # Examples
///
/// ```
/// use bailiwick::{Actor, Command, Name, Policy, Publisher, SnapshotOptions, Stamp, Tenant, policy};
///
/// let policy = Policy::new(Name::new("Rio Vista")?);
/// let mut tenant = Tenant::found(&policy)?;
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// // The writer keeps the newest snapshot for itself too: it makes the next one from it.
/// let mut newest = tenant.snapshot(at, &SnapshotOptions::default());
/// let publisher = Publisher::new(newest.clone());
/// let mut reader = publisher.reader();
/// let users = |reader: &mut bailiwick::Reader| reader.snapshot().as_of(at).users().len();
/// assert_eq!(users(&mut reader), 0);
///
/// let add = Command::AddUser(policy::User::new("ana".parse()?));
/// let event = tenant.execute(&Stamp::new(at, Actor::System), &add)?;
/// newest = newest.after(&tenant, at, [&event]);
/// // What is made is not known yet; what is published is, to every reader at its next question.
/// assert_eq!(users(&mut reader), 0);
/// publisher.publish(newest.clone());
/// assert_eq!(users(&mut reader), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Publisher {
    shared: Arc<Shared>,
}

/// Follows the published snapshots: one for each thread that asks.
#[derive(Clone, Debug)]
pub struct Reader {
    shared: Arc<Shared>,
    version: u64,
    snapshot: Snapshot,
}

#[derive(Debug)]
struct Shared {
    version: AtomicU64,
    newest: Mutex<Snapshot>,
}

impl Publisher {
    /// Publishes a first snapshot.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            shared: Arc::new(Shared {
                version: AtomicU64::new(0),
                newest: Mutex::new(snapshot),
            }),
        }
    }

    /// Publishes a snapshot: from now on readers answer from it.
    pub fn publish(&self, snapshot: Snapshot) {
        let mut newest = self
            .shared
            .newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = core::mem::replace(&mut *newest, snapshot);
        self.shared.version.fetch_add(1, Ordering::Release);
        drop(newest);
        drop(before);
    }

    /// A reader that has the newest snapshot.
    #[must_use]
    pub fn reader(&self) -> Reader {
        let (version, snapshot) = self.shared.newest();
        Reader {
            shared: Arc::clone(&self.shared),
            version,
            snapshot,
        }
    }
}

impl Reader {
    /// The newest snapshot. Unless one was published since the last call, this only compares two numbers.
    #[inline]
    pub fn snapshot(&mut self) -> &Snapshot {
        if self.shared.version.load(Ordering::Acquire) != self.version {
            self.refresh();
        }
        &self.snapshot
    }

    #[cold]
    fn refresh(&mut self) {
        (self.version, self.snapshot) = self.shared.newest();
    }
}

impl Shared {
    fn newest(&self) -> (u64, Snapshot) {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        (self.version.load(Ordering::Acquire), newest.clone())
    }
}
