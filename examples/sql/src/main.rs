//! A filter turned into a WHERE clause: the rows that a database returns are those that the check permits.

use bailiwick::FilterVisitor;
use bailiwick::ItemKey;
use bailiwick::Key;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::document::Document;
use rusqlite::Connection;
use rusqlite::params;
use rusqlite::params_from_iter;
use std::collections::BTreeSet;
use std::error::Error;

const SCHEMA: &str = "
    CREATE TABLE record (id INTEGER PRIMARY KEY, scope TEXT, team TEXT, private INTEGER NOT NULL, item TEXT);
    CREATE TABLE link (record INTEGER NOT NULL, user TEXT NOT NULL, PRIMARY KEY (record, user));
    CREATE TABLE is_so (record INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (record, word));
    CREATE TABLE above (scope TEXT NOT NULL, top TEXT NOT NULL, PRIMARY KEY (scope, top));
    INSERT INTO above VALUES ('works', 'works'), ('bridge', 'bridge'), ('bridge', 'works');
";

/// Makes a condition; every value goes through a parameter.
struct Where {
    user: String,
    values: Vec<String>,
}

impl Where {
    fn parameter(&mut self, value: &str) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn list(&mut self, values: impl Iterator<Item = String>) -> String {
        let parameters: Vec<String> = values.map(|value| self.parameter(&value)).collect();
        parameters.join(", ")
    }
}

impl FilterVisitor for Where {
    type Query = String;

    fn nothing(&mut self) -> String {
        "0".into()
    }

    fn all_of(&mut self, parts: Vec<String>) -> String {
        format!("({})", parts.join(" AND "))
    }

    fn any_of(&mut self, parts: Vec<String>) -> String {
        format!("({})", parts.join(" OR "))
    }

    fn in_teams(&mut self, teams: &[Key]) -> String {
        // Most databases want at least one thing in a list.
        if teams.is_empty() {
            return "team IS NULL".into();
        }
        let teams = self.list(teams.iter().map(ToString::to_string));
        format!("(team IS NULL OR team IN ({teams}))")
    }

    fn within(&mut self, scope: Option<&Key>, except: &[Key]) -> String {
        let mut parts = vec!["1".to_string()];
        if let Some(scope) = scope {
            let scope = self.parameter(scope.as_str());
            parts.push(format!(
                "EXISTS (SELECT 1 FROM above WHERE above.scope = record.scope AND top = {scope})"
            ));
        }
        if !except.is_empty() {
            let except = self.list(except.iter().map(ToString::to_string));
            parts.push(format!(
                "NOT EXISTS (SELECT 1 FROM above WHERE above.scope = record.scope AND top IN ({except}))"
            ));
        }
        parts.join(" AND ")
    }

    fn public(&mut self) -> String {
        "private = 0".into()
    }

    fn associated(&mut self) -> String {
        let user = self.user.clone();
        let user = self.parameter(&user);
        format!("EXISTS (SELECT 1 FROM link WHERE link.record = record.id AND user = {user})")
    }

    fn private_items(&mut self, items: &[ItemKey]) -> String {
        let items = self.list(items.iter().map(ToString::to_string));
        format!("(private = 1 AND item IN ({items}))")
    }

    fn qualified(&mut self, word: &Key) -> String {
        let word = self.parameter(word.as_str());
        format!("EXISTS (SELECT 1 FROM is_so WHERE is_so.record = record.id AND word = {word})")
    }
}

/// A record as the host has it.
struct Record {
    scope: Option<&'static str>,
    team: Option<&'static str>,
    private: bool,
    item: Option<&'static str>,
    linked_to: Vec<&'static str>,
    is: Vec<&'static str>,
}

const USERS: [&str; 5] = ["ana", "ben", "carla", "ines", "omar"];

fn one_of(n: usize, words: [Option<&'static str>; 3]) -> Option<&'static str> {
    words.get(n).copied().flatten()
}

/// A few thousand records of every sort.
fn records() -> Vec<Record> {
    let mut state: u64 = 11;
    let mut below = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % bound).unwrap_or(0)
    };
    let mut records = Vec::new();
    for _ in 0..4_000 {
        records.push(Record {
            scope: one_of(below(3), [None, Some("works"), Some("bridge")]),
            team: one_of(below(3), [None, Some("counter"), Some("treasury")]),
            private: below(4) == 0,
            item: one_of(below(3), [None, Some("case-1"), Some("case-12")]),
            linked_to: USERS.into_iter().filter(|_| below(2) == 0).collect(),
            is: ["completed", "published"]
                .into_iter()
                .filter(|_| below(2) == 0)
                .collect(),
        });
    }
    records
}

fn stored(records: &[Record]) -> Result<Connection, rusqlite::Error> {
    let mut database = Connection::open_in_memory()?;
    database.execute_batch(SCHEMA)?;
    let transaction = database.transaction()?;
    for (id, record) in records.iter().enumerate() {
        let id = i64::try_from(id).unwrap_or(i64::MAX);
        transaction.execute(
            "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, record.scope, record.team, record.private, record.item],
        )?;
        for user in &record.linked_to {
            transaction.execute("INSERT INTO link VALUES (?1, ?2)", params![id, user])?;
        }
        for word in &record.is {
            transaction.execute("INSERT INTO is_so VALUES (?1, ?2)", params![id, word])?;
        }
    }
    transaction.commit()?;
    Ok(database)
}

fn main() -> Result<(), Box<dyn Error>> {
    let document = Document::from_toml(include_str!("../../why.toml"))?;
    let tenant = Tenant::found(&document.policy)?;
    let tenant = tenant.as_of("2026-02-01T09:00:00Z".parse()?);
    let records = records();
    let database = stored(&records)?;
    let mut queries = 0;
    for user in USERS {
        for duty in document.policy.duties.iter().map(|duty| duty.key.as_str()) {
            let mut visitor = Where {
                user: user.into(),
                values: Vec::new(),
            };
            let condition = tenant.filter(user, duty)?.visit(&mut visitor);
            let sql = format!("SELECT id FROM record WHERE {condition}");
            let mut query = database.prepare(&sql)?;
            let rows = query.query_map(params_from_iter(&visitor.values), |row| {
                row.get::<_, i64>(0)
            })?;
            let returned = rows.collect::<Result<BTreeSet<i64>, _>>()?;
            let mut permitted = BTreeSet::new();
            for (id, record) in records.iter().enumerate() {
                let resource = Resource {
                    scope: record.scope.map(Into::into),
                    associated: record.linked_to.contains(&user),
                    qualifiers: &record.is,
                    team: record.team.map(Into::into),
                    private: record.private,
                    item: record.item,
                    amount: None,
                };
                if tenant.check(user, duty, &resource)?.is_permit() {
                    permitted.insert(i64::try_from(id)?);
                }
            }
            if returned != permitted {
                return Err(
                    format!("{user} and {duty}: the rows are not those permitted: {sql}").into(),
                );
            }
            queries += 1;
            println!("{user:6} {duty:24} {:5} rows", returned.len());
            if (user, duty) == ("ben", "permits.file.view") {
                println!("       {sql}");
            }
        }
    }
    println!(
        "{queries} queries over {} records: every row as its check decides",
        records.len()
    );
    Ok(())
}
