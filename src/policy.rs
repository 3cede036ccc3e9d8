//! A policy as plain data: what a document states, row by row, with keys for names.
//!
//! Every field is public because every value of its type is well formed; whether the keys lead anywhere is
//! checked when a tenant is founded on the policy. The same rows are the payload of commands.
//!
//! A row's `new` takes what the row cannot do without. Of the rest nothing is said, until it is:
//!
//! ```
//! use bailiwick::policy::{Amount, Grant, Terms};
//!
//! let certify = Grant::new("user:ana".parse()?, "finance.funds.certify".parse()?);
//! assert_eq!((certify.scope.clone(), certify.ceiling), (None, None)); // everywhere, whatever the amount
//!
//! let in_may = Terms {
//!     from: Some("2026-05-01T00:00:00Z".parse()?),
//!     until: Some("2026-06-01T00:00:00Z".parse()?),
//!     ..Terms::default()
//! };
//! let up_to_500 = Grant { ceiling: Amount::new(500), terms: in_may, ..certify };
//! assert_eq!(up_to_500.reach, None); // still every record
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::any_of::AnyOf;
use crate::command::CommandKind;
use crate::fault::Fault;
use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::MalformedKey;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::text::Label;
use crate::text::Name;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;

/// Gives a row type what every row has: equality, a debug form and, with serde, kebab-case fields.
macro_rules! rows {
    ($($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case", deny_unknown_fields))]
        pub struct $name { $($body)* }
    )*};
}
pub(crate) use rows;

/// Gives a closed list of words its order, its names and its serde form.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name {
            $($(#[$item])* #[cfg_attr(feature = "serde", serde(rename = $word))] $variant,)*
        }

        impl $name {
            /// All of them, lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that documents use.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one that documents call by that word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use codes;

/// Gives a closed list of words that, and what people call each of them in English and in Spanish.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$item:meta])* $variant:ident = $word:literal: $english:literal, $spanish:literal,)*
    }) => {
        $crate::policy::codes! { $(#[$doc])* $name { $($(#[$item])* $variant = $word,)* } }

        impl $crate::text::Localized for $name {
            fn localized(&self, language: $crate::text::Language) -> alloc::string::String {
                match self { $(Self::$variant => language.choose($english, $spanish)),* }.into()
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Which records a grant covers (rule 2). Closed: the rule has these two.
    Reach {
        /// Only records that the user is linked to.
        Associated = "associated": "associated records", "registros asociados",
        /// Every record.
        All = "all": "all records", "todos los registros",
    }
}

words! {
    /// What misuse of a duty would cost (rule 2). Closed: the order is part of the rule.
    Sensitivity {
        /// Little.
        Low = "low": "low", "baja",
        /// The usual; the default.
        Normal = "normal": "normal", "normal",
        /// Much.
        High = "high": "high", "alta",
    }
}

words! {
    /// The class of seat that holding a duty takes (rule 4). Closed: the order is part of the rule.
    Seat {
        /// None that is paid for; the default.
        Free = "free": "free", "sin costo",
        /// A full seat.
        Full = "full": "full", "completa",
        /// An administrator's seat.
        Administrator = "administrator": "administrator", "de administrador",
    }
}

/// What holds before any entry says so (rule 3.2). Closed: the rule has these two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub enum Mode {
    /// Nothing is permitted until an entry says so. The default.
    #[default]
    Strict,
    /// Every duty up to this sensitivity is permitted until an entry says otherwise.
    Open {
        /// The highest sensitivity that is open to all.
        up_to: Sensitivity,
    },
}

/// An amount in minor currency units: whole, from 0 to 2^53.
///
/// # Examples
///
/// ```
/// use bailiwick::policy::Amount;
///
/// assert_eq!(Amount::new(500_000).map(Amount::get), Some(500_000));
/// assert_eq!(Amount::new((1 << 53) + 1), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u64", into = "u64"))]
pub struct Amount(u64);

impl Amount {
    /// The greatest amount, 2^53.
    pub const MAX: Self = Self(1 << 53);

    /// So many minor units; `None` above 2^53.
    #[must_use]
    pub const fn new(units: u64) -> Option<Self> {
        if units > Self::MAX.0 {
            None
        } else {
            Some(Self(units))
        }
    }

    /// The number of minor units.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Amount {
    type Error = Fault;

    fn try_from(units: u64) -> Result<Self, Self::Error> {
        Self::new(units).ok_or_else(|| Fault::OutOfRange {
            wanted: (
                "an amount of at most 2^53 minor units",
                "un importe de 2^53 unidades menores como máximo",
            )
                .into(),
        })
    }
}

impl From<Amount> for u64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

/// How far up its ladder an object is set: to a rung, or to none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// No rung: every action of the ladder is withheld.
    None,
    /// This rung and every lower one; every higher one is withheld.
    Rung(Key),
}

impl Level {
    /// The rung, or `none`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Rung(rung) => rung.as_str(),
        }
    }

    /// The level that a word names: `none`, or a rung.
    ///
    /// # Errors
    ///
    /// [`MalformedKey`] if the word is not a key.
    pub fn new(word: &str) -> Result<Self, MalformedKey> {
        if word == "none" {
            Ok(Self::None)
        } else {
            Key::new(word).map(Self::Rung)
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::read(deserializer, Self::new)
    }
}

/// One grant of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged, deny_unknown_fields))]
pub enum ProfileGrant {
    /// A target at reach `all`.
    Target(TargetKey),
    /// A target at a stated reach.
    Reaching {
        /// The target.
        on: TargetKey,
        /// The reach.
        reach: Reach,
    },
    /// An object up to a rung of its ladder; `none` gives nothing.
    Level {
        /// The object.
        on: TargetKey,
        /// The rung.
        level: Level,
    },
}

/// Who reviews in a campaign. Closed: the rule has these two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reviewers {
    /// The heads of the reviewed users' departments; the default.
    #[default]
    Heads,
    /// These users; any of them may decide an item.
    Named(Vec<UserKey>),
}

