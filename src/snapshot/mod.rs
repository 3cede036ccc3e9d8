//! The compiled, immutable answer: what a host asks on its hot path.

use alloc::sync::Arc;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use crate::id::Unknown;
use crate::ix::DutyId;
use crate::ix::ScopeId;
use crate::ix::Tag;
use crate::ix::TeamId;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::model::Model;
use crate::snapshot::classes::Classes;
use crate::snapshot::columns::Columns;
use crate::snapshot::compile::Compiler;
use crate::snapshot::flat::words_for;
use crate::snapshot::hash::short;
use crate::snapshot::index::UserRows;
use crate::snapshot::index::WIDTH;
use crate::snapshot::keys::Texts;
use crate::snapshot::names::Names;
use crate::snapshot::rows::Rows;
use crate::time::Timestamp;

/// Runs code for the type that holds planes of so many words.
macro_rules! with_words {
    ($words:expr, $bits:ident => $code:block) => {
        match $words {
            1 => {
                type $bits = $crate::snapshot::flat::Few<1>;
                $code
            }
            2 => {
                type $bits = $crate::snapshot::flat::Few<2>;
                $code
            }
            3 => {
                type $bits = $crate::snapshot::flat::Few<3>;
                $code
            }
            4 => {
                type $bits = $crate::snapshot::flat::Few<4>;
                $code
            }
            _ => {
                type $bits = $crate::snapshot::flat::Many;
                $code
            }
        }
    };
}

mod ask;
mod bulk;
mod change;
mod class;
mod classes;
mod columns;
mod compile;
mod flat;
mod hash;
mod index;
mod keys;
mod names;
mod pile;
#[cfg(feature = "std")]
mod publish;
mod row;
mod rows;
mod sets;
mod slots;
mod touched;

pub use ask::SnapshotAsOf;
pub use hash::HashKey;
#[cfg(feature = "std")]
pub use publish::Publisher;
#[cfg(feature = "std")]
pub use publish::Reader;
pub use sets::Duties;
pub use sets::Users;

/// How a snapshot is made.
#[derive(Clone, Debug, Default)]
pub struct SnapshotOptions {
    /// What its indexes hash with. Without one they are ordered: slower, and the answers are the same.
    pub hash_key: Option<HashKey>,
}

/// A tenant as it was when the snapshot was taken, compiled for asking.
///
/// Whatever happens to the tenant, it stays as it is and blocks nobody, until its holder
/// [advances](Self::advance) it; a copy costs one count and keeps what it has. What was compiled holds from the instant of the snapshot until something that a user has begins or ends; at all other
/// instants the rule itself answers: more slowly, never differently.
///
/// # Examples
///
/// ```
/// use bailiwick::{Name, Policy, Resource, SnapshotOptions, Tenant, policy};
///
/// let mut policy = Policy::new(Name::new("Rio Vista")?);
/// policy.duties.push(policy::Duty::new("finance.funds.certify".parse()?));
/// let tenant = Tenant::found(&policy)?;
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let snapshot = tenant.snapshot(at, &SnapshotOptions::default());
/// let asked = snapshot.as_of(at).check("ana", "finance.funds.certify", &Resource::default());
/// assert_eq!(asked.unwrap_err().code(), "unknown-user");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

/// What copies of a snapshot share.
#[derive(Debug)]
struct Inner {
    model: Model,
    /// The number of the tenant's events that it knows.
    revision: u64,
    tag: Tag,
    /// How many duties the rows speak of.
    duties: usize,
    /// From when the rows hold; each says itself until when.
    from: i64,
    /// The end of the row that ends first, or an earlier instant.
    until: i64,
    index: UserRows,
    rows: Rows,
    classes: Classes,
    /// Rows that no user has any more.
    dead: usize,
    names: Option<Names>,
    hash_key: Option<HashKey>,
    columns: OnceBox<Columns>,
}

/// The heap that a snapshot takes beyond what it shares with its tenant, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// For answering: which row is whose, the rows, and what they were compiled from.
    pub decisions: usize,
    /// For finding users and duties by key.
    pub names: usize,
    /// For counting who can, if that was ever asked for.
    pub columns: usize,
}

impl Snapshot {
    /// Compiles a tenant's model.
    pub(crate) fn of(
        model: &Model,
        revision: u64,
        at: Timestamp,
        options: &SnapshotOptions,
    ) -> Self {
        Self::compile(model, revision, at, options.hash_key.clone(), None)
    }

