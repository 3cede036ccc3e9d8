//! What would change a denial: every alternative is tried again here, through the public API.
#![expect(clippy::unwrap_used, reason = "the towns and their keys are known")]

mod others;
mod search;
mod texts;

use crate::explain::town_hall;
use crate::laws::town::Town;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Remedies;
use bailiwick::Remedy;
use bailiwick::RemedySearch;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

/// Whether the check permits after some of an alternative's parts.
fn permits(
    tenant: &Tenant,
    at: Timestamp,
    user: &str,
    duty: &str,
    resource: &Resource<'_>,
    (commands, words): (&[Command], &[&str]),
) -> bool {
    let Ok(after) = tenant.what_if(&Stamp::new(at, Actor::System), commands) else {
        return false;
    };
    let mut qualifiers = resource.qualifiers.to_vec();
    qualifiers.extend_from_slice(words);
    let resource = Resource {
        qualifiers: &qualifiers,
        ..*resource
    };
    let decision = after.as_of(at).check(user, duty, &resource).unwrap();
    decision.is_permit()
}

fn commands(remedy: &Remedy) -> Vec<Command> {
    remedy
        .steps
        .iter()
        .map(|step| step.command.clone())
        .collect()
}

/// Trying commands and then giving them makes the same state, to the byte.
fn done_as_tried(tenant: &Tenant, at: Timestamp, commands: &[Command]) {
    let stamp = Stamp::new(at, Actor::System);
    let tried = tenant.what_if(&stamp, commands).unwrap();
    let mut done = tenant.clone();
    for command in commands {
        done.execute(&stamp, command).unwrap();
    }
    let text = |tenant: &Tenant| serde_json::to_string(tenant).unwrap();
    assert_eq!(text(&done), text(&tried));
}

/// A request for the alternative is taken, and waits for each of those who could approve it, who then can.
fn approved_as_told(tenant: &Tenant, at: Timestamp, user: &str, remedy: &Remedy) {
    let Some(approver) = remedy.approvers.first() else {
        return;
    };
    let row = match &remedy.steps[0].command {
        Command::Grant(row) => {
            json!({ "on": row.on, "scope": row.scope, "until": row.terms.until })
        }
        Command::Assign(row) => json!({ "profile": row.profile, "scope": row.scope }),
        other => panic!("nothing to ask for: {other:?}"),
    };
    let mut row = row;
    row.as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    row["beneficiary"] = json!(user);
    row["justification"] = json!("for the tests");
    let mut tenant = tenant.clone();
    let mut give = |by: Actor, command: Value| {
        let command: Command = serde_json::from_value(command).unwrap();
        let done = tenant.execute(&Stamp::new(at, by), &command);
        done.unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
        tenant.clone()
    };
    let asked = give(Actor::System, json!({ "request": row }));
    for approver in &remedy.approvers {
        assert!(!asked.as_of(at).inbox(approver.as_str()).unwrap().is_empty());
    }
    let open = asked.as_of(at).inbox(approver.as_str()).unwrap();
    let approve = json!({ "approve": { "request": open.last() } });
    give(Actor::User(approver.clone()), approve);
}

