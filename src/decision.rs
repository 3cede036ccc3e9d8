//! From what the layers say to a decision: the one place with the order of checks.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::fmt;

use smallvec::SmallVec;

use crate::catalog::Target;
use crate::command::CommandKind;
use crate::duties::DutySet;
use crate::id::ItemKey;
use crate::id::OTHER_TENANT;
use crate::id::Unknown;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::ScopeId;
use crate::ix::TeamId;
use crate::ix::TeamIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Model;
use crate::model::Path;
use crate::model::User;
use crate::model::timeline::Held;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::policy::words;
use crate::rule::Layers;
use crate::rule::One;
use crate::rule::Rank;
use crate::rule::limits;
use crate::source::Source;
use crate::source::Way;
use crate::time::Timestamp;

/// Whether a user may perform a duty on a record at an instant (rule 1).
#[must_use = "a decision that nobody looks at protects nothing"]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Yes, by what this layer says.
    Permit(Rank),
    /// No, for the first reason that applies.
    Deny(Denial),
}

impl Decision {
    /// Whether it is a permit.
    #[must_use]
    pub fn is_permit(self) -> bool {
        matches!(self, Self::Permit(_))
    }

    /// The reason, if it is a denial.
    #[must_use]
    pub fn denial(self) -> Option<Denial> {
        match self {
            Self::Permit(_) => None,
            Self::Deny(denial) => Some(denial),
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permit(_) => f.write_str("permit"),
            Self::Deny(denial) => write!(f, "deny: {denial}"),
        }
    }
}

words! {
    /// Why a user may not perform a duty: the first check that fails (rule 4). Closed: the rule has these.
    Denial {
        /// The user's login is disabled.
        LoginDisabled = "login-disabled": "the user's login is disabled", "el acceso del usuario está desactivado",
        /// The duty's module is switched off.
        ModuleOff = "module-off": "the module is switched off", "el módulo está desactivado",
        /// The record's team is not visible to the user.
        OutsideTeam = "outside-team": "the record's team is not visible to the user", "el equipo del registro no es visible para el usuario",
        /// The record is private and the user has no right on it that includes the duty.
        NoItemRight = "no-item-right": "no right on this private item includes it", "ningún derecho sobre este elemento privado lo incluye",
        /// A revoke decided.
        Revoked = "revoked": "it is explicitly revoked", "está revocado expresamente",
        /// A level gave less than this duty.
        Withheld = "withheld": "the level that is set gives less", "el nivel fijado no llega a tanto",
        /// Nothing grants it.
        NotGranted = "not-granted": "nothing grants it", "nada lo concede",
        /// It is granted for associated records only, and this is none.
        NotAssociated = "not-associated": "it is granted for associated records only", "solo está concedido para registros asociados",
        /// A limit's qualifier is not on the record.
        Limited = "limited": "a limit wants a qualifier that the record lacks", "un límite exige una condición que el registro no cumple",
        /// The amount is above the ceiling in force.
        OverCeiling = "over-ceiling": "the amount is above the approval ceiling", "el importe supera el tope de aprobación",
    }
}

/// A thing of a tenant, by its key or by a handle found before. Texts and typed keys stand for the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ref<'a, Id> {
    /// By its key.
    Key(&'a str),
    /// By its handle.
    Handle(Id),
}

impl<'a, Id> From<&'a str> for Ref<'a, Id> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a, Id> From<&'a String> for Ref<'a, Id> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

macro_rules! ref_from {
    ($($handle:ident: $key:ident,)*) => {$(
        impl From<crate::ix::$handle> for Ref<'_, crate::ix::$handle> {
            fn from(handle: crate::ix::$handle) -> Self {
                Self::Handle(handle)
            }
        }

        impl<'a> From<&'a crate::id::$key> for Ref<'a, crate::ix::$handle> {
            fn from(key: &'a crate::id::$key) -> Self {
                Self::Key(key.as_str())
            }
        }
    )*};
}

ref_from! {
    UserId: UserKey,
    DutyId: DutyKey,
    ScopeId: Key,
    TeamId: Key,
}

