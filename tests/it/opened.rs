//! A tenant of the crate, opened from a document and asked in the words of a scenario.

use bailiwick::AsOf;
use bailiwick::Decision;
use bailiwick::QuestionError;
use bailiwick::Resource;
use bailiwick::Row;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use bailiwick::document::Question;
use bailiwick::document::question::Record;
use serde_json::Value;
use serde_json::json;

/// A tenant of the crate, and what was compiled of it at an instant.
pub(crate) struct Opened {
    tenant: Tenant,
    snapshot: Snapshot,
}

/// When the snapshot is made: amid the edges of most random tenants.
const COMPILED: &str = "2026-01-03T00:00:00Z";

impl Opened {
    /// The tenant that a document states, or the document's mistakes.
    pub(crate) fn new(document: &Value) -> Result<Self, String> {
        let document =
            Document::from_json(&document.to_string()).map_err(|mistakes| mistakes.to_string())?;
        let tenant = Tenant::found(&document.policy).map_err(|mistakes| mistakes.to_string())?;
        let at = COMPILED.parse().map_err(|error| format!("{error:?}"))?;
        let snapshot = tenant.snapshot(at, &SnapshotOptions::default());
        Ok(Self { tenant, snapshot })
    }

    /// The answer in the words of a scenario: the tenant's own, or both where the snapshot has another.
    pub(crate) fn answer(&self, at: &str, ask: &Value) -> Value {
        let asked = Node::from_json(&ask.to_string())
            .ok()
            .and_then(|node| Question::from_node(&node, &Names::default()).ok());
        let (Some(question), Ok(at)) = (asked, at.parse()) else {
            return json!({ "unreadable": ask });
        };
        self.ask(at, &question)
    }

    fn ask(&self, at: Timestamp, question: &Question) -> Value {
        let resource = match question {
            Question::Check(of)
            | Question::Until(of)
            | Question::Because(of)
            | Question::Admits(of) => &of.resource,
            Question::Level(of) => &of.resource,
            Question::WhoCan(of) => &of.resource,
            Question::AsOf(of) => return self.ask(of.instant, &of.ask),
            _ => &None,
        };
        let said = |answer: Answer| answer.unwrap_or_else(|error| json!({ "error": error.code() }));
        with_resource(resource.as_ref(), |resource| {
            let direct = said(answer(self.tenant.as_of(at), question, resource));
            match self.compiled(at, question, resource).map(said) {
                Some(compiled) if compiled != direct => {
                    json!({ "the tenant": direct, "the snapshot": compiled })
                }
                _ => direct,
            }
        })
    }

    /// The snapshot's answer, asked by handles where the keys are known.
    fn compiled(
        &self,
        at: Timestamp,
        question: &Question,
        resource: &Resource<'_>,
    ) -> Option<Answer> {
        let snapshot = self.snapshot.as_of(at);
        let handles = |user: &str, duty: &str| {
            Some((
                self.snapshot.user(user).ok()?,
                self.snapshot.duty(duty).ok()?,
            ))
        };
        Some(match question {
            Question::Check(of) => match handles(&of.user, &of.duty) {
                Some((user, duty)) => {
                    let decided = snapshot.check(user, duty, resource);
                    let plain = snapshot
                        .check(user, duty, &Resource::default())
                        .map(Decision::is_permit);
                    if snapshot.allows(user, duty) == plain {
                        decided.map(decision)
                    } else {
                        Ok(json!("allows and check differ"))
                    }
                }
                None => snapshot.check(&of.user, &of.duty, resource).map(decision),
            },
            Question::Until(of) => snapshot.until(&of.user, &of.duty, resource).map(until),
            Question::Because(of) => snapshot
                .because(&of.user, &of.duty, resource)
                .map(|texts| json!(texts)),
            Question::Admits(of) => snapshot
                .admits(&of.user, &of.duty, resource)
                .map(|admits| json!(admits)),
            Question::Effective(of) => {
                let scope = of.scope.as_deref().map(Into::into);
                snapshot
                    .effective(&of.user, scope, of.associated == Some(true))
                    .map(texts)
            }
            Question::WhoCan(of) => snapshot.who_can(&of.duty, resource).map(texts),
            Question::Seat(of) => snapshot.seat(&of.user).map(|seat| json!(seat.word())),
            Question::Items(of) => snapshot.items(&of.user).map(texts),
            _ => return None,
        })
    }
}

