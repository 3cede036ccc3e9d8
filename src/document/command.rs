//! Commands as data: `{ grant = { holder = "user:ana", on = "finance" } }`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::command::CancelCampaign;
use crate::command::Clear;
use crate::command::CloseCampaign;
use crate::command::Command;
use crate::command::CommandKind;
use crate::command::Delegate;
use crate::command::Deny;
use crate::command::ExceptConflict;
use crate::command::Heir;
use crate::command::Join;
use crate::command::Leave;
use crate::command::OfProfile;
use crate::command::OfRequest;
use crate::command::OfUser;
use crate::command::Offboard;
use crate::command::OpenCampaign;
use crate::command::Provision;
use crate::command::Record;
use crate::command::Request;
use crate::command::SetAllTeams;
use crate::command::SetContact;
use crate::command::SetDepartment;
use crate::command::SetHead;
use crate::command::SetLogin;
use crate::command::SetMode;
use crate::command::SetName;
use crate::command::SetTeam;
use crate::command::SwitchModule;
use crate::command::TakeItem;
use crate::command::Unassign;
use crate::command::Undecided;
use crate::command::Unrestrict;
use crate::command::Verdict;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::policy::read_mode;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Row;
use crate::document::reader::Source;
use crate::document::reader::read_word;
use crate::document::rows::one_holder;
use crate::document::rows::read_row;
use crate::fault::Fault;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::id::Unknown;
use crate::text::Phrase;

read_word! { Heir Undecided }

read_row! {
    SetName { user "user", name "name", };
    SetContact { user "user", contact "contact", };
    SetLogin { user "user", login "login", };
    SetTeam { user "user", team "team", };
    SetAllTeams { user "user", all_teams "all-teams", };
    SetDepartment { user "user", department "department", };
    Join {
        user "user", group "group", from "from", until "until", reason "reason", replace "replace",
    };
    Leave { user "user", group "group", };
    OfUser { user "user", };
    Offboard { user "user", successor "successor", records "records", };
    Record { kind "kind", key "key", role "role", to "to", };
    SetHead { department "department", head "head", };
    Delegate { department "department", to "to", from "from", until "until", };
    SwitchModule { module "module", enabled "enabled", };
    OfProfile { profile "profile", };
    Unassign { holder "holder", profile "profile", scope "scope", reason "reason", }
        |read, row| one_holder(&read.holder, row);
    Clear { holder "holder", on "on", scope "scope", reason "reason", };
    Unrestrict { holder "holder", limit "limit", scope "scope", reason "reason", }
        |read, row| one_holder(&read.holder, row);
    TakeItem { user "user", item "item", reason "reason", };
    ExceptConflict { user "user", conflict "conflict", reason "reason", until "until", };
    Request {
        justification "justification", beneficiary "beneficiary", on "on", profile "profile", scope "scope",
        until "until", lasting "for", document "document",
    } |_, row| {
        one_of(row, &["on", "profile"]);
        at_most_one(row, &["until", "for"]);
    };
    OfRequest { request "request", };
    Provision { request "request", until "until", lasting "for", }
        |_, row| at_most_one(row, &["until", "for"]);
    Deny { request "request", reason "reason", };
    OpenCampaign {
        name "name", due "due", select "select", reviewers "reviewers", schedule "schedule",
    } |read, row| {
        if read.schedule.is_none() {
            one_of(row, &["name"]);
            one_of(row, &["due"]);
        }
    };
    Verdict {
        campaign "campaign", user "user", holder "holder", on "on", profile "profile", group "group",
        scope "scope", note "note",
    } |read, row| {
        one_of(row, &["user", "holder"]);
        one_of(row, &["on", "profile", "group"]);
        if let Some(holder) = &read.holder {
            one_holder(holder, row);
        }
    };
    CloseCampaign { campaign "campaign", undecided "undecided", };
    CancelCampaign { campaign "campaign", reason "reason", };
}

/// Notes that not exactly one of these fields is there.
fn one_of(row: &Row<'_>, fields: &[&str]) {
    if fields.iter().all(|field| row.find(field).is_none()) {
        row.missing::<()>(fields.first().copied().unwrap_or_default());
    }
    at_most_one(row, fields);
}