#[test]
fn every_alternative_permits_and_no_part_of_it_does() {
    let mut denials = 0;
    let mut helped = 0;
    let mut rested = 0;
    for seed in 0..60 {
        let mut town = Town::new(seed);
        for ask in town.asks(5) {
            let (user, duty) = (ask.user.as_str(), ask.duty.as_str());
            let resource = ask.record.resource();
            let before = serde_json::to_string(&town.tenant).unwrap();
            let remedies = town.tenant.remedies(ask.at, user, duty, &resource).unwrap();
            assert_eq!(serde_json::to_string(&town.tenant).unwrap(), before);
            let decision = town
                .tenant
                .as_of(ask.at)
                .check(user, duty, &resource)
                .unwrap();
            if decision.is_permit() {
                assert!(remedies.is_empty());
                assert_eq!(remedies.search, RemedySearch::Complete);
                continue;
            }
            rested += usize::from(remedies.search == RemedySearch::Rested);
            denials += 1;
            helped += usize::from(!remedies.is_empty());
            let others: Vec<usize> = remedies.iter().map(|remedy| remedy.others).collect();
            assert!(others.is_sorted(), "{others:?}");
            for remedy in &remedies {
                let all = commands(remedy);
                let words: Vec<&str> = remedy
                    .qualifiers
                    .iter()
                    .map(bailiwick::Key::as_str)
                    .collect();
                let try_it = |commands: &[Command], words: &[&str]| {
                    permits(
                        &town.tenant,
                        ask.at,
                        user,
                        duty,
                        &resource,
                        (commands, words),
                    )
                };
                assert!(try_it(&all, &words), "{ask:?}\n{remedy:#?}");
                done_as_tried(&town.tenant, ask.at, &all);
                approved_as_told(&town.tenant, ask.at, user, remedy);
                let qualifiers = [resource.qualifiers, &words].concat();
                let then = Resource {
                    qualifiers: &qualifiers,
                    ..resource
                };
                let stamp = Stamp::new(ask.at, Actor::System);
                let after = town.tenant.what_if(&stamp, &all).unwrap();
                let permits = |tenant: &Tenant, user: &str, duty: &str, resource: &Resource<'_>| {
                    let decision = tenant.as_of(ask.at).check(user, duty, resource);
                    decision.unwrap().is_permit()
                };
                // A qualifier is a fact about the record, of which others may make use, too: not for the command.
                let concerned = |other: &&String| words.is_empty() || *other == user;
                let mut newly = 0;
                for other in town.users.iter().filter(concerned) {
                    for another in &town.duties {
                        if (other.as_str(), another.as_str()) != (user, duty) {
                            newly += usize::from(
                                permits(&after, other, another, &then)
                                    && !permits(&town.tenant, other, another, &resource),
                            );
                        }
                    }
                }
                let counted =
                    remedy.others == newly || (!words.is_empty() && remedy.others > newly);
                assert!(counted, "{newly}: {ask:?}\n{remedy:#?}");
                let parts = all.len() + words.len();
                for mask in 0..(1_u32 << parts) - 1 {
                    let some: Vec<Command> = all
                        .iter()
                        .enumerate()
                        .filter(|(place, _)| mask >> place & 1 == 1)
                        .map(|(_, command)| command.clone())
                        .collect();
                    let some_words: Vec<&str> = words
                        .iter()
                        .enumerate()
                        .filter(|(place, _)| mask >> (all.len() + place) & 1 == 1)
                        .map(|(_, word)| *word)
                        .collect();
                    assert!(!try_it(&some, &some_words), "{ask:?}\n{remedy:#?}");
                }
            }
        }
    }
    assert!(
        denials > 100 && helped * 10 > denials * 8,
        "{helped} of {denials}"
    );
    assert_eq!(rested, 0);
}

fn told(tenant: &Tenant, user: &str, duty: &str, resource: &Resource<'_>) -> Vec<String> {
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let remedies = tenant.remedies(at, user, duty, resource).unwrap();
    let mut lines = Vec::new();
    for remedy in remedies {
        for language in [Language::English, Language::Spanish] {
            lines.push(remedy.localized(language));
        }
    }
    lines
}

#[test]
fn told_aloud() {
    let tenant = town_hall();
    let plain = Resource::default();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let remedies = tenant
        .remedies(at, "ana", "finance.ledger.edit", &plain)
        .unwrap();
    assert_eq!(remedies[0].approvers.len(), 1);
    approved_as_told(&tenant, at, "ana", &remedies[0]);
    assert_eq!(
        told(&tenant, "ana", "finance.ledger.edit", &plain),
        [
            "grant “Post to the ledger” to Ana Ruiz (omar can); asked for, ines could approve it",
            "conceder «Asentar en el libro mayor» a Ana Ruiz (puede hacerlo: omar); si se solicita, podría aprobarlo ines",
            "set the level of Ana Ruiz on “finance.ledger” to `edit` (omar can)",
            "fijar en `edit` el nivel de Ana Ruiz en «finance.ledger» (puede hacerlo: omar)",
            "end the entry of the group “Clerks” on “finance.ledger” (omar can); it would permit one other duty",
            "terminar lo fijado para el grupo «Oficiales» sobre «finance.ledger» (puede hacerlo: omar); permitiría otra función más",
            "take Ana Ruiz out of the group “Clerks” (omar can), and add Ana Ruiz to the group “Staff” (omar can); it would permit one other duty",
            "sacar a Ana Ruiz del grupo «Oficiales» (puede hacerlo: omar), y añadir a Ana Ruiz al grupo «Personal» (puede hacerlo: omar); permitiría otra función más",
        ]
    );
    assert_eq!(
        told(&tenant, "ben", "permits.file.decide", &plain),
        [
            "the record would have to be `completed`",
            "el registro tendría que estar `completed`",
        ]
    );
    // Whoever buys may not certify: every way to it is refused, so there is none to tell.
    assert!(told(&tenant, "ana", "finance.funds.certify", &plain).is_empty());
}

