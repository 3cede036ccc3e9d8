//! A small town and everything that can be tried in it: one vocabulary, driven exhaustively, at random and by a
//! fuzzer.

use bailiwick::Command;
use bailiwick::Tenant;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

pub(crate) mod laws;
pub(crate) mod walk;

pub(crate) const USERS: [&str; 5] = ["ana", "rob", "mayor", "ida", "ivo"];

/// When things are tried: at the start, when campaigns are due, and when what was asked for ends.
pub(crate) const INSTANTS: [&str; 3] = [
    "2026-01-05T09:00:00Z",
    "2026-02-01T00:00:00Z",
    "2026-03-01T00:00:00Z",
];
const DUE: &str = INSTANTS[1];
const END: &str = INSTANTS[2];

/// Something that can be tried, and by whom beside the host.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) command: Command,
    pub(crate) by: &'static [&'static str],
}

/// Ana and Rob are in roads, which Rob heads, below the city, which the mayor heads. Rob, Ida and Ivo administer.
/// Ana is a clerk until the end; whoever may pay is not to see as well.
pub(crate) fn founded() -> Tenant {
    let desk = "adm.desk.run";
    let policy = json!({
        "name": "Rio Seco",
        "duty": [{ "key": "fin.po.view" }, { "key": "fin.po.pay" }, { "key": desk }],
        "department": [
            { "key": "city", "head": "mayor" },
            { "key": "roads", "parent": "city", "head": "rob" },
        ],
        "group": [{ "key": "clerks" }],
        "profile": [{ "key": "clerk", "grants": ["fin.po.view"] }],
        "user": [
            { "key": "ana", "department": "roads" },
            { "key": "rob", "department": "roads" },
            { "key": "mayor", "department": "city" },
            { "key": "ida" },
            { "key": "ivo" },
        ],
        "grant": [
            { "holder": "user:rob", "on": "adm" },
            { "holder": "user:ida", "on": "adm" },
            { "holder": "user:ivo", "on": "adm" },
            { "holder": "group:clerks", "on": "fin.po.view" },
        ],
        "assign": [{ "holder": "user:ana", "profile": "clerk", "until": END }],
        "conflict": [{ "key": "see-and-pay", "of": ["fin.po.view", "fin.po.pay"] }],
        "administration": {
            "provision": desk, "open-campaign": desk, "close-campaign": desk, "cancel-campaign": desk,
            "assign": desk, "unassign": desk, "grant": desk, "revoke": desk, "clear": desk,
            "join": desk, "leave": desk, "offboard": desk, "define-profile": desk, "except-conflict": desk,
        },
    });
    let document = Document::from_json(&policy.to_string()).expect("a policy");
    Tenant::found(&document.policy).expect("a tenant")
}

/// Requests, from asking to their ends (rule 6.1).
pub(crate) fn requests() -> Vec<Word> {
    let ask = |beneficiary: &str| {
        json!({ "request": {
            "beneficiary": beneficiary, "on": "fin.po.view", "until": END, "justification": "month end",
        }})
    };
    let mut words = vec![
        word("request for ana", &ask("ana"), &["ana", "rob", "mayor"]),
        word("request for rob", &ask("rob"), &["ana", "rob"]),
    ];
    let steps = [
        ("approve", json!({ "approve": { "request": 1 } })),
        ("deny", json!({ "deny": { "request": 1, "reason": "no" } })),
        ("withdraw", json!({ "withdraw": { "request": 1 } })),
        ("provision", json!({ "provision": { "request": 1 } })),
        (
            "delegate to ivo",
            json!({ "delegate": { "department": "roads", "to": "ivo" } }),
        ),
        (
            "delegate to rob",
            json!({ "delegate": { "department": "roads", "to": "rob" } }),
        ),
    ];
    words.extend(steps.iter().map(|(name, step)| word(name, step, &USERS)));
    words.extend(heads());
    words
}

/// Campaigns, from opening to their ends, and what makes their items moot (rule 6.2).
pub(crate) fn campaigns() -> Vec<Word> {
    let open = |reviewers: Value| {
        json!({ "open-campaign": {
            "name": "spring", "due": DUE, "select": { "users": ["ana", "rob"] }, "reviewers": reviewers,
        }})
    };
    let clerk = json!({ "campaign": 1, "user": "ana", "profile": "clerk" });
    let desk = json!({ "campaign": 1, "user": "rob", "on": "adm" });
    let mut words = vec![
        word("open by heads", &open(json!("heads")), &["ana", "ida"]),
        word(
            "open by rob and ana",
            &open(json!(["rob", "ana"])),
            &["ida"],
        ),
        word("certify ana", &json!({ "certify": clerk }), &USERS),
        word("revoke ana", &json!({ "revoke-item": clerk }), &USERS),
        word("certify rob", &json!({ "certify": desk }), &USERS),
        word("revoke rob", &json!({ "revoke-item": desk }), &USERS),
        word(
            "close",
            &json!({ "close-campaign": { "campaign": 1 } }),
            &["ana", "ida"],
        ),
        word(
            "close and revoke",
            &json!({ "close-campaign": { "campaign": 1, "undecided": "revoke" } }),
            &["ana", "ida"],
        ),
        word(
            "cancel",
            &json!({ "cancel-campaign": { "campaign": 1, "reason": "a mistake" } }),
            &["rob", "ida"],
        ),
        word("unassign clerk", &unassign(), &["ida"]),
    ];
    words.extend(heads());
    words
}

