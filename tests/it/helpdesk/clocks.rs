//! Clocks: edges by the second, and laws at random.

use super::Office;
use super::at;
use super::later;
use super::rule;
use super::settings;
use super::viewer;
use bailiwick::TicketId;
use bailiwick::Timestamp;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::ClockKind::Resolve;
use bailiwick::helpdesk::ClockKind::Respond;
use bailiwick::helpdesk::ClockKind::Update;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Hours;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::Service;
use bailiwick::helpdesk::Sla;
use bailiwick::helpdesk::SlaRule;
use bailiwick::helpdesk::Weekday;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;

/// A desk open from eight to twelve and from one to five, Chicago time, on weekdays.
fn chicago() -> Calendar {
    let mut hours = Hours::default();
    for day in Weekday::ALL.iter().take(5) {
        let spans = ["08:00-12:00", "13:00-17:00"].map(|span| span.parse().unwrap());
        hours.days.insert(*day, spans.into());
    }
    Calendar::new("America/Chicago", hours).unwrap()
}

fn office() -> Office {
    Office::with_ticket(settings(Calendar::always()))
}

fn wait() -> Value {
    json!({ "move": { "ticket": 1, "to": "waiting-on-user", "reply": "Which cable?" } })
}

fn resolve() -> Value {
    json!({ "move": { "ticket": 1, "to": "resolved", "resolution": "Plugged it in" } })
}

fn reply() -> Value {
    json!({ "reply": { "ticket": 1, "body": "Hello" } })
}

fn reopen() -> Value {
    json!({ "reopen": { "ticket": 1, "reason": "It is off again" } })
}

fn work() -> Value {
    json!({ "move": { "ticket": 1, "to": "in-progress" } })
}

#[test]
fn a_clock_runs_is_at_risk_and_is_overdue_one_second_after_due() {
    let office = office();
    let respond = |seconds| office.clock(seconds, Respond);
    assert_eq!(respond(0), "running 0 due 7200");
    assert_eq!(respond(5_759), "running 5759 due 7200");
    assert_eq!(respond(5_760), "at-risk 5760 due 7200");
    assert_eq!(respond(7_200), "at-risk 7200 due 7200");
    assert_eq!(respond(7_201), "overdue 7201 due 7200");
    // No message has been left unanswered yet.
    assert_eq!(office.clock(7_201, Update), "off 0 due none");
}

#[test]
fn met_at_due_is_in_time_and_a_second_later_is_missed() {
    for (seconds, expected) in [
        (7_200, "met 7200 due none"),
        (7_201, "missed 7201 due none"),
    ] {
        let mut office = office();
        office.run(seconds, "ada", reply());
        assert_eq!(office.clock(seconds + 5, Respond), expected);
    }
}

#[test]
fn replying_and_waiting_is_one_instant() {
    let mut office = office();
    office.run(HOUR, "ada", wait());
    assert_eq!(office.clock(2 * HOUR, Respond), "met 3600 due none");
    assert_eq!(office.clock(2 * HOUR, Resolve), "paused 3600 due none");
    office.run(3 * HOUR, "rita", reply());
    // Two hours of waiting are left out; the answer is due four hours after the message.
    assert_eq!(office.clock(3 * HOUR, Resolve), "running 3600 due 36000");
    assert_eq!(office.clock(3 * HOUR, Update), "running 0 due 25200");
    office.run(4 * HOUR, "ada", reply());
    assert_eq!(office.clock(5 * HOUR, Update), "met 3600 due none");
    office.run(6 * HOUR, "rita", reply());
    assert_eq!(office.clock(6 * HOUR, Update), "running 0 due 36000");
}

