//! What lies behind a snapshot, at its edges: who and what came later, records of which something is said, more users
//! than a block holds, rows that die, and tenants that are others.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Decision;
use bailiwick::DutyId;
use bailiwick::Event;
use bailiwick::HashKey;
use bailiwick::Ref;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::UserId;
use bailiwick::document::Document;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;

fn at() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(at().as_unix() + seconds).unwrap()
}

fn options(keyed: bool) -> SnapshotOptions {
    SnapshotOptions {
        hash_key: keyed.then(|| HashKey::new(*b"a key of a host!")),
    }
}

fn found(policy: &Value) -> Tenant {
    let document = Document::from_json(&policy.to_string()).unwrap();
    Tenant::found(&document.policy).unwrap()
}

/// Has the tenant do something, and gives what happened.
fn done(tenant: &mut Tenant, at: Timestamp, command: Value) -> Event {
    let command: Command = serde_json::from_value(command).unwrap();
    tenant
        .execute(&Stamp::new(at, Actor::System), &command)
        .unwrap()
}

/// All that a snapshot or the rule says of a user and a duty on a record, as text.
macro_rules! said {
    ($asked:expr, $user:expr, $duty:expr, $resource:expr) => {{
        let (asked, user, duty, resource) = ($asked, $user, $duty, $resource);
        let of_both = [
            format!("{:?}", asked.check(user, duty, resource)),
            format!("{:?}", asked.admits(user, duty, resource)),
            format!("{:?}", asked.until(user, duty, resource)),
            format!("{:?}", asked.filter(user, duty)),
            format!("{:?}", asked.because(user, duty, resource)),
        ];
        let objects = ["desk.file", "desk.tray"];
        let effective = asked.effective(user, resource.scope, resource.associated);
        let of_one = [
            format!("{:?}", asked.level(user, "desk.file", resource)),
            format!("{:?}", asked.level_across(user, &objects, resource)),
            format!("{:?}", asked.seat(user)),
            format!("{:?}", asked.items(user)),
            format!("{effective:?}"),
            format!("{:?}", asked.who_can(duty, resource)),
        ];
        (of_both, of_one)
    }};
}

/// That a snapshot says of a user and a duty on a record what the rule does, in whatever way it is asked.
#[track_caller]
fn agrees(
    snapshot: &Snapshot,
    tenant: &Tenant,
    at: Timestamp,
    (user, duty): (Ref<'_, UserId>, Ref<'_, DutyId>),
    resource: &Resource<'_>,
) {
    let (asked, rule) = (snapshot.as_of(at), tenant.as_of(at));
    let what = format!("{user:?} {duty:?} {resource:?} at {at}");
    assert_eq!(
        said!(asked, user, duty, resource),
        said!(rule, user, duty, resource),
        "{what}"
    );
    let bare = rule.check(user, duty, &Resource::default());
    let bare = bare.map(Decision::is_permit);
    assert_eq!(asked.allows(user, duty), bare, "{what}");
    if let (Ref::Handle(user), Ref::Handle(duty)) = (user, duty) {
        let pairs = asked.allows_each([(user, duty), (user, duty)]);
        assert_eq!(pairs, bare.map(|allows| vec![allows, allows]), "{what}");
    }
    let able = rule.who_can(duty, resource).map(|users| users.len());
    assert_eq!(asked.who_can_count(duty, resource), able, "{what}");
    let set = asked.who_can_set(duty, resource);
    assert_eq!(set.map(|users| users.len()), able, "{what}");
    let (scope, associated) = (resource.scope, resource.associated);
    let own = rule.effective(user, scope, associated);
    let set = asked.effective_set(user, scope, associated);
    assert_eq!(
        set.map(|duties| duties.len()),
        own.map(|duties| duties.len()),
        "{what}"
    );
}

const DUTIES: [&str; 4] = [
    "desk.file.view",
    "desk.file.edit",
    "desk.tray.view",
    "desk.tray.edit",
];

/// An office with something of everything that a record can be asked about.
fn office(name: &str) -> Value {
    json!({
        "name": name,
        "duty": DUTIES.map(|key| json!({ "key": key, "seat": "full" })),
        "ladder": [
            { "object": "desk.file", "rungs": ["view", "edit"] },
            { "object": "desk.tray", "rungs": ["view", "edit"] },
        ],
        "limit": [{ "key": "signed-only", "on": ["desk.tray.edit"], "requires": "signed" }],
        "scope": [{ "key": "attic" }, { "key": "chest", "parent": "attic" }, { "key": "cellar" }],
        "team": [{ "key": "north" }, { "key": "south" }],
        "user": [
            { "key": "ana", "team": "north" },
            { "key": "ben", "team": "south" },
            { "key": "cai", "enabled": false },
            { "key": "dot" },
        ],
        "grant": [
            { "holder": "everyone", "on": "*", "reach": "associated" },
            { "holder": "user:ana", "on": "desk.file", "ceiling": 500 },
            { "holder": "user:ana", "on": "desk.tray", "scope": "attic" },
            { "holder": "user:ben", "on": "desk.tray", "until": "2026-01-05T09:00:10Z" },
            { "holder": "user:ben", "on": "desk.file.view" },
        ],
        "revoke": [{ "holder": "user:dot", "on": "desk.file.edit" }],
        "restrict": [{ "holder": "user:ben", "limit": "signed-only" }],
        "item": [{ "user": "ana", "item": "case-1", "on": ["desk.file"] }],
    })
}

