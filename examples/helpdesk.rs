//! A day at the IT desk: tickets come in, are worked, wait, and fall due; the tiles stand at every full hour.
//!
//! `cargo run --example helpdesk`

#![allow(clippy::expect_used, reason = "the day is written out below")]

use std::collections::BTreeMap;
use std::error::Error;

use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::TicketId;
use bailiwick::Timestamp;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::Command;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::Facts;
use bailiwick::helpdesk::Hours;
use bailiwick::helpdesk::MoveTicket;
use bailiwick::helpdesk::NoteOn;
use bailiwick::helpdesk::OpenTicket;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::QueueFilter;
use bailiwick::helpdesk::ReplyTo;
use bailiwick::helpdesk::Service;
use bailiwick::helpdesk::SetPriority;
use bailiwick::helpdesk::Sla;
use bailiwick::helpdesk::SlaRule;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Viewer;
use bailiwick::helpdesk::Weekday;

/// Monday the fifth of January, local time, which is six hours behind.
fn at(time: &str) -> Timestamp {
    let (hour, minute) = time.split_once(':').expect("a time of day");
    let hour: u32 = hour.parse().expect("an hour");
    format!("2026-01-05T{:02}:{minute}:00Z", hour + 6)
        .parse()
        .expect("an instant")
}

/// Open from eight to twelve and from one to five; urgent tickets are answered within half an hour.
fn settings() -> Result<DeskSettings, Box<dyn Error>> {
    let mut days = BTreeMap::new();
    for day in Weekday::ALL.iter().take(5) {
        days.insert(*day, vec!["08:00-12:00".parse()?, "13:00-17:00".parse()?]);
    }
    let calendar = Calendar::new(
        "America/Chicago",
        Hours {
            days,
            ..Hours::default()
        },
    )?;
    let rule = |priority, respond: &str, resolve: &str| -> Result<SlaRule, Box<dyn Error>> {
        Ok(SlaRule {
            priority,
            category: None,
            respond: Some(respond.parse()?),
            update: Some("1h".parse()?),
            resolve: Some(resolve.parse()?),
        })
    };
    let sla = Sla::new([
        rule(Priority::Urgent, "30m", "2h")?,
        rule(Priority::Normal, "2h", "6h")?,
    ])?;
    Ok(DeskSettings {
        service: Service { calendar, sla },
        ..DeskSettings::default()
    })
}

fn open(subject: &str, category: Category, priority: Priority) -> Command {
    Command::OpenTicket(OpenTicket {
        subject: subject.into(),
        description: format!("{subject}, since this morning"),
        category,
        priority,
        reporter: None,
    })
}

fn shift(ticket: u32, to: Status, reply: Option<&str>, resolution: Option<&str>) -> Command {
    Command::Move(MoveTicket {
        ticket: TicketId(ticket),
        to,
        reply: reply.map(Into::into),
        resolution: resolution.map(Into::into),
        reason: None,
        version: None,
    })
}

fn reply(ticket: u32, body: &str) -> Command {
    Command::Reply(ReplyTo {
        ticket: TicketId(ticket),
        body: body.into(),
        version: None,
        automatic: false,
        no_reopen: false,
    })
}

/// The day: when, who, what.
fn day() -> Vec<(&'static str, &'static str, Command)> {
    let note = Command::Note(NoteOn {
        ticket: TicketId(2),
        body: "Third one of this model".into(),
        version: None,
    });
    let urgent = Command::SetPriority(SetPriority {
        ticket: TicketId(3),
        priority: Priority::Urgent,
        version: None,
    });
    vec![
        (
            "8:05",
            "rita",
            open(
                "No network at the counter",
                Category::Network,
                Priority::Urgent,
            ),
        ),
        (
            "8:20",
            "ada",
            shift(1, Status::InProgress, Some("On my way"), None),
        ),
        (
            "8:40",
            "ronan",
            open(
                "The printer eats paper",
                Category::Hardware,
                Priority::Normal,
            ),
        ),
        (
            "9:10",
            "ada",
            shift(1, Status::Resolved, None, Some("A cable was out")),
        ),
        (
            "9:30",
            "abel",
            shift(2, Status::WaitingOnUser, Some("Which tray?"), None),
        ),
        ("9:35", "abel", note),
        (
            "10:15",
            "ronan",
            open("Cannot log in", Category::Account, Priority::Normal),
        ),
        ("11:30", "ronan", reply(2, "The lower one")),
        ("11:50", "rita", reply(1, "It is off again")),
        ("12:30", "rita", shift(1, Status::Closed, None, None)),
        (
            "13:20",
            "ada",
            shift(1, Status::Resolved, None, Some("Another cable")),
        ),
        ("14:10", "ada", urgent),
        (
            "14:20",
            "ada",
            reply(3, "Your password has expired, see the letter"),
        ),
        ("14:30", "rita", shift(3, Status::Closed, None, None)),
        (
            "16:10",
            "abel",
            shift(2, Status::Resolved, None, Some("New rollers")),
        ),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let viewer = |name: &str| -> Result<Viewer, Box<dyn Error>> {
        let may_work = matches!(name, "ada" | "abel");
        Ok(Viewer {
            may_file: true,
            may_work,
            ..Viewer::user(name.parse()?)
        })
    };
    let facts = Facts {
        may_work: &|user| matches!(user.as_str(), "ada" | "abel"),
        undecided: &|_| false,
    };
    let mut desk = Desk::new(settings()?);
    let mut day = day().into_iter().peekable();
    let ada = viewer("ada")?;
    for hour in 8..=17 {
        let full = at(&format!("{hour}:00"));
        while let Some((time, who, command)) = day.next_if(|(time, ..)| at(time) <= full) {
            match desk.decide(at(time), &viewer(who)?, &command, &facts) {
                Ok(event) => {
                    let ticket = event
                        .ticket()
                        .map_or(String::new(), |ticket| format!(" #{ticket}"));
                    println!("{time:>5}  {who:<5} {}{ticket}", event.command());
                    desk.apply(&event);
                }
                Err(refusal) => {
                    println!("{time:>5}  {who:<5} {}: refused, {refusal}", command.name());
                    println!("             ({})", refusal.localized(Language::Spanish));
                }
            }
        }
        let tiles = desk.tiles(&ada, full);
        println!(
            "{:>5}  total {}, open {}, my queue {}, overdue {}",
            format!("{hour}:00"),
            tiles.total,
            tiles.open,
            tiles.my_queue,
            tiles.sla_overdue
        );
    }
    let evening = at("17:00");
    println!("\nwhat is left, in triage order:");
    for ticket in desk.queue(&ada, evening, QueueFilter::default(), 0, 10) {
        let summary = desk.summary(&ada, evening, ticket)?;
        let due = summary
            .resolve
            .due
            .map_or("none".into(), |due| due.to_string());
        println!(
            "  #{ticket} {}, {}: resolve {}, due {due}",
            summary.priority, summary.status, summary.resolve.state
        );
    }
    let seen = desk.summary(&viewer("ronan")?, evening, TicketId(2))?;
    println!(
        "\nronan sees {} replies on #2 and of notes {:?}",
        seen.replies, seen.notes
    );
    Ok(())
}
