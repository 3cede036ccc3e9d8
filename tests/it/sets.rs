//! What a snapshot hands out: sets of duties and of users, itself to readers, and what it takes.

#![expect(
    clippy::unwrap_used,
    reason = "what these tests take apart is what they made"
)]

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::DutyId;
use bailiwick::HashKey;
use bailiwick::Memory;
use bailiwick::Publisher;
use bailiwick::Resource;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::UserId;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

const DUTIES: usize = 130;

fn at() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn options() -> SnapshotOptions {
    SnapshotOptions {
        hash_key: Some(HashKey::new(*b"a key of a host!")),
    }
}

fn duty(n: usize) -> String {
    format!("office.desk.duty-{n:03}")
}

/// Every third duty is everyone's, but for the first user, who is disabled; and every fifth user has the last as well.
fn town(name: &str, users: usize) -> Tenant {
    let key = |n| format!("user-{n:05}");
    let duties: Vec<Value> = (0..DUTIES).map(|n| json!({ "key": duty(n) })).collect();
    let people: Vec<Value> = (0..users)
        .map(|n| json!({ "key": key(n), "enabled": n != 0 }))
        .collect();
    let common = (0..DUTIES)
        .step_by(3)
        .map(|n| json!({ "holder": "everyone", "on": duty(n) }));
    let more = (0..users)
        .step_by(5)
        .map(|n| json!({ "holder": format!("user:{}", key(n)), "on": duty(DUTIES - 2) }));
    let policy = json!({
        "name": name,
        "duty": duties,
        "user": people,
        "grant": common.chain(more).collect::<Vec<Value>>(),
    });
    let document = Document::from_json(&policy.to_string()).unwrap();
    Tenant::found(&document.policy).unwrap()
}

#[test]
fn a_set_has_what_was_permitted_and_nothing_of_another_tenant() {
    let (here, there) = (town("Rio Vista", 200), town("Rio Seco", 200));
    let snapshot = here.snapshot(at(), &options());
    let asked = snapshot.as_of(at());
    let users: Vec<UserId> = (0..200)
        .map(|n| snapshot.user(&format!("user-{n:05}")).unwrap())
        .collect();
    let duties: Vec<DutyId> = (0..DUTIES)
        .map(|n| snapshot.duty(&duty(n)).unwrap())
        .collect();
    let allowed = |user, duty| asked.allows(user, duty) == Ok(true);
    for user in users.iter().copied() {
        let set = asked.effective_set(user, None, false).unwrap();
        let theirs: Vec<DutyId> = duties
            .iter()
            .copied()
            .filter(|duty| allowed(user, *duty))
            .collect();
        assert!(set.iter().eq(theirs.iter().copied()), "{user:?}");
        assert!(
            duties
                .iter()
                .all(|duty| set.contains(*duty) == theirs.contains(duty)),
            "{user:?}"
        );
        assert_eq!(
            (set.len(), set.is_empty()),
            (theirs.len(), theirs.is_empty()),
            "{user:?}"
        );
    }
    // The same by the rows, and by columns once they were asked for.
    for prepared in [false, true] {
        if prepared {
            asked.prepare_who_can();
        }
        for duty in duties.iter().copied() {
            let set = asked.who_can_set(duty, &Resource::default()).unwrap();
            let able: Vec<UserId> = users
                .iter()
                .copied()
                .filter(|user| allowed(*user, duty))
                .collect();
            assert!(set.iter().eq(able.iter().copied()), "{duty:?}");
            assert!(
                users
                    .iter()
                    .all(|user| set.contains(*user) == able.contains(user)),
                "{duty:?}"
            );
            assert_eq!(
                (set.len(), set.is_empty()),
                (able.len(), able.is_empty()),
                "{duty:?}"
            );
        }
    }
    let last = asked
        .who_can_set(duty(DUTIES - 2).as_str(), &Resource::default())
        .unwrap();
    assert_eq!(
        (last.len(), last.contains(there.user("user-00005").unwrap())),
        (39, false)
    );
    let five = asked.effective_set("user-00005", None, false).unwrap();
    assert_eq!(
        (five.len(), five.contains(there.duty(&duty(0)).unwrap())),
        (45, false)
    );
}

