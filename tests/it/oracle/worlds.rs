//! Random tenants: small, valid, and with as many collisions as can be had.

use super::instants::last;
use super::instants::seconds;
use super::instants::text;
use super::rng::Rng;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// The catalog sizes at which bit sets change their shape, and the sizes of real catalogs.
pub(crate) const CATALOG_SIZES: [usize; 8] = [0, 1, 63, 64, 65, 181, 600, 4096];

/// A tenant as a policy document, and what is worth asking it about.
pub(crate) struct World {
    pub(crate) document: Value,
    pub(super) duties: Vec<String>,
    pub(super) focus: Vec<String>,
    pub(super) objects: Vec<String>,
    pub(super) laddered: Vec<String>,
    pub(super) users: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) teams: Vec<String>,
    pub(super) edges: Vec<u64>,
}

pub(super) const QUALIFIERS: [&str; 3] = ["published", "completed", "signed"];
pub(super) const ITEMS: [&str; 3] = ["case", "case-1", "case-12"];
const ACTIONS: [&str; 6] = ["view", "add", "edit", "admin", "a", "void"];
const NAMES: [&str; 6] = ["a", "a-a", "aa", "a0", "b", "ledger"];
const USERS: [&str; 5] = ["ana", "an", "ana.b@x-1", "bo_c", "0"];
/// A module that has no duty.
const EMPTY: &str = "empty";

/// A random world. `size` bounds how many entries are tried; `duties` is the size of the catalog.
pub(crate) fn world(seed: u64, size: usize, duties: usize) -> World {
    let mut maker = Maker {
        rng: Rng::new(seed),
        size,
        ..Maker::default()
    };
    maker.catalog(duties);
    maker.places();
    maker.people();
    maker.profiles();
    maker.entries();
    maker.conflicts();
    maker.rows.insert("name".to_owned(), json!("World"));
    World {
        document: Value::Object(maker.rows),
        duties: maker.duties,
        focus: maker.focus,
        objects: maker.objects,
        laddered: maker.ladders.into_keys().collect(),
        users: maker.users,
        scopes: maker.scopes,
        teams: maker.teams,
        edges: maker.edges,
    }
}

#[derive(Default)]
struct Maker {
    rng: Rng,
    size: usize,
    /// Whether nearly all entries are one holder's.
    crowded: bool,
    rows: Map<String, Value>,
    duties: Vec<String>,
    /// Duties that most entries are about.
    focus: Vec<String>,
    /// Every target that covers one of those, and a few others.
    targets: Vec<String>,
    objects: Vec<String>,
    ladders: BTreeMap<String, Vec<String>>,
    limits: Vec<String>,
    scopes: Vec<String>,
    teams: Vec<String>,
    groups: Vec<String>,
    users: Vec<String>,
    profiles: Vec<String>,
    /// The instants at which windows begin and end, earliest first.
    edges: Vec<u64>,
    /// Windows taken, by what may have only one entry at an instant.
    taken: BTreeMap<String, Vec<Window>>,
}

type Window = (Option<u64>, Option<u64>);

impl Maker {
    fn list(&mut self, name: &str, rows: Vec<Value>) {
        if !rows.is_empty() || self.rng.chance(20) {
            self.rows.insert(name.to_owned(), Value::Array(rows));
        }
    }

