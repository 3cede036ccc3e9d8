//! Where a policy states what: `grant[3]`, `user[2].groups[0]`, `seats.full`.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use crate::id::Key;
use crate::lint::thing::Thing;
use crate::policy::Policy;
use crate::policy::Seat;
use crate::policy::Terms;

/// The place of everything that a finding may be about.
pub(super) fn places(policy: &Policy) -> BTreeMap<Thing, String> {
    let mut places = BTreeMap::new();
    let mut add = |thing, place| {
        places.entry(thing).or_insert(place);
    };
    for (n, row) in policy.grants.iter().enumerate() {
        let text = format!("grant {} {}{}", row.holder, row.on, at(row.scope.as_ref()));
        add(held(text, &row.terms), format!("grant[{n}]"));
    }
    for (n, row) in policy.revokes.iter().enumerate() {
        let text = format!("revoke {} {}{}", row.holder, row.on, at(row.scope.as_ref()));
        add(held(text, &row.terms), format!("revoke[{n}]"));
    }
    for (n, row) in policy.levels.iter().enumerate() {
        let (to, scope) = (row.to.as_str(), at(row.scope.as_ref()));
        let text = format!("level {} {}={to}{scope}", row.holder, row.on);
        add(held(text, &row.terms), format!("level[{n}]"));
    }
    for (n, row) in policy.assignments.iter().enumerate() {
        let scope = at(row.scope.as_ref());
        let text = format!("assign {} {}{scope}", row.holder, row.profile);
        add(held(text, &row.terms), format!("assign[{n}]"));
    }
    for (n, row) in policy.restrictions.iter().enumerate() {
        let scope = at(row.scope.as_ref());
        let text = format!("restrict {} {}{scope}", row.holder, row.limit);
        add(held(text, &row.terms), format!("restrict[{n}]"));
    }
    for (n, row) in policy.items.iter().enumerate() {
        let text = format!("item user:{} {}", row.user, row.item);
        add(held(text, &row.terms), format!("item[{n}]"));
    }
    for (n, row) in policy.users.iter().enumerate() {
        add(Thing::named("user", row.key.as_str()), format!("user[{n}]"));
        for (m, group) in row.groups.iter().enumerate() {
            let text = format!("member user:{} {group}", row.key);
            let place = format!("user[{n}].groups[{m}]");
            add(Thing::from_start(text, None), place);
        }
    }
    let groups = policy.groups.iter().map(|row| ("group", &row.key));
    let scopes = policy.scopes.iter().map(|row| ("scope", &row.key));
    let limits = policy.limits.iter().map(|row| ("limit", &row.key));
    let profiles = policy.profiles.iter().map(|row| ("profile", &row.key));
    let conflicts = policy.conflicts.iter().map(|row| ("conflict", &row.key));
    for (n, (kind, key)) in groups
        .enumerate()
        .chain(scopes.enumerate())
        .chain(limits.enumerate())
        .chain(profiles.enumerate())
        .chain(conflicts.enumerate())
    {
        add(Thing::named(kind, key.as_str()), format!("{kind}[{n}]"));
    }
    for class in [Seat::Full, Seat::Administrator] {
        let place = format!("seats.{class}");
        add(Thing::named("seats", class.word()), place);
    }
    places
}

fn held(text: String, terms: &Terms) -> Thing {
    Thing::from_start(text, terms.from)
}

fn at(scope: Option<&Key>) -> String {
    scope.map_or_else(String::new, |scope| format!(" @{scope}"))
}
