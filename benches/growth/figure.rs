//! What is measured, and the clock.

use crate::Extent;
use rustix::time::ClockId;
use rustix::time::clock_gettime;

/// What a figure counts.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    /// Nanoseconds.
    Time,
    Bytes,
    Count,
}

/// One column of a table, and one line of a plot.
#[derive(Clone, Copy)]
pub struct Figure {
    /// What it is called in the table.
    pub name: &'static str,
    /// What it is called at the end of its line, if it has one.
    pub line: Option<&'static str>,
    pub unit: Unit,
}

pub const fn time(name: &'static str, line: &'static str) -> Figure {
    Figure {
        name,
        line: Some(line),
        unit: Unit::Time,
    }
}

pub const fn bytes(name: &'static str, line: &'static str) -> Figure {
    Figure {
        name,
        line: Some(line),
        unit: Unit::Bytes,
    }
}

pub const fn count(name: &'static str) -> Figure {
    Figure {
        name,
        line: None,
        unit: Unit::Count,
    }
}

/// The time that this thread has worked, in nanoseconds.
pub fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// The nanoseconds that one of `each` takes: the middle one of several batches.
pub fn took(extent: Extent, each: usize, mut batch: impl FnMut()) -> f64 {
    batch();
    let mut took = Vec::new();
    let enough = |took: &[f64]| match extent {
        Extent::Trial => !took.is_empty(),
        Extent::Whole => took.len() >= 7 && (took.iter().sum::<f64>() > 8e7 || took.len() > 1_000),
    };
    while !enough(&took) {
        let start = now();
        batch();
        took.push(now() - start);
    }
    middle(took) / each as f64
}

pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
