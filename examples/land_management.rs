//! A permit counter stated in a few lines: who has which access to what, and why it is the lowest that counts.
//!
//!     cargo run --example land_management            # in English
//!     cargo run --example land_management -- --es    # in Spanish

use std::error::Error;

use bailiwick::Key;
use bailiwick::Label;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::TargetKey;
use bailiwick::Tenant;
use bailiwick::policy::User;
use bailiwick::systems::land::Access;
use bailiwick::systems::land::Land;
use bailiwick::systems::land::Thing;
use bailiwick::systems::land::access;

const THINGS: [(Thing<'_>, &str, &str); 6] = [
    (Thing::UserGroup, "The group itself", "El propio grupo"),
    (
        Thing::WorkflowStatus("plan-review"),
        "Plan review",
        "Revisión de planos",
    ),
    (
        Thing::ApplicationType("new-house"),
        "New house",
        "Vivienda nueva",
    ),
    (Thing::Inspection("foundation"), "Foundation", "Cimentación"),
    (Thing::Calendar("hearings"), "Hearings", "Audiencias"),
    (Thing::Function(35), "Waive a fee", "Condonar derechos"),
];

const STAFF: [(&str, &str); 4] = [
    ("cora", "counter"),
    ("ines", "inspectors"),
    ("tom", "trainees"),
    ("rita", "inspectors"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let things = THINGS.map(|(thing, _, _)| thing.of("building"));
    let things: Vec<TargetKey> = things.into_iter().collect::<Result<_, _>>()?;
    let tenant = counter(&things)?;
    let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
    let all: Vec<&TargetKey> = things.iter().collect();

    // Each thing by itself, and the lowest of them: a record of that type, in that status, through that function.
    let headings = THINGS.map(|(_, english, spanish)| language.choose(english, spanish));
    print!("{:<6}", "");
    for heading in headings {
        print!("{heading:<20}");
    }
    println!(
        "{}",
        language.choose("= on the record", "= en el expediente")
    );
    for (user, _) in STAFF {
        print!("{user:<6}");
        for thing in &all {
            print!(
                "{:<20}",
                access(today, user, &[thing], None)?.localized(language)
            );
        }
        println!("{}", access(today, user, &all, None)?.localized(language));
    }

    // The nearest setting along the record's type counts.
    println!(
        "\n{}",
        language.choose("cora, by type of record:", "cora, por tipo de expediente:")
    );
    let house = &Thing::ApplicationType("new-house").of("building")?;
    let mut path = String::from("building");
    for part in ["", "-residential", "-new", "-single-family"] {
        path.push_str(part);
        let level = access(today, "cora", &[house], Some(&path))?;
        println!("  {path:<40} {}", level.localized(language));
    }

    // Six hundred functions, each set for the module and for groups.
    println!("\n{}", language.choose("functions:", "funciones:"));
    for (user, _) in STAFF {
        let mut levels = Vec::new();
        for number in 1..=600 {
            let function = Thing::Function(number).of("building")?;
            levels.push(access(today, user, &[&function], None)?);
        }
        let counted = Access::ALL.iter().map(|level| {
            let count = levels.iter().filter(|other| *other == level).count();
            format!("{count:>4} {}", level.localized(language))
        });
        let counted: Vec<String> = counted.collect();
        println!("  {user:<6}{}", counted.join(" "));
    }
    Ok(())
}

/// The permit counter: the module reads, groups and users have more or less.
fn counter(things: &[TargetKey]) -> Result<Tenant, Box<dyn Error>> {
    let mut land = Land::new(Name::new("Permit counter")?);
    land.module(
        "building",
        &Label::new("Building", "Construcción")?,
        Access::Read,
    )?;
    for (object, (_, english, spanish)) in things.iter().zip(THINGS).skip(1) {
        land.thing(object, &Label::new(english, spanish)?)?;
    }
    land.functions("building", (1..=600).filter(|number| *number != 35))?;
    land.group("staff/field/inspectors/trainees")?;
    land.group("staff/counter")?;
    let house = land.record_type("building/residential/new/single-family")?;
    let homes: Key = "building-residential".parse()?;

    let [own, review, house_type, foundation, hearings, fee] = things else {
        return Err("six things".into());
    };
    land.set("everyone", fee, Access::None)?;
    land.set("group:staff", own, Access::Full)?;
    land.set("group:counter", review, Access::Full)?;
    land.set("group:counter", house_type, Access::Full)?;
    land.set_in(Some(&homes), "group:counter", house_type, Access::Read)?;
    land.set_in(Some(&house), "group:counter", house_type, Access::None)?;
    land.set("group:counter", fee, Access::Read)?;
    land.set("group:inspectors", foundation, Access::Full)?;
    land.set("group:inspectors", fee, Access::Full)?;
    land.set("group:trainees", foundation, Access::Read)?;
    land.set("user:rita", foundation, Access::None)?;
    land.set("user:rita", hearings, Access::Full)?;

    for (user, group) in STAFF {
        let groups = vec![group.parse()?];
        land.policy.users.push(User {
            groups,
            ..User::new(user.parse()?)
        });
    }
    Ok(Tenant::found(&land.into_policy())?)
}
