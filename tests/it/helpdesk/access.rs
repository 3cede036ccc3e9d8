//! An access ticket starts an access request and shows what became of it; the desk waits for the decision.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Needed;
use bailiwick::NotDone;
use bailiwick::NotStarted;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::TicketId;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::helpdesk;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::LinkRequest;
use bailiwick::helpdesk::Refusal;
use serde_json::json;

use super::later;

/// A tenant and its desk, as a host has them side by side.
struct Host {
    tenant: Tenant,
    desk: Desk,
}

impl Host {
    fn new() -> Self {
        let policy = json!({
            "name": "Rio Seco",
            "duty": [{ "key": "fin.funds.certify" }, { "key": "it.desk.file" }, { "key": "it.desk.work" }],
            "department": [{ "key": "finance", "head": "rosa" }],
            "user": [{ "key": "ana", "department": "finance" }, { "key": "rosa" }, { "key": "ivo" }, { "key": "otto" }],
            "grant": [
                { "holder": "user:ana", "on": "it.desk.file" },
                { "holder": "user:otto", "on": "it.desk.file" },
                { "holder": "user:ivo", "on": "it" },
            ],
            "helpdesk": { "file": "it.desk.file", "work": "it.desk.work" },
            "administration": { "provision": "it.desk.work" },
        });
        let document = Document::from_json(&policy.to_string()).expect("a document");
        Self {
            tenant: Tenant::found(&document.policy).expect("a tenant"),
            desk: Desk::new(document.desk),
        }
    }

    fn viewer(&self, user: &str, at: Timestamp) -> helpdesk::Viewer {
        let actor = Actor::new(&format!("user:{user}")).expect("an actor");
        self.tenant.as_of(at).viewer(&actor).expect("a known user")
    }

    fn at_desk(
        &mut self,
        seconds: i64,
        by: &str,
        command: &helpdesk::Command,
    ) -> Result<TicketId, &'static str> {
        let by = Actor::new(&format!("user:{by}")).expect("an actor");
        let decided = (self.tenant).decide_at_desk(&self.desk, later(seconds), &by, command);
        let event = decided.map_err(|refusal| refusal.code())?;
        self.desk.apply(&event);
        Ok(event.ticket().expect("a ticket"))
    }

    fn give(&mut self, seconds: i64, by: &str, command: &Command) -> bailiwick::Event {
        let by = Actor::new(&format!("user:{by}")).expect("an actor");
        let stamp = Stamp::new(later(seconds), by);
        self.tenant.execute(&stamp, command).expect("accepted")
    }
}

fn open(category: Category) -> helpdesk::Command {
    let command = json!({ "open-ticket": {
        "subject": "Cover for Ben in March", "description": "I shall certify while he is away",
        "category": category, "priority": "normal",
    }});
    serde_json::from_value(command).expect("a command")
}

fn read<T: serde::de::DeserializeOwned>(command: serde_json::Value) -> T {
    serde_json::from_value(command).expect("a command")
}

