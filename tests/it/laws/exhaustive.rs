//! The laws on every policy of the small town: 26,290 choices of at most three of 54 statements.

use super::small::DUTIES;
use super::small::PLACES;
use super::small::Small;
use super::small::Stated;
use super::small::USERS;
use super::small::answers;
use super::small::instant;
use super::small::records;
use bailiwick::Denial;
use bailiwick::Key;
use bailiwick::Opinion;
use bailiwick::Rank;
use bailiwick::Resource;
use bailiwick::Sensitivity;
use bailiwick::Tenant;
use bailiwick::policy::Level;
use bailiwick::policy::Mode;
use bailiwick::policy::Reach;
use serde_json::json;

#[test]
fn every_small_policy_has_one_truth() {
    let small = Small::new(Mode::Strict);
    let choices = small.choices(3);
    assert_eq!(choices.len(), 26_290);
    let mut founded = 0;
    for chosen in choices {
        let Ok(tenant) = Tenant::found(&small.policy(&chosen)) else {
            continue;
        };
        founded += 1;
        let backwards: Vec<usize> = chosen.iter().rev().copied().collect();
        let other = Tenant::found(&small.policy(&backwards)).unwrap();
        assert_eq!(answers(&other), answers(&tenant), "{chosen:?}");
        let tenant = tenant.as_of(instant());
        for user in USERS {
            for record in records() {
                let mut permitted = Vec::new();
                for duty in DUTIES {
                    let decision = tenant.check(user, duty, &record).unwrap();
                    if decision.is_permit() {
                        permitted.push(duty);
                    }
                    let able = tenant.who_can(duty, &record).unwrap();
                    let able = able.iter().any(|able| able.as_str() == user);
                    assert_eq!(able, decision.is_permit());
                    let why = tenant.explain(user, duty, &record).unwrap();
                    assert_eq!(why.decision, decision);
                    let admits = tenant.admits(user, duty, &record).unwrap();
                    assert_eq!(admits, decision.is_permit());
                }
                let level = tenant.level(user, "a.b", &record).unwrap();
                let highest = match permitted[..] {
                    ["a.b.view", "a.b.edit"] => Some("edit"),
                    ["a.b.view"] => Some("view"),
                    _ => None,
                };
                assert_eq!(level.map(Key::as_str), highest);
                if record.qualifiers.is_empty() {
                    let effective = tenant.effective(user, record.scope, record.associated);
                    let effective = effective.unwrap();
                    assert!(effective.iter().map(|duty| duty.as_str()).eq(permitted));
                }
            }
        }
    }
    assert!(founded > 20_000, "{founded}");
}

/// Of a user's own statements nobody else is answered otherwise, of the group's nobody outside it, and of a place's
/// nothing above it.
#[test]
fn one_more_statement_in_a_small_policy_stays_where_it_is() {
    let mut small = Small::new(Mode::Strict);
    let mut differ = 0;
    for chosen in small.choices(2) {
        let Some(before) = small.answers(&chosen) else {
            continue;
        };
        for more in 0..small.pool.len() {
            let mut grown = chosen.clone();
            grown.push(more);
            grown.sort_unstable();
            let Some(after) = small.answers(&grown) else {
                continue;
            };
            let (holder, scope) = small.pool[more].whose();
            let mut both = before.iter().zip(after);
            for user in USERS {
                for _ in DUTIES {
                    for record in records() {
                        let reaches = match holder.as_str() {
                            "everyone" => true,
                            "group:clerks" => user != "nobody",
                            _ => user == "ana",
                        };
                        let (before, after) = both.next().unwrap();
                        let here = scope.is_none() || record.scope.is_some();
                        assert!(*before == after || (reaches && here), "{chosen:?} {more}");
                        differ += usize::from(*before != after);
                    }
                }
            }
        }
    }
    assert!(differ > 100_000, "{differ}");
}

