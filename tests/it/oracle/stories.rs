//! Random stories: a tenant, commands that change it and questions in between, and what is to be expected of them.

use super::answers;
use super::changes::changed;
use super::changes::with_memberships;
use super::document::Document;
use super::instants::last;
use super::instants::text;
use super::questions::asks;
use super::rng::Rng;
use super::worlds::world;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// The commands of a story; modules are switched by `system`.
pub(crate) const COMMANDS: [&str; 26] = [
    "grant",
    "revoke",
    "level",
    "assign",
    "restrict",
    "give-item",
    "join",
    "clear",
    "unassign",
    "unrestrict",
    "take-item",
    "leave",
    "disable",
    "enable",
    "set-team",
    "set-all-teams",
    "set-department",
    "add-scope",
    "add-group",
    "add-team",
    "add-duty",
    "add-user",
    "define-profile",
    "set-mode",
    "conflict",
    "set-seats",
];

/// A scenario without expectations: a policy, and about `count` steps. Where seats and conflicts are guarded, more
/// commands are refused.
pub(crate) fn story(seed: u64, size: usize, duties: usize, count: usize, guarded: bool) -> Value {
    let mut world = world(seed, size, duties);
    let mut rng = Rng::new(!seed);
    if let Value::Object(fields) = &mut world.document {
        fields.shift_remove("administration");
        if guarded {
            let seats = json!({ "full": rng.below(3), "administrator": rng.below(2) });
            fields.insert("seats".to_owned(), seats);
            let boss = json!({ "key": "boss", "grants": world.maker.focus.get(..1) });
            push(fields, "profile", boss);
            let holder = world.maker.users.first().map(|user| format!("user:{user}"));
            push(
                fields,
                "assign",
                json!({ "holder": holder, "profile": "boss" }),
            );
            fields.insert(
                "administration".to_owned(),
                administration(&mut rng, &world.maker.focus),
            );
        } else {
            fields.shift_remove("seats");
            fields.shift_remove("conflict");
        }
    }
    let mut instants: Vec<u64> = Vec::new();
    for _ in 0..count {
        let edge = rng.pick(&world.maker.edges).copied().unwrap_or(0);
        let near = [edge.saturating_sub(1), edge, edge, (edge + 1).min(last())];
        instants.extend(rng.pick(&near));
    }
    instants.sort_unstable();
    let policy = world.document.clone();
    let mut now = with_memberships(policy.clone());
    let mut steps = Vec::new();
    for at in instants {
        let names = world.maker.names();
        let command = if rng.chance(50) {
            world.maker.command(at, &now, guarded)
        } else {
            None
        };
        if let Some(command) = command {
            let users = &world.maker.users;
            let by = rng
                .pick(users)
                .filter(|_| guarded && rng.chance(60))
                .cloned();
            match changed(&now, &text(at), by.as_deref(), &command) {
                Ok(next) => now = next,
                Err(_) => world.maker.take_back(names),
            }
            let by = by.map_or("system".to_owned(), |by| format!("user:{by}"));
            steps.push(json!({ "at": text(at), "by": by, "do": command }));
        } else {
            for (at, ask) in asks(&world, rng.next(), at) {
                steps.push(json!({ "at": at, "ask": ask }));
            }
        }
    }
    json!({ "name": "story", "policy": policy, "steps": steps })
}

fn push(fields: &mut Map<String, Value>, list: &str, row: Value) {
    if let Value::Array(rows) = fields.entry(list).or_insert_with(|| json!([])) {
        rows.push(row);
    }
}

/// Which duty a user needs for a command, mostly the same one; now and then any of several.
fn administration(rng: &mut Rng, focus: &[String]) -> Value {
    let mut table = json!({});
    for word in COMMANDS {
        let duty = if rng.chance(80) {
            focus.first()
        } else {
            rng.pick(focus)
        };
        if let (Value::Object(fields), Some(duty)) = (&mut table, duty.filter(|_| rng.chance(90))) {
            let mut any = vec![duty];
            if rng.chance(30) {
                any.extend(rng.pick(focus).filter(|other| *other != duty));
            }
            let line = match any.as_slice() {
                [one] if rng.chance(80) => json!(one),
                any => json!(any),
            };
            fields.insert(word.to_owned(), line);
        }
    }
    table
}

/// What every step of a story is to answer.
pub(crate) fn expectations(story: &Value) -> Vec<Value> {
    let field = |value: &Value, name: &str| value.get(name).cloned().unwrap_or_default();
    let mut now = with_memberships(field(story, "policy"));
    let mut states = vec![(String::new(), Document::read(&now))];
    let mut expected = Vec::new();
    for step in story
        .get("steps")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let at = field(step, "at").as_str().unwrap_or("").to_owned();
        let Some(command) = step.get("do") else {
            expected.push(answer_then(&states, &at, &field(step, "ask")));
            continue;
        };
        let by = field(step, "by");
        let by = by.as_str().and_then(|by| by.strip_prefix("user:"));
        expected.push(match changed(&now, &at, by, command) {
            Ok(next) => {
                states.push((at, Document::read(&next)));
                now = next;
                json!("ok")
            }
            Err(code) => json!({ "error": code }),
        });
    }
    expected
}

/// The answer of the latest state, or for a question as of an instant, of the latest by then.
fn answer_then(states: &[(String, Document)], at: &str, ask: &Value) -> Value {
    let as_of = ask
        .get("as-of")
        .and_then(|of| Some((of.get("instant")?.as_str()?, of.get("ask")?)));
    if let Some((instant, ask)) = as_of {
        let then = states
            .iter()
            .rposition(|(since, _)| since.as_str() <= instant);
        let earlier = states.get(..=then.unwrap_or(0)).unwrap_or_default();
        return answer_then(earlier, instant, ask);
    }
    states.last().map_or(Value::Null, |(_, document)| {
        answers::answer(document, at, ask)
    })
}
