//! Questions at an instant.

use alloc::string::String;
use alloc::vec::Vec;

use crate::decision::Case;
use crate::decision::Decision;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::decision::decide;
use crate::decision::item_duties;
use crate::decision::sees;
use crate::duties::DutySet;
use crate::filter::Filter;
use crate::governance::Governance;
use crate::id::DutyKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::OTHER_TENANT;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::ObjectIx;
use crate::ix::Place;
use crate::ix::ScopeId;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::layer::Plane;
use crate::model::Model;
use crate::model::User;
use crate::policy::Seat;
use crate::rule::Every;
use crate::rule::Layers;
use crate::rule::limits;
use crate::source::Owner;
use crate::source::places;
use crate::text::Label;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Name;
use crate::time::Timestamp;

/// Why a question has no answer.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// A key that leads nowhere, or a handle of another tenant.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The object has no ladder.
    #[error("`{object}` has no ladder")]
    NoLadder {
        /// The object.
        object: String,
    },
    /// The objects' rungs differ, or there are no objects.
    #[error("levels are compared across objects with the same rungs")]
    LadderMismatch,
    /// The tenant was founded later.
    #[error("the tenant was founded later")]
    BeforeHistory,
}

impl QuestionError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(unknown) => unknown.code(),
            Self::NoLadder { .. } => "no-ladder",
            Self::LadderMismatch => "ladder-mismatch",
            Self::BeforeHistory => "before-history",
        }
    }
}

impl Localized for QuestionError {
    fn localized(&self, language: Language) -> String {
        let spanish = match self {
            Self::Unknown(unknown) => return unknown.localized(language),
            Self::NoLadder { object } => alloc::format!("`{object}` no tiene niveles"),
            Self::LadderMismatch => {
                "solo se comparan niveles de objetos con los mismos niveles".into()
            }
            Self::BeforeHistory => "la organización se creó más tarde".into(),
        };
        language.choose(alloc::format!("{self}"), spanish)
    }
}

/// A tenant at an instant: every question is asked of this.
#[derive(Clone, Copy, Debug)]
pub struct AsOf<'a> {
    pub(crate) model: &'a Model,
    /// Absent where only access is asked about: then nothing is requested or reviewed.
    pub(crate) governance: Option<&'a Governance>,
    pub(crate) at: Timestamp,
}

impl<'a> AsOf<'a> {
    /// Access alone, at an instant.
    pub(crate) fn access(model: &'a Model, at: Timestamp) -> Self {
        Self {
            model,
            governance: None,
            at,
        }
    }

