//! The transition table: the match and the data say the same, and each row does what it says.

use super::Office;
use super::settings;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Cause;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Outcome;
use bailiwick::helpdesk::ROWS;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Step;
use bailiwick::helpdesk::markdown_table;
use bailiwick::helpdesk::mermaid_diagram;
use bailiwick::helpdesk::step;
use serde_json::Value;
use serde_json::json;

#[test]
fn the_match_and_the_table_agree() {
    for from in Status::ALL {
        for cause in Cause::ALL {
            let rows: Vec<Step> = ROWS
                .iter()
                .filter(|row| row.from.contains(from) && row.causes.contains(cause))
                .map(|row| Step {
                    row: row.number,
                    to: row.to,
                })
                .collect();
            assert_eq!(
                step(*from, *cause).into_iter().collect::<Vec<_>>(),
                rows,
                "{from} {cause:?}"
            );
        }
    }
    let numbers: Vec<u8> = ROWS.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
}

/// A ticket that was brought to a status, an hour after it was opened at the latest.
fn brought_to(status: Status) -> Office {
    let mut office = Office::with_ticket(settings(Calendar::always()));
    let to = |to: Status| json!({ "move": { "ticket": 1, "to": to } });
    match status {
        Status::Open => {}
        Status::Triaged => office.run(600, "ada", to(Status::Triaged)),
        Status::InProgress => office.run(600, "ada", to(Status::InProgress)),
        Status::WaitingOnUser => office.run(600, "ada", waiting()),
        Status::Resolved => office.run(600, "ada", resolved()),
        Status::Closed => {
            office.run(600, "ada", resolved());
            office.run(700, "rita", to(Status::Closed));
        }
    }
    office
}

fn waiting() -> Value {
    json!({ "move": { "ticket": 1, "to": "waiting-on-user", "reply": "Which cable?" } })
}

fn resolved() -> Value {
    json!({ "move": { "ticket": 1, "to": "resolved", "resolution": "Plugged it in" } })
}

fn moved(to: &str) -> Value {
    json!({ "move": { "ticket": 1, "to": to } })
}

fn reply() -> Value {
    json!({ "reply": { "ticket": 1, "body": "Hello" } })
}

fn automatic() -> Value {
    json!({ "reply": { "ticket": 1, "body": "I am away", "automatic": true } })
}

fn quiet() -> Value {
    json!({ "reply": { "ticket": 1, "body": "Thank you", "no-reopen": true } })
}

fn reopen() -> Value {
    json!({ "reopen": { "ticket": 1, "reason": "It is off again" } })
}

fn withdraw() -> Value {
    json!({ "withdraw-ticket": { "ticket": 1 } })
}

