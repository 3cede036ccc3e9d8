//! A tenant of the crate, opened from a document and asked in the words of a scenario.

use bailiwick::AsOf;
use bailiwick::QuestionError;
use bailiwick::Resource;
use bailiwick::Row;
use bailiwick::Tenant;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use bailiwick::document::Question;
use bailiwick::document::question::Record;
use serde_json::Value;
use serde_json::json;

/// A tenant of the crate.
pub(crate) struct Opened(Tenant);

impl Opened {
    /// The tenant that a document states, or the document's mistakes.
    pub(crate) fn new(document: &Value) -> Result<Self, String> {
        let document = Document::from_json(&document.to_string())
            .map_err(|mistakes| format!("{mistakes:?}"))?;
        let tenant = Tenant::found(&document.policy).map_err(|mistakes| format!("{mistakes:?}"))?;
        Ok(Self(tenant))
    }

    /// The answer in the words of a scenario; nothing for what a tenant alone is not asked.
    pub(crate) fn answer(&self, at: &str, ask: &Value) -> Option<Value> {
        let node = Node::from_json(&ask.to_string()).ok()?;
        let question = Question::from_node(&node, &Names::default()).ok()?;
        let answer = self.ask(self.0.as_of(at.parse().ok()?), &question)?;
        Some(answer.unwrap_or_else(|error| json!({ "error": error.code() })))
    }

    fn ask(&self, tenant: AsOf<'_>, question: &Question) -> Option<Result<Value, QuestionError>> {
        let resource = match question {
            Question::Check(of)
            | Question::Until(of)
            | Question::Because(of)
            | Question::Admits(of) => &of.resource,
            Question::Level(of) => &of.resource,
            Question::WhoCan(of) => &of.resource,
            Question::AsOf(of) => return self.ask(self.0.as_of(of.instant), &of.ask),
            _ => &None,
        };
        with_resource(resource.as_ref(), |resource| {
            answer(tenant, question, resource)
        })
    }
}

fn answer(
    tenant: AsOf<'_>,
    question: &Question,
    resource: &Resource<'_>,
) -> Option<Result<Value, QuestionError>> {
    Some(match question {
        Question::Check(of) => {
            tenant
                .check(&of.user, &of.duty, resource)
                .map(|decision| match decision {
                    bailiwick::Decision::Permit(layer) => {
                        json!({ "permit": { "layer": layer.word() } })
                    }
                    bailiwick::Decision::Deny(reason) => json!({ "deny": reason.word() }),
                })
        }
        Question::Until(of) => tenant
            .until(&of.user, &of.duty, resource)
            .map(|until| until.map_or(json!("never"), |until| json!(until.to_string()))),
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
        Question::Effective(of) => tenant
            .effective(
                &of.user,
                of.scope.as_deref().map(Into::into),
                of.associated == Some(true),
            )
            .map(|duties| duties.iter().map(ToString::to_string).collect()),
        Question::WhoCan(of) => tenant
            .who_can(&of.duty, resource)
            .map(|users| users.iter().map(ToString::to_string).collect()),
        Question::Seat(of) => tenant.seat(&of.user).map(|seat| json!(seat.word())),
        Question::Items(of) => tenant
            .items(&of.user)
            .map(|items| items.iter().map(ToString::to_string).collect()),
        Question::Current(of) => current(tenant, &of.user),
        _ => return None,
    })
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