#[test]
fn of_whatever_record_it_is_asked_it_says_what_the_rule_says() {
    let tenant = found(&office("Rio Vista"));
    let bare = Resource::default();
    let amount = |amount| Some(Amount::new(amount).unwrap());
    let scoped = |scope: &'static str| Resource {
        scope: Some(scope.into()),
        ..bare
    };
    let tagged = |team: &'static str| Resource {
        team: Some(team.into()),
        ..bare
    };
    let private = |item| Resource {
        private: true,
        item,
        ..bare
    };
    let mut records = vec![
        bare,
        scoped("attic"),
        scoped("chest"),
        scoped("cellar"),
        scoped("loft"),
        tagged("north"),
        tagged("south"),
        tagged("west"),
        private(None),
        private(Some("case-1")),
        private(Some("case-2")),
    ];
    records.extend([400, 600].map(|worth| Resource {
        amount: amount(worth),
        ..bare
    }));
    records.push(Resource {
        item: Some("case-1"),
        ..bare
    });
    records.push(Resource {
        qualifiers: &["signed"],
        ..bare
    });
    let associated = records.clone().into_iter().map(|record| Resource {
        associated: true,
        ..record
    });
    records.extend(associated.collect::<Vec<_>>());
    for keyed in [false, true] {
        let snapshot = tenant.snapshot(at(), &options(keyed));
        for (seconds, prepared) in [(-1, false), (0, false), (9, true), (10, true), (11, false)] {
            if prepared {
                snapshot.as_of(at()).prepare_who_can();
            }
            for record in &records {
                for (n, user) in ["ana", "ben", "cai", "dot"].into_iter().enumerate() {
                    let duty = DUTIES[(n + usize::from(keyed)) % 4];
                    let handles = (tenant.user(user).unwrap(), tenant.duty(duty).unwrap());
                    for pair in [
                        (handles.0.into(), handles.1.into()),
                        (user.into(), handles.1.into()),
                        (handles.0.into(), duty.into()),
                    ] {
                        agrees(&snapshot, &tenant, later(seconds), pair, record);
                    }
                }
            }
        }
    }
}

#[test]
fn who_and_what_came_later_or_is_from_elsewhere_is_unknown() {
    let before = found(&office("Rio Vista"));
    let (mut now, other) = (before.clone(), found(&office("Rio Seco")));
    for user in ["eve", "fay"] {
        done(&mut now, at(), json!({ "add-user": { "key": user } }));
    }
    for duty in ["desk.tray.stamp", "desk.tray.burn"] {
        done(&mut now, at(), json!({ "add-duty": { "key": duty } }));
    }
    let users: Vec<Ref<'_, UserId>> = ["ana", "eve", "fay"]
        .map(|user| now.user(user).unwrap().into())
        .into_iter()
        .chain([other.user("ana").unwrap().into()])
        .chain(["ana", "eve", "zoe"].map(Into::into))
        .collect();
    let duties: Vec<Ref<'_, DutyId>> = ["desk.tray.view", "desk.tray.stamp", "desk.tray.burn"]
        .map(|duty| now.duty(duty).unwrap().into())
        .into_iter()
        .chain([other.duty("desk.tray.view").unwrap().into()])
        .chain(["desk.tray.view", "desk.tray.burn"].map(Into::into))
        .collect();
    let bare = Resource::default();
    let scoped = Resource {
        scope: Some("attic".into()),
        associated: true,
        ..bare
    };
    for keyed in [false, true] {
        let snapshot = before.snapshot(at(), &options(keyed));
        assert_eq!(
            snapshot.as_of(at()).users(),
            before.as_of(at()).users(),
            "keyed: {keyed}"
        );
        for (user, duty) in users
            .iter()
            .flat_map(|user| duties.iter().map(|duty| (*user, *duty)))
        {
            for record in [&bare, &scoped] {
                agrees(&snapshot, &before, at(), (user, duty), record);
            }
        }
        // Of several the first that is unknown is told.
        let [known, next] = ["ana", "eve"].map(|user| now.user(user).unwrap());
        let [duty, burn] = ["desk.tray.view", "desk.tray.burn"].map(|duty| now.duty(duty).unwrap());
        let each = snapshot
            .as_of(at())
            .allows_each([(known, duty), (known, burn), (next, duty)]);
        assert_eq!(each.unwrap_err().code(), "unknown-duty");
        let shown = format!("{:?}", snapshot.as_of(at()));
        assert_eq!(shown, "SnapshotAsOf { at: 2026-01-05T09:00:00Z, .. }");
    }
}

/// Who may do a duty: by the rows, by columns, and one user after the other once a row has ended.
#[track_caller]
fn who_can(snapshot: &Snapshot, tenant: &Tenant, duty: &str, what: &str) {
    let bare = Resource::default();
    let rule = tenant.as_of(at()).who_can(duty, &bare).unwrap();
    let ask = |at| {
        let asked = snapshot.as_of(at);
        assert_eq!(asked.who_can(duty, &bare).unwrap(), rule, "{what}: {duty}");
        assert_eq!(asked.who_can_count(duty, &bare), Ok(rule.len()));
        asked.who_can_set(duty, &bare).unwrap()
    };
    let by_rows = ask(at());
    assert_eq!(by_rows, ask(later(11)), "{what}: {duty}");
    // Prepared apart, for what follows is to be prepared anew.
    let prepared = snapshot.after(tenant, at(), []);
    prepared.as_of(at()).prepare_who_can();
    assert_eq!(prepared.as_of(at()).who_can_set(duty, &bare), Ok(by_rows));
    for key in rule {
        let user = snapshot.user(key.as_str()).unwrap();
        assert_eq!(tenant.user(key.as_str()), Ok(user), "{what}");
    }
}

