//! Views: the index against a plain walk, and what a reporter cannot see.

use super::Office;
use super::later;
use super::overhear::nothing_internal_is_told;
use super::settings;
use super::viewer;
use bailiwick::TicketId;
use bailiwick::UserKey;
use bailiwick::Window;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::Change;
use bailiwick::helpdesk::ClockState;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Detail;
use bailiwick::helpdesk::Link;
use bailiwick::helpdesk::Part;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::QueueFilter;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Summary;
use bailiwick::helpdesk::Viewer;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

const HOUR: i64 = 3_600;

fn desk_settings() -> DeskSettings {
    DeskSettings {
        give_up: Some("20h".parse().unwrap()),
        close_after: "30h".parse().unwrap(),
        ..settings(Calendar::always())
    }
}

fn command(kind: u8, ticket: u32) -> (&'static str, Value) {
    let moved = |to: &str| json!({ "move": { "ticket": ticket, "to": to, "reply": "Hello", "resolution": "Done" } });
    match kind {
        0 => ("ada", moved("waiting-on-user")),
        1 => ("ada", moved("in-progress")),
        2 => ("abel", moved("resolved")),
        3 => (
            "rita",
            json!({ "reply": { "ticket": ticket, "body": "Hello" } }),
        ),
        4 => ("ronan", json!({ "withdraw-ticket": { "ticket": ticket } })),
        5 => (
            "ada",
            json!({ "set-priority": { "ticket": ticket, "priority": "urgent" } }),
        ),
        6 => (
            "sue",
            json!({ "reopen": { "ticket": ticket, "reason": "Again" } }),
        ),
        7 => (
            "ada",
            json!({ "duplicate-of": { "ticket": ticket, "of": 1 } }),
        ),
        8 => (
            "ada",
            json!({ "assign-ticket": { "ticket": ticket, "to": "abel" } }),
        ),
        9 => (
            "system",
            json!({ "set-service": { "sla": [{ "priority": "normal", "resolve": "3h" }] } }),
        ),
        10 => (
            "abel",
            json!({ "note": { "ticket": ticket, "body": "Between us" } }),
        ),
        11 => (
            "ada",
            json!({ "set-category": { "ticket": ticket, "category": "phone" } }),
        ),
        12 => ("system", moved("resolved")),
        _ => (
            "ada",
            json!({ "reply": { "ticket": ticket, "body": "Hello" } }),
        ),
    }
}

fn play(office: &mut Office, course: &[(i64, u8, u32)]) -> i64 {
    let mut now = 0;
    let mut tickets = 0;
    for (hours, kind, ticket) in course {
        now += hours * HOUR;
        if *kind < 16 {
            let (by, command) = command(*kind, *ticket);
            office.outcome(now, by, &command);
        } else {
            let by = if kind % 2 == 0 { "rita" } else { "ronan" };
            let priority = Priority::ALL[(tickets % 4) as usize];
            tickets = office.open(now, by, priority).0;
        }
    }
    now
}

fn courses() -> impl Strategy<Value = Vec<(i64, u8, u32)>> {
    prop::collection::vec((0..9_i64, 0..24_u8, 1..7_u32), 1..50)
}

/// All tickets that a viewer sees, one by one.
fn walk(desk: &Desk, viewer: &Viewer, at: i64) -> Vec<(TicketId, Summary)> {
    let seen = |ticket| Some((ticket, desk.summary(viewer, later(at), ticket).ok()?));
    (1..100).map(TicketId).filter_map(seen).collect()
}

fn plain_queue(
    seen: &[(TicketId, Summary)],
    me: Option<&UserKey>,
    filter: QueueFilter,
) -> Vec<TicketId> {
    let mut queue: Vec<_> = seen
        .iter()
        .filter(|(_, ticket)| {
            filter.status.is_none_or(|status| status == ticket.status)
                && filter
                    .category
                    .is_none_or(|category| category == ticket.category)
                && filter
                    .priority
                    .is_none_or(|priority| priority == ticket.priority)
                && (!filter.mine || (me.is_some() && ticket.assignee.as_ref() == me))
        })
        .map(|(id, ticket)| {
            let dues = [ticket.respond.due, ticket.update.due, ticket.resolve.due];
            let due = dues.into_iter().flatten().min();
            (core::cmp::Reverse(ticket.priority), due.is_none(), due, *id)
        })
        .collect();
    queue.sort();
    queue.into_iter().map(|(.., id)| id).collect()
}

