//! A day at the IT desk: tickets come in, are worked, wait, and fall due; the tiles stand at every full hour.
//!
//!     cargo run --example helpdesk            # in English
//!     cargo run --example helpdesk -- --es    # in Spanish

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

/// The day: when, by whom, in words, what.
#[expect(clippy::too_many_lines, reason = "the day is one list")]
fn day() -> Vec<(&'static str, &'static str, [&'static str; 2], Command)> {
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
            [
                "no network at the counter, which is urgent",
                "sin red en ventanilla, y es urgente",
            ],
            open(
                "No network at the counter",
                Category::Network,
                Priority::Urgent,
            ),
        ),
        (
            "8:20",
            "ada",
            [
                "\"On my way\"; she takes it",
                "«Voy para allá»; la toma ella",
            ],
            shift(1, Status::InProgress, Some("On my way"), None),
        ),
        (
            "8:40",
            "ronan",
            ["the printer eats paper", "la impresora se come el papel"],
            open(
                "The printer eats paper",
                Category::Hardware,
                Priority::Normal,
            ),
        ),
        (
            "9:10",
            "ada",
            ["a cable was out; resolved", "un cable suelto; resuelta"],
            shift(1, Status::Resolved, None, Some("A cable was out")),
        ),
        (
            "9:30",
            "abel",
            [
                "\"Which tray?\", and waits: its time stands still",
                "«¿Qué bandeja?», y espera: su plazo se detiene",
            ],
            shift(2, Status::WaitingOnUser, Some("Which tray?"), None),
        ),
        (
            "9:35",
            "abel",
            [
                "notes for his colleagues that it is the third of its model",
                "anota para sus colegas que es la tercera de ese modelo",
            ],
            note,
        ),
        (
            "10:15",
            "ronan",
            ["cannot log in", "no puede entrar"],
            open("Cannot log in", Category::Account, Priority::Normal),
        ),
        (
            "11:30",
            "ronan",
            [
                "\"The lower one\": time runs on",
                "«La de abajo»: el plazo sigue",
            ],
            reply(2, "The lower one"),
        ),
        (
            "11:50",
            "rita",
            [
                "\"It is off again\": reopened",
                "«Se cayó otra vez»: reabierta",
            ],
            reply(1, "It is off again"),
        ),
        (
            "12:30",
            "rita",
            ["wants it closed", "quiere cerrarla"],
            shift(1, Status::Closed, None, None),
        ),
        (
            "13:20",
            "ada",
            [
                "another cable; resolved again",
                "otro cable; resuelta de nuevo",
            ],
            shift(1, Status::Resolved, None, Some("Another cable")),
        ),
        (
            "14:10",
            "ada",
            [
                "nobody has answered the log-in in time; she makes it urgent",
                "nadie respondió a tiempo a la de la entrada; la hace urgente",
            ],
            urgent,
        ),
        (
            "14:20",
            "ada",
            [
                "\"Your password has expired, see the letter\"",
                "«Su contraseña caducó, vea la carta»",
            ],
            reply(3, "Your password has expired, see the letter"),
        ),
        (
            "14:30",
            "rita",
            [
                "tries to close a ticket that is not hers",
                "intenta cerrar una que no es suya",
            ],
            shift(3, Status::Closed, None, None),
        ),
        (
            "15:00",
            "rita",
            ["is content: closed", "está conforme: cerrada"],
            shift(1, Status::Closed, None, None),
        ),
        (
            "16:10",
            "abel",
            ["new rollers; resolved", "rodillos nuevos; resuelta"],
            shift(2, Status::Resolved, None, Some("New rollers")),
        ),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
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
        while let Some((time, who, words, command)) = day.next_if(|(time, ..)| at(time) <= full) {
            let [english, in_spanish] = words;
            let said = language.choose(english, in_spanish);
            match desk.decide(at(time), &viewer(who)?, &command, &facts) {
                Ok(event) => {
                    desk.apply(&event);
                    let ticket = event.ticket().unwrap_or(TicketId(0));
                    let status = desk.summary(&Viewer::system(), at(time), ticket)?.status;
                    println!(
                        "{time:>5}  #{ticket} {who:<5} {said} [{}]",
                        status.localized(language)
                    );
                }
                Err(refusal) => {
                    let refused = language.choose("refused", "rechazado");
                    println!(
                        "{time:>5}     {who:<5} {said}: {refused}, {}",
                        refusal.localized(language)
                    );
                }
            }
        }
        let tiles = desk.tiles(&ada, full);
        let words = language.choose(
            ["total", "open", "Ada's", "overdue"],
            ["total", "abiertas", "de Ada", "vencidas"],
        );
        let counts = [tiles.total, tiles.open, tiles.my_queue, tiles.sla_overdue];
        let tiles: Vec<String> = words
            .iter()
            .zip(counts)
            .map(|(word, count)| format!("{word} {count}"))
            .collect();
        println!("{:>5}  == {}", format!("{hour}:00"), tiles.join(", "));
    }
    print_evening(&desk, &ada, &viewer("ronan")?, language)
}

/// What is left when the desk closes, and what a reporter sees of a ticket.
fn print_evening(
    desk: &Desk,
    ada: &Viewer,
    ronan: &Viewer,
    language: Language,
) -> Result<(), Box<dyn Error>> {
    let evening = at("17:00");
    println!(
        "\n{}",
        language.choose(
            "What is there, in triage order:",
            "Lo que hay, por orden de atención:"
        )
    );
    for ticket in desk.queue(ada, evening, QueueFilter::default(), 0, 10) {
        let summary = desk.summary(ada, evening, ticket)?;
        let [priority, status, clock] = [
            summary.priority.localized(language),
            summary.status.localized(language),
            summary.resolve.state.localized(language),
        ];
        let due = summary
            .resolve
            .due
            .map_or_else(String::new, |due| format!(", {due}"));
        let resolve = language.choose("to resolve", "por resolver");
        println!("  #{ticket} {priority}, {status}; {resolve}: {clock}{due}");
    }
    let seen = desk.summary(ronan, evening, TicketId(2))?;
    let notes = match (seen.notes, language) {
        (None, Language::English) => "and of notes nothing".into(),
        (None, Language::Spanish) => "y de notas nada".into(),
        (Some(count), _) => format!("{count}"),
    };
    let sees = language.choose(
        ["Ronan sees", "replies on #2"],
        ["Ronan ve", "respuestas en la #2"],
    );
    println!("\n{} {} {}, {notes}", sees[0], seen.replies, sees[1]);
    Ok(())
}
