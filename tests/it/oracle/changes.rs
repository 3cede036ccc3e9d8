//! What a command of `system` makes of a tenant, told as the document that the tenant then is.
//!
//! Section 3.3 says what may stand beside what and what an ending does, section 6 what is refused.
#![expect(
    clippy::panic,
    reason = "a command that the oracle cannot read is a mistake in the test"
)]

use super::actors::authorise;
use super::actors::has_administrator;
use super::actors::widens;
use super::decision::Code;
use super::document::Document;
use super::document::upwards;
use super::guards::guard;
use serde_json::Value;
use serde_json::json;

const ENTRIES: &[&str] = &["grant", "revoke", "level"];

/// The document that a command makes of another, or why it is refused. `by` is the user who runs it; nobody is `system`.
pub(super) fn changed(
    document: &Value,
    at: &str,
    by: Option<&str>,
    command: &Value,
) -> Result<Value, Code> {
    let before = Document::read(document);
    let mut next = document.clone();
    let made = change(&mut next, at, command);
    // What is malformed or unknown comes before the actor, and the actor before the state.
    if let Err(code) = made
        && (code.starts_with("unknown-") || code == "too-deep")
    {
        return Err(code);
    }
    if let Some(by) = by {
        for (word, row) in command.as_object().into_iter().flatten() {
            authorise(&before, by, word, row, at)?;
        }
    }
    made?;
    let after = Document::read(&next);
    if by.is_some_and(|by| widens(&before, &after, by, at)) {
        return Err("self-grant");
    }
    if has_administrator(&before, &after, at) && !has_administrator(&after, &before, at) {
        return Err("last-administrator");
    }
    guard(&before, &after, at)?;
    Ok(next)
}

/// Carries out a command, or says why the state refuses it.
fn change(document: &mut Value, at: &str, command: &Value) -> Result<(), Code> {
    let user = command
        .as_object()
        .and_then(|command| command.values().next()?.get("user"))
        .cloned();
    if user.is_some()
        && !list(document, "user")
            .iter()
            .any(|row| row.get("key") == user.as_ref())
    {
        return Err("unknown-user");
    }
    let Some((word, row)) = command
        .as_object()
        .and_then(|command| command.iter().next())
    else {
        panic!("the oracle cannot read this command: {command}");
    };
    let target = &["holder", "on", "scope"];
    let profile = &["holder", "profile", "scope"];
    let limit = &["holder", "limit", "scope"];
    let (item, member) = (&["user", "item"], &["user", "group"]);
    match word.as_str() {
        "grant" | "revoke" | "level" => enter(document, at, word, row, ENTRIES, target),
        "assign" => enter(document, at, "assign", row, &["assign"], profile),
        "restrict" => enter(document, at, "restrict", row, &["restrict"], limit),
        "give-item" => enter(document, at, "item", row, &["item"], item),
        "join" => enter(document, at, "membership", row, &["membership"], member),
        "clear" => end(document, at, row, ENTRIES, target),
        "unassign" => end(document, at, row, &["assign"], profile),
        "unrestrict" => end(document, at, row, &["restrict"], limit),
        "take-item" => end(document, at, row, &["item"], item),
        "leave" => end(document, at, row, &["membership"], member),
        "disable" => switch_login(document, row, false, "already-disabled"),
        "enable" => switch_login(document, row, true, "already-enabled"),
        "set-team" => {
            set_of_user(document, row, "team");
            Ok(())
        }
        "set-all-teams" => {
            set_of_user(document, row, "all-teams");
            Ok(())
        }
        "set-department" => {
            set_of_user(document, row, "department");
            Ok(())
        }
        "add-scope" => add_to_tree(document, "scope", row, 8),
        "add-group" => add_to_tree(document, "group", row, 4),
        "add-team" => add_to_tree(document, "team", row, usize::MAX),
        "add-duty" => add(document, "duty", row),
        "add-user" => add_user(document, at, row),
        "conflict" => add(document, "conflict", row),
        "set-seats" => {
            set(document, "seats", Some(row));
            Ok(())
        }
        "switch-module" => {
            set_row(document, "module", text(row, "module"), |found| {
                set(found, "enabled", row.get("enabled"));
            });
            Ok(())
        }
        "define-profile" => {
            set_row(document, "profile", text(row, "key"), |found| {
                *found = row.clone();
            });
            Ok(())
        }
        "set-mode" => {
            for field in ["mode", "open-up-to"] {
                set(document, field, row.get(field));
            }
            Ok(())
        }
        _ => panic!("the oracle cannot carry out this command: {command}"),
    }
}

/// The document with memberships as rows of their own, which may have windows.
pub(super) fn with_memberships(mut document: Value) -> Value {
    let mut memberships = Vec::new();
    for user in list(&mut document, "user") {
        let key = user.get("key").cloned();
        let groups = user
            .as_object_mut()
            .and_then(|user| user.shift_remove("groups"));
        for group in groups.iter().filter_map(Value::as_array).flatten() {
            memberships.push(json!({ "user": key, "group": group }));
        }
    }
    list(&mut document, "membership").extend(memberships);
    document
}

