//! Plots for the guide: both axes in powers of ten, each line named at its end, in the colours of the page around.

use crate::figure::Figure;
use crate::figure::Unit;
use crate::page::Axis;
use crate::page::show;
use crate::page::whole;
use std::fmt::Write;

const WIDTH: f64 = 680.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 460.0;
/// From one power of ten to the next.
const DECADE: f64 = 26.0;
/// Between the names of two lines.
const APART: f64 = 13.0;
/// Of a middle tone, to be told from white and from black.
const COLOURS: [&str; 8] = [
    "#3b82c4", "#d9772b", "#2f9e6e", "#b5539c", "#c94f4f", "#8a8f2e", "#3aa6b0", "#8d6bc7",
];

/// The plot of an axis: times above, memory below. It is an image of its own, and can stand in a page as it is.
pub fn draw(axis: &Axis) -> String {
    let mut body = String::new();
    let mut top = 0.0;
    for (unit, title) in [(Unit::Time, "time"), (Unit::Bytes, "memory")] {
        top = panel(&mut body, axis, unit, title, top);
    }
    let named = format!("Time and memory by {}", axis.what);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top:.0}\" width=\"{WIDTH}\" \
         style=\"max-width:100%;height:auto\" role=\"img\" aria-label=\"{named}\" font-family=\"sans-serif\" \
         font-size=\"11\" fill=\"currentColor\">\n<title>{named}</title>\n{body}</svg>\n"
    )
}

/// One field of lines below a height, and where it ends.
fn panel(body: &mut String, axis: &Axis, unit: Unit, title: &str, top: f64) -> f64 {
    let lines: Vec<(usize, &Figure, &str)> = axis
        .figures
        .iter()
        .enumerate()
        .filter(|(_, figure)| figure.unit == unit)
        .filter_map(|(n, figure)| Some((n, figure, figure.line?)))
        .collect();
    let values = |n: usize| {
        let points = axis.points.iter().enumerate();
        points.filter_map(move |(at, point)| {
            let value = point.values[n].filter(|value| *value > 0.0)?;
            Some((at, value.log10()))
        })
    };
    let all: Vec<f64> = lines
        .iter()
        .flat_map(|(n, ..)| values(*n).map(|(_, value)| value))
        .collect();
    if all.is_empty() {
        return top;
    }
    let low = all.iter().copied().fold(f64::MAX, f64::min).floor();
    let high = all
        .iter()
        .copied()
        .fold(f64::MIN, f64::max)
        .ceil()
        .max(low + 2.0);
    // Names need room, also where the values are all alike.
    let decade = DECADE.max(APART * lines.len() as f64 / (high - low));
    let (first, last) = (top + 26.0, top + 26.0 + decade * (high - low));
    let y = |value: f64| last - (value - low) * decade;
    let places = places(axis);
    let _ = writeln!(
        body,
        "<text x=\"{LEFT}\" y=\"{:.1}\" font-weight=\"bold\">{title}</text>",
        first - 10.0
    );
    for power in low as i32..=high as i32 {
        let at = y(f64::from(power));
        let _ = writeln!(
            body,
            "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            tick(unit, power)
        );
    }
    for (point, x) in axis.points.iter().zip(&places) {
        let _ = writeln!(
            body,
            "<path d=\"M{x:.1} {first:.1}V{last:.1}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            last + 15.0,
            whole(point.size as f64)
        );
    }
    let _ = writeln!(
        body,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
        f64::midpoint(LEFT, RIGHT),
        last + 31.0,
        axis.what
    );
    let mut names: Vec<(f64, &str, &str)> = Vec::new();
    for ((n, _, name), colour) in lines.iter().zip(COLOURS) {
        let mut path = String::new();
        let mut end = None;
        for (at, value) in values(*n) {
            let (x, y) = (places[at], y(value));
            let _ = write!(
                path,
                "{}{x:.1} {y:.1}",
                if end.is_none() { 'M' } else { 'L' }
            );
            let _ = writeln!(
                body,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\"/>"
            );
            end = Some(y);
        }
        let _ = writeln!(
            body,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>"
        );
        names.extend(end.map(|end| (end, *name, colour)));
    }
    for ((_, name, colour), at) in spread(&mut names, first, last) {
        let _ = writeln!(
            body,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            RIGHT + 10.0,
            at - 4.0,
            RIGHT + 23.0,
            at + 4.0
        );
    }
    last + 44.0
}

/// Where the sizes stand: by their powers of ten; none at all stands one power below the next.
fn places(axis: &Axis) -> Vec<f64> {
    let sizes = || axis.points.iter().map(|point| point.size);
    let least = sizes().filter(|size| *size > 0).min().unwrap_or(1) as f64;
    let power = |size: usize| match size {
        0 => least.log10() - 1.0,
        size => (size as f64).log10(),
    };
    let powers: Vec<f64> = sizes().map(power).collect();
    let (low, high) = (powers[0], powers[powers.len() - 1]);
    let room = RIGHT - LEFT - 40.0;
    let place = |power: &f64| LEFT + 20.0 + room * (power - low) / (high - low).max(0.1);
    powers.iter().map(place).collect()
}

/// The names in the order of their lines' ends, each far enough from the one before it.
fn spread<T: Copy>(names: &mut [(f64, T, T)], first: f64, last: f64) -> Vec<((f64, T, T), f64)> {
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut at: Vec<f64> = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let above = at.last().map_or(first, |above| above + APART);
        let room = (names.len() - 1 - n) as f64 * APART;
        at.push(name.0.max(above).min((last - room).max(above)));
    }
    names.iter().copied().zip(at).collect()
}

fn tick(unit: Unit, power: i32) -> String {
    let text = show(unit, 10_f64.powi(power));
    text.replace(".00", "").replace(".0", "")
}