#[cfg(feature = "serde")]
impl serde::Serialize for Reviewers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Heads => serializer.serialize_str("heads"),
            Self::Named(users) => users.serialize(serializer),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Reviewers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(alloc::string::String),
            Users(Vec<UserKey>),
        }
        match Form::deserialize(deserializer)? {
            Form::Word(word) if word == "heads" => Ok(Self::Heads),
            Form::Word(_) => Err(serde::de::Error::custom("`heads` or a list of users")),
            Form::Users(users) => Ok(Self::Named(users)),
        }
    }
}

/// A tenant's policy: its catalog, structure, people and entries.
///
/// Each field is said with the name of its table in documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The tenant's name: `name`.
    pub name: Name,
    /// What holds before any entry says so: `mode` and `open-up-to`.
    pub mode: Mode,
    /// A built-in catalog that the lists below add to: `catalog`.
    pub catalog: Option<Key>,
    /// How many paid seats there are: `seats`.
    pub seats: Seats,
    /// Which duties let a user give a kind of command, any of them; kinds absent are the host's alone:
    /// `[administration]`.
    pub administration: BTreeMap<CommandKind, AnyOf<DutyKey>>,
    /// Modules that have a label or are switched off; a module of a duty need not be listed: `[[module]]`.
    pub modules: Vec<Module>,
    /// Duties, in catalog order: `[[duty]]`.
    pub duties: Vec<Duty>,
    /// Ladders of objects: `[[ladder]]`.
    pub ladders: Vec<Ladder>,
    /// Limits: `[[limit]]`.
    pub limits: Vec<Limit>,
    /// The scope tree: `[[scope]]`.
    pub scopes: Vec<Node>,
    /// The department tree: `[[department]]`.
    pub departments: Vec<Department>,
    /// The team tree: `[[team]]`.
    pub teams: Vec<Node>,
    /// The group tree: `[[group]]`.
    pub groups: Vec<Node>,
    /// Profiles: `[[profile]]`.
    pub profiles: Vec<Profile>,
    /// Users: `[[user]]`.
    pub users: Vec<User>,
    /// Assignments of profiles: `[[assign]]`.
    pub assignments: Vec<Assign>,
    /// Grants: `[[grant]]`.
    pub grants: Vec<Grant>,
    /// Revokes: `[[revoke]]`.
    pub revokes: Vec<Revoke>,
    /// Levels: `[[level]]`.
    pub levels: Vec<SetLevel>,
    /// Limits put on users and groups directly: `[[restrict]]`.
    pub restrictions: Vec<Restrict>,
    /// Rights on private items: `[[item]]`.
    pub items: Vec<GiveItem>,
    /// Conflicting sets of targets: `[[conflict]]`.
    pub conflicts: Vec<Conflict>,
    /// Recurring reviews: `[[schedule]]`.
    pub schedules: Vec<Schedule>,
    /// The duties that the helpdesk asks about: `file`, `work` and `reopen` of `[helpdesk]`.
    pub helpdesk: HelpdeskDuties,
}