    /// Modules, duties, ladders, limits and the mode.
    fn catalog(&mut self, duties: usize) {
        let small = duties <= 40;
        let actions = if small { 1 + self.rng.below(5) } else { 5 };
        let objects = if small { 1 + self.rng.below(4) } else { 4 };
        let name = |place: usize| {
            NAMES
                .get(place)
                .map_or(format!("m{place}"), |name| (*name).to_owned())
        };
        for number in 0..duties {
            let action = ACTIONS.get(number % actions).copied().unwrap_or("view");
            let object = name(number / actions % objects);
            let module = name(number / (actions * objects));
            self.duties.push(format!("{module}.{object}.{action}"));
        }
        if self.rng.chance(50) {
            self.rng.shuffle(&mut self.duties);
        }
        self.aim();
        let mut rows = Vec::new();
        for key in &self.duties {
            let mut row = json!({ "key": key });
            maybe(
                &mut self.rng,
                60,
                &mut row,
                "sensitivity",
                &["low", "normal", "high"],
            );
            maybe(
                &mut self.rng,
                30,
                &mut row,
                "seat",
                &["free", "full", "administrator"],
            );
            maybe(
                &mut self.rng,
                5,
                &mut row,
                "label",
                &[json!({ "en": "A duty", "es": "Un deber" })],
            );
            rows.push(row);
        }
        self.list("duty", rows);
        self.modules();
        self.make_ladders();
        self.make_limits();
        if self.rng.chance(40) {
            self.rows.insert(
                "mode".to_owned(),
                json!(if self.rng.chance(80) {
                    "open"
                } else {
                    "strict"
                }),
            );
            if let Some(up_to) = self
                .rng
                .pick(&[None, Some("low"), Some("normal"), Some("high")])
                .copied()
                .flatten()
            {
                self.rows.insert("open-up-to".to_owned(), json!(up_to));
            }
        }
        if self.rng.chance(20) {
            self.rows.insert(
                "seats".to_owned(),
                json!({ "full": self.rng.below(3), "administrator": self.rng.below(2) }),
            );
        }
        if let Some(duty) = self.focus.first().filter(|_| self.rng.chance(20)) {
            self.rows
                .insert("administration".to_owned(), json!({ "grant": duty }));
        }
    }

    /// Chooses a few duties that lie close together, and the targets about them.
    fn aim(&mut self) {
        let Some(first) = self.rng.pick(&self.duties).cloned() else {
            self.targets = vec!["*".to_owned(), EMPTY.to_owned()];
            return;
        };
        self.focus.push(first.clone());
        let around = [object_of(&first), module_of(&first), ""];
        for _ in 0..4 {
            let near = *self.rng.pick(&around).unwrap_or(&"");
            let close: Vec<String> = self
                .duties
                .iter()
                .filter(|duty| duty.starts_with(near))
                .cloned()
                .collect();
            self.focus.extend(self.rng.pick(&close).cloned());
        }
        for duty in &self.focus {
            let own = ["*", module_of(duty), object_of(duty), duty];
            self.targets.extend(own.map(str::to_owned));
            self.objects.push(object_of(duty).to_owned());
        }
        for _ in 0..2 {
            self.targets.extend(self.rng.pick(&self.duties).cloned());
        }
        if self.rng.chance(20) {
            self.targets.push(EMPTY.to_owned());
        }
        self.objects.sort();
        self.objects.dedup();
    }

