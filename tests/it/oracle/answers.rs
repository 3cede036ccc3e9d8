//! From a question of a scenario to its answer.
#![expect(
    clippy::panic,
    reason = "a question that the oracle cannot read is a mistake in the test"
)]

use super::decision::Code;
use super::decision::Decision;
use super::decision::Resource;
use super::decision::Verdict;
use super::decision::check;
use super::decision::places_are_known;
use super::document::Document;
use super::document::Seat;
use super::document::User;
use super::document::covers;
use super::rule::Case;
use super::rule::Layer;
use super::rule::Opinion;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;

/// The questions, with their fields.
#[derive(Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
enum Ask {
    Check(Who),
    Until(Who),
    Because(Who),
    Admits(Who),
    Level {
        user: String,
        object: Option<String>,
        objects: Option<Vec<String>>,
        #[serde(default)]
        resource: Resource,
    },
    Effective {
        user: String,
        scope: Option<String>,
        #[serde(default)]
        associated: bool,
    },
    WhoCan {
        duty: String,
        #[serde(default)]
        resource: Resource,
    },
    Seat {
        user: String,
    },
    Items {
        user: String,
    },
    Current {
        user: String,
    },
    Conflicts {},
    AsOf {
        instant: String,
        ask: Value,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    user: String,
    duty: String,
    #[serde(default)]
    resource: Resource,
}

pub(super) fn answer(document: &Document, at: &str, ask: &Value) -> Value {
    let answer = match serde_json::from_value(ask.clone()) {
        Ok(Ask::Check(who)) => who.check(document, at).map(|decision| said(&decision)),
        Ok(Ask::Because(who)) => who
            .check(document, at)
            .map(|decision| json!(decision.because)),
        Ok(Ask::Until(who)) => until(document, &who, at),
        Ok(Ask::Admits(mut who)) => {
            who.resource.amount = None;
            who.check(document, at)
                .map(|decision| json!(decision.permits()))
        }
        Ok(Ask::Level {
            user,
            object,
            objects,
            resource,
        }) => {
            let objects = objects.unwrap_or_else(|| object.into_iter().collect());
            lowest_level(document, &user, &objects, &resource, at)
        }
        Ok(Ask::Effective {
            user,
            scope,
            associated,
        }) => {
            let resource = Resource {
                scope,
                associated,
                ..Resource::default()
            };
            effective(document, &user, &resource, at)
        }
        Ok(Ask::WhoCan { duty, resource }) => who_can(document, &duty, &resource, at),
        Ok(Ask::Seat { user }) => seat(document, &user, at),
        Ok(Ask::Items { user }) => items(document, &user, at),
        Ok(Ask::Current { user }) => current(document, &user, at),
        Ok(Ask::Conflicts {}) => Ok(conflicts(document, at)),
        Ok(Ask::AsOf { instant, ask }) => return self::answer(document, &instant, &ask),
        Err(error) => panic!("the oracle cannot read this question: {error}\n{ask}"),
    };
    answer.unwrap_or_else(|code| json!({ "error": code }))
}

impl Who {
    fn check(&self, document: &Document, at: &str) -> Result<Decision, Code> {
        check(document, &self.user, &self.duty, &self.resource, at)
    }
}

fn said(decision: &Decision) -> Value {
    match decision.verdict {
        Verdict::Permit(layer) => json!({ "permit": { "layer": layer } }),
        Verdict::Deny(reason) => json!({ "deny": reason }),
    }
}

/// Tries every later edge of any window in the document, in order.
fn until(document: &Document, who: &Who, at: &str) -> Result<Value, Code> {
    let answer = |at: &str| {
        who.check(document, at)
            .map(|decision| match decision.verdict {
                Verdict::Permit(_) => "permit",
                Verdict::Deny(reason) => reason,
            })
    };
    let now = answer(at)?;
    for edge in edges(document) {
        if edge > at && answer(edge)? != now {
            return Ok(json!(edge));
        }
    }
    Ok(json!("never"))
}

/// Every instant at which a window begins or ends, in order.
pub(super) fn edges(document: &Document) -> BTreeSet<&str> {
    let entries = [&document.grant, &document.revoke, &document.level];
    let entries = entries.into_iter().flatten().map(|entry| &entry.note);
    let assigns = document.assign.iter().map(|assign| &assign.note);
    let restricts = document.restrict.iter().map(|restrict| &restrict.note);
    let items = document.item.iter().map(|item| &item.note);
    let memberships = document
        .membership
        .iter()
        .map(|membership| &membership.note);
    entries
        .chain(memberships)
        .chain(assigns)
        .chain(restricts)
        .chain(items)
        .flat_map(|note| [note.from.as_deref(), note.until.as_deref()])
        .flatten()
        .collect()
}

/// The lowest of the user's levels on objects with the same rungs.
fn lowest_level(
    document: &Document,
    user: &str,
    objects: &[String],
    resource: &Resource,
    at: &str,
) -> Result<Value, Code> {
    document.find_user(user).ok_or("unknown-user")?;
    // What is unknown comes first, as in every check.
    for object in objects {
        let known =
            object.contains('.') && document.duty.iter().any(|duty| covers(object, &duty.key));
        known.then_some(()).ok_or("unknown-object")?;
    }
    places_are_known(document, resource)?;
    let mut ladders = Vec::new();
    for object in objects {
        ladders.push(document.rungs(object).ok_or("no-ladder")?);
    }
    let Some((rungs, others)) = ladders.split_first() else {
        return Err("ladder-mismatch");
    };
    if others.iter().any(|other| other != rungs) {
        return Err("ladder-mismatch");
    }
    let mut lowest = rungs.len();
    for object in objects {
        let mut height = 0;
        for rung in *rungs {
            if !check(document, user, &format!("{object}.{rung}"), resource, at)?.permits() {
                break;
            }
            height += 1;
        }
        lowest = lowest.min(height);
    }
    Ok(
        match lowest.checked_sub(1).and_then(|place| rungs.get(place)) {
            Some(rung) => json!(rung),
            None => json!("none"),
        },
    )
}

fn effective(
    document: &Document,
    user: &str,
    resource: &Resource,
    at: &str,
) -> Result<Value, Code> {
    document.find_user(user).ok_or("unknown-user")?;
    places_are_known(document, resource)?;
    let mut duties = Vec::new();
    for duty in &document.duty {
        if check(document, user, &duty.key, resource, at)?.permits() {
            duties.push(&duty.key);
        }
    }
    Ok(json!(duties))
}

fn who_can(document: &Document, duty: &str, resource: &Resource, at: &str) -> Result<Value, Code> {
    document.find_duty(duty).ok_or("unknown-duty")?;
    places_are_known(document, resource)?;
    let mut users = BTreeSet::new();
    for user in &document.user {
        if check(document, &user.key, duty, resource, at)?.permits() {
            users.insert(&user.key);
        }
    }
    Ok(json!(users))
}

/// Whether a layer other than the baseline grants the duty, in some scope, gates and limits left aside.
pub(super) fn is_granted_somewhere(document: &Document, user: &User, duty: &str, at: &str) -> bool {
    let scopes = document.scope.iter().map(|node| Some(node.key.as_str()));
    scopes.chain([None]).any(|scope| {
        let outcome = Case {
            document,
            user,
            duty,
            scope,
            at,
        }
        .outcome();
        outcome.is_some_and(|layer: Layer| {
            let grants = [Opinion::GrantedAssociated, Opinion::GrantedAll];
            layer.name != "baseline" && grants.contains(&layer.opinion())
        })
    })
}

fn seat(document: &Document, user: &str, at: &str) -> Result<Value, Code> {
    let user = document.find_user(user).ok_or("unknown-user")?;
    Ok(json!(match seat_of(document, user, at) {
        Seat::Free => "free",
        Seat::Full => "full",
        Seat::Administrator => "administrator",
    }))
}

pub(super) fn seat_of(document: &Document, user: &User, at: &str) -> Seat {
    let mut highest = Seat::Free;
    if user.enabled != Some(false) {
        for duty in &document.duty {
            if duty.seat > highest && is_granted_somewhere(document, user, &duty.key, at) {
                highest = duty.seat;
            }
        }
    }
    highest
}

fn items(document: &Document, user: &str, at: &str) -> Result<Value, Code> {
    document.find_user(user).ok_or("unknown-user")?;
    let items: BTreeSet<&str> = document
        .item
        .iter()
        .filter(|item| item.user == user && item.note.holds(at))
        .map(|item| item.item.as_str())
        .collect();
    Ok(json!(items))
}

fn conflicts(document: &Document, at: &str) -> Value {
    let mut standing = BTreeSet::new();
    for user in &document.user {
        for conflict in &document.conflict {
            let holds = |target: &&String| {
                document
                    .duty
                    .iter()
                    .filter(|duty| covers(target, &duty.key))
                    .any(|duty| is_granted_somewhere(document, user, &duty.key, at))
            };
            if conflict.of.iter().filter(holds).count() > conflict.at_most.unwrap_or(1) {
                standing.insert((&user.key, &conflict.key));
            }
        }
    }
    standing
        .into_iter()
        .map(|(user, conflict)| json!({ "user": user, "conflict": conflict }))
        .collect()
}

fn current(document: &Document, user: &str, at: &str) -> Result<Value, Code> {
    let seat = seat(document, user, at)?;
    let user = document.find_user(user).ok_or("unknown-user")?;
    let holder = format!("user:{}", user.key);
    let row = |name: &str, of: &str, scope: Option<&str>, note: &super::document::Note| {
        without_nulls(json!({
            name: of, "scope": scope, "from": note.from, "until": note.until, "reason": note.reason,
        }))
    };
    let profiles = document
        .assign
        .iter()
        .filter(|assign| assign.holder == holder && assign.note.holds(at))
        .map(|assign| {
            row(
                "profile",
                &assign.profile,
                assign.scope.as_deref(),
                &assign.note,
            )
        });
    let entries = [&document.grant, &document.revoke, &document.level];
    let entries = entries
        .into_iter()
        .flatten()
        .filter(|entry| entry.holder == holder && entry.note.holds(at))
        .map(|entry| row("on", &entry.on, entry.scope.as_deref(), &entry.note));
    let always = user.groups.iter().map(|group| json!({ "group": group }));
    let joined = document
        .membership
        .iter()
        .filter(|membership| membership.user == user.key && membership.note.holds(at))
        .map(|membership| row("group", &membership.group, None, &membership.note));
    let groups = always.chain(joined);
    Ok(without_nulls(json!({
        "enabled": user.enabled != Some(false),
        "seat": seat,
        "team": user.team,
        "all-teams": user.all_teams,
        "department": user.department,
        "groups": sorted(groups.collect(), "group"),
        "profiles": sorted(profiles.collect(), "profile"),
        "entries": sorted(entries.collect(), "on"),
    })))
}

fn without_nulls(mut row: Value) -> Value {
    if let Value::Object(fields) = &mut row {
        fields.retain(|_, value| !value.is_null());
    }
    row
}

/// By the named field, then by scope.
fn sorted(mut rows: Vec<Value>, by: &str) -> Vec<Value> {
    let text = |row: &Value, field: &str| {
        row.get(field)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    rows.sort_by_key(|row| (text(row, by), text(row, "scope")));
    rows
}
