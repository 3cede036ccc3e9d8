//! The desk: decisions, clocks, and views of a million tickets beside a plain walk of the same.
//!
//! `cargo bench --bench helpdesk`; with `BAILIWICK_TICKETS=100000` for fewer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

use std::hint::black_box;

use bailiwick::TicketId;
use bailiwick::Timestamp;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::ClockKind;
use bailiwick::helpdesk::Command;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Facts;
use bailiwick::helpdesk::Hours;
use bailiwick::helpdesk::MoveTicket;
use bailiwick::helpdesk::OpenTicket;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::QueueFilter;
use bailiwick::helpdesk::Service;
use bailiwick::helpdesk::Sla;
use bailiwick::helpdesk::SlaRule;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Viewer;
use bailiwick::helpdesk::Weekday;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;

const START: i64 = 1_767_603_600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds).expect("in range")
}

fn viewer(name: &str) -> Viewer {
    Viewer {
        may_file: true,
        may_work: name.starts_with("agent"),
        ..Viewer::user(name.parse().expect("a key"))
    }
}

fn settings() -> DeskSettings {
    let mut hours = Hours::default();
    for day in Weekday::ALL.iter().take(5) {
        let spans = ["08:00-12:00", "13:00-17:00"].map(|span| span.parse().expect("a span"));
        hours.days.insert(*day, spans.into());
    }
    let rule = |priority: &Priority| SlaRule {
        priority: *priority,
        category: None,
        respond: Some("2h".parse().expect("a duration")),
        update: Some("4h".parse().expect("a duration")),
        resolve: Some("16h".parse().expect("a duration")),
    };
    DeskSettings {
        service: Service {
            calendar: Calendar::new("America/Chicago", hours).expect("a calendar"),
            sla: Sla::new(Priority::ALL.iter().map(rule)).expect("four rules"),
        },
        ..DeskSettings::default()
    }
}

fn run(desk: &mut Desk, seconds: i64, by: &Viewer, command: &Command) {
    let facts = Facts {
        may_work: &|_| true,
        undecided: &|_| false,
    };
    let event = desk
        .decide(at(seconds), by, command, &facts)
        .expect("accepted");
    desk.apply(&event);
}

fn open(n: usize) -> Command {
    Command::OpenTicket(OpenTicket {
        subject: "No network".into(),
        description: "The light is off".into(),
        category: Category::ALL[n % 8],
        priority: Priority::ALL[n / 8 % 4],
        reporter: None,
    })
}

fn to(ticket: TicketId, to: Status) -> Command {
    Command::Move(MoveTicket {
        ticket,
        to,
        reply: None,
        resolution: (to == Status::Resolved).then(|| "Done".into()),
        reason: None,
        version: None,
    })
}

/// A desk of so many tickets, one a second, of which all but one in fifty are resolved.
fn desk(tickets: usize) -> (Desk, i64) {
    let mut desk = Desk::new(settings());
    let agents: Vec<Viewer> = (0..20).map(|n| viewer(&format!("agent-{n}"))).collect();
    let people: Vec<Viewer> = (0..2_000).map(|n| viewer(&format!("user-{n}"))).collect();
    for n in 0..tickets {
        let now = i64::try_from(n).expect("few tickets");
        run(&mut desk, now, &people[n % people.len()], &open(n));
        let ticket = TicketId(u32::try_from(n + 1).expect("few tickets"));
        let agent = &agents[n % agents.len()];
        if n % 50 != 0 {
            run(&mut desk, now, agent, &to(ticket, Status::Resolved));
        } else if n % 100 == 0 {
            run(&mut desk, now, agent, &to(ticket, Status::InProgress));
        }
    }
    (desk, i64::try_from(tickets).expect("few tickets"))
}

fn benches(c: &mut Criterion) {
    let tickets: usize = std::env::var("BAILIWICK_TICKETS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| {
            let only_once = std::env::args().any(|word| word == "--test");
            if only_once { 20_000 } else { 1_000_000 }
        });
    let (desk, now) = desk(tickets);
    let agent = viewer("agent-0");
    let user = viewer("user-0");
    let now = at(now);
    let tiles = desk.tiles(&agent, now);
    assert_eq!((tiles.total, tiles.open), (tickets, tickets / 50));
    let plain = |wanted: Status| {
        (1..=u32::try_from(tickets).expect("few tickets"))
            .filter(|id| {
                desk.summary(&agent, now, TicketId(*id))
                    .is_ok_and(|ticket| ticket.status == wanted)
            })
            .count()
    };
    assert_eq!(
        plain(Status::InProgress),
        desk.pills(&agent, now).in_progress
    );

    let mut group = c.benchmark_group("helpdesk");
    group.bench_function(format!("tiles/agent/{tickets}"), |b| {
        b.iter(|| assert_eq!(desk.tiles(black_box(&agent), now).total, tickets));
    });
    group.bench_function(format!("tiles/reporter/{tickets}"), |b| {
        b.iter(|| assert_eq!(desk.tiles(black_box(&user), now).total, tickets / 2_000));
    });
    group.bench_function(format!("pills/agent/{tickets}"), |b| {
        b.iter(|| assert_eq!(desk.pills(black_box(&agent), now).open, tickets / 100));
    });
    let all = QueueFilter::default();
    let opened = QueueFilter {
        status: Some(Status::Open),
        ..all
    };
    let mine = QueueFilter { mine: true, ..all };
    for (name, filter) in [("all", all), ("open", opened), ("mine", mine)] {
        group.bench_function(format!("queue-of-50/{name}/{tickets}"), |b| {
            b.iter(|| {
                let page = desk.queue(black_box(&agent), now, filter, 0, 50);
                assert_eq!(page.len(), 50);
            });
        });
    }
    let resolve = desk.clock(&agent, now, TicketId(1), ClockKind::Resolve);
    group.bench_function("clock/resolve", |b| {
        b.iter(|| {
            let clock = desk.clock(&agent, now, black_box(TicketId(1)), ClockKind::Resolve);
            assert_eq!(clock, resolve);
        });
    });
    group.bench_function("open-and-apply", |b| {
        let mut desk = desk.clone();
        let mut n = 0;
        let seconds = now.as_unix() - START;
        b.iter(|| {
            run(&mut desk, seconds, &user, &open(n));
            n += 1;
        });
        assert_eq!(desk.tiles(&agent, now).total, tickets + n);
    });
    group.sample_size(10);
    group.bench_function(format!("plain-walk/{tickets}"), |b| {
        b.iter(|| assert_eq!(plain(Status::InProgress), tickets / 100));
    });
    group.finish();

    let calendar = desk.service().calendar.clone();
    let week = calendar.worked(at(0), at(7 * 86_400));
    assert_eq!(week.as_seconds(), 40 * 3_600);
    let mut group = c.benchmark_group("calendar");
    group.bench_function("worked/one-year", |b| {
        b.iter(|| {
            let year = calendar.worked(black_box(at(0)), at(364 * 86_400));
            assert_eq!(year.as_seconds(), 52 * 40 * 3_600);
        });
    });
    group.finish();
}

criterion_group!(desk_benches, benches);
criterion_main!(desk_benches);
