//! A filter that a visitor turned into a test of records lists exactly those that the check permits.

use super::town::Record;
use super::town::Town;
use bailiwick::FilterVisitor;
use bailiwick::ItemKey;
use bailiwick::Key;
use serde_json::Value;

/// What a filter says, as a tree.
#[derive(Debug)]
enum Query {
    Nothing,
    All(Vec<Query>),
    Any(Vec<Query>),
    Teams(Vec<String>),
    Within(Option<String>, Vec<String>),
    Public,
    Associated,
    Items(Vec<String>),
    Qualified(String),
}

struct Tree;

fn texts<T: ToString>(keys: &[T]) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}

impl FilterVisitor for Tree {
    type Query = Query;

    fn nothing(&mut self) -> Query {
        Query::Nothing
    }

    fn all_of(&mut self, parts: Vec<Query>) -> Query {
        assert!(!parts.is_empty());
        Query::All(parts)
    }

    fn any_of(&mut self, parts: Vec<Query>) -> Query {
        assert!(!parts.is_empty());
        Query::Any(parts)
    }

    fn in_teams(&mut self, teams: &[Key]) -> Query {
        Query::Teams(texts(teams))
    }

    fn within(&mut self, scope: Option<&Key>, except: &[Key]) -> Query {
        Query::Within(scope.map(ToString::to_string), texts(except))
    }

    fn public(&mut self) -> Query {
        Query::Public
    }

    fn associated(&mut self) -> Query {
        Query::Associated
    }

    fn private_items(&mut self, items: &[ItemKey]) -> Query {
        assert!(!items.is_empty());
        Query::Items(texts(items))
    }

    fn qualified(&mut self, word: &Key) -> Query {
        Query::Qualified(word.to_string())
    }
}

impl Query {
    /// Whether a record that lies in these scopes passes.
    fn passes(&self, record: &Record, upwards: &[String]) -> bool {
        match self {
            Self::Nothing => false,
            Self::All(parts) => parts.iter().all(|part| part.passes(record, upwards)),
            Self::Any(parts) => parts.iter().any(|part| part.passes(record, upwards)),
            Self::Teams(teams) => record.team.as_ref().is_none_or(|team| teams.contains(team)),
            Self::Within(scope, except) => {
                scope.as_ref().is_none_or(|scope| upwards.contains(scope))
                    && !except.iter().any(|scope| upwards.contains(scope))
            }
            Self::Public => !record.private,
            Self::Associated => record.associated,
            Self::Items(items) => {
                let item = record.item.filter(|_| record.private);
                item.is_some_and(|item| items.iter().any(|own| own == item))
            }
            Self::Qualified(word) => record.qualifiers.contains(&word.as_str()),
        }
    }
}

/// A scope and those above it.
fn upwards(document: &Value, scope: Option<&String>) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = scope.cloned();
    while let Some(scope) = next {
        let rows = document.get("scope").and_then(Value::as_array);
        let mut rows = rows.into_iter().flatten();
        let row = rows.find(|row| row["key"] == scope.as_str());
        next = row.and_then(|row| Some(row.get("parent")?.as_str()?.to_owned()));
        all.push(scope);
    }
    all
}

#[test]
fn a_visited_filter_lists_what_the_check_permits() {
    let (mut listed, mut left_out) = (0, 0);
    for seed in 0..100 {
        let mut town = Town::new(seed);
        for ask in town.asks(15) {
            let tenant = town.tenant.as_of(ask.at);
            let (user, duty) = (ask.user.as_str(), ask.duty.as_str());
            let query = tenant.filter(user, duty).unwrap().visit(&mut Tree);
            for _ in 0..20 {
                let mut record = town.record();
                record.amount = None;
                let tenant = town.tenant.as_of(ask.at);
                let decision = tenant.check(user, duty, &record.resource()).unwrap();
                let upwards = upwards(&town.document, record.scope.as_ref());
                assert_eq!(
                    query.passes(&record, &upwards),
                    decision.is_permit(),
                    "{ask:?} {record:?}\n{query:#?}\nin {}",
                    town.document
                );
                listed += usize::from(decision.is_permit());
                left_out += usize::from(!decision.is_permit());
            }
        }
    }
    assert!(listed > 3_000 && left_out > 3_000, "{listed} {left_out}");
}
