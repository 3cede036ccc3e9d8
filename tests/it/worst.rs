//! The worst that a tenant can be: answers stay right, and what they take grows no faster than what is asked about.
//!
//! Times are the least of several tries, and bounds are ratios with room to spare, so that a busy machine is no
//! failure; what is quadratic misses them by far.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::HashKey;
use bailiwick::HolderKey;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::policy;
use bailiwick::policy::Terms;
use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

/// What a hundred times as much may take at most, times as long.
const LINEAR: f64 = 300.0;
/// What does not depend on the size may take at most, times as long.
const FLAT: f64 = 8.0;

fn at() -> Timestamp {
    Timestamp::from_unix(1_767_603_600).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(at().as_unix() + seconds).unwrap()
}

fn options() -> SnapshotOptions {
    SnapshotOptions {
        hash_key: Some(HashKey::new(*b"a key of a host!")),
    }
}

fn duty(n: usize) -> String {
    format!("m{}.o{}.a{n}", n % 7, n % 31)
}

/// An organisation with so many duties and users, and nobody who may do anything.
fn empty(duties: usize, users: usize) -> Policy {
    let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
    policy.duties = (0..duties)
        .map(|n| policy::Duty::new(duty(n).parse().unwrap()))
        .collect();
    policy.users = (0..users)
        .map(|n| policy::User::new(format!("user-{n}").parse().unwrap()))
        .collect();
    policy
}

fn holder(user: usize) -> HolderKey {
    HolderKey::User(format!("user-{user}").parse().unwrap())
}

fn grant(
    holder: HolderKey,
    on: &str,
    scope: Option<&str>,
    until: Option<Timestamp>,
) -> policy::Grant {
    policy::Grant {
        holder,
        on: on.parse().unwrap(),
        scope: scope.map(|scope| scope.parse().unwrap()),
        reach: None,
        ceiling: None,
        terms: Terms {
            until,
            ..Terms::default()
        },
    }
}

/// A user is a clerk.
fn clerk(user: usize) -> policy::Assign {
    policy::Assign::new(holder(user), "clerk".parse().unwrap())
}

fn profile(duties: usize) -> policy::Profile {
    policy::Profile {
        key: "clerk".parse().unwrap(),
        label: None,
        grants: (0..duties)
            .map(|n| policy::ProfileGrant::Target(duty(n).parse().unwrap()))
            .collect(),
        except: Vec::new(),
        limits: Vec::new(),
        ceilings: std::collections::BTreeMap::new(),
    }
}

fn node(key: &str, parent: Option<&str>) -> policy::Node {
    policy::Node {
        key: key.parse().unwrap(),
        label: None,
        parent: parent.map(|parent| parent.parse().unwrap()),
    }
}

fn found(policy: &Policy) -> Tenant {
    Tenant::found(policy).unwrap()
}

/// The least time of several tries.
fn least(tries: usize, mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..tries).map(|_| time(&mut work)).min().unwrap()
}

/// How long the larger takes, times as long as the smaller.
#[track_caller]
fn within(bound: f64, what: &str, small: Duration, large: Duration) {
    let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-7);
    assert!(
        ratio <= bound,
        "{what}: {large:?} is {ratio:.1} times {small:?}"
    );
}

/// How long a hundred checks of a user take, at an instant.
fn checks(snapshot: &Snapshot, user: usize, at: Timestamp) -> Duration {
    let (asked, bare) = (snapshot.as_of(at), Resource::default());
    let user = snapshot.user(&format!("user-{user}")).unwrap();
    let duties: Vec<_> = (0..100).map(|n| snapshot.duty(&duty(n)).unwrap()).collect();
    least(50, || {
        for duty in &duties {
            let _ = black_box(asked.check(user, *duty, &bare).unwrap());
        }
    })
}

/// That a snapshot answers what the rule does, of some users and duties.
#[track_caller]
fn right(snapshot: &Snapshot, tenant: &Tenant, at: Timestamp, users: usize) {
    for user in (0..users)
        .step_by(1 + users / 20)
        .map(|n| format!("user-{n}"))
    {
        for duty in (0..100).step_by(9).map(duty) {
            let bare = Resource::default();
            let asked = snapshot
                .as_of(at)
                .check(user.as_str(), duty.as_str(), &bare);
            let rule = tenant.as_of(at).check(user.as_str(), duty.as_str(), &bare);
            assert_eq!(asked, rule, "{user} {duty} at {at}");
        }
    }
}