fn compare(desk: &Desk, now: i64) {
    for name in ["system", "ada", "abel", "rita", "ronan", "otto"] {
        let viewer = viewer(name);
        let seen = walk(desk, &viewer, now);
        let me = viewer.user.as_ref();
        let count = |keep: &dyn Fn(&Summary) -> bool| {
            seen.iter().filter(|(_, ticket)| keep(ticket)).count()
        };
        let overdue = |ticket: &Summary| {
            [ticket.respond, ticket.update, ticket.resolve]
                .iter()
                .any(|clock| clock.state == ClockState::Overdue)
        };
        let tiles = desk.tiles(&viewer, later(now));
        assert_eq!(tiles.total, seen.len(), "{name}");
        assert_eq!(
            tiles.open,
            count(&|ticket| ticket.status.is_open()),
            "{name}"
        );
        assert_eq!(
            tiles.my_queue,
            count(&|ticket| ticket.status.is_open()
                && me.is_some()
                && ticket.assignee.as_ref() == me),
            "{name}"
        );
        assert_eq!(
            tiles.sla_overdue,
            count(&|ticket| ticket.status.is_open() && overdue(ticket)),
            "{name}"
        );
        let pills = desk.pills(&viewer, later(now));
        let by_status = Status::ALL
            .iter()
            .map(|status| count(&|ticket| ticket.status == *status));
        let pills = [
            pills.open,
            pills.triaged,
            pills.in_progress,
            pills.waiting_on_user,
            pills.resolved,
            pills.closed,
        ];
        assert_eq!(pills.to_vec(), by_status.collect::<Vec<_>>(), "{name}");
        let statuses = core::iter::once(None).chain(Status::ALL.iter().copied().map(Some));
        for status in statuses {
            for category in [None, Some(Category::Network), Some(Category::Phone)] {
                for (priority, mine) in
                    [(None, false), (Some(Priority::Urgent), false), (None, true)]
                {
                    let filter = QueueFilter {
                        status,
                        category,
                        priority,
                        mine,
                    };
                    let queue = desk.queue(&viewer, later(now), filter, 0, usize::MAX);
                    assert_eq!(queue, plain_queue(&seen, me, filter), "{name} {filter:?}");
                    let page = desk.queue(&viewer, later(now), filter, 1, 2);
                    let expected: Vec<_> = queue.into_iter().skip(1).take(2).collect();
                    assert_eq!(page, expected, "{name} {filter:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_as_a_plain_walk_does(course in courses(), wait in 0..80_i64) {
        let mut office = Office::new(desk_settings());
        let now = play(&mut office, &course);
        compare(&office.desk, now);
        compare(&office.desk, now + wait * HOUR);
        // An index that was made anew gives the same.
        let text = serde_json::to_string(&office.desk).unwrap();
        let read: Desk = serde_json::from_str(&text).unwrap();
        compare(&read, now + wait * HOUR);
    }

    #[test]
    fn reporters_are_told_nothing_internal(steps in prop::collection::vec(any::<(u8, u8)>(), 0..30)) {
        nothing_internal_is_told(&steps);
    }

    #[test]
    fn what_is_internal_leaves_no_trace_for_the_reporter(course in courses(), notes in prop::collection::vec(any::<bool>(), 50)) {
        let mut with = Office::new(desk_settings());
        let mut without = Office::new(desk_settings());
        let mut now = 0;
        for (step, note) in course.iter().zip(&notes) {
            now += step.0 * HOUR;
            if *note {
                let ticket = step.2;
                with.outcome(now, "ada", &json!({ "note": { "ticket": ticket, "body": "Between us" } }));
                with.outcome(now, "ada", &json!({ "attach": { "ticket": ticket, "name": "log.txt", "media-type": "text/plain",
                    "bytes": 9, "internal": true } }));
            }
            if step.1 == 10 {
                continue;
            }
            if step.1 < 16 {
                let (by, command) = command(step.1, step.2);
                prop_assert_eq!(with.outcome(now, by, &command), without.outcome(now, by, &command));
            } else {
                for office in [&mut with, &mut without] {
                    office.open(now, if step.1 % 2 == 0 { "rita" } else { "ronan" }, Priority::Normal);
                }
            }
        }
        for name in ["rita", "ronan"] {
            let (viewer, at) = (viewer(name), later(now + 5 * HOUR));
            for ticket in (1..60).map(TicketId) {
                // The version counts every command; all else is the same.
                let plain = |desk: &Desk| desk.summary(&viewer, at, ticket).map(|seen| Summary { version: 0, ..seen });
                prop_assert_eq!(plain(&with.desk), plain(&without.desk));
                prop_assert_eq!(with.desk.detail(&viewer, at, ticket), without.desk.detail(&viewer, at, ticket));
                let tell = |entry: bailiwick::helpdesk::HistoryEntry<'_>| format!("{entry:?}");
                prop_assert_eq!(with.desk.history(&viewer, at, ticket, tell), without.desk.history(&viewer, at, ticket, tell));
            }
            prop_assert_eq!(with.desk.tiles(&viewer, at), without.desk.tiles(&viewer, at));
            let all = QueueFilter::default();
            prop_assert_eq!(with.desk.queue(&viewer, at, all, 0, 99), without.desk.queue(&viewer, at, all, 0, 99));
        }
    }
}

#[test]
fn a_detail_shows_what_its_viewer_may_see() {
    let mut office = Office::with_ticket(desk_settings());
    office.run(
        10,
        "ada",
        json!({ "note": { "ticket": 1, "body": "Between us" } }),
    );
    office.run(
        20,
        "rita",
        json!({ "reply": { "ticket": 1, "body": "Any news?" } }),
    );
    office.run(
        30,
        "ada",
        json!({ "note": { "ticket": 1, "body": "Not yet" } }),
    );
    let Detail::Agent(public, internal) = office
        .desk
        .detail(&viewer("ada"), later(40), TicketId(1))
        .unwrap()
    else {
        panic!("an agent's view");
    };
    assert_eq!((public.thread.len(), internal.thread.len()), (2, 2));
    assert_eq!(
        (public.last_activity, internal.last_activity),
        (later(20), later(30))
    );
    assert_eq!(internal.version, 4);
    let told = office
        .desk
        .history(&viewer("ada"), later(40), TicketId(1), |entry| entry.at())
        .unwrap();
    assert_eq!(told, [0, 10, 20, 30].map(later));
    let Detail::Reporter(own) = office
        .desk
        .detail(&viewer("rita"), later(40), TicketId(1))
        .unwrap()
    else {
        panic!("a reporter's view");
    };
    assert_eq!(own.thread, public.thread);
    let commands: Vec<&str> = own.steps.iter().map(|step| step.command).collect();
    assert_eq!(commands, ["withdraw-ticket"]);
    assert!(
        office
            .desk
            .detail(&viewer("otto"), later(40), TicketId(1))
            .is_err()
    );
    let text = serde_json::to_string(&own).unwrap();
    assert!(
        !text.contains("Between us") && !text.contains("internal"),
        "{text}"
    );
}

#[test]
fn links_show_where_both_tickets_do() {
    let mut office = Office::with_ticket(desk_settings());
    let follow = json!({ "follow-up": { "ticket": 1, "subject": "More", "description": "More", "category": "other",
        "priority": "low", "reporter": "ronan" } });
    office.run(10, "ada", follow);
    office.open(10, "rita", Priority::Low);
    office.run(
        20,
        "ada",
        json!({ "duplicate-of": { "ticket": 3, "of": 1 } }),
    );
    let links = |name: &str, ticket: u32| match office
        .desk
        .detail(&viewer(name), later(20), TicketId(ticket))
        .unwrap()
    {
        Detail::Agent(public, _) | Detail::Reporter(public) => public.links,
    };
    assert_eq!(
        links("ada", 1),
        [
            (Link::FollowedBy, TicketId(2)),
            (Link::Duplicate, TicketId(3))
        ]
    );
    assert_eq!(links("rita", 1), [(Link::Duplicate, TicketId(3))]);
    assert_eq!(links("ronan", 2), []);
    assert_eq!(links("rita", 3), [(Link::DuplicateOf, TicketId(1))]);
}

#[test]
fn figures_of_a_period() {
    let mut office = Office::new(desk_settings());
    for minutes in 1..=10 {
        let ticket = office.open(minutes * 60, "rita", Priority::Normal).0;
        if ticket <= 8 {
            let done =
                json!({ "move": { "ticket": ticket, "to": "resolved", "resolution": "Done" } });
            office.run(minutes * 60 + i64::from(ticket), "ada", done);
        }
    }
    office.run(700, "rita", json!({ "withdraw-ticket": { "ticket": 9 } }));
    office.run(
        800,
        "rita",
        json!({ "reopen": { "ticket": 8, "reason": "Again" } }),
    );
    let figures = office.desk.figures(Window::ALWAYS, later(900));
    assert_eq!(
        (
            figures.all.opened,
            figures.all.resolved,
            figures.all.reopened
        ),
        (10, 8, 1)
    );
    let resolve = figures.all.resolve;
    assert_eq!((resolve.count, resolve.met), (7, 7));
    assert_eq!(resolve.median.map(bailiwick::Duration::as_seconds), Some(4));
    assert_eq!(
        resolve.ninetieth.map(bailiwick::Duration::as_seconds),
        Some(7)
    );
    assert_eq!(figures.all.respond.count, 8);
    assert_eq!(figures.by_priority[&Priority::Normal], figures.all);
    let early = Window::new(None, Some(later(130))).unwrap();
    assert_eq!(office.desk.figures(early, later(900)).all.opened, 2);
}

#[test]
fn a_leavers_tickets_pass_on() {
    let mut office = Office::with_ticket(desk_settings());
    office.open(0, "ada", Priority::Normal);
    office.open(0, "rita", Priority::Normal);
    for ticket in [1, 3] {
        office.run(
            10,
            "ada",
            json!({ "assign-ticket": { "ticket": ticket, "to": "ada" } }),
        );
    }
    for to in ["resolved", "closed"] {
        office.run(
            20,
            "ada",
            json!({ "move": { "ticket": 3, "to": to, "resolution": "Done" } }),
        );
    }
    let (ada, abel, rita): (UserKey, UserKey, UserKey) = (
        "ada".parse().unwrap(),
        "abel".parse().unwrap(),
        "rita".parse().unwrap(),
    );
    let plan = office.desk.plan_handover(&ada, &abel, false, later(30));
    let moves: Vec<_> = plan
        .moves
        .iter()
        .map(|moved| (moved.ticket.0, moved.part, moved.to.clone()))
        .collect();
    assert_eq!(
        moves,
        [
            (1, Part::Assignee, None),
            (2, Part::Reporter, Some(abel.clone()))
        ]
    );
    let plan = office.desk.plan_handover(&ada, &abel, true, later(30));
    let version = office.summary(30, "system", 1).version;
    let event = office
        .desk
        .apply_handover(later(30), &bailiwick::Actor::System, &plan);
    assert_eq!(event.change, Change::HandedOver(plan));
    assert_eq!(office.desk.naming(&ada, later(30)), []);
    assert_eq!(office.summary(30, "system", 1).assignee, Some(abel.clone()));
    assert_eq!(office.summary(30, "system", 1).version, version);
    assert_eq!(office.summary(30, "system", 2).reporter, abel);
    // What was closed stays as it was, until it is reopened.
    assert_eq!(office.summary(30, "system", 3).assignee, Some(ada));
    let plan = office.desk.plan_handover(&rita, &abel, true, later(40));
    let event = office
        .desk
        .apply_handover(later(40), &bailiwick::Actor::System, &plan);
    assert_eq!(event.change, Change::HandedOver(plan));
    assert_eq!(office.summary(40, "system", 3).reporter, rita);
    office.run(
        50,
        "sue",
        json!({ "reopen": { "ticket": 3, "reason": "Again" } }),
    );
    let reopened = office.summary(50, "system", 3);
    assert_eq!((reopened.reporter, reopened.assignee), (abel, None));
    compare(&office.desk, 50);
}
