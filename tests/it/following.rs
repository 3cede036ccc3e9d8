//! What follows a tenant event by event answers as what is made from scratch: snapshots, and replicas elsewhere.

use crate::oracle::stories::story;
use bailiwick::Actor;
use bailiwick::Change;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::HashKey;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Replica;
use bailiwick::ReplicaError;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

fn options(keyed: bool) -> SnapshotOptions {
    SnapshotOptions {
        hash_key: keyed.then(|| HashKey::new(*b"a key of a host!")),
    }
}

/// A tenant, and the commands of its story in order.
pub(crate) fn played(seed: u64, duties: usize) -> (Tenant, Vec<(Timestamp, Actor, Command)>) {
    let story = story(seed, 24, duties, 50, seed.is_multiple_of(3));
    let document = Document::from_json(&story["policy"].to_string()).unwrap();
    let tenant = Tenant::found(&document.policy).unwrap();
    let mut commands = Vec::new();
    for (n, step) in story["steps"].as_array().unwrap().iter().enumerate() {
        let at: Timestamp = step["at"].as_str().unwrap().parse().unwrap();
        if let Some(command) = step.get("do") {
            let node = Node::from_json(&command.to_string()).unwrap();
            // A story has commands that cannot even be read.
            if let Ok(command) = Command::from_node(&node, &Names::default()) {
                let by = step["by"].as_str().unwrap().parse().unwrap();
                commands.push((at, by, command));
            }
        }
        let more = rare(seed.wrapping_add(n as u64 * 7), &story["policy"]);
        commands.extend(more.map(|command| (at, Actor::System, command)));
    }
    (tenant, commands)
}

/// A command of a kind that stories have seldom or never, now and then.
fn rare(seed: u64, policy: &Value) -> Option<Command> {
    let pick = |list: &str| {
        let rows = policy.get(list)?.as_array()?;
        rows.get(usize::try_from(seed / 16).ok()? % rows.len().max(1))?["key"].as_str()
    };
    let user = || pick("user");
    let command = match seed % 16 {
        0 => {
            json!({ "switch-module": { "module": pick("duty")?.split('.').next()?, "enabled": !seed.is_multiple_of(3) } })
        }
        1 => json!({ "retire-profile": { "profile": pick("profile")? } }),
        2 if seed.is_multiple_of(5) => json!({ "offboard": {
            "user": user()?,
            "successor": policy["user"].as_array()?.last()?["key"],
        } }),
        3 => json!({ "add-module": { "key": format!("new-{seed}") } }),
        4 => json!({ "add-department": { "key": format!("new-{seed}") } }),
        5 => json!({ "disable": { "user": user()? } }),
        7 => json!({ "add-user": { "key": format!("new-{seed}") } }),
        8 if seed.is_multiple_of(3) => {
            json!({ "add-duty": { "key": format!("new.new.new-{seed}") } })
        }
        6 => json!({ "enable": { "user": user()? } }),
        _ => return None,
    };
    Some(serde_json::from_value(command).unwrap())
}

