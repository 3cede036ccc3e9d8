//! What differs between two instants or states, held against the checks.
#![expect(clippy::unwrap_used, reason = "the towns and their keys are known")]

use crate::explain::town_hall;
use crate::laws::town::Record;
use crate::laws::town::Town;
use crate::laws::town::tenant;
use bailiwick::Actor;
use bailiwick::AsOf;
use bailiwick::Command;
use bailiwick::DifferenceRow;
use bailiwick::Language;
use bailiwick::Stamp;
use bailiwick::Turn;
use bailiwick::command::OfUser;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// A document in which some rows are left out, some people and modules are otherwise, and some scopes lie elsewhere.
fn changed(town: &mut Town) -> Value {
    let mut other = town.document.clone();
    for list in ["grant", "revoke", "level", "assign", "restrict", "item"] {
        if let Some(rows) = other.get_mut(list).and_then(Value::as_array_mut) {
            rows.retain(|_| town.chance(90));
        }
    }
    let teams = town.teams.clone();
    for user in rows(&mut other, "user") {
        if town.chance(20) {
            user["enabled"] = json!(town.chance(50));
        }
        if town.chance(20) {
            user["all-teams"] = json!(town.chance(50));
        }
        if let Some(team) = town.pick(&teams).filter(|_| town.chance(20)) {
            user["team"] = json!(team);
        }
    }
    for module in rows(&mut other, "module") {
        if town.chance(20) {
            module["enabled"] = json!(town.chance(50));
        }
    }
    for scope in rows(&mut other, "scope") {
        if town.chance(10) {
            scope.as_object_mut().unwrap().remove("parent");
        }
    }
    other
}

fn rows<'a>(document: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    let rows = document.get_mut(list).and_then(Value::as_array_mut);
    rows.into_iter().flatten()
}

/// The sorts of records between which a check may tell, in one place.
fn records(town: &Town, scope: Option<&String>) -> Vec<Record> {
    let words = ["published", "completed", "signed"];
    let plain = Record {
        scope: scope.cloned(),
        ..Record::default()
    };
    let mut records = Vec::new();
    for lacking in [None].into_iter().chain(words.map(Some)) {
        let mut qualifiers = words.to_vec();
        qualifiers.retain(|word| Some(*word) != lacking);
        for associated in [false, true] {
            records.push(Record {
                associated,
                qualifiers: qualifiers.clone(),
                ..plain.clone()
            });
        }
        for item in ["case", "case-1", "case-12"] {
            records.push(Record {
                private: true,
                item: Some(item),
                qualifiers: qualifiers.clone(),
                ..plain.clone()
            });
        }
    }
    for amount in [0, 49, 50, 51, 100, 101, 1 << 53] {
        for associated in [false, true] {
            records.push(Record {
                associated,
                qualifiers: words.to_vec(),
                amount: Amount::new(amount),
                ..plain.clone()
            });
        }
    }
    for team in &town.teams {
        records.push(Record {
            associated: true,
            qualifiers: words.to_vec(),
            team: Some(team.clone()),
            ..plain.clone()
        });
    }
    records
}

/// A scope and those above it in a document, and the root.
fn upwards(document: &Value, scope: Option<&String>) -> Vec<Option<String>> {
    let mut all = vec![None];
    let mut next = scope.cloned();
    while let Some(scope) = next {
        let rows = document["scope"].as_array().into_iter().flatten();
        let row = rows.into_iter().find(|row| row["key"] == scope.as_str());
        next = row.and_then(|row| Some(row.get("parent")?.as_str()?.to_owned()));
        all.push(Some(scope));
    }
    all
}