#[test]
fn ten_thousand_entries_of_one_user() {
    let of = |entries: usize| {
        let mut policy = empty(500, 2);
        policy.scopes = (0..20).map(|n| node(&format!("s{n}"), None)).collect();
        let spots = (0..500).flat_map(|n| (0..20).map(move |scope| (n, scope)));
        let grants = spots
            .take(entries)
            .map(|(n, scope)| grant(holder(0), &duty(n), Some(&format!("s{scope}")), None));
        policy.grants = grants.collect();
        let tenant = found(&policy);
        let snapshot = tenant.snapshot(at(), &options());
        right(&snapshot, &tenant, at(), 2);
        let in_scope = Resource {
            scope: Some("s7".into()),
            ..Resource::default()
        };
        let user = snapshot.user("user-0").unwrap();
        let scoped = least(50, || {
            for n in 0..100 {
                let _ = black_box(
                    snapshot
                        .as_of(at())
                        .check(user, duty(n).as_str(), &in_scope)
                        .unwrap(),
                );
            }
        });
        let compile = least(5, || {
            black_box(tenant.snapshot(at(), &options()));
        });
        (checks(&snapshot, 0, at()), scoped, compile)
    };
    let (small, large) = (of(100), of(10_000));
    within(FLAT, "a check", small.0, large.0);
    within(FLAT, "a check in a scope", small.1, large.1);
    within(LINEAR, "compiling", small.2, large.2);
    assert!(
        large.0 < Duration::from_millis(1),
        "a hundred checks take {:?}",
        large.0
    );
}

#[test]
fn a_profile_that_everyone_has_is_edited() {
    let of = |users: usize| {
        let mut policy = empty(200, users);
        policy.profiles.push(profile(50));
        policy.assignments = (0..users).map(clerk).collect();
        let mut tenant = found(&policy);
        let snapshot = tenant.snapshot(at(), &options());
        let edit = Command::DefineProfile(profile(60));
        let event = tenant
            .execute(&Stamp::new(at(), Actor::System), &edit)
            .unwrap();
        let next = snapshot.after(&tenant, at(), [&event]);
        right(&next, &tenant, at(), users);
        let refresh = least(50, || {
            black_box(snapshot.after(&tenant, at(), [&event]));
        });
        (checks(&next, 1, at()), refresh)
    };
    let (small, large) = (of(100), of(10_000));
    within(FLAT, "a check", small.0, large.0);
    within(FLAT, "a refresh, by combinations", small.1, large.1);
}

#[test]
fn ten_thousand_entries_end_in_the_same_second_and_every_row_with_them() {
    let of = |users: usize| {
        let mut policy = empty(200, users);
        let grants =
            (0..users).map(|user| grant(holder(user), &duty(user % 100), None, Some(later(60))));
        policy.grants = grants.collect();
        let tenant = found(&policy);
        let snapshot = tenant.snapshot(at(), &options());
        assert_eq!(snapshot.until(), Some(later(60)));
        // All rows have ended: answers are right, if slower.
        right(&snapshot, &tenant, later(60), users);
        let ended = checks(&snapshot, 1, later(60));
        let refresh = least(5, || {
            black_box(snapshot.after(&tenant, later(60), []));
        });
        let next = snapshot.after(&tenant, later(60), []);
        right(&next, &tenant, later(60), users);
        assert_eq!(next.until(), None);
        let who = least(5, || {
            let able = snapshot
                .as_of(later(60))
                .who_can_count(duty(1).as_str(), &Resource::default());
            assert_eq!(able, Ok(0));
        });
        (ended, checks(&next, 1, later(60)), refresh, who)
    };
    let (small, large) = (of(100), of(10_000));
    within(FLAT, "a check of a row that has ended", small.0, large.0);
    within(FLAT, "a check after the refresh", small.1, large.1);
    within(LINEAR, "the refresh", small.2, large.2);
    within(LINEAR, "who can, of rows that have ended", small.3, large.3);
    assert!(
        large.0 < Duration::from_millis(1),
        "a hundred checks take {:?}",
        large.0
    );
}