/// All that is asked of both: they answer the same, and the one that followed does not trust its rows for longer.
#[track_caller]
fn same(followed: &Snapshot, anew: &Snapshot, tenant: &Tenant, at: Timestamp, what: &str) {
    let (a, b, rule) = (followed.as_of(at), anew.as_of(at), tenant.as_of(at));
    let text = serde_json::to_value(tenant).unwrap();
    let keys = |list: &Value| -> Vec<String> {
        let key = |row: &Value| row["key"].as_str().unwrap_or_default().to_owned();
        list.as_array().unwrap().iter().map(key).collect()
    };
    let mut scopes = vec![None];
    scopes.extend(keys(&text["model"]["scopes"]).into_iter().map(Some));
    let duties = keys(&text["model"]["catalog"]["duties"]);
    let some = duties.iter().step_by(1 + duties.len() / 12);
    for user in rule.users() {
        let user = user.as_str();
        let id = followed.user(user).unwrap();
        assert_eq!(anew.user(user), Ok(id), "{what}");
        assert_eq!(a.seat(id), b.seat(id), "{what}: {user}");
        for (scope, associated) in scopes
            .iter()
            .flat_map(|scope| [(scope, false), (scope, true)])
        {
            let place = scope.as_deref().map(Into::into);
            let effective = a.effective(id, place, associated).unwrap();
            assert_eq!(
                Ok(&effective),
                b.effective(id, place, associated).as_ref(),
                "{what}: {user} {scope:?}"
            );
            assert_eq!(
                effective,
                rule.effective(user, place, associated).unwrap(),
                "{what}: {user} {scope:?}"
            );
            let resource = Resource {
                scope: place,
                associated,
                ..Resource::default()
            };
            for duty in some.clone() {
                let duty = duty.as_str();
                let decided = rule.check(user, duty, &resource);
                assert_eq!(
                    a.check(id, duty, &resource),
                    decided,
                    "{what}: {user} {duty} {scope:?} at {at}"
                );
                assert_eq!(
                    b.check(id, duty, &resource),
                    decided,
                    "{what}: {user} {duty} {scope:?} at {at}"
                );
                let object = duty.rsplit_once('.').unwrap().0;
                assert_eq!(
                    a.level(id, object, &resource),
                    b.level(id, object, &resource),
                    "{what}"
                );
                assert_eq!(
                    a.until(id, duty, &resource),
                    b.until(id, duty, &resource),
                    "{what}"
                );
            }
        }
        for duty in some.clone() {
            let duty = duty.as_str();
            assert_eq!(
                a.allows(id, duty),
                b.allows(id, duty),
                "{what}: {user} {duty} at {at}"
            );
            assert_eq!(
                a.filter(id, duty),
                b.filter(id, duty),
                "{what}: {user} {duty} at {at}"
            );
        }
    }
    for duty in some {
        let able = b.who_can(duty.as_str(), &Resource::default());
        assert_eq!(
            a.who_can(duty.as_str(), &Resource::default()),
            able,
            "{what}: {duty} at {at}"
        );
        let count = able.map(|users| users.len());
        assert_eq!(
            a.who_can_count(duty.as_str(), &Resource::default()),
            count,
            "{what}: {duty} at {at}"
        );
    }
}

/// That the one that followed holds no longer than one made anew.
#[track_caller]
fn no_longer(followed: &Snapshot, anew: &Snapshot, what: &str) {
    let until = |snapshot: &Snapshot| snapshot.until().map_or(i64::MAX, Timestamp::as_unix);
    assert!(
        until(followed) <= until(anew),
        "{what}: {:?} and {:?}",
        followed.until(),
        anew.until()
    );
}

fn name_of(change: &Change) -> String {
    let value = serde_json::to_value(change).unwrap();
    value.as_object().unwrap().keys().next().unwrap().clone()
}

#[test]
fn a_snapshot_that_follows_every_event_answers_as_one_made_anew() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..60 {
        let (mut tenant, commands) =
            played(seed, [1, 5, 20, 65][usize::try_from(seed % 4).unwrap()]);
        let Some((first, ..)) = commands.first() else {
            continue;
        };
        let options = options(seed % 2 == 0);
        let mut snapshot = tenant.snapshot(*first, &options);
        let mut alone = tenant.snapshot(*first, &options);
        let (mut early, mut since) = (snapshot.clone(), Vec::<Event>::new());
        for (n, (at, by, command)) in commands.iter().enumerate() {
            let Ok(event) = tenant.execute(&Stamp::new(*at, by.clone()), command) else {
                continue;
            };
            for change in &event.changes {
                *seen.entry(name_of(change)).or_default() += 1;
            }
            let what = format!("seed {seed}, step {n}, {command:?}");
            snapshot = snapshot.after(&tenant, *at, [&event]);
            alone.advance(&tenant, *at, [&event]);
            since.push(event);
            assert_eq!(snapshot.revision(), tenant.revision());
            let anew = tenant.snapshot(*at, &options);
            same(&snapshot, &anew, &tenant, *at, &what);
            no_longer(&snapshot, &anew, &what);
            same(&alone, &anew, &tenant, *at, &format!("{what}, in place"));
            no_longer(&alone, &anew, &what);
            if n % 5 == 4 {
                // Several at once; with one missing; and at a later instant.
                let what = format!("{what}, at once");
                let together = early.after(&tenant, *at, &since);
                same(&together, &anew, &tenant, *at, &what);
                no_longer(&together, &anew, &what);
                let unaware = early.after(&tenant, *at, since.iter().skip(1));
                same(
                    &unaware,
                    &anew,
                    &tenant,
                    *at,
                    &format!("{what}, the first unknown"),
                );
                (early, since) = (snapshot.clone(), Vec::new());
            }
            if let Some(edge) = anew.until().filter(|_| n % 3 == 0) {
                let before = Timestamp::from_unix(edge.as_unix() - 1).unwrap();
                for at in [before, edge] {
                    let what = format!("{what}, later");
                    same(&snapshot, &anew, &tenant, at, &what);
                    let renewed = snapshot.after(&tenant, at, []);
                    let anew = tenant.snapshot(at, &options);
                    same(&renewed, &anew, &tenant, at, &what);
                    no_longer(&renewed, &anew, &what);
                }
            }
        }
    }
    let wanted = [
        "user-added",
        "person-changed",
        "made",
        "ended",
        "scope-added",
        "group-added",
        "module-added",
        "duty-added",
        "module-switched",
        "mode-changed",
        "profile-defined",
        "profile-retired",
    ];
    for kind in wanted {
        assert!(
            seen.get(kind).is_some_and(|times| *times > 3),
            "{kind}: {seen:?}"
        );
    }
}

