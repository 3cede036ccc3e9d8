//! What is tried against a denial, how far, and what of it is told.

use super::commands;
use super::others::at;
use super::others::tenant;
use bailiwick::Remedies;
use bailiwick::Remedy;
use bailiwick::RemedySearch;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::policy::Amount;
use serde_json::Value;
use serde_json::json;

fn asked(tenant: &Tenant, resource: &Resource<'_>) -> Remedies {
    tenant
        .remedies(at(), "ana", "fin.po.pay", resource)
        .unwrap()
}

/// The commands of each alternative, then the qualifiers.
fn told(remedies: &Remedies) -> Value {
    let one = |remedy: &Remedy| -> Value {
        let words = remedy.qualifiers.iter().map(|word| json!(word));
        let commands = commands(remedy).into_iter().map(|command| json!(command));
        commands.chain(words).collect()
    };
    remedies.iter().map(one).collect()
}

/// A user and so many profiles that would help, but which the user is to have later: giving one now is refused.
fn refused(profiles: usize) -> Remedies {
    let key = |n| format!("profile-{n}");
    let later =
        |n| json!({ "holder": "user:ana", "profile": key(n), "from": "2027-01-01T00:00:00Z" });
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }],
        "profile": (0..profiles).map(|n| json!({ "key": key(n), "grants": ["fin"] })).collect::<Vec<_>>(),
        "user": [{ "key": "ana" }],
        "assign": (0..profiles).map(later).collect::<Vec<_>>(),
    });
    asked(&tenant(&document), &Resource::default())
}

#[test]
fn the_search_rests_after_two_thousand_trials() {
    // A grant of one's own is tried, too.
    for (profiles, search) in [
        (1_999, RemedySearch::Complete),
        (2_000, RemedySearch::Rested),
    ] {
        let remedies = refused(profiles);
        assert_eq!(remedies.search, search);
        assert_eq!(remedies.len(), 1);
    }
}

/// What has been found is not tried again with something more: else this search would come to its bound.
#[test]
fn what_contains_an_alternative_is_not_tried() {
    let group = |n: usize| match n {
        0 => json!({ "key": "group-0" }),
        _ => json!({ "key": format!("group-{n}"), "parent": format!("group-{}", n - 1) }),
    };
    let revoke = |n: usize| json!({ "holder": format!("group:group-{n}"), "on": "fin.po.pay" });
    let profile = |n: usize| json!({ "key": format!("profile-{n}"), "grants": ["fin"] });
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }],
        "group": (0..4).map(group).collect::<Vec<_>>(),
        "profile": (0..300).map(profile).collect::<Vec<_>>(),
        "user": [{ "key": "ana", "groups": ["group-3"] }],
        "revoke": (0..4).map(revoke).collect::<Vec<_>>(),
    });
    let remedies = asked(&tenant(&document), &Resource::default());
    assert_eq!(remedies.search, RemedySearch::Complete);
    assert_eq!(remedies.len(), 301);
}

/// What does not give the duty on the way to the record is not tried, however much there is of it.
#[test]
fn what_gives_nothing_here_is_not_tried() {
    let key = |n: usize| format!("number-{n}");
    let holder = |n: usize| format!("group:number-{n}");
    let all = 0..2_000;
    let mut profiles: Vec<Value> = all
        .clone()
        .map(|n| json!({ "key": key(n), "grants": ["fin.po.make"] }))
        .collect();
    profiles.push(json!({ "key": "payer", "grants": ["fin.po.pay"] }));
    let grants = all.clone().flat_map(|n| {
        [
            json!({ "holder": holder(n), "on": "fin.po.pay", "scope": "parks" }),
            json!({ "holder": holder(n), "on": "fin.po.make" }),
        ]
    });
    let assigned = all.clone().flat_map(|n| {
        [
            json!({ "holder": holder(n), "profile": "payer", "scope": "parks" }),
            json!({ "holder": holder(n), "profile": "number-0" }),
        ]
    });
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }, { "key": "fin.po.make" }],
        "scope": [{ "key": "parks" }],
        "profile": profiles,
        "group": all.clone().map(|n| json!({ "key": key(n) })).collect::<Vec<_>>(),
        "user": [{ "key": "ana" }],
        "grant": grants.collect::<Vec<_>>(),
        "assign": assigned.collect::<Vec<_>>(),
    });
    let remedies = asked(&tenant(&document), &Resource::default());
    assert_eq!(remedies.search, RemedySearch::Complete);
    // A grant of her own, and the one profile.
    assert_eq!(remedies.len(), 2);
}

