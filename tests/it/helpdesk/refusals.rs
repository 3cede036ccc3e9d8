//! Refusals: their order, their codes, their words, and what they do not give away.

use super::Office;
use super::later;
use super::settings;
use super::viewer;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::RequestId;
use bailiwick::TicketId;
use bailiwick::helpdesk::AttachmentLimits;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Category;
use bailiwick::helpdesk::ClockKind;
use bailiwick::helpdesk::ClockState;
use bailiwick::helpdesk::DeskSettings;
use bailiwick::helpdesk::NextStep;
use bailiwick::helpdesk::Outcome;
use bailiwick::helpdesk::Priority;
use bailiwick::helpdesk::Refusal;
use bailiwick::helpdesk::Status;
use bailiwick::helpdesk::Step;
use serde_json::Value;
use serde_json::json;

fn office() -> Office {
    Office::with_ticket(settings(Calendar::always()))
}

fn open_with(subject: &str, description: &str) -> Value {
    json!({ "open-ticket": { "subject": subject, "description": description, "category": "other", "priority": "low" } })
}

#[test]
fn who_may_file_and_with_what() {
    let mut office = office();
    assert_eq!(office.outcome(1, "otto", &open_with("", "")), "not-allowed");
    assert_eq!(
        office.outcome(1, "rita", &open_with(" ", "x")),
        "blank-text"
    );
    assert_eq!(
        office.outcome(1, "rita", &open_with("x", "\n")),
        "blank-text"
    );
    assert_eq!(
        office.outcome(1, "rita", &open_with(&"x".repeat(257), "x")),
        "too-long"
    );
    assert_eq!(
        office.outcome(1, "rita", &open_with("x", &"x".repeat(65_537))),
        "too-long"
    );
    assert_eq!(
        office.outcome(1, "system", &open_with("x", "x")),
        "wrong-shape"
    );
    assert_eq!(
        office.outcome(-1, "rita", &open_with("x", "x")),
        "out-of-order"
    );
    assert_eq!(office.outcome(1, "rita", &open_with("x", "x")), "ok");
}

#[test]
fn the_first_obstacle_is_given() {
    let mut office = office();
    let moved =
        |to: &str, version: u32| json!({ "move": { "ticket": 1, "to": to, "version": version } });
    // Seeing, version, step, right, condition, text: each hides what comes after it.
    assert_eq!(
        office.outcome(1, "ronan", &moved("closed", 9)),
        "unknown-ticket"
    );
    assert_eq!(
        office.outcome(1, "rita", &moved("closed", 9)),
        "stale-version"
    );
    assert_eq!(
        office.outcome(1, "rita", &moved("closed", 1)),
        "no-such-step"
    );
    assert_eq!(
        office.outcome(1, "rita", &moved("resolved", 1)),
        "not-allowed"
    );
    assert_eq!(
        office.outcome(1, "ada", &moved("resolved", 1)),
        "needs-resolution"
    );
    office.run(
        1,
        "ada",
        json!({ "link-request": { "ticket": 1, "request": 7 } }),
    );
    office.undecided = Some(RequestId(7));
    let blank = json!({ "move": { "ticket": 1, "to": "resolved", "resolution": " " } });
    assert_eq!(office.outcome(2, "ada", &blank), "undecided-request");
    office.undecided = None;
    assert_eq!(office.outcome(2, "ada", &blank), "blank-text");
    let wait = json!({ "move": { "ticket": 1, "to": "waiting-on-user", "reply": " " } });
    assert_eq!(office.outcome(2, "ada", &wait), "blank-text");
    let closed = [
        json!({ "move": { "ticket": 1, "to": "resolved", "resolution": "Done" } }),
        json!({ "move": { "ticket": 1, "to": "closed" } }),
    ];
    for command in closed {
        office.run(3, "ada", command);
    }
    assert_eq!(
        office.outcome(4, "ada", &moved("closed", 1)),
        "stale-version"
    );
    for command in [
        moved("closed", 4),
        json!({ "note": { "ticket": 1, "body": " " } }),
        json!({ "set-priority": { "ticket": 1, "priority": "low" } }),
        json!({ "assign-ticket": { "ticket": 1 } }),
        json!({ "link-request": { "ticket": 1, "request": 7 } }),
        json!({ "attach": { "ticket": 1, "name": "", "media-type": "", "bytes": 1 } }),
        json!({ "duplicate-of": { "ticket": 1, "of": 1 } }),
        json!({ "withdraw-ticket": { "ticket": 1 } }),
    ] {
        assert_eq!(
            office.outcome(4, "ada", &command),
            "ticket-closed",
            "{command}"
        );
    }
    assert_eq!(
        office.outcome(4, "rita", &json!({ "reply": { "ticket": 1, "body": " " } })),
        "follow-up-instead"
    );
    assert_eq!(
        office.outcome(4, "ada", &json!({ "reopen": { "ticket": 1 } })),
        "not-allowed"
    );
    assert_eq!(
        office.outcome(4, "sue", &json!({ "reopen": { "ticket": 1 } })),
        "needs-reason"
    );
    assert_eq!(
        office.outcome(
            4,
            "sue",
            &json!({ "reopen": { "ticket": 1, "reason": "" } })
        ),
        "blank-text"
    );
    let follow = json!({ "follow-up": { "ticket": 1, "subject": "Again", "description": "It is off", "category": "network",
        "priority": "normal", "version": 4 } });
    office.run(5, "rita", follow);
    assert_eq!(
        office
            .events
            .last()
            .and_then(bailiwick::helpdesk::Event::ticket),
        Some(TicketId(2))
    );
    assert_eq!(office.summary(5, "system", 1).version, 5);
}