#[test]
fn every_step_leads_where_the_table_says() {
    use Status::Closed;
    use Status::InProgress;
    use Status::Open;
    use Status::Resolved;
    use Status::Triaged;
    use Status::WaitingOnUser;
    #[rustfmt::skip]
    let table: &[(Status, &str, Value, Result<Status, &str>)] = &[
        (Open, "ada", moved("triaged"), Ok(Triaged)),
        (Open, "rita", moved("triaged"), Err("not-allowed")),
        (Open, "otto", moved("triaged"), Err("unknown-ticket")),
        (Open, "ronan", moved("triaged"), Err("unknown-ticket")),
        (Open, "system", moved("triaged"), Ok(Triaged)),
        (Open, "ada", moved("open"), Err("no-such-step")),
        (Open, "ada", moved("closed"), Err("no-such-step")),
        (Open, "ada", moved("in-progress"), Ok(InProgress)),
        (Open, "system", moved("in-progress"), Ok(InProgress)),
        (Triaged, "ada", moved("in-progress"), Ok(InProgress)),
        (Triaged, "ada", moved("triaged"), Err("no-such-step")),
        (Open, "ada", reply(), Ok(InProgress)),
        (Triaged, "ada", reply(), Ok(InProgress)),
        (Open, "rita", reply(), Ok(Open)),
        (Open, "system", reply(), Ok(Open)),
        (InProgress, "ada", moved("triaged"), Ok(Triaged)),
        (InProgress, "ada", moved("waiting-on-user"), Err("needs-reply")),
        (InProgress, "ada", waiting(), Ok(WaitingOnUser)),
        (Open, "ada", waiting(), Ok(WaitingOnUser)),
        (WaitingOnUser, "ada", waiting(), Err("no-such-step")),
        (WaitingOnUser, "rita", reply(), Ok(InProgress)),
        (WaitingOnUser, "rita", automatic(), Ok(WaitingOnUser)),
        (WaitingOnUser, "rita", quiet(), Ok(InProgress)),
        (WaitingOnUser, "ada", reply(), Ok(WaitingOnUser)),
        (WaitingOnUser, "ada", moved("in-progress"), Ok(InProgress)),
        (WaitingOnUser, "ada", moved("triaged"), Err("no-such-step")),
        (WaitingOnUser, "ada", resolved(), Ok(Resolved)),
        (Open, "ada", resolved(), Ok(Resolved)),
        (Open, "ada", moved("resolved"), Err("needs-resolution")),
        (Open, "rita", moved("resolved"), Err("not-allowed")),
        (Open, "rita", withdraw(), Ok(Resolved)),
        (Triaged, "rita", withdraw(), Ok(Resolved)),
        (Open, "ada", withdraw(), Err("not-allowed")),
        (InProgress, "rita", withdraw(), Err("no-such-step")),
        (Resolved, "rita", reply(), Ok(InProgress)),
        (Resolved, "rita", automatic(), Ok(Resolved)),
        (Resolved, "rita", quiet(), Ok(Resolved)),
        (Resolved, "ada", reply(), Ok(Resolved)),
        (Resolved, "rita", reopen(), Ok(InProgress)),
        (Resolved, "ada", reopen(), Ok(InProgress)),
        (Resolved, "ada", moved("in-progress"), Err("no-such-step")),
        (Resolved, "rita", moved("closed"), Ok(Closed)),
        (Resolved, "ada", moved("closed"), Ok(Closed)),
        (Open, "ada", reopen(), Err("no-such-step")),
        (Closed, "sue", reopen(), Ok(InProgress)),
        (Closed, "ada", reopen(), Err("not-allowed")),
        (Closed, "rita", reopen(), Err("not-allowed")),
        (Closed, "rita", reply(), Err("follow-up-instead")),
        (Closed, "ada", reply(), Err("ticket-closed")),
        (Closed, "system", reply(), Err("ticket-closed")),
        (Closed, "ada", moved("closed"), Err("ticket-closed")),
        (Closed, "rita", withdraw(), Err("ticket-closed")),
    ];
    for (from, by, command, expected) in table {
        let mut office = brought_to(*from);
        let before = office.desk.clone();
        let outcome = office.outcome(3_600, by, command);
        let status = office.summary(3_600, "system", 1).status;
        match expected {
            Ok(wanted) => assert_eq!((outcome, status), ("ok", *wanted), "{from} {by} {command}"),
            Err(code) => {
                assert_eq!(outcome, *code, "{from} {by} {command}");
                assert_eq!(office.desk, before, "{from} {by} {command}");
            }
        }
    }
}

#[test]
fn only_beginning_the_work_assigns() {
    let assignee = |command: Value, by: &str| {
        let mut office = brought_to(Status::Open);
        office.run(3_600, by, command);
        let assignee = office.summary(3_600, "system", 1).assignee;
        assignee.map(|user| user.to_string())
    };
    assert_eq!(
        assignee(moved("in-progress"), "ada").as_deref(),
        Some("ada")
    );
    assert_eq!(assignee(moved("in-progress"), "system"), None);
    assert_eq!(assignee(reply(), "ada"), None);
    assert_eq!(assignee(waiting(), "ada"), None);
    let mut office = brought_to(Status::Open);
    office.run(
        10,
        "ada",
        json!({ "assign-ticket": { "ticket": 1, "to": "abel" } }),
    );
    office.run(20, "ada", moved("in-progress"));
    assert_eq!(
        office.summary(20, "system", 1).assignee,
        Some("abel".parse().unwrap())
    );
}