/// Rows are numbered by user in blocks of 4,096.
#[test]
fn a_user_beyond_the_first_block_is_like_any_other() {
    let users = 4_095;
    let key = |n: usize| format!("u{n}");
    let holder = |n| format!("user:{}", key(n));
    let clerks = (0..users).filter(|n| n % 3 == 0);
    let tenant = found(&json!({
        "name": "Rio Vista",
        "duty": DUTIES.map(|key| json!({ "key": key })),
        "profile": [{ "key": "clerk", "grants": [DUTIES[0]] }],
        "user": (0..users).map(|n| json!({ "key": key(n) })).collect::<Vec<_>>(),
        // One row ends, and with it nothing that is asked about.
        "grant": [{ "holder": holder(1), "on": DUTIES[2], "until": "2026-01-05T09:00:10Z" }],
        "assign": clerks.map(|n| json!({ "holder": holder(n), "profile": "clerk" })).collect::<Vec<_>>(),
    }));
    for keyed in [false, true] {
        let mut now = tenant.clone();
        let mut snapshot = now.snapshot(at(), &options(keyed));
        let mut commands = Vec::new();
        for n in users..users + 5 {
            let assign = json!([{ "holder": holder(n), "profile": "clerk" }]);
            let row = if n % 2 == 0 {
                json!({ "key": key(n), "assign": assign })
            } else {
                json!({ "key": key(n) })
            };
            commands.push(json!({ "add-user": row }));
        }
        for n in [0, users - 1, users, users + 1, users + 2] {
            commands.push(json!({ "grant": { "holder": holder(n), "on": DUTIES[1] } }));
        }
        // A row of the clerks that needs more room, so that all of them are led elsewhere.
        let grants = json!([DUTIES[0], { "on": DUTIES[2], "reach": "associated" }, DUTIES[3]]);
        commands.push(json!({ "define-profile": { "key": "clerk", "grants": grants } }));
        commands.push(json!({ "disable": { "user": key(users + 1) } }));
        for command in commands {
            let event = done(&mut now, at(), command.clone());
            snapshot = snapshot.after(&now, at(), [&event]);
            for duty in [DUTIES[0], DUTIES[1], DUTIES[3]] {
                who_can(&snapshot, &now, duty, &format!("keyed: {keyed}, {command}"));
            }
            let anew = now.snapshot(at(), &options(keyed));
            assert_eq!(snapshot.rows(), anew.rows(), "keyed: {keyed}, {command}");
            // No more is added for those who come than the rows and keys that are theirs.
            let (taken, least) = (snapshot.memory().decisions, anew.memory().decisions);
            assert!(taken < least + least / 2, "{taken} and {least}: {command}");
        }
    }
}

/// Everyone's rows, at the root and in some places, are those of the rule; keys and handles are found as the tenant does.
#[track_caller]
fn all_agree(snapshot: &Snapshot, tenant: &Tenant, at: Timestamp, places: &[&str], what: &str) {
    let (asked, rule) = (snapshot.as_of(at), tenant.as_of(at));
    let scopes = [None].into_iter().chain(places.iter().copied().map(Some));
    for (user, scope) in rule
        .users()
        .into_iter()
        .flat_map(|user| scopes.clone().map(move |scope| (user.as_str(), scope)))
    {
        assert_eq!(snapshot.user(user), tenant.user(user), "{what}: {user}");
        let handle = tenant.user(user).unwrap();
        for associated in [false, true] {
            let place = scope.map(Into::into);
            let effective = rule.effective(user, place, associated);
            assert_eq!(
                asked.effective(handle, place, associated),
                effective,
                "{what}: {user} in {scope:?}"
            );
            let resource = Resource {
                scope: place,
                associated,
                ..Resource::default()
            };
            for duty in DUTIES {
                let (id, decided) = (
                    tenant.duty(duty).unwrap(),
                    rule.check(user, duty, &resource),
                );
                assert_eq!(
                    asked.check(user, duty, &resource),
                    decided,
                    "{what}: {user} {duty} in {scope:?}"
                );
                assert_eq!(
                    asked.check(handle, id, &resource),
                    decided,
                    "{what}: {user} {duty} in {scope:?}, by handle"
                );
                if resource == Resource::default() {
                    let allows = decided.map(Decision::is_permit);
                    assert_eq!(asked.allows(user, duty), allows, "{what}: {user} {duty}");
                    assert_eq!(asked.allows(handle, id), allows, "{what}: {user} {duty}");
                }
            }
        }
    }
    for duty in DUTIES {
        let bare = Resource::default();
        assert_eq!(asked.who_can(duty, &bare), rule.who_can(duty, &bare));
    }
}

