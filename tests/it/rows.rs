//! What a snapshot compiles: which rows its users share, and until when these hold.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::HashKey;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

/// A list of a policy, and one row of it.
type Row = (&'static str, Value);

fn at() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// So many hours after that.
fn hours(later: i64) -> Timestamp {
    Timestamp::from_unix(at().as_unix() + later * 3_600).unwrap()
}

fn options() -> SnapshotOptions {
    SnapshotOptions {
        hash_key: Some(HashKey::new(*b"a key of a host!")),
    }
}

/// Six users without access, one of them disabled, and what there is to have; then more rows of a policy.
fn town(more: &[Row]) -> Tenant {
    let keys = |letter: &str, count: u32| -> Vec<Value> {
        (0..count)
            .map(|n| json!({ "key": format!("{letter}{n}") }))
            .collect()
    };
    let duties = ["a", "b", "c"].map(|action| json!({ "key": format!("office.desk.{action}") }));
    let mut policy = json!({
        "name": "Rio Vista",
        "duty": duties,
        "scope": keys("s", 70),
        "group": [{ "key": "top" }, { "key": "sub", "parent": "top" }, { "key": "other" }],
        "limit": [{ "key": "open-only", "on": ["office"], "requires": "open" }],
        "profile": [
            { "key": "clerk", "grants": ["office.desk.a"] },
            { "key": "head", "grants": ["office.desk.b"] },
        ],
        "user": keys("u", 6),
    });
    policy["user"][5]["enabled"] = json!(false);
    for (list, row) in more {
        if policy.get(*list).is_none() {
            policy[*list] = json!([]);
        }
        policy[*list].as_array_mut().unwrap().push(row.clone());
    }
    let document = Document::from_json(&policy.to_string()).unwrap();
    Tenant::found(&document.policy).unwrap()
}

fn run(tenant: &mut Tenant, at: Timestamp, command: &Value) -> Event {
    let command: Command = serde_json::from_value(command.clone()).unwrap();
    tenant
        .execute(&Stamp::new(at, Actor::System), &command)
        .unwrap()
}

/// That it answers as the rule does, in some scopes.
#[track_caller]
fn right(snapshot: &Snapshot, tenant: &Tenant, at: Timestamp, what: &str) {
    let (asked, rule) = (snapshot.as_of(at), tenant.as_of(at));
    for user in rule.users() {
        for scope in [None, Some("s0"), Some("s1"), Some("s63"), Some("s64")] {
            for duty in ["office.desk.a", "office.desk.b", "office.desk.c"] {
                let resource = Resource {
                    scope: scope.map(Into::into),
                    ..Resource::default()
                };
                assert_eq!(
                    asked.check(user.as_str(), duty, &resource),
                    rule.check(user.as_str(), duty, &resource),
                    "{what}: {user} {duty} in {scope:?} at {at}"
                );
            }
        }
    }
}

fn grant(user: &str, scope: Option<&str>) -> Row {
    let mut row = json!({ "holder": user, "on": "office.desk.c" });
    if let Some(scope) = scope {
        row["scope"] = json!(scope);
    }
    ("grant", row)
}

fn assign(user: &str, profile: &str) -> Row {
    ("assign", json!({ "holder": user, "profile": profile }))
}

fn with(row: Row, field: &str, value: &str) -> Row {
    let (list, mut row) = row;
    row[field] = json!(value);
    (list, row)
}

/// The row of a class counts whether or not somebody has it: who has entries of their own has them over it.
#[test]
fn users_with_the_same_share_their_rows() {
    const USERS: [&str; 5] = ["user:u0", "user:u1", "user:u2", "user:u3", "user:u4"];
    let soon = hours(1).to_string();
    let all =
        |row: &dyn Fn(&str) -> Row| -> Vec<_> { USERS.iter().map(|user| row(user)).collect() };
    let each_scope = |count: usize| -> Vec<_> {
        (0..count)
            .map(|n| with(assign("user:u0", "clerk"), "scope", &format!("s{n}")))
            .collect()
    };
    // The disabled user has one, and those who have nothing.
    let rows: [(&str, Vec<Row>, usize); 15] = [
        ("nothing", vec![], 2),
        ("one profile", vec![assign("user:u0", "clerk")], 3),
        ("the same profile", all(&|user| assign(user, "clerk")), 2),
        (
            "two profiles, in two orders",
            vec![
                assign("user:u0", "clerk"),
                assign("user:u0", "head"),
                assign("user:u1", "head"),
                assign("user:u1", "clerk"),
                assign("user:u2", "head"),
            ],
            4,
        ),
        ("the same entry", all(&|user| grant(user, None)), 2 + 5),
        (
            "a profile until the same instant",
            all(&|user| with(assign(user, "clerk"), "until", &soon)),
            3,
        ),
        (
            "a profile until two instants and for ever",
            vec![
                with(assign("user:u0", "clerk"), "until", &soon),
                with(assign("user:u1", "clerk"), "until", &soon),
                with(assign("user:u2", "clerk"), "until", &hours(2).to_string()),
                assign("user:u3", "clerk"),
                assign("user:u4", "clerk"),
            ],
            1 + 3,
        ),
        (
            "a profile in a scope",
            all(&|user| with(assign(user, "clerk"), "scope", "s1")),
            2 + 2,
        ),
        (
            "a profile in either of two scopes",
            vec![
                with(assign("user:u0", "clerk"), "scope", "s0"),
                with(assign("user:u1", "clerk"), "scope", "s1"),
                with(assign("user:u2", "clerk"), "scope", "s1"),
            ],
            2 + 1 + 2,
        ),
        (
            "an entry in a scope",
            vec![grant("user:u0", Some("s1")), grant("user:u1", Some("s1"))],
            2 + 2 * 2,
        ),
        (
            "an entry in a scope and a profile in another",
            vec![
                grant("user:u0", Some("s1")),
                with(assign("user:u0", "clerk"), "scope", "s0"),
            ],
            2 + 1 + 2,
        ),
        (
            "a limit in a scope and a profile in another",
            vec![
                (
                    "restrict",
                    json!({ "holder": "user:u0", "limit": "open-only", "scope": "s1" }),
                ),
                with(assign("user:u0", "clerk"), "scope", "s0"),
            ],
            2 + 1 + 2,
        ),
        (
            "everyone's entry in a scope",
            vec![grant("everyone", Some("s1"))],
            // At the root the class, and what leads from it; and the class in that scope.
            2 + 2,
        ),
        ("as many scopes as are compiled", each_scope(64), 2 + 2),
        ("more scopes than are compiled", each_scope(65), 2 + 1),
    ];
    for (what, rows, expected) in rows {
        let tenant = town(&rows);
        for options in [options(), SnapshotOptions::default()] {
            let snapshot = tenant.snapshot(at(), &options);
            assert_eq!(snapshot.rows(), expected, "{what}");
            right(&snapshot, &tenant, at(), what);
            right(&snapshot, &tenant, hours(1), what);
        }
    }
}

/// What a row was left for does not count any more.
#[test]
fn rows_that_nobody_has_any_more_do_not_count() {
    let mut tenant = town(&[assign("user:u0", "clerk")]);
    let mut snapshot = tenant.snapshot(at(), &options());
    let user = json!("user:u0");
    let commands = [
        (
            json!({ "grant": { "holder": user, "on": "office.desk.b" } }),
            4,
        ),
        (
            json!({ "grant": { "holder": user, "on": "office.desk.c" } }),
            4,
        ),
        (
            json!({ "grant": { "holder": user, "on": "office.desk.c", "until": hours(9), "replace": true } }),
            4,
        ),
        (
            json!({ "clear": { "holder": user, "on": "office.desk.c" } }),
            4,
        ),
        (
            json!({ "clear": { "holder": user, "on": "office.desk.b" } }),
            3,
        ),
    ];
    for (command, rows) in commands {
        let event = run(&mut tenant, at(), &command);
        snapshot = snapshot.after(&tenant, at(), [&event]);
        assert_eq!(snapshot.rows(), rows, "{command}");
        right(&snapshot, &tenant, at(), &command.to_string());
    }
}

/// An event that ends one thing of a user and makes another takes no more than one that does either.
#[test]
fn a_user_of_whom_two_things_change_is_compiled_once() {
    let takes = |command: &dyn Fn(i64) -> Value| {
        let mut tenant = town(&[grant("user:u0", None)]);
        let mut snapshot = tenant.snapshot(at(), &options());
        let mut changes = Vec::new();
        for n in 1..6 {
            let event = run(&mut tenant, at(), &command(n));
            changes.push(event.changes.len());
            snapshot = snapshot.after(&tenant, at(), [&event]);
            right(&snapshot, &tenant, at(), &format!("step {n}"));
        }
        (changes, snapshot.memory().decisions)
    };
    let (one, once) = takes(&|n| {
        let way = if n % 2 == 1 { "grant" } else { "clear" };
        json!({ way: { "holder": "user:u0", "on": "office.desk.b" } })
    });
    let (two, at_once) = takes(&|n| {
        json!({ "grant": {
            "holder": "user:u0",
            "on": "office.desk.c",
            "until": hours(n),
            "replace": true,
        } })
    });
    assert_eq!((one, two), (vec![1; 5], vec![2; 5]));
    assert_eq!(once, at_once);
}

/// The first instant at which something that a user has begins or ends: of their own, of a group of theirs or above
/// it, of everyone.
#[test]
fn it_holds_until_something_begins_or_ends() {
    let [before, now, later, last] = [-1, 0, 2, 5].map(|n| hours(n).to_string());
    let window = |row: Row, from: Option<&str>, until: Option<&str>| {
        let row = from.map_or(row.clone(), |from| with(row, "from", from));
        until.map_or(row.clone(), |until| with(row, "until", until))
    };
    let limit = |holder: &str| {
        (
            "restrict",
            json!({ "holder": holder, "limit": "open-only" }),
        )
    };
    let member = || ("user", json!({ "key": "member", "groups": ["sub"] }));
    let has = |row| vec![member(), row];
    let sources = [
        grant("user:member", None),
        grant("user:member", Some("s1")),
        assign("user:member", "clerk"),
        limit("user:member"),
        grant("group:sub", None),
        grant("group:top", Some("s1")),
        assign("group:top", "clerk"),
        limit("group:sub"),
        grant("everyone", None),
        grant("everyone", Some("s1")),
    ];
    for source in sources {
        for (from, until, expected) in [
            (None, None, None),
            (None, Some(&later), Some(2)),
            (Some(&now), Some(&later), Some(2)),
            (Some(&later), Some(&last), Some(2)),
            (Some(&later), None, Some(2)),
            (Some(&before), None, None),
            (Some(&before), Some(&now), None),
        ] {
            let row = window(
                source.clone(),
                from.map(String::as_str),
                until.map(String::as_str),
            );
            let what = format!("{row:?}");
            let tenant = town(&has(row));
            let snapshot = tenant.snapshot(at(), &options());
            assert_eq!(snapshot.until(), expected.map(hours), "{what}");
            for seconds in [-3_601, -3_600, -1, 0, 1, 7_199, 7_200, 18_000] {
                let at = Timestamp::from_unix(at().as_unix() + seconds).unwrap();
                right(&snapshot, &tenant, at, &what);
            }
        }
    }
    // What nobody has is not waited for.
    let other = window(grant("group:other", None), None, Some(&later));
    let tenant = town(&has(other));
    assert_eq!(tenant.snapshot(at(), &options()).until(), None);
    // A membership ends, and one is to begin.
    let mut tenant = town(&has(grant("group:other", None)));
    let join = json!({ "join": { "user": "member", "group": "other", "from": hours(2), "until": hours(5) } });
    run(&mut tenant, at(), &join);
    for (now, until) in [(0, Some(2)), (2, Some(5)), (5, None)] {
        let snapshot = tenant.snapshot(hours(now), &options());
        assert_eq!(snapshot.until(), until.map(hours), "at {now}");
        right(&snapshot, &tenant, hours(now), "a membership");
    }
}
