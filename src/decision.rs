//! From what the layers say to a decision: the one place with the order of checks.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::command::CommandKind;
use crate::id::Unknown;
use crate::ix::DutyIx;
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
use crate::policy::Amount;
use crate::policy::Reach;
use crate::policy::words;
use crate::rule::Layers;
use crate::rule::One;
use crate::rule::Rank;
use crate::rule::limits;
use crate::source::Source;
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

/// A thing of a tenant, by its key or by a handle found before.
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
    ($($handle:ident)*) => {$(
        impl From<crate::ix::$handle> for Ref<'_, crate::ix::$handle> {
            fn from(handle: crate::ix::$handle) -> Self {
                Self::Handle(handle)
            }
        }
    )*};
}

ref_from!(UserId DutyId ScopeId TeamId);

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
    /// What is so of it: `published`, `completed`, …
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
            let known = id.of(model.tag()).filter(|ix| ix.at() < model.scopes.len());
            known.ok_or_else(|| Unknown::new(crate::id::Kind::Scope, OTHER_TENANT, []))
        }
    }
}

fn find_team(model: &Model, team: Ref<'_, TeamId>) -> Result<TeamIx, Unknown> {
    match team {
        Ref::Key(key) => model.find_team(key),
        Ref::Handle(id) => {
            let known = id.of(model.tag()).filter(|ix| ix.at() < model.teams.len());
            known.ok_or_else(|| Unknown::new(crate::id::Kind::Team, OTHER_TENANT, []))
        }
    }
}

/// What an error says in the place of a key that a handle of another tenant does not have here.
pub(crate) const OTHER_TENANT: &str = "a handle of another tenant";

/// Whether the administration table lets a user give a kind of command in a place: the check permits some duty that
/// it names for that (rule 6).
pub(crate) fn may_command(
    model: &Model,
    user: UserIx,
    kind: CommandKind,
    place: Place,
    at: Timestamp,
) -> bool {
    let record = Record::in_place(model, place);
    let may = |duty: &DutyIx| decide(model, user, *duty, &record, at).is_permit();
    let duties = model.administration.get(&kind);
    duties.is_some_and(|duties| duties.iter().any(may))
}

/// Decides (rule 4): the checks in their order, the first that fails gives the reason.
pub(crate) fn decide(
    model: &Model,
    user: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Decision {
    let Some(user) = model.user(user) else {
        return Decision::Deny(Denial::NotGranted);
    };
    if let Some(denial) = gate(model, user, duty, record.team) {
        return Decision::Deny(denial);
    }
    let groups = model.groups_of(user, at);
    let decided = if record.private {
        item_right(model, user, duty, record.item, at)
    } else {
        let view = One::new(&model.catalog, duty);
        let layers = Layers::of(&view, model, user, &groups, &record.path, at);
        public(layers.winner(), record.associated)
    };
    let rank = match decided {
        Ok(rank) => rank,
        Err(denial) => return Decision::Deny(denial),
    };
    if !unmet(
        model,
        &limits(model, user, &groups, &record.path, at),
        duty,
        record.qualifiers,
    )
    .is_empty()
    {
        return Decision::Deny(Denial::Limited);
    }
    if let (Some(amount), false) = (record.amount, record.private) {
        let sources = Source::all(model, user, duty, &record.path, at);
        if ceiling(&sources, rank, record.associated).is_some_and(|ceiling| amount > ceiling) {
            return Decision::Deny(Denial::OverCeiling);
        }
    }
    Decision::Permit(rank)
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
    let visible = |team: TeamIx| {
        user.all_teams
            || user
                .team
                .is_some_and(|own| model.teams.is_within(team.0, own.0))
    };
    team.is_some_and(|team| !visible(team))
        .then_some(Denial::OutsideTeam)
}

/// Check 5a: a right on exactly this item.
fn item_right(
    model: &Model,
    user: &User,
    duty: DutyIx,
    item: Option<&str>,
    at: Timestamp,
) -> Result<Rank, Denial> {
    let right = item
        .and_then(|item| crate::id::ItemKey::new(item).ok())
        .and_then(|item| user.holdings.items.in_force_of(&item, at));
    let covers = right.is_some_and(|held| {
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

/// Check 7: the limits on a duty whose qualifier is not on the record.
pub(crate) fn unmet(
    model: &Model,
    limits: &[LimitIx],
    duty: DutyIx,
    qualifiers: &[&str],
) -> Vec<LimitIx> {
    let fails = |limit: &LimitIx| {
        model.catalog.get_limit(*limit).is_some_and(|limit| {
            limit.covers.contains(duty) && !qualifiers.contains(&limit.requires.as_str())
        })
    };
    limits.iter().copied().filter(fails).collect()
}

/// Check 8: the ceiling in force, from the winning layer's grants whose reach covers the record.
pub(crate) fn ceiling(sources: &[Source<'_>], winner: Rank, associated: bool) -> Option<Amount> {
    let mut highest = None;
    for source in sources
        .iter()
        .filter(|source| source.rank == winner && source.overridden_by.is_none())
    {
        let covers = source
            .opinion
            .granted()
            .is_some_and(|reach| reach == Reach::All || associated);
        if covers {
            highest = highest.max(Some(source.ceiling?));
        }
    }
    highest
}