#[test]
fn who_writes_decides_what_is_met() {
    // Nothing that `system` writes meets a clock, and an agent earns no response on a ticket of their own.
    let mut office = office();
    office.run(10, "system", reply());
    assert_eq!(office.clock(20, Respond), "running 20 due 7200");
    let mut office = Office::new(settings(Calendar::always()));
    office.open(0, "ada", Priority::Normal);
    office.run(10, "ada", reply());
    assert_eq!(office.clock(20, Respond), "running 20 due 7200");
    assert_eq!(office.outcome(20, "ada", &wait()), "needs-reply");
    office.run(30, "abel", reply());
    assert_eq!(office.clock(40, Respond), "met 30 due none");
    // The second message waits on the answer to the first.
    office.run(50, "ada", reply());
    office.run(60, "ada", reply());
    assert_eq!(
        office.clock(60, Update),
        format!("running 10 due {}", 50 + 4 * HOUR)
    );
}

#[test]
fn automatic_and_quiet_messages_start_no_update() {
    for mark in ["automatic", "no-reopen"] {
        let mut office = office();
        office.run(10, "ada", reply());
        office.run(
            20,
            "rita",
            json!({ "reply": { "ticket": 1, "body": "Thank you", mark: true } }),
        );
        assert_eq!(office.clock(30, Update), "off 0 due none");
    }
}

#[test]
fn what_was_overdue_stays_so_while_it_waits() {
    let due = 8 * HOUR;
    for (seconds, expected) in [
        (due, "paused 28800 due none"),
        // One second counts.
        (due + 1, "overdue 28801 due none"),
        (due + 2, "overdue 28802 due none"),
    ] {
        let mut office = office();
        office.run(seconds, "ada", wait());
        assert_eq!(office.clock(seconds + HOUR, Resolve), expected);
        // Back in work it runs on, after due.
        office.run(seconds + 2 * HOUR, "ada", work());
        let clock = office.clock(seconds + 2 * HOUR, Resolve);
        assert_eq!(clock, format!("overdue {seconds} due 28800"));
    }
}

#[test]
fn reopening_leaves_the_time_since_resolving_out() {
    let mut office = office();
    office.run(HOUR, "ada", resolve());
    assert_eq!(office.clock(2 * HOUR, Respond), "met 3600 due none");
    assert_eq!(office.clock(2 * HOUR, Resolve), "met 3600 due none");
    office.run(5 * HOUR, "rita", reopen());
    assert_eq!(office.clock(6 * HOUR, Resolve), "running 7200 due 43200");
    assert_eq!(office.clock(6 * HOUR, Respond), "met 3600 due none");
    office.run(12 * HOUR + 1, "ada", resolve());
    assert_eq!(office.clock(20 * HOUR, Resolve), "missed 28801 due none");
}

#[test]
fn withdrawn_and_duplicate_tickets_have_no_clocks_until_reopened() {
    let mut office = office();
    office.run(HOUR, "rita", json!({ "withdraw-ticket": { "ticket": 1 } }));
    for kind in [Respond, Update, Resolve] {
        assert_eq!(office.clock(2 * HOUR, kind), "off 0 due none");
    }
    office.run(3 * HOUR, "rita", reopen());
    assert_eq!(office.clock(3 * HOUR, Resolve), "running 3600 due 36000");
    // Responding never pauses.
    assert_eq!(office.clock(3 * HOUR, Respond), "overdue 10800 due 7200");
}

#[test]
fn a_change_recomputes_what_runs_and_leaves_what_ended() {
    let mut office = office();
    office.run(HOUR, "ada", reply());
    let urgent = json!({ "set-priority": { "ticket": 1, "priority": "urgent" } });
    office.run(5 * HOUR, "ada", urgent);
    // Responding took an hour of two then; half an hour would have been asked now.
    assert_eq!(office.clock(6 * HOUR, Respond), "met 3600 due none");
    assert_eq!(office.clock(6 * HOUR, Resolve), "overdue 21600 due 14400");
    let event = serde_json::to_value(office.events.last().unwrap()).unwrap();
    let made = &event["change"]["ticket"]["what"]["priority-set"]["made-overdue"];
    assert_eq!(*made, json!(["resolve"]));
    // A priority without a rule has no clock; one that ended keeps its verdict.
    office.run(
        6 * HOUR,
        "ada",
        json!({ "set-priority": { "ticket": 1, "priority": "low" } }),
    );
    assert_eq!(office.clock(6 * HOUR, Resolve), "off 0 due none");
    assert_eq!(office.clock(6 * HOUR, Respond), "met 3600 due none");
}

