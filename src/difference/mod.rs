//! What differs between two states or instants: user by user, duty by duty, with the reasons.

use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::decision::Denial;
use crate::id::Key;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::policy::words;
use crate::speech::Named;

mod compare;
mod table;

pub(crate) use compare::reaching;
pub(crate) use compare::required;
pub(crate) use compare::standings;

/// Everything in which access differs: empty exactly if no check of what both sides know is answered differently,
/// and nobody may do anything with what one side alone knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Difference {
    /// What is gained, lost or changed: one row for each user, duty and place or private item, sorted by user,
    /// duty and place, the items after the places.
    pub rows: Vec<DifferenceRow>,
    /// The teams that both sides know and whose records a user sees on one of them alone.
    pub teams: Vec<TeamRow>,
    /// What is denied on both sides, for another reason: rows as above.
    pub reasons: Vec<DifferenceRow>,
}

/// What a user may do before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct DifferenceRow {
    /// Who.
    pub user: Named,
    /// What.
    pub duty: Named,
    /// Where; absent: at the root, and wherever else nothing of the user's is said of a scope of its own. Every
    /// scope of which something is said, or that lies elsewhere afterwards, has rows of its own.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Named>,
    /// The private item, where the row is about one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub item: Option<String>,
    /// Which way it goes.
    pub turn: Turn,
    /// Before.
    pub before: Side,
    /// After.
    pub after: Side,
}

/// A team whose records a user sees on one side alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TeamRow {
    /// Who.
    pub user: Named,
    /// The team.
    pub team: Named,
    /// Whether the sight of it is gained or lost.
    pub turn: Turn,
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Side {
    /// What the user has of the duty; absent: nothing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub access: Option<Access>,
    /// Why the user has nothing; absent with no access: this side knows no such user, duty or scope.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub denial: Option<Denial>,
    /// What decided, as sorted texts.
    pub because: Vec<String>,
}

/// On which records a user may perform a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Access {
    /// Which records.
    pub reach: Reach,
    /// The qualifiers that they must have.
    pub requires: Vec<Key>,
    /// Up to which amount.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ceiling: Option<Amount>,
    /// Up to which amount on records that the user is associated with, for which more grants count.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ceiling_if_associated: Option<Amount>,
}

words! {
    /// Which way access goes. Closed: there is no other.
    Turn {
        /// From nothing to something.
        Gained = "gained": "gained", "ganado",
        /// From something to nothing.
        Lost = "lost": "lost", "perdido",
        /// From something to something else.
        Changed = "changed": "changed", "cambiado",
        /// From nothing to nothing, for another reason.
        Reason = "reason": "for another reason", "por otro motivo",
    }
}

impl AsOf<'_> {
    /// How access differs from here to another state or instant: of everyone known to either, everywhere that
    /// either mentions, on every duty of either.
    #[must_use]
    pub fn difference(self, other: AsOf<'_>) -> Difference {
        compare::difference([self, other])
    }
}

impl Difference {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.teams.is_empty() && self.reasons.is_empty()
    }
}