/// One who can is told in the singular and several in the plural, and a grant with the ceiling that it carries.
#[test]
fn told_of_one_or_of_several_and_up_to_which_amount() {
    let document = json!({
        "duty": [{ "key": "pay.invoice.pay" }, { "key": "access.grants.manage" }],
        "administration": { "grant": "access.grants.manage" },
        "scope": [{ "key": "bridge" }],
        "department": [{ "key": "works", "head": "ines" }],
        "user": [{ "key": "ben", "department": "works" }, { "key": "ines" }, { "key": "ida" }, { "key": "kim" }],
        "grant": [
            { "holder": "user:ida", "on": "access.grants.manage" },
            { "holder": "user:kim", "on": "access.grants.manage" },
        ],
    });
    let document = Document::from_json(&document.to_string()).unwrap();
    let mut tenant = Tenant::found(&document.policy).unwrap();
    let delegate: Command =
        serde_json::from_value(json!({ "delegate": { "department": "works", "to": "kim" } }))
            .unwrap();
    let at = "2026-01-01T09:00:00Z".parse().unwrap();
    tenant
        .execute(&Stamp::new(at, Actor::System), &delegate)
        .unwrap();
    let plain = Resource::default();
    assert_eq!(
        told(&tenant, "ben", "pay.invoice.pay", &plain),
        [
            "grant “pay.invoice.pay” to ben (ida and kim can); asked for, ines and kim could approve it",
            "conceder «pay.invoice.pay» a ben (pueden hacerlo: ida y kim); si se solicita, podrían aprobarlo ines y kim",
        ]
    );
    // A request cannot name a ceiling, so nobody is told who could approve one.
    let bill = Resource {
        scope: Some("bridge".into()),
        amount: bailiwick::policy::Amount::new(700_000),
        ..plain
    };
    assert_eq!(
        told(&tenant, "ben", "pay.invoice.pay", &bill)[..2],
        [
            "grant “pay.invoice.pay” up to 700,000 minor units to ben at “bridge” (ida and kim can)",
            "conceder «pay.invoice.pay» hasta 700.000 unidades menores a ben en «bridge» (pueden hacerlo: ida y kim)",
        ]
    );
}

/// What is told of a user on whom there are so many limits, each of which requires something else.
fn limited(limits: usize) -> Remedies {
    let limit =
        |n| json!({ "key": format!("limit-{n}"), "on": ["*"], "requires": format!("word-{n}") });
    let restrict = |n| json!({ "holder": "user:ana", "limit": format!("limit-{n}") });
    let document = json!({
        "name": "Rio Vista",
        "duty": [{ "key": "finance.ledger.view" }],
        "limit": (0..limits).map(limit).collect::<Vec<_>>(),
        "user": [{ "key": "ana" }],
        "grant": [{ "holder": "user:ana", "on": "*" }],
        "restrict": (0..limits).map(restrict).collect::<Vec<_>>(),
    });
    let document = Document::from_json(&document.to_string()).unwrap();
    let tenant = Tenant::found(&document.policy).unwrap();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let (duty, plain) = ("finance.ledger.view", Resource::default());
    tenant.remedies(at, "ana", duty, &plain).unwrap()
}

