//! The data that the library ships: complete, well formed, and as its sources have it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its data has failed"
)]

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use toml::Table;
use toml::Value;

const CIVIC: &str = include_str!("../../src/catalog/data/civic.toml");
const CIVIC_ADMINISTRATION: &str = include_str!("../../src/catalog/data/civic-administration.toml");
const CIVIC_PROFILES: &str = include_str!("../../src/catalog/data/civic-profiles.toml");
const CONSTRUCTION: &str = include_str!("../../src/catalog/data/construction.toml");
const CONSTRUCTION_PROFILES: &str =
    include_str!("../../src/catalog/data/construction-profiles.toml");
const CONSTRUCTION_ADMINISTRATION: &str =
    include_str!("../../src/catalog/data/construction-administration.toml");

fn read(text: &str) -> Table {
    text.parse().unwrap()
}

fn rows<'a>(document: &'a Table, list: &str) -> Vec<&'a Table> {
    let found = document.get(list).and_then(Value::as_array).into_iter();
    found.flatten().map(|row| row.as_table().unwrap()).collect()
}

fn text<'a>(row: &'a Table, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn texts<'a>(row: &'a Table, field: &str) -> Vec<&'a str> {
    let found = row.get(field).and_then(Value::as_array).into_iter();
    found
        .flatten()
        .map(|value| value.as_str().unwrap())
        .collect()
}

/// The duties by key.
fn duties(catalog: &Table) -> BTreeMap<&str, &Table> {
    rows(catalog, "duty")
        .into_iter()
        .map(|duty| (text(duty, "key"), duty))
        .collect()
}

fn is_key(word: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    word.len() <= 64 && word.starts_with(legal) && word.chars().all(|c| legal(c) || c == '-')
}