/// What the host says of the record at hand (rule 2). The default is a public, untagged record at the root,
/// with which the user is not associated.
///
/// # Examples
///
/// ```
/// use bailiwick::Resource;
///
/// let lot = Resource { scope: Some("bridge".into()), associated: true, ..Resource::default() };
/// assert!(lot.amount.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resource<'a> {
    /// Where it is; absent: at the root.
    pub scope: Option<Ref<'a, ScopeId>>,
    /// Whether the user is linked to it.
    pub associated: bool,
    /// What is so of it: `published`, `completed`, … The words are the host's own and are not looked up: one that no
    /// limit requires says nothing, so a misspelt one is merely not had, and the check is `limited` where the right
    /// one was required.
    pub qualifiers: &'a [&'a str],
    /// The team that it is tagged with.
    pub team: Option<Ref<'a, TeamId>>,
    /// Whether it is private: then only rights on exactly this item count.
    pub private: bool,
    /// Its key among private items; without meaning on a public record.
    pub item: Option<&'a str>,
    /// What it would cost to say yes.
    pub amount: Option<Amount>,
}

/// A record whose scope and team are known.
pub(crate) struct Record<'a> {
    pub(crate) path: Path,
    pub(crate) associated: bool,
    pub(crate) qualifiers: &'a [&'a str],
    pub(crate) team: Option<TeamIx>,
    pub(crate) private: bool,
    pub(crate) item: Option<&'a str>,
    pub(crate) amount: Option<Amount>,
}

impl<'a> Record<'a> {
    /// The default record in a place: public and untagged, with which the user is not associated.
    pub(crate) fn in_place(model: &Model, place: Place) -> Self {
        Self {
            path: model.path(place),
            associated: false,
            qualifiers: &[],
            team: None,
            private: false,
            item: None,
            amount: None,
        }
    }

    /// Looks up the scope, then the team.
    pub(crate) fn new(model: &Model, resource: &Resource<'a>) -> Result<Self, Unknown> {
        let place = resource
            .scope
            .map(|scope| find_scope(model, scope))
            .transpose()?;
        let team = resource
            .team
            .map(|team| find_team(model, team))
            .transpose()?;
        Ok(Self {
            path: model.path(place),
            associated: resource.associated,
            qualifiers: resource.qualifiers,
            team,
            private: resource.private,
            item: resource.item,
            amount: resource.amount,
        })
    }
}

fn find_scope(model: &Model, scope: Ref<'_, ScopeId>) -> Result<crate::ix::ScopeIx, Unknown> {
    match scope {
        Ref::Key(key) => model.find_scope(key),
        Ref::Handle(id) => {
            let known = id.of(model.tag).filter(|ix| ix.at() < model.scopes.len());
            known.ok_or_else(|| Unknown::new(crate::id::Kind::Scope, OTHER_TENANT, []))
        }
    }
}

fn find_team(model: &Model, team: Ref<'_, TeamId>) -> Result<TeamIx, Unknown> {
    match team {
        Ref::Key(key) => model.find_team(key),
        Ref::Handle(id) => {
            let known = id.of(model.tag).filter(|ix| ix.at() < model.teams.len());
            known.ok_or_else(|| Unknown::new(crate::id::Kind::Team, OTHER_TENANT, []))
        }
    }
}

/// Whether the administration table lets a user give a kind of command in a place: the check permits some duty that
/// it names for that (rule 6).
pub(crate) fn may_command(
    model: &Model,
    user: UserIx,
    kind: CommandKind,
    place: Place,
    at: Timestamp,
) -> bool {
    let Some(duties) = model.administration.get(&kind) else {
        return false;
    };
    let record = Record::in_place(model, place);
    let may = |duty: &DutyIx| decide(model, user, *duty, &record, at).is_permit();
    duties.iter().any(may)
}