#[test]
fn a_search_that_rests_says_so() {
    // Twelve parts are the most that an alternative may have …
    let remedies = limited(12);
    assert_eq!(remedies.search, RemedySearch::Complete);
    let parts = |remedy: &Remedy| (remedy.steps.len(), remedy.qualifiers.len());
    let mut all: Vec<_> = remedies.iter().map(parts).collect();
    all.sort_unstable();
    assert_eq!(all, [(0, 12), (12, 0)]);
    // … and with one more, both are kept back.
    let remedies = limited(13);
    assert_eq!(remedies.search, RemedySearch::Rested);
    assert!(remedies.is_empty());
    assert_eq!(
        [Language::English, Language::Spanish].map(|language| remedies.search.localized(language)),
        [
            "not all that might help was tried: longer alternatives may be missing",
            "no se probó todo lo que podría servir: pueden faltar alternativas más largas",
        ]
    );
}

/// What stands in the way of one check, and what each alternative gives, in the order in which they are told.
#[test]
fn each_obstacle_has_its_steps() {
    const END: &str = "2026-02-01T00:00:00Z";
    let policy = json!({
        "name": "Rio Seco",
        "duty": [{ "key": "fin.po.view" }, { "key": "fin.po.pay" }, { "key": "old.book.view" }],
        "module": [{ "key": "old", "enabled": false }],
        "team": [{ "key": "city" }, { "key": "north", "parent": "city" }],
        "user": [{ "key": "ana" }, { "key": "rob", "enabled": false }],
        "grant": [
            { "holder": "everyone", "on": "old" },
            { "holder": "user:rob", "on": "fin.po.view" },
            { "holder": "user:ana", "on": "fin.po.view" },
        ],
        "revoke": [{ "holder": "user:ana", "on": "fin.po.pay", "until": END }],
        "item": [
            { "user": "ana", "item": "case-12", "on": ["fin.po.view"], "until": END },
            { "user": "ana", "item": "case-13", "on": ["fin.po.view"], "from": END },
        ],
    });
    let document = Document::from_json(&policy.to_string()).unwrap();
    let tenant = Tenant::found(&document.policy).unwrap();
    let at: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let told = |user: &str, duty: &str, resource: Resource<'_>| -> Value {
        let remedies = tenant.remedies(at, user, duty, &resource).unwrap();
        assert_eq!(remedies.search, RemedySearch::Complete);
        remedies
            .iter()
            .map(|remedy| json!(commands(remedy)))
            .collect()
    };
    let plain = Resource::default();
    let of_team = Resource {
        team: Some("north".into()),
        ..plain
    };
    let private = |item| Resource {
        private: true,
        item: Some(item),
        ..plain
    };
    let pay = |more: Value| {
        let mut row = json!({ "holder": "user:ana", "on": "fin.po.pay", "reach": "all" });
        row.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "grant": row })
    };
    let clear = json!({ "clear": { "holder": "user:ana", "on": "fin.po.pay" } });
    let give =
        |item: &str, on: &[&str]| json!({ "user": "ana", "item": item, "on": on, "until": END });
    let mut beside = give("case-12", &["fin.po.view", "fin.po.pay"]);
    beside["replace"] = json!(true);
    for (user, duty, resource, expected) in [
        (
            "ana",
            "old.book.view",
            plain,
            json!([[{ "switch-module": { "module": "old", "enabled": true } }]]),
        ),
        (
            "rob",
            "fin.po.view",
            plain,
            json!([[{ "enable": { "user": "rob" } }]]),
        ),
        (
            "ana",
            "fin.po.view",
            of_team,
            json!([
                [{ "set-team": { "user": "ana", "team": "north" } }],
                [{ "set-team": { "user": "ana", "team": "city" } }],
                [{ "set-all-teams": { "user": "ana", "all-teams": true } }],
            ]),
        ),
        (
            "ana",
            "fin.po.pay",
            plain,
            json!([[pay(json!({ "replace": true }))], [clear, pay(json!({}))]]),
        ),
        // A right that is there stays, with its end; one that is to come is not run into.
        (
            "ana",
            "fin.po.pay",
            private("case-12"),
            json!([[{ "give-item": beside }]]),
        ),
        (
            "ana",
            "fin.po.pay",
            private("case-13"),
            json!([[{ "give-item": give("case-13", &["fin.po.pay"]) }]]),
        ),
    ] {
        assert_eq!(
            told(user, duty, resource),
            expected,
            "{user} {duty} {resource:?}"
        );
    }
}
