//! Questions to a snapshot at an instant.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Decision;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::decision::decide;
use crate::filter::Filter;
use crate::id::DutyKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::ix::ScopeId;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::policy::Seat;
use crate::snapshot::Inner;
use crate::snapshot::flat::bit_of;
use crate::snapshot::flat::contains;
use crate::snapshot::flat::unite;
use crate::snapshot::flat::word_of;
use crate::snapshot::index::Block;
use crate::snapshot::index::row_of;
use crate::snapshot::row::Head;
use crate::snapshot::row::NEVER;
use crate::snapshot::row::Row;
use crate::snapshot::sets::Duties;
use crate::time::Timestamp;

/// A snapshot at an instant. It answers questions about access as [`AsOf`] does.
///
/// What it does not answer itself, such as [`explain`](AsOf::explain), is asked by [`directly`](Self::directly).
#[derive(Clone, Copy)]
pub struct SnapshotAsOf<'a> {
    pub(super) inner: &'a Inner,
    pub(super) at: Timestamp,
    /// What a check needs, at hand: the instant, beyond the end of every row if it comes before rows hold; …
    instant: i64,
    /// … whose row is where …
    index: &'a [Arc<Block>],
    /// … and the rows.
    table: &'a [u64],
}

impl<'a> SnapshotAsOf<'a> {
    #[inline]
    pub(super) fn new(inner: &'a Inner, at: Timestamp) -> Self {
        let instant = at.as_unix();
        Self {
            inner,
            at,
            instant: if instant < inner.from { NEVER } else { instant },
            index: inner.index.table(),
            table: inner.rows.table(),
        }
    }

