//! What a change of policy would do: who gains and who loses what, and for what reason.
//!
//! `cargo run --example difference`, or with two policy documents: `-- before.toml after.toml`; `--es` for Spanish.

use bailiwick::Language;
use bailiwick::Tenant;
use bailiwick::document::Document;
use std::error::Error;

fn tenant(text: &str) -> Result<Tenant, Box<dyn Error>> {
    let document = Document::from_toml(text)?;
    Ok(Tenant::found(&document.policy)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut language = Language::English;
    let before = include_str!("why.toml");
    // Ben joins the clerks, who only look at the ledger, and the treasury.
    let after = before.replace(
        "team = \"counter\"\ngroups = [\"staff\"]",
        "team = \"treasury\"\ngroups = [\"clerks\"]",
    );
    let mut texts = Vec::new();
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "--es" => language = Language::Spanish,
            path => texts.push(std::fs::read_to_string(path)?),
        }
    }
    let (before, after) = match texts.as_slice() {
        [before, after] => (tenant(before)?, tenant(after)?),
        _ => (tenant(before)?, tenant(&after)?),
    };
    let at = "2026-02-01T09:00:00Z".parse()?;
    let difference = before.as_of(at).difference(after.as_of(at));
    println!("{}", difference.table(language));
    if !difference.reasons.is_empty() {
        println!("{}", difference.reasons_table(language));
    }
    Ok(())
}
