//! Why: everything that took part in a decision, as a value that can be read aloud.

use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Decision;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::id::Actor;
use crate::id::RequestId;
use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::policy::Amount;
use crate::policy::words;
use crate::rule::Rank;
use crate::speech::Named;
use crate::text::Text;
use crate::time::Timestamp;

mod apart;
mod gather;
mod long;
mod phrases;
#[cfg(feature = "serde")]
mod serial;
mod short;

/// A decision and everything that took part in it (rule 5).
///
/// It is a value: a host shows it as it likes, or has it said by [`short`](Self::short) and
/// [`long`](Self::long). Explicit denial, withholding and mere silence are told apart in all three.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Explanation {
    /// Who.
    pub user: Named,
    /// What.
    pub duty: Named,
    /// The module of the duty.
    pub module: Named,
    /// When.
    pub at: Timestamp,
    /// On which record.
    pub record: RecordFacts,
    /// The answer.
    #[cfg_attr(feature = "serde", serde(serialize_with = "serial::decision"))]
    pub decision: Decision,
    /// The first later instant at which by time alone the answer differs; absent: never.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub until: Option<Timestamp>,
    /// What decided, as sorted texts: the same as [`AsOf::because`] answers.
    pub because: Vec<String>,
    /// The login, the module and the team, in the order in which they are looked at.
    pub gates: Vec<Gate>,
    /// The memberships through which groups' entries reach the user.
    pub memberships: Vec<Membership>,
    /// What speaks of the duty on this record, from the least to the most specific layer. On a private record
    /// only the right on the item: the layers are not consulted there.
    pub statements: Vec<Statement>,
    /// The limits on the duty that reach the user.
    pub limits: Vec<LimitStatement>,
    /// What is said of amounts, where something is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ceiling: Option<Ceiling>,
    /// What would speak of the duty but has lapsed or has not begun: the layer and the order are as above.
    pub apart: Vec<Statement>,
    /// Memberships that have lapsed or have not begun, of groups that have something to say.
    pub apart_memberships: Vec<Membership>,
}

/// What the host said of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct RecordFacts {
    /// Where it is; absent: at the root.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Named>,
    /// Whether the user is linked to it.
    pub associated: bool,
    /// What is so of it.
    pub qualifiers: Vec<String>,
    /// The team that it is tagged with.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub team: Option<Named>,
    /// Whether it is private.
    pub private: bool,
    /// Its key among private items.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub item: Option<String>,
    /// What it would cost to say yes.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub amount: Option<Amount>,
}

/// One of the checks that come before the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Gate {
    /// Which.
    pub what: GateKind,
    /// Whether it let the user through.
    pub passed: bool,
}

words! {
    /// The checks before the layers (rule 4). Closed: the rule has these.
    GateKind {
        /// The user's login is enabled.
        Login = "login": "login", "cuenta de acceso",
        /// The duty's module is switched on.
        Module = "module": "module", "módulo",
        /// The record's team is visible to the user.
        Team = "team": "team", "equipo",
    }
}

/// Where something comes from and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Provenance {
    /// Who made it.
    pub by: Actor,
    /// When; absent: in the document that the tenant was founded on.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub made: Option<Timestamp>,
    /// Why.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub reason: Option<Text>,
    /// The document behind it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub document: Option<Text>,
    /// The request that it was provisioned for.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub request: Option<RequestId>,
    /// When it was last certified, and by whom.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub certified: Option<(Timestamp, Actor)>,
    /// From when it holds; absent: always before.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub from: Option<Timestamp>,
    /// Until when; absent: without an end.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub until: Option<Timestamp>,
}

/// One source that speaks of the duty: an entry, an assignment, a right on an item, the mode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Statement {
    /// Its text, such as `grant user:ana finance @bridge`.
    pub text: String,
    /// Its layer.
    pub layer: Rank,
    /// What it is.
    pub kind: StatementKind,
    /// Whose it is, by the holder's key: `user:ana`.
    pub holder: Named,
    /// Its target, its profile, or its item.
    pub on: Named,
    /// The rung that a level sets.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub to: Option<Named>,
    /// Where it holds; absent: everywhere.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Named>,
    /// What it says of the duty.
    #[cfg_attr(feature = "serde", serde(serialize_with = "serial::opinion"))]
    pub opinion: Opinion,
    /// Up to which amount.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ceiling: Option<Amount>,
    /// Who made it, why, until when; absent for the mode.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub provenance: Option<Provenance>,
    /// What became of it.
    pub standing: Standing,
}

