//! Random questions to a random world, around the edges of its windows.

use super::instants::last;
use super::instants::text;
use super::rng::Rng;
use super::worlds::ITEMS;
use super::worlds::QUALIFIERS;
use super::worlds::World;
use super::worlds::amount;
use super::worlds::maybe;
use super::worlds::set;
use serde_json::Value;
use serde_json::json;

/// About `count` questions, each with the instant at which it is asked.
pub(crate) fn questions(world: &World, seed: u64, count: usize) -> Vec<(String, Value)> {
    let mut asker = Asker {
        world,
        rng: Rng::new(seed),
    };
    let mut questions = Vec::new();
    while questions.len() < count {
        let at = asker.instant();
        for ask in asker.asks() {
            questions.push(asker.perhaps_as_of(at, ask));
        }
    }
    questions
}

/// Some questions at one instant.
pub(super) fn asks(world: &World, seed: u64, at: u64) -> Vec<(String, Value)> {
    let mut asker = Asker {
        world,
        rng: Rng::new(seed),
    };
    let asks = asker.asks();
    asks.into_iter()
        .map(|ask| asker.perhaps_as_of(at, ask))
        .collect()
}

struct Asker<'a> {
    world: &'a World,
    rng: Rng,
}

impl Asker<'_> {
    /// One second before, at, or after the edge of a window.
    fn instant(&mut self) -> u64 {
        let edge = self.rng.pick(&self.world.maker.edges).copied().unwrap_or(0);
        let near = [edge.saturating_sub(1), edge, edge, (edge + 1).min(last())];
        self.rng.pick(&near).copied().unwrap_or(edge)
    }

    fn perhaps_as_of(&mut self, at: u64, ask: Value) -> (String, Value) {
        if self.rng.chance(95) {
            return (text(at), ask);
        }
        let earlier = self.instant().min(at);
        (
            text(at),
            json!({ "as-of": { "instant": text(earlier), "ask": ask } }),
        )
    }

    fn asks(&mut self) -> Vec<Value> {
        let user = self.user();
        match self.rng.below(20) {
            0..=10 => {
                let who = json!({ "user": user, "duty": self.duty(), "resource": self.resource() });
                let kinds = ["check", "because", "until", "admits"];
                kinds
                    .map(|kind| {
                        Value::Object([(kind.to_owned(), who.clone())].into_iter().collect())
                    })
                    .to_vec()
            }
            11..=12 => vec![self.level(&user)],
            13..=14 => {
                let mut of = json!({ "user": user });
                maybe(
                    &mut self.rng,
                    70,
                    &mut of,
                    "scope",
                    &self.world.maker.scopes,
                );
                maybe(
                    &mut self.rng,
                    60,
                    &mut of,
                    "associated",
                    &[true, true, false],
                );
                vec![json!({ "effective": of })]
            }
            15..=16 => {
                vec![json!({ "who-can": { "duty": self.duty(), "resource": self.resource() } })]
            }
            17 => vec![
                json!({ "seat": { "user": user } }),
                json!({ "current": { "user": user } }),
            ],
            18 => vec![json!({ "items": { "user": user } })],
            _ => vec![json!({ "conflicts": {} })],
        }
    }

    fn user(&mut self) -> String {
        if self.rng.chance(2) {
            return "nobody".to_owned();
        }
        let first = self.world.maker.users.get(..1).unwrap_or_default();
        let users = if self.rng.chance(50) {
            first
        } else {
            &self.world.maker.users
        };
        self.rng
            .pick(users)
            .map_or("nobody", String::as_str)
            .to_owned()
    }

    fn duty(&mut self) -> String {
        if self.rng.chance(2) {
            return "a.a.unheard-of".to_owned();
        }
        let duties = if self.rng.chance(85) {
            &self.world.maker.focus
        } else {
            &self.world.maker.duties
        };
        self.rng
            .pick(duties)
            .map_or("no.such.duty", String::as_str)
            .to_owned()
    }

    fn level(&mut self, user: &str) -> Value {
        let mut of = json!({ "user": user, "resource": self.resource() });
        if self.rng.chance(50) {
            set(
                &mut of,
                "object",
                json!(self.object(&self.world.maker.objects)),
            );
        } else {
            // All with ladders: of several errors in one list, no rule says which comes first.
            let count = self.rng.below(4);
            let laddered: Vec<String> = self.world.maker.ladders.keys().cloned().collect();
            let objects: Vec<&str> = (0..count).map(|_| self.object(&laddered)).collect();
            set(&mut of, "objects", json!(objects));
        }
        json!({ "level": of })
    }

    fn object<'a>(&mut self, among: &'a [String]) -> &'a str {
        let known = self.rng.pick(among).filter(|_| self.rng.chance(97));
        known.map_or("a.unheard-of", String::as_str)
    }

    fn resource(&mut self) -> Value {
        let mut of = json!({});
        if self.rng.chance(10) {
            return of;
        }
        let rng = &mut self.rng;
        maybe(rng, 70, &mut of, "scope", &self.world.maker.scopes);
        maybe(rng, 1, &mut of, "scope", &["nowhere"]);
        maybe(rng, 50, &mut of, "associated", &[true, true, false]);
        maybe(rng, 25, &mut of, "team", &self.world.maker.teams);
        maybe(rng, 1, &mut of, "team", &["no-team"]);
        let [first, second, third] = QUALIFIERS;
        let qualifiers = [
            vec![first],
            vec![second, first],
            vec![third, "unheard-of"],
            vec![first, second, third],
        ];
        maybe(rng, 60, &mut of, "qualifiers", &qualifiers);
        maybe(rng, 20, &mut of, "private", &[true, true, true, false]);
        let private = of.get("private").is_some();
        maybe(rng, if private { 90 } else { 5 }, &mut of, "item", &ITEMS);
        if rng.chance(30) {
            set(&mut of, "amount", json!(amount(rng)));
        }
        of
    }
}
