//! The policy of a document: its lists read row by row, with a note of the rows that could not be.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::any_of::AnyOf;
use crate::command::CommandKind;
use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Row;
use crate::document::reader::read_word;
use crate::fault::Fault;
use crate::fault::Places;
use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::policy::Mode;
use crate::policy::Policy;
use crate::policy::Sensitivity;
use crate::text::Name;
use crate::text::nearest;

/// Every field of a document, the helpdesk's included.
pub(crate) const FIELDS: [&str; 27] = [
    "name",
    "mode",
    "open-up-to",
    "catalog",
    "seats",
    "administration",
    "module",
    "duty",
    "ladder",
    "limit",
    "scope",
    "department",
    "team",
    "group",
    "profile",
    "user",
    "assign",
    "grant",
    "revoke",
    "level",
    "restrict",
    "item",
    "conflict",
    "schedule",
    "helpdesk",
    "calendar",
    "sla",
];

/// Reads everything that is a tenant's; `name` stands in where the document has none.
pub(crate) fn read_policy(row: &Row<'_>, name: Name, places: &mut Places) -> Policy {
    let mut policy = Policy::new(row.read::<Option<Name>>("name").flatten().unwrap_or(name));
    policy.mode = read_mode(row).unwrap_or_default();
    policy.catalog = row.read("catalog").flatten();
    if policy.catalog.is_none() && row.find("catalog").is_some() {
        places.lose(Kind::Catalog, "");
    }
    policy.seats = row.read("seats").flatten().unwrap_or_default();
    read_administration(row, &mut policy, places);
    policy.modules = rows(row, "module", places);
    policy.duties = rows(row, "duty", places);
    policy.ladders = rows(row, "ladder", places);
    policy.limits = rows(row, "limit", places);
    policy.scopes = rows(row, "scope", places);
    policy.departments = rows(row, "department", places);
    policy.teams = rows(row, "team", places);
    policy.groups = rows(row, "group", places);
    policy.profiles = rows(row, "profile", places);
    policy.users = rows(row, "user", places);
    policy.assignments = rows(row, "assign", places);
    policy.grants = rows(row, "grant", places);
    policy.revokes = rows(row, "revoke", places);
    policy.levels = rows(row, "level", places);
    policy.restrictions = rows(row, "restrict", places);
    policy.items = rows(row, "item", places);
    policy.conflicts = rows(row, "conflict", places);
    policy.schedules = rows(row, "schedule", places);
    policy
}

