//! One rule, many questions: all of them agree with the check.
#![expect(clippy::unwrap_used, reason = "all keys are the town's own")]

use super::town::Record;
use super::town::Town;
use bailiwick::Decision;
use bailiwick::Denial;
use bailiwick::Standing;

#[test]
fn explanation_because_and_filter_agree_with_the_check() {
    for seed in 0..300 {
        let mut town = Town::new(seed);
        for ask in town.asks(25) {
            let tenant = town.tenant.as_of(ask.at);
            let resource = ask.record.resource();
            let decision = tenant.check(&ask.user, &ask.duty, &resource).unwrap();
            let why = tenant.explain(&ask.user, &ask.duty, &resource).unwrap();
            let because = tenant.because(&ask.user, &ask.duty, &resource).unwrap();
            let context = || format!("{ask:?}\n{why:#?}\nin {}", town.document);
            assert_eq!(why.decision, decision, "{}", context());
            assert_eq!(why.because, because, "{}", context());
            assert_eq!(
                why.until,
                tenant.until(&ask.user, &ask.duty, &resource).unwrap()
            );
            let mut prevailing: Vec<&str> =
                why.prevailing().map(|said| said.text.as_str()).collect();
            prevailing.sort_unstable();
            let gated = why.gates.iter().any(|gate| !gate.passed);
            let unmet: Vec<String> = why
                .limits
                .iter()
                .filter(|limit| !limit.met)
                .map(|limit| format!("limit {}", limit.limit.key))
                .collect();
            let exceeded = why.ceiling.as_ref().is_some_and(|ceiling| ceiling.exceeded);
            match decision {
                Decision::Deny(Denial::LoginDisabled | Denial::ModuleOff | Denial::OutsideTeam) => {
                    assert!(gated && because.is_empty(), "{}", context());
                }
                Decision::Deny(Denial::NotGranted | Denial::NoItemRight) => {
                    assert!(!gated && prevailing.is_empty(), "{}", context());
                }
                Decision::Deny(Denial::Limited) => assert_eq!(unmet, because, "{}", context()),
                Decision::Deny(Denial::Revoked | Denial::Withheld | Denial::NotAssociated) => {
                    assert_eq!(prevailing, because, "{}", context());
                }
                Decision::Permit(_) => {
                    assert!(!gated && unmet.is_empty() && !exceeded, "{}", context());
                    assert_eq!(prevailing, because, "{}", context());
                    assert!(!because.is_empty(), "{}", context());
                }
                Decision::Deny(Denial::OverCeiling) => {
                    assert!(unmet.is_empty() && exceeded, "{}", context());
                    assert_eq!(prevailing, because, "{}", context());
                }
            }
            if let Decision::Permit(rank) = decision {
                assert!(why.prevailing().all(|said| said.layer == rank));
            }
            for said in &why.statements {
                if let Standing::Overridden { by } = said.standing {
                    let over = &why.statements[by];
                    assert_eq!(over.holder, said.holder, "{}", context());
                }
            }
            let mut free = ask.record.clone();
            free.amount = None;
            assert_eq!(
                tenant.admits(&ask.user, &ask.duty, &resource).unwrap(),
                tenant
                    .check(&ask.user, &ask.duty, &free.resource())
                    .unwrap()
                    .is_permit(),
                "{}",
                context()
            );
        }
    }
}

#[test]
fn effective_who_can_and_level_agree_with_the_check() {
    for seed in 0..120 {
        let mut town = Town::new(seed);
        for _ in 0..4 {
            let at = town.instant();
            let record = town.record();
            let plain = Record {
                scope: record.scope.clone(),
                associated: record.associated,
                ..Record::default()
            };
            let tenant = town.tenant.as_of(at);
            for duty in &town.duties {
                let able = tenant.who_can(duty.as_str(), &record.resource()).unwrap();
                let able: Vec<&str> = able.iter().map(|user| user.as_str()).collect();
                let mut permitted: Vec<&str> = town.users.iter().map(String::as_str).collect();
                permitted.sort_unstable();
                permitted.retain(|user| {
                    tenant
                        .check(*user, duty.as_str(), &record.resource())
                        .unwrap()
                        .is_permit()
                });
                assert_eq!(able, permitted);
            }
            for user in &town.users {
                let scope = plain.scope.as_deref().map(Into::into);
                let effective = tenant
                    .effective(user.as_str(), scope, plain.associated)
                    .unwrap();
                let effective: Vec<&str> = effective.iter().map(|duty| duty.as_str()).collect();
                let permits = |duty: &str, record: &Record| {
                    tenant
                        .check(user.as_str(), duty, &record.resource())
                        .unwrap()
                        .is_permit()
                };
                let duties = town.duties.iter().map(String::as_str);
                let permitted: Vec<&str> = duties.filter(|duty| permits(duty, &plain)).collect();
                assert_eq!(effective, permitted);
                for ladder in town.document["ladder"].as_array().into_iter().flatten() {
                    let object = ladder["object"].as_str().unwrap();
                    let rungs = ladder["rungs"].as_array().unwrap();
                    let level = tenant
                        .level(user.as_str(), object, &record.resource())
                        .unwrap();
                    let rungs = rungs.iter().filter_map(serde_json::Value::as_str);
                    let highest = rungs
                        .take_while(|rung| permits(&format!("{object}.{rung}"), &record))
                        .last();
                    assert_eq!(level.map(bailiwick::Key::as_str), highest);
                }
            }
        }
    }
}
