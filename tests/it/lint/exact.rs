//! What is found to change nothing does, and what is not found does not: every entry is taken out and tried.

use crate::laws::small::Small;
use crate::laws::town::Record;
use crate::laws::town::Town;
use crate::laws::town::keys;
use crate::laws::town::tenant;
use bailiwick::Denial;
use bailiwick::FindingCode;
use bailiwick::Policy;
use bailiwick::Seat;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::policy::Amount;
use bailiwick::policy::Mode;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The codes of entries that can be taken out.
fn removable(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::ChangesNothing | FindingCode::ShadowedRevoke | FindingCode::Dormant
    )
}

/// Of every policy of at most three of 54 statements each statement is taken out.
#[test]
fn every_small_policy_is_told_what_changes_nothing() {
    let mut small = Small::new(Mode::Strict);
    let (mut found, mut needed) = (0, 0);
    for chosen in small.choices(3) {
        let Some(whole) = small.answers(&chosen) else {
            continue;
        };
        let policy = small.policy(&chosen);
        let tenant = Tenant::found(&policy).unwrap();
        let findings = tenant.as_of(crate::laws::small::instant()).lint_of(&policy);
        let idle: BTreeSet<&str> = findings
            .iter()
            .filter(|finding| removable(finding.code))
            .filter_map(|finding| finding.place.as_deref())
            .collect();
        for out in &chosen {
            let rest: Vec<usize> = chosen.iter().copied().filter(|kept| kept != out).collect();
            let changes_nothing = small.answers(&rest).is_some_and(|less| less == whole);
            let place = small.place(&chosen, *out);
            assert_eq!(
                idle.contains(place.as_str()),
                changes_nothing,
                "{place} {:?}\n{findings:#?}",
                chosen
                    .iter()
                    .map(|place| &small.pool[*place])
                    .collect::<Vec<_>>()
            );
            found += usize::from(changes_nothing);
            needed += usize::from(!changes_nothing);
        }
    }
    assert!(found > 8_000 && needed > 50_000, "{found} {needed}");
}

/// What a user is answered from an instant on: each seat, each conflict, each check of every sort of record.
struct Answers<'a> {
    town: &'a Town,
    records: Vec<Record>,
    instants: Vec<Timestamp>,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Seat(Seat),
    Conflicts(Vec<(String, usize)>),
    Check(Option<Denial>),
}

impl<'a> Answers<'a> {
    fn new(town: &'a Town, at: Timestamp) -> Self {
        let words = ["published", "completed", "signed"];
        // Two sets of required words differ in what lacks one word; two ceilings, in the amount of the greater.
        let mut lacking = vec![words.to_vec()];
        lacking.extend(words.map(|word| {
            let mut rest = words.to_vec();
            rest.retain(|other| *other != word);
            rest
        }));
        let scopes = town.scopes.iter().cloned().map(Some);
        let mut records = Vec::new();
        for scope in [None].into_iter().chain(scopes) {
            let plain = Record {
                scope,
                ..Record::default()
            };
            for qualifiers in &lacking {
                for associated in [false, true] {
                    records.push(Record {
                        associated,
                        qualifiers: qualifiers.clone(),
                        ..plain.clone()
                    });
                }
                for item in ["case", "case-1", "case-12"] {
                    records.push(Record {
                        qualifiers: qualifiers.clone(),
                        private: true,
                        item: Some(item),
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
        }
        let later = town.edges.iter().copied().filter(|edge| *edge > at);
        Self {
            town,
            records,
            instants: [at].into_iter().chain(later).collect(),
        }
    }

    fn of<'t>(&'t self, tenant: &'t Tenant, user: &'t str) -> impl Iterator<Item = Answer> + 't {
        self.instants.iter().flat_map(move |at| {
            let tenant = tenant.as_of(*at);
            let standing = tenant.conflicts();
            let own = standing.iter().filter(|found| found.user.as_str() == user);
            let conflicts = own.map(|found| (found.conflict.to_string(), found.paths.len()));
            let checks = self.town.duties.iter().flat_map(move |duty| {
                self.records.iter().map(move |record| {
                    let decision = tenant.check(user, duty.as_str(), &record.resource());
                    Answer::Check(decision.unwrap().denial())
                })
            });
            [
                Answer::Seat(tenant.seat(user).unwrap()),
                Answer::Conflicts(conflicts.collect()),
            ]
            .into_iter()
            .chain(checks)
        })
    }
}

/// A tenant whose answers are worked out once for each user.
struct Whole<'a> {
    answers: &'a Answers<'a>,
    tenant: Tenant,
    known: BTreeMap<String, Vec<Answer>>,
}

impl<'a> Whole<'a> {
    fn new(answers: &'a Answers<'a>, document: &Value) -> Self {
        Self {
            answers,
            tenant: tenant(document).unwrap(),
            known: BTreeMap::new(),
        }
    }

