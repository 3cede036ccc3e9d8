//! What nobody and nothing uses: users with nothing, groups, scopes, limits, profiles.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::held;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::ProfileIx;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::entries::holders;
use crate::lint::thing::Thing;
use crate::lint::trial::affected;
use crate::model::Holder;
use crate::model::Holdings;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    users(as_of, findings);
    groups(as_of, findings);
    scopes(as_of, findings);
    bundles(as_of, findings);
}

fn users(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    for (_, user) in model.all_users().filter(|(_, user)| user.enabled) {
        let items = user.holdings.items.iter();
        let has_items = items
            .into_iter()
            .any(|held| !held.window.has_ended(as_of.at));
        let mut instants = crate::edges::edges(model, user, crate::edges::About::ALL, as_of.at);
        instants.insert(as_of.at);
        if has_items || instants.iter().any(|at| !held(model, user, *at).is_empty()) {
            continue;
        }
        findings.push(
            Finding::new(
                FindingCode::UserWithNothing,
                Thing::named("user", user.key.as_str()),
                "the login is enabled, but nothing is granted, now or later".into(),
                "la cuenta está activada, pero nada se le concede, ni ahora ni después".into(),
            )
            .proved(Proof {
                users: 1,
                instants: instants.len(),
                duties: model.catalog.len(),
                ..Proof::default()
            }),
        );
    }
}

fn groups(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let living = |holdings: &Holdings| {
        let at = as_of.at;
        holdings
            .entries
            .iter()
            .any(|held| !held.window.has_ended(at))
            || holdings
                .assignments
                .iter()
                .any(|held| !held.window.has_ended(at))
            || holdings
                .limits
                .iter()
                .any(|held| !held.window.has_ended(at))
    };
    for (node, branch) in model.groups.iter() {
        let holder = Holder::Group(GroupIx(node));
        // What a group above says, a member of this one hears.
        let says = model
            .groups
            .upwards(node)
            .any(|group| living(model.holdings(Holder::Group(GroupIx(group)))));
        let (english, spanish) = if affected(model, holder, as_of.at).is_empty() {
            (
                "nobody is a member, now or later",
                "nadie es miembro, ni ahora ni después",
            )
        } else if !says {
            (
                "neither it nor a group above it says anything",
                "ni él ni un grupo superior dice nada",
            )
        } else {
            continue;
        };
        findings.push(
            Finding::new(
                FindingCode::UnusedGroup,
                Thing::named("group", branch.key.as_str()),
                english.into(),
                spanish.into(),
            )
            .proved(Proof {
                users: model.users.len(),
                ..Proof::default()
            }),
        );
    }
}

/// Scopes in which, and below which, nothing is said.
fn scopes(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let mut used: BTreeSet<u32> = BTreeSet::new();
    for holder in holders(model) {
        let holdings = model.holdings(holder);
        let entries = holdings.entries.iter();
        let assignments = holdings.assignments.iter();
        let limits = holdings.limits.iter();
        let places = entries
            .map(|held| (held.window, held.key.1))
            .chain(assignments.map(|held| (held.window, held.key.1)))
            .chain(limits.map(|held| (held.window, held.key.1)))
            .filter(|(window, _)| !window.has_ended(as_of.at));
        for scope in places.filter_map(|(_, place)| place) {
            used.extend(model.scopes.upwards(scope.get()));
        }
    }
    for (node, branch) in model.scopes.iter().filter(|(node, _)| !used.contains(node)) {
        let above = model.scopes.parent(node);
        if above.is_some_and(|above| !used.contains(&above)) {
            // The scope above is found already, with all below it.
            continue;
        }
        findings.push(Finding::new(
            FindingCode::UnusedScope,
            Thing::named("scope", branch.key.as_str()),
            "nothing is said in it or below it: it answers as the scope above does".into(),
            "nada se dice en él ni por debajo: responde como el ámbito superior".into(),
        ));
    }
}

fn bundles(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    let mut limits: BTreeSet<LimitIx> = BTreeSet::new();
    let mut profiles: BTreeSet<ProfileIx> = BTreeSet::new();
    for holder in holders(model) {
        let holdings = model.holdings(holder);
        let of = holdings.assignments.iter();
        profiles.extend(
            of.filter(|held| !held.window.has_ended(as_of.at))
                .map(|held| held.key.0),
        );
        let direct = holdings.limits.iter();
        limits.extend(
            direct
                .filter(|held| !held.window.has_ended(as_of.at))
                .map(|held| held.key.0),
        );
    }
    for (ix, profile) in (0_u32..).map(ProfileIx).zip(model.profiles.iter()) {
        if profiles.contains(&ix) {
            limits.extend(profile.gives.limits.iter().copied());
        } else if !profile.retired {
            findings.push(Finding::new(
                FindingCode::UnusedProfile,
                Thing::named("profile", profile.row.key.as_str()),
                "nobody has it, now or later".into(),
                "nadie lo tiene, ni ahora ni después".into(),
            ));
        }
    }
    for (ix, limit) in model.catalog.limits() {
        if !limits.contains(&ix) {
            findings.push(Finding::new(
                FindingCode::UnusedLimit,
                Thing::named("limit", limit.key.as_str()),
                "it reaches nobody: no profile that someone has carries it, and nobody is restricted by it".into(),
                "no alcanza a nadie: ningún perfil asignado lo lleva y a nadie se le impone".into(),
            ));
        }
    }
}
