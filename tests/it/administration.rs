//! Who may give which command: a line of the administration table names one duty, or several of which any will do.

use bailiwick::Actor;
use bailiwick::AnyOf;
use bailiwick::Command;
use bailiwick::CommandKind;
use bailiwick::DutyKey;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Refusal;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::helpdesk;
use bailiwick::policy::Duty;
use serde_json::Value;
use serde_json::json;

fn at() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A town in which these lines say who may give what.
fn town(administration: &Value) -> Value {
    json!({
        "name": "Rio Seco",
        "administration": administration,
        "duty": [{ "key": "adm.roster.add" }, { "key": "adm.roster.edit" }, { "key": "adm.desk.run" }, { "key": "fin.po.view" }],
        "scope": [{ "key": "works" }],
        "user": [{ "key": "ada" }, { "key": "eve" }, { "key": "flo" }, { "key": "nan" }, { "key": "ana" }],
        "grant": [
            { "holder": "user:ada", "on": "adm.roster.add" },
            { "holder": "user:eve", "on": "adm.roster.edit" },
            { "holder": "user:flo", "on": "adm.roster.edit", "scope": "works" },
        ],
    })
}

fn read(policy: &Value) -> Document {
    Document::from_json(&policy.to_string()).unwrap()
}

fn found(administration: &Value) -> Tenant {
    Tenant::found(&read(&town(administration)).policy).unwrap()
}

fn tried(tenant: &Tenant, by: &str, command: Value) -> Result<(), Refusal> {
    let command: Command = serde_json::from_value(command).unwrap();
    let stamp = Stamp::new(at(), Actor::new(by).unwrap());
    tenant.decide(&stamp, &command).map(drop)
}

#[test]
fn one_duty_is_written_as_one_and_several_as_a_list() {
    for (line, written) in [
        (json!("adm.roster.add"), json!("adm.roster.add")),
        (json!(["adm.roster.add"]), json!("adm.roster.add")),
        (
            json!(["adm.roster.edit", "adm.roster.add"]),
            json!(["adm.roster.edit", "adm.roster.add"]),
        ),
    ] {
        let document = read(&town(&json!({ "grant": line, "clear": "adm.desk.run" })));
        let table = json!({ "grant": written, "clear": "adm.desk.run" });
        let json: Value = serde_json::from_str(&document.to_json()).unwrap();
        assert_eq!(json["administration"], table);
        assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
        let toml = document.to_toml();
        assert_eq!(Document::from_toml(&toml).unwrap(), document, "{toml}");
    }
}

#[test]
fn the_state_of_one_duty_to_a_line_is_stored_as_before() {
    let stored = |line: Value| {
        let tenant = found(&json!({ "grant": line }));
        let stored = serde_json::to_value(&tenant).unwrap();
        let again: Tenant = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), stored);
        let grant = json!({ "grant": { "holder": "user:ana", "on": "fin.po.view" } });
        for by in ["user:ada", "user:eve", "user:nan"] {
            assert_eq!(
                tried(&again, by, grant.clone()),
                tried(&tenant, by, grant.clone())
            );
        }
        stored["model"]["administration"].clone()
    };
    assert_eq!(stored(json!("adm.roster.edit")), json!({ "grant": 1 }));
    assert_eq!(stored(json!(["adm.roster.edit"])), json!({ "grant": 1 }));
    let either = json!(["adm.roster.edit", "adm.roster.add"]);
    assert_eq!(stored(either), json!({ "grant": [1, 0] }));
}

#[test]
fn a_policy_in_rust_names_them_too() {
    let key = |key: &str| key.parse::<DutyKey>().unwrap();
    let mut policy = Policy::new(Name::new("Rio Seco").unwrap());
    for duty in ["adm.roster.add", "adm.roster.edit"] {
        policy.duties.push(Duty::new(key(duty)));
    }
    let either = AnyOf::from(key("adm.roster.add")).or(key("adm.roster.edit"));
    policy
        .administration
        .insert(CommandKind::Grant, either.clone());
    assert!(Tenant::found(&policy).is_ok());
    let wrong = |line| {
        let mut policy = policy.clone();
        policy.administration.insert(CommandKind::Clear, line);
        let mistakes = Tenant::found(&policy).unwrap_err();
        let places = mistakes.iter().map(|mistake| mistake.path.clone());
        places.collect::<Vec<_>>()
    };
    let unknown = key("adm.roster.ad");
    assert_eq!(
        wrong(AnyOf::from(unknown.clone())),
        ["administration.clear"]
    );
    assert_eq!(wrong(either.or(unknown)), ["administration.clear[2]"]);
}

#[test]
fn a_list_of_them_has_at_least_one() {
    let read = |text: &str| serde_json::from_str::<AnyOf<u16>>(text);
    assert_eq!(read("[7, 8, 7]").unwrap().as_slice(), [7, 8]);
    assert_eq!(read("[7]").unwrap(), AnyOf::from(7));
    assert!(read("[]").is_err());
}