/// Notes the second of these fields that is there.
fn at_most_one(row: &Row<'_>, fields: &[&str]) {
    let mut there = fields.iter().filter(|field| row.find(field).is_some());
    if let (Some(first), Some(second)) = (there.next(), there.next()) {
        let wanted = Phrase::new(
            alloc::format!("either `{first}` or `{second}`"),
            alloc::format!("`{first}` o `{second}`, no ambos"),
        );
        row.report(second, Fault::WrongShape { wanted });
    }
}

impl Read for SetMode {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let row = reader.row(node, path, &["mode", "open-up-to"])?;
        let mode = read_mode(&row);
        if row.find("mode").is_none() {
            row.missing::<()>("mode");
        }
        row.sound()?;
        mode.map(|mode| Self { mode })
    }
}

/// The one field of a table that names what is to be done or asked, and its value.
pub(crate) fn verb(node: &Node) -> Option<(&str, &Node)> {
    match node {
        Node::Table(pairs) => match pairs.as_slice() {
            [(verb, fields)] => Some((verb, fields)),
            _ => None,
        },
        _ => None,
    }
}

impl Command {
    /// Reads a command from a table of one field, its name, such as `{ disable = { user = "ana" } }`.
    ///
    /// `names` are what requests, campaigns and tickets may be called; their numbers are taken too.
    ///
    /// # Errors
    ///
    /// Every [`Mistake`], with the path of its field inside the command.
    pub fn from_node(node: &Node, names: &Names) -> Result<Self, Mistakes> {
        let unnamed = || {
            let wanted = one_command();
            whole(Fault::WrongShape { wanted })
        };
        let (word, fields) = verb(node).ok_or_else(unnamed)?;
        let kind = word
            .parse()
            .map_err(|unknown: Unknown| whole(unknown.into()))?;
        read_command(kind, fields, names)
    }
}

/// What is wanted where no command is named, or several are.
pub(crate) fn one_command() -> Phrase {
    (
        "a table of one field, the name of a command",
        "una tabla de un solo campo, el nombre de una orden",
    )
        .into()
}

/// What is wanted where a tenant is given a command of the helpdesk's.
fn of_the_tenant(kind: CommandKind) -> Phrase {
    Phrase::new(
        alloc::format!("a command of the tenant's; `{kind}` is the helpdesk's"),
        alloc::format!("una orden de la entidad; `{kind}` es de la mesa de ayuda"),
    )
}

/// The mistake of a command as a whole.
fn whole(fault: Fault) -> Mistake {
    Mistake {
        path: String::new(),
        fault,
    }
}

/// Reads the fields of a command of that kind.
pub(crate) fn read_command(
    kind: CommandKind,
    fields: &Node,
    names: &Names,
) -> Result<Command, Mistakes> {
    macro_rules! of_kinds {
        ($reader:expr, $($kind:ident)*) => {
            match kind {
                $(CommandKind::$kind => Read::read($reader, fields, "").map(Command::$kind),)*
                _ => {
                    let wanted = of_the_tenant(kind);
                    return Err(whole(Fault::WrongShape { wanted }).into());
                }
            }
        };
    }
    let reader = Reader::new(Source::Command, Some(names));
    let command = of_kinds! {
        &reader,
        AddUser SetName SetContact SetLogin SetTeam SetAllTeams SetDepartment Join Leave Disable Enable
        Offboard AddScope AddDepartment AddTeam AddGroup AddModule AddDuty SetHead Delegate SwitchModule
        SetMode SetSeats DefineProfile RetireProfile Assign Grant Revoke Level Unassign Clear Restrict
        Unrestrict GiveItem TakeItem Conflict ExceptConflict Request Approve Withdraw Provision Deny
        OpenCampaign Certify RevokeItem CloseCampaign CancelCampaign
    };
    match (command, reader.finish()) {
        (Some(command), mistakes) if mistakes.is_empty() => Ok(command),
        (_, mistakes) => Err(Mistakes::of(mistakes)),
    }
}