#[test]
fn another_service_counts_for_every_ticket_from_then_on() {
    let mut office = office();
    office.open(0, "ronan", Priority::Urgent);
    office.run(HOUR, "ada", reply());
    let strict = Sla::new([
        rule(Priority::Normal, "10m", "", "2h"),
        SlaRule {
            category: Some(Category::Network),
            ..rule(Priority::Urgent, "", "", "1d")
        },
    ]);
    office.run(
        3 * HOUR,
        "system",
        json!({ "set-service": { "sla": strict.unwrap() } }),
    );
    assert_eq!(office.clock(3 * HOUR, Respond), "met 3600 due none");
    assert_eq!(office.clock(3 * HOUR, Resolve), "overdue 10800 due 7200");
    let event = serde_json::to_value(office.events.last().unwrap()).unwrap();
    assert_eq!(
        event["change"]["service-set"]["made-overdue"],
        json!([[1, "resolve"]])
    );
    // Ticket 2 has the rule of its category, which promises no response.
    let second = office.summary(3 * HOUR, "system", 2);
    assert_eq!(
        (second.respond.state.word(), second.resolve.state.word()),
        ("off", "running")
    );
    let tiles = office.desk.tiles(&viewer("ada"), later(3 * HOUR));
    assert_eq!((tiles.open, tiles.sla_overdue), (2, 1));
    let calendar =
        json!({ "zone": "America/Chicago", "days": { "mon": ["08:00-12:00", "13:00-17:00"] } });
    office.run(
        3 * HOUR,
        "system",
        json!({ "set-service": { "calendar": calendar } }),
    );
    // 09:00Z is three in the morning there: nothing had been used by eight.
    assert_eq!(office.clock(5 * HOUR, Resolve), "running 0 due 25200");
}

#[test]
fn a_calendar_leaves_nights_out_and_ends_at_closing() {
    // Monday 09:00Z is 03:00 local: eight hours of work end at five, and not the next morning.
    let mut office = Office::with_ticket(settings(chicago()));
    assert_eq!(
        office.clock(0, Resolve),
        format!("running 0 due {}", 14 * HOUR)
    );
    assert_eq!(
        office.clock(14 * HOUR, Resolve),
        format!("at-risk 28800 due {}", 14 * HOUR)
    );
    // Closed, and still a second too late.
    assert_eq!(
        office.clock(14 * HOUR + 1, Resolve),
        format!("overdue 28800 due {}", 14 * HOUR)
    );
    assert_eq!(
        office.clock(0, Respond),
        format!("running 0 due {}", 7 * HOUR)
    );
    // Waiting over lunch changes nothing; waiting for an hour of work moves due to the next morning.
    office.run(9 * HOUR, "ada", wait());
    office.run(10 * HOUR, "ada", work());
    assert_eq!(
        office.clock(10 * HOUR, Resolve),
        format!("running 14400 due {}", 14 * HOUR)
    );
    office.run(11 * HOUR, "ada", wait());
    office.run(12 * HOUR, "ada", work());
    assert_eq!(
        office.clock(12 * HOUR, Resolve),
        format!("running 18000 due {}", 30 * HOUR)
    );
    let explained = office
        .desk
        .explain_due(&viewer("ada"), later(12 * HOUR), TicketId(1), Resolve)
        .unwrap()
        .unwrap();
    let counted: Vec<i64> = explained
        .counted
        .iter()
        .map(|(from, to)| to.as_unix() - from.as_unix())
        .collect();
    assert_eq!(counted, [4 * HOUR, HOUR, 2 * HOUR, HOUR]);
    assert_eq!(explained.paused.len(), 2);
    assert_eq!(explained.due, Some(later(30 * HOUR)));
}