/// Users with some profiles and no more than that, and with one more thing each: nobody is taken for one of the others.
#[test]
fn a_user_with_profiles_alone_is_not_taken_for_one_with_more() {
    let on = |user: &str, rest: Value| {
        let mut row = rest;
        row["holder"] = json!(format!("user:{user}"));
        row
    };
    let mut policy = office("Kontor");
    let keys: Vec<String> = (0..6).map(|n| format!("profile-{n}")).collect();
    policy["profile"] = keys
        .iter()
        .zip(
            ["desk.file", "desk.tray.edit", "desk.tray.view"]
                .iter()
                .cycle(),
        )
        .map(|(key, on)| json!({ "key": key, "grants": [on], "except": ["desk.file.edit"] }))
        .collect();
    policy["group"] = json!([{ "key": "clerks" }]);
    let list = |policy: &mut Value, list: &str, row: Value| {
        if !policy[list].is_array() {
            policy[list] = json!([]);
        }
        policy[list].as_array_mut().unwrap().push(row);
    };
    for everyone in ["attic", ""] {
        let mut policy = policy.clone();
        if !everyone.is_empty() {
            let row = json!({ "holder": "everyone", "on": "desk.file", "scope": everyone });
            list(&mut policy, "revoke", row);
        }
        list(
            &mut policy,
            "revoke",
            json!({ "holder": "group:clerks", "on": "desk.tray.view" }),
        );
        for count in 0..=keys.len() {
            for more in 0..9 {
                let user = format!("user-{count}-{more}");
                let groups = if more == 1 {
                    json!(["clerks"])
                } else {
                    json!([])
                };
                list(
                    &mut policy,
                    "user",
                    json!({ "key": user, "groups": groups }),
                );
                for profile in &keys[..count] {
                    list(
                        &mut policy,
                        "assign",
                        on(&user, json!({ "profile": profile })),
                    );
                }
                let (name, row) = match more {
                    2 => ("restrict", json!({ "limit": "signed-only" })),
                    3 => ("grant", json!({ "on": "desk.file.edit" })),
                    4 => ("revoke", json!({ "on": "desk.tray", "scope": "chest" })),
                    5 => (
                        "assign",
                        json!({ "profile": "profile-5", "scope": "attic" }),
                    ),
                    6 => (
                        "assign",
                        json!({ "profile": "profile-4", "from": later(20) }),
                    ),
                    7 => (
                        "assign",
                        json!({ "profile": "profile-4", "until": later(20) }),
                    ),
                    8 => ("assign", json!({ "profile": "profile-4", "until": at() })),
                    _ => continue,
                };
                let twice = count > 4 && (6..9).contains(&more);
                if !twice {
                    list(&mut policy, name, on(&user, row));
                }
            }
        }
        let tenant = found(&policy);
        for keyed in [false, true] {
            let snapshot = tenant.snapshot(at(), &options(keyed));
            for then in [at(), later(19), later(20)] {
                let what = format!("{everyone}, keyed: {keyed}, {then}");
                all_agree(
                    &snapshot,
                    &tenant,
                    then,
                    &["attic", "chest", "cellar"],
                    &what,
                );
            }
        }
    }
}

/// A host that has no event to show, or shows a tenant that is another than it was, gets that tenant's answers.
#[test]
fn a_tenant_that_is_another_is_compiled_anew() {
    let base = office("Rio Vista");
    let varied = |list: &str, row: Value| {
        let mut policy = base.clone();
        match &mut policy[list] {
            Value::Array(rows) => rows.push(row),
            field => *field = row,
        }
        policy
    };
    let mut fewer = base.clone();
    for list in ["user", "revoke"] {
        fewer[list].as_array_mut().unwrap().pop();
    }
    let (mut moved, mut closed) = (base.clone(), base.clone());
    moved["name"] = json!("Rio Seco");
    moved["user"][3]["key"] = json!("eve");
    moved["revoke"][0]["holder"] = json!("user:eve");
    closed["module"] = json!([{ "key": "desk", "enabled": false }]);
    let others = [
        ("another name and other users", moved),
        ("another mode", varied("mode", json!("open"))),
        ("fewer users", fewer),
        ("a module off", closed),
        (
            "one more duty",
            varied("duty", json!({ "key": "desk.tray.burn" })),
        ),
    ];
    for (what, other) in others {
        for keyed in [false, true] {
            let (one, two) = (found(&base), found(&other));
            for (from, to) in [(&one, &two), (&two, &one)] {
                let first = from.snapshot(at(), &options(keyed));
                let next = first.after(to, at(), []);
                all_agree(&next, to, at(), &["attic", "chest"], what);
                all_agree(&first, from, at(), &["attic", "chest"], what);
                let anew = to.snapshot(at(), &options(keyed));
                assert_eq!(next.rows(), anew.rows(), "{what}");
                assert_eq!(next.until(), anew.until(), "{what}");
            }
        }
    }
}

/// Keys are found though a user's coming was not told, and those after them too.
#[test]
fn keys_are_found_though_an_event_was_missed() {
    for keyed in [false, true] {
        let mut tenant = found(&office("Rio Vista"));
        let first = tenant.snapshot(at(), &options(keyed));
        let mut snapshot = first.clone();
        for round in 0..3 {
            for (n, told) in [false, true, true].into_iter().enumerate() {
                let user = format!("new-{round}-{n}");
                let holder = format!("user:{user}");
                let grant = json!([{ "holder": holder, "on": DUTIES[n] }]);
                let event = done(
                    &mut tenant,
                    at(),
                    json!({ "add-user": { "key": user, "grant": grant } }),
                );
                let events: &[Event] = if told { &[event] } else { &[] };
                snapshot = snapshot.after(&tenant, at(), events);
                assert_eq!(snapshot.revision(), tenant.revision());
                all_agree(&snapshot, &tenant, at(), &[], &user);
            }
            // Of some events one is not shown, so that there is a hole, at an end or in the midst.
            let of = |holder: &str, on: &str| json!({ "holder": holder, "on": on });
            let newest = format!("user:new-{round}-0");
            let commands = [
                json!({ "revoke": of("user:ana", "desk") }),
                json!({ "revoke": of("user:ben", "desk") }),
                json!({ "grant": of(&newest, DUTIES[3]) }),
                json!({ "disable": { "user": "dot" } }),
                json!({ "grant": of(&newest, DUTIES[1]) }),
            ];
            let events = commands.map(|command| done(&mut tenant, at(), command));
            for hidden in 0..=events.len() {
                let shown = (0..).zip(&events).filter(|(n, _)| *n != hidden);
                let next = snapshot.after(&tenant, at(), shown.map(|(_, event)| event));
                all_agree(&next, &tenant, at(), &[], &format!("without {hidden}"));
            }
            for command in [
                json!({ "clear": of("user:ana", "desk") }),
                json!({ "clear": of("user:ben", "desk") }),
                json!({ "enable": { "user": "dot" } }),
            ] {
                done(&mut tenant, at(), command);
            }
            snapshot = snapshot.after(&tenant, at(), []);
            let duty = json!({ "key": format!("desk.tray.new-{round}") });
            let event = done(&mut tenant, at(), json!({ "add-duty": duty }));
            snapshot = snapshot.after(&tenant, at(), [&event]);
            let later = format!("desk.tray.new-{round}");
            assert_eq!(snapshot.duty(&later), tenant.duty(&later));
            all_agree(&snapshot, &tenant, at(), &[], &later);
        }
        let anew = tenant.snapshot(at(), &options(keyed));
        assert!(snapshot.memory().names <= anew.memory().names * 2);
    }
}

