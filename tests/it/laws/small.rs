//! A small town of which every policy can be tried: 54 statements, one object with two rungs, two places, a user
//! with a group, one in the group alone and one with nothing.

use bailiwick::Denial;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::policy::Assign;
use bailiwick::policy::Grant;
use bailiwick::policy::Mode;
use bailiwick::policy::Restrict;
use bailiwick::policy::Revoke;
use bailiwick::policy::SetLevel;
use serde_json::Value;
use serde_json::json;
use std::collections::HashMap;

pub(crate) const USERS: [&str; 3] = ["ana", "clerk", "nobody"];
pub(crate) const DUTIES: [&str; 2] = ["a.b.view", "a.b.edit"];
pub(crate) const PLACES: [Option<&str>; 2] = [None, Some("works")];

/// The town without any statement, and all that may be stated.
pub(crate) struct Small {
    base: Policy,
    pub(crate) pool: Vec<Stated>,
    known: HashMap<Vec<usize>, Option<Vec<Option<Denial>>>>,
}

/// One row of a policy.
#[derive(Clone, Debug)]
pub(crate) enum Stated {
    Grant(Grant),
    Revoke(Revoke),
    Level(SetLevel),
    Assign(Assign),
    Restrict(Restrict),
}

const BASE: &str = r#"
name = "Small"
[[duty]]
key = "a.b.view"
[[duty]]
key = "a.b.edit"
[[ladder]]
object = "a.b"
rungs = ["view", "edit"]
[[limit]]
key = "published-only"
on = ["a.b.view"]
requires = "published"
[[scope]]
key = "works"
[[group]]
key = "clerks"
[[profile]]
key = "editor"
grants = [{ on = "a.b.edit", reach = "associated" }]
limits = ["published-only"]
[[user]]
key = "ana"
groups = ["clerks"]
[[user]]
key = "clerk"
groups = ["clerks"]
[[user]]
key = "nobody"
"#;

impl Small {
    pub(crate) fn new(mode: Mode) -> Self {
        let mut base = Document::from_toml(BASE).unwrap().policy;
        base.mode = mode;
        Self {
            base,
            pool: pool(),
            known: HashMap::new(),
        }
    }

    /// Every choice of at most so many statements, the smaller first.
    pub(crate) fn choices(&self, most: usize) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        let mut start = 0;
        for _ in 0..most {
            let end = all.len();
            for place in start..end {
                let from = all[place].last().map_or(0, |last| last + 1);
                for more in from..self.pool.len() {
                    let mut next: Vec<usize> = all[place].clone();
                    next.push(more);
                    all.push(next);
                }
            }
            start = end;
        }
        all
    }

    pub(crate) fn policy(&self, chosen: &[usize]) -> Policy {
        let mut policy = self.base.clone();
        for place in chosen {
            match self.pool[*place].clone() {
                Stated::Grant(row) => policy.grants.push(row),
                Stated::Revoke(row) => policy.revokes.push(row),
                Stated::Level(row) => policy.levels.push(row),
                Stated::Assign(row) => policy.assignments.push(row),
                Stated::Restrict(row) => policy.restrictions.push(row),
            }
        }
        policy
    }

    /// The place of the last chosen statement in the policy: `grant[1]`.
    pub(crate) fn place(&self, chosen: &[usize], of: usize) -> String {
        let kind = self.pool[of].kind();
        let before = chosen.iter().take_while(|place| **place != of);
        let before = before.filter(|place| self.pool[**place].kind() == kind);
        format!("{kind}[{}]", before.count())
    }

    /// What every check answers under some statements; nothing where two of them clash.
    pub(crate) fn answers(&mut self, chosen: &[usize]) -> Option<Vec<Option<Denial>>> {
        if let Some(known) = self.known.get(chosen) {
            return known.clone();
        }
        let tenant = Tenant::found(&self.policy(chosen)).ok();
        let answers = tenant.map(|tenant| answers(&tenant));
        self.known.insert(chosen.to_vec(), answers.clone());
        answers
    }
}

impl Stated {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Grant(_) => "grant",
            Self::Revoke(_) => "revoke",
            Self::Level(_) => "level",
            Self::Assign(_) => "assign",
            Self::Restrict(_) => "restrict",
        }
    }

    /// Whose it is, and where it holds.
    pub(crate) fn whose(&self) -> (String, Option<String>) {
        let (holder, scope) = match self {
            Self::Grant(row) => (&row.holder, &row.scope),
            Self::Revoke(row) => (&row.holder, &row.scope),
            Self::Level(row) => (&row.holder, &row.scope),
            Self::Assign(row) => (&row.holder, &row.scope),
            Self::Restrict(row) => (&row.holder, &row.scope),
        };
        (holder.to_string(), scope.as_ref().map(ToString::to_string))
    }
}

/// Every statement about the town's object.
fn pool() -> Vec<Stated> {
    let mut pool = Vec::new();
    for place in PLACES {
        for holder in ["everyone", "group:clerks", "user:ana"] {
            let row = |more: Value| {
                let mut row = more;
                row["holder"] = json!(holder);
                if let Some(scope) = place {
                    row["scope"] = json!(scope);
                }
                row
            };
            for on in ["a.b", "a.b.edit"] {
                for reach in ["all", "associated"] {
                    let grant = row(json!({ "on": on, "reach": reach }));
                    pool.push(Stated::Grant(serde_json::from_value(grant).unwrap()));
                }
                let revoke = row(json!({ "on": on }));
                pool.push(Stated::Revoke(serde_json::from_value(revoke).unwrap()));
            }
            for to in ["none", "view"] {
                let level = row(json!({ "on": "a.b", "to": to }));
                pool.push(Stated::Level(serde_json::from_value(level).unwrap()));
            }
            if holder != "everyone" {
                let assign = row(json!({ "profile": "editor" }));
                pool.push(Stated::Assign(serde_json::from_value(assign).unwrap()));
            }
            if holder == "user:ana" {
                let restrict = row(json!({ "limit": "published-only" }));
                pool.push(Stated::Restrict(serde_json::from_value(restrict).unwrap()));
            }
        }
    }
    pool
}

pub(crate) fn instant() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// The records of the town: in each place, associated or not, published or not.
pub(crate) fn records() -> Vec<Resource<'static>> {
    let mut records = Vec::new();
    for place in PLACES {
        for associated in [false, true] {
            for qualifiers in [&[][..], &["published"]] {
                records.push(Resource {
                    scope: place.map(Into::into),
                    associated,
                    qualifiers,
                    ..Resource::default()
                });
            }
        }
    }
    records
}

/// What every check answers.
pub(crate) fn answers(tenant: &Tenant) -> Vec<Option<Denial>> {
    let tenant = tenant.as_of(instant());
    let mut answers = Vec::new();
    for user in USERS {
        for duty in DUTIES {
            for record in records() {
                answers.push(tenant.check(user, duty, &record).unwrap().denial());
            }
        }
    }
    answers
}
