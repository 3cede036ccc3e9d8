//! What a ticket's history is made of: public entries, and internal ones of a type of their own.

use alloc::vec::Vec;

use super::transition::Step;
use super::words::Category;
use super::words::Outcome;
use super::words::Priority;
use super::words::Status;
use super::words::Voice;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Body;
use crate::text::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// A public reply. A note is another type, and nothing turns one into the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Reply {
    /// What it says.
    pub body: Body,
    /// As whom it speaks: what an agent writes on a ticket of their own counts as the reporter's.
    pub voice: Voice,
    /// Whether a machine sent it, such as a notice of absence.
    pub automatic: bool,
    /// Whether it asks not to reopen a resolved ticket.
    pub no_reopen: bool,
}

/// An internal note, for agents only.
///
/// Nothing makes a reply of it:
///
/// ```compile_fail,E0277
/// use bailiwick::helpdesk::{Note, Reply};
///
/// fn publish(note: Note) -> Reply {
///     note.into()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Note {
    /// What it says.
    pub body: Body,
}

/// What the host keeps of an attached file; the file itself stays with the host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Attachment {
    /// Its name, without a path.
    pub name: Name,
    /// Its media type.
    pub media_type: Name,
    /// Its size in bytes.
    pub bytes: u64,
    /// The host's storage key.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub key: Option<Text>,
}

/// One entry of a history: who did what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Entry<T> {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What.
    pub what: T,
}

/// A change that everyone who sees the ticket sees. It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Public {
    /// The ticket was opened.
    Opened {
        /// Its category then.
        category: Category,
        /// Its priority then.
        priority: Priority,
    },
    /// The ticket went from one status to another.
    Moved {
        /// The status before.
        from: Status,
        /// The row of the table, and the status after.
        step: Step,
        /// Whether it was the passing of time.
        by_time: bool,
        /// How it ended, if it did.
        outcome: Option<Outcome>,
        /// The resolution, if one was given.
        resolution: Option<Body>,
        /// Why, if that was said.
        reason: Option<Text>,
    },
    /// Somebody else works it.
    Assigned {
        /// Who did before.
        from: Option<UserKey>,
        /// Who does now.
        to: Option<UserKey>,
    },
    /// It was opened for somebody who has left: it is their successor's.
    Reporter {
        /// The leaver.
        from: UserKey,
        /// The successor.
        to: UserKey,
    },
    /// Another priority.
    Priority {
        /// The one before.
        from: Priority,
        /// The one now.
        to: Priority,
    },
    /// Another category.
    Category {
        /// The one before.
        from: Category,
        /// The one now.
        to: Category,
    },
    /// A public reply.
    Replied(Reply),
    /// A public attachment.
    Attached(Attachment),
    /// It is a duplicate of another ticket.
    DuplicateOf(TicketId),
    /// It is no longer one.
    DuplicateNoMore(TicketId),
    /// Another ticket follows it.
    FollowedBy(TicketId),
    /// An access request is linked to it.
    Linked(RequestId),
}

/// A change that only agents see. It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Internal {
    /// An internal note.
    Noted(Note),
    /// An internal attachment.
    Attached(Attachment),
}

/// A ticket's whole history. The public part stands by itself and shows no trace of the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(super) struct Thread {
    pub(super) public: Vec<Entry<Public>>,
    /// With the number of public entries that came before each.
    pub(super) internal: Vec<(usize, Entry<Internal>)>,
}

/// An entry of the whole history, as an agent sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryEntry<'a> {
    /// One that everyone sees.
    Public(&'a Entry<Public>),
    /// One that only agents see.
    Internal(&'a Entry<Internal>),
}

impl HistoryEntry<'_> {
    /// When it was made.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Public(entry) => entry.at,
            Self::Internal(entry) => entry.at,
        }
    }

    /// Who made it.
    #[must_use]
    pub fn by(&self) -> &Actor {
        match self {
            Self::Public(entry) => &entry.by,
            Self::Internal(entry) => &entry.by,
        }
    }
}

impl Thread {
    pub(super) fn push(&mut self, at: Timestamp, by: &Actor, what: Public) {
        self.public.push(Entry {
            at,
            by: by.clone(),
            what,
        });
    }

    pub(super) fn push_internal(&mut self, at: Timestamp, by: &Actor, what: Internal) {
        let entry = Entry {
            at,
            by: by.clone(),
            what,
        };
        self.internal.push((self.public.len(), entry));
    }

    pub(super) fn replies(&self) -> impl DoubleEndedIterator<Item = &Reply> {
        self.public.iter().filter_map(|entry| match &entry.what {
            Public::Replied(reply) => Some(reply),
            _ => None,
        })
    }

    pub(super) fn public_attachments(&self) -> usize {
        let attached = |entry: &&Entry<Public>| matches!(entry.what, Public::Attached(_));
        self.public.iter().filter(attached).count()
    }

    pub(super) fn internal_attachments(&self) -> usize {
        self.internal.len() - self.notes()
    }

    pub(super) fn notes(&self) -> usize {
        let noted =
            |(_, entry): &&(usize, Entry<Internal>)| matches!(entry.what, Internal::Noted(_));
        self.internal.iter().filter(noted).count()
    }

    /// The whole history in the order in which it was made.
    pub(super) fn merged(&self) -> Vec<HistoryEntry<'_>> {
        let mut merged = Vec::with_capacity(self.public.len() + self.internal.len());
        let mut internal = self.internal.iter().peekable();
        for (index, entry) in self.public.iter().enumerate() {
            while let Some((_, note)) = internal.next_if(|(after, _)| *after <= index) {
                merged.push(HistoryEntry::Internal(note));
            }
            merged.push(HistoryEntry::Public(entry));
        }
        merged.extend(internal.map(|(_, note)| HistoryEntry::Internal(note)));
        merged
    }
}