#[test]
fn a_difference_is_what_the_checks_show_and_all_of_it() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in (0..400).filter(|seed| seed % 24 < 6) {
        let mut town = Town::new(seed);
        let (first, second) = (town.instant(), town.instant());
        let other_document = if town.chance(10) {
            town.document.clone()
        } else {
            changed(&mut town)
        };
        let second = if town.chance(60) { first } else { second };
        let other = tenant(&other_document).unwrap();
        let (before, after) = (town.tenant.as_of(first), other.as_of(second));
        let difference = before.difference(after);
        let mut shown: BTreeSet<usize> = BTreeSet::new();
        let rows: Vec<&DifferenceRow> = difference.rows.iter().chain(&difference.reasons).collect();
        let teams = rows.len();
        let mut differs = false;
        for user in &town.users {
            let mut scopes = vec![None];
            scopes.extend(town.scopes.iter().map(Some));
            for scope in scopes {
                let above = upwards(&other_document, scope);
                for record in records(&town, scope) {
                    for duty in &town.duties {
                        let check = |tenant: AsOf<'_>| {
                            let decision = tenant.check(user, duty, &record.resource());
                            decision.unwrap().denial()
                        };
                        let (was, is) = (check(before), check(after));
                        if was == is {
                            continue;
                        }
                        differs = true;
                        let context = || {
                            format!(
                                "{was:?} {is:?} {user} {duty} {record:?}\n{difference:#?}\nin {}\nand {other_document}",
                                town.document
                            )
                        };
                        // A row of the user and duty, here or above: of the record's item, or of public records.
                        let of = |row: &DifferenceRow| {
                            let item = record.item.is_some() && row.item.as_deref() == record.item;
                            let here = row.scope.as_ref().map(|scope| scope.key.clone());
                            row.user.key == *user
                                && row.duty.key == *duty
                                && (item || row.item.is_none())
                                && above.contains(&here)
                        };
                        let team = difference.teams.iter().position(|row| {
                            row.user.key == *user
                                && Some(row.team.key.as_str()) == record.team.as_deref()
                        });
                        let mut found = team.map(|place| teams + place);
                        for (place, row) in rows.iter().enumerate().filter(|(_, row)| of(row)) {
                            let exactly = row.scope.as_ref().map(|scope| &scope.key) == scope
                                && (row.item.as_deref() == record.item)
                                && record.team.is_none();
                            if exactly {
                                let denied = was.is_some() && is.is_some();
                                assert!(denied || row.turn != Turn::Reason, "{}", context());
                                shown.insert(place);
                            }
                            found = found.or(Some(place));
                        }
                        assert!(found.is_some(), "not told: {}", context());
                        shown.extend(team.map(|place| teams + place));
                    }
                }
            }
        }
        assert_eq!(difference.is_empty(), !differs);
        let all = teams + difference.teams.len();
        let idle: Vec<usize> = (0..all).filter(|place| !shown.contains(place)).collect();
        assert!(
            idle.is_empty(),
            "rows that no check shows: {idle:?} of {difference:#?}\nin {}\nand {other_document}",
            town.document
        );
        for turn in rows.iter().map(|row| row.turn.word()) {
            *seen.entry(turn).or_default() += 1;
        }
        *seen.entry("teams").or_default() += difference.teams.len();
        *seen.entry("items").or_default() += rows.iter().filter(|row| row.item.is_some()).count();
        *seen.entry("none").or_default() += usize::from(difference.is_empty());
    }
    let many = seen.values().all(|count| *count > 5);
    assert!(seen.len() == 7 && many, "{seen:?}");
}

/// Whom or what one side alone knows, nobody may do anything with on the other.
#[test]
fn what_one_side_does_not_know_is_gained_or_lost() {
    let policy = |more: &str| {
        let text = format!(
            "name = \"Town\"\nduty = [{{ key = \"a.b.view\" }}, {{ key = \"a.b.edit\" }}]\n{more}"
        );
        let document = bailiwick::document::Document::from_toml(&text).unwrap();
        bailiwick::Tenant::found(&document.policy).unwrap()
    };
    let before = policy(
        r#"user = [{ key = "ana" }, { key = "ben", team = "t" }]
        team = [{ key = "t" }]
        grant = [{ holder = "user:ana", on = "a.b.view", ceiling = 500 }, { holder = "user:ben", on = "a.b.view" }]"#,
    );
    let after = policy(
        r#"user = [{ key = "ana", team = "t" }, { key = "carla" }]
        team = [{ key = "t" }]
        scope = [{ key = "works" }]
        grant = [{ holder = "user:ana", on = "a.b", scope = "works" }, { holder = "user:ana", on = "a.b.view", ceiling = 700 }]"#,
    );
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let difference = before.as_of(at).difference(after.as_of(at));
    // At the works the broader grant is overridden by neither: both count, and one of them has no ceiling.
    let english = "\
who  what      where       turn     before      after           because
ana  a.b.edit  works       gained   unknown     all             – → grant user:ana a.b @works
ana  a.b.view  everywhere  changed  all, up to 500 minor units  all, up to 700 minor units  grant user:ana a.b.view
ana  a.b.view  works       gained   unknown     all             – → grant user:ana a.b @works, grant user:ana a.b.view
ben  a.b.view  everywhere  lost     all         unknown         grant user:ben a.b.view → –
ana  team “t”  everywhere  gained   not seen    seen
";
    let squeeze = |text: &str| {
        let lines = text.lines();
        let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        words.collect::<Vec<_>>()
    };
    assert_eq!(
        squeeze(&difference.table(Language::English)),
        squeeze(english)
    );
    assert!(difference.reasons.is_empty(), "{difference:#?}");
    let data = serde_json::to_value(&difference).unwrap();
    assert_eq!(data["teams"][0]["turn"], "gained");
    assert_eq!(data["rows"][1]["before"]["access"]["ceiling"], 500);
}