#[test]
fn waiting_gives_up_and_resolved_closes_by_themselves() {
    let mut office = Office::with_ticket(DeskSettings {
        give_up: Some("14d".parse().unwrap()),
        ..settings(Calendar::always())
    });
    office.run(600, "ada", waiting());
    let (give_up, close) = (600 + 14 * 86_400, 600 + 19 * 86_400);
    let status = |seconds| office.summary(seconds, "system", 1).status;
    assert_eq!(status(give_up - 1), Status::WaitingOnUser);
    assert_eq!(status(give_up), Status::Resolved);
    assert_eq!(status(close - 1), Status::Resolved);
    assert_eq!(status(close), Status::Closed);
    let summary = office.summary(close, "system", 1);
    assert_eq!(summary.outcome, Some(Outcome::GivenUp));
    assert_eq!(summary.version, 2);
    // The work ended when the waiting began.
    assert_eq!(summary.resolve.used.as_seconds(), 600);
    let fallen = office
        .desk
        .advance(super::later(give_up), super::later(close));
    assert_eq!(
        fallen,
        [(super::later(close), bailiwick::TicketId(1), Status::Closed)]
    );
    // A command finds it applied, and what it wrote down is still listed.
    assert_eq!(
        office.outcome(close, "ada", &moved("in-progress")),
        "ticket-closed"
    );
    office.run(close, "sue", reopen());
    let fallen = office.desk.advance(super::later(0), super::later(close));
    assert_eq!(fallen.len(), 2);
    assert_eq!(office.summary(close, "system", 1).reopened, 1);
}

#[test]
fn reopening_has_its_time() {
    let until = 700 + 30 * 86_400;
    let mut office = brought_to(Status::Closed);
    assert_eq!(office.outcome(until, "sue", &reopen()), "too-late");
    assert_eq!(office.outcome(until - 1, "sue", &reopen()), "ok");
}

#[test]
fn a_duplicate_sends_replies_on_until_it_is_reopened() {
    let mut office = brought_to(Status::Open);
    let normal = bailiwick::helpdesk::Priority::Normal;
    office.open(10, "rita", normal);
    office.open(10, "ronan", normal);
    let of = |ticket: u32, of: u32| json!({ "duplicate-of": { "ticket": ticket, "of": of } });
    assert_eq!(office.outcome(20, "ada", &of(1, 1)), "same-ticket");
    assert_eq!(office.outcome(20, "ada", &of(1, 3)), "other-reporter");
    assert_eq!(office.outcome(20, "ada", &of(1, 9)), "unknown-ticket");
    assert_eq!(office.outcome(20, "rita", &of(1, 2)), "not-allowed");
    office.run(20, "ada", of(1, 2));
    assert_eq!(office.outcome(30, "ada", &of(2, 1)), "ticket-closed");
    let summary = office.summary(30, "rita", 1);
    assert_eq!(
        (summary.status, summary.outcome),
        (Status::Closed, Some(Outcome::Duplicate))
    );
    assert_eq!(summary.resolve.state.word(), "off");
    office.run(40, "rita", reply());
    let (duplicate, other) = (
        office.summary(40, "system", 1),
        office.summary(40, "system", 2),
    );
    assert_eq!((duplicate.replies, duplicate.version), (0, 2));
    assert_eq!((other.replies, other.version), (1, 2));
    office.run(50, "sue", reopen());
    office.run(60, "rita", reply());
    assert_eq!(office.summary(60, "system", 1).replies, 1);
    assert_eq!(office.summary(60, "system", 1).outcome, None);
}

#[test]
fn the_table_as_text() {
    let table = markdown_table();
    // The guide shows this very table.
    let guide = include_str!("../../../src/guide/helpdesk.rs");
    let shown = guide.lines().filter_map(|line| line.strip_prefix("//! |"));
    assert_eq!(
        shown.map(|line| format!("|{line}\n")).collect::<String>(),
        table
    );
    assert_eq!(table.lines().count(), 2 + 15);
    let diagram = mermaid_diagram();
    let drawn = guide
        .lines()
        .skip_while(|line| *line != "//! ```mermaid")
        .skip(1);
    let drawn = drawn.take_while(|line| *line != "//! ```");
    let drawn = drawn.filter_map(|line| line.strip_prefix("//! "));
    assert_eq!(
        drawn.collect::<Vec<_>>(),
        diagram.lines().collect::<Vec<_>>()
    );
    insta::assert_snapshot!(table.lines().nth(13).unwrap(), @"| 12 | resolved | in-progress | reporter, agent | a reply not marked automatic or no-reopen, or a reason | resolve runs on, the time since resolving left out |");
    assert!(
        diagram.contains("    waiting_on_user --> resolved: 9 the passing of time\n"),
        "{diagram}"
    );
    assert_eq!(
        diagram.lines().count(),
        1 + 1 + ROWS.iter().map(|row| row.from.len()).sum::<usize>()
    );
}
