//! A filter turned into a closure: the records that pass are those that the check permits.

use bailiwick::Filter;
use bailiwick::FilterVisitor;
use bailiwick::ItemKey;
use bailiwick::Key;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::document::Document;
use std::error::Error;

/// A record in the host's memory.
struct Record {
    scope: Option<&'static str>,
    team: Option<&'static str>,
    item: Option<&'static str>,
    private: bool,
    linked_to: Vec<&'static str>,
    is: Vec<&'static str>,
}

type Test = Box<dyn Fn(&Record) -> bool>;

/// Makes a closure of a filter; it knows whose list is made, and how scopes lie.
struct InMemory {
    user: String,
}

impl FilterVisitor for InMemory {
    type Query = Test;

    fn nothing(&mut self) -> Test {
        Box::new(|_| false)
    }

    fn all_of(&mut self, parts: Vec<Test>) -> Test {
        Box::new(move |record| parts.iter().all(|part| part(record)))
    }

    fn any_of(&mut self, parts: Vec<Test>) -> Test {
        Box::new(move |record| parts.iter().any(|part| part(record)))
    }

    fn in_teams(&mut self, teams: &[Key]) -> Test {
        let teams = teams.to_vec();
        Box::new(move |record| {
            record
                .team
                .is_none_or(|team| teams.iter().any(|own| own.as_str() == team))
        })
    }

    fn within(&mut self, scope: Option<&Key>, except: &[Key]) -> Test {
        let (scope, except) = (scope.cloned(), except.to_vec());
        Box::new(move |record| {
            let upwards = upwards(record.scope);
            let lies_in = |key: &Key| upwards.contains(&key.as_str());
            scope.as_ref().is_none_or(lies_in) && !except.iter().any(lies_in)
        })
    }

    fn public(&mut self) -> Test {
        Box::new(|record| !record.private)
    }

    fn associated(&mut self) -> Test {
        let user = self.user.clone();
        Box::new(move |record| record.linked_to.iter().any(|linked| *linked == user))
    }

    fn private_items(&mut self, items: &[ItemKey]) -> Test {
        let items = items.to_vec();
        Box::new(move |record| {
            record.private
                && record
                    .item
                    .is_some_and(|item| items.iter().any(|own| own.as_str() == item))
        })
    }

    fn qualified(&mut self, word: &Key) -> Test {
        let word = word.clone();
        Box::new(move |record| record.is.contains(&word.as_str()))
    }
}

/// A scope and those above it, in this town hall.
fn upwards(scope: Option<&'static str>) -> Vec<&'static str> {
    match scope {
        Some("bridge") => vec!["bridge", "works"],
        Some(other) => vec![other],
        None => Vec::new(),
    }
}

const USERS: [&str; 5] = ["ana", "ben", "carla", "ines", "omar"];

fn one_of(n: usize, words: [Option<&'static str>; 3]) -> Option<&'static str> {
    words.get(n).copied().flatten()
}

/// A few thousand records of every sort.
fn records() -> Vec<Record> {
    let mut state: u64 = 7;
    let mut below = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % bound).unwrap_or(0)
    };
    let mut records = Vec::new();
    for _ in 0..5_000 {
        records.push(Record {
            scope: one_of(below(3), [None, Some("works"), Some("bridge")]),
            team: one_of(below(3), [None, Some("counter"), Some("treasury")]),
            item: one_of(below(3), [None, Some("case-1"), Some("case-12")]),
            private: below(4) == 0,
            linked_to: USERS.into_iter().filter(|_| below(2) == 0).collect(),
            is: ["completed", "published"]
                .into_iter()
                .filter(|_| below(2) == 0)
                .collect(),
        });
    }
    records
}

fn main() -> Result<(), Box<dyn Error>> {
    let document = Document::from_toml(include_str!("why.toml"))?;
    let tenant = Tenant::found(&document.policy)?;
    let tenant = tenant.as_of("2026-02-01T09:00:00Z".parse()?);
    let records = records();
    let mut compared = 0;
    for user in USERS {
        for duty in document.policy.duties.iter().map(|duty| duty.key.as_str()) {
            let filter: Filter = tenant.filter(user, duty)?;
            let passes = filter.visit(&mut InMemory { user: user.into() });
            let mut listed = 0;
            for record in &records {
                let resource = Resource {
                    scope: record.scope.map(Into::into),
                    associated: record.linked_to.contains(&user),
                    qualifiers: &record.is,
                    team: record.team.map(Into::into),
                    private: record.private,
                    item: record.item,
                    amount: None,
                };
                let permitted = tenant.check(user, duty, &resource)?.is_permit();
                if permitted != passes(record) {
                    return Err(format!("{user} and {duty}: the list and the check differ").into());
                }
                listed += usize::from(permitted);
                compared += 1;
            }
            println!("{user:6} {duty:24} {listed:5} of {} records", records.len());
        }
    }
    println!("{compared} records listed or left out, each as its check decides");
    Ok(())
}