    /// The instant.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// Whether the user may perform the duty on a record of which nothing is said: one that is public, untagged,
    /// at the root, and with which the user is not associated.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or the duty is unknown.
    ///
    /// # Examples
    ///
    #[cfg_attr(feature = "toml", doc = "```")]
    #[cfg_attr(not(feature = "toml"), doc = "```ignore")]
    /// use bailiwick::{Tenant, Timestamp};
    ///
    /// let tenant = Tenant::from_toml(
    ///     r#"
    ///     duty = [{ key = "finance.funds.certify" }]
    ///     user = [{ key = "ana" }]
    ///     grant = [{ holder = "user:ana", on = "finance", until = 2026-03-01T00:00:00Z }]
    ///     "#,
    /// )?;
    /// let at: Timestamp = "2026-01-05T09:00:00Z".parse()?;
    /// assert!(tenant.as_of(at).allows("ana", "finance.funds.certify")?);
    /// // Nothing expires by being swept: from its end on it simply no longer holds.
    /// let end: Timestamp = "2026-03-01T00:00:00Z".parse()?;
    /// assert!(!tenant.as_of(end).allows("ana", "finance.funds.certify")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allows<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
    ) -> Result<bool, QuestionError> {
        let decision = self.check(user, duty, &Resource::default())?;
        Ok(decision.is_permit())
    }

    /// Whether the user may perform the duty on the record (rules 3 and 4).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user, the duty, or the scope or the team of the record is unknown: the
    /// first of these that applies.
    pub fn check<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Decision, QuestionError> {
        let user = self.user(user.into())?;
        let duty = self.duty(duty.into())?;
        let record = Record::new(self.model, resource)?;
        Ok(decide(self.model, user, duty, &record, self.at))
    }

    /// The user's level on a laddered object: the highest rung such that the check permits it and every rung
    /// below it; `None` if there is none (rule 4).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`]; [`QuestionError::NoLadder`] if the object has no ladder.
    pub fn level<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        object: &str,
        resource: &Resource<'_>,
    ) -> Result<Option<&'a Key>, QuestionError> {
        self.level_across(user, &[object], resource)
    }

    /// The lowest of the user's levels on several objects with the same rungs (rule 4).
    ///
    /// # Errors
    ///
    /// As [`level`](Self::level), and [`QuestionError::LadderMismatch`] if the rungs differ or no object is named.
    pub fn level_across<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        objects: &[&str],
        resource: &Resource<'_>,
    ) -> Result<Option<&'a Key>, QuestionError> {
        let user = self.user(user.into())?;
        let mut found = Vec::new();
        for object in objects {
            found.push(self.model.catalog.object(object)?);
        }
        let record = Record::new(self.model, resource)?;
        let mut lowest: Option<(usize, &'a [Key])> = None;
        for object in found {
            let (level, names) = self.level_on(user, object, &record)?;
            lowest = match lowest {
                Some((_, other)) if other != names => return Err(QuestionError::LadderMismatch),
                Some((least, _)) => Some((least.min(level), names)),
                None => Some((level, names)),
            };
        }
        let (level, names) = lowest.ok_or(QuestionError::LadderMismatch)?;
        Ok(level.checked_sub(1).and_then(|place| names.get(place)))
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
        let user = self.user(user.into())?;
        let record = Record::new(
            self.model,
            &Resource {
                scope,
                associated,
                ..Resource::default()
            },
        )?;
        let effective = self.effective_set(user, &record);
        Ok(effective
            .iter()
            .filter_map(|duty| self.model.catalog.get(duty).map(|duty| &duty.key))
            .collect())
    }

    /// The users who may perform the duty on such a record, sorted by key.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the duty, or the scope or the team of the record is unknown.
    pub fn who_can<'k>(
        self,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Vec<&'a UserKey>, QuestionError> {
        let duty = self.duty(duty.into())?;
        let record = Record::new(self.model, resource)?;
        let able = self
            .model
            .all_users()
            .filter(|(ix, _)| decide(self.model, *ix, duty, &record, self.at).is_permit());
        let mut users: Vec<&UserKey> = able.map(|(_, user)| &user.key).collect();
        users.sort_unstable();
        Ok(users)
    }

    /// The seat that the user takes (rule 4).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn seat<'k>(self, user: impl Into<Ref<'k, UserId>>) -> Result<Seat, QuestionError> {
        let user = self.user(user.into())?;
        Ok(self.seat_of(user))
    }

    /// The first later instant at which, by the passing of time alone, the answer of [`check`](Self::check)
    /// differs: permit becomes denial, denial permit, or the reason another. `None` if it never does.
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
        let user = self.user(user.into())?;
        let duty = self.duty(duty.into())?;
        let record = Record::new(self.model, resource)?;
        Ok(self.until_of(user, duty, &record))
    }

    /// The records on which the user may perform the duty, as a value (rule 5).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or the duty is unknown.
    pub fn filter<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
    ) -> Result<Filter, QuestionError> {
        let user = self.user(user.into())?;
        let duty = self.duty(duty.into())?;
        Ok(Filter::new(self.model, user, duty, self.at))
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
        let filter = self.filter(user, duty)?;
        let record = Record::new(self.model, resource)?;
        Ok(filter.admits(self.model, &record))
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
        let user = self.user(user.into())?;
        let items = self
            .model
            .user(user)
            .map(|user| user.holdings.items.in_force(self.at));
        Ok(items.into_iter().flatten().map(|held| &held.key).collect())
    }

    /// What decided, as sorted texts such as `grant user:ana finance.funds.certify @bridge`: on a public record
    /// the entries and assignments of the winning layer whose own opinion is the outcome, on a private one the
    /// item right, for `limited` the limits not met; nothing where nothing or a gate decided.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn because<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Vec<String>, QuestionError> {
        let user_ix = self.user(user.into())?;
        let duty = self.duty(duty.into())?;
        let record = Record::new(self.model, resource)?;
        Ok(self.because_of(user_ix, duty, &record))
    }

    /// The users of the tenant, sorted by key.
    #[must_use]
    pub fn users(self) -> Vec<&'a UserKey> {
        let mut users: Vec<&UserKey> = self.model.all_users().map(|(_, user)| &user.key).collect();
        users.sort_unstable();
        users
    }

    /// What [`because`](Self::because) answers of what is known.
    pub(crate) fn because_of(self, user: UserIx, duty: DutyIx, record: &Record<'_>) -> Vec<String> {
        self.model.user(user).map_or_else(Vec::new, |user| {
            because(&Case::new(self.model, user, duty, record, self.at))
        })
    }

    /// The name of a user, if there is such a user and the name is known.
    #[must_use]
    pub fn user_name(self, user: &UserKey) -> Option<&'a Name> {
        let ix = self.model.find_user(user.as_str()).ok()?;
        self.model.user(ix)?.name()
    }

    /// The label of a duty, if there is such a duty and it has one.
    #[must_use]
    pub fn duty_label(self, duty: &DutyKey) -> Option<&'a Label> {
        let ix = self.model.catalog.duty(duty.as_str()).ok()?;
        self.model.catalog.get(ix)?.label.as_ref()
    }

    pub(crate) fn user(self, user: Ref<'_, UserId>) -> Result<UserIx, Unknown> {
        match user {
            Ref::Key(key) => self.model.find_user(key),
            Ref::Handle(id) => {
                let known = id
                    .of(self.model.tag)
                    .filter(|ix| ix.at() < self.model.users.len());
                known.ok_or_else(|| Unknown::new(Kind::User, OTHER_TENANT, []))
            }
        }
    }

    pub(crate) fn duty(self, duty: Ref<'_, DutyId>) -> Result<DutyIx, Unknown> {
        match duty {
            Ref::Key(key) => self.model.catalog.duty(key),
            Ref::Handle(id) => {
                let known = id
                    .of(self.model.tag)
                    .filter(|ix| ix.at() < self.model.catalog.len());
                known.ok_or_else(|| Unknown::new(Kind::Duty, OTHER_TENANT, []))
            }
        }
    }

    fn level_on(
        self,
        user: UserIx,
        object: ObjectIx,
        record: &Record<'_>,
    ) -> Result<(usize, &'a [Key]), QuestionError> {
        let object = self.model.catalog.get_object(object);
        let ladder = object
            .and_then(|object| object.ladder.as_ref())
            .ok_or_else(|| QuestionError::NoLadder {
                object: object.map_or("", |object| object.key.as_str()).into(),
            })?;
        let permits =
            |duty: &&DutyIx| decide(self.model, user, **duty, record, self.at).is_permit();
        Ok((
            ladder.rungs.iter().take_while(permits).count(),
            &ladder.names,
        ))
    }

    /// What [`effective`](Self::effective) lists.
    pub(crate) fn effective_set(self, user: UserIx, record: &Record<'_>) -> DutySet {
        self.model.user(user).map_or_else(
            || self.model.catalog.none(),
            |user| permitted(self.model, user, record, self.at),
        )
    }

    pub(crate) fn seat_of(self, user: UserIx) -> Seat {
        let Some(user) = self.model.user(user).filter(|user| user.enabled) else {
            return Seat::Free;
        };
        let held = held(self.model, user, self.at);
        let seats = held
            .iter()
            .filter_map(|duty| self.model.catalog.get(duty))
            .map(|duty| duty.seat);
        seats.max().unwrap_or(Seat::Free)
    }
}

