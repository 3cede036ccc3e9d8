//! The whole account of a decision: the gates, the limits, the amounts, private items, and what is not in force.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Explanation;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Standing;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;

/// A port with two quays. Eva is a pilot, Leo was one and will work by night, Inés is of the staff, Max has no
/// login, Nora is of the yard.
const PORT: &str = r#"
name = "Puerto Alto"
[[module]]
key = "port"
label = { en = "Port", es = "Puerto" }
[[module]]
key = "customs"
enabled = false
[[duty]]
key = "port.berth.view"
label = { en = "See berths", es = "Ver atraques" }
[[duty]]
key = "port.berth.assign"
label = { en = "Assign berths", es = "Asignar atraques" }
[[duty]]
key = "port.crane.hire"
[[duty]]
key = "customs.cargo.clear"
[[ladder]]
object = "port.berth"
rungs = ["view", "assign"]
[[limit]]
key = "signed-only"
label = { en = "Signed only", es = "Solo firmados" }
on = ["port.berth.assign"]
requires = "signed"
[[limit]]
key = "published-only"
on = ["port.berth"]
requires = "published"
[[limit]]
key = "completed-only"
on = ["port.crane"]
requires = "completed"
[[scope]]
key = "north"
label = { en = "North quay", es = "Muelle norte" }
[[scope]]
key = "south"
[[team]]
key = "harbour"
[[team]]
key = "yard"
label = { en = "Yard", es = "Patio" }
[[group]]
key = "staff"
label = { en = "Staff", es = "Personal" }
[[group]]
key = "pilots"
parent = "staff"
label = { en = "Pilots", es = "Prácticos" }
[[group]]
key = "night"
[[group]]
key = "choir"
[[profile]]
key = "mooring"
label = { en = "Mooring", es = "Amarre" }
grants = ["port.berth"]
limits = ["signed-only"]
[[profile]]
key = "hire"
grants = ["port.crane"]
limits = ["completed-only"]
ceilings = { "port.crane.hire" = 1000 }
[[profile]]
key = "yard-work"
grants = ["port.crane"]
[[user]]
key = "eva"
name = "Eva Sanz"
groups = ["pilots"]
[[user]]
key = "leo"
[[user]]
key = "ines"
groups = ["staff"]
[[user]]
key = "max"
enabled = false
team = "yard"
[[user]]
key = "nora"
team = "yard"
[[grant]]
holder = "group:staff"
on = "port.berth"
[[assign]]
holder = "group:night"
profile = "mooring"
scope = "north"
[[assign]]
holder = "user:eva"
profile = "mooring"
scope = "north"
reason = "harbour master's leave"
[[assign]]
holder = "user:eva"
profile = "hire"
scope = "south"
[[restrict]]
holder = "group:pilots"
limit = "published-only"
[[restrict]]
holder = "user:eva"
limit = "published-only"
scope = "south"
[[restrict]]
holder = "user:eva"
limit = "signed-only"
scope = "south"
[[level]]
holder = "user:nora"
on = "port.berth"
to = "none"
"#;

fn at(day: &str) -> Timestamp {
    format!("2026-{day}T09:00:00Z").parse().expect("an instant")
}

fn port(commands: &[(&str, Value)]) -> Tenant {
    let document = Document::from_toml(PORT).expect("a policy");
    let mut tenant = Tenant::found(&document.policy).expect("a tenant");
    for (day, command) in commands {
        let command: Command = serde_json::from_value(command.clone()).expect("a command");
        let done = tenant.execute(&Stamp::new(at(day), Actor::System), &command);
        assert!(done.is_ok(), "{done:?}");
    }
    tenant
}

fn why(tenant: &Tenant, user: &str, duty: &str, day: &str, resource: &Resource<'_>) -> Explanation {
    tenant
        .as_of(at(day))
        .explain(user, duty, resource)
        .expect("known")
}

