//! The shipped construction company: who administers what, and who is associated with a record.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::CommandKind;
use bailiwick::Name;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::document::Names;
use bailiwick::document::Node;
use bailiwick::systems;
use bailiwick::systems::links::Link;
use bailiwick::systems::links::Links;
use serde_json::Value;
use serde_json::json;

const AT: &str = "2026-01-05T09:00:00Z";

/// Two projects; an administrator, a global project administrator, a project's own, and one who may only add there.
fn company() -> Tenant {
    let own = r#"
        name = "Harbour Works"
        catalog = "construction"
        scope = [{ key = "bridge" }, { key = "tunnel" }]
        user = [{ key = "adam" }, { key = "gus" }, { key = "mia" }, { key = "lee" }, { key = "cleo" }]
        grant = [
            { holder = "user:adam", on = "*" },
            { holder = "user:gus", on = "project-administration.register.add" },
            { holder = "user:gus", on = "project-administration.register.edit" },
            { holder = "user:mia", on = "project-administration.register.add", scope = "bridge" },
            { holder = "user:mia", on = "project-administration.register.edit", scope = "bridge" },
            { holder = "user:lee", on = "approval.authority.view-private", scope = "bridge" },
        ]
        assign = [{ holder = "user:cleo", profile = "client", scope = "bridge" }]
    "#;
    let [.., (_, administration), (_, roles)] = systems::DOCUMENTS;
    Tenant::from_toml(&[own, administration, roles].concat())
        .unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// A command as documents write it.
fn command(command: &Value) -> Command {
    let node = Node::from_json(&command.to_string()).unwrap();
    Command::from_node(&node, &Names::default()).unwrap()
}

/// What becomes of a command: `ok`, or the code of the refusal.
fn tried(by: &str, command: &Value) -> &'static str {
    let stamp = Stamp::new(AT.parse().unwrap(), Actor::new(by).unwrap());
    match company().decide(&stamp, &self::command(command)) {
        Ok(_) => "ok",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn roles_and_users_are_set_up_by_administrators_only() {
    let company = systems::construction(Name::new("Harbour Works").unwrap()).policy;
    for (kind, duties) in &company.administration {
        let expected = match kind {
            CommandKind::AddUser | CommandKind::AddScope => &["add", "edit", "admin"][..],
            _ => &["admin"],
        };
        let actions = duties.iter().map(|duty| match duty.parts() {
            ("project-administration", "register", action) => action,
            _ => panic!("{kind}: {duty}"),
        });
        assert_eq!(actions.collect::<Vec<_>>(), expected, "{kind}");
    }
    for command in [
        json!({ "define-profile": { "key": "viewer", "grants": ["lot.register.view"] } }),
        json!({ "retire-profile": { "profile": "client" } }),
        json!({ "assign": { "holder": "user:lee", "profile": "client", "scope": "bridge" } }),
        json!({ "grant": { "holder": "user:lee", "on": "lot", "scope": "bridge" } }),
        json!({ "set-login": { "user": "lee", "login": "lee" } }),
        json!({ "disable": { "user": "lee" } }),
    ] {
        for by in ["user:mia", "user:gus", "user:cleo"] {
            assert_eq!(tried(by, &command), "not-authorised", "{by} {command}");
        }
        let expected = if command.get("retire-profile").is_some() {
            "in-use"
        } else {
            "ok"
        };
        assert_eq!(tried("user:adam", &command), expected, "{command}");
    }
}

#[test]
fn inviting_is_for_the_administration_of_that_project() {
    let invite = |scopes: &[Option<&str>]| {
        let assign: Vec<Value> = scopes
            .iter()
            .map(|scope| match scope {
                Some(scope) => json!({ "profile": "client", "scope": scope }),
                None => json!({ "profile": "client" }),
            })
            .collect();
        json!({ "add-user": { "key": "ned", "assign": assign } })
    };
    for (scopes, mia, gus) in [
        (&[Some("bridge")][..], "ok", "ok"),
        (&[Some("tunnel")], "not-authorised", "ok"),
        (&[Some("bridge"), Some("tunnel")], "not-authorised", "ok"),
        (&[Some("bridge"), None], "not-authorised", "ok"),
        (&[], "not-authorised", "ok"),
    ] {
        let command = invite(scopes);
        assert_eq!(tried("user:mia", &command), mia, "mia {command}");
        assert_eq!(tried("user:gus", &command), gus, "gus {command}");
        assert_eq!(
            tried("user:cleo", &command),
            "not-authorised",
            "cleo {command}"
        );
    }
}

#[test]
fn either_adding_or_editing_lets_invite() {
    let invite = json!({ "add-user": { "key": "ned", "assign": [{ "profile": "client", "scope": "bridge" }] } });
    let project = json!({ "add-scope": { "key": "harbour" } });
    for (action, scope, invited, founded) in [
        ("add", Some("bridge"), "ok", "not-authorised"),
        ("edit", Some("bridge"), "ok", "not-authorised"),
        ("admin", Some("bridge"), "ok", "not-authorised"),
        ("view", Some("bridge"), "not-authorised", "not-authorised"),
        ("add", Some("tunnel"), "not-authorised", "not-authorised"),
        ("edit", Some("tunnel"), "not-authorised", "not-authorised"),
        ("add", None, "ok", "ok"),
        ("edit", None, "ok", "ok"),
        ("admin", None, "ok", "ok"),
        ("view", None, "not-authorised", "not-authorised"),
    ] {
        let mut company = company();
        let duty = format!("project-administration.register.{action}");
        let mut grant = json!({ "grant": { "holder": "user:lee", "on": duty } });
        if let Some(scope) = scope {
            grant["grant"]["scope"] = json!(scope);
        }
        let stamp = |by: &str| Stamp::new(AT.parse().unwrap(), Actor::new(by).unwrap());
        let grant = command(&grant);
        company.execute(&stamp("system"), &grant).unwrap();
        for (command, expected) in [(&invite, invited), (&project, founded)] {
            let becomes = company.decide(&stamp("user:lee"), &self::command(command));
            let code = becomes.map_or_else(|refusal| refusal.code(), |_| "ok");
            assert_eq!(code, expected, "{action} in {scope:?}: {command}");
        }
    }
}

#[test]
fn new_projects_are_for_who_administers_everywhere() {
    let project = json!({ "add-scope": { "key": "harbour" } });
    let folder = json!({ "add-scope": { "key": "piers", "parent": "bridge" } });
    for (by, project_becomes, folder_becomes) in [
        ("user:adam", "ok", "ok"),
        ("user:gus", "ok", "ok"),
        ("user:mia", "not-authorised", "ok"),
        ("user:cleo", "not-authorised", "not-authorised"),
    ] {
        assert_eq!(tried(by, &project), project_becomes, "{by}");
        assert_eq!(tried(by, &folder), folder_becomes, "{by}");
    }
}

#[test]
fn a_private_approval_is_asked_about_without_that_word() {
    let tenant = company();
    let asked = |private| {
        let approval = Resource {
            scope: Some("bridge".into()),
            private,
            item: private.then_some("approval-9"),
            ..Resource::default()
        };
        let as_of = tenant.as_of(AT.parse().unwrap());
        let decision = as_of.check("lee", "approval.authority.view-private", &approval);
        decision.unwrap().to_string()
    };
    assert_eq!(asked(false), "permit");
    assert_eq!(asked(true), "deny: no-item-right");
}

#[test]
fn whoever_a_record_refers_to_is_associated_with_it() {
    let cleo: &[&str] = &["omar", "cleo"];
    let none = Links::default();
    let tenant = company();
    for (links, link) in [
        (none, None),
        (
            Links {
                allocated: cleo,
                ..none
            },
            Some(Link::Allocated),
        ),
        (
            Links {
                raised_by: cleo,
                ..none
            },
            Some(Link::RaisedBy),
        ),
        (
            Links {
                addressed_to: cleo,
                ..none
            },
            Some(Link::AddressedTo),
        ),
        (
            Links {
                copied_to: cleo,
                ..none
            },
            Some(Link::CopiedTo),
        ),
        (
            Links {
                notice_to: cleo,
                ..none
            },
            Some(Link::NoticeTo),
        ),
        (
            Links {
                on_behalf_of: cleo,
                ..none
            },
            Some(Link::OnBehalfOf),
        ),
        (
            Links {
                copied_to: cleo,
                allocated: &["cleo"],
                ..none
            },
            Some(Link::Allocated),
        ),
        (
            Links {
                allocated: &["cle", "cleopatra"],
                ..none
            },
            None,
        ),
    ] {
        assert_eq!(links.link("cleo"), link);
        assert_eq!(links.associates("cleo"), link.is_some());
        let approval = Resource {
            scope: Some("bridge".into()),
            associated: links.associates("cleo"),
            ..Resource::default()
        };
        let as_of = tenant.as_of(AT.parse().unwrap());
        let decision = as_of
            .check("cleo", "approval.hpwp.collaborate", &approval)
            .unwrap();
        assert_eq!(decision.is_permit(), link.is_some(), "{link:?}");
    }
}
