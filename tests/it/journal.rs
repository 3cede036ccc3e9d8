//! The journal: one of version 1 is pinned byte for byte, and whatever is done to it shows.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::Journal;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::journal;
use bailiwick::journal::Why;
use bailiwick::policy;
use proptest::prelude::*;

const VERSION_1: &str = include_str!("journal-v1.jsonl");

/// A small tenant's first days, one command of each kind that leaves no question open.
fn days() -> (Tenant, Tenant, Vec<Event>) {
    let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
    for key in [
        "finance.funds.certify",
        "finance.ledger.view",
        "finance.ledger.edit",
    ] {
        let key = key.parse().unwrap();
        policy.duties.push(policy::Duty {
            key,
            label: None,
            sensitivity: None,
            seat: None,
        });
    }
    policy.ladders.push(policy::Ladder {
        object: "finance.ledger".parse().unwrap(),
        rungs: vec!["view".parse().unwrap(), "edit".parse().unwrap()],
        labels: std::collections::BTreeMap::new(),
    });
    let founded = Tenant::found(&policy).unwrap();
    let mut tenant = founded.clone();
    let commands = [
        r#"{"add-user":{"key":"ana","name":"Ana Ruiz"}}"#,
        r#"{"add-user":{"key":"ida"}}"#,
        r#"{"add-department":{"key":"finance","head":"ida"}}"#,
        r#"{"set-department":{"user":"ana","department":"finance"}}"#,
        r#"{"add-scope":{"key":"bridge"}}"#,
        r#"{"add-group":{"key":"clerks"}}"#,
        r#"{"join":{"user":"ana","group":"clerks"}}"#,
        r#"{"define-profile":{"key":"clerk","grants":["finance",{"on":"finance.ledger","level":"edit"}]}}"#,
        r#"{"assign":{"holder":"group:clerks","profile":"clerk","until":"2026-04-05T09:00:00Z"}}"#,
        r#"{"grant":{"holder":"user:ana","on":"finance.funds.certify","scope":"bridge","ceiling":500000,"reason":"year end"}}"#,
        r#"{"level":{"holder":"everyone","on":"finance.ledger","to":"view"}}"#,
        r#"{"revoke":{"holder":"user:ana","on":"finance"}}"#,
        r#"{"clear":{"holder":"user:ana","on":"finance"}}"#,
        r#"{"conflict":{"key":"pair","of":["finance.funds","finance.ledger"]}}"#,
        r#"{"open-campaign":{"name":"spring","due":"2026-03-01T00:00:00Z"}}"#,
        r#"{"set-seats":{"full":25,"administrator":3}}"#,
        r#"{"disable":{"user":"ida"}}"#,
    ];
    let mut events = Vec::new();
    for (n, text) in commands.into_iter().enumerate() {
        let command: Command =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let at = format!("2026-01-05T09:{n:02}:00Z").parse().unwrap();
        let event = tenant.execute(&Stamp::new(at, Actor::System), &command);
        events.push(event.unwrap_or_else(|refusal| panic!("{text}: {refusal}")));
    }
    (founded, tenant, events)
}

fn lines(events: &[Event]) -> (String, journal::Head) {
    let mut journal = Journal::new();
    let text = events
        .iter()
        .map(|event| journal.append(event).unwrap())
        .collect();
    (text, journal.head())
}

#[test]
fn version_1_is_written_as_it_always_was() {
    let (_, _, events) = days();
    let (text, _) = lines(&events);
    if std::env::var_os("PIN_JOURNAL").is_some() {
        std::fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/journal-v1.jsonl"),
            &text,
        )
        .unwrap();
        return;
    }
    assert!(
        text == VERSION_1,
        "the journal of version 1 is written otherwise"
    );
}

