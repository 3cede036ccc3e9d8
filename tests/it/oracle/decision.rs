//! Section 4: from the outcome to a decision, check by check.

use super::document::Document;
use super::document::Reach;
use super::document::User;
use super::document::covers;
use super::document::upwards;
use super::rule::Case;
use super::rule::Layer;
use super::rule::Opinion;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What a question says of the record at hand.
#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Resource {
    pub(super) scope: Option<String>,
    pub(super) associated: bool,
    pub(super) qualifiers: Vec<String>,
    pub(super) team: Option<String>,
    pub(super) private: bool,
    pub(super) item: Option<String>,
    pub(super) amount: Option<u64>,
}

/// A stable code of an error.
pub(super) type Code = &'static str;

/// A decision, and the sources that decided.
pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) because: BTreeSet<String>,
}

#[derive(PartialEq, Eq, Clone, Copy)]
pub(super) enum Verdict {
    /// With the name of the deciding layer.
    Permit(&'static str),
    /// With the reason.
    Deny(&'static str),
}

impl Decision {
    pub(super) fn permits(&self) -> bool {
        matches!(self.verdict, Verdict::Permit(_))
    }

    fn gate(reason: &'static str) -> Self {
        Self {
            verdict: Verdict::Deny(reason),
            because: BTreeSet::new(),
        }
    }
}

/// Checks 1 to 8, in their order.
pub(super) fn check(
    document: &Document,
    user: &str,
    duty: &str,
    resource: &Resource,
    at: &str,
) -> Result<Decision, Code> {
    // 1: everything named is known.
    let user = document.find_user(user).ok_or("unknown-user")?;
    document.find_duty(duty).ok_or("unknown-duty")?;
    places_are_known(document, resource)?;
    let case = Case {
        document,
        user,
        duty,
        scope: resource.scope.as_deref(),
        at,
    };

    // 2: the login.
    if user.enabled == Some(false) {
        return Ok(Decision::gate("login-disabled"));
    }
    // 3: the module.
    if !document.module_is_on(duty) {
        return Ok(Decision::gate("module-off"));
    }
    // 4: the record's team is the user's own or below it, unless the user sees all.
    if let Some(team) = &resource.team
        && !sees(document, user, team)
    {
        return Ok(Decision::gate("outside-team"));
    }
    // 5 and 6: the item right, or the layers.
    let (layer, because) = if resource.private {
        let rights = item_rights(case, resource);
        if rights.is_empty() {
            return Ok(Decision::gate("no-item-right"));
        }
        (None, rights)
    } else {
        let outcome = case.outcome();
        let because = outcome.as_ref().map(deciding).unwrap_or_default();
        let deny = |reason| {
            Ok(Decision {
                verdict: Verdict::Deny(reason),
                because: because.clone(),
            })
        };
        match outcome.as_ref().map_or(Opinion::Silent, Layer::opinion) {
            Opinion::Silent => return deny("not-granted"),
            Opinion::Withheld => return deny("withheld"),
            Opinion::Revoked => return deny("revoked"),
            Opinion::GrantedAssociated if !resource.associated => return deny("not-associated"),
            Opinion::GrantedAssociated | Opinion::GrantedAll => {}
        }
        (outcome, because)
    };
    // 7: the limits, however the duty was granted.
    let unmet: BTreeSet<String> = limits(case)
        .into_iter()
        .filter(|limit| {
            !resource
                .qualifiers
                .contains(&document.find_limit(limit).requires)
        })
        .map(|limit| format!("limit {limit}"))
        .collect();
    if !unmet.is_empty() {
        return Ok(Decision {
            verdict: Verdict::Deny("limited"),
            because: unmet,
        });
    }
    // 8: the ceiling.
    let ceiling = layer.as_ref().and_then(|layer| ceiling(layer, resource));
    if let (Some(ceiling), Some(amount)) = (ceiling, resource.amount)
        && amount > ceiling
    {
        return Ok(Decision {
            verdict: Verdict::Deny("over-ceiling"),
            because,
        });
    }
    let name = layer.map_or("item", |layer| layer.name);
    Ok(Decision {
        verdict: Verdict::Permit(name),
        because,
    })
}

/// Whether a team is the user's own or below it, or the user sees all.
pub(super) fn sees(document: &Document, user: &User, team: &str) -> bool {
    let own = user.team.as_deref();
    user.all_teams || own.is_some_and(|own| upwards(&document.team, team).contains(&own))
}

/// The scope and the team of a record are known.
pub(super) fn places_are_known(document: &Document, resource: &Resource) -> Result<(), Code> {
    if let Some(scope) = &resource.scope {
        let known = document.scope.iter().any(|node| node.key == *scope);
        known.then_some(()).ok_or("unknown-scope")?;
    }
    if let Some(team) = &resource.team {
        let known = document.team.iter().any(|node| node.key == *team);
        known.then_some(()).ok_or("unknown-team")?;
    }
    Ok(())
}

/// The sources of the winning layer whose own opinion is the outcome.
fn deciding(layer: &Layer) -> BTreeSet<String> {
    layer
        .sources
        .iter()
        .filter(|source| source.opinion == layer.opinion())
        .map(|source| source.text.clone())
        .collect()
}

/// The user's rights on exactly this item that are in their window and include the duty.
fn item_rights(case: Case<'_>, resource: &Resource) -> BTreeSet<String> {
    case.document
        .item
        .iter()
        .filter(|right| right.user == case.user.key && Some(&right.item) == resource.item.as_ref())
        .filter(|right| right.note.holds(case.at))
        .filter(|right| right.on.iter().any(|target| covers(target, case.duty)))
        .map(|right| format!("item user:{} {}", right.user, right.item))
        .collect()
}

/// Every limit that covers the duty and reaches the user: through a profile, through a group, or directly.
pub(super) fn limits(case: Case<'_>) -> BTreeSet<&str> {
    let mut holders = vec![format!("user:{}", case.user.key)];
    holders.extend(
        case.groups()
            .into_iter()
            .map(|group| format!("group:{group}")),
    );
    let mut limits = BTreeSet::new();
    for holder in holders {
        for assign in case.assignments(&holder) {
            let profile = case.document.find_profile(&assign.profile);
            limits.extend(profile.limits.iter().map(String::as_str));
        }
        for restrict in &case.document.restrict {
            if restrict.holder == holder
                && restrict.note.holds(case.at)
                && case.applies(restrict.scope.as_deref())
            {
                limits.insert(&restrict.limit);
            }
        }
    }
    limits.retain(|limit| {
        let on = &case.document.find_limit(limit).on;
        on.iter().any(|target| covers(target, case.duty))
    });
    limits
}

/// The ceiling in force: the highest of the winning layer's grants whose reach covers the record, and none if one
/// of them has none.
pub(super) fn ceiling(layer: &Layer, resource: &Resource) -> Option<u64> {
    let ceilings: Vec<Option<u64>> = layer
        .sources
        .iter()
        .flat_map(|source| &source.grants)
        .filter(|(reach, _)| *reach == Reach::All || resource.associated)
        .map(|(_, ceiling)| *ceiling)
        .collect();
    if ceilings.contains(&None) {
        None
    } else {
        ceilings.into_iter().flatten().max()
    }
}
