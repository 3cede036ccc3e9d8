//! What an alternative would do besides, who could give its commands, and who could approve it.

use super::commands;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Remedy;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;

const DUTIES: [&str; 5] = [
    "fin.po.view",
    "fin.po.pay",
    "it.access.manage",
    "old.book.view",
    "old.book.edit",
];
const USERS: [&str; 23] = [
    "ana", "bob", "boss", "busy", "cyd", "dan", "eve", "fay", "gil", "hal", "ivy", "jo", "kim",
    "lea", "max", "nia", "oto", "pat", "quin", "rae", "sam", "tom", "zoe",
];

/// A town whose users differ, each from one who is otherwise alike, in one thing that makes a difference.
fn document() -> Value {
    let commands = [
        "grant",
        "level",
        "assign",
        "clear",
        "unassign",
        "unrestrict",
        "join",
        "leave",
        "enable",
        "give-item",
        "set-team",
        "set-all-teams",
        "switch-module",
    ];
    let table: serde_json::Map<String, Value> = commands
        .iter()
        .map(|kind| ((*kind).to_owned(), json!("it.access.manage")))
        .collect();
    json!({
        "name": "Rio Claro",
        "administration": table,
        "duty": DUTIES.map(|key| json!({ "key": key })),
        "module": [{ "key": "old", "enabled": false }],
        "ladder": [{ "object": "fin.po", "rungs": ["view", "pay"] }],
        "limit": [
            { "key": "done-only", "on": ["fin", "old"], "requires": "done" },
            { "key": "seen-only", "on": ["fin"], "requires": "seen" },
        ],
        "scope": [{ "key": "works" }, { "key": "bridge", "parent": "works" }],
        "team": [{ "key": "city" }, { "key": "north", "parent": "city" }],
        "group": [
            { "key": "staff" },
            { "key": "clerks", "parent": "staff" },
            { "key": "readers" },
            { "key": "keepers" },
            { "key": "checked" },
            { "key": "linked", "parent": "staff" },
        ],
        "department": [{ "key": "desk", "head": "boss" }],
        "profile": [
            { "key": "reader", "grants": ["old.book.view"] },
            { "key": "payer", "grants": ["fin.po"] },
            { "key": "linked", "grants": [{ "on": "fin.po", "reach": "associated" }] },
            { "key": "careful", "grants": ["fin.po"], "limits": ["seen-only"] },
            { "key": "cheap", "grants": ["fin.po"], "ceilings": { "fin.po.pay": 100 } },
        ],
        "user": [
            { "key": "ana", "department": "desk", "groups": ["clerks"] },
            { "key": "bob", "groups": ["clerks", "readers"] },
            { "key": "boss", "department": "desk" },
            { "key": "busy", "groups": ["checked"] },
            { "key": "cyd" },
            { "key": "dan", "groups": ["readers"] },
            { "key": "eve", "groups": ["readers"], "team": "city" },
            { "key": "fay", "enabled": false, "groups": ["readers"] },
            { "key": "gil", "groups": ["staff"] },
            { "key": "hal" },
            { "key": "ivy" },
            { "key": "jo" },
            { "key": "kim", "groups": ["keepers"] },
            { "key": "lea", "groups": ["clerks"] },
            { "key": "max", "groups": ["clerks", "staff"] },
            { "key": "nia", "groups": ["linked"] },
            { "key": "oto", "groups": ["linked"] },
            { "key": "pat", "groups": ["readers"] },
            { "key": "quin", "groups": ["readers"] },
            { "key": "rae", "groups": ["readers"] },
            { "key": "sam", "groups": ["readers"], "team": "city" },
            { "key": "tom", "groups": ["checked"] },
            { "key": "zoe", "department": "desk" },
        ],
        "assign": [
            { "holder": "group:readers", "profile": "reader" },
            { "holder": "group:keepers", "profile": "reader", "scope": "works" },
            { "holder": "user:cyd", "profile": "reader" },
            { "holder": "user:hal", "profile": "reader", "scope": "works" },
            { "holder": "user:busy", "profile": "careful" },
            { "holder": "user:cyd", "profile": "cheap" },
            { "holder": "group:checked", "profile": "careful", "scope": "works" },
            { "holder": "group:linked", "profile": "linked" },
        ],
        "grant": [
            { "holder": "everyone", "on": "fin.po.view" },
            { "holder": "everyone", "on": "old.book.edit", "scope": "bridge" },
            { "holder": "user:ana", "on": "old.book.view" },
            { "holder": "user:ivy", "on": "old" },
            { "holder": "user:jo", "on": "old" },
            { "holder": "user:kim", "on": "fin.po.pay", "reach": "associated" },
            { "holder": "user:lea", "on": "it.access.manage" },
            { "holder": "user:max", "on": "it.access.manage", "scope": "works" },
            { "holder": "user:ana", "on": "it.access.manage" },
            { "holder": "group:staff", "on": "fin.po" },
        ],
        "revoke": [
            { "holder": "group:clerks", "on": "fin.po.pay" },
            { "holder": "group:clerks", "on": "fin.po.pay", "scope": "works" },
            { "holder": "user:jo", "on": "old.book.edit" },
            { "holder": "user:bob", "on": "fin.po.pay", "scope": "bridge" },
            { "holder": "everyone", "on": "fin.po.pay", "scope": "bridge" },
        ],
        "restrict": [
            { "holder": "user:eve", "limit": "done-only" },
            { "holder": "user:bob", "limit": "seen-only" },
            { "holder": "user:pat", "limit": "seen-only" },
            { "holder": "user:zoe", "limit": "seen-only", "scope": "works" },
            { "holder": "group:checked", "limit": "done-only" },
            { "holder": "group:checked", "limit": "done-only", "scope": "works" },
        ],
        "item": [
            { "user": "ana", "item": "case-1", "on": ["old.book.view"] },
            { "user": "dan", "item": "case-1", "on": ["old"] },
            { "user": "cyd", "item": "case-1", "on": ["old.book.edit"] },
            { "user": "quin", "item": "case-1", "on": ["old.book.edit"] },
            { "user": "ivy", "item": "case-2", "on": ["old"] },
        ],
    })
}

