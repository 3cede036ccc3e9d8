//! A campaign as an auditor reads it: who has come how far, what was decided, what came in meanwhile, what is left.

use bailiwick::Actor;
use bailiwick::CampaignId;
use bailiwick::CampaignReport;
use bailiwick::CampaignState;
use bailiwick::Command;
use bailiwick::HolderKey;
use bailiwick::ItemState;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

use crate::small_town::founded;
use crate::small_town::walk::actor;

const SPRING: CampaignId = CampaignId(1);

fn at(day: &str) -> Timestamp {
    format!("2026-01-{day}T09:00:00Z")
        .parse()
        .expect("an instant")
}

#[track_caller]
fn give(tenant: &mut Tenant, day: &str, by: &str, command: Value) {
    let command: Command = serde_json::from_value(command).expect("a command");
    let done = tenant.execute(&Stamp::new(at(day), actor(by)), &command);
    assert!(done.is_ok(), "{done:?}");
}

/// Opened on the fifth over everything of Ana and Rob, reviewed by the heads.
fn opened() -> Tenant {
    let mut tenant = founded();
    give(
        &mut tenant,
        "04",
        "system",
        json!({ "join": { "user": "ana", "group": "clerks" } }),
    );
    let select = json!({ "users": ["ana", "rob", "ida"] });
    let open = json!({ "open-campaign": { "name": "spring", "due": "2026-01-20T00:00:00Z", "select": select } });
    give(&mut tenant, "05", "ida", open);
    tenant
}

fn report(tenant: &Tenant, day: &str) -> CampaignReport {
    tenant
        .as_of(at(day))
        .campaign_report(SPRING)
        .expect("a campaign")
}

fn progress(report: &CampaignReport) -> Vec<String> {
    let told = report.reviewers.iter().map(|of| {
        format!(
            "{} {} {} {}",
            of.reviewer, of.pending, of.certified, of.revoked
        )
    });
    told.collect()
}

#[test]
fn each_reviewer_has_come_so_far() {
    let mut tenant = opened();
    // Ana's two wait for Rob, Rob's own for the mayor, Ida's own for the host: she opened it.
    assert_eq!(
        progress(&report(&tenant, "05")),
        ["system 1 0 0", "user:mayor 1 0 0", "user:rob 2 0 0"]
    );
    let waits = |reviewer: &str| -> Vec<String> {
        let waiting = tenant.as_of(at("05")).reviews(SPRING, &actor(reviewer));
        let holders = waiting.expect("a campaign");
        holders.iter().map(HolderKey::to_string).collect()
    };
    assert_eq!(waits("rob"), ["user:ana"]);
    assert_eq!(waits("mayor"), ["user:rob"]);
    assert_eq!(waits("system"), ["user:ida"]);
    assert_eq!(waits("ida"), [""; 0]);
    let clerk = json!({ "campaign": 1, "user": "ana", "profile": "clerk" });
    give(&mut tenant, "06", "rob", json!({ "certify": clerk }));
    let clerks = json!({ "campaign": 1, "user": "ana", "group": "clerks", "note": "not needed" });
    give(&mut tenant, "07", "rob", json!({ "revoke-item": clerks }));
    assert_eq!(
        progress(&report(&tenant, "07")),
        ["system 1 0 0", "user:mayor 1 0 0", "user:rob 0 1 1"]
    );
    // Closed with revocation: whoever closed it decided the rest.
    let close = json!({ "close-campaign": { "campaign": 1, "undecided": "revoke" } });
    give(&mut tenant, "21", "ivo", close);
    assert_eq!(
        progress(&report(&tenant, "21")),
        ["user:ivo 0 0 2", "user:rob 0 1 1"]
    );
}