/// Decides (rule 4).
pub(crate) fn decide(
    model: &Model,
    user: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Decision {
    model
        .user(user)
        .map_or(Decision::Deny(Denial::NotGranted), |user| {
            Case::new(model, user, duty, record, at).decision()
        })
}

/// One question, and what its decision is made from: each part is worked out once, when it is first asked for.
pub(crate) struct Case<'a> {
    pub(crate) model: &'a Model,
    pub(crate) user: &'a User,
    pub(crate) duty: DutyIx,
    pub(crate) record: &'a Record<'a>,
    pub(crate) at: Timestamp,
    groups: OnceCell<SmallVec<[GroupIx; 8]>>,
    winner: OnceCell<Option<(Rank, Opinion)>>,
    limits: OnceCell<SmallVec<[LimitIx; 4]>>,
    sources: OnceCell<Vec<Source<'a>>>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        model: &'a Model,
        user: &'a User,
        duty: DutyIx,
        record: &'a Record<'a>,
        at: Timestamp,
    ) -> Self {
        Self {
            model,
            user,
            duty,
            record,
            at,
            groups: OnceCell::new(),
            winner: OnceCell::new(),
            limits: OnceCell::new(),
            sources: OnceCell::new(),
        }
    }

    /// The checks in their order: the first that fails gives the reason.
    pub(crate) fn decision(&self) -> Decision {
        let record = self.record;
        if let Some(denial) = gate(self.model, self.user, self.duty, record.team) {
            return Decision::Deny(denial);
        }
        let decided = if record.private {
            item_right(self.model, self.user, self.duty, record.item, self.at)
        } else {
            public(self.winner(), record.associated)
        };
        let rank = match decided {
            Ok(rank) => rank,
            Err(denial) => return Decision::Deny(denial),
        };
        if self.unmet().next().is_some() {
            return Decision::Deny(Denial::Limited);
        }
        if let (Some(amount), false) = (record.amount, record.private)
            && ceiling(self.sources(), rank, record.associated)
                .is_some_and(|ceiling| amount > ceiling)
        {
            return Decision::Deny(Denial::OverCeiling);
        }
        Decision::Permit(rank)
    }

    /// The user's groups, those above them included.
    pub(crate) fn groups(&self) -> &[GroupIx] {
        self.groups
            .get_or_init(|| self.model.groups_of(self.user, self.at))
    }

    /// The layer whose opinion is the outcome on a public record, if one speaks.
    pub(crate) fn winner(&self) -> Option<(Rank, Opinion)> {
        *self.winner.get_or_init(|| {
            let view = One::new(&self.model.catalog, self.duty);
            let (groups, path) = (self.groups(), &self.record.path);
            Layers::of(&view, self.model, self.user, groups, path, self.at).winner()
        })
    }

    /// The limits that reach the user, whatever they cover.
    pub(crate) fn limits(&self) -> &[LimitIx] {
        self.limits.get_or_init(|| {
            let (groups, path) = (self.groups(), &self.record.path);
            limits(self.model, self.user, groups, path, self.at)
        })
    }

    /// Check 7: those of them on the duty whose qualifier is not on the record.
    pub(crate) fn unmet(&self) -> impl Iterator<Item = LimitIx> {
        let reaching = self.limits().iter().copied();
        reaching.filter(|limit| is_unmet(self.model, *limit, self.duty, self.record.qualifiers))
    }

    /// What speaks of the duty on a public record, in layer order.
    pub(crate) fn sources(&self) -> &[Source<'a>] {
        self.sources.get_or_init(|| {
            let (groups, path) = (self.groups(), &self.record.path);
            Source::among(self.model, self.user, groups, self.duty, path, self.at)
        })
    }

    /// The ways by which a limit reaches the user.
    pub(crate) fn ways(&self, limit: LimitIx) -> Vec<Way<'a>> {
        let (groups, path) = (self.groups(), &self.record.path);
        Way::all(self.model, self.user, groups, limit, path, self.at)
    }

    /// The sources of the winning layer whose own opinion is the outcome, and that nothing overrides.
    pub(crate) fn deciding(&self) -> impl Iterator<Item = &Source<'a>> {
        let winner = self.winner();
        self.sources().iter().filter(move |source| {
            source.overridden_by.is_none() && Some((source.rank, source.opinion)) == winner
        })
    }
}