/// Everything that can be done to what rows are made of, one after the other, with what makes it hard: entries of one's
/// own over groups and profiles, in places, under limits and with ends.
#[test]
fn whatever_is_done_the_rows_follow() {
    let mut policy = office("Rio Vista");
    policy["group"] = json!([
        { "key": "top" },
        { "key": "mid", "parent": "top" },
        { "key": "low", "parent": "mid" },
        { "key": "side" },
    ]);
    policy["profile"] = json!([
        { "key": "clerk", "grants": [DUTIES[0]] },
        { "key": "keeper", "grants": [{ "on": DUTIES[2], "reach": "associated" }] },
        { "key": "spare", "grants": ["*"] },
    ]);
    for (user, groups) in [
        ("eve", ["low"].as_slice()),
        ("fay", &["low", "side"]),
        ("gus", &["side"]),
        ("hal", &[]),
        ("ivy", &["low"]),
        ("jon", &[]),
    ] {
        let row = json!({ "key": user, "groups": groups });
        policy["user"].as_array_mut().unwrap().push(row);
    }
    policy["assign"] = json!([
        { "holder": "user:eve", "profile": "clerk" },
        { "holder": "user:fay", "profile": "clerk" },
        { "holder": "user:fay", "profile": "keeper", "scope": "attic" },
        { "holder": "user:hal", "profile": "clerk" },
        { "holder": "user:jon", "profile": "clerk", "until": "2026-01-05T09:00:30Z" },
        { "holder": "user:ivy", "profile": "keeper" },
        { "holder": "group:side", "profile": "keeper" },
    ]);
    let more = json!([
        { "holder": "user:ivy", "on": DUTIES[3] },
        { "holder": "user:ivy", "on": DUTIES[1], "scope": "chest" },
        { "holder": "user:hal", "on": DUTIES[1], "reach": "associated" },
    ]);
    let grants = policy["grant"].as_array_mut().unwrap();
    // Without it rows can be brief.
    grants.remove(0);
    grants.extend(more.as_array().unwrap().iter().cloned());
    let commands = [
        json!({ "define-profile": { "key": "clerk", "grants": [DUTIES[0], DUTIES[1]] } }),
        // Two rows of one user, of which the first is nobody's any more; then all rows need more room.
        json!({ "grant": { "holder": "user:hal", "on": DUTIES[3] } }),
        json!({ "clear": { "holder": "user:hal", "on": DUTIES[1] } }),
        json!({ "clear": { "holder": "user:hal", "on": DUTIES[3] } }),
        json!({ "grant": { "holder": "user:hal", "on": DUTIES[2], "reach": "associated" } }),
        json!({ "define-profile": { "key": "clerk", "grants": [{ "on": DUTIES[0], "reach": "associated" }] } }),
        json!({ "define-profile": { "key": "clerk", "grants": [DUTIES[0]], "limits": ["signed-only"] } }),
        json!({ "define-profile": { "key": "clerk", "grants": [DUTIES[0], { "on": DUTIES[1], "reach": "associated" }] } }),
        json!({ "restrict": { "holder": "group:top", "limit": "signed-only" } }),
        json!({ "revoke": { "holder": "group:mid", "on": DUTIES[0] } }),
        json!({ "level": { "holder": "group:low", "on": "desk.file", "to": "view" } }),
        json!({ "unrestrict": { "holder": "group:top", "limit": "signed-only" } }),
        json!({ "assign": { "holder": "group:low", "profile": "keeper" } }),
        json!({ "define-profile": { "key": "keeper", "grants": [DUTIES[2], DUTIES[3]] } }),
        json!({ "assign": { "holder": "user:gus", "profile": "clerk", "scope": "cellar" } }),
        json!({ "define-profile": { "key": "clerk", "grants": ["desk.file"], "limits": ["signed-only"] } }),
        json!({ "grant": { "holder": "everyone", "on": DUTIES[3], "reach": "associated" } }),
        json!({ "revoke": { "holder": "user:ivy", "on": DUTIES[2], "scope": "attic" } }),
        json!({ "define-profile": { "key": "keeper", "grants": [{ "on": DUTIES[2], "reach": "associated" }] } }),
        json!({ "grant": { "holder": "group:low", "on": DUTIES[1], "scope": "attic" } }),
        json!({ "level": { "holder": "group:top", "on": "desk.tray", "to": "none" } }),
        json!({ "define-profile": { "key": "clerk", "grants": [DUTIES[1]] } }),
        json!({ "clear": { "holder": "group:low", "on": DUTIES[1], "scope": "attic" } }),
        json!({ "assign": { "holder": "group:mid", "profile": "clerk", "scope": "chest" } }),
        json!({ "unassign": { "holder": "group:mid", "profile": "clerk", "scope": "chest" } }),
        json!({ "restrict": { "holder": "group:side", "limit": "signed-only", "scope": "attic" } }),
        json!({ "unrestrict": { "holder": "group:side", "limit": "signed-only", "scope": "attic" } }),
        json!({ "grant": { "holder": "everyone", "on": DUTIES[1], "scope": "cellar" } }),
        json!({ "clear": { "holder": "everyone", "on": DUTIES[1], "scope": "cellar" } }),
        json!({ "clear": { "holder": "everyone", "on": DUTIES[3] } }),
        json!({ "restrict": { "holder": "user:hal", "limit": "signed-only" } }),
        json!({ "define-profile": { "key": "clerk", "grants": ["*"] } }),
        json!({ "join": { "user": "ana", "group": "low" } }),
        json!({ "leave": { "user": "fay", "group": "low" } }),
        json!({ "disable": { "user": "eve" } }),
        json!({ "enable": { "user": "cai" } }),
        json!({ "add-user": {
            "key": "kim",
            "groups": ["low"],
            "assign": [{ "holder": "user:kim", "profile": "clerk" }],
            "grant": [{ "holder": "user:kim", "on": DUTIES[2], "scope": "cellar", "until": "2026-01-05T09:00:20Z" }],
        } }),
        json!({ "grant": { "holder": "user:kim", "on": DUTIES[3], "from": "2026-01-05T09:00:15Z" } }),
        json!({ "set-mode": { "mode": { "open": { "up_to": "high" } } } }),
        json!({ "switch-module": { "module": "desk", "enabled": false } }),
        json!({ "switch-module": { "module": "desk", "enabled": true } }),
        json!({ "set-mode": { "mode": "strict" } }),
        json!({ "clear": { "holder": "group:top", "on": "desk.tray" } }),
        json!({ "enable": { "user": "eve" } }),
        json!({ "retire-profile": { "profile": "spare" } }),
    ];
    let places = ["attic", "chest", "cellar"];
    for keyed in [false, true] {
        let mut tenant = found(&policy);
        let mut copied = tenant.snapshot(at(), &options(keyed));
        let mut alone = tenant.snapshot(at(), &options(keyed));
        let (mut early, mut since) = (copied.clone(), Vec::new());
        for (n, command) in commands.iter().enumerate() {
            let event = done(&mut tenant, at(), command.clone());
            let earlier = copied.clone();
            copied = copied.after(&tenant, at(), [&event]);
            alone.advance(&tenant, at(), [&event]);
            since.push(event.clone());
            let what = format!("keyed: {keyed}, {command}");
            all_agree(&copied, &tenant, at(), &places, &what);
            all_agree(&alone, &tenant, at(), &places, &format!("{what}, alone"));
            // What is known is passed over: nothing is compiled again.
            let again = copied.after(&tenant, at(), [&event]);
            assert_eq!(again.memory(), copied.memory(), "{what}");
            if n % 4 == 3 {
                let what = format!("{what}, with those before");
                let together = early.after(&tenant, at(), &since);
                all_agree(&together, &tenant, at(), &places, &what);
                // From where only a part is new.
                let together = earlier.after(&tenant, at(), &since);
                all_agree(&together, &tenant, at(), &places, &what);
                (early, since) = (copied.clone(), Vec::new());
            }
            if n % 7 == 6 {
                for seconds in [9, 10, 15, 20, 31] {
                    let (what, at) = (format!("{what}, later"), later(seconds));
                    all_agree(&copied, &tenant, at, &places, &what);
                    let ready = copied.after(&tenant, at, []);
                    all_agree(&ready, &tenant, at, &places, &what);
                    let until = tenant.snapshot(at, &options(keyed)).until();
                    assert_eq!(ready.until(), until, "{what}, {seconds} seconds");
                }
            }
        }
    }
}

