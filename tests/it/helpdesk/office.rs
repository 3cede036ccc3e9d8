//! A desk with its people, and everything that can be tried on one ticket.

use bailiwick::RequestId;
use bailiwick::TicketId;
use bailiwick::Timestamp;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::ClockKind;
use bailiwick::helpdesk::Command;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Event;
use bailiwick::helpdesk::Facts;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::Reading;
use bailiwick::helpdesk::Service;
use bailiwick::helpdesk::Sla;
use bailiwick::helpdesk::SlaRule;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Summary;
use bailiwick::helpdesk::Viewer;
use serde_json::Value;
use serde_json::json;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// So many seconds after the first of these tests' instants.
pub(crate) fn later(seconds: i64) -> Timestamp {
    let start = at("2026-01-05T09:00:00Z");
    Timestamp::from_unix(start.as_unix() + seconds).expect("in range")
}

/// `rita` and `ronan` report, `ada` and `abel` are agents, `sue` is a supervisor, `otto` holds nothing, `none` is
/// `system`. An agent may file too.
pub(crate) fn viewer(name: &str) -> Viewer {
    if name == "system" {
        return Viewer::system();
    }
    Viewer {
        may_file: name != "otto",
        may_work: matches!(name, "ada" | "abel" | "sue"),
        may_reopen: name == "sue",
        ..Viewer::user(name.parse().expect("a key"))
    }
}

pub(crate) fn rule(priority: Priority, respond: &str, update: &str, resolve: &str) -> SlaRule {
    let target = |text: &str| (!text.is_empty()).then(|| text.parse().expect("a duration"));
    SlaRule {
        priority,
        category: None,
        respond: target(respond),
        update: target(update),
        resolve: target(resolve),
    }
}

pub(crate) fn settings(calendar: Calendar) -> DeskSettings {
    let rules = [
        rule(Priority::Urgent, "30m", "1h", "4h"),
        rule(Priority::Normal, "2h", "4h", "8h"),
    ];
    DeskSettings {
        service: Service {
            calendar,
            sla: Sla::new(rules).expect("two rules"),
        },
        ..DeskSettings::default()
    }
}

/// A desk, its events, and the request that is undecided.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) desk: Desk,
    pub(crate) events: Vec<Event>,
    pub(crate) undecided: Option<RequestId>,
}

impl Office {
    pub(crate) fn new(settings: DeskSettings) -> Self {
        Self {
            desk: Desk::new(settings),
            events: Vec::new(),
            undecided: None,
        }
    }

    /// An always open desk on which `rita` has opened ticket 1, normal and about the network.
    pub(crate) fn with_ticket(settings: DeskSettings) -> Self {
        let mut office = Self::new(settings);
        office.open(0, "rita", Priority::Normal);
        office
    }

    pub(crate) fn open(&mut self, seconds: i64, by: &str, priority: Priority) -> TicketId {
        let command = json!({ "open-ticket": {
            "subject": "No network", "description": "The light is off", "category": Category::Network,
            "priority": priority, "reporter": (by == "system").then_some("rita"),
        } });
        self.run(seconds, by, command);
        self.events
            .last()
            .and_then(Event::ticket)
            .expect("a ticket was opened")
    }

    pub(crate) fn decide(
        &self,
        seconds: i64,
        by: &str,
        command: &Value,
    ) -> Result<Event, &'static str> {
        let command: Command = serde_json::from_value(command.clone()).expect("a command");
        self.judge(seconds, by, &command)
    }

    pub(crate) fn judge(
        &self,
        seconds: i64,
        by: &str,
        command: &Command,
    ) -> Result<Event, &'static str> {
        let may_work = |user: &bailiwick::UserKey| viewer(user.as_str()).may_work;
        let undecided = |request| self.undecided == Some(request);
        let facts = Facts {
            may_work: &may_work,
            undecided: &undecided,
        };
        self.desk
            .decide(later(seconds), &viewer(by), command, &facts)
            .map_err(|refusal| refusal.code())
    }

    /// Runs a command, and checks that the event survives being written down.
    #[track_caller]
    pub(crate) fn run(&mut self, seconds: i64, by: &str, command: Value) {
        assert_eq!(self.outcome(seconds, by, &command), "ok", "{by}: {command}");
    }

    /// Runs a command: `ok`, or the code of its refusal, after which nothing has changed.
    pub(crate) fn outcome(&mut self, seconds: i64, by: &str, command: &Value) -> &'static str {
        match self.decide(seconds, by, command) {
            Ok(event) => {
                self.desk.fits(&event).expect("a decided event fits");
                let text = serde_json::to_string(&event).expect("an event is data");
                assert_eq!(
                    serde_json::from_str::<Event>(&text).expect("and back"),
                    event
                );
                self.desk.apply(&event);
                self.events.push(event);
                "ok"
            }
            Err(code) => code,
        }
    }

    pub(crate) fn summary(&self, seconds: i64, by: &str, ticket: u32) -> Summary {
        self.desk
            .summary(&viewer(by), later(seconds), TicketId(ticket))
            .expect("a visible ticket")
    }

    /// `STATE USED due SECONDS` of a clock of ticket 1.
    pub(crate) fn clock(&self, seconds: i64, kind: ClockKind) -> String {
        let Reading { due, state, used } = self
            .desk
            .clock(&Viewer::system(), later(seconds), TicketId(1), kind)
            .expect("ticket 1");
        let due = due.map_or("none".into(), |due| {
            (due.as_unix() - later(0).as_unix()).to_string()
        });
        format!("{state} {} due {due}", used.as_seconds())
    }
}

/// Everything that can be tried on the first ticket.
pub(crate) fn commands() -> Vec<Value> {
    let mut commands = Vec::new();
    for to in Status::ALL {
        commands.push(json!({ "move": { "ticket": 1, "to": to } }));
        commands.push(
            json!({ "move": { "ticket": 1, "to": to, "reply": "Hello", "resolution": "Done" } }),
        );
    }
    commands.extend([
        json!({ "reply": { "ticket": 1, "body": "Hello" } }),
        json!({ "reply": { "ticket": 1, "body": "Away", "automatic": true } }),
        json!({ "reply": { "ticket": 1, "body": "Thanks", "no-reopen": true } }),
        json!({ "note": { "ticket": 1, "body": "Between us" } }),
        json!({ "assign-ticket": { "ticket": 1, "to": "abel" } }),
        json!({ "assign-ticket": { "ticket": 1 } }),
        json!({ "set-priority": { "ticket": 1, "priority": "urgent" } }),
        json!({ "set-category": { "ticket": 1, "category": "phone" } }),
        json!({ "attach": { "ticket": 1, "name": "a.png", "media-type": "image/png", "bytes": 1 } }),
        json!({ "reopen": { "ticket": 1, "reason": "Again" } }),
        json!({ "reopen": { "ticket": 1 } }),
        json!({ "withdraw-ticket": { "ticket": 1 } }),
        json!({ "duplicate-of": { "ticket": 1, "of": 2 } }),
        json!({ "duplicate-of": { "ticket": 1, "of": 1 } }),
        json!({ "link-request": { "ticket": 1, "request": 7 } }),
    ]);
    commands
}
