//! Random commands to a random tenant.

use super::instants::text;
use super::worlds::Maker;
use super::worlds::maybe;
use super::worlds::object_of;
use super::worlds::set;
use serde_json::Value;
use serde_json::json;

impl Maker {
    /// A command at an instant, in the tenant that the document states by then; mostly one that can be accepted.
    pub(super) fn command(&mut self, at: u64, document: &Value, guarded: bool) -> Option<Value> {
        self.now = Some(at);
        let (word, row) = match self.rng.below(40) {
            0..=6 => ("grant", self.entry("grant")),
            7..=10 => ("revoke", self.entry("revoke")),
            11..=14 => ("level", self.entry("level")),
            15..=18 => ("assign", self.assign()),
            19 => ("restrict", self.restrict()),
            20..=21 => ("give-item", self.item()),
            22..=24 => ("join", self.membership()),
            25..=27 => ("clear", self.clear(document)),
            28 => (
                "unassign",
                self.ending(document, "assign", &["holder", "profile", "scope"]),
            ),
            29 => (
                "unrestrict",
                self.ending(document, "restrict", &["holder", "limit", "scope"]),
            ),
            30 => (
                "take-item",
                self.ending(document, "item", &["user", "item"]),
            ),
            31..=32 => (
                "leave",
                self.ending(document, "membership", &["user", "group"]),
            ),
            33 => ("disable", self.user_row()),
            34 => ("enable", self.user_row()),
            35 if guarded && self.rng.chance(50) => self.guard(),
            35 => self.of_user(),
            36 => self.structure()?,
            37 => ("define-profile", self.redefined()),
            38 => ("switch-module", self.module(document)),
            _ => ("set-mode", self.mode()),
        };
        self.now = None;
        let mut row = row?;
        if ["grant", "revoke", "level", "assign"].contains(&word) && self.rng.chance(30) {
            set(&mut row, "replace", json!(true));
        }
        Some(json!({ word: row }))
    }

    /// What there is to name, as it was before a command that is refused.
    pub(super) fn names(&self) -> [Vec<String>; 6] {
        let names = [
            &self.duties,
            &self.focus,
            &self.scopes,
            &self.teams,
            &self.groups,
            &self.users,
        ];
        names.map(Clone::clone)
    }

    /// Takes back what a refused command would have added.
    pub(super) fn take_back(&mut self, names: [Vec<String>; 6]) {
        [
            self.duties,
            self.focus,
            self.scopes,
            self.teams,
            self.groups,
            self.users,
        ] = names;
    }

    /// The row with a window as commands have it: often from now on.
    pub(super) fn command_window(&mut self, mut row: Value, now: u64) -> Value {
        let from = self
            .rng
            .pick(&self.edges)
            .copied()
            .filter(|from| *from >= now);
        if let Some(from) = from.filter(|_| self.rng.chance(40)) {
            set(&mut row, "from", json!(text(from)));
        }
        if let Some(until) = self.rng.pick(&self.edges).copied() {
            let wanted = if until > now { 60 } else { 5 };
            maybe(&mut self.rng, wanted, &mut row, "until", &[text(until)]);
        }
        row
    }

    fn user_row(&mut self) -> Option<Value> {
        Some(json!({ "user": self.rng.pick(&self.users)? }))
    }

    fn membership(&mut self) -> Option<Value> {
        let row =
            json!({ "user": self.rng.pick(&self.users)?, "group": self.rng.pick(&self.groups)? });
        let now = self.now?;
        Some(self.command_window(row, now))
    }

    fn clear(&mut self, document: &Value) -> Option<Value> {
        let list = *self.rng.pick(&["grant", "revoke", "level"])?;
        self.ending(document, list, &["holder", "on", "scope"])
    }

    /// The key of a row of a list, in force or not.
    fn ending(&mut self, document: &Value, list: &str, key: &[&str]) -> Option<Value> {
        let rows = document.get(list)?.as_array()?;
        let row = self.rng.pick(rows)?.as_object()?.clone();
        let kept = row
            .into_iter()
            .filter(|(field, _)| key.contains(&field.as_str()));
        Some(Value::Object(kept.collect()))
    }

    fn of_user(&mut self) -> (&'static str, Option<Value>) {
        let mut row = self.user_row();
        let (word, field, value) = match self.rng.below(3) {
            0 => (
                "set-all-teams",
                "all-teams",
                Some(json!(self.rng.chance(50))),
            ),
            1 => ("set-department", "department", Some(json!("water"))),
            _ => {
                let team = self.rng.pick(&self.teams).filter(|_| self.rng.chance(70));
                ("set-team", "team", team.map(|team| json!(team)))
            }
        };
        if let (Some(row), Some(value)) = (&mut row, value) {
            set(row, field, value);
        }
        (word, row)
    }

