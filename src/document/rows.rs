//! The rows of a policy: one closed list of fields for each, from which both reading and suggestions come.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Row;
use crate::document::reader::Source;
use crate::id::HolderKey;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::policy::Assign;
use crate::policy::Conflict;
use crate::policy::Department;
use crate::policy::Duty;
use crate::policy::GiveItem;
use crate::policy::Grant;
use crate::policy::Ladder;
use crate::policy::Level;
use crate::policy::Limit;
use crate::policy::Module;
use crate::policy::Node as Branch;
use crate::policy::Profile;
use crate::policy::ProfileGrant;
use crate::policy::Reach;
use crate::policy::Restrict;
use crate::policy::Reviewers;
use crate::policy::Revoke;
use crate::policy::Schedule;
use crate::policy::Seats;
use crate::policy::Select;
use crate::policy::SetLevel;
use crate::policy::Terms;
use crate::policy::User;

/// Reads a type from a table of exactly these fields, then looks at it as a whole.
///
/// `terms` stands for the fields that rows with a window share; `~` for a flag that is off where it is absent.
macro_rules! read_row {
    ($($type:ident {
        $($field:ident $name:literal,)* $(~ $flag:ident $flag_name:literal,)* $(+ $terms:ident)?
    } $($check:expr)?;)*) => {$(
        impl $crate::document::reader::Read for $type {
            fn read(
                reader: &$crate::document::reader::Reader<'_>,
                node: &$crate::document::node::Node,
                path: &str,
            ) -> Option<Self> {
                #[allow(unused_mut, reason = "rows without terms have only their own fields")]
                let mut known = alloc::vec![$($name,)* $($flag_name,)*];
                $(known.extend_from_slice($crate::document::rows::$terms(reader.source()));)?
                let row = reader.row(node, path, &known)?;
                $(let $field = row.read($name);)*
                $(let $flag: Option<Option<bool>> = row.read($flag_name);)*
                $(let $terms = $crate::document::rows::read_terms(&row);)?
                let read = Self {
                    $($field: $field?,)*
                    $($flag: $flag?.unwrap_or(false),)*
                    $($terms: $terms?,)?
                };
                $({
                    let check: fn(&$type, &$crate::document::reader::Row<'_>) = $check;
                    check(&read, &row);
                })?
                row.sound().map(|()| read)
            }
        }
    )*};
}
pub(crate) use read_row;

read_row! {
    Module { key "key", label "label", enabled "enabled", };
    Duty { key "key", label "label", sensitivity "sensitivity", seat "seat", };
    Ladder { object "object", rungs "rungs", labels "labels", };
    Limit { key "key", label "label", on "on", requires "requires", };
    Branch { key "key", label "label", parent "parent", };
    Department { key "key", label "label", head "head", parent "parent", };
    Profile {
        key "key", label "label", grants "grants", except "except", limits "limits", ceilings "ceilings",
    };
    Assign { holder "holder", profile "profile", scope "scope", + terms };
    Grant { holder "holder", on "on", scope "scope", reach "reach", ceiling "ceiling", + terms };
    Revoke { holder "holder", on "on", scope "scope", + terms };
    SetLevel { holder "holder", on "on", to "to", scope "scope", + terms };
    Restrict { holder "holder", limit "limit", scope "scope", + terms };
    GiveItem { user "user", item "item", on "on", + terms };
    Conflict { key "key", label "label", of "of", at_most "at-most", };
    Schedule {
        key "key", label "label", first "first", every "every", due_in "due-in", select "select",
        reviewers "reviewers",
    };
    Select {
        users "users", groups "groups", department "department", profile "profile", module "module",
        sensitivity "sensitivity", not_certified_since "not-certified-since",
    };
    Seats { full "full", administrator "administrator", };
}

/// The fields that rows with a window share.
pub(crate) fn terms(source: Source) -> &'static [&'static str] {
    match source {
        Source::Document => &["from", "until", "reason", "document"],
        Source::Command => &["from", "until", "reason", "document", "replace"],
    }
}