/// The duties that the check permits a user on a record, all at once.
pub(crate) fn permitted(model: &Model, user: &User, record: &Record<'_>, at: Timestamp) -> DutySet {
    let catalog = &model.catalog;
    let visible = record.team.is_none_or(|team| sees(model, user, team));
    if !user.enabled || !visible {
        return catalog.none();
    }
    let groups = model.groups_of(user, at);
    let mut permitted = if record.private {
        item_duties(model, user, record.item, at)
    } else {
        let view = Every { catalog };
        let outcome = Layers::of(&view, model, user, &groups, &record.path, at).outcome();
        let reach = if record.associated {
            Plane::Associated
        } else {
            Plane::All
        };
        let mut granted = DutySet::from_words(outcome.plane(reach), catalog.len());
        let revoked = outcome.plane(Plane::Revoked);
        granted.subtract(&DutySet::from_words(revoked, catalog.len()));
        granted
    };
    let off = model.modules_off.iter();
    for module in off.filter_map(|module| catalog.get_module(*module)) {
        permitted.subtract(&module.duties);
    }
    for limit in limits(model, user, &groups, &record.path, at) {
        if let Some(limit) = catalog.get_limit(limit)
            && !record.qualifiers.contains(&limit.requires.as_str())
        {
            permitted.subtract(&limit.covers);
        }
    }
    if record.amount.is_some() && !record.private && has_ceilings(model, user, &groups, at) {
        let mut above = catalog.none();
        for duty in permitted.iter() {
            if !Case::new(model, user, duty, record, at)
                .decision()
                .is_permit()
            {
                above.insert(duty);
            }
        }
        permitted.subtract(&above);
    }
    permitted
}