    /// Whether another tenant answers these users alike.
    fn answers_as(&mut self, other: &Value, users: &[String]) -> bool {
        let other = tenant(other).unwrap();
        users.iter().all(|user| {
            let known = self
                .known
                .entry(user.clone())
                .or_insert_with(|| self.answers.of(&self.tenant, user).collect());
            let mut both = self.answers.of(&other, user).zip(known.iter());
            both.all(|(one, other)| one == *other)
        })
    }
}

/// The document with every login enabled, every module on, somebody new, and somebody new in each group.
fn grown(document: &Value) -> Value {
    let mut grown = document.clone();
    for list in ["module", "user"] {
        let rows = grown.get_mut(list).and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten() {
            row["enabled"] = json!(true);
        }
    }
    let groups = keys(document, "group");
    let users = grown["user"].as_array_mut().unwrap();
    users.push(json!({ "key": "new" }));
    for group in groups {
        users.push(json!({ "key": format!("new-{group}"), "groups": [group] }));
    }
    grown
}

/// The users whom a holder's row may concern.
fn concerned(document: &Value, row: &Value) -> Vec<String> {
    let holder = row.get("holder").or_else(|| row.get("user"));
    let holder = holder.and_then(Value::as_str).unwrap_or_default();
    let user = holder.strip_prefix("user:").unwrap_or(holder);
    let everyone = keys(document, "user");
    if everyone.iter().any(|known| known == user) && !holder.starts_with("group:") {
        return vec![user.to_owned()];
    }
    everyone
}

/// A document without one thing, its place, and the row.
fn each_thing(document: &Value) -> Vec<(String, Value, Value)> {
    let mut things = Vec::new();
    for list in ["grant", "revoke", "level", "assign", "restrict", "item"] {
        let rows = document[list].as_array().cloned().unwrap_or_default();
        for (n, row) in rows.into_iter().enumerate() {
            let mut less = document.clone();
            less[list].as_array_mut().unwrap().remove(n);
            things.push((format!("{list}[{n}]"), less, row));
        }
    }
    let users = document["user"].as_array().cloned().unwrap_or_default();
    for (n, user) in users.iter().enumerate() {
        let groups = user["groups"].as_array().map_or(0, Vec::len);
        for m in 0..groups {
            let mut less = document.clone();
            less["user"][n]["groups"].as_array_mut().unwrap().remove(m);
            let row = json!({ "user": user["key"] });
            things.push((format!("user[{n}].groups[{m}]"), less, row));
        }
    }
    things
}

#[test]
fn every_entry_of_a_town_is_found_idle_or_makes_a_difference() {
    let mut seen: BTreeMap<Option<FindingCode>, usize> = BTreeMap::new();
    for seed in (0..300).filter(|seed| seed % 24 < 4) {
        let mut town = Town::new(seed);
        let at = town.instant();
        let document = town.document.clone();
        let policy: Policy = Document::from_json(&document.to_string()).unwrap().policy;
        let findings = town.tenant.as_of(at).lint_of(&policy);
        let found = |place: &str, wanted: fn(FindingCode) -> bool| {
            let mut at_place = findings
                .iter()
                .filter(|finding| finding.place.as_deref() == Some(place));
            at_place.find(|finding| wanted(finding.code))
        };
        let answers = Answers::new(&town, at);
        let bigger = grown(&document);
        let mut whole = Whole::new(&answers, &document);
        let mut whole_grown = Whole::new(&answers, &bigger);
        for (place, less, row) in each_thing(&document) {
            let until = row.get("until").and_then(Value::as_str);
            let lapsed = until.is_some_and(|until| until.parse::<Timestamp>().unwrap() <= at);
            let is_lapsed = found(&place, |code| code == FindingCode::Lapsed).is_some();
            assert_eq!(is_lapsed, lapsed, "{place} at {at}\nin {document}");
            let code = found(&place, removable).map(|finding| finding.code);
            *seen.entry(code).or_default() += 1;
            let idle = whole.answers_as(&less, &concerned(&document, &row));
            let context = || format!("{place} at {at}\n{findings:#?}\nin {document}");
            assert_eq!(code.is_some() || lapsed, idle, "{}", context());
            if let Some(code) = code {
                let users = concerned(&bigger, &row);
                let ever = whole_grown.answers_as(&grown(&less), &users);
                assert_eq!(code != FindingCode::Dormant, ever, "{}", context());
            }
        }
    }
    let many = seen.values().all(|count| *count > 10);
    assert!(seen.len() == 4 && many, "{seen:?}");
}