/// Assignments, entries and memberships of one user, and their ends (rule 3.3).
pub(crate) fn assignments() -> Vec<Word> {
    const BY: &[&str] = &["ana", "ida"];
    let clerk = |more: Value| {
        let row = json!({ "holder": "user:ana", "profile": "clerk" });
        json!({ "assign": merged(row, more) })
    };
    let view = |verb: &str, more: Value| {
        let row = json!({ "holder": "user:ana", "on": "fin.po.view" });
        json!({ verb: merged(row, more) })
    };
    let clerks = json!({ "user": "ana", "group": "clerks" });
    vec![
        word("assign clerk", &clerk(json!({})), BY),
        word(
            "assign clerk to the end",
            &clerk(json!({ "until": END })),
            BY,
        ),
        word(
            "assign clerk later",
            &clerk(json!({ "from": DUE, "until": END })),
            BY,
        ),
        word("assign clerk anew", &clerk(json!({ "replace": true })), BY),
        word("unassign clerk", &unassign(), BY),
        word("grant view", &view("grant", json!({ "until": END })), BY),
        word(
            "grant view anew",
            &view("grant", json!({ "replace": true })),
            BY,
        ),
        word("revoke view", &view("revoke", json!({})), BY),
        word(
            "revoke view anew",
            &view("revoke", json!({ "until": DUE, "replace": true })),
            BY,
        ),
        word("clear view", &view("clear", json!({})), BY),
        word("join clerks", &json!({ "join": clerks }), BY),
        word("leave clerks", &json!({ "leave": clerks }), BY),
    ]
}

/// Somebody leaves while others wait for them (rule 6.3).
pub(crate) fn leaving() -> Vec<Word> {
    let offboard = |user: &str, successor: &str| json!({ "offboard": { "user": user, "successor": successor } });
    let mut words = vec![
        word("offboard rob to mayor", &offboard("rob", "mayor"), &["ida"]),
        word(
            "offboard ana to rob",
            &offboard("ana", "rob"),
            &["rob", "ida"],
        ),
        word("offboard ivo to ivo", &offboard("ivo", "ivo"), &["ida"]),
        word(
            "give rob the case",
            &json!({ "give-item": { "user": "rob", "item": "case-1", "on": ["fin.po"] } }),
            &["ida"],
        ),
    ];
    let under_way: [(&str, &[&str]); 5] = [
        ("request for ana", &["rob"]),
        ("approve", &["mayor", "ivo"]),
        ("delegate to ivo", &["rob"]),
        ("enable rob", &[]),
        ("open by rob and ana", &["ida"]),
    ];
    for word in requests().into_iter().chain(campaigns()) {
        let by = under_way.iter().find(|(name, _)| *name == word.name);
        if let Some((_, by)) = by.filter(|_| words.iter().all(|known| known.name != word.name)) {
            words.push(Word { by, ..word });
        }
    }
    words
}

/// What sets the guards over the whole going: separation, the last administrator, a redefined profile.
fn guarded() -> Vec<Word> {
    vec![
        word(
            "grant pay",
            &json!({ "grant": { "holder": "user:ana", "on": "fin.po.pay", "until": END } }),
            &["ana", "ida"],
        ),
        word(
            "except ana",
            &json!({ "except-conflict": { "user": "ana", "conflict": "see-and-pay", "reason": "leave", "until": DUE } }),
            &["ida"],
        ),
        word(
            "widen clerk",
            &json!({ "define-profile": { "key": "clerk", "grants": ["fin.po"] } }),
            &["rob", "ida"],
        ),
        word(
            "assign clerk to rob",
            &json!({ "assign": { "holder": "user:rob", "profile": "clerk" } }),
            &["rob", "ida"],
        ),
        word("disable ida", &json!({ "disable": { "user": "ida" } }), &[]),
        word("disable ivo", &json!({ "disable": { "user": "ivo" } }), &[]),
    ]
}

/// Everything that can be tried.
pub(crate) fn vocabulary() -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let all = [requests(), campaigns(), assignments(), leaving(), guarded()];
    for word in all.into_iter().flatten() {
        if words.iter().all(|known| known.name != word.name) {
            words.push(word);
        }
    }
    words
}

/// Who heads roads, and whether Rob is there.
fn heads() -> Vec<Word> {
    vec![
        word(
            "no head",
            &json!({ "set-head": { "department": "roads" } }),
            &["ana"],
        ),
        word(
            "head rob",
            &json!({ "set-head": { "department": "roads", "head": "rob" } }),
            &["ana"],
        ),
        word(
            "disable rob",
            &json!({ "disable": { "user": "rob" } }),
            &["ana"],
        ),
        word(
            "enable rob",
            &json!({ "enable": { "user": "rob" } }),
            &["ana"],
        ),
    ]
}

fn unassign() -> Value {
    json!({ "unassign": { "holder": "user:ana", "profile": "clerk" } })
}

fn merged(mut row: Value, more: Value) -> Value {
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

fn word(name: &'static str, command: &Value, by: &'static [&'static str]) -> Word {
    let command = serde_json::from_value(command.clone()).expect("a command");
    Word { name, command, by }
}
