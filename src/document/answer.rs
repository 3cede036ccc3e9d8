//! What a tenant answers to a question, as data.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Display;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::current::ChecklistModule;
use crate::current::Current;
use crate::current::CurrentEntry;
use crate::current::Does;
use crate::current::Row;
use crate::decision::Decision;
use crate::decision::Resource;
use crate::document::node::Node;
use crate::document::question::Effective;
use crate::document::question::OfDuty;
use crate::document::question::OfLevel;
use crate::document::question::Record;
use crate::document::question::Review;
use crate::document::question::Reviews;
use crate::document::question::WhoCan;
use crate::event::Thing;
use crate::fault::Mistakes;
use crate::helpdesk;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::refusal::Refusal;
use crate::review::Progress;
use crate::review::ReviewItem;
use crate::separation::Violation;
use crate::staff::NotDone;
use crate::text::Label;
use crate::text::Language;

/// An answer, or the code and the message of an error.
pub(crate) type Answer = Result<Node, Failure>;

/// An error in the place of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Failure {
    /// As an answer: `{ error = CODE }`.
    pub(crate) fn as_node(&self) -> Node {
        Node::table([("error", Node::text(self.code))])
    }
}

impl From<helpdesk::Refusal> for Failure {
    fn from(refusal: helpdesk::Refusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.to_string(),
        }
    }
}

impl From<NotDone> for Failure {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Tenant(refusal) => refusal.into(),
            NotDone::Desk(refusal) => refusal.into(),
        }
    }
}

impl From<QuestionError> for Failure {
    fn from(error: QuestionError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
        }
    }
}

impl From<Unknown> for Failure {
    fn from(error: Unknown) -> Self {
        QuestionError::from(error).into()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.to_string(),
        }
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        mistakes.first().map_or(
            Self {
                code: "wrong-shape",
                message: String::new(),
            },
            |mistake| Self {
                code: mistake.code(),
                message: mistake.to_string(),
            },
        )
    }
}

/// A list of texts.
pub(crate) fn texts<T: Display>(items: impl IntoIterator<Item = T>) -> Node {
    Node::List(items.into_iter().map(Node::text).collect())
}

/// A table of the fields that have a value.
pub(crate) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, Option<Node>)>) -> Node {
    Node::table(
        fields
            .into_iter()
            .filter_map(|(field, node)| Some((field, node?))),
    )
}

