//! Somebody leaves: what would move, the one step that moves it, and the proof that nothing is left.
//!
//!     cargo run --example offboarding            # in English
//!     cargo run --example offboarding -- --es    # in Spanish

use std::error::Error;

use bailiwick::Actor;
use bailiwick::AsOf;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Text;
use bailiwick::Timestamp;
use bailiwick::command::Offboard;
use bailiwick::command::Record;
use bailiwick::document::Names;
use bailiwick::document::Node;

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let say = |english: &str, spanish: &str| println!("\n{}", language.choose(english, spanish));
    let mut tenant = Tenant::from_toml(include_str!("rio_seco.toml"))?;

    // What is under way when Rosa leaves.
    let ask = r#"request = { beneficiary = "ben", on = "finance.funds.certify", justification = "new duties" }"#;
    tenant.execute(&stamp("2026-05-04T09:00:00Z", "user:rosa")?, &command(ask)?)?;
    let own = r#"request = { on = "finance.ledger", justification = "year end" }"#;
    tenant.execute(&stamp("2026-05-04T09:05:00Z", "user:rosa")?, &command(own)?)?;

    let at = "2026-05-29T17:00:00Z";
    let by_ida = stamp(at, "user:ida")?;
    let records = ["INV-2041", "INV-2077"].map(|key| {
        Ok::<_, Box<dyn Error>>(Record {
            kind: Text::new("invoice")?,
            key: Text::new(key)?,
            role: Text::new("owner")?,
            to: None,
        })
    });
    let leave = Offboard {
        user: "rosa".parse()?,
        successor: "ana".parse()?,
        records: records.into_iter().collect::<Result<_, _>>()?,
    };

    say(
        "Rosa leaves on Friday. Ida looks first at what would happen:",
        "Rosa se va el viernes. Ida mira antes qué pasaría:",
    );
    for line in tenant.offboarding_preview(&by_ida, &leave)? {
        println!("    {}", line.localized(language));
    }

    say("Nobody succeeds themselves:", "Nadie se sucede a sí mismo:");
    let wrong = Offboard {
        successor: "rosa".parse()?,
        ..leave.clone()
    };
    if let Err(refusal) = tenant.offboarding_preview(&by_ida, &wrong) {
        println!("    {} ({})", refusal.localized(language), refusal.code());
    }

    say(
        "Then it is done, as one event:",
        "Entonces se hace, en un solo suceso:",
    );
    let event = tenant.execute(&by_ida, &Command::Offboard(leave))?;
    println!(
        "    {at}  {} {}: {} {}",
        event.by,
        event.command.kind(),
        event.changes.len(),
        language.choose("changes", "cambios")
    );
    let as_of = tenant.as_of(at.parse()?);
    for (english, spanish, found) in [
        (
            "still refers to Rosa",
            "todavía se refiere a Rosa",
            as_of.orphans(),
        ),
        (
            "still waits",
            "sigue en espera",
            as_of
                .waiting()
                .iter()
                .map(|waiting| {
                    let request = language.choose("request", "solicitud");
                    let able: Vec<&str> =
                        waiting.waits_for.iter().map(|user| user.as_str()).collect();
                    format!("{request} {} → {}", waiting.request, able.join(", "))
                })
                .collect(),
        ),
    ] {
        let found = if found.is_empty() {
            language.choose("nothing", "nada").into()
        } else {
            found.join(", ")
        };
        println!("    {}: {found}", language.choose(english, spanish));
    }

    say(
        "Records moved, authority did not: Ana has the audit file, not the approvals.",
        "Pasaron los asuntos, no la autoridad: Ana tiene el expediente, no las autorizaciones.",
    );
    println!("    {}", has(as_of, "ana", language)?);

    say(
        "Enabled again, Rosa has nothing:",
        "Reactivada, Rosa no tiene nada:",
    );
    let enable = command(r#"enable = { user = "rosa" }"#)?;
    let later = "2026-06-01T09:00:00Z";
    tenant.execute(&stamp(later, "system")?, &enable)?;
    let as_of = tenant.as_of(later.parse()?);
    println!("    {}", has(as_of, "rosa", language)?);
    Ok(())
}

/// The private items that somebody may see and the duties that they may perform.
fn has(as_of: AsOf<'_>, user: &str, language: Language) -> Result<String, Box<dyn Error>> {
    let nothing = language.choose("nothing", "nada");
    let or_nothing = |found: Vec<String>| {
        if found.is_empty() {
            nothing.into()
        } else {
            found.join(", ")
        }
    };
    let items = as_of.items(user)?.iter().map(ToString::to_string).collect();
    let duties = as_of
        .effective(user, None, false)?
        .iter()
        .map(ToString::to_string)
        .collect();
    let words = language.choose(["items", "duties"], ["expedientes", "funciones"]);
    Ok(format!(
        "{user}: {}: {}; {}: {}",
        words[0],
        or_nothing(items),
        words[1],
        or_nothing(duties)
    ))
}

fn stamp(at: &str, by: &str) -> Result<Stamp, Box<dyn Error>> {
    let at: Timestamp = at.parse()?;
    Ok(Stamp::new(at, Actor::new(by)?))
}

fn command(text: &str) -> Result<Command, Box<dyn Error>> {
    let node = Node::from_toml(text).map_err(|mistake| mistake.to_string())?;
    Ok(Command::from_node(&node, &Names::default())?)
}