/// The lines of an account from a heading on, in either language.
#[track_caller]
fn tells(why: &Explanation, from: [&str; 2], lines: [&[&str]; 2]) {
    for (language, (from, lines)) in [Language::English, Language::Spanish]
        .into_iter()
        .zip(from.into_iter().zip(lines))
    {
        let account = why.long(language);
        let told: Vec<&str> = account.lines().skip_while(|line| *line != from).collect();
        assert_eq!(told[1..], *lines, "{account}");
    }
}

const LIMITS: [&str; 2] = [
    "Then the limits, each of which must be met:",
    "Después los límites, que deben cumplirse todos:",
];

const AMOUNT: [&str; 2] = ["Then the amount:", "Después el importe:"];

const APART: [&str; 2] = [
    "No longer or not yet in force:",
    "Ya no está o todavía no está en vigor:",
];

const GATES: [&str; 2] = ["First the gates:", "Primero las barreras:"];

const LAYERS: [&str; 2] = [
    "Then the layers, from the least to the most specific:",
    "Después las capas, de la menos a la más específica:",
];

/// The port on 10 February, when Leo has left the pilots and is not yet of the night shift.
fn february() -> Tenant {
    let (feb, mar) = (at("02-01"), at("03-01"));
    port(&[
        (
            "01-02",
            json!({ "join": { "user": "leo", "group": "pilots", "until": feb } }),
        ),
        (
            "01-02",
            json!({ "join": { "user": "leo", "group": "night", "from": mar } }),
        ),
        (
            "01-02",
            json!({ "join": { "user": "leo", "group": "choir", "from": mar } }),
        ),
        (
            "01-02",
            json!({ "join": { "user": "ines", "group": "pilots", "until": feb } }),
        ),
        (
            "01-02",
            json!({ "grant": { "holder": "user:ines", "on": "port.crane", "until": feb } }),
        ),
        (
            "01-03",
            json!({ "grant": { "holder": "user:ines", "on": "port.crane", "from": mar, "reach": "associated" } }),
        ),
    ])
}

#[test]
fn a_membership_that_has_ended_or_not_begun_is_told_where_its_group_speaks() {
    let tenant = february();
    let north = Resource {
        scope: Some("north".into()),
        ..Resource::default()
    };
    let root = Resource::default();
    let assign = |user, resource| why(&tenant, user, "port.berth.assign", "02-10", resource);
    // The pilots say nothing themselves, the staff above them do; the night shift has its profile on the north quay.
    tells(
        &assign("leo", &north),
        APART,
        [
            &[
                "- The membership of leo in the group “Pilots” held until 1 February 2026 at 09:00 UTC.",
                "- The membership of leo in the group “night” will hold from 1 March 2026 at 09:00 UTC on.",
            ],
            &[
                "- La pertenencia de leo al grupo «Prácticos» rigió hasta el 1 de febrero de 2026 a las 09:00 UTC.",
                "- La pertenencia de leo al grupo «night» regirá desde el 1 de marzo de 2026 a las 09:00 UTC.",
            ],
        ],
    );
    tells(
        &assign("leo", &root),
        APART,
        [
            &[
                "- The membership of leo in the group “Pilots” held until 1 February 2026 at 09:00 UTC.",
            ],
            &[
                "- La pertenencia de leo al grupo «Prácticos» rigió hasta el 1 de febrero de 2026 a las 09:00 UTC.",
            ],
        ],
    );
    let keys = |why: &Explanation| -> Vec<String> {
        let memberships = why.apart_memberships.iter();
        memberships.map(|held| held.group.key.clone()).collect()
    };
    // None of them speaks of cranes; nobody but the holder of a right speaks of a private item.
    let crane = why(&tenant, "leo", "port.crane.hire", "02-10", &north);
    assert_eq!(keys(&crane), [""; 0]);
    let item = Resource {
        private: true,
        item: Some("case-1"),
        ..north
    };
    assert_eq!(keys(&assign("leo", &item)), [""; 0]);
    // What the staff say still reaches Inés, and what reaches Eva is no longer apart.
    assert_eq!(keys(&assign("ines", &root)), [""; 0]);
    assert_eq!(keys(&assign("eva", &root)), [""; 0]);
}