#[test]
fn the_report_lists_what_came_in_meanwhile_and_is_one_value() {
    let mut tenant = opened();
    let grant = |holder: &str, until: &str| json!({ "grant": { "holder": holder, "on": "fin.po.view", "until": until } });
    give(
        &mut tenant,
        "06",
        "ida",
        grant("user:ana", "2026-01-10T00:00:00Z"),
    );
    give(
        &mut tenant,
        "06",
        "ida",
        grant("user:mayor", "2026-02-10T00:00:00Z"),
    );
    give(
        &mut tenant,
        "07",
        "ida",
        json!({ "assign": { "holder": "user:rob", "profile": "clerk" } }),
    );
    let close = json!({ "close-campaign": { "campaign": 1, "undecided": "revoke" } });
    give(&mut tenant, "21", "ivo", close);
    let closing = report(&tenant, "21");
    assert_eq!(closing.progress.state, CampaignState::Closed);
    assert_eq!((closing.progress.pending, closing.items.len()), (0, 4));
    assert!(
        closing
            .items
            .iter()
            .all(|item| item.state == ItemState::Revoked && item.decided.is_some())
    );
    // What had ended by then was given all the same; the mayor was not selected.
    let given: Vec<String> = closing
        .granted_since
        .iter()
        .map(|given| format!("{} by {}", given.what.of(&given.holder), given.by))
        .collect();
    assert_eq!(
        given,
        [
            "grant user:ana fin.po.view by user:ida",
            "assign user:rob clerk by user:ida"
        ]
    );
    // Nothing that happens later changes it.
    give(
        &mut tenant,
        "22",
        "ivo",
        json!({ "grant": { "holder": "user:ana", "on": "adm.desk.run" } }),
    );
    assert_eq!(report(&tenant, "25"), closing);
    let text = serde_json::to_string_pretty(&closing).expect("a value");
    assert_eq!(
        serde_json::from_str::<CampaignReport>(&text).expect("the value"),
        closing
    );
}

#[test]
fn what_came_in_is_listed_though_another_campaign_has_certified_it() {
    let mut tenant = founded();
    let open = |select: Value| json!({ "open-campaign": { "name": "spring", "due": "2026-01-20T00:00:00Z", "select": select } });
    let stale = json!({ "users": ["ana"], "not-certified-since": at("04") });
    give(&mut tenant, "05", "ida", open(stale));
    let grant =
        json!({ "grant": { "holder": "user:ana", "on": "fin.po.view", "until": at("28") } });
    give(&mut tenant, "06", "ida", grant);
    give(&mut tenant, "07", "ida", open(json!({ "users": ["ana"] })));
    let certify = json!({ "certify": { "campaign": 2, "user": "ana", "on": "fin.po.view" } });
    give(&mut tenant, "08", "rob", certify);
    let given: Vec<String> = report(&tenant, "09")
        .granted_since
        .iter()
        .map(|given| given.what.of(&given.holder))
        .collect();
    assert_eq!(given, ["grant user:ana fin.po.view"]);
}

#[test]
fn what_is_left_when_one_path_is_gone_is_what_still_gives() {
    let policy = json!({
        "name": "Rio Seco",
        "duty": [{ "key": "fin.po.view" }, { "key": "fin.po.pay" }, { "key": "adm.desk.run" }],
        "group": [{ "key": "clerks" }, { "key": "juniors", "parent": "clerks" }],
        "scope": [{ "key": "bridge" }],
        "user": [{ "key": "ana", "groups": ["juniors"] }],
        "grant": [
            { "holder": "group:clerks", "on": "fin" },
            { "holder": "user:ana", "on": "fin.po" },
            { "holder": "user:ana", "on": "fin.po.view" },
            { "holder": "user:ana", "on": "fin.po.view", "scope": "bridge" },
        ],
        "revoke": [{ "holder": "group:juniors", "on": "fin.po.view" }],
    });
    let document = Document::from_json(&policy.to_string()).expect("a policy");
    let tenant = Tenant::found(&document.policy).expect("a tenant");
    let still = |targets: &[&str]| -> Vec<String> {
        let targets: Vec<_> = targets
            .iter()
            .map(|key| key.parse().expect("a key"))
            .collect();
        let ana = "ana".parse().expect("a key");
        let held = tenant.as_of(at("05")).still_held(&ana, &targets);
        let held = held.expect("known keys");
        held.iter()
            .map(|(duty, by)| format!("{duty} by {}", by.join(", ")))
            .collect()
    };
    // Neither the revoke nor what is overridden gives it; what another layer replaces would, were that one gone.
    let view = "fin.po.view by grant group:clerks fin, grant user:ana fin.po.view, grant user:ana fin.po.view @bridge";
    assert_eq!(still(&["fin.po.view"]), [view]);
    assert_eq!(
        still(&["fin", "adm"]),
        [
            view,
            "fin.po.pay by grant group:clerks fin, grant user:ana fin.po"
        ]
    );
    assert_eq!(still(&["adm"]), [""; 0]);
}