/// Three groups revoke a duty, one of them brings what may not be in one hand with it, and the duty is limited: of
/// leaving all three, the grant and the qualifier only what is needed is told.
#[test]
fn what_is_not_needed_is_left_out() {
    let holders = ["a", "b", "c"];
    for brings in holders {
        let document = json!({
            "name": "Rio Largo",
            "duty": [{ "key": "fin.po.pay" }, { "key": "fin.po.make" }],
            "limit": [{ "key": "done-only", "on": ["fin"], "requires": "done" }],
            "group": holders.map(|key| json!({ "key": key })),
            "user": [{ "key": "ana", "groups": holders }],
            "grant": [{ "holder": format!("group:{brings}"), "on": "fin.po.make" }],
            "revoke": holders.map(|key| json!({ "holder": format!("group:{key}"), "on": "fin.po.pay" })),
            "restrict": [{ "holder": "user:ana", "limit": "done-only" }],
            "conflict": [{ "key": "make-and-pay", "of": ["fin.po.make", "fin.po.pay"] }],
        });
        let leave = json!({ "leave": { "user": "ana", "group": brings } });
        let grant =
            json!({ "grant": { "holder": "user:ana", "on": "fin.po.pay", "reach": "all" } });
        let unrestrict = json!({ "unrestrict": { "holder": "user:ana", "limit": "done-only" } });
        let remedies = asked(&tenant(&document), &Resource::default());
        assert_eq!(remedies.search, RemedySearch::Complete);
        let expected = json!([[leave, grant, "done"], [leave, grant, unrestrict]]);
        assert_eq!(told(&remedies), expected);
    }
}

/// Of those that permit as many other duties, the shortest come first.
#[test]
fn the_shorter_come_first() {
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }],
        "limit": [
            { "key": "done-only", "on": ["fin"], "requires": "done" },
            { "key": "seen-only", "on": ["fin"], "requires": "seen" },
        ],
        "group": [{ "key": "checked" }],
        "user": [{ "key": "ana", "groups": ["checked"] }],
        "grant": [{ "holder": "user:ana", "on": "fin" }],
        "restrict": [
            { "holder": "group:checked", "limit": "done-only" },
            { "holder": "group:checked", "limit": "seen-only" },
        ],
    });
    let off = |limit: &str| json!({ "unrestrict": { "holder": "group:checked", "limit": limit } });
    assert_eq!(
        told(&asked(&tenant(&document), &Resource::default())),
        json!([
            [{ "leave": { "user": "ana", "group": "checked" } }],
            ["done", "seen"],
            [off("done-only"), off("seen-only")],
        ])
    );
}

