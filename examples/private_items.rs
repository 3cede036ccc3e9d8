//! Private items and teams: what counts before what, and the five pages about a user after a week of changes.
//!
//!     cargo run --example private_items            # in English
//!     cargo run --example private_items -- --es    # in Spanish

use std::error::Error;

use bailiwick::Actor;
use bailiwick::AsOf;
use bailiwick::Command;
use bailiwick::Decision;
use bailiwick::Does;
use bailiwick::History;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::LogEntry;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::TargetKey;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Names;
use bailiwick::document::Node;
use bailiwick::systems::pages::Pages;

/// A week at the office: when, who, what.
const WEEK: [(&str, &str, &str); 7] = [
    (
        "2026-01-05T09:00:00Z",
        "user:amy",
        r#"set-contact = { user = "ben", contact = "ext. 12" }"#,
    ),
    (
        "2026-01-06T09:00:00Z",
        "user:amy",
        r#"set-team = { user = "ben", team = "south" }"#,
    ),
    (
        "2026-01-07T10:00:00Z",
        "user:amy",
        r#"level = { holder = "user:ben", on = "audits.record", to = "view", reason = "covers for the auditor" }"#,
    ),
    (
        "2026-01-08T09:00:00Z",
        "user:amy",
        r#"open-campaign = { name = "January", due = "2026-01-31T00:00:00Z", select = { users = ["ben"] }, reviewers = ["amy"] }"#,
    ),
    (
        "2026-01-08T10:00:00Z",
        "user:amy",
        r#"certify = { campaign = 1, user = "ben", on = "incidents.record" }"#,
    ),
    (
        "2026-01-08T10:05:00Z",
        "user:amy",
        r#"revoke-item = { campaign = 1, user = "ben", on = "audits.record", note = "the auditor is back" }"#,
    ),
    (
        "2026-01-08T11:00:00Z",
        "user:amy",
        "close-campaign = { campaign = 1 }",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let tenant = Tenant::from_toml(include_str!("private_items.toml"))?;
    let mut history = History::new(tenant);
    order(
        history.tenant().as_of("2026-01-05T08:00:00Z".parse()?),
        language,
    )?;
    for (at, by, command) in WEEK {
        let node = Node::from_toml(command).map_err(|mistake| mistake.to_string())?;
        let command = Command::from_node(&node, &Names::default())?;
        history.execute(&Stamp::new(at.parse()?, Actor::new(by)?), &command)?;
    }
    pages(
        &Pages::of(&history, "ben", "2026-01-09T09:00:00Z".parse()?)?,
        language,
    );
    Ok(())
}

/// The team first, then whether the record is private, then the system permission or the item right.
fn order(today: AsOf<'_>, language: Language) -> Result<(), Box<dyn Error>> {
    let heading = language.choose(
        "who may edit an incident?",
        "¿quién puede editar un incidente?",
    );
    println!("{heading}");
    for (team, item) in [
        (None, None),
        (Some("north-yard"), None),
        (Some("south"), None),
        (None, Some("case-7")),
        (Some("south"), Some("case-7")),
    ] {
        let what = match (team, item) {
            (None, None) => language
                .choose("public, no team", "público, sin equipo")
                .into(),
            (team, item) => [team, item]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
        };
        for user in today.users() {
            let record = Resource {
                team: team.map(Into::into),
                private: item.is_some(),
                item,
                ..Resource::default()
            };
            let answer = match today.check(user.as_str(), "incidents.record.edit", &record)? {
                Decision::Permit(layer) => format!(
                    "{} ({})",
                    language.choose("yes", "sí"),
                    layer.localized(language)
                ),
                Decision::Deny(reason) => reason.localized(language),
            };
            println!("  {what:<22} {user:<5} {answer}");
        }
    }
    Ok(())
}

fn pages(pages: &Pages<'_>, language: Language) {
    let title = |english, spanish| println!("\n{}", language.choose(english, spanish));
    let until =
        |until: Option<Timestamp>| until.map_or(String::new(), |until| format!(" < {until}"));

    title(
        "1. current permissions of ben",
        "1. permisos actuales de ben",
    );
    let current = &pages.current;
    let team = current.team.map_or("–", |team| team.as_str());
    println!("  {} {team}", language.choose("team", "equipo"));
    println!(
        "  {} {}",
        language.choose("seat", "licencia"),
        current.seat.localized(language)
    );
    for row in &current.entries {
        let what = match &row.what.does {
            Does::Grant { .. } => language.choose("granted", "otorgado"),
            Does::Revoke => language.choose("revoked", "revocado"),
            Does::Level(level) => level.as_str(),
        };
        let reason = row.reason.map_or("", |reason| reason.as_str());
        println!(
            "  {:<20} {what:<10}{} {reason}",
            row.what.on.as_str(),
            until(row.window.until())
        );
    }

    title(
        "2. rights on private items",
        "2. derechos sobre elementos privados",
    );
    for row in &pages.rights {
        let on: Vec<&str> = row.what.on.iter().map(TargetKey::as_str).collect();
        let reason = row.reason.map_or("", |reason| reason.as_str());
        println!(
            "  {:<10} {}{} {reason}",
            row.what.item.as_str(),
            on.join(", "),
            until(row.window.until())
        );
    }

    title("3. changes of details", "3. cambios de datos");
    log(&pages.details, language);
    title("4. changes of permissions", "4. cambios de permisos");
    log(&pages.permissions, language);
    title("5. reviews", "5. revisiones");
    log(&pages.reviews, language);
}

fn log(entries: &[LogEntry<'_>], language: Language) {
    for entry in entries {
        let how = match (entry.in_review, entry.campaign) {
            (_, Some((_, due))) => format!("{} {due}", language.choose("due", "vence")),
            (true, None) => language.choose("in a review", "en una revisión").into(),
            (false, None) => language.choose("ad hoc", "fuera de revisión").into(),
        };
        println!(
            "  {}  {:<9} {:<28} {how}",
            entry.at(),
            entry.by(),
            entry.kind().localized(language)
        );
    }
}