pub(super) fn tenant(document: &Value) -> Tenant {
    let document = Document::from_json(&document.to_string()).unwrap();
    Tenant::found(&document.policy).unwrap()
}

pub(super) fn at() -> Timestamp {
    "2026-02-01T09:00:00Z".parse().unwrap()
}

/// Records that differ in each way that makes a difference.
fn records() -> Vec<Resource<'static>> {
    let plain = Resource::default();
    let mut records = Vec::new();
    for scope in [None, Some("works".into()), Some("bridge".into())] {
        for qualifiers in [&[][..], &["done"], &["seen", "done"]] {
            let of_scope = Resource {
                scope,
                qualifiers,
                ..plain
            };
            records.push(of_scope);
            records.push(Resource {
                associated: true,
                ..of_scope
            });
            records.push(Resource {
                amount: Amount::new(500),
                ..of_scope
            });
        }
    }
    for item in ["case-1", "case-2"] {
        records.push(Resource {
            private: true,
            item: Some(item),
            ..plain
        });
    }
    for team in ["city", "north"] {
        records.push(Resource {
            team: Some(team.into()),
            ..plain
        });
    }
    records
}

/// Whom an alternative concerns: by what a command names.
fn concerned(document: &Value, user: &str, remedy: &Remedy) -> Vec<String> {
    let mut all = vec![user.to_owned()];
    for command in commands(remedy) {
        let value = json!(command);
        let row = value.as_object().unwrap().values().next().unwrap();
        let named = row.get("holder").or_else(|| row.get("user"));
        let named = named.and_then(Value::as_str);
        match named.map(|named| named.strip_prefix("group:").ok_or(named)) {
            Some(Ok(group)) => all.extend(members(document, group)),
            Some(Err("everyone")) | None => all.extend(USERS.map(str::to_owned)),
            Some(Err(_)) => {}
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The members of a group or of one below it.
fn members(document: &Value, group: &str) -> Vec<String> {
    let rows = |list: &str| document[list].as_array().unwrap().clone();
    let below = rows("group")
        .into_iter()
        .filter(|row| row["parent"] == group);
    let within: Vec<Value> = below
        .map(|row| row["key"].clone())
        .chain([json!(group)])
        .collect();
    let is_member = |row: &Value| {
        let mut of = row["groups"].as_array().into_iter().flatten();
        of.any(|of| within.contains(of))
    };
    let users = rows("user").into_iter().filter(is_member);
    users
        .map(|row| row["key"].as_str().unwrap().to_owned())
        .collect()
}

fn permits(tenant: &Tenant, user: &str, duty: &str, resource: &Resource<'_>) -> bool {
    let decision = tenant.as_of(at()).check(user, duty, resource);
    decision.unwrap().is_permit()
}

/// Every duty that a user could not do before is counted, of every user whom a command concerns.
fn counted(
    (document, tenant): (&Value, &Tenant),
    (user, duty, resource): (&str, &str, &Resource<'_>),
    remedy: &Remedy,
) {
    let stamp = Stamp::new(at(), Actor::System);
    let after = tenant.what_if(&stamp, &commands(remedy)).unwrap();
    let words = remedy.qualifiers.iter().map(bailiwick::Key::as_str);
    let qualifiers: Vec<&str> = resource.qualifiers.iter().copied().chain(words).collect();
    let then = Resource {
        qualifiers: &qualifiers,
        ..*resource
    };
    let mut newly = 0;
    for other in concerned(document, user, remedy) {
        for another in DUTIES {
            let now = permits(&after, &other, another, &then)
                && !permits(tenant, &other, another, resource);
            newly += usize::from(now && (other.as_str(), another) != (user, duty));
        }
    }
    assert_eq!(
        remedy.others, newly,
        "{user} {duty} {resource:?} {remedy:#?}"
    );
}

/// Those named are those from whom the tenant would accept the command.
fn able(tenant: &Tenant, remedy: &Remedy) {
    let mut before = tenant.clone();
    for step in &remedy.steps {
        let accepts = |user: &&str| {
            let actor = Actor::User(user.parse().unwrap());
            let command = core::slice::from_ref(&step.command);
            before.what_if(&Stamp::new(at(), actor), command).is_ok()
        };
        let all: Vec<&str> = USERS.into_iter().filter(accepts).collect();
        let told: Vec<&str> = step.able.iter().map(bailiwick::UserKey::as_str).collect();
        assert_eq!(told, all, "{step:#?}");
        let stamp = Stamp::new(at(), Actor::System);
        before.execute(&stamp, &step.command).unwrap();
    }
}

#[test]
fn what_else_is_permitted_is_counted_and_those_who_can_are_named() {
    let document = document();
    let tenant = tenant(&document);
    let mut kinds = std::collections::BTreeMap::new();
    for user in [
        "ana", "bob", "busy", "cyd", "eve", "fay", "kim", "max", "nia", "tom", "zoe",
    ] {
        for duty in ["fin.po.pay", "old.book.view", "fin.po.view"] {
            for resource in records() {
                for remedy in &tenant.remedies(at(), user, duty, &resource).unwrap() {
                    counted((&document, &tenant), (user, duty, &resource), remedy);
                    able(&tenant, remedy);
                    for step in &remedy.steps {
                        let seen = kinds
                            .entry(step.command.kind().to_string())
                            .or_insert((0, 0));
                        seen.0 += 1;
                        seen.1 += usize::from(remedy.others > 0);
                    }
                }
            }
        }
    }
    // Each kind of command is among those told, and permits something else somewhere.
    assert_eq!(kinds.len(), 13);
    assert!(kinds.values().all(|(_, more)| *more > 0), "{kinds:?}");
}

/// The kinds of an alternative's commands and its qualifiers, and who could approve it.
fn row(remedy: &Remedy) -> String {
    let kinds = remedy
        .steps
        .iter()
        .map(|step| step.command.kind().to_string());
    let words = remedy.qualifiers.iter().map(ToString::to_string);
    let who = remedy.approvers.iter().map(ToString::to_string);
    let [what, who] = [kinds.chain(words).collect(), who.collect::<Vec<String>>()];
    format!("{}: {}", what.join(" "), who.join(" "))
}

/// A request asks for a target or a profile, at the reach of all and without a ceiling: what is something else cannot
/// be asked for, and nobody could approve it.
#[test]
fn those_who_could_approve_are_told_of_what_can_be_asked_for() {
    let document = json!({
        "name": "Rio Hondo",
        "duty": [{ "key": "fin.po.pay" }],
        "ladder": [{ "object": "fin.po", "rungs": ["pay"] }],
        "limit": [{ "key": "done-only", "on": ["fin"], "requires": "done" }],
        "group": [{ "key": "payers" }],
        "department": [{ "key": "desk", "head": "boss" }],
        "profile": [{ "key": "payer", "grants": ["fin"] }],
        "user": [
            { "key": "ana", "department": "desk" },
            { "key": "ben" },
            { "key": "boss" },
            { "key": "dora" },
        ],
        "grant": [{ "holder": "group:payers", "on": "fin" }],
    });
    let tenant = tenant(&document);
    let after = |by: &str, command: Value| {
        let command: Command = serde_json::from_value(command).unwrap();
        let actor = match by {
            "system" => Actor::System,
            user => Actor::User(user.parse().unwrap()),
        };
        tenant
            .what_if(&Stamp::new(at(), actor), &[command])
            .unwrap()
    };
    let plain = Resource::default();
    let dear = Resource {
        amount: Amount::new(5),
        ..plain
    };
    let linked = Resource {
        associated: true,
        ..plain
    };
    let told = |tenant: &Tenant, user: &str, resource: &Resource<'_>| -> Vec<String> {
        let remedies = tenant.remedies(at(), user, "fin.po.pay", resource).unwrap();
        remedies.iter().map(row).collect()
    };
    let all = ["grant: boss", "level: ", "assign: boss", "join: "];
    assert_eq!(told(&tenant, "ana", &plain), all);
    // A grant for linked records only, or up to an amount, is no request; a profile is.
    let few = ["grant: ", "level: ", "assign: boss", "join: "];
    assert_eq!(told(&tenant, "ana", &dear), few);
    assert_eq!(told(&tenant, "ana", &linked), few);
    // Nobody is the head of someone without a department.
    let none = ["grant: ", "level: ", "assign: ", "join: "];
    assert_eq!(told(&tenant, "ben", &plain), none);
    // A delegate may decide as well, but not one whose login is disabled.
    let delegate = json!({ "delegate": { "department": "desk", "to": "dora", "until": "2026-03-01T00:00:00Z" } });
    let with = after("boss", delegate);
    let both = ["grant: boss dora", "level: ", "assign: boss dora", "join: "];
    assert_eq!(told(&with, "ana", &plain), both);
    let disable: Command =
        serde_json::from_value(json!({ "disable": { "user": "dora" } })).unwrap();
    let without = with
        .what_if(&Stamp::new(at(), Actor::System), &[disable])
        .unwrap();
    assert_eq!(told(&without, "ana", &plain), all);
    // What is asked for already is not asked for twice.
    let request =
        json!({ "request": { "beneficiary": "ana", "on": "fin.po.pay", "justification": "?" } });
    let asked = ["grant: ", "level: ", "assign: boss", "join: "];
    assert_eq!(told(&after("system", request), "ana", &plain), asked);
    // With a limit on her, the record would have to be something, too.
    let limited = after(
        "system",
        json!({ "restrict": { "holder": "user:ana", "limit": "done-only" } }),
    );
    let rows = told(&limited, "ana", &plain);
    assert!(rows.contains(&"grant done: ".to_owned()), "{rows:?}");
    assert!(rows.iter().all(|row| row.ends_with(": ")), "{rows:?}");
}