/// Each side of a row says what decided there, on a record that fulfils what the access asks for.
#[test]
fn each_side_says_what_decided() {
    let policy = |more: &str| {
        let text = format!(
            r#"
            name = "Town"
            duty = [{{ key = "a.b.view" }}]
            limit = [{{ key = "signed-only", on = ["a"], requires = "signed" }}]
            team = [{{ key = "t" }}]
            {more}"#
        );
        let document = bailiwick::document::Document::from_toml(&text).unwrap();
        bailiwick::Tenant::found(&document.policy).unwrap()
    };
    let before = policy(
        r#"user = [{ key = "ana", team = "t" }]
        grant = [{ holder = "user:ana", on = "a.b", reach = "associated" }]
        restrict = [{ holder = "user:ana", limit = "signed-only" }]
        item = [{ user = "ana", item = "case-1", on = ["a.b"] }]"#,
    );
    let after = policy(
        r#"user = [{ key = "ana" }]
        revoke = [{ holder = "user:ana", on = "a" }]"#,
    );
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let difference = before.as_of(at).difference(after.as_of(at));
    let told = |row: &DifferenceRow| {
        [&row.before, &row.after].map(|side| {
            let denial = side.denial.map(|denial| denial.to_string());
            (denial, side.because.clone())
        })
    };
    let permitted = |by: &str| (None, vec![by.to_owned()]);
    let denied = |why: &str, by: &[&str]| {
        let by = by.iter().map(|by| (*by).to_owned());
        (Some(why.to_owned()), by.collect::<Vec<_>>())
    };
    let rows: Vec<_> = difference.rows.iter().map(told).collect();
    assert_eq!(
        rows,
        [
            [
                permitted("grant user:ana a.b"),
                denied("revoked", &["revoke user:ana a"])
            ],
            [
                permitted("item user:ana case-1"),
                denied("no-item-right", &[])
            ],
        ]
    );
    let team = |language| {
        let table = difference.table(language);
        let last = table.lines().last().unwrap_or_default();
        last.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        team(Language::English),
        "ana team “t” everywhere lost seen not seen"
    );
    assert_eq!(
        team(Language::Spanish),
        "ana equipo «t» en todas partes pierde se ve no se ve"
    );
}

#[test]
fn told_as_a_table() {
    let tenant = town_hall();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let user = "carla".parse().unwrap();
    let after = tenant
        .what_if(
            &Stamp::new(at, Actor::System),
            &[Command::Enable(OfUser { user })],
        )
        .unwrap();
    let difference = tenant.as_of(at).difference(after.as_of(at));
    let english = "\
who         what                 where       turn    before                             after              because
Carla Soto  finance.ledger.view  everywhere  gained  no (the user's login is disabled)  all                – → mode open
Carla Soto  permits.file.decide  everywhere  gained  no (the user's login is disabled)  all, if completed  – → assign user:carla permit-officer
Carla Soto  permits.file.view    everywhere  gained  no (the user's login is disabled)  all                – → assign user:carla permit-officer
";
    assert_eq!(difference.table(Language::English), english);
    let spanish = difference.table(Language::Spanish);
    assert!(spanish.starts_with("quién"), "{spanish}");
    assert!(spanish.contains("gana"), "{spanish}");
    assert!(
        spanish.contains("no (el acceso del usuario está desactivado)"),
        "{spanish}"
    );
    // What stays denied is denied for another reason now.
    let reasons = difference.reasons_table(Language::English);
    assert!(
        reasons.contains("archive.box.fetch")
            && reasons.contains("no (the module is switched off)"),
        "{reasons}"
    );
    let seen = tenant
        .what_if(
            &Stamp::new(at, Actor::System),
            &[Command::SetAllTeams(bailiwick::command::SetAllTeams {
                user: "ben".parse().unwrap(),
                all_teams: true,
            })],
        )
        .unwrap();
    let difference = tenant.as_of(at).difference(seen.as_of(at));
    let spanish = "\
quién    qué                   dónde            cambio  antes     después  porque
Ben Ode  equipo «Tesorería»  en todas partes  gana    no se ve  se ve
";
    assert_eq!(
        difference.table(Language::Spanish).replace(' ', ""),
        spanish.replace(' ', "")
    );
}