/// Checks 2 to 4: the login, the module, the team.
pub(crate) fn gate(
    model: &Model,
    user: &User,
    duty: DutyIx,
    team: Option<TeamIx>,
) -> Option<Denial> {
    if !user.enabled {
        return Some(Denial::LoginDisabled);
    }
    if model
        .catalog
        .get(duty)
        .is_some_and(|duty| !model.is_module_on(duty.module))
    {
        return Some(Denial::ModuleOff);
    }
    team.is_some_and(|team| !sees(model, user, team))
        .then_some(Denial::OutsideTeam)
}

/// Check 4: whether a team's records are visible to a user.
pub(crate) fn sees(model: &Model, user: &User, team: TeamIx) -> bool {
    user.all_teams
        || user
            .team
            .is_some_and(|own| model.teams.is_within(team.get(), own.get()))
}

/// The duties that a right on exactly this item includes.
pub(crate) fn item_duties(
    model: &Model,
    user: &User,
    item: Option<&str>,
    at: Timestamp,
) -> DutySet {
    let right = right_on(user, item, at);
    let on = right.map_or(&[][..], |held| held.value.as_slice());
    model.catalog.covers_any(on)
}

/// The right on an item in force.
fn right_on<'a>(
    user: &'a User,
    item: Option<&str>,
    at: Timestamp,
) -> Option<&'a Held<ItemKey, Vec<Target>>> {
    let item = ItemKey::new(item?).ok()?;
    user.holdings.items.in_force_of(&item, at)
}

/// Check 5a: a right on exactly this item.
fn item_right(
    model: &Model,
    user: &User,
    duty: DutyIx,
    item: Option<&str>,
    at: Timestamp,
) -> Result<Rank, Denial> {
    let covers = right_on(user, item, at).is_some_and(|held| {
        held.value
            .iter()
            .any(|target| model.catalog.covers(*target, duty))
    });
    if covers {
        Ok(Rank::Item)
    } else {
        Err(Denial::NoItemRight)
    }
}

/// Checks 5b and 6: the layers' outcome, and its reach.
fn public(winner: Option<(Rank, Opinion)>, associated: bool) -> Result<Rank, Denial> {
    match winner {
        Some((rank, Opinion::Granted(reach))) => {
            if reach == Reach::All || associated {
                Ok(rank)
            } else {
                Err(Denial::NotAssociated)
            }
        }
        Some((_, Opinion::Revoked)) => Err(Denial::Revoked),
        Some((_, Opinion::Withheld)) => Err(Denial::Withheld),
        Some((_, Opinion::Silent)) | None => Err(Denial::NotGranted),
    }
}

/// Whether a limit covers a duty and the record lacks its qualifier.
fn is_unmet(model: &Model, limit: LimitIx, duty: DutyIx, qualifiers: &[&str]) -> bool {
    model.catalog.get_limit(limit).is_some_and(|limit| {
        limit.covers.contains(duty) && !qualifiers.contains(&limit.requires.as_str())
    })
}

/// Check 7: the limits on a duty whose qualifier is not on the record.
pub(crate) fn unmet(
    model: &Model,
    limits: &[LimitIx],
    duty: DutyIx,
    qualifiers: &[&str],
) -> Vec<LimitIx> {
    let fails = |limit: &LimitIx| is_unmet(model, *limit, duty, qualifiers);
    limits.iter().copied().filter(fails).collect()
}

/// Check 8: the ceiling in force, from the winning layer's grants whose reach covers the record.
pub(crate) fn ceiling(sources: &[Source<'_>], winner: Rank, associated: bool) -> Option<Amount> {
    let mut highest = None;
    for source in sources
        .iter()
        .filter(|source| counts(source, winner, associated))
    {
        highest = highest.max(Some(source.ceiling?));
    }
    highest
}

/// Whether a source is one of the winning layer's grants whose reach covers the record.
pub(crate) fn counts(source: &Source<'_>, winner: Rank, associated: bool) -> bool {
    let reach = source.opinion.granted();
    source.rank == winner
        && source.overridden_by.is_none()
        && reach.is_some_and(|reach| reach == Reach::All || associated)
}
