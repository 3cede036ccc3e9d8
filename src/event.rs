//! Events: what an accepted command changed, with what was before and what is after.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::command::Command;
use crate::governance::Governed;
use crate::governance::campaign::CampaignChange;
use crate::governance::request::RequestChange;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::RequestId;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::policy;
use crate::policy::Amount;
use crate::policy::Level;
use crate::policy::Mode;
use crate::policy::Reach;
use crate::policy::Seats;
use crate::policy::rows;
use crate::text::Name;
use crate::text::Text;
use crate::time::Timestamp;
use crate::time::Window;

/// The version of the form in which events are written.
pub const SCHEMA: u16 = 1;

/// When and by whom a command is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The instant.
    pub at: Timestamp,
    /// The actor.
    pub by: Actor,
    /// A name for the command: given again it does nothing and is refused as already done, with the revision that it
    /// made, which whoever tries again takes for success.
    pub id: Option<Name>,
    /// The revision of the tenant that the command was decided against; it loses if what it names has changed
    /// since. One that is yet to come loses against nothing.
    pub revision: Option<u64>,
}

impl Stamp {
    /// A stamp without a command id and a revision.
    #[must_use]
    pub fn new(at: Timestamp, by: Actor) -> Self {
        Self {
            at,
            by,
            id: None,
            revision: None,
        }
    }
}

/// One accepted command: what was asked, and everything that it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Event {
    /// The version of the form in which it is written.
    pub schema: u16,
    /// The tenant's revision after it: 1 for the first event.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// The command's name, if it had one.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub id: Option<Name>,
    /// The command.
    pub command: Command,
    /// What it changed, in order.
    pub changes: Changes,
}

impl Event {
    /// The request that was asked for by it, if one was.
    #[must_use]
    pub fn request(&self) -> Option<RequestId> {
        self.changes.iter().find_map(|change| match change {
            Change::Governed(Governed::Request(RequestChange::Asked { request, .. })) => {
                Some(*request)
            }
            _ => None,
        })
    }

    /// The campaign that was opened by it, if one was.
    #[must_use]
    pub fn campaign(&self) -> Option<CampaignId> {
        self.changes.iter().find_map(|change| match change {
            Change::Governed(Governed::Campaign(CampaignChange::Opened(opened))) => {
                Some(opened.campaign)
            }
            _ => None,
        })
    }
}

/// What one command changed: most change one thing or two.
pub type Changes = SmallVec<[Change; 2]>;

/// One thing that changed.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Change {
    /// A user was added; what comes with an invitation follows as changes of its own.
    UserAdded(policy::User),
    /// What is known of a user changed.
    PersonChanged {
        /// The user.
        user: UserKey,
        /// Before.
        before: Person,
        /// After.
        after: Person,
    },
    /// Something is held from now on, or from a later instant.
    Made(Made),
    /// Something that was held ends, or is cancelled before it began.
    Ended {
        /// Who held it.
        holder: HolderKey,
        /// What.
        what: Thing,
        /// Its window before.
        before: Window,
        /// Its window after; absent: it was cancelled and never held.
        after: Option<Window>,
    },
    /// An entry was certified in a review.
    Certified {
        /// Who holds it.
        holder: HolderKey,
        /// What.
        what: Thing,
        /// The start by which it is told from others on the same spot.
        from: Option<Timestamp>,
        /// When it was certified before, and by whom.
        before: Option<(Timestamp, Actor)>,
        /// When, and by whom.
        after: (Timestamp, Actor),
    },
    /// A scope was added.
    ScopeAdded(policy::Node),
    /// A team was added.
    TeamAdded(policy::Node),
    /// A group was added.
    GroupAdded(policy::Node),
    /// A department was added.
    DepartmentAdded(policy::Department),
    /// A department has another head.
    HeadChanged {
        /// The department.
        department: Key,
        /// Before.
        before: Option<UserKey>,
        /// After.
        after: Option<UserKey>,
    },
    /// A module was added.
    ModuleAdded(policy::Module),
    /// A duty was added.
    DutyAdded(policy::Duty),
    /// A module was switched.
    ModuleSwitched {
        /// The module.
        module: Key,
        /// Whether it was on.
        before: bool,
        /// Whether it is on.
        after: bool,
    },
    /// The tenant's mode changed.
    ModeChanged {
        /// Before.
        before: Mode,
        /// After.
        after: Mode,
    },
    /// The number of paid seats changed.
    SeatsChanged {
        /// Before.
        before: Seats,
        /// After.
        after: Seats,
    },
    /// A profile was defined, or defined anew.
    ProfileDefined {
        /// Before, if it was there.
        before: Option<policy::Profile>,
        /// After.
        after: policy::Profile,
    },
    /// A profile was retired.
    ProfileRetired {
        /// The profile.
        profile: Key,
    },
    /// A conflicting set was declared.
    ConflictDeclared(policy::Conflict),
    /// What became of a request, a campaign, a delegation or a record in the host's hands.
    Governed(Governed),
}