#[test]
fn a_replica_that_gets_state_and_events_as_data_answers_as_the_tenant() {
    for seed in 100..112 {
        let (mut tenant, commands) = played(seed, 20);
        let Some((first, ..)) = commands.first() else {
            continue;
        };
        let sent = serde_json::to_string(&tenant).unwrap();
        let received: Tenant = serde_json::from_str(&sent).unwrap();
        let mut replica = Replica::new(received, *first, &options(true));
        let mut lines = Vec::new();
        for (at, by, command) in &commands {
            if let Ok(event) = tenant.execute(&Stamp::new(*at, by.clone()), command) {
                lines.push((*at, serde_json::to_string(&event).unwrap()));
            }
        }
        let events: Vec<Event> = lines
            .iter()
            .map(|(_, line)| serde_json::from_str(line).unwrap())
            .collect();
        for (n, event) in events.iter().enumerate() {
            if n == 2 {
                // One that comes too early is told, with nothing changed; one that comes twice is passed over.
                let missed = replica.follow(events.get(3)).map_err(|error| error.code());
                assert_eq!(
                    missed,
                    if events.len() > 3 {
                        Err("missed-events")
                    } else {
                        Ok(())
                    }
                );
                assert_eq!(replica.revision(), 2);
                replica.follow(&events[..2]).unwrap();
                assert_eq!(replica.at_least(3).unwrap_err().code(), "behind");
            }
            replica.follow([event]).unwrap();
            assert_eq!(
                replica.at_least(event.revision).map(Snapshot::revision),
                Ok(event.revision)
            );
        }
        assert_eq!(
            serde_json::to_string(replica.tenant()).unwrap(),
            serde_json::to_string(&tenant).unwrap()
        );
        let Some((at, _)) = lines.last() else {
            continue;
        };
        let anew = tenant.snapshot(*at, &options(true));
        same(
            replica.snapshot(),
            &anew,
            &tenant,
            *at,
            &format!("seed {seed}"),
        );
        let mut other: Event = events[events.len() - 1].clone();
        other.revision += 1;
        other.schema += 1;
        assert_eq!(replica.follow([&other]).unwrap_err().code(), "unfit-event");
        let mut late = Replica::new(serde_json::from_str(&sent).unwrap(), *at, &options(false));
        late.follow(&events).unwrap();
        same(
            late.snapshot(),
            &anew,
            &tenant,
            *at,
            &format!("seed {seed}, late"),
        );
    }
}

