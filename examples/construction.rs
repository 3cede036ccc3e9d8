//! Construction projects: the default role of a client's people, box by box, and what it means on their records.
//!
//!     cargo run --example construction            # in English
//!     cargo run --example construction -- --es    # in Spanish

use std::error::Error;

use bailiwick::AsOf;
use bailiwick::ChecklistDuty;
use bailiwick::Decision;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Reach;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::policy::Amount;
use bailiwick::systems;
use bailiwick::systems::links::Links;

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    // The company's own projects, roles and people, and below them what ships with the library.
    let own = include_str!("construction.toml");
    let [.., (_, administration), (_, roles)] = systems::DOCUMENTS;
    let tenant = Tenant::from_toml(&[own, administration, roles].concat())?;
    let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);

    role(today, "client", language)?;
    people(today, language)?;
    records(today, language)?;
    Ok(())
}

/// Every box that a role ticks: registers with their four columns, then authorities.
fn role(today: AsOf<'_>, role: &str, language: Language) -> Result<(), Box<dyn Error>> {
    let columns = ["view", "add", "edit", "admin"];
    println!("{:<38} {}", role, columns.join("  "));
    let mut authorities = Vec::new();
    for module in today.checklist(Some(role))? {
        let boxes = columns.map(|column| {
            let of_column = |duty: &&ChecklistDuty<'_>| {
                let (_, object, action) = duty.duty.parts();
                (object, action) == ("register", column)
            };
            match module
                .duties
                .iter()
                .find(of_column)
                .and_then(|duty| duty.ticked)
            {
                None => "·",
                Some(Reach::All) => "✓",
                Some(Reach::Associated) => "◦",
            }
        });
        let others = module
            .duties
            .iter()
            .filter(|duty| duty.ticked.is_some() && duty.duty.parts().1 != "register");
        authorities.extend(others.filter_map(|duty| duty.label));
        let label = module
            .label
            .map_or(module.module.as_str(), |label| label.get(language));
        if boxes.contains(&"✓") {
            println!(
                "  {label:<36} {}",
                boxes.map(|mark| format!("{mark:<4}")).join(" ")
            );
        }
    }
    println!(
        "{}",
        language.choose("on what is theirs:", "sobre lo que les toca:")
    );
    for label in authorities {
        println!("  {}", label.get(language));
    }
    Ok(())
}

/// Who takes which seat.
fn people(today: AsOf<'_>, language: Language) -> Result<(), Box<dyn Error>> {
    println!("\n{}", language.choose("seats", "licencias"));
    for user in today.users() {
        let name = today
            .user_name(user)
            .map_or(user.as_str(), |name| name.as_str());
        println!(
            "  {name:<16} {}",
            today.seat(user.as_str())?.localized(language)
        );
    }
    Ok(())
}

/// A user, a duty, and what the company's database says of the record: project, links, qualifiers, amount.
type Asked<'r> = (
    &'r str,
    &'r str,
    &'r str,
    Links<'r>,
    &'r [&'r str],
    Option<Amount>,
);

/// Records as the company's own database has them, and what people may do with them.
fn records(today: AsOf<'_>, language: Language) -> Result<(), Box<dyn Error>> {
    let none = Links::default();
    let asked = Links {
        raised_by: &["mia"],
        addressed_to: &["cleo"],
        ..none
    };
    let order = |units| Amount::new(units);
    let rows: [Asked<'_>; 8] = [
        ("cleo", "ncr.register.view", "bridge", none, &[], None),
        (
            "cleo",
            "ncr.register.view",
            "bridge",
            none,
            &["published"],
            None,
        ),
        (
            "cleo",
            "approval.ncr.collaborate",
            "bridge",
            none,
            &["published"],
            None,
        ),
        (
            "cleo",
            "approval.ncr.collaborate",
            "bridge",
            asked,
            &["published"],
            None,
        ),
        ("cleo", "lot.register.view", "tunnel", none, &[], None),
        ("mia", "lot.authority.conform", "bridge", none, &[], None),
        (
            "mia",
            "purchase-order.authority.approve",
            "bridge",
            none,
            &[],
            order(500_000),
        ),
        (
            "mia",
            "purchase-order.authority.approve",
            "bridge",
            none,
            &[],
            order(500_001),
        ),
    ];
    println!("\n{}", language.choose("records", "registros"));
    for (user, duty, project, links, qualifiers, amount) in rows {
        let record = Resource {
            scope: Some(project.into()),
            associated: links.associates(user),
            qualifiers,
            amount,
            ..Resource::default()
        };
        let answer = match today.check(user, duty, &record)? {
            Decision::Permit(_) => language.choose("yes", "sí").into(),
            Decision::Deny(reason) => reason.localized(language),
        };
        let mut facts = vec![String::from(project)];
        facts.extend(links.link(user).map(|link| link.localized(language)));
        facts.extend(qualifiers.iter().map(ToString::to_string));
        facts.extend(amount.map(|amount| amount.get().to_string()));
        println!("  {user:<5} {duty:<34} {:<44} {answer}", facts.join(", "));
    }
    Ok(())
}