    /// The instant.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// The same tenant at the same instant, asked of the rule itself.
    ///
    /// A snapshot holds no requests and no campaigns: those are asked of [`Tenant::as_of`](crate::Tenant::as_of).
    #[must_use]
    pub fn directly(self) -> AsOf<'a> {
        AsOf::access(&self.inner.model, self.at)
    }

    /// Whether the user may perform the duty on a record of which nothing is said: one that is public, untagged,
    /// at the root, and with which the user is not associated.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or the duty is unknown.
    #[inline]
    pub fn allows<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
    ) -> Result<bool, QuestionError> {
        let (user, duty) = (user.into(), duty.into());
        let (Ref::Handle(user), Ref::Handle(duty)) = (user, duty) else {
            return allows_by_key(self.inner, self.at, user, duty);
        };
        if let Some((user, duty)) = self.positions(user, duty)
            && let Some(allows) = self.permitted(user, duty)
        {
            return Ok(allows);
        }
        allows_by_rule(self.inner, self.at, user, duty)
    }

    /// Whether the user may perform the duty on the record (rules 3 and 4).
    ///
    /// # Errors
    ///
    /// As [`AsOf::check`].
    #[inline]
    pub fn check<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Decision, QuestionError> {
        let (user, duty) = (user.into(), duty.into());
        let (Ref::Handle(user), Ref::Handle(duty)) = (user, duty) else {
            return check_by_key(self.inner, self.at, user, duty, resource);
        };
        if is_plain_at_root(resource)
            && let Some((user, duty)) = self.positions(user, duty)
            && let Some(decision) = self.in_brief(user, duty)
        {
            return Ok(decision);
        }
        check_by_rule(self.inner, self.at, user, duty, resource)
    }

    /// The user's level on a laddered object (rule 4).
    ///
    /// # Errors
    ///
    /// As [`AsOf::level`].
    pub fn level<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        object: &str,
        resource: &Resource<'_>,
    ) -> Result<Option<&'a Key>, QuestionError> {
        self.directly()
            .level(self.known(user.into())?, object, resource)
    }

    /// The lowest of the user's levels on several objects with the same rungs (rule 4).
    ///
    /// # Errors
    ///
    /// As [`AsOf::level_across`].
    pub fn level_across<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        objects: &[&str],
        resource: &Resource<'_>,
    ) -> Result<Option<&'a Key>, QuestionError> {
        self.directly()
            .level_across(self.known(user.into())?, objects, resource)
    }

    /// The duties that the user may perform on a public record without team, qualifiers or amount, in catalog
    /// order.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or the scope is unknown.
    pub fn effective<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        scope: Option<Ref<'_, ScopeId>>,
        associated: bool,
    ) -> Result<Vec<&'a DutyKey>, QuestionError> {
        let duties = self.effective_set(user, scope, associated)?;
        let catalog = &self.inner.model.catalog;
        let keys = duties.positions().filter_map(|duty| catalog.get(duty));
        Ok(keys.map(|duty| &duty.key).collect())
    }

    /// The same as a set.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or the scope is unknown.
    #[inline]
    pub fn effective_set<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        scope: Option<Ref<'_, ScopeId>>,
        associated: bool,
    ) -> Result<Duties<'a>, QuestionError> {
        let user = user.into();
        if scope.is_none()
            && let Ref::Handle(handle) = user
            && let Some(user) = handle.of(self.inner.tag)
            && let Some(row) = self.root_row(user)
        {
            let words = if associated {
                row.associated()
            } else {
                row.all()
            };
            return Ok(Duties::new(self.inner.tag, words));
        }
        self.effective_in(user, scope, associated)
    }

    #[inline(never)]
    fn effective_in(
        self,
        user: Ref<'_, UserId>,
        scope: Option<Ref<'_, ScopeId>>,
        associated: bool,
    ) -> Result<Duties<'a>, QuestionError> {
        let user = self.find_user(user)?;
        let resource = Resource {
            scope,
            associated,
            ..Resource::default()
        };
        let record = Record::new(&self.inner.model, &resource)?;
        let place = record.path.last().copied().flatten();
        let Some(row) = self.row_in(user, place) else {
            let effective = self.directly().effective_set(user, &record);
            let mut words = alloc::vec![0; self.inner.rows.words()];
            unite(&mut words, &effective);
            return Ok(Duties::new(self.inner.tag, words));
        };
        let words = if associated {
            row.associated()
        } else {
            row.all()
        };
        Ok(Duties::new(self.inner.tag, words))
    }

    /// The seat that the user takes (rule 4).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn seat<'k>(self, user: impl Into<Ref<'k, UserId>>) -> Result<Seat, QuestionError> {
        self.directly().seat(self.known(user.into())?)
    }

    /// The first later instant at which, by the passing of time alone, the answer of [`check`](Self::check)
    /// differs; `None` if it never does.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn until<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Option<Timestamp>, QuestionError> {
        self.directly()
            .until(self.known(user.into())?, duty, resource)
    }

    /// The records on which the user may perform the duty, as a value (rule 5).
    ///
    /// # Errors
    ///
    /// As [`AsOf::filter`].
    pub fn filter<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
    ) -> Result<Filter, QuestionError> {
        self.directly().filter(self.known(user.into())?, duty)
    }

    /// Whether the filter for the user and the duty admits the record; its amount is left aside.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn admits<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<bool, QuestionError> {
        self.directly()
            .admits(self.known(user.into())?, duty, resource)
    }

    /// The private items on which the user has a right in force, sorted.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn items<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
    ) -> Result<Vec<&'a ItemKey>, QuestionError> {
        self.directly().items(self.known(user.into())?)
    }

    /// What decided, as sorted texts.
    ///
    /// # Errors
    ///
    /// As [`AsOf::because`].
    pub fn because<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Vec<String>, QuestionError> {
        self.directly()
            .because(self.known(user.into())?, duty, resource)
    }

    /// The users of the tenant, sorted by key.
    #[must_use]
    pub fn users(self) -> Vec<&'a UserKey> {
        self.directly().users()
    }

    #[inline]
    pub(super) fn find_user(self, user: Ref<'_, UserId>) -> Result<UserIx, QuestionError> {
        match user {
            Ref::Key(key) => Ok(self.inner.find_user(key)?),
            Ref::Handle(id) => match id.of(self.inner.tag) {
                Some(user) if user.at() < self.inner.index.len() => Ok(user),
                _ => Ok(self.directly().user(id.into())?),
            },
        }
    }

    #[inline]
    pub(super) fn find_duty(self, duty: Ref<'_, DutyId>) -> Result<DutyIx, QuestionError> {
        match duty {
            Ref::Key(key) => Ok(self.inner.find_duty(key)?),
            Ref::Handle(id) => match id.of(self.inner.tag) {
                Some(duty) if duty.at() < self.inner.duties => Ok(duty),
                _ => Ok(self.directly().duty(id.into())?),
            },
        }
    }

    /// What is decided on a record that is known, for a user and a duty of this tenant.
    pub(super) fn decide(self, user: UserIx, duty: DutyIx, record: &Record<'_>) -> Decision {
        let is_plain = record.team.is_none() && !record.private && record.amount.is_none();
        let place = record.path.last().copied().flatten();
        if is_plain && let Some(decision) = self.compiled(user, duty, place, record.associated) {
            return decision;
        }
        decide(&self.inner.model, user, duty, record, self.at)
    }

    /// What is decided on any record.
    fn decided(
        self,
        user: Ref<'_, UserId>,
        duty: Ref<'_, DutyId>,
        resource: &Resource<'_>,
    ) -> Result<Decision, QuestionError> {
        let (user, duty) = (self.find_user(user)?, self.find_duty(duty)?);
        if is_plain_at_root(resource)
            && let Some(decision) = self.at_root(user, duty, resource.associated)
        {
            return Ok(decision);
        }
        let record = Record::new(&self.inner.model, resource)?;
        Ok(self.decide(user, duty, &record))
    }

    /// The head of the row that holds for a user at the root, where it lies, and the word that a duty is in.
    #[inline]
    fn row_with(self, user: UserIx, duty: DutyIx) -> Option<(Head, usize, u64)> {
        let start = row_of(self.index, user)? as usize;
        let place = start.saturating_add(1 + word_of(duty));
        let word = *self.table.get(place)?;
        let head = Head::of(*self.table.get(start)?);
        (self.instant < head.end()).then_some((head, place, word))
    }

    /// Whether a duty is permitted to a user at the root on every record, if a row that holds tells. Rows that
    /// came recently are asked otherwise.
    #[inline]
    pub(super) fn permitted(self, user: UserIx, duty: DutyIx) -> Option<bool> {
        let (_, _, word) = self.row_with(user, duty)?;
        Some(word & bit_of(duty) != 0)
    }

    /// The same where keys are found by hash.
    #[inline]
    fn permitted_by_hash(self, user: Ref<'_, UserId>, duty: Ref<'_, DutyId>) -> Option<bool> {
        let names = self.inner.names.as_ref()?;
        let user = match user {
            Ref::Handle(user) => user.of(self.inner.tag)?,
            Ref::Key(user) => names.user(user)?,
        };
        let duty = match duty {
            Ref::Handle(duty) => duty.of(self.inner.tag)?,
            Ref::Key(duty) => names.duty(duty)?,
        };
        (duty.at() < self.inner.duties).then(|| self.permitted(user, duty))?
    }

    /// What is decided at the root on a plain record, if a row that holds and is brief tells.
    #[inline]
    fn in_brief(self, user: UserIx, duty: DutyIx) -> Option<Decision> {
        let (head, place, word) = self.row_with(user, duty)?;
        if !head.is_brief() {
            return None;
        }
        // Without a branch on what the row says, which nobody could foresee.
        let marks = *self
            .table
            .get(place.wrapping_add(self.inner.rows.words()))?;
        let shift = duty.at() % u64::BITS as usize;
        let (mark, permitted) = (marks >> shift & head.marked(), word >> shift);
        if mark & !permitted & head.untold() & 1 != 0 {
            return None;
        }
        let (is_marked, is_permitted) = (mark & 1 != 0, permitted & 1 != 0);
        let permit = Decision::Permit(head.rank(is_marked));
        let denial = if is_marked {
            head.reason()
        } else {
            Denial::NotGranted
        };
        let denial = Decision::Deny(denial);
        Some(if is_permitted { permit } else { denial })
    }

    /// What is decided at the root on a plain record, if any row that holds tells.
    fn at_root(self, user: UserIx, duty: DutyIx, associated: bool) -> Option<Decision> {
        self.root_row(user)?;
        self.in_row(self.inner.index.get(user)?, duty, associated)
    }

    #[inline(never)]
    fn in_row(self, row: u32, duty: DutyIx, associated: bool) -> Option<Decision> {
        let row = self.inner.rows.get(row)?;
        let on_every = contains(row.all(), duty);
        let on_some = on_every || contains(row.associated(), duty);
        if on_every || associated && on_some {
            return Some(Decision::Permit(row.rank(duty)));
        }
        let denial = if on_some {
            Some(Denial::NotAssociated)
        } else {
            row.denial(duty)
        };
        denial.map(Decision::Deny)
    }

    /// The same in any scope.
    fn compiled(
        self,
        user: UserIx,
        duty: DutyIx,
        place: Place,
        associated: bool,
    ) -> Option<Decision> {
        if place.is_none() {
            return self.at_root(user, duty, associated);
        }
        let row = self.number_in(user, place)?;
        self.in_row(row, duty, associated)
    }

    /// The row that holds for a user at the root.
    #[inline]
    fn root_row(self, user: UserIx) -> Option<Row<'a>> {
        let row = self.inner.rows.get(self.inner.index.get(user)?)?;
        (self.instant < row.head.end()).then_some(row)
    }

    /// The row that holds for a user in a scope.
    fn row_in(self, user: UserIx, place: Place) -> Option<Row<'a>> {
        self.inner.rows.get(self.number_in(user, place)?)
    }

    /// Its number: the row of the nearest scope that has one.
    fn number_in(self, user: UserIx, place: Place) -> Option<u32> {
        let row = self.inner.index.get(user)?;
        let root = self.root_row(user)?;
        let (Some(scope), true) = (place, root.head.is_scoped()) else {
            return Some(row);
        };
        if root.scopes()?.is_empty() {
            return None;
        }
        let mut upwards = self.inner.model.scopes.upwards(scope.get());
        let nearest = upwards.find_map(|scope| root.in_scope(crate::ix::ScopeIx::new(scope)));
        Some(nearest.unwrap_or(row))
    }

    #[inline]
    fn positions(self, user: UserId, duty: DutyId) -> Option<(UserIx, DutyIx)> {
        let user = user.of(self.inner.tag)?;
        let duty = duty.of(self.inner.tag)?;
        (duty.at() < self.inner.duties).then_some((user, duty))
    }

    /// A user whose key is found here at once, to be asked about by handle.
    fn known(self, user: Ref<'_, UserId>) -> Result<Ref<'_, UserId>, QuestionError> {
        match user {
            Ref::Handle(_) => Ok(user),
            Ref::Key(key) => Ok(Ref::Handle(UserId::new(
                self.inner.tag,
                self.inner.find_user(key)?,
            ))),
        }
    }
}