#[test]
fn a_refusal_says_what_would_do() {
    let tenant = found(&json!({
        "add-user": ["adm.roster.add", "adm.roster.edit"],
        "disable": "adm.roster.edit",
    }));
    let told = |command: Value| {
        let refusal = tried(&tenant, "user:nan", command).unwrap_err();
        [Language::English, Language::Spanish].map(|language| refusal.localized(language))
    };
    assert_eq!(
        told(json!({ "add-user": { "key": "zoe" } })),
        [
            "`add-user` needs one of the duties `adm.roster.add`, `adm.roster.edit` here",
            "`add-user` exige aquí una de las funciones `adm.roster.add`, `adm.roster.edit`",
        ]
    );
    assert_eq!(
        told(json!({ "disable": { "user": "ana" } })),
        [
            "`disable` needs the duty `adm.roster.edit` here",
            "`disable` exige aquí la función `adm.roster.edit`",
        ]
    );
    assert_eq!(
        told(json!({ "enable": { "user": "ana" } })),
        [
            "`enable` is for the system alone",
            "`enable` solo puede hacerlo el sistema",
        ]
    );
}

#[test]
fn nobody_is_told_that_what_a_head_may_do_is_for_the_system_alone() {
    let mut policy = town(&json!({}));
    policy["department"] = json!([{ "key": "roads", "head": "eve" }]);
    let tenant = Tenant::found(&read(&policy).policy).unwrap();
    let delegate = json!({ "delegate": { "department": "roads", "to": "ana" } });
    assert_eq!(tried(&tenant, "user:eve", delegate.clone()), Ok(()));
    let refusal = tried(&tenant, "user:nan", delegate).unwrap_err();
    assert_eq!(
        [Language::English, Language::Spanish].map(|language| refusal.localized(language)),
        [
            "`delegate` is for the head of the department and the system",
            "`delegate` solo puede hacerlo la jefatura del departamento o el sistema",
        ]
    );
}

#[test]
fn whoever_has_either_is_told_as_able_to_help() {
    let able = |line: Value, scope: Option<&str>| {
        let tenant = found(&json!({ "grant": line }));
        let resource = Resource {
            scope: scope.map(Into::into),
            ..Resource::default()
        };
        let remedies = tenant.remedies(at(), "ana", "fin.po.view", &resource);
        let mut able = Vec::new();
        for remedy in remedies.unwrap() {
            if let [step] = remedy.steps.as_slice() {
                able.push(
                    step.able
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>(),
                );
            }
        }
        able
    };
    let either = json!(["adm.roster.add", "adm.roster.edit"]);
    assert_eq!(able(json!("adm.roster.add"), None), [["ada"]]);
    assert_eq!(able(either.clone(), None), [["ada", "eve"]]);
    let in_works = able(either, Some("works"));
    assert!(in_works.contains(&vec!["ada".into(), "eve".into(), "flo".into()]));
}

#[test]
fn whoever_has_either_sets_the_desks_service() {
    let tenant = found(&json!({ "set-service": ["adm.roster.add", "adm.roster.edit"] }));
    let service: helpdesk::Command =
        serde_json::from_value(json!({ "set-service": { "calendar": "always" } })).unwrap();
    let desk = helpdesk::Desk::new(helpdesk::DeskSettings::default());
    let clerk = |by: &str| {
        let by = Actor::new(by).unwrap();
        tenant.as_of(at()).clerk(&by, &desk, &service)
    };
    for by in ["system", "user:ada", "user:eve"] {
        assert!(clerk(by).is_ok(), "{by}");
    }
    for by in ["user:flo", "user:nan"] {
        let refusal = clerk(by).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "`set-service` needs one of the duties `adm.roster.add`, `adm.roster.edit` here",
            "{by}"
        );
    }
}

/// What a newcomer carries is the newcomer's: another holder is a mistake, told where it stands, not passed over.
#[test]
fn what_a_newcomer_carries_is_for_the_newcomer() {
    let mut town = town(&json!({}));
    town["ladder"] = json!([{ "object": "fin.po", "rungs": ["view"] }]);
    town["profile"] = json!([{ "key": "clerk", "grants": ["fin.po.view"] }]);
    let tenant = Tenant::found(&read(&town).policy).unwrap();
    let carried = |holder: &str| {
        json!({
            "grant": [{ "holder": holder, "on": "fin.po.view" }],
            "level": [{ "holder": holder, "on": "fin.po", "to": "view" }],
            "assign": [{ "holder": holder, "profile": "clerk" }],
        })
    };
    for list in ["grant", "level", "assign"] {
        for holder in ["user:ned", "user:ada", "user:ghost", "everyone"] {
            let mut add = json!({ "key": "ned" });
            add[list] = carried(holder)[list].clone();
            let add: Command = serde_json::from_value(json!({ "add-user": add })).unwrap();
            let stamp = Stamp::new(at(), Actor::System);
            let refused = tenant.decide(&stamp, &add).err();
            let told = refused.map(|refusal| refusal.to_string());
            let wrong = format!("`{list}[0].holder`: expected the user who is added");
            assert_eq!(told, (holder != "user:ned").then_some(wrong), "{holder}");
        }
        let mut user = json!({ "key": "ned" });
        user[list] = carried("user:ned")[list].clone();
        let mut policy = Policy::new(Name::new("Port").unwrap());
        policy.users.push(serde_json::from_value(user).unwrap());
        let mistakes = Tenant::found(&policy).unwrap_err().to_string();
        let lost = format!("user[0].{list}: unknown field `{list}`");
        assert!(mistakes.contains(&lost), "{mistakes}");
    }
}