    /// Other bounds: what may not be in one hand, and how many may take a seat.
    fn guard(&mut self) -> (&'static str, Option<Value>) {
        let of = self.some_targets(3);
        if of.len() > 1 {
            let key = format!("new-{}", self.rng.next());
            return ("conflict", Some(json!({ "key": key, "of": of })));
        }
        let seats = json!({ "full": self.rng.below(3), "administrator": self.rng.below(3) });
        ("set-seats", Some(seats))
    }

    /// Something new: a scope, a team, a group, a duty, a user.
    fn structure(&mut self) -> Option<(&'static str, Option<Value>)> {
        let node = |keys: &mut Vec<String>, prefix: &str, parent: Option<String>| {
            let key = format!("{prefix}{}", keys.len());
            let mut row = json!({ "key": key });
            if let Some(parent) = parent {
                set(&mut row, "parent", json!(parent));
            }
            keys.push(key);
            Some(row)
        };
        Some(match self.rng.below(5) {
            0 => {
                let parent = self.rng.pick(&self.scopes).cloned();
                ("add-scope", node(&mut self.scopes, "s", parent))
            }
            1 => {
                // Half of them under the newest, so that some would stand too deep.
                let newest = self.groups.last().filter(|_| self.rng.chance(50));
                let parent = newest.or_else(|| self.rng.pick(&self.groups)).cloned();
                ("add-group", node(&mut self.groups, "g", parent))
            }
            2 => {
                let parent = self.rng.pick(&self.teams).cloned();
                ("add-team", node(&mut self.teams, "t", parent))
            }
            3 => {
                let object = object_of(self.rng.pick(&self.focus)?);
                let key = format!("{object}.new-{}", self.duties.len());
                let mut row = json!({ "key": key });
                maybe(&mut self.rng, 50, &mut row, "sensitivity", &["low", "high"]);
                maybe(
                    &mut self.rng,
                    30,
                    &mut row,
                    "seat",
                    &["full", "administrator"],
                );
                self.duties.push(key.clone());
                self.focus.push(key);
                ("add-duty", Some(row))
            }
            _ => {
                let key = format!("new-{}", self.users.len());
                let mut row = json!({ "key": key });
                maybe(&mut self.rng, 50, &mut row, "team", &self.teams);
                let groups: Vec<[&String; 1]> = self.groups.iter().map(|group| [group]).collect();
                maybe(&mut self.rng, 60, &mut row, "groups", &groups);
                for kind in ["grant", "level", "assign"] {
                    let entry = if kind == "assign" {
                        self.assign()
                    } else {
                        self.entry(kind)
                    };
                    if let Some(mut entry) = entry.filter(|_| self.rng.chance(40)) {
                        if let Value::Object(fields) = &mut entry {
                            fields.shift_remove("holder");
                            fields.shift_remove("until");
                        }
                        set(&mut row, kind, json!([entry]));
                    }
                }
                // Nor may its parts clash: the user is not refused, so that others may name it.
                if let Value::Object(fields) = &mut row
                    && fields.contains_key("grant")
                {
                    fields.shift_remove("level");
                }
                self.users.push(key);
                ("add-user", Some(row))
            }
        })
    }

    fn redefined(&mut self) -> Option<Value> {
        let key = self.rng.pick(&self.profiles)?.clone();
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
        let limits: Vec<[&String; 1]> = self.limits.iter().map(|limit| [limit]).collect();
        maybe(&mut self.rng, 35, &mut row, "limits", &limits);
        Some(row)
    }

    /// A module of a duty, switched to what it is not.
    fn module(&mut self, document: &Value) -> Option<Value> {
        let duty = self.rng.pick(&self.focus)?;
        let module = duty.split('.').next()?;
        let rows = document.get("module").and_then(Value::as_array);
        let mut rows = rows.into_iter().flatten();
        let row = rows.find(|row| row.get("key").and_then(Value::as_str) == Some(module));
        let is_off = row.is_some_and(|row| row.get("enabled") == Some(&json!(false)));
        Some(json!({ "module": module, "enabled": is_off }))
    }

    fn mode(&mut self) -> Option<Value> {
        if self.rng.chance(30) {
            return Some(json!({ "mode": "strict" }));
        }
        let up_to = self.rng.pick(&["low", "normal", "high"])?;
        Some(json!({ "mode": "open", "open-up-to": up_to }))
    }
}