impl Policy {
    /// A strict policy without duties, people or entries.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            name,
            mode: Mode::Strict,
            catalog: None,
            seats: Seats::default(),
            administration: BTreeMap::new(),
            modules: Vec::new(),
            duties: Vec::new(),
            ladders: Vec::new(),
            limits: Vec::new(),
            scopes: Vec::new(),
            departments: Vec::new(),
            teams: Vec::new(),
            groups: Vec::new(),
            profiles: Vec::new(),
            users: Vec::new(),
            assignments: Vec::new(),
            grants: Vec::new(),
            revokes: Vec::new(),
            levels: Vec::new(),
            restrictions: Vec::new(),
            items: Vec::new(),
            conflicts: Vec::new(),
            schedules: Vec::new(),
            helpdesk: HelpdeskDuties::default(),
        }
    }
}

rows! {
    /// How many paid seats a tenant has; absent means as many as are taken. They are counted at the instant of each
    /// command: what begins later takes its seat then, whatever is free.
    #[derive(Copy, Default)]
    pub struct Seats {
        /// Full seats.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub full: Option<u32>,
        /// Administrator seats.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub administrator: Option<u32>,
    }

    /// Which duties let a user file, work and reopen tickets; absent ones are the host's alone.
    #[derive(Default)]
    pub struct HelpdeskDuties {
        /// Opens tickets.
        pub file: Option<DutyKey>,
        /// Works tickets.
        pub work: Option<DutyKey>,
        /// Reopens closed tickets.
        pub reopen: Option<DutyKey>,
    }

    /// A module of the catalog.
    pub struct Module {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// Whether the tenant has it switched on; absent: yes.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub enabled: Option<bool>,
    }

    /// A duty of the catalog.
    pub struct Duty {
        /// Its key, `module.object.action`.
        pub key: DutyKey,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// What misuse would cost; absent: normal.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub sensitivity: Option<Sensitivity>,
        /// The seat it takes; absent: free.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub seat: Option<Seat>,
    }

    /// An object's ladder: some of its actions, in order.
    pub struct Ladder {
        /// The object, `module.object`.
        pub object: TargetKey,
        /// The rungs, lowest first.
        pub rungs: Vec<Key>,
        /// Names of rungs for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
        pub labels: BTreeMap<Key, Label>,
    }

    /// A limit: on these targets, the record must have this qualifier.
    pub struct Limit {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// What it covers.
        pub on: Vec<TargetKey>,
        /// The qualifier that a record must have.
        pub requires: Key,
    }

    /// A scope, a team or a group: a node of its tree.
    pub struct Node {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// The node above it; absent: it stands at the top.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Key>,
    }

    /// A department.
    pub struct Department {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// The user who heads it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub head: Option<UserKey>,
        /// The department above it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Key>,
    }

    /// A profile: a named bundle of grants, limits and ceilings. It only gives.
    pub struct Profile {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// What it gives.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub grants: Vec<ProfileGrant>,
        /// What its grants leave out.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub except: Vec<TargetKey>,
        /// The limits it brings.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub limits: Vec<Key>,
        /// Approval ceilings for duties that it gives.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
        pub ceilings: BTreeMap<DutyKey, Amount>,
    }

    /// A user. The lists at the end are for `add-user` alone: an invitation that carries entries.
    ///
    /// For these no more is needed than the duty that the administration table names for `add-user`, in the scopes
    /// that they name: whoever may invite says what the newcomer holds. The table should name a duty of those who may
    /// be trusted with that (rule 6).
    pub struct User {
        /// The user's key.
        pub key: UserKey,
        /// The user's name.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub name: Option<Name>,
        /// How to reach the user.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub contact: Option<Name>,
        /// The name the user logs in with.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub login: Option<Name>,
        /// The user's department.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub department: Option<Key>,
        /// The user's team.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub team: Option<Key>,
        /// Whether the user sees the records of every team; absent: no.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub all_teams: Option<bool>,
        /// The groups the user is a member of, always.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub groups: Vec<Key>,
        /// Whether the user's login is enabled; absent: yes.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub enabled: Option<bool>,
        /// Grants that come with an invitation: their holder is this user. In a policy there are none: a user's entries
        /// stand beside the users there.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub grant: Vec<Grant>,
        /// Levels that come with an invitation, likewise.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub level: Vec<SetLevel>,
        /// Profiles that come with an invitation, likewise.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        pub assign: Vec<Assign>,
    }

    /// Gives a profile to a user or a group.
    pub struct Assign {
        /// The user or group.
        pub holder: HolderKey,
        /// The profile.
        pub profile: Key,
        /// Where it holds; absent: everywhere.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub scope: Option<Key>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Grants a target.
    pub struct Grant {
        /// Who is granted it.
        pub holder: HolderKey,
        /// What is granted.
        pub on: TargetKey,
        /// Where it holds; absent: everywhere.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub scope: Option<Key>,
        /// Which records it covers; absent: all.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub reach: Option<Reach>,
        /// Up to which amount.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub ceiling: Option<Amount>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Revokes a target, at both reaches.
    pub struct Revoke {
        /// From whom.
        pub holder: HolderKey,
        /// What is revoked.
        pub on: TargetKey,
        /// Where; absent: everywhere.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub scope: Option<Key>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Sets an object to a rung of its ladder, or to none.
    pub struct SetLevel {
        /// For whom.
        pub holder: HolderKey,
        /// The object.
        pub on: TargetKey,
        /// The rung.
        pub to: Level,
        /// Where; absent: everywhere.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub scope: Option<Key>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Puts a limit on a user or a group directly.
    pub struct Restrict {
        /// The user or group.
        pub holder: HolderKey,
        /// The limit.
        pub limit: Key,
        /// Where; absent: everywhere.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub scope: Option<Key>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Gives a user rights on one private item.
    pub struct GiveItem {
        /// The user.
        pub user: UserKey,
        /// The item.
        pub item: ItemKey,
        /// What the user may do with it.
        pub on: Vec<TargetKey>,
        /// When, why, on which document.
        #[cfg_attr(feature = "serde", serde(flatten))]
        pub terms: Terms,
    }

    /// Declares that of these targets at most so many may be in one hand.
    pub struct Conflict {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// The targets.
        pub of: Vec<TargetKey>,
        /// How many of them one user may hold; absent: 1.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub at_most: Option<u32>,
    }

    /// A review that recurs.
    pub struct Schedule {
        /// Its key.
        pub key: Key,
        /// Its name for people.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub label: Option<Label>,
        /// When the first is due to be opened.
        pub first: Timestamp,
        /// How long from one to the next.
        pub every: Duration,
        /// How long reviewers have.
        pub due_in: Duration,
        /// What is reviewed.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub select: Option<Select>,
        /// By whom.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub reviewers: Option<Reviewers>,
    }

    /// What a campaign reviews: the entries that meet all that is named (rule 6.2).
    #[derive(Default)]
    pub struct Select {
        /// Of these users.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub users: Option<Vec<UserKey>>,
        /// Of these groups: their own entries and assignments.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub groups: Option<Vec<Key>>,
        /// Of the users of this department.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub department: Option<Key>,
        /// Assignments of this profile.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub profile: Option<Key>,
        /// What gives some duty of this module.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub module: Option<Key>,
        /// What gives some duty of this sensitivity or above.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub sensitivity: Option<Sensitivity>,
        /// What was not certified since this instant.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub not_certified_since: Option<Timestamp>,
    }
}

/// Gives a row a start: what it cannot do without is given, and of the rest nothing is said.
macro_rules! starts {
    ($($(#[$doc:meta])* $name:ident { $($given:ident: $type:ty),*; $($open:ident),* $(,)? })*) => {$(
        impl $name {
            $(#[$doc])*
            #[must_use]
            pub fn new($($given: $type),*) -> Self {
                Self { $($given,)* $($open: Default::default()),* }
            }
        }
    )*};
}

starts! {
    /// A module that is switched on, without a name for people.
    Module { key: Key; label, enabled }
    /// A duty of normal sensitivity that takes no seat.
    Duty { key: DutyKey; label, sensitivity, seat }
    /// A ladder whose rungs have no names for people.
    Ladder { object: TargetKey, rungs: Vec<Key>; labels }
    /// A limit on these targets: the record must have the qualifier.
    Limit { key: Key, on: Vec<TargetKey>, requires: Key; label }
    /// A scope, a team or a group at the top of its tree.
    Node { key: Key; label, parent }
    /// A department at the top of its tree, without a head.
    Department { key: Key; label, head, parent }
    /// A profile that gives nothing yet.
    Profile { key: Key; label, grants, except, limits, ceilings }
    /// A user of whom nothing but the key is said.
    User {
        key: UserKey;
        name, contact, login, department, team, all_teams, groups, enabled, grant, level, assign,
    }
    /// The profile everywhere, for good.
    Assign { holder: HolderKey, profile: Key; scope, terms }
    /// The target on every record, everywhere, for good.
    Grant { holder: HolderKey, on: TargetKey; scope, reach, ceiling, terms }
    /// The target everywhere, for good.
    Revoke { holder: HolderKey, on: TargetKey; scope, terms }
    /// The rung everywhere, for good.
    SetLevel { holder: HolderKey, on: TargetKey, to: Level; scope, terms }
    /// The limit everywhere, for good.
    Restrict { holder: HolderKey, limit: Key; scope, terms }
    /// These rights on the item, for good.
    GiveItem { user: UserKey, item: ItemKey, on: Vec<TargetKey>; terms }
    /// A conflict of which one user may hold one target.
    Conflict { key: Key, of: Vec<TargetKey>; label, at_most }
    /// A review of everything, by whoever reviews where nobody is named.
    Schedule { key: Key, first: Timestamp, every: Duration, due_in: Duration; label, select, reviewers }
}

/// When something holds, why, and on which document; and in a command, whether it replaces what it clashes with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Terms {
    /// From when; absent: open in a document, the command's instant in a command. It may lie before the command: the
    /// state then says of an earlier instant that it held. What was the answer at the time is asked of the
    /// [history](crate::History).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub from: Option<Timestamp>,
    /// Until when, not included; absent: without an end.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub until: Option<Timestamp>,
    /// Why.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub reason: Option<Text>,
    /// The host's key of the document behind it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub document: Option<Text>,
    /// Commands only: the entry it clashes with ends at the command's instant.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "core::ops::Not::not")
    )]
    pub replace: bool,
}