#[test]
fn work_is_for_those_who_can_do_it() {
    let mut office = office();
    let assign = |to: &str| json!({ "assign-ticket": { "ticket": 1, "to": to } });
    assert_eq!(office.outcome(1, "ada", &assign("rita")), "not-an-agent");
    assert_eq!(office.outcome(1, "rita", &assign("ada")), "not-allowed");
    office.run(1, "ada", assign("abel"));
    for command in [
        json!({ "note": { "ticket": 1, "body": "Between us" } }),
        json!({ "set-priority": { "ticket": 1, "priority": "low" } }),
        json!({ "set-category": { "ticket": 1, "category": "other" } }),
        json!({ "link-request": { "ticket": 1, "request": 7 } }),
        json!({ "attach": { "ticket": 1, "name": "a.txt", "media-type": "text/plain", "bytes": 1, "internal": true } }),
    ] {
        assert_eq!(
            office.outcome(2, "rita", &command),
            "not-allowed",
            "{command}"
        );
        assert_eq!(office.outcome(2, "ada", &command), "ok", "{command}");
    }
}

#[test]
fn attachments_are_checked() {
    let attach = |name: &str, media: &str, bytes: u64| json!({ "attach": { "ticket": 1, "name": name, "media-type": media, "bytes": bytes } });
    let limits = AttachmentLimits::new(100, 2, ["image/*", "text/plain"]).unwrap();
    let mut office = Office::with_ticket(DeskSettings {
        attachments: limits,
        ..settings(Calendar::always())
    });
    for name in [
        "",
        " ",
        ".",
        "..",
        "/etc/passwd",
        "..\\x",
        "a/b",
        "C:x.txt",
        "a\u{0}b",
    ] {
        assert_eq!(
            office.outcome(1, "rita", &attach(name, "image/png", 1)),
            "bad-file-name",
            "{name:?}"
        );
    }
    for media in [
        "application/zip",
        "image",
        "image/",
        "text/html",
        "",
        "image/png/x",
    ] {
        assert_eq!(
            office.outcome(1, "rita", &attach("a", media, 1)),
            "media-not-allowed",
            "{media:?}"
        );
    }
    assert_eq!(
        office.outcome(1, "rita", &attach("a", "image/png", 101)),
        "attachment-too-large"
    );
    office.run(1, "rita", attach("screen 10:30.png", "IMAGE/PNG", 100));
    let internal = json!({ "attach": { "ticket": 1, "name": "b", "media-type": "text/plain; charset=utf-8", "bytes": 0,
        "internal": true } });
    office.run(2, "ada", internal.clone());
    assert_eq!(office.outcome(2, "ada", &internal), "too-many-attachments");
    // The reporter's own count does not show the internal one.
    office.run(3, "rita", attach("c", "image/png", 1));
    assert_eq!(
        office.outcome(3, "rita", &attach("d", "image/png", 1)),
        "too-many-attachments"
    );
    assert_eq!(office.summary(3, "rita", 1).attachments, 2);
    assert_eq!(office.summary(3, "ada", 1).attachments, 3);
    assert!(AttachmentLimits::new(1, 1, ["image"]).is_err());
}

