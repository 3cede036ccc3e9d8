//! Time: an answer stands until the instant that is named, and differs there.
#![expect(clippy::unwrap_used, reason = "all keys are the town's own")]

use super::town::Town;
use bailiwick::AsOf;
use bailiwick::Timestamp;

/// The first edge after an instant at which an answer differs, found by trying every edge there is.
fn first_change<T: PartialEq>(
    town: &Town,
    at: Timestamp,
    answer: impl Fn(AsOf<'_>) -> T,
) -> Option<Timestamp> {
    let now = answer(town.tenant.as_of(at));
    let mut later = town.edges.iter().copied().filter(|edge| *edge > at);
    later.find(|edge| {
        // Nothing changes between edges, and an instant before the edge is as good as any.
        let before = Timestamp::from_unix(edge.as_unix() - 1)
            .unwrap_or(at)
            .max(at);
        assert!(answer(town.tenant.as_of(before)) == now);
        answer(town.tenant.as_of(*edge)) != now
    })
}

#[test]
fn a_check_stands_until_its_until() {
    for seed in 0..400 {
        let mut town = Town::new(seed);
        for ask in town.asks(12) {
            let resource = ask.record.resource();
            let until = town
                .tenant
                .as_of(ask.at)
                .until(&ask.user, &ask.duty, &resource)
                .unwrap();
            let change = first_change(&town, ask.at, |tenant| {
                tenant
                    .check(&ask.user, &ask.duty, &resource)
                    .unwrap()
                    .denial()
            });
            assert_eq!(until, change, "{ask:?}\nin {}", town.document);
        }
    }
}

#[test]
fn levels_effective_access_and_who_can_stand_until_theirs() {
    for seed in 0..120 {
        let mut town = Town::new(seed);
        for ask in town.asks(4) {
            let (user, duty) = (ask.user.as_str(), ask.duty.as_str());
            let resource = ask.record.resource();
            let scope = resource.scope;
            let tenant = town.tenant.as_of(ask.at);
            assert_eq!(
                tenant
                    .effective_until(user, scope, resource.associated)
                    .unwrap(),
                first_change(&town, ask.at, |tenant| {
                    tenant
                        .effective(user, scope, resource.associated)
                        .unwrap()
                        .into_iter()
                        .cloned()
                        .collect::<Vec<_>>()
                })
            );
            assert_eq!(
                tenant.who_can_until(duty, &resource).unwrap(),
                first_change(&town, ask.at, |tenant| {
                    let able = tenant.who_can(duty, &resource).unwrap();
                    able.into_iter().cloned().collect::<Vec<_>>()
                })
            );
            for ladder in town.document["ladder"].as_array().into_iter().flatten() {
                let object = ladder["object"].as_str().unwrap();
                assert_eq!(
                    tenant.level_until(user, object, &resource).unwrap(),
                    first_change(&town, ask.at, |tenant| {
                        tenant.level(user, object, &resource).unwrap().cloned()
                    })
                );
            }
        }
    }
}
