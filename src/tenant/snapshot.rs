//! From a tenant to its snapshots.

use crate::snapshot::Snapshot;
use crate::snapshot::SnapshotOptions;
use crate::snapshot::Touched;
use crate::tenant::Tenant;
use crate::time::Timestamp;

impl Tenant {
    /// Compiles the tenant as it is, for asking about the instant and those after it until something changes.
    #[must_use]
    pub fn snapshot(&self, at: Timestamp, options: &SnapshotOptions) -> Snapshot {
        Snapshot::of(&self.model, at, options)
    }
}

impl Snapshot {
    /// The snapshot of the tenant as it is now, from this earlier one and what was touched since.
    ///
    /// It answers as one compiled anew would; only what was touched is compiled again.
    #[must_use]
    pub fn after(&self, tenant: &Tenant, at: Timestamp, touched: &Touched) -> Self {
        self.after_change(&tenant.model, at, touched)
    }
}