/// Without places rows can be led elsewhere, and one that is nobody's any more must not come back with them.
#[test]
fn a_row_that_nobody_has_is_nobodys_however_its_class_is_edited() {
    let user = |key: &str, profile: &str, until: Option<&str>| {
        let mut row = json!({ "holder": format!("user:{key}"), "profile": profile });
        if let Some(until) = until {
            row["until"] = json!(until);
        }
        row
    };
    let users = ["ana", "ben", "cai", "dot", "eve", "fay", "gus"].map(|key| json!({ "key": key }));
    let policy = json!({
        "name": "Rio Vista",
        "duty": DUTIES.map(|key| json!({ "key": key })),
        "profile": [{ "key": "clerk", "grants": [DUTIES[0]] }, { "key": "guest", "grants": [] }],
        "user": users,
        "assign": [
            user("ana", "clerk", None),
            user("gus", "clerk", None),
            user("ben", "clerk", None),
            user("cai", "clerk", Some("2026-01-05T09:00:30Z")),
            user("dot", "clerk", Some("2026-01-05T09:00:30Z")),
            user("eve", "guest", None),
            user("fay", "guest", Some("2026-01-05T09:00:40Z")),
        ],
        "grant": [{ "holder": "user:ben", "on": DUTIES[3] }],
    });
    let clerk = |grants: Value| json!({ "define-profile": { "key": "clerk", "grants": grants } });
    let narrow = |on: &str| json!({ "on": on, "reach": "associated" });
    let commands = [
        (
            4,
            json!({ "clear": { "holder": "user:ben", "on": DUTIES[3] } }),
        ),
        (
            5,
            json!({ "grant": { "holder": "user:ben", "on": DUTIES[2], "reach": "associated" } }),
        ),
        // As large as before, so that each row is written where it lies.
        (5, clerk(json!([DUTIES[0], DUTIES[1]]))),
        (5, clerk(json!([DUTIES[1]]))),
        // Larger for all who have none of their own, and for a row that was somebody's.
        (5, clerk(json!([DUTIES[0], narrow(DUTIES[1])]))),
        (5, clerk(json!([narrow(DUTIES[1])]))),
        (
            6,
            json!({ "revoke": { "holder": "user:ana", "on": DUTIES[1] } }),
        ),
        (6, clerk(json!([DUTIES[0]]))),
        (
            5,
            json!({ "clear": { "holder": "user:ana", "on": DUTIES[1] } }),
        ),
    ];
    for keyed in [false, true] {
        let mut tenant = found(&policy);
        let mut snapshot = tenant.snapshot(at(), &options(keyed));
        // Those of either profile, with an end or without, and one user's own.
        assert_eq!(snapshot.rows(), 5);
        for (n, (rows, command)) in commands.iter().enumerate() {
            let before = snapshot.memory();
            let event = done(&mut tenant, at(), command.clone());
            snapshot.advance(&tenant, at(), [&event]);
            let what = format!("keyed: {keyed}, {command}");
            all_agree(&snapshot, &tenant, at(), &[], &what);
            all_agree(&snapshot, &tenant, later(35), &[], &what);
            assert_eq!(snapshot.rows(), *rows, "{what}");
            if n == 3 {
                assert_eq!(snapshot.memory(), before, "{what} takes no more room");
            }
        }
    }
}

