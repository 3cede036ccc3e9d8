//! What running a scenario found.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::document::node::Node;

/// How many steps were run, and every one whose answer differs from what was expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How many steps were run.
    pub steps: usize,
    /// The steps that differ, in their order.
    pub differing: Vec<Difference>,
}

impl Report {
    /// Whether every answer was as expected.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.differing.is_empty()
    }
}

/// A step whose answer differs from what was expected. It prints as `step N: expected …, got …` with the
/// explanation under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The step's number, from 1.
    pub step: usize,
    /// What was expected.
    pub expected: Node,
    /// What the answer was.
    pub got: Node,
    /// How that came about, line by line; empty where there is nothing to say.
    pub explanation: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            step,
            expected,
            got,
            explanation,
        } = self;
        write!(f, "step {step}: expected {expected}, got {got}")?;
        for line in explanation.lines() {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}
