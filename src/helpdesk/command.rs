//! Commands: what can be asked of a desk. Texts are as they were typed; a decision checks them.

use alloc::string::String;

use super::calendar::Calendar;
use super::service::Sla;
use super::words::Category;
use super::words::Priority;
use super::words::Status;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        $(? $($(#[$odoc:meta])* $option:ident: $otype:ty,)*)?
        $(! $($(#[$bdoc:meta])* $flag:ident,)*)?
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case", deny_unknown_fields))]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
            $($($(#[$odoc])*
                #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
                pub $option: Option<$otype>,)*)?
            $($($(#[$bdoc])*
                #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_false"))]
                pub $flag: bool,)*)?
        }
    )*};
}

#[cfg(feature = "serde")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

payloads! {
    /// Opens a ticket (row 1).
    OpenTicket {
        /// What it is about, in a line.
        subject: String,
        /// Steps, errors, the affected device.
        description: String,
        /// Its category.
        category: Category,
        /// Its priority.
        priority: Priority,
        ?
        /// Whom it is opened for; absent: the actor.
        reporter: UserKey,
    }

    /// Moves a ticket to another status (rows 2, 3, 5, 6, 8, 10 and 13).
    MoveTicket {
        /// The ticket.
        ticket: TicketId,
        /// The status it is to have.
        to: Status,
        ?
        /// A public reply that goes with it.
        reply: String,
        /// How it was resolved.
        resolution: String,
        /// Why.
        reason: String,
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Names who works a ticket; absent: nobody.
    AssignTicket {
        /// The ticket.
        ticket: TicketId,
        ?
        /// Who is to work it.
        to: UserKey,
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Changes a ticket's priority.
    SetPriority {
        /// The ticket.
        ticket: TicketId,
        /// The priority it is to have.
        priority: Priority,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Changes a ticket's category.
    SetCategory {
        /// The ticket.
        ticket: TicketId,
        /// The category it is to have.
        category: Category,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Replies publicly.
    ReplyTo {
        /// The ticket.
        ticket: TicketId,
        /// The reply.
        body: String,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
        !
        /// Whether a machine sent it: it brings no ticket back.
        automatic,
        /// Whether it asks not to reopen a resolved ticket.
        no_reopen,
    }

    /// Writes an internal note.
    NoteOn {
        /// The ticket.
        ticket: TicketId,
        /// The note.
        body: String,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Attaches a file that the host keeps.
    Attach {
        /// The ticket.
        ticket: TicketId,
        /// The file's name, without a path.
        name: String,
        /// Its media type.
        media_type: String,
        /// Its size in bytes.
        bytes: u64,
        ?
        /// The host's storage key.
        key: String,
        /// The version that the actor has seen; absent: the latest.
        version: u32,
        !
        /// Whether only agents see it.
        internal,
    }

    /// Reopens a resolved or closed ticket (rows 12 and 14).
    ReopenTicket {
        /// The ticket.
        ticket: TicketId,
        ?
        /// Why; without one it is refused.
        reason: String,
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Withdraws a ticket (row 11).
    WithdrawTicket {
        /// The ticket.
        ticket: TicketId,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Closes a ticket as a duplicate of another (row 15).
    DuplicateOf {
        /// The ticket.
        ticket: TicketId,
        /// The other one, which stays.
        of: TicketId,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Opens a ticket that follows another.
    FollowUp {
        /// The ticket that is followed.
        ticket: TicketId,
        /// What it is about, in a line.
        subject: String,
        /// Steps, errors, the affected device.
        description: String,
        /// Its category.
        category: Category,
        /// Its priority.
        priority: Priority,
        ?
        /// Whom it is opened for; absent: the actor.
        reporter: UserKey,
        /// The version of the followed ticket that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Links an access request to a ticket: it is not resolved while the request is undecided.
    LinkRequest {
        /// The ticket.
        ticket: TicketId,
        /// The request.
        request: RequestId,
        ?
        /// The version that the actor has seen; absent: the latest.
        version: u32,
    }

    /// Replaces the calendar or the service levels for every ticket from then on; what is absent stays.
    SetService {
        ?
        /// The calendar.
        calendar: Calendar,
        /// The service levels.
        sla: Sla,
    }
}

/// What can be asked of a desk. It may grow with the library.
///
/// With serde it has the form that scenarios use: `{ "reply": { "ticket": 1, "body": "…" } }`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is described at its payload")]
pub enum Command {
    OpenTicket(OpenTicket),
    Move(MoveTicket),
    AssignTicket(AssignTicket),
    SetPriority(SetPriority),
    SetCategory(SetCategory),
    Reply(ReplyTo),
    Note(NoteOn),
    Attach(Attach),
    Reopen(ReopenTicket),
    WithdrawTicket(WithdrawTicket),
    DuplicateOf(DuplicateOf),
    FollowUp(FollowUp),
    LinkRequest(LinkRequest),
    SetService(SetService),
}

impl Command {
    /// The ticket that it is about; a command that opens one, or changes the whole desk, has none.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::OpenTicket(_) | Self::SetService(_) => None,
            Self::Move(command) => Some(command.ticket),
            Self::AssignTicket(command) => Some(command.ticket),
            Self::SetPriority(command) => Some(command.ticket),
            Self::SetCategory(command) => Some(command.ticket),
            Self::Reply(command) => Some(command.ticket),
            Self::Note(command) => Some(command.ticket),
            Self::Attach(command) => Some(command.ticket),
            Self::Reopen(command) => Some(command.ticket),
            Self::WithdrawTicket(command) => Some(command.ticket),
            Self::DuplicateOf(command) => Some(command.ticket),
            Self::FollowUp(command) => Some(command.ticket),
            Self::LinkRequest(command) => Some(command.ticket),
        }
    }

    /// The name that documents and logs use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::OpenTicket(_) => "open-ticket",
            Self::Move(_) => "move",
            Self::AssignTicket(_) => "assign-ticket",
            Self::SetPriority(_) => "set-priority",
            Self::SetCategory(_) => "set-category",
            Self::Reply(_) => "reply",
            Self::Note(_) => "note",
            Self::Attach(_) => "attach",
            Self::Reopen(_) => "reopen",
            Self::WithdrawTicket(_) => "withdraw-ticket",
            Self::DuplicateOf(_) => "duplicate-of",
            Self::FollowUp(_) => "follow-up",
            Self::LinkRequest(_) => "link-request",
            Self::SetService(_) => "set-service",
        }
    }
}