/// Reads them; a document's windows are looked at here, a command's when it is decided.
pub(crate) fn read_terms(row: &Row<'_>) -> Option<Terms> {
    let (from, until) = (row.read("from"), row.read("until"));
    let (reason, document) = (row.read("reason"), row.read("document"));
    let replace = match row.reader.source() {
        Source::Document => Some(None),
        Source::Command => row.read("replace"),
    };
    Some(Terms {
        from: from?,
        until: until?,
        reason: reason?,
        document: document?,
        replace: replace?.unwrap_or(false),
    })
}

/// Notes `everyone` where only a user or a group may stand.
pub(crate) fn one_holder(holder: &HolderKey, row: &Row<'_>) {
    if *holder == HolderKey::Everyone {
        row.report("holder", Unknown::new(Kind::Holder, "everyone", []));
    }
}

/// The fields of a user in a document.
const PERSON: [&str; 9] = [
    "key",
    "name",
    "contact",
    "login",
    "department",
    "team",
    "all-teams",
    "groups",
    "enabled",
];

/// The lists that an invitation carries besides.
const INVITATION: [&str; 3] = ["grant", "level", "assign"];

impl Read for User {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let mut known = PERSON.to_vec();
        if reader.source() == Source::Command {
            known.extend(INVITATION);
        }
        let row = reader.row(node, path, &known)?;
        let key = row.read("key");
        let (name, contact, login) = (row.read("name"), row.read("contact"), row.read("login"));
        let (department, team) = (row.read("department"), row.read("team"));
        let (all_teams, groups) = (row.read("all-teams"), row.read("groups"));
        let enabled = row.read("enabled");
        let holder = key
            .as_ref()
            .map_or_else(String::new, |key| format!("user:{key}"));
        let (grant, level) = (
            invited(&row, "grant", &holder),
            invited(&row, "level", &holder),
        );
        let assign = invited(&row, "assign", &holder);
        row.sound()?;
        Some(Self {
            key: key?,
            name: name?,
            contact: contact?,
            login: login?,
            department: department?,
            team: team?,
            all_teams: all_teams?,
            groups: groups?,
            enabled: enabled?,
            grant: grant?,
            level: level?,
            assign: assign?,
        })
    }
}

/// A list of an invitation, whose rows are for the new user and so name no holder.
fn invited<T: Read>(row: &Row<'_>, list: &str, holder: &str) -> Option<Vec<T>> {
    let (Source::Command, Some(node)) = (row.reader.source(), row.find(list)) else {
        return Some(Vec::new());
    };
    let mut node = node.clone();
    if let Node::List(rows) = &mut node {
        for (n, entry) in rows.iter_mut().enumerate() {
            let Node::Table(pairs) = entry else { continue };
            if pairs.iter().any(|(field, _)| field == "holder") {
                let path = format!("{}[{n}].holder", row.at(list));
                let field = "holder".into();
                let nearest = None;
                row.reader
                    .report(&path, crate::fault::Fault::UnknownField { field, nearest });
            } else {
                pairs.push(("holder".into(), Node::text(holder)));
            }
        }
    }
    Read::read(row.reader, &node, &row.at(list))
}

impl Read for ProfileGrant {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        if let Node::Text(_) = node {
            return TargetKey::read(reader, node, path).map(Self::Target);
        }
        if !matches!(node, Node::Table(_)) {
            return reader.wanted(
                path,
                (
                    "a target, or a table with `on`",
                    "un objetivo, o una tabla con `on`",
                ),
            );
        }
        let row = reader.row(node, path, &["on", "level", "reach"])?;
        let on = row.read("on");
        let level: Option<Option<Level>> = row.read("level");
        let reach: Option<Option<Reach>> = row.read("reach");
        let (on, level, reach) = (on?, level?, reach?);
        row.sound()?;
        match (level, reach) {
            (None, reach) => {
                let reach = reach.unwrap_or(Reach::All);
                Some(Self::Reaching { on, reach })
            }
            (Some(level), None) => Some(Self::Level { on, level }),
            (Some(_), Some(_)) => reader.wanted(
                &row.at("reach"),
                ("either `level` or `reach`", "`level` o `reach`, no ambos"),
            ),
        }
    }
}

impl Read for Reviewers {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        match node {
            Node::Text(word) if word == "heads" => Some(Self::Heads),
            Node::List(_) => Read::read(reader, node, path).map(Self::Named),
            _ => reader.wanted(
                path,
                (
                    "`heads` or a list of users",
                    "`heads` o una lista de usuarios",
                ),
            ),
        }
    }
}