#[test]
fn group_trees_of_full_width_and_depth() {
    let of = |groups: usize| {
        let mut policy = empty(200, 4 * groups);
        policy.groups.push(node("top", None));
        for n in 0..groups {
            policy.groups.push(node(&format!("b{n}"), Some("top")));
            for (level, above) in [("c", "b"), ("d", "c")] {
                policy
                    .groups
                    .push(node(&format!("{level}{n}"), Some(&format!("{above}{n}"))));
            }
            let holder = HolderKey::Group(format!("b{n}").parse().unwrap());
            policy
                .grants
                .push(grant(holder, &duty(n % 100), None, None));
        }
        for (n, user) in policy.users.iter_mut().enumerate() {
            let group = format!("d{}", n % groups).parse().unwrap();
            user.groups.push(group);
        }
        let mut tenant = found(&policy);
        let snapshot = tenant.snapshot(at(), &options());
        right(&snapshot, &tenant, at(), 4 * groups);
        let top = grant(
            HolderKey::Group("top".parse().unwrap()),
            &duty(150),
            None,
            None,
        );
        let event = tenant
            .execute(&Stamp::new(at(), Actor::System), &Command::Grant(top))
            .unwrap();
        let next = snapshot.after(&tenant, at(), [&event]);
        right(&next, &tenant, at(), 4 * groups);
        let refresh = least(10, || {
            black_box(snapshot.after(&tenant, at(), [&event]));
        });
        let compile = least(5, || {
            black_box(tenant.snapshot(at(), &options()));
        });
        (checks(&next, 1, at()), refresh, compile)
    };
    let (small, large) = (of(100), of(2_000));
    within(FLAT, "a check", small.0, large.0);
    within(
        LINEAR / 5.0,
        "a refresh, of twenty times as many",
        small.1,
        large.1,
    );
    within(
        LINEAR / 5.0,
        "compiling twenty times as many",
        small.2,
        large.2,
    );
}

#[test]
fn an_account_of_one_user_does_not_grow_with_the_others() {
    let of = |users: usize| {
        let mut policy = empty(200, users);
        policy.profiles.push(profile(50));
        policy.assignments = (1..users).map(clerk).collect();
        policy.grants = (0..users)
            .map(|user| grant(holder(user), &duty(60), None, Some(later(60))))
            .collect();
        let tenant = found(&policy);
        let (bare, user) = (Resource::default(), format!("user-{}", users / 2));
        let asked = tenant.as_of(at());
        let explain = least(200, || {
            black_box(asked.explain(&user, duty(60).as_str(), &bare).unwrap());
        });
        let until = least(200, || {
            let until = asked.until(&user, duty(60).as_str(), &bare);
            assert_eq!(until, Ok(Some(later(60))));
        });
        let remedies = least(200, || {
            let remedies = tenant.remedies(at(), "user-0", duty(7).as_str(), &bare);
            assert_eq!(remedies.unwrap().len(), 2);
        });
        (explain, until, remedies)
    };
    let (small, large) = (of(100), of(10_000));
    within(FLAT, "why", small.0, large.0);
    within(FLAT, "until when", small.1, large.1);
    within(FLAT, "what would lift a denial", small.2, large.2);
}

/// Whoever prepares for it counts by what is stored of each duty, and not user by user.
#[test]
fn who_can_is_counted_at_once_by_columns() {
    let users = 20_000;
    let mut policy = empty(200, users);
    policy.profiles.push(profile(50));
    policy.assignments = (0..users).step_by(2).map(clerk).collect();
    let snapshot = found(&policy).snapshot(at(), &options());
    let (asked, duty) = (
        snapshot.as_of(at()),
        snapshot.duty(duty(7).as_str()).unwrap(),
    );
    let count = || {
        least(50, || {
            let able = asked.who_can_count(duty, &Resource::default());
            assert_eq!(able, Ok(users / 2));
        })
    };
    let by_rows = count();
    asked.prepare_who_can();
    let by_columns = count();
    assert!(
        by_columns * 5 < by_rows,
        "{by_columns:?} by columns and {by_rows:?} by rows"
    );
}