fn covers(target: &str, duty: &str) -> bool {
    target == "*"
        || duty
            .strip_prefix(target)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What a profile gives, exclusions left out.
fn given(catalog: &Table, profile: &Table) -> BTreeSet<String> {
    let known = duties(catalog);
    let mut given = BTreeSet::new();
    for grant in profile.get("grants").and_then(Value::as_array).unwrap() {
        let on = grant
            .as_str()
            .or_else(|| grant.get("on").and_then(Value::as_str))
            .unwrap();
        let found: Vec<String> = match grant.get("level").and_then(Value::as_str) {
            Some(level) => {
                let ladders = rows(catalog, "ladder");
                let ladder = ladders
                    .iter()
                    .find(|ladder| text(ladder, "object") == on)
                    .unwrap();
                let rungs = texts(ladder, "rungs");
                let top = rungs.iter().position(|rung| *rung == level).unwrap();
                rungs
                    .iter()
                    .take(top + 1)
                    .map(|rung| format!("{on}.{rung}"))
                    .collect()
            }
            None => known
                .keys()
                .filter(|duty| covers(on, duty))
                .map(|duty| (*duty).into())
                .collect(),
        };
        assert!(
            !found.is_empty(),
            "{}: `{on}` covers nothing",
            text(profile, "key")
        );
        given.extend(found);
    }
    for target in texts(profile, "except") {
        let before = given.len();
        given.retain(|duty| !covers(target, duty));
        assert!(
            given.len() < before,
            "{}: `{target}` excludes nothing",
            text(profile, "key")
        );
    }
    given
}

#[track_caller]
fn check_label(row: &Table) {
    check_languages(row.get("label").unwrap(), text(row, "key"));
}

#[track_caller]
fn check_languages(label: &Value, of: &str) {
    for language in ["en", "es"] {
        let words = label
            .get(language)
            .and_then(Value::as_str)
            .unwrap_or_default();
        assert!(
            !words.trim().is_empty(),
            "`{of}` has no label in `{language}`"
        );
    }
    assert_eq!(
        label.as_table().unwrap().len(),
        2,
        "`{of}` has a label in a third language"
    );
}

#[track_caller]
fn check_catalog(catalog: &Table) {
    let mut keys = BTreeSet::new();
    let mut modules = BTreeSet::new();
    for module in rows(catalog, "module") {
        assert!(
            is_key(text(module, "key")) && modules.insert(text(module, "key")),
            "{module}"
        );
        check_label(module);
    }
    for duty in rows(catalog, "duty") {
        let key = text(duty, "key");
        let parts: Vec<&str> = key.split('.').collect();
        assert!(
            parts.len() == 3 && parts.iter().all(|part| is_key(part)),
            "{key}"
        );
        assert!(
            parts.first().is_some_and(|module| modules.contains(module)),
            "{key}"
        );
        assert!(keys.insert(key), "{key} stands twice");
        assert!(
            ["low", "normal", "high"].contains(&text(duty, "sensitivity")),
            "{key}"
        );
        assert!(
            ["free", "full", "administrator"].contains(&text(duty, "seat")),
            "{key}"
        );
        check_label(duty);
    }
    for ladder in rows(catalog, "ladder") {
        let object = text(ladder, "object");
        let rungs = texts(ladder, "rungs");
        for rung in &rungs {
            assert!(
                keys.contains(&*format!("{object}.{rung}")),
                "{object}: `{rung}` is no duty"
            );
            check_languages(
                ladder
                    .get("labels")
                    .and_then(|labels| labels.get(*rung))
                    .unwrap(),
                object,
            );
        }
        assert_eq!(
            rungs.iter().collect::<BTreeSet<_>>().len(),
            rungs.len(),
            "{object}"
        );
    }
}

#[test]
fn the_civic_catalog_has_181_duties_in_two_languages() {
    let catalog = read(CIVIC);
    check_catalog(&catalog);
    assert_eq!(rows(&catalog, "duty").len(), 181);
    for ladder in rows(&catalog, "ladder") {
        assert_eq!(texts(ladder, "rungs"), ["view", "edit", "admin"]);
    }
    let known = duties(&catalog);
    for (key, sensitivity, seat) in [
        ("finance.funds.certify", "high", "full"),
        ("finance.ledger.view", "low", "free"),
        ("finance.invoice.void", "high", "full"),
        ("finance.order.approve", "high", "full"),
        ("it-management.grants.manage", "high", "administrator"),
        ("it-helpdesk.tickets.file", "low", "free"),
        ("it-helpdesk.queue.work", "high", "full"),
        ("it-helpdesk.tickets.reopen", "high", "full"),
    ] {
        let duty = known.get(key).unwrap();
        assert_eq!(
            (text(duty, "sensitivity"), text(duty, "seat")),
            (sensitivity, seat),
            "{key}"
        );
    }
}

/// Every duty of the civic catalog in its order, with its sensitivity and its seat.
const CIVIC_DUTIES: &str = include_str!("civic-duties.txt");

#[test]
fn a_civic_duty_keeps_its_key_its_place_and_its_sensitivity() {
    let catalog = read(CIVIC);
    let found: Vec<String> = rows(&catalog, "duty")
        .into_iter()
        .map(|duty| {
            ["key", "sensitivity", "seat"]
                .map(|field| text(duty, field))
                .join(" ")
        })
        .collect();
    assert_eq!(found, CIVIC_DUTIES.lines().collect::<Vec<_>>());
}

/// The duties that a line of an administration table names.
fn any_of(line: &Value) -> Vec<&str> {
    match line {
        Value::Array(duties) => duties.iter().map(|duty| duty.as_str().unwrap()).collect(),
        duty => vec![duty.as_str().unwrap()],
    }
}

#[test]
fn administration_names_duties() {
    for (administration, catalog) in [
        (CIVIC_ADMINISTRATION, CIVIC),
        (CONSTRUCTION_ADMINISTRATION, CONSTRUCTION),
    ] {
        let catalog = read(catalog);
        let known = duties(&catalog);
        let administration = read(administration);
        let table = administration
            .get("administration")
            .and_then(Value::as_table)
            .unwrap();
        for (command, line) in table {
            let duties = any_of(line);
            assert!(!duties.is_empty(), "{command}");
            for duty in duties {
                assert!(known.contains_key(duty), "{command}");
            }
        }
        for command in [
            "add-user",
            "offboard",
            "define-profile",
            "assign",
            "grant",
            "provision",
            "open-campaign",
        ] {
            assert!(table.contains_key(command), "{command} is left to the host");
        }
        for role in [
            "request",
            "approve",
            "deny",
            "withdraw",
            "delegate",
            "certify",
            "revoke-item",
        ] {
            assert!(
                !table.contains_key(role),
                "{role} belongs to a role, not to a duty"
            );
        }
    }
    let desk = read(CIVIC_ADMINISTRATION);
    let desk = desk.get("helpdesk").and_then(Value::as_table).unwrap();
    assert_eq!(
        ["file", "work", "reopen"].map(|step| text(desk, step)),
        [
            "it-helpdesk.tickets.file",
            "it-helpdesk.queue.work",
            "it-helpdesk.tickets.reopen"
        ],
    );
}

#[test]
fn every_duty_that_manages_access_is_used_by_a_command() {
    let catalog = read(CIVIC);
    let administration = read(CIVIC_ADMINISTRATION);
    let table = administration
        .get("administration")
        .and_then(Value::as_table)
        .unwrap();
    let used: BTreeSet<&str> = table.values().flat_map(any_of).collect();
    let managing = duties(&catalog)
        .into_keys()
        .filter(|duty| covers("it-management", duty));
    let unused: Vec<&str> = managing
        .filter(|duty| duty.rsplit('.').next() != Some("view") && !used.contains(duty))
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn no_profile_breaks_a_conflict_by_itself() {
    let catalog = read(CIVIC);
    let known = duties(&catalog);
    let fragment = read(CIVIC_PROFILES);
    let profiles = rows(&fragment, "profile");
    let conflicts = rows(&fragment, "conflict");
    assert!(profiles.len() >= 12);
    let mut keys = BTreeSet::new();
    for conflict in &conflicts {
        check_label(conflict);
        assert!(keys.insert(text(conflict, "key")), "{conflict}");
        assert!(
            texts(conflict, "of")
                .iter()
                .all(|target| known.contains_key(target)),
            "{conflict}"
        );
    }
    for profile in &profiles {
        check_label(profile);
        assert!(keys.insert(text(profile, "key")), "{profile}");
        let given = given(&catalog, profile);
        for conflict in &conflicts {
            let held = texts(conflict, "of")
                .iter()
                .filter(|duty| given.contains(**duty))
                .count();
            assert!(
                held <= 1,
                "{} breaks {}",
                text(profile, "key"),
                text(conflict, "key")
            );
        }
        for (duty, _) in profile
            .get("ceilings")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            assert!(
                given.contains(duty),
                "{}: a ceiling on what it does not give",
                text(profile, "key")
            );
        }
    }
}

/// The Client role's boxes, register by register, and whether View is ticked.
const REGISTERS: [(&str, bool); 56] = [
    ("dashboard", false),
    ("notification", true),
    ("lot", true),
    ("lot-review", false),
    ("ncr", true),
    ("test", true),
    ("checklist", true),
    ("approval", true),
    ("quantity", true),
    ("itp", true),
    ("photo", false),
    ("filestore", false),
    ("contact", false),
    ("unit", false),
    ("tag", false),
    ("atp", false),
    ("survey", true),
    ("punch-list", true),
    ("variation", false),
    ("progress-claim", false),
    ("document", false),
    ("contract-notice", false),
    ("site-diary", false),
    ("instruction", false),
    ("incident", false),
    ("risk", false),
    ("daycost", false),
    ("invoice", false),
    ("purchase-order", false),
    ("receipt", false),
    ("forecast", false),
    ("work-type", false),
    ("area-code", false),
    ("control-line", true),
    ("test-method", false),
    ("test-property", false),
    ("lot-map-definition", false),
    ("lot-review-status", false),
    ("schedule-item", false),
    ("supplier-link", false),
    ("resource", false),
    ("cost-code", false),
    ("custom-register", false),
    ("custom-reports", false),
    ("project-administration", false),
    ("notification-template", false),
    ("contract-notice-template", false),
    ("workflow", false),
    ("master-supplier", false),
    ("subcontractor-management", false),
    ("group", false),
    ("teambinder", false),
    ("plan", true),
    ("plan-snapshot", true),
    ("coordinates", true),
    ("plan-feature", false),
];

/// The authorities, and whether the Client role ticks them.
const AUTHORITIES: [(&str, bool); 17] = [
    ("lot.authority.conform", false),
    ("lot.authority.guarantee", false),
    ("ncr.authority.publish", false),
    ("approval.authority.publish", false),
    ("itp.authority.collaborate", false),
    ("itp.authority.approve-internal", false),
    ("checklist.authority.check", false),
    ("checklist.authority.verify", false),
    ("checklist.authority.approve-internal", false),
    ("approval.hpwp.collaborate", true),
    ("approval.ncr.collaborate", true),
    ("approval.independent.collaborate", true),
    ("approval.authority.view-private", false),
    ("test.authority.collaborate", false),
    ("survey.authority.collaborate", false),
    ("contract-notice.authority.collaborate", true),
    ("lot-review.authority.collaborate", false),
];

#[test]
fn the_construction_catalog_has_56_registers_of_four_duties() {
    let catalog = read(CONSTRUCTION);
    check_catalog(&catalog);
    assert!(rows(&catalog, "ladder").is_empty());
    let modules: Vec<&str> = rows(&catalog, "module")
        .into_iter()
        .map(|module| text(module, "key"))
        .collect();
    assert_eq!(modules, REGISTERS.map(|(register, _)| register));
    let known = duties(&catalog);
    for (register, _) in REGISTERS {
        for (action, seat) in [
            ("view", "free"),
            ("add", "full"),
            ("edit", "full"),
            ("admin", "administrator"),
        ] {
            let duty = known
                .get(&*format!("{register}.register.{action}"))
                .unwrap();
            assert_eq!(text(duty, "seat"), seat, "{register}.register.{action}");
        }
    }
    for (authority, _) in AUTHORITIES {
        assert_eq!(
            text(known.get(authority).unwrap(), "seat"),
            "free",
            "{authority}"
        );
    }
    // Besides the two tables only what a ceiling on purchase orders is about.
    assert!(known.contains_key("purchase-order.authority.approve"));
    assert_eq!(known.len(), 56 * 4 + 17 + 1);
}

#[test]
fn the_client_profile_is_the_default_role_tick_by_tick() {
    let fragment = read(CONSTRUCTION_PROFILES);
    let profiles = rows(&fragment, "profile");
    let client = profiles
        .into_iter()
        .find(|profile| text(profile, "key") == "client")
        .unwrap();
    let grants: BTreeMap<String, String> = client
        .get("grants")
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .map(|grant| match grant.as_table() {
            Some(grant) => (text(grant, "on").into(), text(grant, "reach").into()),
            None => (grant.as_str().unwrap().into(), "all".into()),
        })
        .collect();
    let viewed = REGISTERS.iter().filter(|(_, ticked)| *ticked);
    let viewed = viewed.map(|(register, _)| (format!("{register}.register.view"), "all".into()));
    let trusted = AUTHORITIES.iter().filter(|(_, ticked)| *ticked);
    let trusted = trusted.map(|(authority, _)| ((*authority).into(), "associated".into()));
    assert_eq!(grants, viewed.chain(trusted).collect());
    assert_eq!(texts(client, "limits"), ["ncr-published", "test-completed"]);
}

#[test]
fn limits_cover_a_register_and_the_authority_over_it() {
    let catalog = read(CONSTRUCTION);
    let known = duties(&catalog);
    let limits: Vec<(&str, &str, Vec<&str>)> = rows(&catalog, "limit")
        .into_iter()
        .map(|limit| {
            check_label(limit);
            let on = texts(limit, "on");
            let covered = known
                .keys()
                .filter(|duty| on.iter().any(|target| covers(target, duty)));
            (
                text(limit, "key"),
                text(limit, "requires"),
                covered.copied().collect(),
            )
        })
        .collect();
    let wanted = [
        (
            "ncr-published",
            "published",
            "ncr",
            vec!["approval.ncr.collaborate", "ncr.authority.publish"],
        ),
        (
            "test-completed",
            "completed",
            "test",
            vec!["test.authority.collaborate"],
        ),
        (
            "survey-completed",
            "completed",
            "survey",
            vec!["survey.authority.collaborate"],
        ),
    ];
    assert_eq!(limits.len(), wanted.len());
    for (limit, (key, requires, register, authorities)) in limits.into_iter().zip(wanted) {
        let duties =
            ["add", "admin", "edit", "view"].map(|action| format!("{register}.register.{action}"));
        let covered = authorities
            .into_iter()
            .chain(duties.iter().map(String::as_str))
            .collect();
        assert_eq!(limit, (key, requires, covered));
    }
}