/// What is given begins now, takes the place of what holds now, and ends where the next of its sort begins.
#[test]
fn what_is_given_is_fitted_in() {
    const NOW: &str = "2026-02-01T09:00:00Z";
    const SOON: &str = "2026-02-02T00:00:00Z";
    const LATE: &str = "2026-03-01T00:00:00Z";
    const PAST: &str = "2026-01-01T00:00:00Z";
    let grant = |more: &Value, on: &str| {
        let mut row = json!({ "holder": "user:ana", "on": on, "reach": "associated" });
        row.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        row
    };
    // What she has been given before, and what of it is told of a grant of the duty or the level.
    let cases = [
        (json!([]), json!({})),
        (json!([{ "until": NOW }]), json!({})),
        (json!([{ "from": NOW }]), json!({ "replace": true })),
        (
            json!([{ "from": PAST, "until": LATE }]),
            json!({ "replace": true }),
        ),
        (json!([{ "from": SOON }]), json!({ "until": SOON })),
        (
            json!([{ "from": LATE, "until": "2026-04-01T00:00:00Z" }, { "from": SOON, "until": LATE }]),
            json!({ "until": SOON }),
        ),
        (
            json!([{ "from": NOW, "until": SOON }, { "from": LATE }]),
            json!({ "replace": true, "until": LATE }),
        ),
    ];
    for (on, command) in [("fin.po.pay", "grant"), ("fin.po", "level")] {
        for (before, expected) in &cases {
            let rows = before.as_array().unwrap().iter();
            let rows: Vec<Value> = rows.map(|more| grant(more, on)).collect();
            let document = json!({
                "name": "Rio Largo",
                "duty": [{ "key": "fin.po.view" }, { "key": "fin.po.pay" }],
                "ladder": [{ "object": "fin.po", "rungs": ["view", "pay"] }],
                "user": [{ "key": "ana" }],
                "grant": rows,
            });
            let remedies = asked(&tenant(&document), &Resource::default());
            let given = commands(
                &remedies
                    .iter()
                    .find(|remedy| {
                        let [step] = &*remedy.steps else { return false };
                        step.command.kind().to_string() == command
                    })
                    .unwrap()
                    .clone(),
            );
            let mut row = json!(given[0])[command].clone();
            let row = row.as_object_mut().unwrap();
            row.retain(|field, _| ["from", "until", "replace"].contains(&field.as_str()));
            assert_eq!(json!(row), *expected, "{command} {before}");
        }
    }
    // A right on an item adds to the one that is there, and keeps its end.
    let rights = [
        (json!([{ "until": NOW }]), json!({})),
        (json!([{ "from": NOW }]), json!({ "replace": true })),
        (
            json!([{ "from": PAST, "until": LATE }, { "from": LATE }]),
            json!({ "replace": true, "until": LATE }),
        ),
        (
            json!([{ "from": SOON }, { "until": NOW }]),
            json!({ "until": SOON }),
        ),
    ];
    for (before, expected) in rights {
        let rows = before.as_array().unwrap().iter().map(|more| {
            let mut row = json!({ "user": "ana", "item": "case", "on": ["fin.po.view"] });
            row.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            row
        });
        let document = json!({
            "name": "Rio Largo",
            "duty": [{ "key": "fin.po.view" }, { "key": "fin.po.pay" }],
            "user": [{ "key": "ana" }],
            "item": rows.collect::<Vec<_>>(),
        });
        let private = Resource {
            private: true,
            item: Some("case"),
            ..Resource::default()
        };
        let remedies = asked(&tenant(&document), &private);
        assert_eq!(remedies.len(), 1);
        let mut row = json!(commands(&remedies[0])[0])["give-item"].clone();
        let both = expected["replace"] == json!(true);
        let on = if both {
            json!(["fin.po.view", "fin.po.pay"])
        } else {
            json!(["fin.po.pay"])
        };
        assert_eq!(row["on"], on, "{before}");
        let row = row.as_object_mut().unwrap();
        row.retain(|field, _| ["from", "until", "replace"].contains(&field.as_str()));
        assert_eq!(json!(row), expected, "{before}");
    }
}