/// Whether a user may perform a duty where keys have to be found.
#[inline(never)]
fn allows_by_key(
    inner: &Inner,
    at: Timestamp,
    user: Ref<'_, UserId>,
    duty: Ref<'_, DutyId>,
) -> Result<bool, QuestionError> {
    let asked = SnapshotAsOf::new(inner, at);
    if let Some(allows) = asked.permitted_by_hash(user, duty) {
        return Ok(allows);
    }
    let bare = Resource::default();
    Ok(asked.decided(user, duty, &bare)?.is_permit())
}

/// The same where the row of the table does not tell. Apart, so that asking by handle stays as short as it is.
#[cold]
#[inline(never)]
fn allows_by_rule(
    inner: &Inner,
    at: Timestamp,
    user: UserId,
    duty: DutyId,
) -> Result<bool, QuestionError> {
    let bare = Resource::default();
    let decision = SnapshotAsOf::new(inner, at).decided(user.into(), duty.into(), &bare)?;
    Ok(decision.is_permit())
}

/// What is decided where keys have to be found.
#[inline(never)]
fn check_by_key(
    inner: &Inner,
    at: Timestamp,
    user: Ref<'_, UserId>,
    duty: Ref<'_, DutyId>,
    resource: &Resource<'_>,
) -> Result<Decision, QuestionError> {
    SnapshotAsOf::new(inner, at).decided(user, duty, resource)
}

/// The same where the row of the table does not tell.
#[inline(never)]
fn check_by_rule(
    inner: &Inner,
    at: Timestamp,
    user: UserId,
    duty: DutyId,
    resource: &Resource<'_>,
) -> Result<Decision, QuestionError> {
    SnapshotAsOf::new(inner, at).decided(user.into(), duty.into(), resource)
}

impl fmt::Debug for SnapshotAsOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotAsOf")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Whether a record is one that rows speak of, in its scope.
#[inline]
pub(super) fn is_plain(resource: &Resource<'_>) -> bool {
    resource.team.is_none() && !resource.private && resource.amount.is_none()
}

#[inline]
fn is_plain_at_root(resource: &Resource<'_>) -> bool {
    resource.scope.is_none() && is_plain(resource)
}