/// Adds a row that begins at once where it does not say when, beside or instead of those of the same key.
fn enter(
    document: &mut Value,
    at: &str,
    into: &str,
    row: &Value,
    lists: &[&str],
    key: &[&str],
) -> Result<(), Code> {
    let mut row = row.clone();
    let replaces = row
        .as_object_mut()
        .and_then(|row| row.shift_remove("replace"))
        == Some(json!(true));
    if row.get("from").is_none() {
        set(&mut row, "from", Some(&json!(at)));
    }
    if let Some(until) = row.get("until").and_then(Value::as_str) {
        if until <= at {
            return Err("already-past");
        }
        if until <= text(&row, "from") {
            return Err("empty-window");
        }
    }
    let clashes = |other: &Value| same(other, &row, key) && overlap(other, &row);
    for name in lists {
        if !replaces && list(document, name).iter().any(clashes) {
            return Err("conflicting-entry");
        }
    }
    for name in lists {
        for other in list(document, name) {
            if clashes(other) {
                end_at(other, at);
            }
        }
        drop_empty(document, name);
    }
    list(document, into).push(row);
    Ok(())
}

/// Ends the one in force, else the next to come.
fn end(
    document: &mut Value,
    at: &str,
    row: &Value,
    lists: &[&str],
    key: &[&str],
) -> Result<(), Code> {
    let mut found: Vec<(String, &str, usize)> = Vec::new();
    for name in lists {
        for (place, other) in list(document, name).iter().enumerate() {
            let over = other
                .get("until")
                .and_then(Value::as_str)
                .is_some_and(|until| until <= at);
            if same(other, row, key) && !over {
                found.push((text(other, "from").to_owned(), name, place));
            }
        }
    }
    // None of them overlap: the one that begins first is the one in force, or the next.
    found.sort();
    let Some((_, name, place)) = found.first() else {
        return Err("no-such-entry");
    };
    if let Some(other) = list(document, name).get_mut(*place) {
        end_at(other, at);
    }
    drop_empty(document, name);
    Ok(())
}

/// Ends a row; one that has not begun is left with a window that never holds.
fn end_at(row: &mut Value, at: &str) {
    set(row, "until", Some(&json!(at)));
}

fn drop_empty(document: &mut Value, name: &str) {
    list(document, name).retain(|row| {
        let until = row.get("until").and_then(Value::as_str);
        until.is_none_or(|until| text(row, "from") < until)
    });
}

fn same(one: &Value, other: &Value, key: &[&str]) -> bool {
    key.iter().all(|field| one.get(field) == other.get(field))
}

fn overlap(one: &Value, other: &Value) -> bool {
    let begins_before_end = |one: &Value, other: &Value| {
        let end = other.get("until").and_then(Value::as_str);
        end.is_none_or(|end| text(one, "from") < end)
    };
    begins_before_end(one, other) && begins_before_end(other, one)
}

fn switch_login(
    document: &mut Value,
    row: &Value,
    enabled: bool,
    already: Code,
) -> Result<(), Code> {
    let mut is = enabled;
    set_row(document, "user", text(row, "user"), |user| {
        is = user.get("enabled") != Some(&json!(false));
        set(user, "enabled", Some(&json!(enabled)));
    });
    if is == enabled { Err(already) } else { Ok(()) }
}

fn set_of_user(document: &mut Value, row: &Value, field: &str) {
    set_row(document, "user", text(row, "user"), |user| {
        set(user, field, row.get(field));
    });
}

fn add(document: &mut Value, name: &str, row: &Value) -> Result<(), Code> {
    if list(document, name)
        .iter()
        .any(|other| same(other, row, &["key"]))
    {
        return Err("duplicate-key");
    }
    list(document, name).push(row.clone());
    Ok(())
}

fn add_to_tree(document: &mut Value, name: &str, row: &Value, most: usize) -> Result<(), Code> {
    let before = document.clone();
    add(document, name, row)?;
    let read = Document::read(document);
    let tree = match name {
        "scope" => &read.scope,
        "group" => &read.group,
        _ => &read.team,
    };
    if upwards(tree, text(row, "key")).len() > most {
        *document = before;
        return Err("too-deep");
    }
    Ok(())
}

/// A user, and what they are invited with.
fn add_user(document: &mut Value, at: &str, row: &Value) -> Result<(), Code> {
    let mut user = row.clone();
    let mut take = |field: &str| {
        user.as_object_mut()
            .and_then(|user| user.shift_remove(field))
    };
    let groups = take("groups");
    let given = ["grant", "level", "assign"].map(|name| (name, take(name)));
    add(document, "user", &user)?;
    let key = text(row, "key");
    for group in groups.iter().filter_map(Value::as_array).flatten() {
        change(
            document,
            at,
            &json!({ "join": { "user": key, "group": group } }),
        )?;
    }
    for (name, rows) in given {
        for entry in rows.iter().filter_map(Value::as_array).flatten() {
            let mut entry = entry.clone();
            set(&mut entry, "holder", Some(&json!(format!("user:{key}"))));
            change(document, at, &json!({ name: entry }))?;
        }
    }
    Ok(())
}

/// The rows of a list, which is made where there is none.
fn list<'a>(document: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    let Value::Object(fields) = document else {
        panic!("a document is a table");
    };
    match fields.entry(name).or_insert_with(|| json!([])) {
        Value::Array(rows) => rows,
        _ => panic!("`{name}` is a list"),
    }
}

/// Changes the row with a key, which is added where there is none.
fn set_row(document: &mut Value, name: &str, key: &str, change: impl FnOnce(&mut Value)) {
    let rows = list(document, name);
    if !rows.iter().any(|row| text(row, "key") == key) {
        rows.push(json!({ "key": key }));
    }
    if let Some(row) = rows.iter_mut().find(|row| text(row, "key") == key) {
        change(row);
    }
}

/// Sets a field, or removes it.
fn set(row: &mut Value, field: &str, value: Option<&Value>) {
    if let Value::Object(fields) = row {
        match value {
            Some(value) => fields.insert(field.to_owned(), value.clone()),
            None => fields.shift_remove(field),
        };
    }
}

/// A field as text, where nothing is less than everything.
fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or("")
}
