//! Do commands make of a tenant what the rules say? Random stories, in which the oracle keeps a document up to date.
#![expect(
    clippy::panic,
    reason = "a difference is a failure, with its own account"
)]

use crate::oracle::shrink::shrink;
use crate::oracle::stories::COMMANDS;
use crate::oracle::stories::expectations;
use crate::oracle::stories::story;
use bailiwick::document::Difference;
use bailiwick::document::Node;
use bailiwick::document::Scenario;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::panic::set_hook;
use std::panic::take_hook;

/// The steps of a story that the crate answers otherwise, or the mistakes that make it unreadable.
fn differing(story: &Value) -> Result<Vec<Difference>, String> {
    let mut story = story.clone();
    let expected = expectations(&story);
    let steps = story.get_mut("steps").and_then(Value::as_array_mut);
    for (step, expect) in steps.into_iter().flatten().zip(expected) {
        if let Value::Object(fields) = step {
            fields.insert("expect".to_owned(), expect);
        }
    }
    let node = Node::from_json(&story.to_string()).map_err(|mistake| mistake.to_string())?;
    let scenario =
        Scenario::from_node(&node, |_| Ok(Node::Null)).map_err(|mistakes| mistakes.to_string())?;
    Ok(scenario.run().differing)
}

fn hold_against_oracle(seed: u64, size: usize, duties: usize, count: usize, guarded: bool) {
    let story = story(seed, size, duties, count, guarded);
    let differences = match differing(&story) {
        Ok(differences) => differences,
        Err(mistakes) => panic!("a valid story is refused: {mistakes}\n{story}"),
    };
    let Some(first) = differences.first() else {
        return;
    };
    let small = make_small(&story, first);
    let found = differing(&small)
        .ok()
        .and_then(|found| found.into_iter().next());
    let found = found.map_or(String::new(), |found| found.to_string());
    panic!("seed {seed}, size {size}, duties {duties}\n{first}\nmade small: {found}\n{small}");
}

/// The shortest story that still shows a difference, of the same two answers.
fn make_small(story: &Value, first: &Difference) -> Value {
    // A story cut too short may name what is not there, which the oracle does not put up with.
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let shows = |smaller: &Value| {
        let same = |found: &Difference| found.expected == first.expected && found.got == first.got;
        let found = catch_unwind(|| differing(smaller).is_ok_and(|found| found.iter().any(same)));
        found.unwrap_or(false)
    };
    let mut small = cut(story, first.step);
    for place in (0..first.step).rev() {
        let mut smaller = small.clone();
        if let Some(steps) = smaller.get_mut("steps").and_then(Value::as_array_mut)
            && place < steps.len()
        {
            steps.remove(place);
        }
        if shows(&smaller) {
            small = smaller;
        }
    }
    let steps = small.get("steps").cloned().unwrap_or_default();
    let with = |policy: &Value| json!({ "name": "story", "policy": policy, "steps": steps });
    let policy = small.get("policy").cloned().unwrap_or_default();
    let small = with(&shrink(&policy, |policy| shows(&with(policy))));
    set_hook(hook);
    small
}

/// The story up to a step.
fn cut(story: &Value, step: usize) -> Value {
    let steps = story.get("steps").and_then(Value::as_array);
    let kept: Vec<&Value> = steps.into_iter().flatten().take(step).collect();
    json!({ "name": "story", "policy": story.get("policy"), "steps": kept })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn every_step_is_the_oracles(seed: u64, size in 0_usize..30, duties in 0_usize..30) {
        for seed in (0..2).map(|more| seed.wrapping_add(more)) {
            hold_against_oracle(seed, size, duties, 24, false);
        }
    }

    #[test]
    fn every_guard_is_the_oracles(seed: u64, size in 0_usize..16, duties in 2_usize..10) {
        hold_against_oracle(seed, size, duties, 20, true);
    }
}

/// Every command is accepted often enough, and every refusal that the oracle knows is met.
#[test]
fn reach_every_command_and_every_refusal() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..500 {
        let guarded = seed % 3 == 0;
        let story = story(seed, 20, if guarded { 6 } else { 20 }, 30, guarded);
        let steps = story
            .get("steps")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for (step, expect) in steps.iter().zip(expectations(&story)) {
            let command = step.get("do").and_then(Value::as_object);
            for word in command.into_iter().flat_map(|command| command.keys()) {
                let code = expect.get("error").and_then(Value::as_str);
                let kind = code.map_or(format!("{word} is accepted"), |code| {
                    format!("refused with {code}")
                });
                *seen.entry(kind).or_default() += 1;
            }
        }
    }
    let codes = [
        "conflicting-entry",
        "no-such-entry",
        "already-past",
        "empty-window",
        "already-disabled",
        "already-enabled",
        "too-deep",
        "conflict-of-duties",
        "no-seat",
        "login-disabled",
        "not-authorised",
        "self-grant",
        "last-administrator",
    ];
    let expected = COMMANDS
        .map(|word| format!("{word} is accepted"))
        .into_iter()
        .chain(codes.map(|code| format!("refused with {code}")));
    let missing: Vec<String> = expected
        .filter(|kind| seen.get(kind).is_none_or(|count| *count < 2))
        .collect();
    assert!(missing.is_empty(), "hardly ever: {missing:?}\nof {seen:#?}");
}