type Answer = Result<Value, QuestionError>;

fn answer(tenant: AsOf<'_>, question: &Question, resource: &Resource<'_>) -> Answer {
    match question {
        Question::Check(of) => tenant.check(&of.user, &of.duty, resource).map(decision),
        Question::Until(of) => tenant.until(&of.user, &of.duty, resource).map(until),
        Question::Because(of) => tenant
            .because(&of.user, &of.duty, resource)
            .map(|texts| json!(texts)),
        Question::Admits(of) => tenant
            .admits(&of.user, &of.duty, resource)
            .map(|admits| json!(admits)),
        Question::Level(of) => {
            let level = match (&of.object, &of.objects) {
                (Some(object), _) => tenant.level(&of.user, object, resource),
                (None, objects) => {
                    let objects: Vec<&str> = objects.iter().flatten().map(String::as_str).collect();
                    tenant.level_across(&of.user, &objects, resource)
                }
            };
            level.map(|level| level.map_or(json!("none"), |level| json!(level.as_str())))
        }
        Question::Effective(of) => {
            let scope = of.scope.as_deref().map(Into::into);
            tenant
                .effective(&of.user, scope, of.associated == Some(true))
                .map(texts)
        }
        Question::WhoCan(of) => tenant.who_can(&of.duty, resource).map(texts),
        Question::Seat(of) => tenant.seat(&of.user).map(|seat| json!(seat.word())),
        Question::Items(of) => tenant.items(&of.user).map(texts),
        Question::Current(of) => current(tenant, &of.user),
        Question::Conflicts(_) => {
            let violations = tenant.conflicts();
            let rows = violations.iter().map(|found| {
                json!({ "user": found.user.to_string(), "conflict": found.conflict.to_string() })
            });
            Ok(rows.collect())
        }
        _ => Ok(json!("not asked of a tenant alone")),
    }
}

fn decision(decision: Decision) -> Value {
    match decision {
        Decision::Permit(layer) => json!({ "permit": { "layer": layer.word() } }),
        Decision::Deny(reason) => json!({ "deny": reason.word() }),
    }
}

fn until(until: Option<Timestamp>) -> Value {
    until.map_or(json!("never"), |until| json!(until.to_string()))
}

fn texts<T: ToString>(things: Vec<T>) -> Value {
    things.into_iter().map(|thing| thing.to_string()).collect()
}

fn with_resource<T>(record: Option<&Record>, then: impl FnOnce(&Resource<'_>) -> T) -> T {
    let Some(record) = record else {
        return then(&Resource::default());
    };
    let qualifiers: Vec<&str> = record.qualifiers.iter().map(String::as_str).collect();
    then(&Resource {
        scope: record.scope.as_deref().map(Into::into),
        associated: record.associated == Some(true),
        qualifiers: &qualifiers,
        team: record.team.as_deref().map(Into::into),
        private: record.private == Some(true),
        item: record.item.as_deref(),
        amount: record.amount,
    })
}

fn current(tenant: AsOf<'_>, user: &str) -> Result<Value, QuestionError> {
    let current = tenant.current(user)?;
    let groups = current
        .groups
        .iter()
        .map(|row| line("group", &row.what, row));
    let profiles = current
        .profiles
        .iter()
        .map(|row| line("profile", &row.what, row));
    let entries = current
        .entries
        .iter()
        .map(|row| line("on", &row.what.on, row));
    Ok(without_nulls(json!({
        "enabled": current.enabled,
        "seat": current.seat.word(),
        "team": current.team.map(ToString::to_string),
        "all-teams": current.all_teams,
        "department": current.department.map(ToString::to_string),
        "groups": groups.collect::<Vec<_>>(),
        "profiles": profiles.collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
    })))
}

fn line<T>(field: &str, what: &impl ToString, row: &Row<'_, T>) -> Value {
    without_nulls(json!({
        field: what.to_string(),
        "scope": row.scope.map(ToString::to_string),
        "from": row.window.from().map(|from| from.to_string()),
        "until": row.window.until().map(|until| until.to_string()),
        "reason": row.reason.map(ToString::to_string),
    }))
}

fn without_nulls(mut row: Value) -> Value {
    if let Value::Object(fields) = &mut row {
        fields.retain(|_, value| !value.is_null());
    }
    row
}