/// Whether something in force for a user carries a ceiling on some duty.
fn has_ceilings(model: &Model, user: &User, groups: &[GroupIx], at: Timestamp) -> bool {
    Owner::of_layers(model, user, groups).any(|(owner, _, _)| {
        let holdings = owner.holdings(model);
        let carries = |profile| {
            let profile = model.profile(profile);
            profile.is_some_and(|profile| !profile.gives.ceilings.is_empty())
        };
        let mut entries = holdings.entries.in_force(at);
        let mut assignments = holdings.assignments.in_force(at);
        entries.any(|held| held.value.ceiling().is_some())
            || assignments.any(|held| carries(held.key.0))
    })
}

/// What decided, as sorted texts.
pub(crate) fn because(case: &Case<'_>) -> Vec<String> {
    let (model, record) = (case.model, case.record);
    let mut texts: Vec<String> = match case.decision() {
        Decision::Deny(
            Denial::LoginDisabled
            | Denial::ModuleOff
            | Denial::OutsideTeam
            | Denial::NotGranted
            | Denial::NoItemRight,
        ) => Vec::new(),
        Decision::Deny(Denial::Limited) => case
            .unmet()
            .map(|limit| ["limit ", model.catalog.limit_key(limit)].concat())
            .collect(),
        _ if record.private => record
            .item
            .map(|item| ["item user:", case.user.key.as_str(), " ", item].concat())
            .into_iter()
            .collect(),
        _ => case.deciding().map(|source| source.text(model)).collect(),
    };
    texts.sort_unstable();
    texts
}

/// The duties that a layer other than the baseline grants a user in some scope, gates and limits left aside
/// (rules 4 and 6.4).
pub(crate) fn held(model: &Model, user: &User, at: Timestamp) -> DutySet {
    let mut held = model.catalog.none();
    for place in places(model, user, at) {
        held.union_with(&held_in(model, user, place, at));
    }
    held
}

/// The same in one scope.
pub(crate) fn held_in(model: &Model, user: &User, place: Place, at: Timestamp) -> DutySet {
    let groups = model.groups_of(user, at);
    let view = Every {
        catalog: &model.catalog,
    };
    Layers::of(&view, model, user, &groups, &model.path(place), at)
        .stated()
        .granted()
}