/// Every user differs by what is said of three duties, by a limit and by a group; all have one profile, which is
/// edited again and again.
#[test]
fn own_entries_stay_over_a_profile_that_is_edited() {
    const DUTIES: [&str; 4] = ["fin.po.view", "fin.po.pay", "fin.po.void", "old.book.view"];
    let says = |n: usize, place: u32| n / 4_usize.pow(place) % 4;
    let mut people = json!({
        "name": "Rio Seco",
        "duty": DUTIES.map(|key| json!({ "key": key })),
        "module": [{ "key": "old", "enabled": false }],
        "limit": [{ "key": "open-only", "on": ["fin.po.pay"], "requires": "open" }],
        "group": [{ "key": "barred" }, { "key": "near" }],
        "profile": [{ "key": "clerk", "grants": [] }],
        "revoke": [{ "holder": "group:barred", "on": DUTIES[0] }],
        "grant": [{ "holder": "group:near", "on": DUTIES[1], "reach": "associated" }],
    });
    for list in ["user", "assign", "restrict"] {
        people[list] = json!([]);
    }
    let mut add = |list: &str, row: Value| people[list].as_array_mut().unwrap().push(row);
    for n in 0..64 * 2 * 3 {
        let (user, groups) = (format!("u{n}"), [vec![], vec!["barred"], vec!["near"]]);
        add("user", json!({ "key": user, "groups": groups[n / 128] }));
        let holder = format!("user:{user}");
        add("assign", json!({ "holder": holder, "profile": "clerk" }));
        if n / 64 % 2 == 1 {
            add(
                "restrict",
                json!({ "holder": holder, "limit": "open-only" }),
            );
        }
        for (place, duty) in (0..3).zip(DUTIES) {
            match says(n, place) {
                1 => add("grant", json!({ "holder": holder, "on": duty })),
                2 => add(
                    "grant",
                    json!({ "holder": holder, "on": duty, "reach": "associated" }),
                ),
                3 => add("revoke", json!({ "holder": holder, "on": duty })),
                _ => {}
            }
        }
    }
    let document = Document::from_json(&people.to_string()).unwrap();
    let mut tenant = Tenant::found(&document.policy).unwrap();
    let at: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let mut followed = tenant.snapshot(at, &options(true));
    for edit in 0..81_usize {
        // Every content of four duties, each after one that is far from it; a limit now and then.
        let content = edit * 32 % 81;
        let grants: Vec<Value> = (0..4)
            .zip(DUTIES)
            .filter_map(|(place, duty)| match content / 3_usize.pow(place) % 3 {
                1 => Some(json!(duty)),
                2 => Some(json!({ "on": duty, "reach": "associated" })),
                _ => None,
            })
            .collect();
        let limits: &[&str] = if edit % 9 == 4 { &["open-only"] } else { &[] };
        let command =
            json!({ "define-profile": { "key": "clerk", "grants": grants, "limits": limits } });
        let command: Command = serde_json::from_value(command).unwrap();
        let event = tenant.execute(&Stamp::new(at, Actor::System), &command);
        followed = followed.after(&tenant, at, [&event.unwrap()]);
        let (asked, rule) = (followed.as_of(at), tenant.as_of(at));
        for user in rule.users() {
            for (duty, associated) in DUTIES
                .iter()
                .flat_map(|duty| [(*duty, false), (*duty, true)])
            {
                let resource = Resource {
                    associated,
                    ..Resource::default()
                };
                assert_eq!(
                    asked.check(user.as_str(), duty, &resource),
                    rule.check(user.as_str(), duty, &resource),
                    "edit {edit}: {user} {duty} {associated} {command:?}"
                );
            }
        }
    }
}

#[test]
fn a_replica_is_made_ready_for_a_later_instant_and_says_what_it_misses() {
    let grant = json!([{ "holder": "user:ana", "on": "a.b.c", "until": "2026-02-01T00:00:00Z" }]);
    let policy =
        json!({ "duty": [{ "key": "a.b.c" }], "user": [{ "key": "ana" }], "grant": grant });
    let tenant = Tenant::from_json(&policy.to_string()).unwrap();
    let (before, end) = (
        "2026-01-05T09:00:00Z".parse().unwrap(),
        "2026-02-01T00:00:00Z".parse().unwrap(),
    );
    let mut replica = Replica::new(tenant, before, &options(true));
    assert_eq!(replica.snapshot().until(), Some(end));
    replica.refresh(end);
    assert_eq!(replica.snapshot().until(), None);
    assert_eq!(
        replica.snapshot().as_of(end).allows("ana", "a.b.c"),
        Ok(false)
    );

    let texts = |error: &ReplicaError| {
        assert_eq!(error.to_string(), error.localized(Language::English));
        [Language::English, Language::Spanish].map(|language| error.localized(language))
    };
    let behind = replica.at_least(3).unwrap_err();
    assert_eq!(
        texts(&behind),
        [
            "the replica is at revision 0, before 3",
            "la réplica está en la revisión 0, antes de la 3"
        ]
    );
    assert_eq!(
        texts(&ReplicaError::MissedEvents { at: 4, got: 9 }),
        [
            "event 9 came to a replica at revision 4: events are missing",
            "el suceso 9 llegó a una réplica en la revisión 4: faltan sucesos"
        ]
    );
}
