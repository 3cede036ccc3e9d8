//! Events: what happened at a desk. Its state is their fold.

use alloc::vec::Vec;

use super::calendar::Calendar;
use super::handover::Handover;
use super::service::Sla;
use super::thread::Attachment;
use super::thread::Note;
use super::thread::Reply;
use super::transition::Step;
use super::words::Category;
use super::words::ClockKind;
use super::words::Priority;
use super::words::Status;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Body;
use crate::text::Name;
use crate::text::Text;
use crate::time::Timestamp;

/// An accepted command: who changed what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What.
    pub change: Change,
}

impl Event {
    /// The ticket that it is about; a new one if it opened one. None for a change of the whole desk.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match &self.change {
            Change::Opened(opened) => Some(opened.ticket),
            Change::Ticket(change) => Some(change.ticket),
            Change::ServiceSet { .. } | Change::HandedOver(_) => None,
        }
    }

    /// The name of the command that it was.
    #[must_use]
    pub fn command(&self) -> &'static str {
        match &self.change {
            Change::Opened(Opened { follows: None, .. }) => "open-ticket",
            Change::Opened(_) => "follow-up",
            Change::Ticket(change) => match change.what {
                Happened::Moved { .. } => "move",
                Happened::Assigned { .. } => "assign-ticket",
                Happened::PrioritySet { .. } => "set-priority",
                Happened::CategorySet { .. } => "set-category",
                Happened::Replied { .. } => "reply",
                Happened::Noted { .. } => "note",
                Happened::Attached { .. } => "attach",
                Happened::Reopened { .. } => "reopen",
                Happened::Withdrawn { .. } => "withdraw-ticket",
                Happened::Duplicated { .. } => "duplicate-of",
                Happened::RequestLinked { .. } => "link-request",
            },
            Change::ServiceSet { .. } => "set-service",
            Change::HandedOver(_) => "offboard",
        }
    }
}

/// What an event changed. It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Change {
    /// A ticket was opened.
    Opened(Opened),
    /// A ticket was changed.
    Ticket(TicketChange),
    /// The calendar or the service levels were replaced.
    #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
    ServiceSet {
        /// The calendar, if it was replaced.
        calendar: Option<Calendar>,
        /// The service levels, if they were replaced.
        sla: Option<Sla>,
        /// The clocks that this change made overdue.
        made_overdue: Vec<(TicketId, ClockKind)>,
    },
    /// A leaver's tickets passed to a successor.
    HandedOver(Handover),
}

/// A ticket was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Opened {
    /// Its number.
    pub ticket: TicketId,
    /// Whom it was opened for.
    pub reporter: UserKey,
    /// What it is about.
    pub subject: Name,
    /// Steps, errors, the affected device.
    pub description: Body,
    /// Its category.
    pub category: Category,
    /// Its priority.
    pub priority: Priority,
    /// The ticket that it follows, and the version of that one from then on.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub follows: Option<(TicketId, u32)>,
}

/// One ticket was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct TicketChange {
    /// The ticket.
    pub ticket: TicketId,
    /// Its version from then on.
    pub version: u32,
    /// What happened.
    pub what: Happened,
}

/// What happened to a ticket. It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        rename_all = "kebab-case",
        rename_all_fields = "kebab-case",
        deny_unknown_fields
    )
)]
#[non_exhaustive]
pub enum Happened {
    /// It was moved to another status.
    Moved {
        /// The status before.
        from: Status,
        /// The row of the table, and the status after.
        step: Step,
        /// The public reply that went with it.
        reply: Option<Reply>,
        /// How it was resolved.
        resolution: Option<Body>,
        /// Why.
        reason: Option<Text>,
        /// Who became the assignee by it.
        assigned: Option<UserKey>,
    },
    /// Somebody else works it.
    Assigned {
        /// Who did before.
        from: Option<UserKey>,
        /// Who does now.
        to: Option<UserKey>,
    },
    /// It has another priority.
    PrioritySet {
        /// The one before.
        from: Priority,
        /// The one now.
        to: Priority,
        /// The clocks that this change made overdue.
        made_overdue: Vec<ClockKind>,
    },
    /// It has another category.
    CategorySet {
        /// The one before.
        from: Category,
        /// The one now.
        to: Category,
        /// The clocks that this change made overdue.
        made_overdue: Vec<ClockKind>,
    },
    /// Somebody replied publicly.
    Replied {
        /// The reply.
        reply: Reply,
        /// The status before, and the step that the reply took by itself.
        moved: Option<(Status, Step)>,
        /// The duplicate that it was addressed to, if it was.
        through: Option<TicketId>,
    },
    /// An agent wrote an internal note.
    Noted {
        /// The note.
        note: Note,
    },
    /// A file was attached.
    Attached {
        /// What is kept of it.
        attachment: Attachment,
        /// Whether only agents see it.
        internal: bool,
    },
    /// It was reopened.
    Reopened {
        /// The status before.
        from: Status,
        /// The row of the table, and the status after.
        step: Step,
        /// Why.
        reason: Text,
        /// Whom it is for now, if its reporter has left meanwhile.
        reporter: Option<UserKey>,
        /// Whether its assignee has left meanwhile.
        assignee_gone: bool,
    },
    /// The reporter withdrew it.
    Withdrawn {
        /// The status before.
        from: Status,
        /// The row of the table, and the status after.
        step: Step,
    },
    /// It was closed as a duplicate.
    Duplicated {
        /// The status before.
        from: Status,
        /// The row of the table, and the status after.
        step: Step,
        /// The other ticket.
        of: TicketId,
    },
    /// An access request was linked to it.
    RequestLinked {
        /// The request.
        request: RequestId,
    },
}
