//! From a tenant to its snapshots.

use crate::event::Event;
use crate::snapshot::Snapshot;
use crate::snapshot::SnapshotOptions;
use crate::tenant::Tenant;
use crate::time::Timestamp;

impl Tenant {
    /// Compiles the tenant as it is, for asking about the instant and those after it until something changes.
    #[must_use]
    pub fn snapshot(&self, at: Timestamp, options: &SnapshotOptions) -> Snapshot {
        Snapshot::of(&self.model, self.revision, at, options)
    }
}

impl Snapshot {
    /// The snapshot of the tenant as it is now, for an instant, from this earlier one and the events since.
    ///
    /// It answers as one compiled anew would, and works out by itself what the events touched: only that is
    /// compiled again, and what has ended by the instant. Events that this snapshot knows are passed over; if one
    /// is missing, everything is compiled again. Without any event it is this snapshot, made ready for a later
    /// instant.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::policy::{Duty, Grant, Terms, User};
    /// use bailiwick::{Actor, Command, HolderKey, Name, Policy, SnapshotOptions, Stamp, Tenant};
    ///
    /// let mut policy = Policy::new(Name::new("Rio Vista")?);
    /// let key = "finance.funds.certify".parse()?;
    /// policy.duties.push(Duty::new(key));
    /// policy.users.push(User::new("ana".parse()?));
    /// let mut tenant = Tenant::found(&policy)?;
    /// let at = "2026-01-05T09:00:00Z".parse()?;
    /// let before = tenant.snapshot(at, &SnapshotOptions::default());
    /// let grant = Grant::new(HolderKey::User("ana".parse()?), "finance.funds.certify".parse()?);
    /// let event = tenant.execute(&Stamp::new(at, Actor::System), &Command::Grant(grant))?;
    /// let after = before.after(&tenant, at, [&event]);
    /// assert_eq!(after.as_of(at).allows("ana", "finance.funds.certify"), Ok(true));
    /// // The earlier one stays as it was.
    /// assert_eq!(before.as_of(at).allows("ana", "finance.funds.certify"), Ok(false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn after<'e>(
        &self,
        tenant: &Tenant,
        at: Timestamp,
        events: impl IntoIterator<Item = &'e Event>,
    ) -> Self {
        let mut after = self.clone();
        after.advance(tenant, at, events);
        after
    }

    /// Makes this snapshot what [`after`](Self::after) would give: for a host that has only this one. What no copy of
    /// it shares is changed where it is; copies stay as they were.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::policy::User;
    /// use bailiwick::{Actor, Command, Name, Policy, SnapshotOptions, Stamp, Tenant};
    ///
    /// let policy = Policy::new(Name::new("Rio Vista")?);
    /// let mut tenant = Tenant::found(&policy)?;
    /// let at = "2026-01-05T09:00:00Z".parse()?;
    /// let mut snapshot = tenant.snapshot(at, &SnapshotOptions::default());
    /// let copy = snapshot.clone();
    ///
    /// let add = Command::AddUser(User::new("ana".parse()?));
    /// let event = tenant.execute(&Stamp::new(at, Actor::System), &add)?;
    /// snapshot.advance(&tenant, at, [&event]);
    /// assert!(snapshot.user("ana").is_ok());
    /// assert!(copy.user("ana").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn advance<'e>(
        &mut self,
        tenant: &Tenant,
        at: Timestamp,
        events: impl IntoIterator<Item = &'e Event>,
    ) {
        self.take_in(&tenant.model, tenant.revision, at, events);
    }
}
