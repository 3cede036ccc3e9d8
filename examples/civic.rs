//! The civic catalog as a town finds it: its profiles, one of them duty by duty, and what auditors want apart.
//!
//!     cargo run --example civic                          # in English
//!     cargo run --example civic -- --es payroll-clerk    # in Spanish, another profile

use std::error::Error;

use bailiwick::AsOf;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::Sensitivity;
use bailiwick::Tenant;
use bailiwick::UserKey;
use bailiwick::policy::Assign;
use bailiwick::policy::Policy;
use bailiwick::policy::Terms;
use bailiwick::policy::User;
use bailiwick::systems;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let spanish = words.iter().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let profile = words.iter().find(|word| !word.starts_with("--"));
    let profile = profile.map_or("finance-clerk", String::as_str);

    // A town in which everybody has one profile, and is called like it.
    let mut town = systems::civic(Name::new("Rio Vista")?).policy;
    for key in town.profiles.iter().map(|profile| profile.key.clone()) {
        let user: UserKey = key.as_str().parse()?;
        let holder = format!("user:{user}").parse()?;
        let terms = Terms::default();
        town.assignments.push(Assign {
            holder,
            profile: key,
            scope: None,
            terms,
        });
        town.users.push(User::new(user));
    }
    let tenant = Tenant::found(&town)?;
    let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
    profiles(today, &town, language)?;
    duties(today, profile, language)?;
    apart(&town, language);
    Ok(())
}

/// How much each profile gives, how much of it is of high sensitivity, and the seat that it takes.
fn profiles(today: AsOf<'_>, town: &Policy, language: Language) -> Result<(), Box<dyn Error>> {
    let [profile, duties, high, seat] = language.choose(
        ["profile", "duties", "high", "seat"],
        ["perfil", "funciones", "alta", "licencia"],
    );
    println!("{profile:<42} {duties:>9} {high:>5}  {seat}");
    for profile in &town.profiles {
        let key = profile.key.as_str();
        let modules = today.checklist(Some(key))?;
        let ticked = || {
            let duties = modules.iter().flat_map(|module| &module.duties);
            duties.filter(|duty| duty.ticked.is_some())
        };
        let high = ticked()
            .filter(|duty| duty.sensitivity == Sensitivity::High)
            .count();
        let label = profile
            .label
            .as_ref()
            .map_or(key, |label| label.get(language));
        let seat = today.seat(key)?.localized(language);
        println!("{label:<42} {:>9} {high:>5}  {seat}", ticked().count());
    }
    Ok(())
}

/// The checklist of one profile: every duty of the modules that it has something of.
fn duties(today: AsOf<'_>, profile: &str, language: Language) -> Result<(), Box<dyn Error>> {
    println!("\n{profile}");
    for module in today.checklist(Some(profile))? {
        if module.duties.iter().all(|duty| duty.ticked.is_none()) {
            continue;
        }
        let label = module
            .label
            .map_or(module.module.as_str(), |label| label.get(language));
        println!("  {label}");
        for duty in &module.duties {
            let mark = if duty.ticked.is_some() { "✓" } else { "·" };
            let label = duty
                .label
                .map_or(duty.duty.as_str(), |label| label.get(language));
            println!(
                "    {mark} {label:<56} {}",
                duty.sensitivity.localized(language)
            );
        }
    }
    Ok(())
}

/// What may not be in one hand.
fn apart(town: &Policy, language: Language) {
    println!(
        "\n{}",
        language.choose("not in one hand", "no en una sola mano")
    );
    for conflict in &town.conflicts {
        if let Some(label) = &conflict.label {
            println!("  {}", label.get(language));
        }
    }
}