    fn compile(
        model: &Model,
        revision: u64,
        at: Timestamp,
        hash_key: Option<HashKey>,
        names: Option<Names>,
    ) -> Self {
        let words = words_for(model.catalog.len());
        let mut rows = Rows::new(words);
        let mut classes = Classes::new(hash_key.as_ref());
        let mut index = UserRows::new(model.users.len());
        let mut numbers = Vec::with_capacity(WIDTH);
        let wanted = hash_key.as_ref().filter(|_| names.is_none());
        let mut keys = wanted.map(|_| Texts::new(model.users.len(), names::LENGTH));
        with_words!(words, B => {
            let mut compiler = Compiler::<B>::new(model, at);
            compiler.take_profiles();
            // Run by run, so that the rows find at hand what the keys had to wait for.
            for run in model.users.runs() {
                if let Some(keys) = &mut keys {
                    for user in run {
                        keys.add(user.key.as_str());
                    }
                }
                for user in run {
                    let ix = UserIx(short(index.len() + numbers.len()));
                    numbers.push(compiler.user(ix, user, &mut rows, &mut classes));
                    if numbers.len() == WIDTH {
                        index.extend(&numbers);
                        numbers.clear();
                    }
                }
            }
            index.extend(&numbers);
        });
        rows.settle(true);
        classes.settle(true, hash_key.as_ref());
        let made = keys
            .zip(wanted)
            .map(|(keys, key)| Names::new(keys, &model.catalog, key));
        let until = rows.first_end();
        Self {
            inner: Arc::new(Inner {
                revision,
                tag: model.tag,
                duties: model.catalog.len(),
                from: at.as_unix(),
                until,
                index,
                rows,
                classes,
                dead: 0,
                names: names.or(made),
                hash_key,
                columns: OnceBox::new(),
                model: model.clone(),
            }),
        }
    }

    /// The snapshot at an instant: every question is asked of this.
    #[must_use]
    #[inline]
    pub fn as_of(&self, at: Timestamp) -> SnapshotAsOf<'_> {
        SnapshotAsOf::new(&self.inner, at)
    }

    /// The handle of a user.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no user has the key.
    pub fn user(&self, key: &str) -> Result<UserId, Unknown> {
        let ix = self.inner.find_user(key)?;
        Ok(UserId::new(self.inner.tag, ix))
    }

    /// The handle of a duty.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no duty has the key.
    pub fn duty(&self, key: &str) -> Result<DutyId, Unknown> {
        let ix = self.inner.find_duty(key)?;
        Ok(DutyId::new(self.inner.tag, ix))
    }

    /// The handle of a scope.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no scope has the key.
    pub fn scope(&self, key: &str) -> Result<ScopeId, Unknown> {
        let ix = self.inner.model.find_scope(key)?;
        Ok(ScopeId::new(self.inner.tag, ix))
    }

    /// The handle of a team.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no team has the key.
    pub fn team(&self, key: &str) -> Result<TeamId, Unknown> {
        let ix = self.inner.model.find_team(key)?;
        Ok(TeamId::new(self.inner.tag, ix))
    }

    /// The tenant's revision when it was taken: whoever wrote something can tell whether it is seen here.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.inner.revision
    }

    /// The instant from which on nothing is sure to be compiled: a later snapshot answers faster then. `None` if
    /// time alone changes nothing.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        Timestamp::from_unix(self.inner.until).ok()
    }

    /// The heap that it takes beyond what it shares with its tenant.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let inner = &*self.inner;
        Memory {
            decisions: inner.index.heap() + inner.rows.heap() + inner.classes.heap(),
            names: inner.names.as_ref().map_or(0, Names::heap),
            columns: inner.columns.get().map_or(0, Columns::heap),
        }
    }

    /// How many different rows there are: one that users share who are in the same groups and are assigned the same
    /// profiles, and those of users who have more than that. After changes it is about that many: of rows that may
    /// still be others', some are counted out.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.inner.rows.len().saturating_sub(self.inner.dead)
    }
}

impl Inner {
    fn find_user(&self, key: &str) -> Result<crate::ix::UserIx, Unknown> {
        match self.names.as_ref().and_then(|names| names.user(key)) {
            Some(user) => Ok(user),
            None => self.model.find_user(key),
        }
    }

    fn find_duty(&self, key: &str) -> Result<crate::ix::DutyIx, Unknown> {
        match self.names.as_ref().and_then(|names| names.duty(key)) {
            Some(duty) => Ok(duty),
            None => self.model.catalog.duty(key),
        }
    }

    /// Whether all rows hold at an instant.
    fn all_hold(&self, at: i64) -> bool {
        self.from <= at && at < self.until
    }
}
