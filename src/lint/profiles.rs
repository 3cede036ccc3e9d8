//! Profiles side by side: equal, contained, at odds; and one that says a thing twice.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::catalog::Target;
use crate::duties::DutySet;
use crate::id::TargetKey;
use crate::ix::ProfileIx;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::model::Holder;
use crate::model::Model;
use crate::model::profile::Profile;
use crate::policy::ProfileGrant;
use crate::policy::Reach;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let living: Vec<(ProfileIx, &Profile)> = (0_u32..)
        .map(ProfileIx)
        .zip(model.profiles.iter().map(|profile| &**profile))
        .filter(|(_, profile)| !profile.retired)
        .collect();
    for (ix, profile) in &living {
        both_reaches(model, profile, findings);
        for (other_ix, other) in &living {
            if ix != other_ix {
                contained(model, (*ix, profile), (*other_ix, other), findings);
            }
        }
    }
    for (user, _) in model.all_users() {
        takes_away(as_of, Holder::User(user), findings);
    }
}

/// A duty that a profile grants on associated records and on all.
fn both_reaches(model: &Model, profile: &Profile, findings: &mut Vec<Finding>) {
    let set = |wanted: Reach| {
        let mut set = model.catalog.none();
        for grant in &profile.row.grants {
            let (on, reach): (&TargetKey, Reach) = match grant {
                ProfileGrant::Target(on) => (on, Reach::All),
                ProfileGrant::Reaching { on, reach } => (on, *reach),
                // Its rungs are told by what the profile gives.
                ProfileGrant::Level { .. } => continue,
            };
            if reach == wanted
                && let Ok(target) = model.catalog.target(on)
            {
                set.union_with(&model.catalog.under(target));
            }
        }
        set
    };
    let (associated, all) = (set(Reach::Associated), set(Reach::All));
    let both: Vec<String> = associated
        .iter()
        .filter(|duty| all.contains(*duty))
        .map(|duty| model.catalog.duty_key(duty).into())
        .collect();
    if both.is_empty() {
        return;
    }
    let list = both.join(", ");
    let duties = both.len();
    findings.push(
        Finding::new(
            FindingCode::BothReaches,
            format!("profile {}", profile.row.key),
            format!("it grants at both reaches, of which the wider counts: {list}"),
            format!("concede en ambos alcances, de los que cuenta el mayor: {list}"),
        )
        .with(both)
        .proved(Proof {
            duties,
            ..Proof::default()
        }),
    );
}

/// A profile that gives nothing that another does not.
fn contained(
    model: &Model,
    (ix, profile): (ProfileIx, &Profile),
    (other_ix, other): (ProfileIx, &Profile),
    findings: &mut Vec<Finding>,
) {
    let duties = || model.catalog.duties().map(|(duty, _)| duty);
    let within = |one: &Profile, other: &Profile| {
        // What the other limits or caps, where the one does not, the one gives more of.
        let limited = other
            .gives
            .limits
            .iter()
            .all(|limit| one.gives.limits.contains(limit));
        limited
            && duties().all(|duty| {
                let (less, more) = (one.gives.opinion(duty), other.gives.opinion(duty));
                let most = |profile: &Profile| {
                    profile
                        .gives
                        .ceilings
                        .get(&duty)
                        .map_or(u64::MAX, |most| most.get())
                };
                less == Opinion::Silent || (less <= more && most(one) <= most(other))
            })
    };
    let gives_something = duties().any(|duty| profile.gives.opinion(duty) != Opinion::Silent);
    if !gives_something || !within(profile, other) {
        return;
    }
    let proof = Proof {
        duties: model.catalog.len(),
        ..Proof::default()
    };
    let (key, than) = (&profile.row.key, &other.row.key);
    let finding = if within(other, profile) {
        if ix > other_ix {
            return;
        }
        Finding::new(
            FindingCode::EqualProfiles,
            format!("profile {key}"),
            format!("it gives exactly what the profile `{than}` gives"),
            format!("da exactamente lo mismo que el perfil `{than}`"),
        )
    } else {
        Finding::new(
            FindingCode::ContainedProfile,
            format!("profile {key}"),
            format!("everything it gives, the profile `{than}` gives too"),
            format!("todo lo que da, lo da también el perfil `{than}`"),
        )
    };
    findings.push(
        finding
            .with(Vec::from([format!("profile {than}")]))
            .proved(proof),
    );
}

/// A limit that comes with one profile of a user and covers what another is there to give.
fn takes_away(as_of: AsOf<'_>, holder: Holder, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let Holder::User(user) = holder else { return };
    let Some(user) = model.user(user) else { return };
    let mut held: Vec<ProfileIx> = Vec::new();
    let groups = model.groups_of(user, as_of.at);
    let holders = groups
        .iter()
        .map(|group| Holder::Group(*group))
        .chain([holder]);
    for holder in holders {
        let assignments = model.holdings(holder).assignments.in_force(as_of.at);
        held.extend(assignments.map(|held| held.key.0));
    }
    held.sort_unstable();
    held.dedup();
    for limiting in &held {
        for other in &held {
            let (Some(one), Some(two)) = (model.profile(*limiting), model.profile(*other)) else {
                continue;
            };
            for limit in one
                .gives
                .limits
                .iter()
                .filter(|limit| !two.gives.limits.contains(limit))
            {
                let Some(limit) = model.catalog.get_limit(*limit) else {
                    continue;
                };
                let taken: DutySet = {
                    let mut taken = model.catalog.none();
                    for duty in limit.covers.iter() {
                        if two.gives.opinion(duty) != Opinion::Silent {
                            taken.insert(duty);
                        }
                    }
                    taken
                };
                if limiting == other || taken.is_empty() {
                    continue;
                }
                let duties: Vec<String> = taken
                    .iter()
                    .map(|duty| model.catalog.target_key(Target::Duty(duty)).into())
                    .collect();
                let (key, list, word) = (&two.row.key, duties.join(", "), &limit.requires);
                findings.push(
                    Finding::new(
                        FindingCode::LimitTakesAway,
                        format!("user {} profile {}", user.key, one.row.key),
                        format!("its limit `{}` requires `{word}` of what the profile `{key}` is for: {list}", limit.key),
                        format!("su límite `{}` exige `{word}` en aquello para lo que sirve el perfil `{key}`: {list}", limit.key),
                    )
                    .with(Vec::from([format!("profile {key}"), format!("limit {}", limit.key)]))
                    .proved(Proof {
                        users: 1,
                        duties: duties.len(),
                        ..Proof::default()
                    }),
                );
            }
        }
    }
}
