//! Is the oracle right? Answers worked out by hand, and what must hold of the worlds that it is asked about.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot read its data has failed"
)]

use crate::oracle::answer;
use crate::oracle::compare::agrees;
use serde_json::Value;

const MORNING: &str = "2026-01-05T09:00:00Z";

/// One answer worked out by hand.
pub(crate) struct Row {
    pub(crate) rule: String,
    pub(crate) says: String,
    pub(crate) policy: Value,
    pub(crate) at: String,
    pub(crate) ask: Value,
    pub(crate) expect: Value,
}

/// The rows of the table, each with its whole policy.
pub(crate) fn rows() -> Vec<Row> {
    let table: Value = toml::from_str(include_str!("oracle/rows.toml")).expect("the table is TOML");
    let list = table
        .get("row")
        .and_then(Value::as_array)
        .expect("the table has rows");
    list.iter().map(|row| read(&table, row)).collect()
}

fn read(table: &Value, row: &Value) -> Row {
    let field = |name: &str| row.get(name).cloned();
    let text = |name: &str| field(name).and_then(|value| value.as_str().map(str::to_owned));
    let mut policy = table
        .get("tenant")
        .cloned()
        .expect("the table has a tenant");
    for (name, value) in field("policy")
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        match (policy.get_mut(name), value) {
            (Some(Value::Array(rows)), Value::Array(more)) => rows.extend(more.iter().cloned()),
            _ => {
                policy
                    .as_object_mut()
                    .expect("a policy has fields")
                    .insert(name.clone(), value.clone());
            }
        }
    }
    Row {
        rule: text("rule").expect("a row cites its rule"),
        says: text("says").expect("a row says what the rule says"),
        policy,
        at: text("at").unwrap_or_else(|| MORNING.to_owned()),
        ask: field("ask").expect("a row asks"),
        expect: field("expect").expect("a row expects"),
    }
}

#[test]
fn answers_as_worked_out_by_hand() {
    let mut wrong = Vec::new();
    for row in rows() {
        let actual = answer(&row.policy, &row.at, &row.ask);
        if !agrees(&row.expect, &actual) {
            let Row {
                rule,
                says,
                ask,
                expect,
                ..
            } = &row;
            wrong.push(format!(
                "{rule}: {says}\n  ask {ask}\n  expected {expect}\n  got {actual}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn has_a_row_for_every_rule() {
    let rules: Vec<String> = rows().into_iter().map(|row| row.rule).collect();
    assert!(rules.len() >= 40, "only {} rows", rules.len());
    for rule in [
        "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "4.4", "4.5a", "4.5b", "4.6", "4.7", "4.8", "5",
        "6.4",
    ] {
        assert!(
            rules.iter().any(|cited| cited == rule),
            "no row for rule {rule}"
        );
    }
}
