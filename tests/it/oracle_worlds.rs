//! Are the random worlds worth asking? They must reach every reason, every layer and every kind of answer.
#![expect(clippy::panic, reason = "a test that finds something else has failed")]

use crate::oracle::answer;
use crate::oracle::answers;
use crate::oracle::compare::compare;
use crate::oracle::questions::questions;
use crate::oracle::shrink::shrink;
use crate::oracle::worlds::CATALOG_SIZES;
use crate::oracle::worlds::world;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

const LAYERS: [&str; 9] = [
    "baseline",
    "default",
    "group-1",
    "group-2",
    "group-3",
    "group-4",
    "profiles",
    "individual",
    "item",
];
const REASONS: [&str; 10] = [
    "login-disabled",
    "module-off",
    "outside-team",
    "no-item-right",
    "revoked",
    "withheld",
    "not-granted",
    "not-associated",
    "limited",
    "over-ceiling",
];
const CODES: [&str; 7] = [
    "unknown-user",
    "unknown-duty",
    "unknown-object",
    "unknown-scope",
    "unknown-team",
    "no-ladder",
    "ladder-mismatch",
];

#[test]
fn reach_every_reason_and_every_layer() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..600 {
        let world = world(seed, 30, 24);
        let questions = questions(&world, seed, 40);
        for ((_, ask), answer) in questions.iter().zip(answers(&world.document, &questions)) {
            *seen.entry(summary(ask, &answer)).or_default() += 1;
        }
    }
    let expected = LAYERS
        .map(|layer| format!("check permit {layer}"))
        .into_iter()
        .chain(REASONS.map(|reason| format!("check deny {reason}")))
        .chain(CODES.map(|code| format!("error {code}")))
        .chain(
            [
                "seat free",
                "seat full",
                "seat administrator",
                "until never",
                "until instant",
            ]
            .map(str::to_owned),
        )
        .chain(
            ["effective", "who-can", "because", "items", "conflicts"]
                .map(|kind| format!("{kind} rows")),
        );
    let missing: Vec<String> = expected
        .filter(|kind| seen.get(kind).is_none_or(|count| *count < 5))
        .collect();
    assert!(missing.is_empty(), "hardly ever: {missing:?}\nof {seen:#?}");
}

fn summary(ask: &Value, answer: &Value) -> String {
    let kind = ask
        .as_object()
        .and_then(|ask| ask.keys().next())
        .map_or("", String::as_str);
    let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    if let Some(code) = text("/error") {
        return format!("error {code}");
    }
    if let Some(layer) = text("/permit/layer") {
        return format!("{kind} permit {layer}");
    }
    if let Some(reason) = text("/deny") {
        return format!("{kind} deny {reason}");
    }
    match answer {
        Value::String(word) if kind == "until" && word != "never" => "until instant".to_owned(),
        Value::String(word) => format!("{kind} {word}"),
        Value::Array(rows) if rows.is_empty() => format!("{kind} nothing"),
        Value::Array(_) => format!("{kind} rows"),
        other => format!(
            "{kind} {}",
            other
                .as_bool()
                .map_or("value", |yes| if yes { "true" } else { "false" })
        ),
    }
}

#[test]
fn depend_on_their_seed_alone() {
    for seed in 0..20 {
        let (one, other) = (world(seed, 20, 12), world(seed, 20, 12));
        assert_eq!(one.document, other.document);
        assert_eq!(questions(&one, seed, 20), questions(&other, seed, 20));
        assert_ne!(one.document, world(seed + 1, 20, 12).document);
    }
}

#[test]
fn have_catalogs_of_every_size() {
    for size in CATALOG_SIZES {
        let document = world(7, 12, size).document;
        let duties = document
            .get("duty")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        assert_eq!(duties, size);
    }
}

/// An answerer that knows no limits is found out, and a tenant that shows it has nothing to spare.
#[test]
fn find_a_wrong_answer_and_make_it_small() {
    let lax = |document: &Value, at: &str, ask: &Value| {
        let mut document = document.clone();
        if let Value::Object(fields) = &mut document {
            fields.shift_remove("restrict");
        }
        answer(&document, at, ask)
    };
    let document = json!({
        "name": "World",
        "mode": "open",
        "duty": [{ "key": "a.a.view" }, { "key": "a.b.view", "seat": "full" }],
        "limit": [{ "key": "published-only", "on": ["a.b"], "requires": "published" }],
        "user": [{ "key": "ana" }, { "key": "an" }],
        "restrict": [{ "holder": "user:ana", "limit": "published-only", "until": "2026-01-01T00:00:00Z" }],
    });
    let at = "2025-12-31T23:59:59Z".to_owned();
    let asks =
        ["a.a.view", "a.b.view"].map(|duty| json!({ "check": { "user": "ana", "duty": duty } }));
    let questions = asks.map(|ask| (at.clone(), ask));
    let differences = compare(&document, &questions, |at, ask| lax(&document, at, ask));
    let [difference] = differences.as_slice() else {
        panic!("one answer differs, not {}", differences.len());
    };
    assert_eq!(difference.oracle, json!({ "deny": "limited" }));
    assert_eq!(
        difference.other,
        json!({ "permit": { "layer": "baseline" } })
    );
    let (at, ask) = (&difference.at, &difference.ask);
    let small = shrink(&document, |document| {
        let known = [
            "/duty/0/key",
            "/limit/0/key",
            "/limit/0/requires",
            "/restrict/0/holder",
            "/restrict/0/limit",
        ];
        known.iter().all(|path| document.pointer(path).is_some())
            && answer(document, at, ask) == difference.oracle
            && lax(document, at, ask) == difference.other
    });
    let expected = json!({
        "mode": "open",
        "duty": [{ "key": "a.b.view" }],
        "limit": [{ "key": "published-only", "on": ["a.b"], "requires": "published" }],
        "user": [{ "key": "ana" }],
        "restrict": [{ "holder": "user:ana", "limit": "published-only" }],
    });
    assert_eq!(small, expected);
}

/// Some holders have a handful of entries, some very many at one instant.
#[test]
fn have_crowded_holders() {
    let mut most = 0;
    for seed in 0..400 {
        let document = world(seed, 40, 20).document;
        let mut held: BTreeMap<&str, usize> = BTreeMap::new();
        for list in ["grant", "revoke", "level"] {
            for row in document
                .get(list)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                *held
                    .entry(row.get("holder").and_then(Value::as_str).unwrap_or(""))
                    .or_default() += 1;
            }
        }
        most = most.max(held.into_values().max().unwrap_or(0));
    }
    assert!(most > 100, "no holder has more than {most} entries");
}