/// A class is found by any of its profiles, wherever it lies among the others.
#[test]
fn a_profile_of_few_among_many_is_edited() {
    let profiles = 60;
    let profile = |n: usize, grants: Value| json!({ "key": format!("p{n}"), "grants": grants });
    let assign = |user: usize, profile: usize| json!({ "holder": format!("user:u{user}"), "profile": format!("p{profile}") });
    let mut assigned = Vec::new();
    for n in 0..profiles {
        assigned.push(assign(n, n));
        for other in [(n * 7 + 3) % profiles, (n * 11 + 8) % profiles] {
            if other != n && n % 3 != 0 {
                assigned.push(assign(n, other));
            }
        }
    }
    assigned.sort_by_key(ToString::to_string);
    assigned.dedup();
    let mut tenant = found(&json!({
        "name": "Rio Vista",
        "duty": DUTIES.map(|key| json!({ "key": key })),
        "profile": (0..profiles).map(|n| profile(n, json!([DUTIES[n % 2]]))).collect::<Vec<_>>(),
        "user": (0..profiles).map(|n| json!({ "key": format!("u{n}") })).collect::<Vec<_>>(),
        "assign": assigned,
    }));
    let mut snapshots = [false, true].map(|keyed| tenant.snapshot(at(), &options(keyed)));
    for n in (0..profiles).rev() {
        let command = json!({ "define-profile": profile(n, json!([DUTIES[2 + n % 2]])) });
        let event = done(&mut tenant, at(), command);
        for snapshot in &mut snapshots {
            snapshot.advance(&tenant, at(), [&event]);
            all_agree(snapshot, &tenant, at(), &[], &format!("p{n}"));
        }
    }
}

/// Rows that nobody has any more are not counted, and do not gather without end.
#[test]
fn rows_that_die_are_not_counted_and_do_not_gather() {
    let places: Vec<String> = (0..9).map(|n| format!("s{n}")).collect();
    let mut policy = office("Rio Vista");
    policy["scope"] = places.iter().map(|key| json!({ "key": key })).collect();
    policy["grant"] = places
        .iter()
        .map(|key| json!({ "holder": "user:ana", "on": DUTIES[0], "scope": key }))
        .collect();
    for keyed in [false, true] {
        let mut tenant = found(&policy);
        let mut snapshot = tenant.snapshot(at(), &options(keyed));
        let live = snapshot.memory().decisions;
        for n in 0..700 {
            // Ben's row is under a limit, and is his own all the time.
            let user = if n % 4 < 2 { "user:ana" } else { "user:ben" };
            let command = if n % 2 == 0 {
                json!({ "grant": { "holder": user, "on": DUTIES[3] } })
            } else {
                json!({ "clear": { "holder": user, "on": DUTIES[3] } })
            };
            let event = done(&mut tenant, at(), command);
            snapshot.advance(&tenant, at(), [&event]);
            let rows = tenant.snapshot(at(), &options(keyed)).rows();
            assert_eq!(snapshot.rows(), rows, "keyed: {keyed}, {n}");
            // Two thousand dead rows, of eight words each, and room for a few hundred more.
            let taken = snapshot.memory().decisions;
            assert!(taken < live + 2_400 * 64, "keyed: {keyed}, {n}: {taken}");
        }
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        all_agree(&snapshot, &tenant, at(), &places, "at last");
    }
}