#[test]
fn an_entry_that_has_ended_or_not_begun_is_told_with_its_edge() {
    let crane = why(
        &february(),
        "ines",
        "port.crane.hire",
        "02-01",
        &Resource::default(),
    );
    tells(
        &crane,
        APART,
        [
            &[
                "- The grant of “port.crane” to ines (granted) held until 1 February 2026 at 09:00 UTC; made by the system on 2 January 2026 at 09:00 UTC, from 2 January 2026 at 09:00 UTC until 1 February 2026 at 09:00 UTC.",
                "- The grant of “port.crane” to ines (granted, for associated records) will hold from 1 March 2026 at 09:00 UTC on; made by the system on 3 January 2026 at 09:00 UTC, from 1 March 2026 at 09:00 UTC on, without an end.",
            ],
            &[
                "- La concesión de «port.crane» a ines (concedida) rigió hasta el 1 de febrero de 2026 a las 09:00 UTC; hecha por el sistema el 2 de enero de 2026 a las 09:00 UTC, desde el 2 de enero de 2026 a las 09:00 UTC hasta el 1 de febrero de 2026 a las 09:00 UTC.",
                "- La concesión de «port.crane» a ines (concedida, para registros asociados) regirá desde el 1 de marzo de 2026 a las 09:00 UTC; hecha por el sistema el 3 de enero de 2026 a las 09:00 UTC, desde el 1 de marzo de 2026 a las 09:00 UTC, sin fin.",
            ],
        ],
    );
    let short = "Ines may not perform “port.crane.hire”: nothing grants it any more, for the grant of “port.crane” to ines held until 1 February 2026 at 09:00 UTC; this changes on 1 March 2026 at 09:00 UTC";
    assert!(crane.long(Language::English).starts_with(short));
    assert_eq!(crane.to_string(), short.replacen("Ines", "ines", 1));
    assert_eq!(
        crane.localized(Language::Spanish),
        "ines no puede ejercer «port.crane.hire»: ya nada lo concede, pues la concesión de «port.crane» a ines rigió hasta el 1 de febrero de 2026 a las 09:00 UTC; esto cambia el 1 de marzo de 2026 a las 09:00 UTC"
    );
}

#[test]
fn the_gate_that_decides_is_named_and_no_other() {
    let tenant = port(&[]);
    let lines = |user: &str, duty: &str, resource: &Resource<'_>| {
        let account = why(&tenant, user, duty, "02-10", resource).long(Language::English);
        let from = account.lines().skip_while(|line| *line != GATES[0]).skip(1);
        from.take_while(|line| line.starts_with("- "))
            .map(ToOwned::to_owned)
            .collect::<Vec<String>>()
    };
    let harbour = Resource {
        team: Some("harbour".into()),
        ..Resource::default()
    };
    assert_eq!(
        lines("max", "customs.cargo.clear", &harbour),
        [
            "- The login of max is disabled, which decides before anything below.",
            "- The module “customs” is switched off.",
            "- Max does not see records of the team “harbour”.",
        ]
    );
    assert_eq!(
        lines("nora", "customs.cargo.clear", &harbour),
        [
            "- The login of nora is enabled.",
            "- The module “customs” is switched off, which decides before anything below.",
            "- Nora does not see records of the team “harbour”.",
        ]
    );
    assert_eq!(
        lines("nora", "port.berth.view", &harbour),
        [
            "- The login of nora is enabled.",
            "- The module “Port” is switched on.",
            "- Nora does not see records of the team “harbour”, which decides before anything below.",
        ]
    );
    let yard = Resource {
        team: Some("yard".into()),
        ..Resource::default()
    };
    assert_eq!(
        lines("nora", "port.berth.view", &yard),
        [
            "- The login of nora is enabled.",
            "- The module “Port” is switched on.",
            "- Nora sees records of the team “Yard”.",
        ]
    );
    tells(
        &why(
            &tenant,
            "nora",
            "port.berth.view",
            "02-10",
            &Resource::default(),
        ),
        LAYERS,
        [
            &[
                "- Entries on the user: the level of nora on “port.berth” is set to none, which stops short of it (withheld); stated in the founding document, without an end. This decides among the layers.",
            ],
            &[
                "- Lo propio del usuario: el nivel de nora en «port.berth» está fijado en ninguno, que no llega a tanto (retenida); consta en el documento fundacional, sin fin. Esto decide entre las capas.",
            ],
        ],
    );
}

