//! Another's answers beside the oracle's.

use super::answers;
use serde_json::Value;
use std::fmt;

/// A question that the oracle and another answer differently.
pub(crate) struct Difference {
    pub(crate) at: String,
    pub(crate) ask: Value,
    pub(crate) oracle: Value,
    pub(crate) other: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            ask,
            oracle,
            other,
        } = self;
        write!(
            formatter,
            "at {at}\nask {ask}\nthe oracle says {oracle}\nbut the answer is {other}"
        )
    }
}

/// Asks `answer` every question and lists where the oracle says otherwise.
pub(crate) fn compare(
    document: &Value,
    questions: &[(String, Value)],
    answer: impl Fn(&str, &Value) -> Value,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    for ((at, ask), oracle) in questions.iter().zip(answers(document, questions)) {
        let other = answer(at, ask);
        if !agrees(&oracle, &other) {
            differences.push(Difference {
                at: at.clone(),
                ask: ask.clone(),
                oracle,
                other,
            });
        }
    }
    differences
}

/// Whether an answer agrees with an expected one: in the fields that it names, inside lists row by row. A permit
/// may be a bare word.
pub(crate) fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(fields), Value::String(word))
        | (Value::String(word), Value::Object(fields)) => {
            word == "permit" && fields.len() == 1 && fields.contains_key(word)
        }
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().all(|(field, value)| {
                actual
                    .get(field)
                    .is_some_and(|actual| agrees(value, actual))
            })
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len()
                && expected
                    .iter()
                    .zip(actual)
                    .all(|(expected, actual)| agrees(expected, actual))
        }
        _ => expected == actual,
    }
}
