//! One question about many: all users, or a list of pairs.

use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::decision::Decision;
use crate::decision::Record;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::id::UserKey;
use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::snapshot::ask::SnapshotAsOf;
use crate::snapshot::ask::is_plain;
use crate::snapshot::columns::Columns;
use crate::snapshot::hash::short;
use crate::snapshot::sets::Users;
use crate::snapshot::sets::count;

impl<'a> SnapshotAsOf<'a> {
    /// The users who may perform the duty on the record, sorted by key.
    ///
    /// # Errors
    ///
    /// As [`AsOf::who_can`](crate::AsOf::who_can).
    pub fn who_can<'k>(
        self,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Vec<&'a UserKey>, QuestionError> {
        let able = self.who_can_set(duty, resource)?;
        let keys = able.positions();
        let mut keys: Vec<&UserKey> = keys
            .filter_map(|user| self.inner.model.user_key(UserIx(user)))
            .collect();
        keys.sort_unstable();
        Ok(keys)
    }

    /// The same users as a set.
    ///
    /// # Errors
    ///
    /// As [`AsOf::who_can`](crate::AsOf::who_can).
    pub fn who_can_set<'k>(
        self,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Users, QuestionError> {
        let duty = self.find_duty(duty.into())?;
        let record = Record::new(&self.inner.model, resource)?;
        let words = if is_bare(resource) {
            match self.columns() {
                Some(columns) => columns.of(duty).to_vec(),
                None if self.inner.all_hold(self.at.as_unix()) => self.scan_rows(duty),
                None => self.scan(|user| self.permitted(user, duty), duty, &record),
            }
        } else {
            self.scan(|_| None, duty, &record)
        };
        Ok(Users::new(self.inner.tag, words))
    }

    /// The number of these users.
    ///
    /// # Errors
    ///
    /// As [`AsOf::who_can`](crate::AsOf::who_can).
    pub fn who_can_count<'k>(
        self,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<usize, QuestionError> {
        let duty = self.find_duty(duty.into())?;
        if let (true, Some(columns)) = (is_bare(resource), self.columns()) {
            return Ok(count(columns.of(duty)));
        }
        let duty = DutyId::new(self.inner.tag, duty);
        self.who_can_set(duty, resource).map(|users| users.len())
    }

    /// Turns the rows, so that who can is answered by what is stored of each duty: for hosts that ask it often,
    /// at one bit for each user and duty.
    pub fn prepare_who_can(self) {
        let inner = self.inner;
        inner.columns.get_or_init(|| {
            alloc::boxed::Box::new(Columns::new(inner.duties, &inner.index, &inner.rows))
        });
    }

    /// For each of some users and duties whether the user may perform the duty on a record of which nothing is
    /// said.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] for the first user or duty that is unknown.
    pub fn allows_each(
        self,
        pairs: impl IntoIterator<Item = (UserId, DutyId)>,
    ) -> Result<Vec<bool>, QuestionError> {
        let mut unknown = None;
        let allow = |(user, duty)| match self.allows(user, duty) {
            Ok(allows) => allows,
            Err(error) => {
                unknown.get_or_insert(error);
                false
            }
        };
        let allows = pairs.into_iter().map(allow).collect();
        unknown.map_or(Ok(allows), Err)
    }

    /// The rows turned, if that was asked for and they all hold.
    fn columns(self) -> Option<&'a Columns> {
        let columns = self.inner.columns.get()?;
        self.inner.all_hold(self.at.as_unix()).then_some(columns)
    }

    /// One bit for each user: whether the user's row, which holds, permits the duty on every record.
    fn scan_rows(self, duty: DutyIx) -> Vec<u64> {
        let inner = self.inner;
        let bits = u64::BITS as usize;
        let mut words = Vec::with_capacity(inner.index.len().div_ceil(bits));
        for block in inner.index.blocks() {
            words.extend(block.chunks(bits).map(|rows| inner.rows.bits(rows, duty)));
        }
        words
    }

    /// One bit for each user: what is known at once, else what is decided.
    fn scan(
        self,
        known: impl Fn(UserIx) -> Option<bool>,
        duty: DutyIx,
        record: &Record<'_>,
    ) -> Vec<u64> {
        let (users, bits) = (self.inner.index.len(), u64::BITS as usize);
        let mut rest = (0..short(users)).map(UserIx);
        let word = |_| {
            let mut word = 0;
            for (bit, user) in rest.by_ref().take(bits).enumerate() {
                let permits = known(user)
                    .unwrap_or_else(|| Decision::is_permit(self.decide(user, duty, record)));
                word |= u64::from(permits) << bit;
            }
            word
        };
        (0..users.div_ceil(bits)).map(word).collect()
    }
}

/// Whether nothing is said of a record.
fn is_bare(resource: &Resource<'_>) -> bool {
    is_plain(resource)
        && resource.scope.is_none()
        && !resource.associated
        && resource.qualifiers.is_empty()
}