#[test]
fn each_limit_is_told_with_every_way_by_which_it_reaches() {
    let tenant = port(&[]);
    let at_quay = |quay: &'static str, qualifiers| Resource {
        scope: Some(quay.into()),
        qualifiers,
        ..Resource::default()
    };
    let assign = |resource| why(&tenant, "eva", "port.berth.assign", "02-10", &resource);
    tells(
        &assign(at_quay("north", &["published"])),
        LIMITS,
        [
            &[
                "- The limit “Signed only”, through the profile “Mooring” of Eva Sanz at “North quay” (stated in the founding document, because “harbour master's leave”, without an end), requires `signed`: the record is not, so it is not met.",
                "- The limit “published-only”, through a restriction put on the group “Pilots” (stated in the founding document, without an end), requires `published`: the record is, so it is met.",
            ],
            &[
                "- El límite «Solo firmados», por el perfil «Amarre» de Eva Sanz en «Muelle norte» (consta en el documento fundacional, porque «harbour master's leave», sin fin), exige `signed`: el registro no lo está: no se cumple.",
                "- El límite «published-only», por una restricción del grupo «Prácticos» (consta en el documento fundacional, sin fin), exige `published`: el registro lo está: se cumple.",
            ],
        ],
    );
    // On the other quay the profile brings nothing, and two restrictions are put on Eva herself.
    tells(
        &assign(at_quay("south", &["signed"])),
        LIMITS,
        [
            &[
                "- The limit “Signed only”, through a restriction put on Eva Sanz at “south” (stated in the founding document, without an end), requires `signed`: the record is, so it is met.",
                "- The limit “published-only”, through a restriction put on the group “Pilots” (stated in the founding document, without an end) and a restriction put on Eva Sanz at “south” (stated in the founding document, without an end), requires `published`: the record is not, so it is not met.",
            ],
            &[
                "- El límite «Solo firmados», por una restricción de Eva Sanz en «south» (consta en el documento fundacional, sin fin), exige `signed`: el registro lo está: se cumple.",
                "- El límite «published-only», por una restricción del grupo «Prácticos» (consta en el documento fundacional, sin fin) y una restricción de Eva Sanz en «south» (consta en el documento fundacional, sin fin), exige `published`: el registro no lo está: no se cumple.",
            ],
        ],
    );
}

