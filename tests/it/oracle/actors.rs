//! Who may run a command, and what a user may not do to themselves or to the last administrator (section 6).

use super::answers::edges;
use super::decision::Code;
use super::decision::Resource;
use super::decision::ceiling;
use super::decision::check;
use super::decision::limits;
use super::decision::sees;
use super::document::Document;
use super::document::Reach;
use super::document::covers;
use super::rule::Case;
use super::rule::Opinion;
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether a user may run a command: enabled, and with some duty that the table names, wherever it touches.
pub(super) fn authorise(
    document: &Document,
    by: &str,
    word: &str,
    row: &Value,
    at: &str,
) -> Result<(), Code> {
    let user = document.find_user(by).ok_or("unknown-user")?;
    if user.enabled == Some(false) {
        return Err("login-disabled");
    }
    let duties = document.administration.get(word).ok_or("not-authorised")?;
    for scope in touched(word, row) {
        let resource = Resource {
            scope,
            ..Resource::default()
        };
        let mut may = false;
        for duty in duties.all() {
            may |= check(document, by, duty, &resource, at)?.permits();
        }
        if !may {
            return Err("not-authorised");
        }
    }
    Ok(())
}

/// The scopes that a command touches; none is the root.
fn touched(word: &str, row: &Value) -> Vec<Option<String>> {
    let named =
        |row: &Value, field: &str| row.get(field).and_then(Value::as_str).map(str::to_owned);
    match word {
        "add-scope" => vec![named(row, "parent")],
        "add-user" => {
            let given = ["grant", "level", "assign"]
                .into_iter()
                .filter_map(|list| row.get(list)?.as_array());
            let scopes: Vec<_> = given.flatten().map(|entry| named(entry, "scope")).collect();
            if scopes.is_empty() || scopes.contains(&None) {
                vec![None]
            } else {
                scopes
            }
        }
        _ => vec![named(row, "scope")],
    }
}

/// Whether a user has more access in one tenant than in another, at some instant from one on.
pub(super) fn widens(before: &Document, after: &Document, by: &str, at: &str) -> bool {
    let (Some(user_before), Some(user_after)) = (before.find_user(by), after.find_user(by)) else {
        return false;
    };
    let sees_more = |team: &str| sees(after, user_after, team) && !sees(before, user_before, team);
    if before.team.iter().any(|node| sees_more(&node.key)) {
        return true;
    }
    let scopes = || {
        before
            .scope
            .iter()
            .map(|node| Some(node.key.as_str()))
            .chain([None])
    };
    let items: BTreeSet<&str> = after.item.iter().map(|right| right.item.as_str()).collect();
    for at in instants(before, after, at) {
        for duty in &before.duty {
            let duty = duty.key.as_str();
            let has_item = |document: &Document, item: &str| {
                document.item.iter().any(|right| {
                    right.user == by
                        && right.item == item
                        && right.note.holds(at)
                        && right.on.iter().any(|target| covers(target, duty))
                })
            };
            if items
                .iter()
                .any(|item| has_item(after, item) && !has_item(before, item))
            {
                return true;
            }
            let on_items = items.iter().any(|item| has_item(after, item));
            for scope in scopes() {
                let old = Case {
                    document: before,
                    user: user_before,
                    duty,
                    scope,
                    at,
                };
                let new = Case {
                    document: after,
                    user: user_after,
                    duty,
                    scope,
                    at,
                };
                if may_more(old, new, on_items) {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether the outcome reaches further, a ceiling is higher, or a limit is gone from what the user still has: nothing
/// that is left requires the same qualifier.
fn may_more(old: Case<'_>, new: Case<'_>, on_items: bool) -> bool {
    let reached = |case: Case<'_>| match case.outcome().map(|layer| layer.opinion()) {
        Some(Opinion::GrantedAssociated) => 1,
        Some(Opinion::GrantedAll) => 2,
        _ => 0,
    };
    let required = |case: Case<'_>| -> BTreeSet<String> {
        let of = |limit| case.document.find_limit(limit).requires.clone();
        limits(case).into_iter().map(of).collect()
    };
    let freed = (on_items || reached(new) > 0) && !required(old).is_subset(&required(new));
    if reached(new) > reached(old) || freed {
        return true;
    }
    [Reach::Associated, Reach::All].into_iter().any(|record| {
        let associated = record == Reach::Associated;
        let resource = Resource {
            associated,
            ..Resource::default()
        };
        let bound = |case: Case<'_>| {
            let layer = case.outcome()?;
            let covered = match layer.opinion() {
                Opinion::GrantedAll => true,
                Opinion::GrantedAssociated => associated,
                _ => false,
            };
            covered.then(|| ceiling(&layer, &resource).unwrap_or(u64::MAX))
        };
        bound(new) > bound(old)
    })
}

/// Whether some enabled user can run `grant` at the root without an end.
pub(super) fn has_administrator(document: &Document, others: &Document, at: &str) -> bool {
    let Some(duties) = document.administration.get("grant") else {
        return false;
    };
    let can = |user: &str, at: &str| {
        duties.all().iter().any(|duty| {
            check(document, user, duty, &Resource::default(), at)
                .is_ok_and(|decision| decision.permits())
        })
    };
    let instants = instants(document, others, at);
    document
        .user
        .iter()
        .any(|user| instants.iter().all(|at| can(&user.key, at)))
}

/// An instant and every later one at which something in either tenant begins or ends.
fn instants<'a>(one: &'a Document, other: &'a Document, at: &'a str) -> BTreeSet<&'a str> {
    let edges = edges(one).into_iter().chain(edges(other));
    edges.filter(|edge| *edge > at).chain([at]).collect()
}
