//! Profiles side by side: equal, contained, at odds; and one that says a thing twice.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::edges::About;
use crate::edges::edges;
use crate::id::TargetKey;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::layer::Opinion;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::thing::Thing;
use crate::model::Holder;
use crate::model::Model;
use crate::model::User;
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
    for (_, user) in model.all_users() {
        takes_away(as_of, user, findings);
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
            Thing::named("profile", profile.row.key.as_str()),
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
            Thing::named("profile", key.as_str()),
            format!("it gives exactly what the profile `{than}` gives"),
            format!("da exactamente lo mismo que el perfil `{than}`"),
        )
    } else {
        Finding::new(
            FindingCode::ContainedProfile,
            Thing::named("profile", key.as_str()),
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

/// A limit that comes with one profile of a user and covers what another is there to give, in some place that
/// both are for.
fn takes_away(as_of: AsOf<'_>, user: &User, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let mut instants = edges(model, user, About::ALL, as_of.at);
    instants.insert(as_of.at);
    for at in instants {
        let groups = model.groups_of(user, at);
        let groups = groups
            .iter()
            .map(|group| model.holdings(Holder::Group(*group)));
        let held: Vec<(ProfileIx, Place)> = groups
            .chain([&user.holdings])
            .flat_map(|holdings| holdings.assignments.in_force(at).map(|held| held.key))
            .collect();
        for (limiting, place) in &held {
            for (other, other_place) in held.iter().filter(|(other, _)| other != limiting) {
                let meet = |inner, outer| model.path(inner).contains(&outer);
                if !meet(*place, *other_place) && !meet(*other_place, *place) {
                    continue;
                }
                if let (Some(one), Some(two)) = (model.profile(*limiting), model.profile(*other)) {
                    takes(model, user, one, two, findings);
                }
            }
        }
    }
}

/// The limits of one profile on what another gives and does not limit itself.
fn takes(model: &Model, user: &User, one: &Profile, two: &Profile, findings: &mut Vec<Finding>) {
    let limits = one.gives.limits.iter();
    let limits = limits.filter(|limit| !two.gives.limits.contains(limit));
    for limit in limits.filter_map(|limit| model.catalog.get_limit(*limit)) {
        let duties: Vec<&str> = limit
            .covers
            .iter()
            .filter(|duty| two.gives.opinion(*duty) != Opinion::Silent)
            .map(|duty| model.catalog.duty_key(duty))
            .collect();
        if duties.is_empty() {
            continue;
        }
        let (key, list, word) = (&two.row.key, duties.join(", "), &limit.requires);
        let limit = &limit.key;
        let finding = Finding::new(
            FindingCode::LimitTakesAway,
            Thing::named("profile", one.row.key.as_str()),
            format!(
                "its limit `{limit}` requires `{word}` of what the profile `{key}` is for: {list}"
            ),
            format!(
                "su límite `{limit}` exige `{word}` en aquello para lo que sirve el perfil `{key}`: {list}"
            ),
        );
        let proof = Proof {
            users: 1,
            duties: duties.len(),
            ..Proof::default()
        };
        findings.push(
            finding
                .about(format!("user {} profile {}", user.key, one.row.key))
                .with(Vec::from([
                    format!("profile {key}"),
                    format!("limit {limit}"),
                ]))
                .proved(proof),
        );
    }
}