#[test]
fn a_refusal_says_what_is_possible_in_both_languages() {
    let refusal = Refusal::NoSuchStep {
        from: Status::Closed,
        to: Status::Open,
        possible: vec![NextStep {
            command: "reopen",
            step: Step {
                row: 14,
                to: Status::InProgress,
            },
        }],
    };
    insta::assert_snapshot!(refusal, @"no step from `closed` to `open`, possible: `in-progress` with `reopen`");
    insta::assert_snapshot!(refusal.localized(Language::Spanish), @"no hay paso de `cerrada` a `abierta`; posibles: `en curso` con `reopen`");
    let office = office();
    let command =
        serde_json::from_value(json!({ "move": { "ticket": 1, "to": "closed" } })).unwrap();
    let facts = bailiwick::helpdesk::Facts {
        may_work: &|_| true,
        undecided: &|_| false,
    };
    let refusal = office
        .desk
        .decide(later(1), &viewer("rita"), &command, &facts)
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"no step from `open` to `closed`, possible: `resolved` with `withdraw-ticket`");
    // What this command does not do another does: it is named.
    let reopen = serde_json::from_value(json!({ "reopen": { "ticket": 1 } })).unwrap();
    let refusal = office
        .desk
        .decide(later(1), &viewer("ada"), &reopen, &facts)
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"no step from `open` to `in-progress`, possible: `triaged`, `in-progress` with `move`, `waiting-on-user`, `resolved`, `closed` with `duplicate-of`");
    // An agent can close it as a duplicate alone; what is listed is what one could ask for.
    let refusal = office
        .desk
        .decide(later(1), &viewer("ada"), &command, &facts)
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"no step from `open` to `closed`, possible: `triaged`, `in-progress`, `waiting-on-user`, `resolved`, `closed` with `duplicate-of`");
}

#[test]
fn every_word_is_in_both_languages_and_can_be_read_back() {
    fn check<T: Copy + Localized + PartialEq + core::fmt::Debug>(
        all: &[T],
        word: fn(T) -> &'static str,
        read: fn(&str) -> Option<T>,
    ) {
        for item in all {
            assert_eq!(read(word(*item)), Some(*item));
            for language in [Language::English, Language::Spanish] {
                assert!(!item.localized(language).is_empty(), "{item:?}");
            }
        }
    }
    check(Status::ALL, Status::word, Status::from_word);
    check(Priority::ALL, Priority::word, Priority::from_word);
    check(Category::ALL, Category::word, Category::from_word);
    check(Outcome::ALL, Outcome::word, Outcome::from_word);
    check(ClockKind::ALL, ClockKind::word, ClockKind::from_word);
    check(ClockState::ALL, ClockState::word, ClockState::from_word);
    assert_eq!(
        Status::WaitingOnUser.localized(Language::Spanish),
        "a la espera del usuario"
    );
}

/// A desk is made again of all its events; the first that does not fit is told, and `?` takes it further.
#[test]
fn a_desk_that_cannot_be_made_again_says_at_which_event() {
    let mut office = office();
    office.outcome(
        1,
        "ada",
        &json!({ "move": { "ticket": 1, "to": "triaged" } }),
    );
    office.outcome(
        2,
        "ada",
        &json!({ "note": { "ticket": 1, "body": "Seen" } }),
    );
    let again = |left_out: usize| -> Result<bool, Box<dyn std::error::Error>> {
        let events = office.events.iter().enumerate();
        let events = events.filter(|(place, _)| *place != left_out);
        let settings = office.desk.settings().clone();
        let desk = bailiwick::helpdesk::Desk::replay(settings, events.map(|(_, event)| event))?;
        Ok(desk == office.desk)
    };
    let last = office.events.len() - 1;
    assert!(again(last + 1).unwrap());
    assert!(!again(last).unwrap());
    insta::assert_snapshot!(again(last - 1).unwrap_err(), @"event 2: ticket `1` comes to version 3, expected 2");
    insta::assert_snapshot!(again(0).unwrap_err(), @"event 1: unknown ticket `1`");
}
