//! The lint is exact: what is found to change nothing does, and what is not found does not.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the towns and their keys are known"
)]

use crate::explain::town_hall;
use crate::laws::town::Record;
use crate::laws::town::Town;
use crate::laws::town::keys;
use crate::laws::town::tenant;
use bailiwick::Finding;
use bailiwick::FindingCode;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;

#[test]
fn the_town_hall_is_told_what_to_look_at() {
    let tenant = town_hall();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let lines: Vec<String> = tenant
        .as_of(at)
        .lint()
        .iter()
        .map(|finding| format!("{} at {}", finding.code, finding.place))
        .collect();
    assert_eq!(
        lines,
        [
            "changes-nothing at grant user:ines finance @works",
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
    let around = &tenant.as_of(at).lint()[1];
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
            format!("{} at {} [{with}]", finding.code, finding.place)
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

/// Whether two tenants answer alike from an instant on, everything that a check can be asked of some users.
fn alike(town: &Town, users: &[String], one: &Tenant, other: &Tenant, at: Timestamp) -> bool {
    let mut instants = vec![at];
    instants.extend(town.edges.iter().copied().filter(|edge| *edge > at));
    let mut scopes = vec![None];
    scopes.extend(town.scopes.iter().cloned().map(Some));
    let mut records = Vec::new();
    for scope in scopes {
        for associated in [false, true] {
            for qualifiers in [
                vec![],
                vec!["published"],
                vec!["completed"],
                vec!["signed"],
                vec!["published", "completed", "signed"],
            ] {
                for amount in [
                    None,
                    Some(0),
                    Some(49),
                    Some(50),
                    Some(51),
                    Some(100),
                    Some(101),
                    Some(1 << 53),
                ] {
                    records.push(Record {
                        scope: scope.clone(),
                        associated,
                        qualifiers: qualifiers.clone(),
                        amount: amount.and_then(Amount::new),
                        ..Record::default()
                    });
                }
                for item in ["case", "case-1", "case-12"] {
                    records.push(Record {
                        scope: scope.clone(),
                        qualifiers: qualifiers.clone(),
                        private: true,
                        item: Some(item),
                        ..Record::default()
                    });
                }
            }
        }
    }
    for at in instants {
        let (one, other) = (one.as_of(at), other.as_of(at));
        let conflicts = |tenant: bailiwick::AsOf<'_>| {
            let standing = tenant.conflicts();
            let pairs = standing.iter().map(|found| {
                (
                    found.user.to_string(),
                    found.conflict.to_string(),
                    found.paths.len(),
                )
            });
            pairs.collect::<Vec<_>>()
        };
        if conflicts(one) != conflicts(other) {
            return false;
        }
        for user in users {
            if one.seat(user).unwrap() != other.seat(user).unwrap() {
                return false;
            }
            for duty in &town.duties {
                for record in &records {
                    let check = |tenant: bailiwick::AsOf<'_>| {
                        tenant
                            .check(user, duty.as_str(), &record.resource())
                            .unwrap()
                            .denial()
                    };
                    if check(one) != check(other) {
                        return false;
                    }
                }
            }
        }
    }
    true
}

fn text(list: &str, row: &Value) -> String {
    let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("");
    let mut text = match list {
        "assign" => format!("assign {} {}", field("holder"), field("profile")),
        "level" => format!("level {} {}={}", field("holder"), field("on"), field("to")),
        "restrict" => format!("restrict {} {}", field("holder"), field("limit")),
        _ => format!("{list} {} {}", field("holder"), field("on")),
    };
    if row.get("scope").is_some() {
        text.push_str(" @");
        text.push_str(field("scope"));
    }
    text
}

#[test]
fn what_changes_nothing_is_found_and_nothing_else() {
    let (mut found, mut needed) = (0, 0);
    for seed in (0..1_200).filter(|seed| seed % 24 < 4) {
        let mut town = Town::new(seed);
        // A small catalog, everyone enabled, every module on, and someone new in every group.
        let mut document = town.document.clone();
        for module in document
            .get_mut("module")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            module["enabled"] = json!(true);
        }
        for user in document
            .get_mut("user")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            user["enabled"] = json!(true);
        }
        let users = document["user"].as_array_mut().unwrap();
        users.push(json!({ "key": "new" }));
        for group in keys(&town.document, "group") {
            users.push(json!({ "key": format!("new-{group}"), "groups": [group] }));
        }
        let whole = tenant(&document).unwrap();
        let at = town.instant();
        let findings = whole.as_of(at).lint();
        let is_found = |text: &str| {
            let changes_nothing = |finding: &&Finding| {
                matches!(
                    finding.code,
                    FindingCode::ChangesNothing | FindingCode::ShadowedRevoke
                )
            };
            findings
                .iter()
                .filter(changes_nothing)
                .any(|finding| finding.place == text)
        };
        let everyone = keys(&document, "user");
        for list in ["grant", "revoke", "level", "assign", "restrict"] {
            let rows = document[list].as_array().cloned().unwrap_or_default();
            for (n, row) in rows.iter().enumerate().take(5) {
                let own = text(list, row);
                let same = rows.iter().filter(|other| text(list, other) == own).count();
                let past = row.get("until").and_then(Value::as_str);
                if same > 1 || past.is_some_and(|until| until.parse::<Timestamp>().unwrap() <= at) {
                    continue;
                }
                let mut less = document.clone();
                less[list].as_array_mut().unwrap().remove(n);
                let less = tenant(&less).unwrap();
                let changes_nothing = alike(&town, &everyone, &whole, &less, at);
                assert_eq!(
                    is_found(&own),
                    changes_nothing,
                    "{own} at {at}\n{findings:#?}\nin {document}"
                );
                found += usize::from(changes_nothing);
                needed += usize::from(!changes_nothing);
            }
        }
    }
    assert!(found > 40 && needed > 40, "{found} found, {needed} needed");
}
