//! The commands of the helpdesk as data.

use crate::command::CommandKind;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Source;
use crate::document::rows::read_row;
use crate::fault::Mistakes;
use crate::helpdesk::AssignTicket;
use crate::helpdesk::Attach;
use crate::helpdesk::Command;
use crate::helpdesk::DuplicateOf;
use crate::helpdesk::FollowUp;
use crate::helpdesk::LinkRequest;
use crate::helpdesk::MoveTicket;
use crate::helpdesk::NoteOn;
use crate::helpdesk::OpenTicket;
use crate::helpdesk::ReopenTicket;
use crate::helpdesk::ReplyTo;
use crate::helpdesk::SetCategory;
use crate::helpdesk::SetPriority;
use crate::helpdesk::SetService;
use crate::helpdesk::WithdrawTicket;

read_row! {
    OpenTicket {
        subject "subject", description "description", category "category", priority "priority",
        reporter "reporter",
    };
    MoveTicket {
        ticket "ticket", to "to", reply "reply", resolution "resolution", reason "reason", version "version",
    };
    AssignTicket { ticket "ticket", to "to", version "version", };
    SetPriority { ticket "ticket", priority "priority", version "version", };
    SetCategory { ticket "ticket", category "category", version "version", };
    ReplyTo {
        ticket "ticket", body "body", version "version", ~ automatic "automatic", ~ no_reopen "no-reopen",
    };
    NoteOn { ticket "ticket", body "body", version "version", };
    Attach {
        ticket "ticket", name "name", media_type "media-type", bytes "bytes", key "key", version "version",
        ~ internal "internal",
    };
    ReopenTicket { ticket "ticket", reason "reason", version "version", };
    WithdrawTicket { ticket "ticket", version "version", };
    DuplicateOf { ticket "ticket", of "of", version "version", };
    FollowUp {
        ticket "ticket", subject "subject", description "description", category "category",
        priority "priority", reporter "reporter", version "version",
    };
    LinkRequest { ticket "ticket", request "request", version "version", };
    SetService { calendar "calendar", sla "sla", };
}

/// Reads the fields of a command of the helpdesk, if its kind is one.
pub(crate) fn read_ticket_command(
    kind: CommandKind,
    fields: &Node,
    names: &Names,
) -> Option<Result<Command, Mistakes>> {
    macro_rules! of_kinds {
        ($reader:expr, $($kind:ident)*) => {
            match kind {
                $(CommandKind::$kind => Read::read($reader, fields, "").map(Command::$kind),)*
                _ => return None,
            }
        };
    }
    let reader = Reader::new(Source::Command, Some(names));
    let command = of_kinds! {
        &reader,
        OpenTicket Move AssignTicket SetPriority SetCategory Reply Note Attach Reopen WithdrawTicket
        DuplicateOf FollowUp LinkRequest SetService
    };
    Some(match (command, reader.finish()) {
        (Some(command), mistakes) if mistakes.is_empty() => Ok(command),
        (_, mistakes) => Err(Mistakes::of(mistakes)),
    })
}
