//! Lists that somebody works through: what waits for whom and since when, and what stands in conflict by which paths.

use bailiwick::Command;
use bailiwick::RequestId;
use bailiwick::RequestState;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::small_town::founded;
use crate::small_town::walk::actor;

fn at(hour: &str) -> Timestamp {
    format!("2026-01-05T{hour}:00:00Z")
        .parse()
        .expect("an instant")
}

#[track_caller]
fn give(tenant: &mut Tenant, hour: &str, by: &str, command: Value) {
    let command: Command = serde_json::from_value(command).expect("a command");
    let done = tenant.execute(&Stamp::new(at(hour), actor(by)), &command);
    assert!(done.is_ok(), "{done:?}");
}

#[test]
fn what_waits_for_whom_and_since_when() {
    let mut tenant = founded();
    let ask = |on: &str| json!({ "request": { "on": on, "justification": "cover" } });
    give(&mut tenant, "09", "ana", ask("fin.po.view"));
    give(&mut tenant, "10", "ana", ask("fin.po"));
    give(
        &mut tenant,
        "11",
        "rob",
        json!({ "delegate": { "department": "roads", "to": "ivo" } }),
    );
    give(
        &mut tenant,
        "12",
        "ivo",
        json!({ "approve": { "request": 1 } }),
    );
    let list = |tenant: &Tenant, hour: &str| -> Vec<(RequestId, RequestState, String, Timestamp)> {
        let waiting = tenant.as_of(at(hour)).waiting();
        let row = |of: &bailiwick::Waiting<'_>| {
            let users: Vec<&str> = of.waits_for.iter().map(|user| user.as_str()).collect();
            (of.request, of.state, users.join(" "), of.since)
        };
        waiting.iter().map(row).collect()
    };
    // Ida alone had no part in the first; either of two may approve the second.
    let first = (
        RequestId(1),
        RequestState::Approved,
        "ida".to_owned(),
        at("12"),
    );
    let second = (
        RequestId(2),
        RequestState::Requested,
        "ivo rob".to_owned(),
        at("10"),
    );
    assert_eq!(list(&tenant, "13"), [first.clone(), second]);
    // With no head left all the way up, the second waits for nobody, and is listed as stuck.
    give(
        &mut tenant,
        "14",
        "system",
        json!({ "set-head": { "department": "roads" } }),
    );
    give(
        &mut tenant,
        "14",
        "system",
        json!({ "set-head": { "department": "city" } }),
    );
    let stuck = (
        RequestId(2),
        RequestState::Requested,
        String::new(),
        at("10"),
    );
    // The delegation has ended with the headship; Ivo approved, though, and in Rob's place.
    assert_eq!(list(&tenant, "15"), [first, stuck]);
    assert_eq!(tenant.as_of(at("15")).stuck(), [RequestId(2)]);
}

#[test]
fn private_items_are_listed_with_what_may_be_done_with_them() {
    let mut tenant = founded();
    let item = |item: &str, on: &[&str], more: Value| {
        let mut row = json!({ "user": "ana", "item": item, "on": on });
        for (key, value) in more.as_object().into_iter().flatten() {
            row[key] = value.clone();
        }
        json!({ "give-item": row })
    };
    let both = item(
        "case-2",
        &["fin.po.view", "adm"],
        json!({ "reason": "her case", "until": at("12") }),
    );
    give(&mut tenant, "09", "system", both);
    let later = item("case-1", &["fin"], json!({ "from": at("11") }));
    give(&mut tenant, "09", "system", later);
    let list = |hour: &str| -> Vec<String> {
        let rights = tenant.as_of(at(hour)).item_rights("ana").expect("known");
        rights
            .iter()
            .map(|row| {
                let on: Vec<&str> = row
                    .what
                    .on
                    .iter()
                    .map(bailiwick::TargetKey::as_str)
                    .collect();
                let reason = row.reason.map_or("-", |reason| reason.as_str());
                format!("{}: {}; {reason}", row.what.item, on.join(", "))
            })
            .collect()
    };
    let (first, second) = ("case-1: fin; -", "case-2: fin.po.view, adm; her case");
    assert_eq!(list("10"), [second]);
    assert_eq!(list("11"), [first, second]);
    assert_eq!(list("12"), [first]);
}

#[test]
fn standing_conflicts_are_listed_with_their_paths() {
    let mut tenant = founded();
    let until = "2026-01-05T12:00:00Z";
    give(
        &mut tenant,
        "09",
        "ida",
        json!({ "join": { "user": "ana", "group": "clerks" } }),
    );
    let except =
        json!({ "user": "ana", "conflict": "see-and-pay", "reason": "leave", "until": until });
    give(
        &mut tenant,
        "09",
        "ida",
        json!({ "except-conflict": except }),
    );
    give(
        &mut tenant,
        "10",
        "system",
        json!({ "add-scope": { "key": "bridge" } }),
    );
    let pay = json!({ "holder": "user:ana", "on": "fin.po.pay", "scope": "bridge" });
    give(&mut tenant, "10", "ida", json!({ "grant": pay }));
    // As long as the exception lasts nothing is listed; from its end on it is, by every path.
    assert_eq!(tenant.as_of(at("11")).conflicts(), []);
    let listed: Vec<String> = tenant
        .as_of(at("12"))
        .conflicts()
        .iter()
        .flat_map(|found| {
            let of = format!("{} {}", found.user, found.conflict);
            let path = move |(target, by): &(bailiwick::TargetKey, Vec<String>)| {
                format!("{of}: {target} by {}", by.join(", "))
            };
            found.paths.iter().map(path).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        listed,
        [
            "ana see-and-pay: fin.po.view by assign user:ana clerk, grant group:clerks fin.po.view",
            "ana see-and-pay: fin.po.pay by grant user:ana fin.po.pay @bridge",
        ]
    );
    // With one of the two gone it is over.
    let clear = json!({ "holder": "user:ana", "on": "fin.po.pay", "scope": "bridge" });
    give(&mut tenant, "13", "ida", json!({ "clear": clear }));
    assert_eq!(tenant.as_of(at("13")).conflicts(), []);
}
