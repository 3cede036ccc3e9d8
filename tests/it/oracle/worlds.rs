//! Random tenants: small, valid, and with as many collisions as can be had.

use super::instants::last;
use super::instants::seconds;
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
    pub(super) maker: Maker,
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
    let document = Value::Object(std::mem::take(&mut maker.rows));
    World { document, maker }
}

/// Makes one world, with one stream of numbers.
#[derive(Default)]
pub(super) struct Maker {
    pub(super) rng: Rng,
    pub(super) size: usize,
    /// Whether nearly all entries are one holder's.
    pub(super) crowded: bool,
    pub(super) rows: Map<String, Value>,
    pub(super) duties: Vec<String>,
    /// Duties that most entries are about.
    pub(super) focus: Vec<String>,
    /// Every target that covers one of those, and a few others.
    pub(super) targets: Vec<String>,
    pub(super) objects: Vec<String>,
    pub(super) ladders: BTreeMap<String, Vec<String>>,
    pub(super) limits: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) teams: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) users: Vec<String>,
    pub(super) profiles: Vec<String>,
    /// The instants at which windows begin and end, earliest first.
    pub(super) edges: Vec<u64>,
    /// Windows taken, by what may have only one entry at an instant.
    pub(super) taken: BTreeMap<String, Vec<Window>>,
    /// Where commands are made instead of a document: the instant of the command.
    pub(super) now: Option<u64>,
}

pub(super) type Window = (Option<u64>, Option<u64>);

impl Maker {
    pub(super) fn list(&mut self, name: &str, rows: Vec<Value>) {
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
            let other = self.focus.iter().find(|other| *other != duty);
            let line = match other.filter(|_| self.rng.chance(30)) {
                Some(other) => json!([duty, other]),
                None => json!(duty),
            };
            self.rows
                .insert("administration".to_owned(), json!({ "grant": line }));
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
    pub(super) fn some_targets(&mut self, most: usize) -> Vec<String> {
        let mut some = Vec::new();
        for _ in 0..=self.rng.below(most) {
            some.extend(self.target());
        }
        some.sort();
        some.dedup();
        self.rng.shuffle(&mut some);
        some
    }

    pub(super) fn target(&mut self) -> Option<String> {
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