/// Keys that a hash does not tell apart are told apart by what they are. For such keys the host's bytes are chosen so
/// that the first eight bytes of a key of some length make nothing of all others.
#[test]
fn keys_that_fall_together_are_told_apart() {
    const FIRST: &str = "aaaaaaaa";
    // How long, and where they differ.
    for (length, place) in [
        (9, 8),
        (12, 9),
        (13, 12),
        (15, 10),
        (16, 8),
        (16, 15),
        (31, 19),
        (32, 16),
    ] {
        let mut with = [7; 16];
        let seed = u64::from_le_bytes(*b"aaaaaaaa").rotate_left(length);
        with[..8].copy_from_slice(&seed.to_le_bytes());
        let options = SnapshotOptions {
            hash_key: Some(HashKey::new(with)),
        };
        let key = |letter: char| {
            let mut key = FIRST.to_owned() + &"b".repeat(length as usize - FIRST.len());
            key.replace_range(place..=place, &letter.to_string());
            key
        };
        let users: Vec<Value> = ('c'..'k')
            .map(|letter| json!({ "key": key(letter) }))
            .collect();
        let tenant = found(&json!({
            "name": "Rio Vista",
            "duty": [{ "key": DUTIES[0] }],
            "user": users,
            "grant": [{ "holder": format!("user:{}", key('e')), "on": DUTIES[0] }],
        }));
        let snapshot = tenant.snapshot(at(), &options);
        for letter in 'a'..='z' {
            let (key, bare) = (key(letter), Resource::default());
            assert_eq!(snapshot.user(&key), tenant.user(&key), "{key}");
            let asked = snapshot.as_of(at()).check(key.as_str(), DUTIES[0], &bare);
            let rule = tenant.as_of(at()).check(key.as_str(), DUTIES[0], &bare);
            assert_eq!(asked, rule, "{key}");
        }
    }
}

/// What keys take, counted by hand: of each the text, at about twenty-four bytes, where it starts, and slots: a power of
/// two of which an eighth is free, and up to a thousand of them twice as many as that.
#[test]
fn keys_take_what_they_take() {
    let slots = |keys: usize| {
        let places = keys.max((keys * 2).min(1_024));
        let mut slots = 8;
        while places * 8 > slots * 7 {
            slots *= 2;
        }
        slots * 8
    };
    let of = |keys: usize| keys * 24 + (keys + 1) * 4 + slots(keys);
    for users in [0, 1, 3, 4, 5, 100, 512, 513, 1_023, 1_024, 4_096, 7_200] {
        let people = (0..users).map(|n| json!({ "key": format!("u{n}") }));
        let mut tenant = found(&json!({
            "name": "Rio Vista",
            "duty": DUTIES.map(|key| json!({ "key": key })),
            "user": people.collect::<Vec<_>>(),
        }));
        let mut snapshot = tenant.snapshot(at(), &options(true));
        let names = snapshot.memory().names;
        // Those who come later lie apart.
        let apart = 4 + slots(0);
        assert_eq!(names, of(users) + of(DUTIES.len()) + apart, "{users} users");
        let texts = (0..100).map(|n| {
            let key = format!("new-{n}");
            let event = done(&mut tenant, at(), json!({ "add-user": { "key": key } }));
            snapshot.advance(&tenant, at(), [&event]);
            key.len()
        });
        let text: usize = texts.sum();
        let taken = snapshot.memory().names - names + apart;
        let most = slots(100) + 2 * (text + 101 * 4);
        assert!(taken <= most, "{users} users: {taken} and at most {most}");
    }
}

/// Rows are words, few of them or many: whatever their number, an edited profile is followed in all that it is part of.
#[test]
fn an_edited_profile_is_followed_in_catalogs_of_any_size() {
    /// The last of them does not have the profile.
    const USERS: [&str; 6] = ["has", "both", "wide", "narrow", "less", "none"];
    for duties in [1, 64, 65, 256, 257, 1_100] {
        let key = |duty: usize| format!("d.o.a{duty}");
        let (first, middle, last) = (key(0), key(duties / 2), key(duties - 1));
        let own = |user: &str, on: &str, reach: &str| json!({ "holder": format!("user:{user}"), "on": on, "reach": reach });
        let keys = (0..duties).map(|duty| json!({ "key": key(duty) }));
        let users = USERS.map(|user| json!({ "key": user }));
        let held = |(user, profile): (&str, &str)| json!({ "holder": format!("user:{user}"), "profile": profile });
        let mut assigned: Vec<(&str, &str)> = USERS.map(|user| (user, "edited")).to_vec();
        assigned.pop();
        assigned.push(("both", "other"));
        let mut tenant = found(&json!({
            "duty": keys.collect::<Vec<_>>(),
            "profile": [{ "key": "edited", "grants": [first] }, { "key": "other", "grants": [middle] }],
            "user": users,
            "assign": assigned.into_iter().map(held).collect::<Vec<_>>(),
            "grant": [own("wide", &last, "all"), own("narrow", &middle, "associated")],
            "revoke": [{ "holder": "user:less", "on": first }],
        }));
        let mut snapshot = tenant.snapshot(at(), &options(false));
        // Some make rows longer, which then come to lie elsewhere.
        for grants in [
            json!([last]),
            json!([{ "on": last, "reach": "associated" }, middle]),
            json!([first, middle, last]),
            json!([{ "on": first, "reach": "associated" }]),
            json!([]),
        ] {
            let edit = json!({ "define-profile": { "key": "edited", "grants": grants } });
            let event = done(&mut tenant, at(), edit);
            snapshot = snapshot.after(&tenant, at(), [&event]);
            let (asked, rule) = (snapshot.as_of(at()), tenant.as_of(at()));
            for user in USERS {
                for duty in [&first, &middle, &last] {
                    for associated in [false, true] {
                        let resource = Resource {
                            associated,
                            ..Resource::default()
                        };
                        assert_eq!(
                            asked.check(user, duty, &resource),
                            rule.check(user, duty, &resource),
                            "{duties} {grants} {user} {duty} {associated}"
                        );
                    }
                }
            }
        }
    }
}
