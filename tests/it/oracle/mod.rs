//! A plain, slow model of the rule: one duty at a time, words compared as text, every instant tried.
//!
//! It reads a policy document as it is written and answers the questions of a scenario. It shares nothing with
//! the crate, so that where the two agree, two readings of the same rule agree.

mod actors;
mod answers;
mod changes;
mod commands;
pub(crate) mod compare;
mod decision;
mod document;
mod guards;
mod holdings;
mod instants;
pub(crate) mod questions;
mod rng;
mod rule;
pub(crate) mod shrink;
pub(crate) mod stories;
pub(crate) mod worlds;

use serde_json::Value;

/// What the rule answers to `ask` at the instant `at`, in a tenant that `document` states.
pub(crate) fn answer(document: &Value, at: &str, ask: &Value) -> Value {
    let document = document::Document::read(document);
    answers::answer(&document, at, ask)
}

/// The answers to many questions on one document.
pub(crate) fn answers(document: &Value, questions: &[(String, Value)]) -> Vec<Value> {
    let document = document::Document::read(document);
    questions
        .iter()
        .map(|(at, ask)| answers::answer(&document, at, ask))
        .collect()
}