    fn modules(&mut self) {
        let mut rows = Vec::new();
        if self.targets.iter().any(|target| target == EMPTY) {
            rows.push(json!({ "key": EMPTY }));
        }
        let mut keys: Vec<String> = self
            .focus
            .iter()
            .map(|duty| module_of(duty).to_owned())
            .collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            if self.rng.chance(30) {
                let mut row = json!({ "key": key });
                maybe(&mut self.rng, 50, &mut row, "enabled", &[true, true, false]);
                rows.push(row);
            }
        }
        self.list("module", rows);
    }

    /// Ladders over some of an object's actions, mostly in the order of the list above, so that several objects
    /// have the same rungs.
    fn make_ladders(&mut self) {
        let mut rows = Vec::new();
        for object in self.objects.clone() {
            let mut rungs: Vec<&str> = ACTIONS.to_vec();
            rungs.retain(|action| {
                self.duties
                    .iter()
                    .any(|duty| *duty == format!("{object}.{action}"))
            });
            if self.rng.chance(30) {
                let kept = self.rng.below(rungs.len());
                rungs.remove(kept);
            }
            if self.rng.chance(20) {
                self.rng.shuffle(&mut rungs);
            }
            if !rungs.is_empty() && self.rng.chance(75) {
                rows.push(json!({ "object": object, "rungs": rungs }));
                self.ladders
                    .insert(object, rungs.into_iter().map(str::to_owned).collect());
            }
        }
        self.list("ladder", rows);
    }

    fn make_limits(&mut self) {
        let mut rows = Vec::new();
        for number in 0..self.rng.below(4) {
            let key = format!("limit-{number}");
            let on = self.some_targets(2);
            rows.push(json!({ "key": key, "on": on, "requires": self.rng.pick(&QUALIFIERS) }));
            self.limits.push(key);
        }
        self.list("limit", rows);
    }

    /// Up to `most` different targets, one at the least.
    fn some_targets(&mut self, most: usize) -> Vec<String> {
        let mut some = Vec::new();
        for _ in 0..=self.rng.below(most) {
            some.extend(self.target());
        }
        some.sort();
        some.dedup();
        self.rng.shuffle(&mut some);
        some
    }

    fn target(&mut self) -> Option<String> {
        self.rng.pick(&self.targets).cloned()
    }

    /// The trees of scopes, teams and groups, and the instants.
    fn places(&mut self) {
        let few = self.rng.below(5);
        let many = if self.rng.chance(30) { 12 } else { few };
        self.scopes = self.tree("scope", "s", many, 8);
        let teams = self.rng.below(5);
        self.teams = self.tree("team", "t", teams, 20);
        let groups = self.rng.below(7);
        self.groups = self.tree("group", "g", groups, 4);
        let day = seconds(2026, 1, 1);
        let leap = seconds(2024, 2, 29) - 2;
        self.edges = match self.rng.below(5) {
            0 => (0..5).map(|second| leap + second).collect(),
            1 => vec![0, 1, day, last() - 1, last()],
            _ => (0..6).map(|number| day + number * 86_400).collect(),
        };
    }

    /// A tree of at most `depth` levels; children may stand before their parents.
    fn tree(&mut self, name: &str, prefix: &str, count: usize, depth: usize) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        let mut depths: Vec<usize> = Vec::new();
        let mut rows = Vec::new();
        for number in 0..count {
            let key = format!("{prefix}{number}");
            let mut row = json!({ "key": key });
            let parent = if self.rng.chance(60) {
                number.saturating_sub(1)
            } else {
                self.rng.below(number)
            };
            let above = depths.get(parent).copied().unwrap_or(depth);
            let mut own = 1;
            if above < depth && self.rng.chance(85) {
                set(&mut row, "parent", json!(keys.get(parent)));
                own = above + 1;
            }
            depths.push(own);
            keys.push(key);
            rows.push(row);
        }
        if self.rng.chance(50) {
            self.rng.shuffle(&mut rows);
        }
        self.list(name, rows);
        keys
    }

    fn people(&mut self) {
        let count = 1 + self.rng.below(USERS.len());
        self.users = USERS
            .iter()
            .take(count)
            .map(|user| (*user).to_owned())
            .collect();
        let departments = ["roads", "water"];
        let mut rows = vec![
            json!({ "key": "roads" }),
            json!({ "key": "water", "parent": "roads" }),
        ];
        if let Some(head) = rows.first_mut().filter(|_| self.rng.chance(50)) {
            set(head, "head", json!(self.rng.pick(&self.users)));
        }
        self.list("department", rows);
        let mut rows = Vec::new();
        for key in self.users.clone() {
            let mut row = json!({ "key": key });
            maybe(&mut self.rng, 50, &mut row, "team", &self.teams);
            maybe(
                &mut self.rng,
                15,
                &mut row,
                "all-teams",
                &[true, true, false],
            );
            maybe(
                &mut self.rng,
                20,
                &mut row,
                "enabled",
                &[true, false, false],
            );
            maybe(&mut self.rng, 20, &mut row, "department", &departments);
            maybe(&mut self.rng, 10, &mut row, "name", &["Ana Maria"]);
            let mut groups: Vec<String> = Vec::new();
            for _ in 0..self.rng.below(4) {
                groups.extend(self.rng.pick(&self.groups).cloned());
            }
            groups.sort();
            groups.dedup();
            self.rng.shuffle(&mut groups);
            if !groups.is_empty() {
                set(&mut row, "groups", json!(groups));
            }
            rows.push(row);
        }
        self.rng.shuffle(&mut rows);
        self.list("user", rows);
    }

    fn profiles(&mut self) {
        let mut rows = Vec::new();
        for number in 0..self.rng.below(5) {
            let key = format!("profile-{number}");
            let mut grants: Vec<Value> = Vec::new();
            for _ in 0..self.rng.below(4) {
                let grant = self.profile_grant();
                if !grants.contains(&grant) {
                    grants.push(grant);
                }
            }
            let mut row = json!({ "key": key, "grants": grants });
            if self.rng.chance(30) {
                set(&mut row, "except", json!(self.some_targets(2)));
            }
            maybe(
                &mut self.rng,
                35,
                &mut row,
                "limits",
                &self
                    .limits
                    .clone()
                    .into_iter()
                    .map(|limit| [limit])
                    .collect::<Vec<_>>(),
            );
            if self.rng.chance(40) {
                let duty = self
                    .rng
                    .pick(&self.focus)
                    .cloned()
                    .map(|duty| (duty, json!(amount(&mut self.rng))));
                set(
                    &mut row,
                    "ceilings",
                    Value::Object(duty.into_iter().collect()),
                );
            }
            self.profiles.push(key);
            rows.push(row);
        }
        self.list("profile", rows);
    }

    fn profile_grant(&mut self) -> Value {
        if let Some((object, to)) = self.rung().filter(|_| self.rng.chance(30)) {
            return json!({ "on": object, "level": to });
        }
        let target = self.target();
        match self.rng.below(4) {
            0 => json!({ "on": target, "reach": "associated" }),
            1 => json!({ "on": target, "reach": "all" }),
            _ => json!(target),
        }
    }

    /// A laddered object, and one of its levels.
    fn rung(&mut self) -> Option<(String, String)> {
        let ladders: Vec<(String, Vec<String>)> = self.ladders.clone().into_iter().collect();
        let (object, mut levels) = self.rng.pick(&ladders)?.clone();
        levels.push("none".to_owned());
        let level = self.rng.pick(&levels)?.clone();
        Some((object, level))
    }

    fn entries(&mut self) {
        let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        // A holder with more than a handful of entries may be looked at in another way.
        self.crowded = self.rng.chance(6);
        let tried = if self.crowded {
            self.size * 12
        } else {
            self.rng.below(self.size + 1)
        };
        for _ in 0..tried {
            let (name, row) = match self.rng.below(20) {
                0..=2 => ("assign", self.assign()),
                3 => ("restrict", self.restrict()),
                4..=5 => ("item", self.item()),
                6..=9 => ("revoke", self.entry("revoke")),
                10..=12 => ("level", self.entry("level")),
                _ => ("grant", self.entry("grant")),
            };
            lists.entry(name).or_default().extend(row);
        }
        for (name, rows) in lists {
            self.list(name, rows);
        }
    }

    fn holder(&mut self) -> String {
        if self.crowded && self.rng.chance(95) {
            let all = [
                self.users.first().map(|user| format!("user:{user}")),
                self.groups.first().map(|group| format!("group:{group}")),
            ];
            return all.into_iter().flatten().next_back().unwrap_or_default();
        }
        let kind = self.rng.below(10);
        let groups = if kind < 4 {
            self.rng.pick(&self.groups)
        } else {
            None
        };
        if let Some(group) = groups {
            return format!("group:{group}");
        }
        let first = self.users.get(..1).unwrap_or_default();
        let users = if kind < 7 { first } else { &self.users };
        format!(
            "user:{}",
            self.rng.pick(users).map_or("ana", String::as_str)
        )
    }

    fn entry(&mut self, kind: &str) -> Option<Value> {
        let holder = if self.rng.chance(20) {
            "everyone".to_owned()
        } else {
            self.holder()
        };
        let mut row = json!({ "holder": holder });
        let mut target = self.target()?;
        if kind == "level" {
            let (object, to) = self.rung()?;
            set(&mut row, "to", json!(to));
            target = object;
        }
        set(&mut row, "on", json!(target));
        if kind == "grant" {
            maybe(&mut self.rng, 40, &mut row, "reach", &["associated", "all"]);
            if self.rng.chance(30) {
                set(&mut row, "ceiling", json!(amount(&mut self.rng)));
            }
        }
        maybe(&mut self.rng, 60, &mut row, "scope", &self.scopes);
        let key = format!("entry {holder} {target} {:?}", row.get("scope"));
        self.note(row, &key)
    }

    fn assign(&mut self) -> Option<Value> {
        let (holder, profile) = (self.holder(), self.rng.pick(&self.profiles)?);
        let mut row = json!({ "holder": holder, "profile": profile });
        let key = format!("assign {holder} {profile}");
        maybe(&mut self.rng, 40, &mut row, "scope", &self.scopes);
        let key = format!("{key} {:?}", row.get("scope"));
        self.note(row, &key)
    }

    fn restrict(&mut self) -> Option<Value> {
        let (holder, limit) = (self.holder(), self.rng.pick(&self.limits)?);
        let mut row = json!({ "holder": holder, "limit": limit });
        let key = format!("restrict {holder} {limit}");
        maybe(&mut self.rng, 40, &mut row, "scope", &self.scopes);
        let key = format!("{key} {:?}", row.get("scope"));
        self.window(row, &key)
    }

    fn item(&mut self) -> Option<Value> {
        let on = self.some_targets(3);
        let (user, item) = (self.rng.pick(&self.users)?, self.rng.pick(&ITEMS)?);
        let row = json!({ "user": user, "item": item, "on": on });
        let key = format!("item {user} {item}");
        self.window(row, &key)
    }

    /// The row with a reason and such, and a window.
    fn note(&mut self, mut row: Value, key: &str) -> Option<Value> {
        maybe(&mut self.rng, 15, &mut row, "reason", &["year end"]);
        maybe(&mut self.rng, 5, &mut row, "document", &["memo-1"]);
        self.window(row, key)
    }

    /// The row with a window in which nothing else of its key holds, if one is found.
    fn window(&mut self, mut row: Value, key: &str) -> Option<Value> {
        for _ in 0..4 {
            let one = self.rng.below(self.edges.len() + 3);
            let other = self.rng.below(self.edges.len() + 3);
            let (first, second) = (self.edges.get(one).copied(), self.edges.get(other).copied());
            let (from, until) = match (first, second) {
                (Some(first), Some(second)) => (Some(first.min(second)), Some(first.max(second))),
                open => open,
            };
            if from.is_some() && from == until {
                continue;
            }
            let taken = self.taken.entry(key.to_owned()).or_default();
            let apart = |(start, end): &Window| {
                let before = until.is_some_and(|until| start.is_some_and(|start| until <= start));
                let after = from.is_some_and(|from| end.is_some_and(|end| end <= from));
                before || after
            };
            if !taken.iter().all(apart) {
                continue;
            }
            taken.push((from, until));
            if let Some(from) = from {
                set(&mut row, "from", json!(text(from)));
            }
            if let Some(until) = until {
                set(&mut row, "until", json!(text(until)));
            }
            return Some(row);
        }
        None
    }

    fn conflicts(&mut self) {
        let mut rows = Vec::new();
        for number in 0..self.rng.below(3) {
            let of = self.some_targets(4);
            if of.len() > 1 {
                let mut row = json!({ "key": format!("conflict-{number}"), "of": of });
                if self.rng.chance(50) {
                    set(&mut row, "at-most", json!(1 + self.rng.below(of.len() - 1)));
                }
                rows.push(row);
            }
        }
        self.list("conflict", rows);
    }
}

/// Sums of money around which ceilings lie.
pub(super) fn amount(rng: &mut Rng) -> u64 {
    rng.pick(&[0, 49, 50, 51, 100, 101, 1 << 53])
        .copied()
        .unwrap_or(0)
}

pub(super) fn object_of(duty: &str) -> &str {
    duty.rsplit_once('.').map_or(duty, |(object, _)| object)
}

fn module_of(duty: &str) -> &str {
    duty.split_once('.').map_or(duty, |(module, _)| module)
}

pub(super) fn set(row: &mut Value, field: &str, value: Value) {
    if let Value::Object(fields) = row {
        fields.insert(field.to_owned(), value);
    }
}

/// Sets a field to one of the choices, in `percent` of a hundred cases.
pub(super) fn maybe<T: serde::Serialize>(
    rng: &mut Rng,
    percent: usize,
    row: &mut Value,
    field: &str,
    choices: &[T],
) {
    if rng.chance(percent)
        && let Some(choice) = rng.pick(choices)
    {
        set(row, field, json!(choice));
    }
}