/// One list of rows, read as far as they can be. Those of which too little can be read are left out.
fn rows<T: Read>(row: &Row<'_>, list: &'static str, places: &mut Places) -> Vec<T> {
    let nodes = match row.find(list) {
        None => return Vec::new(),
        Some(Node::List(nodes)) => nodes,
        Some(_) => {
            row.reader
                .wanted::<()>(&row.at(list), ("a list of tables", "una lista de tablas"));
            let kinds = match defines(list) {
                Some(Kind::Duty) => &[Kind::Duty, Kind::Object, Kind::Module][..],
                Some(kind) => &[kind][..],
                None => &[],
            };
            for kind in kinds {
                places.lose(*kind, "");
            }
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    for (n, node) in nodes.iter().enumerate() {
        let path = format!("{}[{n}]", row.at(list));
        if let Some(item) = T::read(row.reader, node, &path) {
            read.push(item);
            if list == "ladder" && row.reader.is_wrong(&format!("{path}.rungs")) {
                places.lose(Kind::Rung, "");
            }
        } else {
            row.reader.drop(&row.at(list), n);
            lose(list, &path, node, places);
        }
    }
    read
}

/// Notes what a row would have defined, and what it mentions.
fn lose(list: &str, path: &str, node: &Node, places: &mut Places) {
    let name = if list == "ladder" { "object" } else { "key" };
    let Node::Table(pairs) = node else { return };
    let meant = || {
        pairs
            .iter()
            .find(|(field, _)| nearest(field, [name]).is_some())
    };
    let key = node.get(name).or_else(|| meant().map(|(_, value)| value));
    let key = key.and_then(Node::as_str);
    if list == "ladder" && key.is_none() {
        places.lose(Kind::Rung, "");
    }
    if let (Some(kind), Some(key)) = (defines(list), key) {
        places.lose(kind, key);
        // A duty brings its module and its object.
        if let (Kind::Duty, Ok(duty)) = (kind, DutyKey::new(key)) {
            places.lose(Kind::Module, duty.parts().0);
            places.lose(Kind::Object, duty.object());
        }
    }
    for (field, value) in pairs {
        let misshapen = is_list(list, field) != matches!(value, Node::List(_));
        if let (Some(kind), false) = (mentions(list, field), misshapen) {
            mention(format!("{path}.{field}"), kind, value, places);
        }
    }
}

/// Notes what a field mentions: one thing, or those of a list.
fn mention(path: String, kind: Kind, value: &Node, places: &mut Places) {
    match value {
        Node::Text(key) => {
            let well_formed = match kind {
                Kind::User => UserKey::new(key).is_ok(),
                Kind::Duty => TargetKey::new(key).is_ok(),
                Kind::Holder => HolderKey::new(key).is_ok(),
                _ => Key::new(key).is_ok(),
            };
            if well_formed {
                places.mention(path, kind, key);
            }
        }
        Node::List(values) => {
            for (n, value) in values.iter().enumerate() {
                mention(format!("{path}[{n}]"), kind, value, places);
            }
        }
        // A grant of a profile.
        Node::Table(_) => {
            if let Some(on) = value.get("on") {
                mention(format!("{path}.on"), kind, on, places);
            }
        }
        _ => {}
    }
}

/// The kind of thing that the rows of a list define.
fn defines(list: &str) -> Option<Kind> {
    Some(match list {
        "module" => Kind::Module,
        "duty" => Kind::Duty,
        "ladder" => Kind::Rung,
        "limit" => Kind::Limit,
        "scope" => Kind::Scope,
        "department" => Kind::Department,
        "team" => Kind::Team,
        "group" => Kind::Group,
        "profile" => Kind::Profile,
        "user" => Kind::User,
        _ => return None,
    })
}

/// Whether a field that mentions something mentions several.
fn is_list(list: &str, field: &str) -> bool {
    matches!(
        (list, field),
        ("limit" | "item", "on")
            | (
                _,
                "of" | "grants" | "except" | "limits" | "groups" | "reviewers"
            )
    )
}

/// The kind of thing that a field of such a row mentions; for a target, that of a duty.
fn mentions(list: &str, field: &str) -> Option<Kind> {
    Some(match (list, field) {
        ("limit" | "grant" | "revoke" | "level" | "item", "on")
        | ("conflict", "of")
        | ("ladder", "object")
        | ("profile", "grants" | "except") => Kind::Duty,
        ("department", "head") | ("item", "user") | ("schedule", "reviewers") => Kind::User,
        (_, "holder") => Kind::Holder,
        (_, "scope") => Kind::Scope,
        (_, "profile") => Kind::Profile,
        (_, "limit" | "limits") => Kind::Limit,
        (_, "department") => Kind::Department,
        (_, "team") => Kind::Team,
        (_, "groups") => Kind::Group,
        ("scope" | "department" | "team" | "group", "parent") => defines(list)?,
        _ => return None,
    })
}

/// The mode, which two fields state.
pub(crate) fn read_mode(row: &Row<'_>) -> Option<Mode> {
    let up_to: Option<Option<Sensitivity>> = row.read("open-up-to");
    let Some(mode) = row.find("mode") else {
        return Some(Mode::Strict);
    };
    let modes = [("strict", false), ("open", true)];
    if row.reader.word(mode, &row.at("mode"), &modes)? {
        let up_to = up_to?.unwrap_or(Sensitivity::Normal);
        Some(Mode::Open { up_to })
    } else {
        Some(Mode::Strict)
    }
}

read_word! { CommandKind }

/// The administration table: each line on its own.
fn read_administration(row: &Row<'_>, policy: &mut Policy, places: &mut Places) {
    let pairs = match row.find("administration") {
        None => return,
        Some(Node::Table(pairs)) => pairs,
        Some(_) => {
            row.reader
                .wanted::<()>(&row.at("administration"), ("a table", "una tabla"));
            return;
        }
    };
    for (n, (word, node)) in pairs.iter().enumerate() {
        let path = format!("{}.{word}", row.at("administration"));
        let duties = read_any_of(row.reader, node, &path, places);
        match word.parse() {
            Ok(kind) if pairs.iter().take(n).all(|(earlier, _)| earlier != word) => {
                if let Some(duties) = duties {
                    policy.administration.insert(kind, duties);
                }
            }
            Ok(_) => {
                let key = word.clone();
                row.reader.report(&path, Fault::DuplicateKey { key });
            }
            Err(fault) => row.reader.report(&path, fault),
        }
    }
}

/// One duty, or a list of duties of which any will do.
fn read_any_of(
    reader: &Reader<'_>,
    node: &Node,
    path: &str,
    places: &mut Places,
) -> Option<AnyOf<DutyKey>> {
    let nodes = match node {
        Node::Text(_) => return DutyKey::read(reader, node, path).map(AnyOf::from),
        Node::List(nodes) if nodes.is_empty() => {
            return reader.beyond(path, ("at least one duty", "al menos una función"));
        }
        Node::List(nodes) => nodes,
        _ => {
            let wanted = (
                "a duty or a list of duties",
                "una función o una lista de funciones",
            );
            return reader.wanted(path, wanted);
        }
    };
    places.list(path);
    let mut seen = BTreeSet::new();
    let mut duties = Vec::new();
    for (n, node) in nodes.iter().enumerate() {
        let at = format!("{path}[{n}]");
        let duty = DutyKey::read(reader, node, &at);
        match duty {
            Some(duty) if seen.insert(duty.clone()) => duties.push(duty),
            Some(duty) => {
                let key = duty.as_str().into();
                reader.report(&at, Fault::DuplicateKey { key });
                reader.drop(path, n);
            }
            None => reader.drop(path, n),
        }
    }
    AnyOf::new(duties)
}

/// Reads a document's top level; see [`read_policy`].
pub(crate) fn top<'r>(reader: &'r Reader<'r>, node: &'r Node, path: &str) -> Option<Row<'r>> {
    reader.row(node, path, &FIELDS)
}

#[cfg(test)]
mod tests {
    use super::FIELDS;
    use alloc::format;

    #[test]
    fn the_guide_shows_every_table() {
        let page = include_str!("../guide/documents.rs");
        let (_, whole) = page.split_once("# A whole document").unwrap_or_default();
        for field in FIELDS {
            let shown = [
                format!("//!     {field} = "),
                format!("//!     [{field}] "),
                format!("//!     [[{field}]] "),
            ];
            let mut forms = shown.iter();
            assert!(forms.any(|form| whole.contains(form.as_str())), "{field}");
        }
    }
}