#[test]
fn nothing_is_due_after_ten_years() {
    let mut hours = Hours::default();
    hours.special.insert(
        "2030-01-01".parse().unwrap(),
        vec!["08:00-09:00".parse().unwrap()],
    );
    let office = Office::with_ticket(settings(Calendar::new("UTC", hours).unwrap()));
    let seconds = at("2040-01-01T00:00:00Z").as_unix() - later(0).as_unix();
    assert_eq!(office.clock(seconds, Resolve), "running 3600 due none");
}

#[test]
fn system_resolves_without_meeting_a_response() {
    let mut office = office();
    office.run(HOUR, "system", resolve());
    assert_eq!(office.clock(2 * HOUR, Resolve), "met 3600 due none");
    assert_eq!(office.clock(HOUR, Respond), "running 3600 due 7200");
}

/// Steps that a ticket takes at random, each after so many minutes.
fn courses() -> impl Strategy<Value = Vec<(i64, u8)>> {
    prop::collection::vec((0..3_000_i64, 0..6_u8), 0..12)
}

fn play(office: &mut Office, course: &[(i64, u8)]) -> i64 {
    let mut now = 0;
    for (minutes, kind) in course {
        now += minutes * MINUTE;
        let (by, command) = match kind {
            0 => ("ada", wait()),
            1 => ("rita", reply()),
            2 => ("ada", work()),
            3 => ("ada", resolve()),
            4 => ("rita", reopen()),
            _ => ("ada", reply()),
        };
        office.outcome(now, by, &command);
    }
    now
}