#[test]
fn an_access_ticket_starts_a_request_and_shows_its_state() {
    let mut host = Host::new();
    let ticket = host
        .at_desk(0, "ana", &open(Category::Access))
        .expect("opened");
    let needed = Needed {
        on: Some("fin.funds.certify".parse().expect("a target")),
        lasting: Some("30d".parse().expect("a duration")),
        ..Needed::default()
    };
    let at = later(60);
    let ana = host.viewer("ana", at);
    let request = host
        .tenant
        .as_of(at)
        .request_for(&host.desk, &ana, ticket, &needed)
        .expect("a request");
    assert_eq!(request.justification.as_str(), "Cover for Ben in March");
    assert_eq!(
        request.document.as_ref().map(ToString::to_string),
        Some("ticket 1".into())
    );
    let event = host.give(60, "ana", &Command::Request(request));
    let request = event.request().expect("the request's number");
    let link = helpdesk::Command::LinkRequest(LinkRequest {
        ticket,
        request,
        version: None,
    });
    host.at_desk(60, "ivo", &link).expect("linked");

    let shown = |host: &Host, user: &str, seconds: i64| {
        let at = later(seconds);
        let viewer = host.viewer(user, at);
        let linked = host
            .tenant
            .as_of(at)
            .requests_of(&host.desk, &viewer, ticket);
        linked.map(|linked| {
            linked
                .iter()
                .map(|request| request.state.word())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(shown(&host, "ana", 60), Ok(vec!["requested"]));
    assert_eq!(
        shown(&host, "otto", 60),
        Err(Refusal::UnknownTicket(ticket))
    );
    // The desk does not resolve what nobody has decided.
    let resolve =
        || read(json!({ "move": { "ticket": 1, "to": "resolved", "resolution": "You may" } }));
    assert_eq!(
        host.at_desk(70, "ivo", &resolve()),
        Err("undecided-request")
    );
    host.give(80, "rosa", &read(json!({ "approve": { "request": 1 } })));
    assert_eq!(shown(&host, "ana", 80), Ok(vec!["approved"]));
    assert_eq!(
        host.at_desk(85, "ivo", &resolve()),
        Err("undecided-request")
    );
    host.give(90, "ivo", &read(json!({ "provision": { "request": 1 } })));
    assert_eq!(shown(&host, "ivo", 90), Ok(vec!["provisioned"]));
    assert_eq!(host.at_desk(100, "ivo", &resolve()), Ok(ticket));
}

#[test]
fn a_ticket_about_something_else_starts_none() {
    let mut host = Host::new();
    let ticket = host
        .at_desk(0, "ana", &open(Category::Phone))
        .expect("opened");
    let at = later(60);
    let asked = |user: &str| {
        let viewer = host.viewer(user, at);
        host.tenant
            .as_of(at)
            .request_for(&host.desk, &viewer, ticket, &Needed::default())
    };
    assert_eq!(
        asked("ana"),
        Err(NotStarted::OtherCategory(Category::Phone))
    );
    assert_eq!(
        asked("otto"),
        Err(NotStarted::Desk(Refusal::UnknownTicket(ticket)))
    );
}

#[test]
fn why_no_request_is_started_is_told_in_both_languages() {
    let told = |error: &NotStarted| {
        [Language::English, Language::Spanish].map(|language| error.localized(language))
    };
    assert_eq!(
        told(&NotStarted::OtherCategory(Category::Phone)),
        [
            "a ticket about phone asks for no access",
            "una incidencia de teléfono no pide acceso"
        ]
    );
    let unknown = Refusal::UnknownTicket(TicketId(7));
    let texts = [Language::English, Language::Spanish].map(|language| unknown.localized(language));
    assert!(texts.iter().all(|text| text.contains('7')), "{texts:?}");
    assert_eq!(told(&NotStarted::Desk(unknown.clone())), texts);
    // Who refuses a command tells why: the tenant, or the desk.
    for (refused, texts) in [
        (NotDone::Desk(unknown), texts),
        (
            NotDone::Tenant(bailiwick::Refusal::LoginDisabled),
            [Language::English, Language::Spanish]
                .map(|language| bailiwick::Refusal::LoginDisabled.localized(language)),
        ),
    ] {
        let told =
            [Language::English, Language::Spanish].map(|language| refused.localized(language));
        assert_eq!(told, texts);
    }
}

#[test]
fn whoever_a_ticket_is_opened_for_or_given_to_is_known() {
    let mut host = Host::new();
    host.at_desk(0, "ana", &open(Category::Access))
        .expect("opened");
    let as_of = host.tenant.as_of(later(0));
    let open = |reporter: &str| {
        json!({ "subject": "No sound", "description": "None at all", "category": "hardware", "priority": "low",
            "reporter": reporter })
    };
    let follow = |reporter: &str| {
        let mut follow = open(reporter);
        follow["ticket"] = json!(1);
        follow
    };
    let give = |to: &str| json!({ "ticket": 1, "to": to });
    for (kind, command) in [
        ("open-ticket", &open as &dyn Fn(&str) -> serde_json::Value),
        ("follow-up", &follow),
        ("assign-ticket", &give),
    ] {
        for (user, code) in [("ana", None), ("nan", Some("unknown-user"))] {
            let command: helpdesk::Command = read(json!({ kind: command(user) }));
            let refused = |by: &Actor| as_of.clerk(by, &host.desk, &command).err();
            let code_for = |by| refused(by).map(|refusal| refusal.code());
            assert_eq!(code_for(&Actor::System), code, "{kind} {user}");
            // Of a ticket that they do not see, others are told nothing: the desk says that there is none.
            let told = if kind == "open-ticket" { code } else { None };
            let otto = Actor::new("user:otto").expect("an actor");
            assert_eq!(code_for(&otto), told, "{kind} {user} by otto");
        }
    }
    for (by, code) in [("user:ivo", Some("unknown-request")), ("user:otto", None)] {
        let link = read(json!({ "link-request": { "ticket": 1, "request": 7 } }));
        let by = Actor::new(by).expect("an actor");
        let refused = as_of.clerk(&by, &host.desk, &link).err();
        assert_eq!(refused.map(|refusal| refusal.code()), code, "{by}");
    }
}

#[test]
fn what_the_desk_still_has_in_a_leavers_name_is_found() {
    let mut host = Host::new();
    host.at_desk(0, "ana", &open(Category::Access))
        .expect("opened");
    host.at_desk(1, "otto", &open(Category::Access))
        .expect("opened");
    let assign = read(json!({ "assign-ticket": { "ticket": 2, "to": "ivo" } }));
    host.at_desk(2, "ivo", &assign).expect("assigned");
    let orphans = |host: &Host| host.tenant.as_of(later(60)).orphaned_tickets(&host.desk);
    assert_eq!(orphans(&host), [""; 0]);
    for leaver in ["ana", "ivo"] {
        let offboard = read(json!({ "offboard": { "user": leaver, "successor": "rosa" } }));
        let stamp = Stamp::new(later(30), Actor::System);
        host.tenant.execute(&stamp, &offboard).expect("accepted");
    }
    assert_eq!(
        orphans(&host),
        ["ticket user:ana 1 reporter", "ticket user:ivo 2 assignee"]
    );
    for leaver in ["ana", "ivo"] {
        let (leaver, rosa) = (
            leaver.parse().expect("a key"),
            "rosa".parse().expect("a key"),
        );
        let (handover, _) = host
            .tenant
            .as_of(later(30))
            .handover(&host.desk, &leaver, &rosa);
        let event = host
            .desk
            .apply_handover(later(30), &Actor::System, &handover);
        assert_eq!(event.at, later(30));
    }
    assert_eq!(orphans(&host), [""; 0]);
}