#[test]
fn the_amount_is_told_where_a_grant_that_counts_has_a_ceiling() {
    let grant = |on: &str, ceiling: Option<u64>| {
        let mut row = json!({ "holder": "user:nora", "on": on });
        if let Some(ceiling) = ceiling {
            row["ceiling"] = json!(ceiling);
        }
        ("01-02", json!({ "grant": row }))
    };
    let hire = (
        "01-02",
        json!({ "assign": { "holder": "user:nora", "profile": "hire" } }),
    );
    let work = (
        "01-02",
        json!({ "assign": { "holder": "user:nora", "profile": "yard-work" } }),
    );
    let crane = |commands: &[(&str, Value)], amount| {
        let resource = Resource {
            amount: Amount::new(amount),
            ..Resource::default()
        };
        why(
            &port(commands),
            "nora",
            "port.crane.hire",
            "02-10",
            &resource,
        )
    };
    tells(
        &crane(std::slice::from_ref(&hire), 1500),
        AMOUNT,
        [
            &[
                "- The ceiling in force is 1,000 minor units, set by the profile “hire” assigned to nora.",
                "- The record's amount, 1,500 minor units, is above it.",
            ],
            &[
                "- El tope vigente es de 1.000 unidades menores, fijado por el perfil «hire» asignado a nora.",
                "- El importe del registro, 1.500 unidades menores, lo supera.",
            ],
        ],
    );
    tells(
        &crane(&[hire.clone(), work], 1500),
        AMOUNT,
        [
            &[
                "- There is no ceiling in force, because of the profile “yard-work” assigned to nora, which carries none.",
                "- The record's amount, 1,500 minor units, is within it.",
            ],
            &[
                "- No hay tope vigente, por el perfil «yard-work» asignado a nora, que no lleva ninguno.",
                "- El importe del registro, 1.500 unidades menores, queda dentro.",
            ],
        ],
    );
    // Neither what is overridden nor what another layer replaces has a ceiling that counts.
    let overridden = [
        grant("port.crane", Some(700)),
        grant("port.crane.hire", None),
    ];
    assert_eq!(crane(&overridden, 1500).ceiling, None);
    let replaced = [hire, grant("port.crane.hire", None)];
    assert_eq!(crane(&replaced, 1500).ceiling, None);
}

#[test]
fn a_private_item_is_told_by_its_key_and_by_the_rights_on_it() {
    let tenant = port(&[(
        "01-02",
        json!({ "give-item": { "user": "leo", "item": "case-1", "on": ["port.berth.view"] } }),
    )]);
    let item = Resource {
        private: true,
        item: Some("case-1"),
        ..Resource::default()
    };
    let told = why(&tenant, "leo", "port.berth.assign", "02-10", &item);
    assert_eq!(told.statements[0].standing, Standing::Elsewhere);
    let private = [
        "The record is private, so only a right on exactly this item counts:",
        "El registro es privado, así que solo cuenta un derecho sobre este mismo elemento:",
    ];
    tells(
        &told,
        private,
        [
            &[
                "- Rights on the item: leo has a right on the private item “case-1” that does not include it (silent); made by the system on 2 January 2026 at 09:00 UTC, from 2 January 2026 at 09:00 UTC on, without an end. It is about other duties.",
            ],
            &[
                "- Los derechos sobre el elemento: leo tiene un derecho sobre el elemento privado «case-1» que no lo incluye (no dice nada); hecho por el sistema el 2 de enero de 2026 a las 09:00 UTC, desde el 2 de enero de 2026 a las 09:00 UTC, sin fin. Se refiere a otras funciones.",
            ],
        ],
    );
    let asked = |resource: &Resource<'_>, language| {
        let told = why(&tenant, "leo", "port.berth.assign", "02-10", resource);
        told.long(language).lines().nth(1).map(ToOwned::to_owned)
    };
    let english = "Asked on 10 February 2026 at 09:00 UTC, of `port.berth.assign` on";
    let spanish =
        "Preguntado el 10 de febrero de 2026 a las 09:00 UTC, sobre `port.berth.assign` en";
    let line = |start: &str, record: &str| Some(format!("{start} {record}."));
    assert_eq!(
        asked(&item, Language::English),
        line(english, "the private item `case-1` at the root")
    );
    assert_eq!(
        asked(&item, Language::Spanish),
        line(spanish, "el elemento privado `case-1` en la raíz")
    );
    let nameless = Resource { item: None, ..item };
    assert_eq!(
        asked(&nameless, Language::English),
        line(english, "a private record without a key at the root")
    );
    assert_eq!(
        asked(&nameless, Language::Spanish),
        line(spanish, "un registro privado sin clave en la raíz")
    );
}
