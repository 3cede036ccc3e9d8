//! All of a small world: every state that a ticket can reach, times every command, by everybody.

use super::Office;
use super::later;
use super::office::commands;
use super::settings;
use super::viewer;
use bailiwick::RequestId;
use bailiwick::TicketId;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Command;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Status;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;
use std::collections::VecDeque;

/// What tells one state from another, counts and instants left aside.
fn outline(office: &Office, now: i64) -> String {
    let ticket = office.summary(now, "system", 1);
    let linked = office
        .events
        .iter()
        .any(|event| event.command() == "link-request");
    format!(
        "{} {:?} {:?} {} {} {} {linked} {}",
        ticket.status,
        ticket.outcome,
        ticket.assignee,
        ticket.respond.state,
        ticket.update.state,
        ticket.resolve.state,
        // Whether waiting would want a reply first.
        office
            .decide(
                now,
                "ada",
                &json!({ "move": { "ticket": 1, "to": "waiting-on-user" } })
            )
            .is_ok(),
    )
}

/// What holds of every accepted command.
fn check(before: &Office, after: &Office, now: i64, by: &str, command: &Value) {
    let ticket = TicketId(1);
    let steps = before.desk.steps(&viewer(by), later(now), ticket);
    let steps = steps.unwrap_or_else(|_| panic!("{by} acts on what they do not see: {command}"));
    let versions =
        |office: &Office| [1, 2].map(|ticket| office.summary(now, "system", ticket).version);
    let sum = |office: &Office| versions(office).iter().sum::<u32>();
    assert_eq!(sum(after), sum(before) + 1, "{by} {command}");
    let (was, is) = (
        before.summary(now, "system", 1),
        after.summary(now, "system", 1),
    );
    if was.status != is.status && command.get("reply").is_none() {
        let possible = steps.iter().any(|next| next.step.to == is.status);
        assert!(possible, "{by} {command}: {steps:?}");
    }
    if was.status == Status::Closed && is.status != Status::Closed {
        let supervisor = matches!(by, "sue" | "system");
        assert!(
            command.get("reopen").is_some() && supervisor,
            "{by} {command}"
        );
    }
    // A name comes to the ticket by row 3 or by assigning, and by nothing else.
    if was.assignee != is.assignee {
        let begun = is.status == Status::InProgress && was.assignee.is_none();
        assert!(
            command.get("assign-ticket").is_some() || begun,
            "{by} {command}"
        );
    }
}

#[test]
fn every_reachable_state_times_every_command() {
    let mut start = Office::new(DeskSettings {
        give_up: Some("3h".parse().unwrap()),
        close_after: "3h".parse().unwrap(),
        reopen_within: "9h".parse().unwrap(),
        ..settings(Calendar::always())
    });
    start.open(0, "rita", bailiwick::helpdesk::Priority::Normal);
    start.open(0, "rita", bailiwick::helpdesk::Priority::Normal);
    start.undecided = Some(RequestId(7));
    let commands: Vec<(Value, Command)> = commands()
        .into_iter()
        .map(|value| {
            let command = serde_json::from_value(value.clone()).expect("a command");
            (value, command)
        })
        .collect();
    let known = [
        "unknown-ticket",
        "ticket-closed",
        "follow-up-instead",
        "no-such-step",
        "not-allowed",
        "needs-reply",
        "needs-resolution",
        "needs-reason",
        "undecided-request",
        "too-late",
        "same-ticket",
    ];
    let mut reached = BTreeSet::from([outline(&start, 0)]);
    let mut queue = VecDeque::from([(start, 0_i64)]);
    let (mut accepted, mut refused) = (0, 0);
    let mut codes = BTreeSet::new();
    while let Some((office, before)) = queue.pop_front() {
        // Soon, and after all that waits has fallen due.
        for now in [before + 3_600, before + 13 * 3_600] {
            for by in ["system", "ada", "sue", "rita", "ronan", "otto"] {
                let unchanged = office.clone();
                for (command, typed) in &commands {
                    let event = match unchanged.judge(now, by, typed) {
                        Ok(event) => event,
                        Err(code) => {
                            refused += 1;
                            assert!(known.contains(&code), "{code}");
                            codes.insert(code);
                            continue;
                        }
                    };
                    accepted += 1;
                    let mut next = office.clone();
                    next.desk.fits(&event).expect("a decided event fits");
                    next.desk.apply(&event);
                    next.events.push(event);
                    check(&office, &next, now, by, command);
                    if reached.insert(outline(&next, now)) {
                        queue.push_back((next, now));
                    }
                }
                assert_eq!(unchanged.desk, office.desk, "refusals change nothing");
            }
        }
    }
    assert!(
        reached.len() > 100 && accepted > 1_000 && refused > 1_000,
        "{} {accepted} {refused}",
        reached.len()
    );
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), {
        let mut known = known;
        known.sort_unstable();
        known
    });
}
