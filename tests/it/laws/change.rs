//! Which way a change goes: what can never raise access, what can never lower it, what only the account shows.
#![expect(clippy::unwrap_used, reason = "all keys are the town's own")]

use super::sameness::push;
use super::town::Town;
use super::town::keys;
use super::town::tenant;
use bailiwick::Decision;
use bailiwick::Denial;
use bailiwick::Opinion;
use bailiwick::Tenant;
use serde_json::Value;
use serde_json::json;

/// Whether access never goes up, or never down, from one tenant to another, for anyone asked.
#[track_caller]
fn never(town: &mut Town, change: &str, raised: bool, from: &Tenant, to: &Tenant) {
    for ask in town.asks(20) {
        for user in &town.users {
            let check = |tenant: &Tenant| {
                tenant
                    .as_of(ask.at)
                    .check(user.as_str(), &ask.duty, &ask.record.resource())
                    .unwrap()
            };
            let (before, after) = (check(from), check(to));
            let wrong = if raised {
                after.is_permit() && !before.is_permit()
            } else {
                before.is_permit() && !after.is_permit()
            };
            assert!(
                !wrong,
                "{change}: {before} became {after} for {user}\n{ask:?}\nin {}",
                town.document
            );
        }
    }
}

/// A holder, a target and perhaps a scope of the town.
fn anywhere(town: &mut Town) -> Option<Value> {
    let mut holders = vec!["everyone".to_owned()];
    let users = town.users.clone();
    holders.extend(users.iter().map(|user| format!("user:{user}")));
    let groups = keys(&town.document, "group");
    holders.extend(groups.iter().map(|group| format!("group:{group}")));
    let duties = town.duties.clone();
    let duty = town.pick(&duties)?;
    let object = duty.rsplit_once('.')?.0.to_owned();
    let module = duty.split_once('.')?.0.to_owned();
    let mut row = json!({
        "holder": town.pick(&holders)?,
        "on": town.pick(&[duty, object, module, "*".to_owned()])?,
    });
    let scopes = town.scopes.clone();
    if let Some(scope) = town.pick(&scopes).filter(|_| town.chance(50)) {
        row["scope"] = json!(scope);
    }
    Some(row)
}

#[test]
fn a_revoke_or_a_limit_never_raises_access() {
    let mut tried = 0;
    for seed in 0..150 {
        let mut town = Town::new(seed);
        let Some(row) = anywhere(&mut town) else {
            continue;
        };
        let limits = keys(&town.document, "limit");
        let mut limited = row.clone();
        limited["limit"] = json!(town.pick(&limits));
        limited.as_object_mut().unwrap().remove("on");
        for (list, row) in [("revoke", row), ("restrict", limited)] {
            let mut other = town.document.clone();
            push(&mut other, list, row.clone());
            // One that clashes with another of its key is refused, and shows nothing.
            if let Some(changed) = tenant(&other) {
                let before = town.tenant.clone();
                never(&mut town, &format!("{list} {row}"), true, &before, &changed);
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn a_withheld_level_never_raises_access_unless_it_overrides_a_revoke() {
    let mut tried = 0;
    for seed in 0..800 {
        let mut town = Town::new(seed);
        let Some(mut row) = anywhere(&mut town) else {
            continue;
        };
        let ladders = town.document["ladder"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let Some(ladder) = town.pick(&ladders) else {
            continue;
        };
        row["on"] = ladder["object"].clone();
        row["to"] = json!("none");
        // A revoke of the same holder that is less specific would give way to it, and what withholds is less.
        let revokes = town.document["revoke"].as_array().into_iter().flatten();
        if revokes
            .into_iter()
            .any(|revoke| revoke["holder"] == row["holder"])
        {
            continue;
        }
        let mut other = town.document.clone();
        push(&mut other, "level", row.clone());
        if let Some(changed) = tenant(&other) {
            let before = town.tenant.clone();
            never(&mut town, &format!("level {row}"), true, &before, &changed);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn a_plain_grant_of_every_record_never_lowers_access() {
    let mut tried = 0;
    for seed in 0..600 {
        let mut town = Town::new(seed);
        let Some(row) = anywhere(&mut town) else {
            continue;
        };
        let mut other = town.document.clone();
        push(&mut other, "grant", row.clone());
        if let Some(changed) = tenant(&other) {
            let before = town.tenant.clone();
            never(&mut town, &format!("grant {row}"), false, &before, &changed);
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn an_open_tenant_permits_whatever_a_strict_one_does() {
    for seed in 0..150 {
        let mut town = Town::new(seed);
        let mut strict = town.document.clone();
        strict["mode"] = json!("strict");
        let strict = tenant(&strict).unwrap();
        for up_to in ["low", "normal", "high"] {
            let mut open = town.document.clone();
            open["mode"] = json!("open");
            open["open-up-to"] = json!(up_to);
            never(&mut town, up_to, false, &strict, &tenant(&open).unwrap());
        }
    }
}

#[test]
fn repeating_what_is_inherited_changes_the_account_alone() {
    let mut tried = 0;
    for seed in 0..900 {
        let mut town = Town::new(seed);
        for mut ask in town.asks(6) {
            ask.record.private = false;
            let resource = ask.record.resource();
            let why = town
                .tenant
                .as_of(ask.at)
                .explain(&ask.user, &ask.duty, &resource)
                .unwrap();
            let Some(said) = why.prevailing().next() else {
                continue;
            };
            let mut row = json!({ "holder": format!("user:{}", ask.user), "on": ask.duty });
            if let Some(scope) = &ask.record.scope {
                row["scope"] = json!(scope);
            }
            let list = match said.opinion {
                Opinion::Granted(reach) => {
                    row["reach"] = json!(reach.word());
                    if let Some(most) = why.ceiling.as_ref().and_then(|ceiling| ceiling.in_force) {
                        row["ceiling"] = json!(most.get());
                    }
                    "grant"
                }
                Opinion::Revoked => "revoke",
                Opinion::Withheld => {
                    let (object, _) = ask.duty.rsplit_once('.').unwrap();
                    row["on"] = json!(object);
                    row["to"] = json!("none");
                    "level"
                }
                Opinion::Silent => continue,
            };
            // Of the user's own entries the outcome's stands already.
            if said.layer == bailiwick::Rank::Individual {
                continue;
            }
            let mut other = town.document.clone();
            push(&mut other, list, row);
            let Some(changed) = tenant(&other) else {
                continue;
            };
            let after = changed
                .as_of(ask.at)
                .explain(&ask.user, &ask.duty, &resource)
                .unwrap();
            let answer = |decision: Decision| decision.denial();
            assert_eq!(answer(after.decision), answer(why.decision));
            if !matches!(
                why.decision,
                Decision::Deny(Denial::LoginDisabled | Denial::ModuleOff | Denial::OutsideTeam)
            ) {
                assert_ne!(after.statements, why.statements);
                assert!(
                    after
                        .prevailing()
                        .all(|said| said.layer == bailiwick::Rank::Individual)
                );
            }
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}
