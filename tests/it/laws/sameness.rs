//! What changes nothing: what did not decide, order, duplicates, other names, other people and places.
#![expect(clippy::unwrap_used, reason = "all keys are the town's own")]

use super::town::Ask;
use super::town::Town;
use super::town::tenant;
use bailiwick::Decision;
use bailiwick::Explanation;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;

const HELD: [&str; 6] = ["assign", "grant", "revoke", "level", "restrict", "item"];

fn check(tenant: &Tenant, ask: &Ask) -> Decision {
    tenant
        .as_of(ask.at)
        .check(&ask.user, &ask.duty, &ask.record.resource())
        .unwrap()
}

/// The text of a row as `because` would have it.
fn text(list: &str, row: &Value) -> String {
    let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("");
    let mut text = match list {
        "assign" => format!("assign {} {}", field("holder"), field("profile")),
        "level" => format!("level {} {}={}", field("holder"), field("on"), field("to")),
        "restrict" => format!("restrict {} {}", field("holder"), field("limit")),
        "item" => return format!("item user:{} {}", field("user"), field("item")),
        _ => format!("{list} {} {}", field("holder"), field("on")),
    };
    if row.get("scope").is_some() {
        text.push_str(" @");
        text.push_str(field("scope"));
    }
    text
}

fn holds(row: &Value, at: Timestamp) -> bool {
    let edge = |field: &str| {
        let text = row.get(field).and_then(Value::as_str);
        text.and_then(|text| text.parse::<Timestamp>().ok())
    };
    edge("from").is_none_or(|from| from <= at) && edge("until").is_none_or(|until| until > at)
}

/// The texts of what decided, set the ceiling, or put a limit there.
fn kept(why: &Explanation) -> BTreeSet<String> {
    let mut kept: BTreeSet<String> = why.prevailing().map(|said| said.text.clone()).collect();
    let setters = why.ceiling.iter().flat_map(|ceiling| &ceiling.set_by);
    kept.extend(setters.filter_map(|place| Some(why.statements.get(*place)?.text.clone())));
    for source in why
        .limits
        .iter()
        .filter(|limit| !limit.met)
        .flat_map(|limit| {
            limit
                .through
                .iter()
                .map(|source| (source, &limit.limit.key))
        })
    {
        let (source, limit) = source;
        let mut text = match &source.profile {
            Some(profile) => format!("assign {} {}", source.holder.key, profile.key),
            None => format!("restrict {} {limit}", source.holder.key),
        };
        if let Some(scope) = &source.scope {
            text.push_str(" @");
            text.push_str(&scope.key);
        }
        kept.insert(text);
    }
    kept
}

#[test]
fn what_decided_is_enough() {
    for seed in 0..250 {
        let mut town = Town::new(seed);
        for ask in town.asks(10) {
            let why = town
                .tenant
                .as_of(ask.at)
                .explain(&ask.user, &ask.duty, &ask.record.resource())
                .unwrap();
            let kept = kept(&why);
            let mut less = town.document.clone();
            for list in HELD {
                if let Some(rows) = less.get_mut(list).and_then(Value::as_array_mut) {
                    rows.retain(|row| holds(row, ask.at) && kept.contains(&text(list, row)));
                }
            }
            let less = tenant(&less).unwrap();
            assert_eq!(
                check(&less, &ask),
                why.decision,
                "{ask:?}\n{why:#?}\nin {}",
                town.document
            );
        }
    }
}

#[test]
fn order_duplicates_and_names_are_nothing() {
    for seed in 0..200 {
        let mut town = Town::new(seed);
        let mut other = town.document.clone();
        if let Value::Object(lists) = &mut other {
            for (list, rows) in lists.iter_mut() {
                if let Value::Array(rows) = rows
                    && list != "duty"
                {
                    rows.reverse();
                    let third = rows.len() / 3;
                    rows.rotate_left(third);
                }
            }
        }
        // What may stand twice does.
        for row in other
            .get_mut("profile")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            for field in ["grants", "except", "limits"] {
                if let Some(things) = row.get_mut(field).and_then(Value::as_array_mut) {
                    things.extend(things.clone());
                }
            }
        }
        let other = renamed(&other);
        let renamed_tenant = tenant(&other).unwrap();
        for ask in town.asks(12) {
            let mut there = ask.clone();
            there.user = new_name(&ask.user);
            there.record.scope = ask.record.scope.as_deref().map(new_name);
            there.record.team = ask.record.team.as_deref().map(new_name);
            assert_eq!(
                check(&renamed_tenant, &there),
                check(&town.tenant, &ask),
                "{ask:?}\nin {}\nand {other}",
                town.document
            );
        }
    }
}

/// A document whose users, groups, scopes, teams, profiles and limits have other names, in another order.
fn renamed(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(new_name(text)),
        Value::Array(values) => values.iter().map(renamed).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(field, value)| (field.clone(), renamed(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn new_name(name: &str) -> String {
    if let Some(user) = name.strip_prefix("user:") {
        return format!("user:{}", new_name(user));
    }
    if let Some(group) = name.strip_prefix("group:") {
        return format!("group:{}", new_name(group));
    }
    let users = ["ana", "an", "ana.b@x-1", "bo_c", "0"];
    let others = ["zoe", "y", "x", "w", "v-0"];
    if let Some(place) = users.iter().position(|user| *user == name) {
        return others
            .get(place)
            .map_or_else(String::new, ToString::to_string);
    }
    for prefix in ["s", "t", "g", "profile-", "limit-"] {
        if let Some(number) = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.parse::<u32>().ok())
        {
            return format!("n{}-{prefix}key", 900 - number);
        }
    }
    name.to_owned()
}

#[test]
fn other_people_places_and_tenants_are_nothing() {
    for seed in 0..200 {
        let mut town = Town::new(seed);
        let asks = town.asks(8);
        let before: Vec<Decision> = asks.iter().map(|ask| check(&town.tenant, ask)).collect();
        // Another tenant in the same process, of the same name and another policy.
        let elsewhere = Town::new(seed + 1);
        for (ask, before) in asks.iter().zip(&before) {
            let mut other = town.document.clone();
            let own = format!("user:{}", ask.user);
            for list in HELD {
                if let Some(rows) = other.get_mut(list).and_then(Value::as_array_mut) {
                    rows.retain(|row| {
                        let holder = row.get("holder").or_else(|| row.get("user"));
                        let holder = holder.and_then(Value::as_str).unwrap_or("");
                        holder == own
                            || holder == ask.user
                            || !holder.starts_with("user:") && list != "item"
                    });
                }
            }
            push(&mut other, "user", json!({ "key": "zz-stranger" }));
            push(&mut other, "scope", json!({ "key": "zz-elsewhere" }));
            push(&mut other, "team", json!({ "key": "zz-others" }));
            push(
                &mut other,
                "grant",
                json!({ "holder": "user:zz-stranger", "on": "*" }),
            );
            push(
                &mut other,
                "revoke",
                json!({ "holder": "everyone", "on": "*", "scope": "zz-elsewhere" }),
            );
            let changed = tenant(&other).unwrap();
            drop(elsewhere.tenant.as_of(ask.at).users());
            assert_eq!(
                check(&changed, ask),
                *before,
                "{ask:?}\nin {}",
                town.document
            );
        }
    }
}

/// Adds a row to a list of a document.
pub(super) fn push(document: &mut Value, list: &str, row: Value) {
    if let Value::Object(lists) = document {
        let rows = lists.entry(list).or_insert_with(|| json!([]));
        if let Value::Array(rows) = rows {
            rows.push(row);
        }
    }
}
