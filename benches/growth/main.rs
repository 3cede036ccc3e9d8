//! What grows as an organisation grows, along six axes: the tables and plots of the guide's page on growth.
//!
//! `cargo bench --bench growth` measures everything and writes `src/guide/growth/`; nothing is written unless all of
//! it was measured. Times are of the thread's own work, in the middle of many batches. Memory is what the process
//! has more of: it is measured in a process of its own, which is this program again.

#![allow(
    clippy::too_many_lines,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod axes;
mod figure;
mod heap;
mod page;
mod plot;
mod scale;
mod tenants;
mod travel;
#[path = "../world/mod.rs"]
mod world;

use page::Axis;
use std::path::Path;

/// How thoroughly it is measured.
#[derive(Clone, Copy, PartialEq)]
pub enum Extent {
    /// All sizes, many times.
    Whole,
    /// Small sizes, once: to see that it still works.
    Trial,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, what, size] = arguments.as_slice()
        && word == heap::CHILD
    {
        return heap::measure(what, size.parse().unwrap());
    }
    let is = |word: &str| arguments.iter().any(|argument| argument == word);
    let extent = if is("--bench") && !is("--test") {
        Extent::Whole
    } else {
        Extent::Trial
    };
    let axes: [Axis; 7] = [
        axes::users(extent),
        axes::duties(extent),
        axes::profiles(extent),
        axes::entries(extent),
        axes::scopes(extent),
        tenants::axis(extent),
        travel::table(extent),
    ];
    let [.., towns, travel] = &axes;
    let arithmetic = scale::table(travel, towns);
    let files: Vec<(String, String)> = axes
        .iter()
        .flat_map(|axis| {
            let table = (format!("{}.md", axis.file), page::table(axis));
            let plot = (format!("{}.svg", axis.file), plot::draw(axis));
            // What travels is a table alone.
            let plot = (axis.file != travel::FILE).then_some(plot);
            [Some(table), plot].into_iter().flatten()
        })
        .chain([
            ("conditions.md".into(), page::conditions()),
            ("scale.md".into(), arithmetic),
        ])
        .collect();
    if extent == Extent::Trial {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/growth");
    for (name, text) in files {
        std::fs::write(folder.join(&name), text).unwrap();
        println!("{name} is written");
    }
}
