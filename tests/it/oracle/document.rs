//! A policy document as it is written: lists of rows, looked through from front to back.
#![expect(
    clippy::panic,
    reason = "a document that the oracle cannot read is a mistake in the test"
)]

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) mode: String,
    pub(super) open_up_to: Option<Sensitivity>,
    pub(super) seats: BTreeMap<String, u64>,
    pub(super) administration: BTreeMap<String, AnyOf>,
    pub(super) module: Vec<Module>,
    pub(super) duty: Vec<Duty>,
    pub(super) ladder: Vec<Ladder>,
    pub(super) limit: Vec<Limit>,
    pub(super) scope: Vec<Node>,
    pub(super) department: Vec<Value>,
    pub(super) team: Vec<Node>,
    pub(super) group: Vec<Node>,
    pub(super) profile: Vec<Profile>,
    pub(super) user: Vec<User>,
    /// No document has this list; it tells of memberships that commands began or ended.
    pub(super) membership: Vec<Membership>,
    pub(super) assign: Vec<Assign>,
    pub(super) grant: Vec<Entry>,
    pub(super) revoke: Vec<Entry>,
    pub(super) level: Vec<Entry>,
    pub(super) restrict: Vec<Restrict>,
    pub(super) item: Vec<ItemRight>,
    pub(super) conflict: Vec<Conflict>,
}

/// One duty, or a list of duties of which any will do.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum AnyOf {
    One(String),
    List(Vec<String>),
}

impl AnyOf {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Self::One(duty) => std::slice::from_ref(duty),
            Self::List(duties) => duties,
        }
    }
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sensitivity {
    Low,
    #[default]
    Normal,
    High,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Seat {
    #[default]
    Free,
    Full,
    Administrator,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reach {
    Associated,
    #[default]
    All,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Module {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) enabled: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Duty {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) sensitivity: Sensitivity,
    pub(super) seat: Seat,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Ladder {
    pub(super) object: String,
    pub(super) rungs: Vec<String>,
    pub(super) labels: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) on: Vec<String>,
    pub(super) requires: String,
}

/// A scope, a team or a group: a key in a tree.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Node {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) parent: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) grants: Vec<ProfileGrant>,
    pub(super) except: Vec<String>,
    pub(super) limits: Vec<String>,
    pub(super) ceilings: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ProfileGrant {
    Target(String),
    Table(ProfileRow),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct ProfileRow {
    pub(super) on: String,
    pub(super) level: Option<String>,
    pub(super) reach: Reach,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct User {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) login: Option<String>,
    pub(super) department: Option<String>,
    pub(super) team: Option<String>,
    pub(super) all_teams: bool,
    pub(super) groups: Vec<String>,
    pub(super) enabled: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Assign {
    pub(super) holder: String,
    pub(super) profile: String,
    pub(super) scope: Option<String>,
    #[serde(flatten)]
    pub(super) note: Note,
}

/// A grant, a revoke or a level; the list that it stands in says which.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) holder: String,
    pub(super) on: String,
    pub(super) scope: Option<String>,
    pub(super) reach: Reach,
    pub(super) ceiling: Option<u64>,
    pub(super) to: Option<String>,
    #[serde(flatten)]
    pub(super) note: Note,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Restrict {
    pub(super) holder: String,
    pub(super) limit: String,
    pub(super) scope: Option<String>,
    #[serde(flatten)]
    pub(super) note: Note,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct ItemRight {
    pub(super) user: String,
    pub(super) item: String,
    pub(super) on: Vec<String>,
    #[serde(flatten)]
    pub(super) note: Note,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Conflict {
    pub(super) key: String,
    pub(super) label: Option<Value>,
    pub(super) of: Vec<String>,
    pub(super) at_most: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Membership {
    pub(super) user: String,
    pub(super) group: String,
    #[serde(flatten)]
    pub(super) note: Note,
}

/// When a row holds, and what is said about it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Note {
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) document: Option<String>,
}

impl Note {
    /// From `from` on, up to but not including `until`. Instants have one form, so their texts compare as they do.
    pub(super) fn holds(&self, at: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= at)
            && self.until.as_deref().is_none_or(|until| at < until)
    }
}

impl Document {
    /// The document as rows.
    pub(super) fn read(value: &Value) -> Self {
        match serde_json::from_value(value.clone()) {
            Ok(document) => document,
            Err(error) => panic!("the oracle cannot read this document: {error}\n{value:#}"),
        }
    }

    pub(super) fn find_user(&self, key: &str) -> Option<&User> {
        self.user.iter().find(|user| user.key == key)
    }

    pub(super) fn find_duty(&self, key: &str) -> Option<&Duty> {
        self.duty.iter().find(|duty| duty.key == key)
    }

    pub(super) fn find_profile(&self, key: &str) -> &Profile {
        match self.profile.iter().find(|profile| profile.key == key) {
            Some(profile) => profile,
            None => panic!("no profile `{key}`"),
        }
    }

    pub(super) fn find_limit(&self, key: &str) -> &Limit {
        match self.limit.iter().find(|limit| limit.key == key) {
            Some(limit) => limit,
            None => panic!("no limit `{key}`"),
        }
    }

    /// The rungs of an object's ladder, lowest first.
    pub(super) fn rungs(&self, object: &str) -> Option<&[String]> {
        self.ladder
            .iter()
            .find(|ladder| ladder.object == object)
            .map(|ladder| ladder.rungs.as_slice())
    }

    /// Whether the duty is a rung of the object's ladder, and then how high: `(rung, level)` as places from the
    /// bottom, counting from 1; the level `none` is 0.
    pub(super) fn rung_and_level(
        &self,
        object: &str,
        duty: &str,
        to: &str,
    ) -> Option<(usize, usize)> {
        let action = duty.strip_prefix(object)?.strip_prefix('.')?;
        let rungs = self.rungs(object)?;
        let place = |word: &str| {
            rungs
                .iter()
                .position(|rung| rung == word)
                .map(|place| place + 1)
        };
        let level = if to == "none" { 0 } else { place(to)? };
        Some((place(action)?, level))
    }

    /// Whether the duty's module is switched on.
    pub(super) fn module_is_on(&self, duty: &str) -> bool {
        self.module
            .iter()
            .filter(|module| covers(&module.key, duty))
            .all(|module| module.enabled != Some(false))
    }
}

/// A key of a tree and all that stand above it, nearest first.
pub(super) fn upwards<'a>(tree: &'a [Node], key: &str) -> Vec<&'a str> {
    let mut path = Vec::new();
    let mut next = Some(key);
    while let Some(key) = next {
        let Some(node) = tree.iter().find(|node| node.key == key) else {
            panic!("no `{key}` in the tree");
        };
        path.push(node.key.as_str());
        next = node.parent.as_deref();
    }
    path
}

/// Whether a target is about a duty (section 2).
pub(super) fn covers(target: &str, duty: &str) -> bool {
    let below = |rest: &str| rest.is_empty() || rest.starts_with('.');
    target == "*" || duty.strip_prefix(target).is_some_and(below)
}

/// How specific a target is: everything, a module, an object, a duty.
pub(super) fn specificity(target: &str) -> usize {
    if target == "*" {
        0
    } else {
        target.split('.').count()
    }
}