rows! {
    /// Something that is held from now on.
    pub struct Made {
        /// Who holds it.
        pub holder: HolderKey,
        /// What.
        pub what: Thing,
        /// When.
        pub window: Window,
        /// Why.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub reason: Option<Text>,
        /// The host's key of the document behind it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub document: Option<Text>,
        /// The request that it was provisioned for.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub request: Option<RequestId>,
    }

    /// What is known of a user, apart from what the user holds.
    pub struct Person {
        /// The name.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub name: Option<Name>,
        /// How to reach the user.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub contact: Option<Name>,
        /// The name the user logs in with.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub login: Option<Name>,
        /// The department.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub department: Option<Key>,
        /// The team.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub team: Option<Key>,
        /// Whether the user sees every team's records.
        pub all_teams: bool,
        /// Whether the login is enabled.
        pub enabled: bool,
        /// Whether the user was offboarded, and not enabled again since.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "core::ops::Not::not"))]
        pub offboarded: bool,
    }
}

/// A thing that is held, by its own key (rule 3.3).
///
/// Closed: these eight are what a holder can have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub enum Thing {
    /// A grant.
    Grant {
        /// The target.
        on: TargetKey,
        /// Where.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        scope: Option<Key>,
        /// Which records.
        reach: Reach,
        /// Up to which amount.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        ceiling: Option<Amount>,
    },
    /// A revoke.
    Revoke {
        /// The target.
        on: TargetKey,
        /// Where.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        scope: Option<Key>,
    },
    /// A level.
    Level {
        /// The object.
        on: TargetKey,
        /// The rung.
        to: Level,
        /// Where.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        scope: Option<Key>,
    },
    /// A profile.
    Profile {
        /// The profile.
        profile: Key,
        /// Where.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        scope: Option<Key>,
    },
    /// A limit.
    Limit {
        /// The limit.
        limit: Key,
        /// Where.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        scope: Option<Key>,
    },
    /// A membership.
    Membership {
        /// The group.
        group: Key,
    },
    /// A right on a private item.
    Item {
        /// The item.
        item: ItemKey,
        /// What may be done with it.
        on: Vec<TargetKey>,
    },
    /// An exception from a conflicting set.
    Exception {
        /// The set.
        conflict: Key,
    },
}

impl Thing {
    /// What it is and whose, as the answers of the library call it: `grant user:ana finance.funds.certify @bridge`,
    /// `level everyone finance.ledger=view`, `assign user:ana finance-clerk`, `item user:ana case-12`, …
    #[must_use]
    pub fn of(&self, holder: &HolderKey) -> String {
        let (text, scope) = match self {
            Self::Grant { on, scope, .. } => (format!("grant {holder} {on}"), scope.as_ref()),
            Self::Revoke { on, scope } => (format!("revoke {holder} {on}"), scope.as_ref()),
            Self::Level { on, to, scope } => (
                format!("level {holder} {on}={}", to.as_str()),
                scope.as_ref(),
            ),
            Self::Profile { profile, scope } => {
                (format!("assign {holder} {profile}"), scope.as_ref())
            }
            Self::Limit { limit, scope } => (format!("restrict {holder} {limit}"), scope.as_ref()),
            Self::Membership { group } => (format!("member {holder} {group}"), None),
            Self::Item { item, .. } => (format!("item {holder} {item}"), None),
            Self::Exception { conflict } => (format!("exception {holder} {conflict}"), None),
        };
        match scope {
            Some(scope) => format!("{text} @{scope}"),
            None => text,
        }
    }
}
