//! Random profiles, entries and conflicts: what people hold in a random tenant.

use super::instants::text;
use super::worlds::ITEMS;
use super::worlds::Maker;
use super::worlds::Window;
use super::worlds::amount;
use super::worlds::maybe;
use super::worlds::set;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

impl Maker {
    pub(super) fn profiles(&mut self) {
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

    pub(super) fn profile_grant(&mut self) -> Value {
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
    pub(super) fn rung(&mut self) -> Option<(String, String)> {
        let ladders: Vec<(String, Vec<String>)> = self.ladders.clone().into_iter().collect();
        let (object, mut levels) = self.rng.pick(&ladders)?.clone();
        levels.push("none".to_owned());
        let level = self.rng.pick(&levels)?.clone();
        Some((object, level))
    }

    pub(super) fn entries(&mut self) {
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

    pub(super) fn holder(&mut self) -> String {
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

    pub(super) fn entry(&mut self, kind: &str) -> Option<Value> {
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

    pub(super) fn assign(&mut self) -> Option<Value> {
        let (holder, profile) = (self.holder(), self.rng.pick(&self.profiles)?);
        let mut row = json!({ "holder": holder, "profile": profile });
        let key = format!("assign {holder} {profile}");
        maybe(&mut self.rng, 40, &mut row, "scope", &self.scopes);
        let key = format!("{key} {:?}", row.get("scope"));
        self.note(row, &key)
    }

    pub(super) fn restrict(&mut self) -> Option<Value> {
        let (holder, limit) = (self.holder(), self.rng.pick(&self.limits)?);
        let mut row = json!({ "holder": holder, "limit": limit });
        let key = format!("restrict {holder} {limit}");
        maybe(&mut self.rng, 40, &mut row, "scope", &self.scopes);
        let key = format!("{key} {:?}", row.get("scope"));
        self.window(row, &key)
    }

    pub(super) fn item(&mut self) -> Option<Value> {
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
        if let Some(now) = self.now {
            return Some(self.command_window(row, now));
        }
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

    pub(super) fn conflicts(&mut self) {
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
