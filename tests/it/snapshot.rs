//! What a snapshot answers is what the rule answers, at every instant.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what these tests take apart is what they made"
)]

use crate::oracle::worlds::CATALOG_SIZES;
use crate::oracle::worlds::world;
use bailiwick::Decision;
use bailiwick::HashKey;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use serde_json::Value;

const QUALIFIERS: [&[&str]; 2] = [&[], &["published", "signed"]];

/// Numbers that depend on the seed alone.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn some<T: Clone>(&mut self, list: &[T], most: usize) -> Vec<T> {
        if list.len() <= most {
            return list.to_vec();
        }
        (0..most)
            .map(|_| list[self.below(list.len())].clone())
            .collect()
    }
}

/// A random policy, and the instants around which it differs.
fn policy(seed: u64, size: usize, duties: usize) -> (Policy, Vec<Timestamp>) {
    let document = world(seed, size, duties).document;
    let instants = instants(&document);
    let document = Document::from_json(&document.to_string()).unwrap();
    (document.policy, instants)
}

fn options(keyed: bool) -> SnapshotOptions {
    SnapshotOptions {
        hash_key: keyed.then(|| HashKey::new(*b"a key of a host!")),
    }
}

/// Every instant at which something begins or ends, the one before and the one after.
fn instants(document: &Value) -> Vec<Timestamp> {
    fn collect(value: &Value, into: &mut Vec<i64>) {
        match value {
            Value::String(text) => {
                if let Ok(at) = text.parse::<Timestamp>() {
                    into.push(at.as_unix());
                }
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, into)),
            _ => {}
        }
    }
    let mut edges = vec![0];
    collect(document, &mut edges);
    let near = edges.iter().flat_map(|edge| [edge - 1, *edge, edge + 1]);
    let mut near: Vec<Timestamp> = near
        .filter_map(|edge| Timestamp::from_unix(edge).ok())
        .collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// Asks a snapshot and the rule the same, and tells where they differ.
#[track_caller]
fn agree(
    snapshot: &Snapshot,
    tenant: &Tenant,
    policy: &Policy,
    instants: &[Timestamp],
    draw: &mut Draw,
    what: &str,
) {
    for at in draw.some(instants, 5) {
        agree_at(snapshot, tenant, policy, at, draw, what);
    }
}

#[track_caller]
fn agree_at(
    snapshot: &Snapshot,
    tenant: &Tenant,
    policy: &Policy,
    at: Timestamp,
    draw: &mut Draw,
    what: &str,
) {
    let (compiled, rule) = (snapshot.as_of(at), tenant.as_of(at));
    let duties: Vec<&str> = policy.duties.iter().map(|duty| duty.key.as_str()).collect();
    let duties = draw.some(&duties, 24);
    let scopes: Vec<Option<&str>> = policy
        .scopes
        .iter()
        .map(|scope| Some(scope.key.as_str()))
        .chain([None])
        .collect();
    let scopes = draw.some(&scopes, 5);
    let team = policy.teams.first().map(|team| team.key.as_str());
    for user in policy.users.iter().map(|user| user.key.as_str()) {
        let handle = snapshot.user(user).unwrap();
        assert_eq!(tenant.user(user), Ok(handle), "{what}");
        for scope in &scopes {
            for associated in [false, true] {
                let place = scope.map(Into::into);
                let effective = rule.effective(user, place, associated).unwrap();
                assert_eq!(
                    compiled.effective(user, place, associated).unwrap(),
                    effective,
                    "{what}: {user} in {scope:?} at {at}, associated: {associated}"
                );
                for (duty, qualifiers) in duties
                    .iter()
                    .flat_map(|duty| QUALIFIERS.map(|q| (*duty, q)))
                {
                    let resource = Resource {
                        scope: place,
                        associated,
                        qualifiers,
                        ..Resource::default()
                    };
                    let id = snapshot.duty(duty).unwrap();
                    let decided = rule.check(user, duty, &resource).unwrap();
                    let asked = compiled.check(handle, id, &resource).unwrap();
                    assert_eq!(asked, decided, "{what}: {user} {duty} {resource:?} at {at}");
                    if qualifiers.is_empty() {
                        let listed = effective.iter().any(|key| key.as_str() == duty);
                        assert_eq!(listed, decided.is_permit(), "{what}");
                    }
                }
            }
        }
        for duty in &duties {
            let resource = Resource {
                team: team.map(Into::into),
                private: draw.below(4) == 0,
                item: Some("case-1"),
                amount: Some(bailiwick::policy::Amount::new(500).unwrap()),
                associated: true,
                ..Resource::default()
            };
            assert_eq!(
                compiled.check(user, *duty, &resource),
                rule.check(user, *duty, &resource)
            );
            let bare = rule
                .check(user, *duty, &Resource::default())
                .map(Decision::is_permit);
            for allows in [compiled.allows(user, *duty), rule.allows(user, *duty)] {
                assert_eq!(allows, bare, "{what}: {user} {duty} at {at}");
            }
        }
    }
    for duty in duties.iter().take(6) {
        for scope in scopes.iter().take(2) {
            for (associated, qualifiers) in [(false, QUALIFIERS[0]), (true, QUALIFIERS[1])] {
                let resource = Resource {
                    scope: scope.map(Into::into),
                    associated,
                    qualifiers,
                    ..Resource::default()
                };
                let able = rule.who_can(*duty, &resource).unwrap();
                assert_eq!(compiled.who_can(*duty, &resource).unwrap(), able, "{what}");
                assert_eq!(compiled.who_can_count(*duty, &resource), Ok(able.len()));
            }
        }
    }
}

#[test]
fn a_snapshot_answers_as_the_rule_does() {
    for (round, duties) in CATALOG_SIZES
        .iter()
        .filter(|size| **size <= 600)
        .enumerate()
    {
        for seed in 0..if *duties > 70 { 6 } else { 20 } {
            let (policy, instants) = policy(seed * 31 + round as u64, 60, *duties);
            let tenant = Tenant::found(&policy).unwrap();
            let mut draw = Draw(seed);
            let at = draw.some(&instants, 1)[0];
            let snapshot = tenant.snapshot(at, &options(seed % 2 == 0));
            let what = format!("seed {seed}, {duties} duties");
            agree_at(&snapshot, &tenant, &policy, at, &mut draw, &what);
            agree(&snapshot, &tenant, &policy, &instants, &mut draw, &what);
            snapshot.as_of(at).prepare_who_can();
            agree_at(&snapshot, &tenant, &policy, at, &mut draw, &what);
        }
    }
}