words! {
    /// What a source is. Closed: the rule has these.
    StatementKind {
        /// The tenant's mode.
        Mode = "mode": "mode", "modo",
        /// A grant.
        Grant = "grant": "grant", "concesión",
        /// A revoke.
        Revoke = "revoke": "revoke", "revocación",
        /// A level.
        Level = "level": "level", "nivel",
        /// An assignment of a profile.
        Assignment = "assign": "assignment", "asignación",
        /// A right on a private item.
        Item = "item": "right on an item", "derecho sobre un elemento",
    }
}

/// What became of a source. Positions are those in [`Explanation::statements`].
///
/// Closed: the rule leaves no other fate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Standing {
    /// Its opinion is the outcome of the layers, or of the private item.
    Prevails,
    /// A more specific entry of the same holder overrides it (rule 3.3).
    Overridden {
        /// That entry.
        by: usize,
    },
    /// It stacks with a greater opinion of the same layer.
    GivesWay {
        /// The sources with that opinion.
        to: Vec<usize>,
    },
    /// A more specific layer speaks.
    Replaced {
        /// That layer.
        by: Rank,
    },
    /// It does not include the duty: a right on the item that is about others.
    Elsewhere,
    /// It held until the end of its window.
    Lapsed,
    /// It has not begun to hold.
    NotYet,
}

/// A membership of the user in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Membership {
    /// The group.
    pub group: Named,
    /// Who made it, why, until when.
    pub provenance: Provenance,
}

/// A limit on the duty, and how it reaches the user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct LimitStatement {
    /// The limit.
    pub limit: Named,
    /// The qualifier that it requires.
    pub requires: String,
    /// Whether the record has it.
    pub met: bool,
    /// The ways by which it reaches the user.
    pub through: Vec<LimitSource>,
}

/// One way by which a limit reaches a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct LimitSource {
    /// Whose restriction or assignment it is.
    pub holder: Named,
    /// The profile that carries it; absent: it was put on the holder directly.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub profile: Option<Named>,
    /// Where it holds; absent: everywhere.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Named>,
    /// Who made it, why, until when.
    pub provenance: Provenance,
}

/// What the grants of the winning layer say of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Ceiling {
    /// The ceiling in force; absent: none, because one of the grants carries none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub in_force: Option<Amount>,
    /// The positions of the statements that set it, or that lift it.
    pub set_by: Vec<usize>,
    /// Whether the record's amount is above it.
    pub exceeded: bool,
}

impl Explanation {
    /// The statements whose opinion is the outcome.
    pub fn prevailing(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.standing == Standing::Prevails)
    }
}

impl AsOf<'_> {
    /// Why the user may or may not perform the duty on the record: the decision of [`check`](Self::check) and
    /// everything that took part in it.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Language, Name, Policy, Resource, Tenant, policy};
    ///
    /// let mut policy = Policy::new(Name::new("Rio Vista")?);
    /// policy.duties.push(policy::Duty {
    ///     key: "finance.funds.certify".parse()?,
    ///     label: Some(bailiwick::Label::new("Certify funds", "Certificar fondos")?),
    ///     sensitivity: None,
    ///     seat: None,
    /// });
    /// policy.users.push(policy::User::new("ana".parse()?));
    /// let tenant = Tenant::found(&policy)?;
    /// let why = tenant
    ///     .as_of("2026-01-05T09:00:00Z".parse()?)
    ///     .explain("ana", "finance.funds.certify", &Resource::default())?;
    /// assert_eq!(
    ///     why.short(Language::English),
    ///     "ana may not perform “Certify funds”: nothing grants it",
    /// );
    /// assert_eq!(
    ///     why.short(Language::Spanish),
    ///     "ana no puede ejercer «Certificar fondos»: nada lo concede",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Explanation, QuestionError> {
        let user = self.user(user.into())?;
        let duty = self.duty(duty.into())?;
        self.explain_known(user, duty, resource)
    }

    /// The explanation for a user and a duty that are known.
    pub(crate) fn explain_known(
        self,
        user: UserIx,
        duty: DutyIx,
        resource: &Resource<'_>,
    ) -> Result<Explanation, QuestionError> {
        gather::explanation(self, user, duty, resource)
    }
}