/// Everything that gives the duty is told: grants here and at the root, the level here, every profile and every group
/// that gives it on the way to the record, by itself or by one above it; nothing else.
#[test]
fn everything_that_gives_is_told() {
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }, { "key": "fin.po.make" }],
        "ladder": [{ "object": "fin.po", "rungs": ["make", "pay"] }],
        "scope": [{ "key": "works" }, { "key": "bridge", "parent": "works" }, { "key": "parks" }],
        "profile": [
            { "key": "payer", "grants": ["fin.po.pay"] },
            { "key": "maker", "grants": ["fin.po.make"] },
            { "key": "linked", "grants": [{ "on": "fin", "reach": "associated" }] },
        ],
        "group": [
            { "key": "by-grant" },
            { "key": "below", "parent": "by-grant" },
            { "key": "by-level" },
            { "key": "by-profile" },
            { "key": "elsewhere" },
            { "key": "profile-elsewhere" },
            { "key": "something-else" },
            { "key": "a-low-level" },
            { "key": "revoking" },
            { "key": "over", },
            { "key": "nothing" },
        ],
        "user": [{ "key": "ana" }],
        "grant": [
            { "holder": "group:by-grant", "on": "fin", "scope": "works" },
            { "holder": "group:elsewhere", "on": "fin", "scope": "parks" },
            { "holder": "group:something-else", "on": "fin.po.make" },
            { "holder": "group:over", "on": "fin", "until": "2026-01-01T00:00:00Z" },
        ],
        "revoke": [{ "holder": "group:revoking", "on": "fin" }],
        "level": [
            { "holder": "group:by-level", "on": "fin.po", "to": "pay" },
            { "holder": "group:a-low-level", "on": "fin.po", "to": "make" },
        ],
        "assign": [
            { "holder": "group:by-profile", "profile": "payer", "scope": "bridge" },
            { "holder": "group:profile-elsewhere", "profile": "payer", "scope": "parks" },
            { "holder": "group:nothing", "profile": "maker" },
        ],
    });
    let bridge = Resource {
        scope: Some("bridge".into()),
        ..Resource::default()
    };
    let assign = |profile: &str| json!({ "assign": { "holder": "user:ana", "profile": profile, "scope": "bridge" } });
    let join = |group: &str| json!({ "join": { "user": "ana", "group": group } });
    let level = json!({ "level": { "holder": "user:ana", "on": "fin.po", "to": "pay", "scope": "bridge" } });
    let remedies = asked(&tenant(&document), &bridge);
    assert_eq!(remedies.search, RemedySearch::Complete);
    let mut all: Vec<Value> = told(&remedies).as_array().unwrap().clone();
    let mut expected = vec![
        json!([{ "grant": { "holder": "user:ana", "on": "fin.po.pay", "scope": "bridge", "reach": "all" } }]),
        json!([{ "grant": { "holder": "user:ana", "on": "fin.po.pay", "reach": "all" } }]),
        json!([level]),
        json!([assign("payer")]),
        json!([join("by-grant")]),
        json!([join("below")]),
        json!([join("by-level")]),
        json!([join("by-profile")]),
    ];
    for list in [&mut all, &mut expected] {
        list.sort_by_key(Value::to_string);
    }
    assert_eq!(all, expected);
}

/// Of a record that she is linked to, a grant for such records is enough; of an amount, one up to it.
#[test]
fn a_grant_reaches_as_far_as_need_be() {
    let document = json!({
        "name": "Rio Largo",
        "duty": [{ "key": "fin.po.pay" }],
        "group": [{ "key": "staff" }, { "key": "clerks" }],
        "user": [{ "key": "ana", "groups": ["staff", "clerks"] }],
        "grant": [
            { "holder": "everyone", "on": "fin" },
            { "holder": "group:staff", "on": "fin", "ceiling": 100 },
            { "holder": "group:clerks", "on": "fin", "ceiling": 200 },
        ],
    });
    let tenant = tenant(&document);
    let of = |amount, associated| Resource {
        amount: Amount::new(amount),
        associated,
        ..Resource::default()
    };
    let leave = |group: &str| json!({ "leave": { "user": "ana", "group": group } });
    let clear =
        |group: &str| json!({ "clear": { "holder": format!("group:{group}"), "on": "fin" } });
    for (associated, reach) in [(false, "all"), (true, "associated")] {
        let grant = json!({ "grant": { "holder": "user:ana", "on": "fin.po.pay", "reach": reach, "ceiling": 300 } });
        assert_eq!(
            told(&asked(&tenant, &of(300, associated))),
            json!([
                [grant],
                [clear("staff"), clear("clerks")],
                [leave("staff"), leave("clerks")],
            ])
        );
        assert!(asked(&tenant, &of(200, associated)).is_empty());
    }
}
