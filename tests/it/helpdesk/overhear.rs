//! What reporters could overhear: every output of their views, searched for what agents wrote among themselves.

use bailiwick::TicketId;
use bailiwick::helpdesk::ClockKind;
use bailiwick::helpdesk::Desk;
use bailiwick::helpdesk::QueueFilter;
use bailiwick::helpdesk::Viewer;
use serde_json::json;

use super::office::Office;
use super::office::commands;
use super::office::later;
use super::office::settings;
use super::office::viewer;

/// Everything that a viewer is told about the first so many tickets, as one text.
pub(crate) fn told(desk: &Desk, viewer: &Viewer, seconds: i64, tickets: u32) -> String {
    let at = later(seconds);
    let mut text = format!("{:?} {:?}", desk.tiles(viewer, at), desk.pills(viewer, at));
    let mut tell = |answer: String| text.extend([answer.as_str(), "\n"]);
    tell(format!(
        "{:?}",
        desk.queue(viewer, at, QueueFilter::default(), 0, usize::MAX)
    ));
    for ticket in (1..=tickets).map(TicketId) {
        let detail = desk.detail(viewer, at, ticket);
        tell(detail.as_ref().map_or_else(ToString::to_string, |detail| {
            serde_json::to_string(detail).expect("a detail is data")
        }));
        tell(format!("{detail:?}"));
        let summary = desk.summary(viewer, at, ticket);
        tell(
            summary
                .as_ref()
                .map_or_else(ToString::to_string, |summary| {
                    serde_json::to_string(summary).expect("a summary is data")
                }),
        );
        tell(format!(
            "{:?}",
            desk.history(viewer, at, ticket, |entry| format!("{entry:?}"))
        ));
        tell(format!("{:?}", desk.steps(viewer, at, ticket)));
        for kind in ClockKind::ALL {
            tell(format!("{:?}", desk.clock(viewer, at, ticket, *kind)));
            tell(format!("{:?}", desk.explain_due(viewer, at, ticket, *kind)));
        }
    }
    text
}

/// Gives the commands of a vocabulary by their numbers, with a note or an internal attachment of its own text after
/// each, and searches what reporters and other staff are told.
pub(crate) fn nothing_internal_is_told(steps: &[(u8, u8)]) {
    let words = commands();
    let people = ["ada", "rita", "abel", "sue", "ronan", "system"];
    let mut office = Office::new(settings(bailiwick::helpdesk::Calendar::always()));
    office.open(0, "rita", bailiwick::helpdesk::Priority::Normal);
    office.open(0, "ronan", bailiwick::helpdesk::Priority::Urgent);
    let mut now = 0;
    for (number, (word, by)) in (0..).zip(steps) {
        now += i64::from(*by) * 60;
        let secret = format!("secret-{number}-of-agents");
        let note = json!({ "note": { "ticket": 1 + number % 2, "body": secret } });
        let log = json!({ "attach": { "ticket": 1, "name": format!("{secret}.txt"), "media-type": "text/plain",
            "bytes": 9, "internal": true, "key": secret } });
        office.outcome(now, "ada", &note);
        office.outcome(now, "abel", &log);
        let by = people[usize::from(*by) % people.len()];
        office.outcome(now, by, &words[usize::from(*word) % words.len()]);
    }
    let among_agents = told(&office.desk, &viewer("ada"), now, 2);
    assert_eq!(among_agents.contains("of-agents"), !steps.is_empty());
    for name in ["rita", "ronan", "otto"] {
        let text = told(&office.desk, &viewer(name), now + 1, 2);
        assert!(!text.contains("of-agents"), "{name} is told: {text}");
        assert!(!text.contains("Note"), "{name} is told of notes: {text}");
    }
}
