//! Land management as its source has it, stated through the helper.

use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Mistake;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Tenant;
use bailiwick::policy::User;
use bailiwick::systems::land::Access;
use bailiwick::systems::land::Access::Full;
use bailiwick::systems::land::Access::None;
use bailiwick::systems::land::Access::Read;
use bailiwick::systems::land::Land;
use bailiwick::systems::land::Thing;
use bailiwick::systems::land::access;

fn label(text: &str) -> bailiwick::Label {
    bailiwick::Label::new(text, text).unwrap()
}

fn land() -> Land {
    let mut land = Land::new(Name::new("Permit counter").unwrap());
    land.module("building", &label("Building"), Read).unwrap();
    land
}

fn founded(policy: &Policy) -> Tenant {
    Tenant::found(policy).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn member(key: &str, group: &str) -> User {
    User {
        groups: vec![group.parse().unwrap()],
        ..User::new(key.parse().unwrap())
    }
}

#[track_caller]
fn has(tenant: &Tenant, user: &str, things: &[Thing<'_>], record_type: Option<&str>) -> Access {
    let things: Vec<_> = things
        .iter()
        .map(|thing| thing.of("building").unwrap())
        .collect();
    let things: Vec<_> = things.iter().collect();
    let today = tenant.as_of("2026-01-05T09:00:00Z".parse().unwrap());
    access(today, user, &things, record_type).unwrap()
}

/// The user group's own access, the workflow status, the application type, the function: the user's access.
const ROWS: [([Access; 4], Access); 5] = [
    ([Full, Full, Full, Full], Full),
    ([Read, Full, None, Read], None),
    ([Full, Read, Full, Read], Read),
    ([None, Full, Full, Read], None),
    ([Full, Read, Read, Full], Read),
];

#[test]
fn the_lowest_of_what_plays_a_part_is_the_access() {
    let things = [
        Thing::UserGroup,
        Thing::WorkflowStatus("plan-review"),
        Thing::ApplicationType("new-house"),
        Thing::Function(35),
    ];
    for (row, (set, expected)) in ROWS.iter().enumerate() {
        let mut land = land();
        for thing in things.iter().skip(1) {
            let object = thing.of("building").unwrap();
            land.thing(&object, &label("A thing")).unwrap();
        }
        land.group("counter").unwrap();
        for (thing, access) in things.iter().zip(set) {
            let object = thing.of("building").unwrap();
            land.set("group:counter", &object, *access).unwrap();
        }
        land.policy.users.push(member("ana", "counter"));
        let tenant = founded(&land.into_policy());
        assert_eq!(
            has(&tenant, "ana", &things, Option::None),
            *expected,
            "row {row}"
        );
    }
}

#[test]
fn six_hundred_functions_are_set_for_modules_and_groups() {
    let mut land = land();
    land.functions("building", 1..=600).unwrap();
    land.group("staff").unwrap();
    let [first, last] = [1, 600].map(|number| Thing::Function(number).of("building").unwrap());
    land.set("everyone", &first, None).unwrap();
    land.set("group:staff", &last, Full).unwrap();
    let refused = land.set("user:vic", &last, Full).unwrap_err();
    assert_eq!(refused.code(), "wrong-shape");
    assert_eq!(
        refused.localized(Language::Spanish),
        "se esperaba `everyone` o un grupo"
    );
    land.policy.users.push(User::new("vic".parse().unwrap()));
    land.policy.users.push(member("sam", "staff"));
    let policy = land.into_policy();
    // Two levels for each function and for the user groups' own access, and the module's access on each.
    assert_eq!(policy.duties.len(), 2 * 601);
    assert_eq!(policy.levels.len(), 601 + 1);
    let tenant = founded(&policy);
    let counted = |user: &str, level: Access| {
        let functions = (1..=600).map(Thing::Function);
        functions
            .filter(|thing| has(&tenant, user, &[*thing], Option::None) == level)
            .count()
    };
    assert_eq!(
        [None, Read, Full].map(|level| counted("vic", level)),
        [1, 599, 0]
    );
    assert_eq!(
        [None, Read, Full].map(|level| counted("sam", level)),
        [1, 598, 1]
    );
}

#[test]
fn the_last_setting_of_a_place_stands() {
    let mut land = land();
    let hearings = Thing::Calendar("hearings").of("building").unwrap();
    land.thing(&hearings, &label("Hearings")).unwrap();
    let house = land.record_type("building/residential").unwrap();
    land.set("everyone", &hearings, Full).unwrap();
    land.set("everyone", &hearings, None).unwrap();
    land.set_in(Some(&house), "user:vic", &hearings, Full)
        .unwrap();
    land.policy.users.push(User::new("vic".parse().unwrap()));
    let tenant = founded(&land.into_policy());
    let calendar = [Thing::Calendar("hearings")];
    assert_eq!(has(&tenant, "vic", &calendar, Option::None), None);
    assert_eq!(
        has(&tenant, "vic", &calendar, Some("building-residential")),
        Full
    );
}

#[test]
fn groups_and_record_types_have_four_levels() {
    let mut land = land();
    assert_eq!(
        land.group("staff/field/inspectors/trainees")
            .unwrap()
            .as_str(),
        "trainees"
    );
    assert_eq!(land.group("staff/counter").unwrap().as_str(), "counter");
    assert_eq!(land.group("a/b/c/d/e").unwrap_err().code(), "too-deep");
    let house = land
        .record_type("building/residential/new/single-family")
        .unwrap();
    assert_eq!(house.as_str(), "building-residential-new-single-family");
    assert_eq!(
        land.record_type("a/b/c/d/e").unwrap_err().code(),
        "too-deep"
    );
    assert_eq!(
        land.record_type("a//b").unwrap_err().code(),
        "malformed-key"
    );
    assert_eq!(land.group("Staff").unwrap_err().code(), "malformed-key");
    // What was named twice stands once, and a level above all is founded with the rest.
    let policy = land.into_policy();
    let keys: Vec<&str> = policy
        .groups
        .iter()
        .map(|group| group.key.as_str())
        .collect();
    assert_eq!(
        keys,
        ["staff", "field", "inspectors", "trainees", "counter"]
    );
    founded(&policy);
    // The same key in two places of a tree is a mistake, told when a tenant is founded on it.
    let mut twice = self::land();
    twice.group("staff/counter").unwrap();
    twice.group("counter").unwrap();
    let mistakes = Tenant::found(&twice.into_policy()).unwrap_err();
    assert_eq!(mistakes.first().map(Mistake::code), Some("duplicate-key"));
}

#[test]
fn what_is_not_there_is_an_error() {
    let mut land = land();
    let hearings = Thing::Calendar("hearings").of("building").unwrap();
    land.set("group:nobody", &hearings, Full).unwrap();
    let mistakes = Tenant::found(&land.into_policy()).unwrap_err();
    let codes: Vec<&str> = mistakes.iter().map(Mistake::code).collect();
    assert_eq!(codes, ["unknown-group", "unknown-object"]);
    assert_eq!(
        Thing::Calendar("No key").of("building").unwrap_err().code(),
        "malformed-key"
    );
}