#[test]
fn a_set_is_shown_by_its_handles() {
    let snapshot = town("Rio Vista", 7).snapshot(at(), &options());
    let asked = snapshot.as_of(at());
    let last = asked
        .who_can_set(duty(DUTIES - 2).as_str(), &Resource::default())
        .unwrap();
    assert_eq!(format!("{last:?}"), "{UserId(5)}");
    let none = asked.effective_set("user-00000", None, false).unwrap();
    assert_eq!(format!("{none:?}"), "{}");
    let some = format!(
        "{:?}",
        asked.effective_set("user-00001", None, false).unwrap()
    );
    assert!(
        some.starts_with("{DutyId(0), DutyId(3), DutyId(6), "),
        "{some}"
    );
}

#[test]
fn a_reader_has_the_newest_that_was_published() {
    let mut tenant = town("Rio Vista", 7);
    let first = tenant.snapshot(at(), &options());
    let publisher = Publisher::new(first.clone());
    let mut reader = publisher.reader();
    assert_eq!(reader.snapshot().revision(), 0);
    let disable: Command =
        serde_json::from_value(json!({ "disable": { "user": "user-00001" } })).unwrap();
    let event = tenant
        .execute(&Stamp::new(at(), Actor::System), &disable)
        .unwrap();
    let next = first.after(&tenant, at(), [&event]);
    assert_eq!(
        reader.snapshot().revision(),
        0,
        "nothing is seen before it is published"
    );
    publisher.publish(next);
    let (seen, duty) = (reader.snapshot(), duty(0));
    assert_eq!(seen.revision(), 1);
    assert_eq!(
        seen.as_of(at()).allows("user-00001", duty.as_str()),
        Ok(false)
    );
    assert_eq!(publisher.reader().snapshot().revision(), 1);
}

#[test]
fn a_duty_that_came_later_is_unknown_to_an_earlier_snapshot() {
    let mut tenant = town("Rio Vista", 7);
    let snapshot = tenant.snapshot(at(), &options());
    let add: Command =
        serde_json::from_value(json!({ "add-duty": { "key": "office.desk.later" } })).unwrap();
    tenant
        .execute(&Stamp::new(at(), Actor::System), &add)
        .unwrap();
    let (user, later) = (
        tenant.user("user-00001").unwrap(),
        tenant.duty("office.desk.later").unwrap(),
    );
    let asked = snapshot.as_of(at());
    let code = |error: bailiwick::QuestionError| error.code();
    assert_eq!(asked.allows(user, later).map_err(code), Err("unknown-duty"));
    let check = asked.check(user, later, &Resource::default());
    assert_eq!(check.map_err(code), Err("unknown-duty"));
}

/// The parts are counted by hand: one number for each user in blocks of 4,096; the rows, and of those that are users'
/// own whose they are; the classes; of each key its text, where it starts, and slots of which an eighth is free, or more where keys are few; and
/// a column for each duty.
#[test]
fn it_takes_what_its_parts_take() {
    let users = 5_000;
    let tenant = town("Rio Vista", users);
    let blocks = 2 * (4_096 * 4 + 8);
    // A head and a plane of three words; a user's own has two more, for the ranks. The first user is disabled.
    let own = users / 5 - 1;
    let rows = 2 * (1 + 3) * 8 + own * ((1 + 3 * 3) * 8 + 12);
    // Two classes, and none that came later: of each four parts, and its row.
    let classes = 2 * (4 * 2 + 4);
    let keys = |count: usize, slots: usize| count * 24 + (count + 1) * 4 + slots * 8;
    for (options, order, names) in [
        (SnapshotOptions::default(), 2 * 4, 0),
        (
            options(),
            8 * 4,
            keys(users, 8_192) + keys(0, 8) + keys(DUTIES, 512),
        ),
    ] {
        let snapshot = tenant.snapshot(at(), &options);
        let mut expected = Memory {
            decisions: blocks + rows + classes + order,
            names,
            columns: 0,
        };
        assert_eq!(snapshot.memory(), expected);
        snapshot.as_of(at()).prepare_who_can();
        expected.columns = DUTIES * users.div_ceil(64) * 8;
        assert_eq!(snapshot.memory(), expected);
    }
}
