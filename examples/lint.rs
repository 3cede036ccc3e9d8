//! What a policy says to no purpose, or against itself: the place, the finding, and what was looked at to be sure.
//!
//! `cargo run --example lint -- examples/town_hall.toml`, and `--es` for Spanish.

use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Tenant;
use bailiwick::document::Document;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut language = Language::English;
    let mut text = String::from(include_str!("why.toml"));
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "--es" => language = Language::Spanish,
            path => text = std::fs::read_to_string(path)?,
        }
    }
    let document = Document::from_toml(&text)?;
    let policy = &document.policy;
    let tenant = Tenant::found(policy)?;
    let findings = tenant
        .as_of("2026-02-01T09:00:00Z".parse()?)
        .lint_of(policy);
    for finding in &findings {
        let place = finding.place.as_deref().unwrap_or("–");
        println!("{place}: {} ({})", finding.code, finding.entry);
        println!("    {}", finding.localized(language));
        println!("    {}", finding.proof.localized(language));
    }
    println!("{} findings", findings.len());
    Ok(())
}
