//! Until when an answer stands: the first later instant at which, by time alone, it differs.

use alloc::collections::BTreeSet;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Case;
use crate::decision::Record;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::edges::About;
use crate::edges::Items;
use crate::edges::edges;
use crate::id::ItemKey;
use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::ScopeId;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::model::Model;
use crate::model::User;
use crate::time::Timestamp;

impl<'a> AsOf<'a> {
    /// The first later instant at which, by the passing of time alone, the answer of [`level`](Self::level)
    /// differs. `None` if it never does.
    ///
    /// # Errors
    ///
    /// As [`level`](Self::level).
    pub fn level_until<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        object: &str,
        resource: &Resource<'_>,
    ) -> Result<Option<Timestamp>, QuestionError> {
        self.level_across_until(user, &[object], resource)
    }

    /// The same for the lowest level across several objects.
    ///
    /// # Errors
    ///
    /// As [`level_across`](Self::level_across).
    pub fn level_across_until<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        objects: &[&str],
        resource: &Resource<'_>,
    ) -> Result<Option<Timestamp>, QuestionError> {
        let key = user.into();
        let now = self.level_across(key, objects, resource)?;
        let Some(user) = self.model.user(self.user(key)?) else {
            return Ok(None);
        };
        let record = Record::new(self.model, resource)?;
        let mut instants = BTreeSet::new();
        for object in objects {
            let object = self.model.catalog.object(object)?;
            let ladder = self
                .model
                .catalog
                .get_object(object)
                .and_then(|object| object.ladder.as_ref());
            for rung in ladder.iter().flat_map(|ladder| &ladder.rungs) {
                instants.extend(edges_of(self.model, user, *rung, &record, self.at));
            }
        }
        let differs = |at: &Timestamp| {
            let then = self.at_instant(*at).level_across(key, objects, resource);
            then.is_ok_and(|then| then != now)
        };
        Ok(instants.into_iter().find(differs))
    }

    /// The first later instant at which, by the passing of time alone, the answer of
    /// [`effective`](Self::effective) differs. `None` if it never does.
    ///
    /// # Errors
    ///
    /// As [`effective`](Self::effective).
    pub fn effective_until<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        scope: Option<Ref<'_, ScopeId>>,
        associated: bool,
    ) -> Result<Option<Timestamp>, QuestionError> {
        let user = self.user(user.into())?;
        let record = Record::new(
            self.model,
            &Resource {
                scope,
                associated,
                ..Resource::default()
            },
        )?;
        let about = About {
            duty: None,
            path: Some(&record.path),
            item: Items::None,
        };
        let Some(holder) = self.model.user(user) else {
            return Ok(None);
        };
        let now = self.effective_set(user, &record);
        let differs = |at: &Timestamp| self.at_instant(*at).effective_set(user, &record) != now;
        Ok(edges(self.model, holder, about, self.at)
            .into_iter()
            .find(differs))
    }

    /// The first later instant at which, by the passing of time alone, the answer of [`who_can`](Self::who_can)
    /// differs. `None` if it never does.
    ///
    /// # Errors
    ///
    /// As [`who_can`](Self::who_can).
    pub fn who_can_until<'k>(
        self,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Option<Timestamp>, QuestionError> {
        let duty = self.duty(duty.into())?;
        let record = Record::new(self.model, resource)?;
        let permits = |user, at| {
            let case = Case::new(self.model, user, duty, &record, at);
            case.decision().is_permit()
        };
        let mut first: Option<Timestamp> = None;
        for (_, user) in self.model.all_users() {
            // Nobody's later change matters once somebody's earlier one is known.
            let mut edges = edges_of(self.model, user, duty, &record, self.at)
                .into_iter()
                .take_while(|edge| first.is_none_or(|first| *edge < first))
                .peekable();
            if edges.peek().is_none() {
                continue;
            }
            let now = permits(user, self.at);
            let change = edges.find(|edge| permits(user, *edge) != now);
            first = change.or(first);
        }
        Ok(first)
    }

    /// What [`until`](Self::until) answers of what is known.
    pub(crate) fn until_of(
        self,
        user: UserIx,
        duty: DutyIx,
        record: &Record<'_>,
    ) -> Option<Timestamp> {
        let user = self.model.user(user)?;
        until(&Case::new(self.model, user, duty, record, self.at))
    }

    /// The same tenant at another instant, by time alone.
    fn at_instant(self, at: Timestamp) -> AsOf<'a> {
        AsOf { at, ..self }
    }
}

/// The first later instant at which, by time alone, the answer of a case differs.
pub(crate) fn until(case: &Case<'_>) -> Option<Timestamp> {
    let edges = edges_of(case.model, case.user, case.duty, case.record, case.at);
    if edges.is_empty() {
        return None;
    }
    let now = case.decision().denial();
    edges.into_iter().find(|edge| {
        let then = Case::new(case.model, case.user, case.duty, case.record, *edge);
        then.decision().denial() != now
    })
}

/// The later instants at which what a user may do with a record may change.
fn edges_of(
    model: &Model,
    user: &User,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> BTreeSet<Timestamp> {
    let item = record
        .item
        .filter(|_| record.private)
        .and_then(|item| ItemKey::new(item).ok());
    let about = About {
        duty: Some(duty),
        path: Some(&record.path),
        item: item.as_ref().map_or(Items::None, Items::Of),
    };
    edges(model, user, about, at)
}