/// A user is granted, or revoked, at the record's place what a layer below the user's own says already.
#[test]
fn repeating_what_is_inherited_changes_no_small_answer() {
    let small = Small::new(Mode::Strict);
    let mut tried = 0;
    for chosen in small.choices(2) {
        let policy = small.policy(&chosen);
        let Ok(tenant) = Tenant::found(&policy) else {
            continue;
        };
        for duty in DUTIES {
            for place in PLACES {
                let record = Resource {
                    scope: place.map(Into::into),
                    ..Resource::default()
                };
                let why = tenant
                    .as_of(instant())
                    .explain("ana", duty, &record)
                    .unwrap();
                let Some(said) = why.prevailing().next() else {
                    continue;
                };
                if said.layer == Rank::Individual {
                    continue;
                }
                let mut policy = policy.clone();
                let mut row = json!({ "holder": "user:ana", "on": duty });
                if let Some(scope) = place {
                    row["scope"] = json!(scope);
                }
                match said.opinion {
                    Opinion::Granted(reach) => {
                        row["reach"] = json!(reach.word());
                        policy.grants.push(serde_json::from_value(row).unwrap());
                    }
                    Opinion::Revoked => policy.revokes.push(serde_json::from_value(row).unwrap()),
                    Opinion::Withheld | Opinion::Silent => continue,
                }
                let Ok(after) = Tenant::found(&policy) else {
                    continue;
                };
                for associated in [false, true] {
                    for qualifiers in [&[][..], &["published"]] {
                        let record = Resource {
                            associated,
                            qualifiers,
                            ..record
                        };
                        let check = |tenant: &Tenant| {
                            let decision = tenant.as_of(instant()).check("ana", duty, &record);
                            decision.unwrap().denial()
                        };
                        assert_eq!(
                            check(&after),
                            check(&tenant),
                            "{chosen:?} {duty} {record:?}"
                        );
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 7_000, "{tried}");
}

/// Which way one more statement may turn no check.
enum Never {
    Raises,
    Lowers,
}

/// What one more statement can never do, if the rule says so of it.
fn never(small: &Small, chosen: &[usize], more: &Stated) -> Option<Never> {
    match more {
        Stated::Revoke(_) | Stated::Restrict(_) => Some(Never::Raises),
        Stated::Level(row) if row.to == Level::None => {
            let overrides = |place: &usize| matches!(&small.pool[*place], Stated::Revoke(revoke) if revoke.holder == row.holder);
            (!chosen.iter().any(overrides)).then_some(Never::Raises)
        }
        Stated::Grant(row) if row.reach == Some(Reach::All) => Some(Never::Lowers),
        _ => None,
    }
}

#[test]
fn one_more_statement_turns_every_small_policy_one_way() {
    let mut small = Small::new(Mode::Strict);
    let (mut raises, mut lowers) = (0, 0);
    for chosen in small.choices(2) {
        let Some(before) = small.answers(&chosen) else {
            continue;
        };
        for more in 0..small.pool.len() {
            let Some(never) = never(&small, &chosen, &small.pool[more]) else {
                continue;
            };
            let mut grown = chosen.clone();
            grown.push(more);
            grown.sort_unstable();
            let Some(after) = small.answers(&grown) else {
                continue;
            };
            let wrong = |(before, after): (&Option<Denial>, &Option<Denial>)| match never {
                Never::Raises => before.is_some() && after.is_none(),
                Never::Lowers => before.is_none() && after.is_some(),
            };
            let wrong = before.iter().zip(&after).any(wrong);
            assert!(!wrong, "{:?} to {chosen:?}", small.pool[more]);
            match never {
                Never::Raises => raises += 1,
                Never::Lowers => lowers += 1,
            }
        }
    }
    assert!(raises > 20_000 && lowers > 14_000, "{raises} {lowers}");
}

#[test]
fn every_small_policy_permits_no_less_when_it_is_open() {
    let mut strict = Small::new(Mode::Strict);
    let mut open = Small::new(Mode::Open {
        up_to: Sensitivity::Normal,
    });
    for chosen in strict.choices(2) {
        let both = strict.answers(&chosen).zip(open.answers(&chosen));
        for (strict, open) in both.iter().flat_map(|(one, other)| one.iter().zip(other)) {
            assert!(strict.is_some() || open.is_none(), "{chosen:?}");
        }
    }
}
