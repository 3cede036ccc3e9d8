//! Does the crate answer as the oracle does? Random tenants, every question, around every edge.
#![expect(
    clippy::panic,
    reason = "a difference is a failure, with its own account"
)]

use crate::opened::Opened;
use crate::oracle::answers;
use crate::oracle::compare::Difference;
use crate::oracle::compare::compare;
use crate::oracle::questions::questions;
use crate::oracle::shrink::shrink;
use crate::oracle::worlds::CATALOG_SIZES;
use crate::oracle::worlds::world;
use crate::oracle_rows::Row;
use crate::oracle_rows::rows;
use bailiwick::document::Node;
use bailiwick::document::Scenario;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

/// Asks about one random tenant; a difference is told with the smallest tenant that shows it.
fn hold_against_oracle(seed: u64, size: usize, duties: usize, count: usize) {
    let world = world(seed, size, duties);
    let document = &world.document;
    let opened = match Opened::new(document) {
        Ok(opened) => opened,
        Err(mistakes) => panic!("a valid document is refused: {mistakes}\n{document:#}"),
    };
    let questions = questions(&world, seed, count);
    let differences = compare(document, &questions, |at, ask| opened.answer(at, ask));
    if let Some(difference) = differences.into_iter().next() {
        let small = shrink(document, |smaller| differs(smaller, &difference));
        let question = [(difference.at.clone(), difference.ask.clone())];
        let account = Opened::new(&small)
            .ok()
            .and_then(|opened| compare(&small, &question, |at, ask| opened.answer(at, ask)).pop());
        let account = account.unwrap_or(difference);
        panic!("seed {seed}, size {size}, duties {duties}\n{account}\nin {small}");
    }
}

/// Whether the question of a difference is answered differently in another document, too.
fn differs(document: &Value, difference: &Difference) -> bool {
    let Ok(opened) = Opened::new(document) else {
        return false;
    };
    let question = [(difference.at.clone(), difference.ask.clone())];
    !compare(document, &question, |at, ask| opened.answer(at, ask)).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_the_oracles(seed: u64, size in 0_usize..40, duties in 0_usize..40) {
        for seed in (0..8).map(|more| seed.wrapping_add(more)) {
            hold_against_oracle(seed, size, duties, 16);
        }
    }
}

#[test]
fn catalogs_of_every_size() {
    for duties in CATALOG_SIZES {
        for seed in 0..4 {
            hold_against_oracle(seed, 30, duties, 20);
        }
    }
}

/// Scenarios whose expectations are the oracle's answers pass.
#[test]
fn scenarios_are_played_alike() {
    for seed in 0..200 {
        let world = world(seed, 30, 20);
        let mut questions = questions(&world, seed, 30);
        questions.sort_by(|(one, _), (other, _)| one.cmp(other));
        let expected = answers(&world.document, &questions);
        let steps: Vec<Value> = questions
            .iter()
            .zip(expected)
            .map(|((at, ask), expect)| json!({ "at": at, "ask": ask, "expect": expect }))
            .collect();
        let scenario = json!({ "name": "random", "policy": world.document, "steps": steps });
        let node = Node::from_json(&scenario.to_string()).map_err(bailiwick::Mistakes::from);
        let scenario = match node.and_then(|node| Scenario::from_node(&node, |_| Ok(Node::Null))) {
            Ok(scenario) => scenario,
            Err(mistakes) => panic!("seed {seed}: a valid scenario is refused: {mistakes:?}"),
        };
        let report = scenario.run();
        assert_eq!(report.steps, questions.len());
        if let Some(difference) = report.differing.first() {
            let ask = steps.get(difference.step - 1);
            panic!(
                "seed {seed}: {difference}\n{}\n{}",
                ask.unwrap_or(&Value::Null),
                world.document
            );
        }
    }
}

#[test]
fn answers_as_worked_out_by_hand() {
    for Row {
        rule,
        says,
        policy,
        at,
        ask,
        ..
    } in rows()
    {
        let opened = match Opened::new(&policy) {
            Ok(opened) => opened,
            Err(mistakes) => panic!("{rule}: {says}: a valid document is refused: {mistakes}"),
        };
        let differences = compare(&policy, &[(at, ask)], |at, ask| opened.answer(at, ask));
        if let Some(difference) = differences.first() {
            panic!("{rule}: {says}\n{difference}");
        }
    }
}