fn calendars() -> impl Strategy<Value = Calendar> {
    prop_oneof![Just(Calendar::always()), Just(chicago())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn worked_adds_up(calendar in calendars(), a in 0..40_000_i64, b in 0..40_000_i64, c in 0..40_000_i64) {
        let mut instants = [a, b, c];
        instants.sort_unstable();
        let [a, b, c] = instants.map(|minutes| later(minutes * MINUTE));
        let worked = |from: Timestamp, to: Timestamp| calendar.worked(from, to).as_seconds();
        prop_assert_eq!(worked(a, b) + worked(b, c), worked(a, c));
        // Reversed, there is nothing between them.
        prop_assert_eq!(worked(c, a), 0);
    }

    #[test]
    fn due_is_where_the_target_is_used_up(calendar in calendars(), course in courses()) {
        let mut office = Office::with_ticket(settings(calendar.clone()));
        let now = play(&mut office, &course);
        for kind in [Respond, Update, Resolve] {
            let reading = office.desk.clock(&viewer("ada"), later(now), TicketId(1), kind).unwrap();
            let Some(due) = reading.due else { continue };
            let explained = office.desk
                .explain_due(&viewer("ada"), later(now), TicketId(1), kind).unwrap().unwrap();
            prop_assert_eq!(explained.due, Some(due));
            let counted: u64 = explained.counted.iter()
                .map(|(from, to)| calendar.worked(*from, *to).as_seconds()).sum();
            prop_assert_eq!(counted, explained.target.as_seconds());
            prop_assert_eq!(explained.counted.last().map(|(_, to)| *to), Some(due));
            // Calendar and pauses counted apart give the same.
            let open = calendar.worked(explained.start, due).as_seconds();
            let paused: u64 = explained.paused.iter()
                .map(|(from, to)| calendar.worked((*from).max(explained.start), to.unwrap_or(due).min(due)).as_seconds())
                .sum();
            prop_assert_eq!(open - paused, counted);
        }
    }

    #[test]
    fn always_open_due_is_start_and_target(course in courses()) {
        let mut office = Office::with_ticket(settings(Calendar::always()));
        let now = play(&mut office, &course);
        for kind in [Respond, Update, Resolve] {
            let explained = office.desk.explain_due(&viewer("ada"), later(now), TicketId(1), kind).unwrap();
            let Some(explained) = explained.filter(|explained| explained.paused.is_empty()) else { continue };
            let due = office.desk.clock(&viewer("ada"), later(now), TicketId(1), kind).unwrap().due;
            if due.is_some() {
                prop_assert_eq!(explained.start.checked_add(explained.target), due);
            }
        }
    }

    /// The desk closes at five in the afternoon, fourteen hours after these tests' first instant, and opens fifteen
    /// hours later.
    #[test]
    fn a_pause_in_closed_hours_changes_nothing(begins in 0..900_i64, lasts in 0..900_i64, night in 0..4_i64) {
        let mut office = Office::with_ticket(settings(chicago()));
        office.outcome(0, "ada", &reply());
        let mut paused = office.clone();
        let closing = (14 + 24 * night) * HOUR;
        let opening = closing + 15 * HOUR;
        let from = closing + begins * MINUTE;
        let until = (from + lasts * MINUTE).min(opening);
        prop_assert_eq!(paused.outcome(from, "ada", &wait()), "ok");
        prop_assert_eq!(paused.outcome(until, "ada", &work()), "ok");
        prop_assert_eq!(paused.clock(until, Resolve), office.clock(until, Resolve));
        prop_assert_eq!(paused.clock(opening + HOUR, Resolve), office.clock(opening + HOUR, Resolve));
    }

    #[test]
    fn a_pause_never_brings_due_forward(calendar in calendars(), course in courses(), from in 0..900_i64, length in 0..5_000_i64) {
        let mut office = Office::with_ticket(settings(calendar.clone()));
        let now = play(&mut office, &course) + from * MINUTE;
        let due = |office: &Office, at: i64| office.desk
            .clock(&viewer("ada"), later(at), TicketId(1), Resolve).unwrap().due;
        let mut paused = office.clone();
        paused.outcome(now, "ada", &wait());
        let until = now + length * MINUTE;
        paused.outcome(until, "ada", &work());
        if let (Some(before), Some(after)) = (due(&office, until), due(&paused, until)) {
            prop_assert!(before <= after);
        }
    }

    #[test]
    fn a_replay_gives_the_same_desk(calendar in calendars(), course in courses()) {
        let mut office = Office::with_ticket(DeskSettings {
            give_up: Some("1d".parse().unwrap()),
            ..settings(calendar)
        });
        play(&mut office, &course);
        let replayed = bailiwick::helpdesk::Desk::replay(office.desk.settings().clone(), &office.events).unwrap();
        prop_assert_eq!(&replayed, &office.desk);
        let text = serde_json::to_string(&office.desk).unwrap();
        let read: bailiwick::helpdesk::Desk = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
        prop_assert_eq!(read, replayed);
    }
}

#[test]
fn the_rules_are_data() {
    let service = Service {
        calendar: chicago(),
        ..settings(Calendar::always()).service
    };
    let text = serde_json::to_string(&service).unwrap();
    assert_eq!(serde_json::from_str::<Service>(&text).unwrap(), service);
    let text = serde_json::to_string(&DeskSettings {
        service,
        ..DeskSettings::default()
    })
    .unwrap();
    assert!(
        text.contains(r#""close-after":"5d""#) && !text.contains("give-up"),
        "{text}"
    );
    assert!(
        text.contains(r#""calendar":{"zone":"America/Chicago""#),
        "{text}"
    );
}

#[test]
fn no_field_of_a_desk_or_of_its_events_is_passed_over() {
    let mut office = Office::with_ticket(settings(chicago()));
    let note = json!({ "note": { "ticket": 1, "body": "Between us" } });
    let file = json!({ "attach": { "ticket": 1, "name": "log.txt", "media-type": "text/plain", "bytes": 9 } });
    for (hour, command) in [reply(), wait(), work(), note, file, resolve()]
        .into_iter()
        .enumerate()
    {
        let at = i64::try_from(hour).unwrap() * HOUR;
        assert_eq!(office.outcome(at, "ada", &command), "ok", "{command}");
    }
    for event in &office.events {
        crate::stored::nothing_is_lost(event);
    }
    let seen = crate::stored::nothing_is_lost(&office.desk);
    assert!(
        seen.contains("tickets") && seen.contains("thread"),
        "{seen:?}"
    );
}
