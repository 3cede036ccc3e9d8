//! Tables for the guide.

use crate::figure::Figure;
use crate::figure::Unit;
use std::fmt::Write;
use std::process::Command;

/// One axis: what was measured at each of its sizes.
pub struct Axis {
    pub file: &'static str,
    /// What there is more and more of.
    pub what: &'static str,
    pub figures: Vec<Figure>,
    pub points: Vec<Point>,
}

/// The figures at one size, in their order; one may be missing where it says nothing.
pub struct Point {
    pub size: usize,
    pub values: Vec<Option<f64>>,
}

/// The table of an axis.
pub fn table(axis: &Axis) -> String {
    let mut text = format!("| {} |", axis.what);
    for figure in &axis.figures {
        let _ = write!(text, " {} |", figure.name);
    }
    text += "\n|---:|";
    text += &"---:|".repeat(axis.figures.len());
    for point in &axis.points {
        assert_eq!(point.values.len(), axis.figures.len(), "{}", axis.file);
        let _ = write!(text, "\n| {} |", whole(point.size as f64));
        for (figure, value) in axis.figures.iter().zip(&point.values) {
            let shown = value.map_or("—".into(), |value| show(figure.unit, value));
            let _ = write!(text, " {shown} |");
        }
    }
    text + "\n"
}

/// On what, by what and how it was measured.
pub fn conditions() -> String {
    let compiler = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()))
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or("an unknown compiler".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "Measured by `cargo bench --bench growth` with {} on {cores} cores (`{}`, `{}`): time of the one thread that works, \
         in the middle of seven batches or more; memory by what the process has more of, or as the library counts it \
         where a column says so.\n",
        compiler.trim(),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// A value with its unit, in three figures.
pub fn show(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count => whole(value),
        Unit::Bytes => scaled(value, &["B", "kB", "MB", "GB", "TB"]),
        Unit::Time => scaled(value, &["ns", "µs", "ms", "s"]),
    }
}

/// A whole number, its thousands apart.
pub fn whole(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn scaled(mut value: f64, units: &[&str]) -> String {
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1e3;
        unit += 1;
    }
    let unit = units[unit];
    match value {
        0.0 => "0".into(),
        value if value < 9.995 => format!("{value:.2} {unit}"),
        value if value < 99.95 => format!("{value:.1} {unit}"),
        value => format!("{} {unit}", whole(value)),
    }
}
