//! Each kind of finding: a policy that shows it, with its place, and one that only nearly does.

use bailiwick::Finding;
use bailiwick::FindingCode;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Tenant;
use bailiwick::document::Document;
use std::collections::BTreeSet;

/// What every policy here starts with.
const BASE: &str = r#"
name = "Town"
duty = [
    { key = "a.b.view" }, { key = "a.b.edit", seat = "full" }, { key = "a.c.sign" },
    { key = "x.y.certify", sensitivity = "high" },
]
ladder = [{ object = "a.b", rungs = ["view", "edit"] }]
"#;

/// The code, the places at which it is found, the policy that shows it, the one that does not.
pub(super) type Row = (
    FindingCode,
    &'static [&'static str],
    &'static str,
    &'static str,
);

pub(super) const ROWS: &[Row] = &[
    (
        FindingCode::ChangesNothing,
        &["grant[1]"],
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "everyone", on = "a.c" }, { holder = "user:ana", on = "a.c.sign" }]"#,
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "everyone", on = "a.c", reach = "associated" }, { holder = "user:ana", on = "a.c.sign" }]"#,
    ),
    (
        FindingCode::ChangesNothing,
        &["user[0].groups[0]"],
        r#"user = [{ key = "ana", groups = ["clerks"] }]
        group = [{ key = "clerks" }]"#,
        r#"user = [{ key = "ana", groups = ["clerks"] }]
        group = [{ key = "clerks" }]
        revoke = [{ holder = "group:clerks", on = "a" }]"#,
    ),
    // An open tenant permits it anyway, but what is granted counts as a seat, and of a set that is at odds.
    (
        FindingCode::ChangesNothing,
        &["grant[0]"],
        r#"mode = "open"
        conflict = [{ key = "both", of = ["a.b.view", "a.c.sign"] }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a.b.view" }]"#,
        r#"mode = "open"
        conflict = [{ key = "both", of = ["a.b.view", "a.c.sign"] }]
        user = [{ key = "ana" }, { key = "ben" }]
        grant = [
            { holder = "user:ana", on = "a.b.edit" }, { holder = "user:ben", on = "a.b.view" },
            { holder = "user:ben", on = "a.c.sign" },
        ]"#,
    ),
    // No amount is above the greatest.
    (
        FindingCode::ChangesNothing,
        &["grant[1]"],
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "everyone", on = "a.c" }, { holder = "user:ana", on = "a.c.sign", ceiling = 9007199254740992 }]"#,
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "everyone", on = "a.c" }, { holder = "user:ana", on = "a.c.sign", ceiling = 9007199254740991 }]"#,
    ),
    // Of two revokes the broader is enough; a revoke of what nothing grants still says `revoked`.
    (
        FindingCode::ShadowedRevoke,
        &["revoke[1]"],
        r#"user = [{ key = "ana" }]
        revoke = [{ holder = "everyone", on = "a.c" }, { holder = "user:ana", on = "a.c.sign" }]"#,
        r#"user = [{ key = "ana" }]
        revoke = [{ holder = "everyone", on = "a.c", until = "2027-01-01T00:00:00Z" }, { holder = "user:ana", on = "a.c.sign" }]"#,
    ),
    // A more specific grant leaves the revoke nothing to take.
    (
        FindingCode::ShadowedRevoke,
        &["revoke[0]"],
        r#"user = [{ key = "ana" }]
        revoke = [{ holder = "user:ana", on = "a.c" }]
        grant = [{ holder = "user:ana", on = "a.c.sign" }]"#,
        r#"user = [{ key = "ana" }]
        revoke = [{ holder = "user:ana", on = "a.b" }]
        grant = [{ holder = "user:ana", on = "a.b.view" }]"#,
    ),
    (
        FindingCode::Dormant,
        &["grant[0]", "item[0]"],
        r#"user = [{ key = "ana", enabled = false }]
        grant = [{ holder = "user:ana", on = "a.c" }]
        item = [{ user = "ana", item = "case-1", on = ["a.c"] }]"#,
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a.c" }]
        item = [{ user = "ana", item = "case-1", on = ["a.c"] }]"#,
    ),
    (
        FindingCode::Dormant,
        &["grant[0]"],
        r#"group = [{ key = "clerks" }]
        user = [{ key = "ana" }]
        grant = [{ holder = "group:clerks", on = "a.c" }]"#,
        r#"group = [{ key = "clerks" }]
        user = [{ key = "ana", groups = ["clerks"] }]
        grant = [{ holder = "group:clerks", on = "a.c" }]"#,
    ),
    // A seat is taken by whoever can log in; a module that is off answers nothing.
    (
        FindingCode::Dormant,
        &["grant[0]"],
        r#"mode = "open"
        user = [{ key = "ana", enabled = false }]
        grant = [{ holder = "user:ana", on = "a.b.edit" }]"#,
        r#"mode = "open"
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a.b.edit" }]"#,
    ),
    (
        FindingCode::Dormant,
        &["grant[0]", "item[0]"],
        r#"module = [{ key = "a", enabled = false }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a.c" }]
        item = [{ user = "ana", item = "case-1", on = ["a.c"] }]"#,
        r#"module = [{ key = "x", enabled = false }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a.c" }]
        item = [{ user = "ana", item = "case-1", on = ["a.c"] }]"#,
    ),
    (
        FindingCode::GrantAroundRevoke,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.c.sign" }]
        grant = [{ holder = "user:ana", on = "a", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.c.sign" }]
        grant = [{ holder = "user:ana", on = "a", scope = "works" }, { holder = "user:ana", on = "a.c.sign", scope = "works" }]"#,
    ),
    // Around a revoke of a module, of an object; not around a grant, and not elsewhere than where the revoke is.
    (
        FindingCode::GrantAroundRevoke,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a" }]
        grant = [{ holder = "user:ana", on = "*", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }, { key = "archive" }]
        revoke = [{ holder = "user:ana", on = "a", scope = "archive" }]
        grant = [{ holder = "user:ana", on = "*", scope = "works" }]"#,
    ),
    (
        FindingCode::GrantAroundRevoke,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.b" }]
        grant = [{ holder = "user:ana", on = "a", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        grant = [{ holder = "user:ana", on = "a.b" }, { holder = "user:ana", on = "a", scope = "works" }]"#,
    ),
    // What lifts the revoke has been there since last year: that it once was not is history.
    (
        FindingCode::GrantAroundRevoke,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.c.sign" }]
        grant = [
            { holder = "user:ana", on = "a", scope = "works" },
            { holder = "user:ana", on = "a.c.sign", scope = "works", until = "2027-01-01T00:00:00Z" },
        ]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.c.sign" }]
        grant = [
            { holder = "user:ana", on = "a", scope = "works" },
            { holder = "user:ana", on = "a.c.sign", scope = "works", from = "2025-01-01T00:00:00Z" },
            { holder = "user:ana", on = "x", until = "2024-01-01T00:00:00Z" },
        ]"#,
    ),
    (
        FindingCode::WidensNarrowing,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        level = [{ holder = "user:ana", on = "a.b", to = "view" }]
        grant = [{ holder = "user:ana", on = "a.b.edit", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        level = [{ holder = "user:ana", on = "a.b", to = "edit" }]
        grant = [{ holder = "user:ana", on = "a.b.edit", scope = "works" }]"#,
    ),
    // What a group narrows, an entry of a member's own widens; not that of a stranger, nor at another time.
    (
        FindingCode::WidensNarrowing,
        &["grant[0]"],
        r#"group = [{ key = "clerks" }]
        user = [{ key = "ana", groups = ["clerks"] }, { key = "ben" }]
        level = [{ holder = "group:clerks", on = "a.b", to = "view" }]
        grant = [{ holder = "user:ana", on = "a.b" }, { holder = "user:ben", on = "a.b" }]"#,
        r#"group = [{ key = "clerks" }]
        user = [{ key = "ana", groups = ["clerks"] }, { key = "ben" }]
        level = [{ holder = "group:clerks", on = "a.b", to = "view", until = "2027-01-01T00:00:00Z" }]
        grant = [{ holder = "user:ana", on = "a.b", from = "2027-01-01T00:00:00Z" }, { holder = "user:ben", on = "a.b" }]"#,
    ),
    // A narrower reach is widened by all records; the other way about it is narrowed again.
    (
        FindingCode::WidensNarrowing,
        &["grant[1]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        grant = [{ holder = "user:ana", on = "a.b", reach = "associated" }, { holder = "user:ana", on = "a.b", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        grant = [{ holder = "user:ana", on = "a.b" }, { holder = "user:ana", on = "a.b", scope = "works", reach = "associated" }]"#,
    ),
    // Two places meet where one lies in the other.
    (
        FindingCode::WidensNarrowing,
        &["grant[0]"],
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        level = [{ holder = "everyone", on = "a.b", to = "view" }]
        grant = [{ holder = "user:ana", on = "a.b", scope = "works" }]"#,
        r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }, { key = "archive" }]
        level = [{ holder = "everyone", on = "a.b", to = "view", scope = "archive" }]
        grant = [{ holder = "user:ana", on = "a.b", scope = "works" }]"#,
    ),
    (
        FindingCode::BothReaches,
        &["profile[0]"],
        r#"profile = [{ key = "reader", grants = ["a.b", { on = "a.b.view", reach = "associated" }] }]"#,
        r#"profile = [{ key = "reader", grants = ["a.b.edit", { on = "a.b.view", reach = "associated" }] }]"#,
    ),
    (
        FindingCode::BothReaches,
        &["assign[1]"],
        r#"profile = [{ key = "reader", grants = ["a.b.view"] }, { key = "visitor", grants = [{ on = "a.b.view", reach = "associated" }] }]
        user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        assign = [{ holder = "user:ana", profile = "reader" }, { holder = "user:ana", profile = "visitor", scope = "works" }]"#,
        r#"profile = [{ key = "reader", grants = ["a.b.view"] }, { key = "visitor", grants = [{ on = "a.b.view", reach = "associated" }] }]
        user = [{ key = "ana" }]
        scope = [{ key = "works" }, { key = "archive" }]
        assign = [{ holder = "user:ana", profile = "reader", scope = "archive" }, { holder = "user:ana", profile = "visitor", scope = "works" }]"#,
    ),
    (
        FindingCode::EqualProfiles,
        &["profile[0]"],
        r#"profile = [{ key = "one", grants = ["a.b"] }, { key = "two", grants = [{ on = "a.b", level = "edit" }] }]"#,
        r#"profile = [{ key = "one", grants = ["a.b"] }, { key = "two", grants = ["a.b"], ceilings = { "a.b.edit" = 5 } }]"#,
    ),
    (
        FindingCode::ContainedProfile,
        &["profile[1]"],
        r#"profile = [{ key = "one", grants = ["a.b"] }, { key = "two", grants = ["a.b.view"] }]"#,
        r#"limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        profile = [{ key = "one", grants = ["a.b"], limits = ["signed"] }, { key = "two", grants = ["a.b.view"] }]"#,
    ),
    (
        FindingCode::EqualProfiles,
        &["profile[0]"],
        r#"profile = [{ key = "one", grants = ["*"] }, { key = "two", grants = ["*"] }]"#,
        r#"profile = [{ key = "one", grants = ["*"] }, { key = "two", grants = ["a", "x"], except = ["a.c"] }]"#,
    ),
    (
        FindingCode::ContainedProfile,
        &["profile[1]"],
        r#"profile = [{ key = "one", grants = ["a.b"] }, { key = "two", grants = ["a.b.view"] }, { key = "three" }]"#,
        r#"profile = [{ key = "one", grants = ["a.b"] }, { key = "two" }]"#,
    ),
    (
        FindingCode::LimitTakesAway,
        &["profile[0]"],
        r#"limit = [{ key = "signed", on = ["a.c"], requires = "signed" }]
        profile = [{ key = "visitor", limits = ["signed"] }, { key = "signer", grants = ["a.c"] }]
        user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        assign = [{ holder = "user:ana", profile = "visitor" }, { holder = "user:ana", profile = "signer", scope = "works", from = "2027-01-01T00:00:00Z" }]"#,
        r#"limit = [{ key = "signed", on = ["a.c"], requires = "signed" }]
        profile = [{ key = "visitor", limits = ["signed"] }, { key = "signer", grants = ["a.c"] }]
        user = [{ key = "ana" }]
        scope = [{ key = "works" }, { key = "archive" }]
        assign = [{ holder = "user:ana", profile = "visitor", scope = "archive" }, { holder = "user:ana", profile = "signer", scope = "works" }]"#,
    ),
    (
        FindingCode::HighWithoutEnd,
        &["assign[0]", "grant[0]", "item[0]"],
        r#"profile = [{ key = "certifier", grants = ["x"] }]
        user = [{ key = "ana" }]
        assign = [{ holder = "user:ana", profile = "certifier" }]
        grant = [{ holder = "user:ana", on = "*" }]
        item = [{ user = "ana", item = "case-1", on = ["x.y"] }]"#,
        r#"profile = [{ key = "certifier", grants = ["x"], except = ["x.y.certify"] }]
        user = [{ key = "ana" }]
        assign = [{ holder = "user:ana", profile = "certifier" }]
        grant = [{ holder = "user:ana", on = "*", until = "2027-01-01T00:00:00Z" }]
        revoke = [{ holder = "user:ana", on = "x" }]
        item = [{ user = "ana", item = "case-1", on = ["a"] }]"#,
    ),
    (
        FindingCode::Lapsed,
        &["grant[0]", "item[0]"],
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a", until = "2026-02-01T09:00:00Z" }]
        item = [{ user = "ana", item = "case-1", on = ["a"], until = "2026-01-01T00:00:00Z" }]"#,
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a", until = "2026-02-01T09:00:01Z" }]
        item = [{ user = "ana", item = "case-1", on = ["a"] }]"#,
    ),
    (
        FindingCode::UserWithNothing,
        &["user[0]"],
        r#"user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a", until = "2026-01-01T00:00:00Z" }]"#,
        r#"user = [{ key = "ana" }, { key = "ben", enabled = false }]
        grant = [{ holder = "user:ana", on = "a", from = "2027-01-01T00:00:00Z" }]"#,
    ),
    (
        FindingCode::UserWithNothing,
        &["user[0]"],
        r#"user = [{ key = "ana" }]
        item = [{ user = "ana", item = "case-1", on = ["a"], until = "2026-02-01T09:00:00Z" }]"#,
        r#"user = [{ key = "ana" }]
        item = [{ user = "ana", item = "case-1", on = ["a"], until = "2026-02-01T09:00:01Z" }]"#,
    ),
    (
        FindingCode::UnusedGroup,
        &["group[0]", "group[1]"],
        r#"group = [{ key = "empty" }, { key = "silent" }]
        user = [{ key = "ana", groups = ["silent"] }]
        grant = [{ holder = "group:empty", on = "a" }]"#,
        r#"group = [{ key = "above" }, { key = "below", parent = "above" }]
        user = [{ key = "ana", groups = ["below"] }]
        grant = [{ holder = "group:above", on = "a" }]"#,
    ),
    // A profile is enough to be said, and so is a limit, as long as they have not lapsed.
    (
        FindingCode::UnusedGroup,
        &["group[0]"],
        r#"group = [{ key = "clerks" }]
        user = [{ key = "ana", groups = ["clerks"] }]
        profile = [{ key = "reader", grants = ["a.b"] }]
        limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        assign = [{ holder = "group:clerks", profile = "reader", until = "2026-01-01T00:00:00Z" }]
        restrict = [{ holder = "group:clerks", limit = "signed", until = "2026-01-01T00:00:00Z" }]"#,
        r#"group = [{ key = "clerks" }, { key = "juniors" }]
        user = [{ key = "ana", groups = ["clerks", "juniors"] }]
        profile = [{ key = "reader", grants = ["a.b"] }]
        limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        assign = [{ holder = "group:clerks", profile = "reader" }]
        restrict = [{ holder = "group:juniors", limit = "signed" }]"#,
    ),
    (
        FindingCode::UnusedScope,
        &["scope[1]"],
        r#"scope = [{ key = "works" }, { key = "bridge", parent = "works" }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a", scope = "works" }, { holder = "user:ana", on = "a", scope = "bridge", until = "2026-01-01T00:00:00Z" }]"#,
        r#"scope = [{ key = "works" }, { key = "bridge", parent = "works" }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a", scope = "bridge" }]"#,
    ),
    (
        FindingCode::UnusedLimit,
        &["limit[0]"],
        r#"limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        profile = [{ key = "visitor", limits = ["signed"] }]"#,
        r#"limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        profile = [{ key = "visitor", limits = ["signed"] }]
        user = [{ key = "ana" }]
        assign = [{ holder = "user:ana", profile = "visitor" }]"#,
    ),
    (
        FindingCode::UnusedLimit,
        &["limit[0]"],
        r#"limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        user = [{ key = "ana" }]
        restrict = [{ holder = "user:ana", limit = "signed", until = "2026-02-01T09:00:00Z" }]"#,
        r#"limit = [{ key = "signed", on = ["a"], requires = "signed" }]
        user = [{ key = "ana" }]
        restrict = [{ holder = "user:ana", limit = "signed", until = "2026-02-01T09:00:01Z" }]"#,
    ),
    (
        FindingCode::UnusedProfile,
        &["profile[0]"],
        r#"profile = [{ key = "visitor", grants = ["a"] }]
        user = [{ key = "ana" }]
        assign = [{ holder = "user:ana", profile = "visitor", until = "2026-01-01T00:00:00Z" }]"#,
        r#"profile = [{ key = "visitor", grants = ["a"] }]
        user = [{ key = "ana" }]
        assign = [{ holder = "user:ana", profile = "visitor", from = "2027-01-01T00:00:00Z" }]"#,
    ),
    (
        FindingCode::SeatsOverdrawn,
        &["seats.full"],
        r#"seats = { full = 1, administrator = 0 }
        user = [{ key = "ana" }, { key = "ben" }]
        grant = [{ holder = "everyone", on = "a.b.edit" }]"#,
        r#"seats = { full = 2, administrator = 0 }
        user = [{ key = "ana" }, { key = "ben" }]
        grant = [{ holder = "everyone", on = "a.b.edit" }]"#,
    ),
    (
        FindingCode::StandingConflict,
        &["conflict[0]"],
        r#"conflict = [{ key = "both", of = ["a.b", "a.c"] }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a" }]"#,
        r#"conflict = [{ key = "both", of = ["a.b", "a.c", "x"], at-most = 2 }]
        user = [{ key = "ana" }]
        grant = [{ holder = "user:ana", on = "a" }]"#,
    ),
];

pub(super) fn found(code: FindingCode, rows: &str) -> Vec<Finding> {
    let text = format!("{BASE}\n{rows}");
    let policy = Document::from_toml(&text).unwrap().policy;
    let tenant = Tenant::found(&policy).unwrap();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let findings = tenant.as_of(at).lint_of(&policy);
    let of_code = findings.into_iter().filter(|finding| finding.code == code);
    of_code.collect()
}

#[test]
fn each_kind_is_found_where_it_is_and_nowhere_else() {
    let mut seen = BTreeSet::new();
    for (code, places, shown, near) in ROWS {
        let findings = found(*code, shown);
        let mut at: Vec<&str> = findings
            .iter()
            .filter_map(|finding| finding.place.as_deref())
            .collect();
        at.sort_unstable();
        assert_eq!(at, *places, "{code} in {shown}");
        for finding in &findings {
            let [english, spanish] =
                [Language::English, Language::Spanish].map(|language| finding.localized(language));
            assert!(!english.is_empty() && english != spanish, "{finding}");
            let [english, spanish] = [Language::English, Language::Spanish]
                .map(|language| finding.proof.localized(language));
            assert!(!english.is_empty() && english != spanish, "{finding}");
        }
        let none = found(*code, near);
        assert!(none.is_empty(), "{code}: {none:#?} in {near}");
        seen.insert(*code);
    }
    assert!(seen.iter().eq(FindingCode::ALL), "{seen:?}");
}

/// What a command made has no place in the policy.
#[test]
fn what_was_made_later_has_no_place() {
    let policy = Document::from_toml(&format!("{BASE}\nuser = [{{ key = \"ana\" }}]"))
        .unwrap()
        .policy;
    let mut tenant = Tenant::found(&policy).unwrap();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let stamp = bailiwick::Stamp::new(at, bailiwick::Actor::System);
    let grant = r#"{ "grant": { "holder": "user:ana", "on": "x" } }"#;
    tenant
        .execute(&stamp, &serde_json::from_str(grant).unwrap())
        .unwrap();
    let findings = tenant.as_of(at).lint_of(&policy);
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "high-without-end at grant user:ana x: it gives duties of high sensitivity without an end: x.y.certify"
        ]
    );
}