#[test]
fn version_1_replays_to_the_byte_from_any_snapshot() {
    let (founded, tenant, _) = days();
    let stored = journal::read(VERSION_1, None).unwrap();
    let whole = serde_json::to_string(&tenant).unwrap();
    for cut in 0..=stored.events.len() {
        let mut again = founded.clone();
        let (head, tail) = stored.events.split_at(cut);
        for event in head {
            again.replay(event).unwrap();
        }
        let snapshot = serde_json::to_string(&again).unwrap();
        let mut again: Tenant = serde_json::from_str(&snapshot).unwrap();
        assert_eq!(
            serde_json::to_string(&again).unwrap(),
            snapshot,
            "read back at {cut}"
        );
        for event in tail {
            again.replay(event).unwrap();
        }
        assert!(
            serde_json::to_string(&again).unwrap() == whole,
            "snapshot at {cut} and the events after it"
        );
    }
}

#[test]
fn an_event_that_does_not_fit_is_named_and_leaves_no_trace() {
    let (founded, _, events) = days();
    for skipped in 0..events.len() - 1 {
        let mut tenant = founded.clone();
        events
            .iter()
            .take(skipped)
            .for_each(|event| tenant.replay(event).unwrap());
        let before = serde_json::to_string(&tenant).unwrap();
        let unfit = tenant.replay(&events[skipped + 1]).unwrap_err();
        assert_eq!(unfit.revision, events[skipped + 1].revision);
        assert_eq!(serde_json::to_string(&tenant).unwrap(), before);
    }
    // An event whose before is not what was: it fits in number and in time, and is refused all the same.
    let mut tenant = founded.clone();
    let mut twice = events[0].clone();
    tenant.replay(&events[0]).unwrap();
    twice.revision = 2;
    assert_eq!(tenant.replay(&twice).unwrap_err().change, 1);
}

#[test]
fn a_torn_last_line_costs_nothing_before_it() {
    let (_, _, events) = days();
    let (text, _) = lines(&events);
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    for cut in last..text.len() {
        let stored = journal::read(&text[..cut], None).unwrap();
        assert_eq!(
            (stored.events.len(), stored.torn),
            (events.len() - 1, cut - last),
            "cut at {cut}"
        );
    }
}

#[test]
fn lines_missing_at_the_end_show_against_the_kept_head() {
    let (_, _, events) = days();
    let (text, head) = lines(&events);
    let shorter = &text[..=text.trim_end().rfind('\n').unwrap()];
    assert!(journal::read(shorter, None).is_ok());
    let broken = journal::read(shorter, Some(head)).unwrap_err();
    assert_eq!(
        (broken.line, broken.why),
        (events.len(), Why::EndsElsewhere)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_changed_byte_shows_in_its_line(at in 0..VERSION_1.len(), byte in 32_u8..127) {
        prop_assume!(VERSION_1.as_bytes()[at] != byte && VERSION_1.is_char_boundary(at + 1));
        let mut bytes = VERSION_1.as_bytes().to_vec();
        bytes[at] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        let line = VERSION_1[..at].matches('\n').count() + 1;
        let last = VERSION_1.matches('\n').count();
        match journal::read(&changed, None) {
            Err(broken) => prop_assert!(broken.line == line, "line {} for {line}", broken.line),
            // Without its newline the last line is torn, not tampered with.
            Ok(stored) => prop_assert!(line == last && at + 1 == VERSION_1.len() && stored.torn > 0),
        }
    }

    #[test]
    fn lines_swapped_or_left_out_show(a in 0_usize..17, b in 0_usize..17) {
        let mut lines: Vec<&str> = VERSION_1.split_inclusive('\n').collect();
        prop_assume!(a < lines.len() && b < lines.len() && a != b);
        let mut fewer = lines.clone();
        fewer.remove(a);
        if a + 1 < lines.len() {
            prop_assert_eq!(journal::read(&fewer.concat(), None).unwrap_err().line, a + 1);
        }
        lines.swap(a, b);
        prop_assert_eq!(journal::read(&lines.concat(), None).unwrap_err().line, a.min(b) + 1);
    }
}
