//! Entries of one holder side by side: what goes around a revoke, what widens what was narrowed.

use alloc::format;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::catalog::Target;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::entries::entry_text;
use crate::lint::entries::holders;
use crate::model::Holder;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;

type Entry = Held<Spot, Effect>;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    for holder in holders(model) {
        let holdings = model.holdings(holder);
        let living: Vec<&Entry> = holdings
            .entries
            .iter()
            .filter(|held| !held.window.has_ended(as_of.at))
            .collect();
        for one in &living {
            for other in &living {
                if one.key != other.key && one.window.overlaps(other.window) {
                    around(model, holder, one, other, findings);
                    widens(model, holder, one, other, findings);
                }
            }
        }
    }
}

/// A grant of more in a narrower place, and a revoke of less in a wider one (rule 3.3).
fn around(
    model: &Model,
    holder: Holder,
    grant: &Entry,
    revoke: &Entry,
    findings: &mut Vec<Finding>,
) {
    let gives = matches!(grant.value, Effect::Grant { .. } | Effect::Level { .. });
    let (wide, narrow) = (grant.key.0, revoke.key.0);
    let (inner, outer) = (grant.key.1, revoke.key.1);
    if !gives
        || revoke.value != Effect::Revoke
        || wide.depth() >= narrow.depth()
        || !covers(model, wide, narrow)
        || inner == outer
        || !is_within(model, inner, outer)
    {
        return;
    }
    let revoked = entry_text(model, holder, revoke);
    findings.push(
        Finding::new(
            FindingCode::GrantAroundRevoke,
            entry_text(model, holder, grant),
            format!("it does not lift `{revoked}`: neither is more specific in both respects, so the revoke stands"),
            format!("no levanta `{revoked}`: ninguno es más específico en ambos aspectos, así que la revocación se mantiene"),
        )
        .with(Vec::from([revoked]))
        .proved(Proof {
            duties: model.catalog.under(narrow).iter().count(),
            ..Proof::default()
        }),
    );
}

/// A more specific entry that says more than a broader one that was there to narrow.
fn widens(
    model: &Model,
    holder: Holder,
    broad: &Entry,
    specific: &Entry,
    findings: &mut Vec<Finding>,
) {
    let overrides = is_within(model, specific.key.1, broad.key.1)
        && specific.key.0.depth() >= broad.key.0.depth()
        && covers(model, broad.key.0, specific.key.0);
    if !overrides {
        return;
    }
    let says = |entry: &Entry, duty: DutyIx| entry.value.opinion(&model.catalog, entry.key.0, duty);
    let widened: Vec<alloc::string::String> = model
        .catalog
        .under(specific.key.0)
        .iter()
        .filter(|duty| {
            let (less, more) = (says(broad, *duty), says(specific, *duty));
            match more {
                Opinion::Granted(reach) => match less {
                    Opinion::Withheld | Opinion::Revoked => true,
                    Opinion::Granted(narrow) => narrow < reach,
                    Opinion::Silent => false,
                },
                _ => false,
            }
        })
        .map(|duty| model.catalog.duty_key(duty).into())
        .collect();
    if widened.is_empty() {
        return;
    }
    let narrowed = entry_text(model, holder, broad);
    let list = widened.join(", ");
    let duties = widened.len();
    findings.push(
        Finding::new(
            FindingCode::WidensNarrowing,
            entry_text(model, holder, specific),
            format!("it gives more than `{narrowed}`, which it overrides: {list}"),
            format!("da más que `{narrowed}`, que anula: {list}"),
        )
        .with(Vec::from([narrowed]))
        .proved(Proof {
            duties,
            ..Proof::default()
        }),
    );
}

fn is_within(model: &Model, inner: Place, outer: Place) -> bool {
    model.path(inner).contains(&outer)
}

/// Whether a target is another or above it.
fn covers(model: &Model, wide: Target, narrow: Target) -> bool {
    let object = |object| model.catalog.get_object(object);
    match (wide, narrow) {
        _ if wide == narrow => true,
        (Target::All, _) => true,
        (_, Target::Duty(duty)) => model.catalog.covers(wide, duty),
        (Target::Module(module), Target::Object(narrow)) => {
            object(narrow).is_some_and(|object| object.module == module)
        }
        _ => false,
    }
}
