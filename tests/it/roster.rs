//! What there is in a tenant, listed: the rows that were stated, and what became of them.

use bailiwick::Actor;
use bailiwick::CampaignId;
use bailiwick::Command;
use bailiwick::RequestId;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

const POLICY: &str = r#"
    duty = [{ key = "works.lot.view" }, { key = "works.lot.edit" }, { key = "desk.ticket.file" }]
    scope = [{ key = "works" }, { key = "tower", parent = "works", label = { en = "Tower", es = "Torre" } }, { key = "yard" }]
    team = [{ key = "north" }, { key = "south" }]
    group = [{ key = "engineers" }, { key = "juniors", parent = "engineers" }]
    department = [{ key = "board", head = "ida" }, { key = "roads", head = "ana", parent = "board" }, { key = "parks" }]
    profile = [{ key = "foreman", grants = ["works"] }, { key = "guest", grants = ["works.lot.view"] }]
    user = [{ key = "ida" }, { key = "ana" }, { key = "ben", department = "roads" }, { key = "cleo" }]
"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn done(tenant: &mut Tenant, when: &str, by: &str, command: Value) {
    let command: Command = serde_json::from_value(command).unwrap();
    let stamp = Stamp::new(at(when), Actor::new(by).unwrap());
    tenant.execute(&stamp, &command).unwrap();
}

#[test]
fn rows_are_listed_as_they_were_stated() {
    let policy = Document::from_toml(POLICY).unwrap().policy;
    let tenant = Tenant::found(&policy).unwrap();
    let asked = tenant.as_of(at("2026-01-05T09:00:00Z"));
    assert_eq!(asked.scopes(), policy.scopes);
    assert_eq!(asked.teams(), policy.teams);
    assert_eq!(asked.groups(), policy.groups);
    assert_eq!(asked.departments(), policy.departments);
    assert!(asked.profiles().into_iter().eq(&policy.profiles));
    assert!(
        asked
            .duties()
            .into_iter()
            .eq(policy.duties.iter().map(|duty| &duty.key))
    );
    assert_eq!(asked.delegations(), []);
    assert_eq!((asked.requests(), asked.campaigns()), (vec![], vec![]));
}

#[test]
fn what_commands_make_is_listed_and_what_they_retire_is_not() {
    let mut tenant = Tenant::from_toml(POLICY).unwrap();
    let day = "2026-01-05T09:00:00Z";
    for (by, command) in [
        (
            "system",
            json!({ "add-scope": { "key": "shed", "parent": "yard" } }),
        ),
        ("system", json!({ "add-duty": { "key": "works.lot.void" } })),
        (
            "system",
            json!({ "retire-profile": { "profile": "guest" } }),
        ),
        (
            "system",
            json!({ "set-head": { "department": "parks", "head": "cleo" } }),
        ),
        ("system", json!({ "set-head": { "department": "board" } })),
        (
            "user:ben",
            json!({ "request": { "on": "works.lot.edit", "justification": "the tower" } }),
        ),
        (
            "user:ben",
            json!({ "request": { "on": "works.lot.view", "justification": "the yard" } }),
        ),
        ("user:ben", json!({ "withdraw": { "request": 1 } })),
        (
            "system",
            json!({ "open-campaign": { "name": "winter", "due": "2026-02-01T00:00:00Z" } }),
        ),
    ] {
        done(&mut tenant, day, by, command);
    }
    let asked = tenant.as_of(at(day));
    assert_eq!(asked.scopes().last().unwrap().key.as_str(), "shed");
    assert_eq!(asked.duties().last().unwrap().as_str(), "works.lot.void");
    let profiles = asked.profiles();
    assert_eq!(
        profiles
            .iter()
            .map(|row| row.key.as_str())
            .collect::<Vec<_>>(),
        ["foreman"]
    );
    let heads: Vec<_> = asked
        .departments()
        .into_iter()
        .map(|row| row.head.map(|head| head.to_string()))
        .collect();
    assert_eq!(
        heads,
        [None, Some("ana".to_owned()), Some("cleo".to_owned())]
    );
    // Both were made, though one was withdrawn.
    assert_eq!(asked.requests(), [RequestId(1), RequestId(2)]);
    assert_eq!(asked.campaigns(), [CampaignId(1)]);
    // A snapshot knows what decides about access, and neither requests nor reviews.
    let snapshot = tenant.snapshot(at(day), &SnapshotOptions::default());
    let access = snapshot.as_of(at(day)).directly();
    assert_eq!(access.departments(), asked.departments());
    assert_eq!(
        (access.requests(), access.campaigns(), access.delegations()),
        (vec![], vec![], vec![])
    );
}

#[test]
fn a_delegation_is_listed_until_it_ends_and_not_after_its_head() {
    let mut tenant = Tenant::from_toml(POLICY).unwrap();
    let (start, end) = ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    let delegate =
        json!({ "delegate": { "department": "roads", "to": "cleo", "from": start, "until": end } });
    done(
        &mut tenant,
        "2026-01-05T09:00:00Z",
        "user:ana",
        delegate.clone(),
    );
    let named: Command = serde_json::from_value(delegate).unwrap();
    let listed = |tenant: &Tenant, when: &str| {
        let all = tenant.as_of(at(when)).delegations();
        all.into_iter().map(Command::Delegate).collect::<Vec<_>>()
    };
    for (when, is_listed) in [
        ("2026-01-05T09:00:00Z", true),
        ("2026-02-28T23:59:59Z", true),
        (end, false),
    ] {
        let wanted: &[Command] = if is_listed {
            std::slice::from_ref(&named)
        } else {
            &[]
        };
        assert_eq!(listed(&tenant, when), wanted, "{when}");
    }
    done(
        &mut tenant,
        "2026-01-06T09:00:00Z",
        "system",
        json!({ "set-head": { "department": "roads", "head": "ida" } }),
    );
    assert_eq!(listed(&tenant, "2026-01-06T09:00:00Z"), []);
}
