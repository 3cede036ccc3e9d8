//! What a person may do in a town hall, why, until when, and what would change it.
//!
//! `cargo run --example why -- ana`, and `--es` for Spanish.

use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::RemedySearch;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::document::Document;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut language = Language::English;
    let mut user = String::from("ana");
    let mut scope: Option<String> = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--es" => language = Language::Spanish,
            "--at" => scope = words.next(),
            name => user = name.into(),
        }
    }
    let document = Document::from_toml(include_str!("why.toml"))?;
    let tenant = Tenant::found(&document.policy)?;
    let at = "2026-02-01T09:00:00Z".parse()?;
    let resource = Resource {
        scope: scope.as_deref().map(Into::into),
        ..Resource::default()
    };
    for duty in &document.policy.duties {
        let duty = duty.key.as_str();
        let why = match tenant.as_of(at).explain(&user, duty, &resource) {
            Ok(why) => why,
            Err(error) => return Err(error.localized(language).into()),
        };
        println!("{}", why.long(language));
        let remedies = tenant.remedies(at, &user, duty, &resource)?;
        if !remedies.is_empty() {
            println!(
                "{}",
                language.choose("What would change it:", "Qué lo cambiaría:")
            );
        }
        for (n, remedy) in remedies.iter().enumerate() {
            println!("{}. {}", n + 1, remedy.localized(language));
        }
        if remedies.search == RemedySearch::Rested {
            println!("({})", remedies.search.localized(language));
        }
        println!();
    }
    Ok(())
}
