//! Do the scenarios and the oracle read the rule alike? Every question that a scenario asks before its first command.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot read its data has failed"
)]

use crate::oracle::answer;
use crate::oracle::compare::agrees;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const CATALOGS: [(&str, &str); 2] = [
    ("civic", include_str!("../../src/catalog/data/civic.toml")),
    (
        "construction",
        include_str!("../../src/catalog/data/construction.toml"),
    ),
];
/// The questions that the oracle answers.
const KINDS: [&str; 11] = [
    "check",
    "level",
    "effective",
    "who-can",
    "seat",
    "until",
    "admits",
    "items",
    "because",
    "current",
    "conflicts",
];
/// The errors that it gives; what is malformed is not its matter.
const CODES: [&str; 7] = [
    "unknown-user",
    "unknown-duty",
    "unknown-object",
    "unknown-scope",
    "unknown-team",
    "no-ladder",
    "ladder-mismatch",
];

fn read(text: &str) -> Value {
    toml::from_str(text).expect("the file is TOML")
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The policy with the lists of the catalog that it names, and without what no question here is about.
fn spelt_out(mut policy: Value) -> Value {
    let fields = policy.as_object_mut().expect("a policy has fields");
    for field in ["helpdesk", "calendar", "sla", "schedule"] {
        fields.remove(field);
    }
    let name = fields.remove("catalog");
    if let Some((_, text)) = CATALOGS.iter().find(|(key, _)| name == Some(json!(key))) {
        let catalog = read(text);
        for (list, rows) in catalog.as_object().into_iter().flatten() {
            let own = fields
                .get(list)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let rows = rows.as_array().into_iter().flatten().cloned();
            fields.insert(list.clone(), rows.chain(own).collect());
        }
    }
    policy
}

#[test]
fn agree_with_the_oracle() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let (mut asked, mut wrong) = (0, Vec::new());
    for path in files(&folder) {
        let scenario = read(&fs::read_to_string(&path).expect("the file can be read"));
        let Some(policy) = scenario.get("policy").cloned() else {
            continue;
        };
        let policy = spelt_out(policy);
        let steps = scenario
            .get("steps")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for (number, step) in (1..).zip(steps.take_while(|step| step.get("do").is_none())) {
            let (Some(at), Some(ask)) = (step.get("at").and_then(Value::as_str), step.get("ask"))
            else {
                continue;
            };
            let expect = step.get("expect").cloned().unwrap_or_default();
            let code = expect.get("error").and_then(Value::as_str);
            if !KINDS.iter().any(|kind| ask.get(kind).is_some())
                || code.is_some_and(|code| !CODES.contains(&code))
            {
                continue;
            }
            asked += 1;
            let oracle = answer(&policy, at, ask);
            if !agrees(&expect, &oracle) {
                let path = path.display();
                wrong.push(format!(
                    "{path}: step {number}: {ask}\n  expects {expect}\n  the oracle says {oracle}"
                ));
            }
        }
    }
    assert!(asked > 50, "only {asked} questions");
    assert!(
        wrong.is_empty(),
        "of {asked} questions\n{}",
        wrong.join("\n")
    );
}
