//! The lint is exact: what is found to change nothing does, and what is not found does not.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the towns and their keys are known"
)]

mod exact;
mod kinds;
mod told;

use crate::explain::town_hall;
use bailiwick::FindingCode;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Tenant;

#[test]
fn the_town_hall_is_told_what_to_look_at() {
    let tenant = town_hall();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let lines: Vec<String> = tenant
        .as_of(at)
        .lint()
        .iter()
        .map(|finding| format!("{} at {}", finding.code, finding.entry))
        .collect();
    assert_eq!(
        lines,
        [
            "changes-nothing at grant user:ines finance @works",
            "dormant at assign user:carla permit-officer",
            "grant-around-revoke at grant user:ines finance @works",
            "high-without-end at assign user:ben permit-officer",
            "high-without-end at assign user:carla permit-officer",
            "high-without-end at assign user:omar access-officer",
            "high-without-end at grant group:staff finance.ledger",
            "high-without-end at grant user:ines finance",
            "high-without-end at grant user:ines finance @works",
            "lapsed at grant user:ana finance.funds.certify",
            "unused-scope at scope bridge",
        ]
    );
    let around = &tenant.as_of(at).lint()[2];
    assert_eq!(
        around.localized(Language::English),
        "it does not lift `revoke user:ines finance.funds.certify`: neither is more specific in both respects, so the revoke stands"
    );
    assert_eq!(
        around.localized(Language::Spanish),
        "no levanta `revoke user:ines finance.funds.certify`: ninguno es más específico en ambos aspectos, así que la revocación se mantiene"
    );
}

/// A small policy with one of each thing that is worth a second look.
const UNTIDY: &str = r#"
name = "Untidy"
seats = { full = 0 }
[[duty]]
key = "a.b.view"
seat = "full"
[[duty]]
key = "a.b.edit"
[[duty]]
key = "a.c.sign"
[[ladder]]
object = "a.b"
rungs = ["view", "edit"]
[[limit]]
key = "published-only"
on = ["a.b"]
requires = "published"
[[limit]]
key = "spare"
on = ["a"]
requires = "completed"
[[scope]]
key = "works"
[[group]]
key = "empty"
[[profile]]
key = "reader"
grants = ["a.b.view"]
[[profile]]
key = "reader-too"
grants = [{ on = "a.b", level = "view" }]
[[profile]]
key = "writer"
grants = ["a.b", { on = "a.b.view", reach = "associated" }]
[[profile]]
key = "visitor"
grants = ["a.c"]
limits = ["published-only"]
[[user]]
key = "ana"
[[user]]
key = "ben"
[[assign]]
holder = "user:ana"
profile = "writer"
[[assign]]
holder = "user:ana"
profile = "visitor"
[[revoke]]
holder = "user:ana"
on = "a.b.edit"
scope = "works"
[[level]]
holder = "user:ana"
on = "a.b"
to = "view"
[[grant]]
holder = "user:ana"
on = "a.b"
scope = "works"
[[revoke]]
holder = "everyone"
on = "a.c"
[[conflict]]
key = "both"
of = ["a.b", "a.c"]
"#;

#[test]
fn one_of_each() {
    let document = bailiwick::document::Document::from_toml(UNTIDY).unwrap();
    let tenant = Tenant::found(&document.policy).unwrap();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let lines: Vec<String> = tenant
        .as_of(at)
        .lint()
        .iter()
        .map(|finding| {
            let with = finding.with.join("; ");
            format!("{} at {} [{with}]", finding.code, finding.entry)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "changes-nothing at assign user:ana writer []",
            "changes-nothing at grant user:ana a.b @works []",
            "widens-narrowing at grant user:ana a.b @works [level user:ana a.b=view]",
            "both-reaches at profile writer [a.b.view]",
            "equal-profiles at profile reader [profile reader-too]",
            "contained-profile at profile reader [profile writer]",
            "contained-profile at profile reader-too [profile writer]",
            "limit-takes-away at user ana profile visitor [profile writer; limit published-only]",
            "user-with-nothing at user ben []",
            "unused-group at group empty []",
            "unused-limit at limit spare []",
            "unused-profile at profile reader []",
            "unused-profile at profile reader-too []",
            "seats-overdrawn at seats full [ana]",
            "standing-conflict at user ana conflict both [assign user:ana writer; grant user:ana a.b @works; level user:ana a.b=view; assign user:ana visitor]",
        ]
    );
}

/// A group's narrowing is widened only while its member is one, and both entries hold.
#[test]
fn a_membership_for_a_time_meets_what_holds_in_it() {
    let policy = |until: &str| {
        format!(
            r#"
            name = "Town"
            duty = [{{ key = "a.b.view" }}, {{ key = "a.b.edit" }}]
            ladder = [{{ object = "a.b", rungs = ["view", "edit"] }}]
            group = [{{ key = "clerks" }}]
            user = [{{ key = "ana" }}]
            level = [{{ holder = "group:clerks", on = "a.b", to = "view", until = "{until}" }}]
            grant = [{{ holder = "user:ana", on = "a.b" }}]"#
        )
    };
    let widens = |until: &str| {
        let document = bailiwick::document::Document::from_toml(&policy(until)).unwrap();
        let mut tenant = Tenant::found(&document.policy).unwrap();
        let at = "2026-02-01T09:00:00Z".parse().unwrap();
        let stamp = bailiwick::Stamp::new(at, bailiwick::Actor::System);
        let join =
            r#"{ "join": { "user": "ana", "group": "clerks", "from": "2026-03-01T00:00:00Z" } }"#;
        tenant
            .execute(&stamp, &serde_json::from_str(join).unwrap())
            .unwrap();
        let findings = tenant.as_of(at).lint();
        let widens = findings
            .iter()
            .filter(|finding| finding.code == FindingCode::WidensNarrowing);
        widens.count()
    };
    assert_eq!(widens("2026-03-01T00:00:00Z"), 0);
    assert_eq!(widens("2026-03-01T00:00:01Z"), 1);
}
