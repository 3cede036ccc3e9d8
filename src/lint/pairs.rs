//! Entries side by side: what goes around a revoke, what widens what was narrowed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::catalog::Target;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::entries::holders;
use crate::lint::thing::Thing;
use crate::model::Holder;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::time::Timestamp;
use crate::time::Window;

type Entry = Held<Spot, Effect>;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let mut look = Look { as_of, findings };
    for holder in holders(as_of.model) {
        let own = look.living(holder);
        for one in &own {
            for other in own.iter().filter(|other| one.key != other.key) {
                if one.window.overlaps(other.window) {
                    look.around(holder, one, other);
                    if overrides(as_of.model, other, one) {
                        look.widens((holder, one), (holder, other));
                    }
                }
            }
        }
        for (above, during) in above(as_of.model, holder) {
            for broad in look.living(above) {
                for specific in &own {
                    if during.is_none_or(|during| {
                        common(as_of.at, [during, broad.window, specific.window])
                    }) && broad.window.overlaps(specific.window)
                        && meet(as_of.model, broad.key.1, specific.key.1)
                    {
                        look.widens((above, broad), (holder, specific));
                    }
                }
            }
        }
    }
}

/// The holders in the layers below a holder's own, and, of groups that a user is in for a time, for which.
fn above(model: &Model, holder: Holder) -> Vec<(Holder, Option<Window>)> {
    let mut above = Vec::new();
    let upwards = |group: u32| {
        model
            .groups
            .upwards(group)
            .map(|group| Holder::Group(crate::ix::GroupIx(group)))
    };
    match holder {
        Holder::Everyone => return above,
        Holder::Group(group) => {
            above.extend(upwards(group.0).skip(1).map(|group| (group, None)));
        }
        Holder::User(user) => {
            for held in model.holdings(Holder::User(user)).groups.iter() {
                above.extend(upwards(held.key.0).map(|group| (group, Some(held.window))));
            }
        }
    }
    above.push((Holder::Everyone, None));
    above
}

struct Look<'a, 'f> {
    as_of: AsOf<'a>,
    findings: &'f mut Vec<Finding>,
}

impl<'a> Look<'a, '_> {
    fn living(&self, holder: Holder) -> Vec<&'a Entry> {
        let (model, at) = (self.as_of.model, self.as_of.at);
        let entries = model.holdings(holder).entries.iter();
        entries.filter(|held| !held.window.has_ended(at)).collect()
    }

    /// A grant of more in a narrower place, and a revoke of less in a wider one that stands there (rule 3.3).
    fn around(&mut self, holder: Holder, grant: &Entry, revoke: &Entry) {
        let model = self.as_of.model;
        let (wide, narrow) = (grant.key.0, revoke.key.0);
        let (inner, outer) = (grant.key.1, revoke.key.1);
        if revoke.value != Effect::Revoke
            || !covers(model, wide, narrow)
            || inner == outer
            || !is_within(model, inner, outer)
        {
            return;
        }
        let gives = |duty: &DutyIx| {
            let says = grant.value.opinion(&model.catalog, wide, *duty);
            says.granted().is_some()
        };
        let duties: Vec<DutyIx> = model.catalog.under(narrow).iter().filter(gives).collect();
        let instants = self.common_instants(holder, [grant.window, revoke.window]);
        let stands = |duty: &&DutyIx| {
            instants.iter().any(|at| {
                [grant, revoke]
                    .iter()
                    .all(|entry| !is_overridden(model, holder, entry, inner, **duty, *at))
            })
        };
        let duties = duties.iter().filter(stands).count();
        if duties == 0 {
            return;
        }
        let revoked = Thing::entry(model, holder, revoke).text;
        let finding = Finding::new(
            FindingCode::GrantAroundRevoke,
            Thing::entry(model, holder, grant),
            format!(
                "it does not lift `{revoked}`: neither is more specific in both respects, so the revoke stands"
            ),
            format!(
                "no levanta `{revoked}`: ninguno es más específico en ambos aspectos, así que la revocación se mantiene"
            ),
        );
        let proof = Proof {
            instants: instants.len(),
            duties,
            ..Proof::default()
        };
        let finding = finding.with(Vec::from([revoked])).proved(proof);
        self.findings.push(finding);
    }

    /// The instants in all these windows at which something of the holder's begins, and the first of all.
    fn common_instants(&self, holder: Holder, windows: [Window; 2]) -> Vec<Timestamp> {
        let model = self.as_of.model;
        let begins = model.holdings(holder).entries.iter();
        let begins = begins.flat_map(|held| [held.window.from(), held.window.until()]);
        let mut instants: Vec<Timestamp> = begins
            .flatten()
            .chain([self.as_of.at])
            .filter(|at| *at >= self.as_of.at && windows.iter().all(|window| window.holds(*at)))
            .collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// A more specific entry that says more than a broader one that was there to narrow.
    fn widens(&mut self, (broader, broad): (Holder, &Entry), (holder, specific): (Holder, &Entry)) {
        let model = self.as_of.model;
        let says =
            |entry: &Entry, duty: DutyIx| entry.value.opinion(&model.catalog, entry.key.0, duty);
        let more = |duty: &DutyIx| match says(specific, *duty) {
            Opinion::Granted(reach) => match says(broad, *duty) {
                Opinion::Withheld | Opinion::Revoked => true,
                Opinion::Granted(narrow) => narrow < reach,
                Opinion::Silent => false,
            },
            _ => false,
        };
        let under = model.catalog.under(specific.key.0);
        let widened: Vec<&str> = under
            .iter()
            .filter(more)
            .map(|duty| model.catalog.duty_key(duty))
            .collect();
        if widened.is_empty() {
            return;
        }
        let narrowed = Thing::entry(model, broader, broad).text;
        let list: String = widened.join(", ");
        let proof = Proof {
            duties: widened.len(),
            ..Proof::default()
        };
        let finding = Finding::new(
            FindingCode::WidensNarrowing,
            Thing::entry(model, holder, specific),
            format!("it gives more than `{narrowed}`, which it overrides: {list}"),
            format!("da más que `{narrowed}`, que anula: {list}"),
        );
        let finding = finding.with(Vec::from([narrowed])).proved(proof);
        self.findings.push(finding);
    }
}

/// Whether an entry overrides another of its holder wherever both hold: more specific, and in no respect less.
fn overrides(model: &Model, specific: &Entry, broad: &Entry) -> bool {
    is_within(model, specific.key.1, broad.key.1) && covers(model, broad.key.0, specific.key.0)
}

/// Whether an entry is overridden in a place for a duty, by another that its holder has at an instant.
fn is_overridden(
    model: &Model,
    holder: Holder,
    entry: &Entry,
    place: Place,
    duty: DutyIx,
    at: Timestamp,
) -> bool {
    let others = model.holdings(holder).entries.in_force(at);
    let mut others = others.filter(|other| other.key != entry.key);
    others.any(|other| {
        other.value.opinion(&model.catalog, other.key.0, duty) != Opinion::Silent
            && is_within(model, place, other.key.1)
            && overrides(model, other, entry)
    })
}

/// Whether some instant from one on lies in all of these windows.
fn common(at: Timestamp, windows: [Window; 3]) -> bool {
    let starts = windows.iter().filter_map(|window| window.from());
    let start = starts.chain([at]).max().unwrap_or(at);
    windows.iter().all(|window| window.holds(start))
}

/// Whether some place lies in both.
fn meet(model: &Model, one: Place, other: Place) -> bool {
    is_within(model, one, other) || is_within(model, other, one)
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