#[test]
fn an_entry_says_when_it_was_last_certified() {
    let mut tenant = opened();
    let clerk = json!({ "certify": { "campaign": 1, "user": "ana", "profile": "clerk" } });
    give(&mut tenant, "06", "rob", clerk);
    let current = tenant
        .as_of(at("07"))
        .current("ana")
        .expect("known")
        .profiles;
    assert_eq!(
        current.first().and_then(|row| row.certified),
        Some(at("06"))
    );
    let why = tenant
        .as_of(at("07"))
        .explain("ana", "fin.po.view", &bailiwick::Resource::default());
    let why = why.expect("known keys");
    let said = why
        .prevailing()
        .next()
        .and_then(|said| said.provenance.as_ref());
    let rob = Actor::new("user:rob").expect("an actor");
    assert_eq!(
        said.and_then(|from| from.certified.clone()),
        Some((at("06"), rob))
    );
}

#[test]
fn what_was_left_is_reviewed_again() {
    let mut tenant = opened();
    let clerk = json!({ "certify": { "campaign": 1, "user": "ana", "profile": "clerk" } });
    give(&mut tenant, "06", "rob", clerk);
    let rob = json!({ "revoke-item": { "campaign": 1, "user": "rob", "on": "adm" } });
    give(&mut tenant, "07", "mayor", rob);
    give(
        &mut tenant,
        "08",
        "ida",
        json!({ "cancel-campaign": { "campaign": 1, "reason": "too soon" } }),
    );
    // Once it has ended nothing waits for anybody, decided or not.
    assert_eq!(
        progress(&report(&tenant, "08")),
        ["user:mayor 0 0 1", "user:rob 0 1 0"]
    );
    let again = tenant
        .as_of(at("09"))
        .campaign_again(SPRING, at("28"))
        .expect("a campaign");
    let stamp = Stamp::new(at("09"), actor("ida"));
    tenant
        .execute(&stamp, &Command::OpenCampaign(again))
        .expect("opened");
    let second = tenant
        .as_of(at("09"))
        .campaign_report(CampaignId(2))
        .expect("a campaign");
    let left: Vec<String> = second
        .items
        .iter()
        .map(|item| item.what.of(&item.holder))
        .collect();
    assert_eq!(left, ["member user:ana clerks", "grant user:ida adm"]);
    assert_eq!((second.name.as_str(), second.due), ("spring", at("28")));
}

#[test]
fn every_item_gives_the_verdict_on_itself() {
    let policy = json!({
        "duty": [{ "key": "roads.lot.view" }, { "key": "roads.lot.edit" }, { "key": "roads.plan.view" }],
        "ladder": [{ "object": "roads.lot", "rungs": ["view", "edit"] }],
        "scope": [{ "key": "bridge" }],
        "profile": [{ "key": "clerk", "grants": ["roads.plan"] }],
        "group": [{ "key": "clerks" }],
        "user": [{ "key": "ana", "groups": ["clerks"] }],
        "grant": [
            { "holder": "user:ana", "on": "roads.plan.view", "scope": "bridge" },
            { "holder": "user:ana", "on": "roads.plan.view" },
            { "holder": "group:clerks", "on": "roads", "reach": "associated" },
        ],
        "revoke": [{ "holder": "user:ana", "on": "roads.plan", "scope": "bridge" }],
        "level": [{ "holder": "user:ana", "on": "roads.lot", "to": "view" }],
        "assign": [
            { "holder": "user:ana", "profile": "clerk", "scope": "bridge" },
            { "holder": "group:clerks", "profile": "clerk" },
        ],
    });
    let mut tenant = Tenant::from_json(&policy.to_string()).expect("a policy");
    let open = json!({ "open-campaign": { "name": "spring", "due": "2026-01-20T00:00:00Z",
        "select": { "users": ["ana"], "groups": ["clerks"] } } });
    let open: Command = serde_json::from_value(open).expect("a command");
    let stamp = Stamp::new(at("05"), Actor::System);
    let event = tenant.execute(&stamp, &open).expect("a campaign");
    assert_eq!(event.campaign(), Some(SPRING));
    let items = report(&tenant, "05").items;
    let kinds: std::collections::BTreeSet<_> = items
        .iter()
        .map(|item| std::mem::discriminant(&item.what))
        .map(|kind| format!("{kind:?}"))
        .collect();
    assert!(items.len() >= 7 && kinds.len() >= 4, "{items:?}");
    for (done, item) in items.iter().enumerate() {
        let certify = Command::Certify(item.verdict(SPRING));
        let event = tenant.execute(&stamp, &certify);
        assert_eq!(event.map(|event| event.campaign()), Ok(None), "{item:?}");
        let decided = report(&tenant, "05").items;
        let other = |number: usize| decided[number].state == ItemState::Certified;
        assert!((0..items.len()).all(|number| other(number) == (number <= done)));
    }
}