/// Hands a record on in the words of the rule.
fn with_record<T>(record: Option<&Record>, ask: impl FnOnce(&Resource<'_>) -> T) -> T {
    let Some(record) = record else {
        return ask(&Resource::default());
    };
    let qualifiers: Vec<&str> = record.qualifiers.iter().map(String::as_str).collect();
    ask(&Resource {
        scope: record.scope.as_ref().map(Into::into),
        associated: record.associated.unwrap_or(false),
        qualifiers: &qualifiers,
        team: record.team.as_ref().map(Into::into),
        private: record.private.unwrap_or(false),
        item: record.item.as_deref(),
        amount: record.amount,
    })
}

/// `permit`, also as a table where that is expected, or the reason of a denial.
pub(crate) fn check(as_of: AsOf<'_>, asked: &OfDuty, expected: &Node) -> Answer {
    let decision = with_record(asked.resource.as_ref(), |resource| {
        as_of.check(&asked.user, &asked.duty, resource)
    })?;
    Ok(match decision {
        Decision::Permit(rank) if expected.get("permit").is_some() => {
            let layer = Node::table([("layer", Node::text(rank))]);
            Node::table([("permit", layer)])
        }
        Decision::Permit(_) => Node::text("permit"),
        Decision::Deny(denial) => Node::table([("deny", Node::text(denial))]),
    })
}

pub(crate) fn level(as_of: AsOf<'_>, asked: &OfLevel) -> Answer {
    let objects: Vec<&str> = match (&asked.object, &asked.objects) {
        (Some(object), None) => vec![object],
        (None, Some(objects)) => objects.iter().map(String::as_str).collect(),
        _ => {
            return Err(Failure {
                code: "wrong-shape",
                message: "expected either `object` or `objects`".into(),
            });
        }
    };
    let level = with_record(asked.resource.as_ref(), |resource| {
        as_of.level_across(&asked.user, &objects, resource)
    })?;
    Ok(Node::text(level.map_or("none", Key::as_str)))
}

pub(crate) fn effective(as_of: AsOf<'_>, asked: &Effective) -> Answer {
    let scope = asked.scope.as_ref().map(Into::into);
    let associated = asked.associated.unwrap_or(false);
    Ok(texts(as_of.effective(&asked.user, scope, associated)?))
}

pub(crate) fn who_can(as_of: AsOf<'_>, asked: &WhoCan) -> Answer {
    let users = with_record(asked.resource.as_ref(), |resource| {
        as_of.who_can(&asked.duty, resource)
    })?;
    Ok(texts(users))
}

pub(crate) fn until(as_of: AsOf<'_>, asked: &OfDuty) -> Answer {
    let until = with_record(asked.resource.as_ref(), |resource| {
        as_of.until(&asked.user, &asked.duty, resource)
    })?;
    Ok(until.map_or_else(|| Node::text("never"), Node::text))
}

pub(crate) fn admits(as_of: AsOf<'_>, asked: &OfDuty) -> Answer {
    let admits = with_record(asked.resource.as_ref(), |resource| {
        as_of.admits(&asked.user, &asked.duty, resource)
    })?;
    Ok(Node::Bool(admits))
}

pub(crate) fn because(as_of: AsOf<'_>, asked: &OfDuty) -> Answer {
    let because = with_record(asked.resource.as_ref(), |resource| {
        as_of.because(&asked.user, &asked.duty, resource)
    })?;
    Ok(texts(because))
}

/// Why a check is answered as it is, in words.
pub(crate) fn explain(as_of: AsOf<'_>, asked: &OfDuty) -> String {
    let explanation = with_record(asked.resource.as_ref(), |resource| {
        as_of.explain(&asked.user, &asked.duty, resource)
    });
    explanation.map_or_else(|_| String::new(), |told| told.long(Language::English))
}

pub(crate) fn current(as_of: AsOf<'_>, user: &str) -> Answer {
    let Current {
        enabled,
        seat,
        team,
        all_teams,
        department,
        groups,
        profiles,
        entries,
    } = as_of.current(user)?;
    Ok(fields([
        ("enabled", Some(Node::Bool(enabled))),
        ("seat", Some(Node::text(seat))),
        ("team", team.map(Node::text)),
        ("all-teams", Some(Node::Bool(all_teams))),
        ("department", department.map(Node::text)),
        ("groups", Some(rows(&groups, |key| named("group", key)))),
        (
            "profiles",
            Some(rows(&profiles, |key| named("profile", key))),
        ),
        ("entries", Some(rows(&entries, entry))),
    ]))
}

type Fields = Vec<(&'static str, Option<Node>)>;

fn named(field: &'static str, key: &Key) -> Fields {
    vec![(field, Some(Node::text(key)))]
}

fn entry(entry: &CurrentEntry) -> Fields {
    let mut row = vec![("on", Some(Node::text(&entry.on)))];
    row.extend(match &entry.does {
        Does::Grant { reach, ceiling } => vec![
            ("kind", Some(Node::text("grant"))),
            ("reach", Some(Node::text(reach))),
            (
                "ceiling",
                ceiling.map(|ceiling| Node::Integer(ceiling.get().into())),
            ),
        ],
        Does::Revoke => vec![("kind", Some(Node::text("revoke")))],
        Does::Level(level) => vec![
            ("kind", Some(Node::text("level"))),
            ("to", Some(Node::text(level.as_str()))),
        ],
    });
    row
}

fn rows<T>(rows: &[Row<'_, T>], what: impl Fn(&T) -> Fields) -> Node {
    let row = |row: &Row<'_, T>| {
        let mut all = what(&row.what);
        all.extend([
            ("scope", row.scope.map(Node::text)),
            ("from", row.window.from().map(Node::text)),
            ("until", row.window.until().map(Node::text)),
            ("reason", row.reason.map(Node::text)),
            ("certified", row.certified.map(Node::text)),
        ]);
        fields(all)
    };
    Node::List(rows.iter().map(row).collect())
}

pub(crate) fn checklist(as_of: AsOf<'_>, profile: Option<&str>) -> Answer {
    let module = |module: &ChecklistModule<'_>| {
        let duties = module.duties.iter().map(|line| {
            fields([
                ("duty", Some(Node::text(line.duty))),
                ("label", line.label.map(label)),
                ("sensitivity", Some(Node::text(line.sensitivity))),
                ("ticked", Some(Node::Bool(line.ticked.is_some()))),
                ("reach", line.ticked.map(Node::text)),
            ])
        });
        fields([
            ("module", Some(Node::text(module.module))),
            ("label", module.label.map(label)),
            ("duties", Some(Node::List(duties.collect()))),
        ])
    };
    let modules = as_of.checklist(profile)?;
    Ok(Node::List(modules.iter().map(module).collect()))
}

fn label(label: &Label) -> Node {
    Node::table([
        ("en", Node::text(label.get(Language::English))),
        ("es", Node::text(label.get(Language::Spanish))),
    ])
}

pub(crate) fn campaign(as_of: AsOf<'_>, id: CampaignId) -> Answer {
    let Progress {
        state,
        pending,
        certified,
        revoked,
        moot,
        overdue,
    } = as_of.campaign(id)?;
    Ok(Node::table([
        ("state", Node::text(state)),
        ("pending", Node::count(pending)),
        ("certified", Node::count(certified)),
        ("revoked", Node::count(revoked)),
        ("moot", Node::count(moot)),
        ("overdue", Node::Bool(overdue)),
    ]))
}

/// The key of a user, of any form: one of another form is a user whom nobody knows.
fn user_key(user: &str) -> Result<UserKey, Failure> {
    UserKey::new(user).map_err(|_| Unknown::new(Kind::User, user, []).into())
}

/// Users stand by their bare key; groups, whose own access is reviewed, as holders.
fn holder(holder: &HolderKey) -> String {
    match holder {
        HolderKey::User(user) => user.to_string(),
        _ => holder.to_string(),
    }
}

pub(crate) fn reviews(as_of: AsOf<'_>, asked: &Reviews) -> Answer {
    // A user of that name comes first; without one it is the host, for which items wait as well.
    let waiting = match (
        as_of.reviews(asked.campaign, &Actor::User(user_key(&asked.reviewer)?)),
        asked.reviewer.as_str(),
    ) {
        (Err(_), "system") => as_of.reviews(asked.campaign, &Actor::System)?,
        (waiting, _) => waiting?,
    };
    Ok(texts(waiting.iter().map(holder)))
}

pub(crate) fn review(as_of: AsOf<'_>, asked: &Review) -> Answer {
    let user = HolderKey::User(user_key(&asked.user)?);
    let items = as_of.review(asked.campaign, &user)?;
    let row = |item: &ReviewItem| {
        let (field, scope) = match &item.what {
            Thing::Profile { scope, .. } => ("profile", scope.as_ref()),
            Thing::Membership { .. } => ("group", None),
            Thing::Grant { scope, .. }
            | Thing::Revoke { scope, .. }
            | Thing::Level { scope, .. } => ("on", scope.as_ref()),
            _ => ("on", None),
        };
        fields([
            (field, Some(Node::text(item.name()))),
            ("scope", scope.map(Node::text)),
            ("state", Some(Node::text(item.state))),
            ("note", item.note.as_ref().map(Node::text)),
        ])
    };
    Ok(Node::List(items.iter().map(row).collect()))
}

pub(crate) fn conflicts(as_of: AsOf<'_>) -> Node {
    let conflicts = as_of.conflicts();
    let row = |violation: &Violation<'_>| {
        Node::table([
            ("user", Node::text(violation.user)),
            ("conflict", Node::text(violation.conflict)),
        ])
    };
    Node::List(conflicts.iter().map(row).collect())
}
