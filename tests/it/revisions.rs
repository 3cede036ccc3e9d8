//! Two who change the same thing: whoever decided against an older state loses; and giving a command again does
//! nothing.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Name;
use bailiwick::Refusal;
use bailiwick::Stamp;
use bailiwick::Tenant;
use serde_json::Value;
use serde_json::json;

use crate::small_town::founded;
use crate::small_town::walk::actor;
use crate::small_town::walk::instant;
use crate::small_town::walk::written;

fn read(command: &Value) -> Command {
    serde_json::from_value(command.clone()).expect("a command")
}

#[track_caller]
fn give(tenant: &mut Tenant, by: &str, command: &Value) {
    let done = tenant.execute(&Stamp::new(instant(0), actor(by)), &read(command));
    assert!(done.is_ok(), "{by} {command}: {done:?}");
}

/// A command that was decided against a revision: what becomes of it.
fn against(tenant: &Tenant, revision: u64, by: &str, command: &Value) -> &'static str {
    let stamp = Stamp {
        revision: Some(revision),
        ..Stamp::new(instant(0), actor(by))
    };
    tenant
        .decide(&stamp, &read(command))
        .err()
        .map_or("ok", |refusal| refusal.code())
}

/// What is there first, what another does meanwhile, what is not touched by that, and what is.
struct Case {
    name: &'static str,
    first: Vec<(&'static str, Value)>,
    meanwhile: (&'static str, Value),
    beside: (&'static str, Value),
    late: (&'static str, Value),
}

fn cases() -> Vec<Case> {
    let grant = |holder: &str, on: &str| json!({ "grant": { "holder": holder, "on": on } });
    let ask =
        json!({ "request": { "beneficiary": "ana", "on": "fin.po", "justification": "cover" } });
    let open = json!({ "open-campaign": { "name": "spring", "due": "2026-02-01T00:00:00Z" } });
    let clerk = |grants: &[&str]| json!({ "define-profile": { "key": "clerk", "grants": grants } });
    vec![
        Case {
            name: "a user as holder",
            first: vec![],
            meanwhile: ("system", grant("user:ana", "adm.desk.run")),
            beside: ("system", grant("user:ivo", "adm.desk")),
            late: (
                "system",
                json!({ "clear": { "holder": "user:ana", "on": "adm.desk.run" } }),
            ),
        },
        Case {
            name: "what is known of a user",
            first: vec![],
            meanwhile: (
                "system",
                json!({ "set-name": { "user": "ana", "name": "Ana Ruiz" } }),
            ),
            beside: (
                "system",
                json!({ "set-name": { "user": "rob", "name": "Rob Sand" } }),
            ),
            late: (
                "system",
                json!({ "set-name": { "user": "ana", "name": "Ana Diaz" } }),
            ),
        },
        Case {
            name: "a group as holder",
            first: vec![],
            meanwhile: ("system", grant("group:clerks", "adm.desk.run")),
            beside: ("system", grant("user:ana", "adm.desk.run")),
            late: (
                "system",
                json!({ "join": { "user": "ana", "group": "clerks" } }),
            ),
        },
        Case {
            name: "everyone as holder",
            first: vec![],
            meanwhile: ("system", grant("everyone", "adm.desk.run")),
            beside: ("system", grant("group:clerks", "adm.desk.run")),
            late: ("system", grant("everyone", "fin.po")),
        },
        Case {
            name: "a profile that is defined anew",
            first: vec![],
            meanwhile: ("system", clerk(&["fin.po.view", "adm"])),
            beside: (
                "system",
                json!({ "define-profile": { "key": "porter", "grants": ["adm"] } }),
            ),
            late: ("system", clerk(&["fin.po.view"])),
        },
        Case {
            name: "a profile that is assigned",
            first: vec![],
            meanwhile: ("system", clerk(&["fin.po.view", "adm"])),
            beside: ("system", grant("user:ivo", "adm.desk")),
            late: (
                "system",
                json!({ "assign": { "holder": "user:ivo", "profile": "clerk" } }),
            ),
        },
        Case {
            name: "a request, by two deciders at once",
            first: vec![("rob", ask)],
            meanwhile: ("mayor", json!({ "approve": { "request": 1 } })),
            beside: (
                "rob",
                json!({ "request": { "on": "fin.po.pay", "justification": "cover" } }),
            ),
            late: ("mayor", json!({ "approve": { "request": 1 } })),
        },
        Case {
            name: "a campaign, by two reviewers at once",
            first: vec![("ida", open.clone()), ("ida", open)],
            meanwhile: (
                "mayor",
                json!({ "certify": { "campaign": 1, "user": "rob", "on": "adm" } }),
            ),
            beside: (
                "ida",
                json!({ "cancel-campaign": { "campaign": 2, "reason": "twice" } }),
            ),
            late: (
                "ida",
                json!({ "close-campaign": { "campaign": 1, "undecided": "revoke" } }),
            ),
        },
    ]
}

#[test]
fn whoever_decided_against_an_older_state_loses() {
    for case in cases() {
        let mut tenant = founded();
        for (by, command) in &case.first {
            give(&mut tenant, by, command);
        }
        let seen = tenant.revision();
        let (by, command) = &case.meanwhile;
        give(&mut tenant, by, command);
        let (by, command) = &case.late;
        assert_eq!(
            against(&tenant, seen, by, command),
            "stale-revision",
            "{}",
            case.name
        );
        assert_ne!(
            against(&tenant, tenant.revision(), by, command),
            "stale-revision",
            "{}",
            case.name
        );
        let (by, command) = &case.beside;
        assert_eq!(against(&tenant, seen, by, command), "ok", "{}", case.name);
    }
}

fn named(id: &str) -> Stamp {
    Stamp {
        id: Name::new(id).ok(),
        ..Stamp::new(instant(0), Actor::System)
    }
}

#[test]
fn giving_a_command_again_does_nothing_for_as_long_as_it_is_remembered() {
    let mut tenant = founded();
    tenant.remember_ids(2);
    let disable = read(&json!({ "disable": { "user": "ana" } }));
    tenant.execute(&named("first"), &disable).expect("disabled");
    let state = written(&tenant);
    let again = tenant.execute(&named("first"), &disable);
    assert_eq!(again, Err(Refusal::AlreadyDone { revision: 1 }));
    assert_eq!(written(&tenant), state);
    // Two later ids push the first out; the command is looked at anew.
    for (id, user) in [("second", "ivo"), ("third", "mayor")] {
        let command = read(&json!({ "disable": { "user": user } }));
        tenant.execute(&named(id), &command).expect("disabled");
    }
    assert_eq!(
        tenant.execute(&named("first"), &disable),
        Err(Refusal::AlreadyDisabled)
    );
    let third = tenant.execute(&named("third"), &disable);
    assert_eq!(third, Err(Refusal::AlreadyDone { revision: 3 }));
    // What is remembered is part of the state, so that a tenant that was stored remembers it too.
    let mut read_again: Tenant = serde_json::from_str(&written(&tenant)).expect("a state");
    let third = read_again.execute(&named("third"), &disable);
    assert_eq!(third, Err(Refusal::AlreadyDone { revision: 3 }));
    // Remembering none, every command is looked at.
    tenant.remember_ids(0);
    assert_eq!(
        tenant.execute(&named("third"), &disable),
        Err(Refusal::AlreadyDisabled)
    );
}

#[test]
fn a_thousand_and_twenty_four_ids_are_remembered_unless_told_otherwise() {
    let mut tenant = founded();
    let name = read(&json!({ "set-name": { "user": "ana", "name": "Ana" } }));
    for number in 0..1_025 {
        tenant
            .execute(&named(&format!("n{number}")), &name)
            .expect("named");
    }
    let last = tenant.execute(&named("n1"), &name);
    assert_eq!(last, Err(Refusal::AlreadyDone { revision: 2 }));
    assert!(tenant.execute(&named("n0"), &name).is_ok());
}
