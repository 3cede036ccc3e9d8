//! The journal: one of version 1 is pinned byte for byte, and whatever is done to it shows.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::CommandKind;
use bailiwick::Duration;
use bailiwick::Event;
use bailiwick::Journal;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Unfit;
use bailiwick::journal;
use bailiwick::journal::Why;
use bailiwick::policy;
use proptest::prelude::*;

const VERSION_1: &str = include_str!("journal-v1.jsonl");

/// A small tenant's first days: every kind of command.
fn days() -> (Tenant, Tenant, Vec<Event>) {
    let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
    for key in [
        "finance.funds.certify",
        "finance.ledger.view",
        "finance.ledger.edit",
    ] {
        let key = key.parse().unwrap();
        policy.duties.push(policy::Duty::new(key));
    }
    policy.ladders.push(policy::Ladder {
        object: "finance.ledger".parse().unwrap(),
        rungs: vec!["view".parse().unwrap(), "edit".parse().unwrap()],
        labels: std::collections::BTreeMap::new(),
    });
    policy.limits.push(policy::Limit {
        key: "published".parse().unwrap(),
        label: None,
        on: vec!["finance".parse().unwrap()],
        requires: "published".parse().unwrap(),
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
        r#"{"enable":{"user":"ida"}}"#,
        r#"{"add-user":{"key":"bob","department":"finance","level":[{"holder":"user:bob","on":"finance.ledger","to":"none"}],"assign":[{"holder":"user:bob","profile":"clerk"}]}}"#,
        r#"{"set-name":{"user":"bob","name":"Bob Sand"}}"#,
        r#"{"set-contact":{"user":"bob","contact":"room 12"}}"#,
        r#"{"set-login":{"user":"bob","login":"bsand"}}"#,
        r#"{"add-team":{"key":"north"}}"#,
        r#"{"set-team":{"user":"bob","team":"north"}}"#,
        r#"{"set-all-teams":{"user":"ida","all-teams":true}}"#,
        r#"{"add-module":{"key":"law","label":{"en":"Law","es":"Derecho"}}}"#,
        r#"{"add-duty":{"key":"law.case.view","sensitivity":"high"}}"#,
        r#"{"switch-module":{"module":"law","enabled":false}}"#,
        r#"{"set-mode":{"mode":"strict"}}"#,
        r#"{"set-head":{"department":"finance","head":"ana"}}"#,
        r#"{"delegate":{"department":"finance","to":"ida"}}"#,
        r#"{"request":{"beneficiary":"bob","on":"finance.funds.certify","lasting":"30d","justification":"cover"}}"#,
        r#"{"request":{"beneficiary":"bob","on":"law","justification":"a case"}}"#,
        r#"{"request":{"beneficiary":"bob","on":"finance.ledger.view","justification":"a case"}}"#,
        r#"ana {"approve":{"request":1}}"#,
        r#"ida {"deny":{"request":2,"reason":"not yours"}}"#,
        r#"{"withdraw":{"request":3}}"#,
        r#"{"provision":{"request":1}}"#,
        r#"{"certify":{"campaign":1,"user":"ana","on":"finance.funds.certify","scope":"bridge"}}"#,
        r#"{"revoke-item":{"campaign":1,"user":"ana","group":"clerks","note":"moved on"}}"#,
        r#"{"close-campaign":{"campaign":1}}"#,
        r#"{"open-campaign":{"name":"summer","due":"2026-06-01T00:00:00Z","select":{"users":["bob"]},"reviewers":["ida"]}}"#,
        r#"{"cancel-campaign":{"campaign":2,"reason":"a mistake"}}"#,
        r#"{"restrict":{"holder":"user:bob","limit":"published"}}"#,
        r#"{"unrestrict":{"holder":"user:bob","limit":"published"}}"#,
        r#"{"give-item":{"user":"bob","item":"case-1","on":["finance"]}}"#,
        r#"{"give-item":{"user":"bob","item":"case-2","on":["finance"]}}"#,
        r#"{"take-item":{"user":"bob","item":"case-1"}}"#,
        r#"{"join":{"user":"bob","group":"clerks"}}"#,
        r#"{"leave":{"user":"bob","group":"clerks"}}"#,
        r#"{"except-conflict":{"user":"bob","conflict":"pair","reason":"leave","until":"2026-02-01T00:00:00Z"}}"#,
        r#"{"unassign":{"holder":"group:clerks","profile":"clerk"}}"#,
        r#"{"unassign":{"holder":"user:bob","profile":"clerk"}}"#,
        r#"{"retire-profile":{"profile":"clerk"}}"#,
        r#"{"offboard":{"user":"bob","successor":"ida","records":[{"kind":"invoice","key":"12","role":"owner"}]}}"#,
    ];
    let mut events = Vec::new();
    for (n, line) in commands.into_iter().enumerate() {
        let (by, text) = match line.split_once(' ') {
            Some((by, text)) if !line.starts_with('{') => (Actor::User(by.parse().unwrap()), text),
            _ => (Actor::System, line),
        };
        let command: Command =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let at = format!("2026-01-05T09:{n:02}:00Z").parse().unwrap();
        let event = tenant.execute(&Stamp::new(at, by), &command);
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
    let desk = CommandKind::ALL
        .iter()
        .position(|kind| *kind == CommandKind::OpenTicket);
    for kind in CommandKind::ALL.iter().take(desk.unwrap()) {
        let pinned = events.iter().any(|event| event.command.kind() == *kind);
        assert!(pinned, "{kind} is not in the journal");
    }
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

/// Whatever of a user's name, contact and login is known, each event about the user says it as it was and as it is.
#[test]
fn what_a_user_is_called_is_told_whole() {
    let known = |bits: u8| {
        let all = [("name", "Ana"), ("contact", "room 12"), ("login", "aruiz")];
        let known = (0..).zip(all).filter(move |(bit, _)| bits >> bit & 1 == 1);
        known.map(|(_, (key, text))| (key.to_owned(), serde_json::Value::from(text)))
    };
    let stamp = Stamp::new("2026-01-05T09:00:00Z".parse().unwrap(), Actor::System);
    for bits in 0..8 {
        let mut user = serde_json::Map::from_iter([("key".to_owned(), "ana".into())]);
        user.extend(known(bits));
        let user: policy::User = serde_json::from_value(user.into()).unwrap();
        let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
        let empty = Tenant::found(&policy).unwrap();
        policy.users.push(user.clone());
        let founded = Tenant::found(&policy).unwrap();
        let mut added = empty.clone();
        let event = added.execute(&stamp, &Command::AddUser(user)).unwrap();
        let mut replayed = empty;
        replayed.replay(&event).unwrap();
        for tenant in [founded, added, replayed] {
            let mut tenant = tenant;
            let mut before = bits;
            for (command, after) in [
                (r#"{"set-all-teams":{"user":"ana","all-teams":true}}"#, bits),
                (r#"{"set-contact":{"user":"ana"}}"#, bits & 0b101),
                (
                    r#"{"set-login":{"user":"ana","login":"aruiz"}}"#,
                    bits & 1 | 4,
                ),
                (r#"{"set-login":{"user":"ana"}}"#, bits & 1),
                (r#"{"set-name":{"user":"ana","name":"Ana"}}"#, 1),
            ] {
                let command = serde_json::from_str(command).unwrap();
                let event = tenant.execute(&stamp, &command).unwrap();
                let event = serde_json::to_value(&event).unwrap();
                let change = &event["changes"][0]["person-changed"];
                for (side, bits) in [("before", before), ("after", after)] {
                    for key in ["name", "contact", "login"] {
                        let text = known(bits).find(|(known, _)| known == key);
                        let told = change[side].get(key).cloned();
                        assert_eq!(told, text.map(|(_, text)| text), "{bits:b} {change}");
                    }
                }
                before = after;
            }
        }
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
        let (revision, next) = (events[skipped + 1].revision, events[skipped].revision);
        assert_eq!(unfit, Unfit::NotNext { revision, next });
        assert_eq!(serde_json::to_string(&tenant).unwrap(), before);
    }
    // An event whose before is not what was: it fits in number and in time, and is refused all the same.
    let mut tenant = founded.clone();
    let mut twice = events[0].clone();
    tenant.replay(&events[0]).unwrap();
    twice.revision = 2;
    let unfit = tenant.replay(&twice).unwrap_err();
    assert_eq!((unfit.code(), unfit.revision()), ("other-before", 2));
    // One that is known already, one of another time, one of another form.
    let mut early = events[1].clone();
    early.at = events[0].at.checked_sub(Duration::from_seconds(1)).unwrap();
    let mut strange = events[1].clone();
    strange.schema += 1;
    let told = [&events[0], &events[3], &early, &strange].map(|event| {
        let unfit = tenant.replay(event).unwrap_err();
        format!(
            "{}: {unfit}; {}",
            unfit.code(),
            unfit.localized(Language::Spanish)
        )
    });
    insta::assert_snapshot!(told.join("\n"), @"
    not-next: event 1 is known already: the next is 2; el suceso 1 ya se conoce: el siguiente es el 2
    not-next: event 4 comes too early: 2 is missing; el suceso 4 llega demasiado pronto: falta el 2
    out-of-order: event 2 is earlier than the last one, at 2026-01-05T09:00:00Z; el suceso 2 es anterior al último, de 2026-01-05T09:00:00Z
    unknown-schema: event 2 is written in form 2, known is 1; el suceso 2 tiene la forma 2; se conoce la 1
    ");
}

#[test]
fn whichever_change_does_not_fit_none_leaves_a_trace() {
    let (founded, _, events) = days();
    let mut tenant = founded;
    let mut unfit = 0;
    for (n, event) in events.iter().enumerate() {
        let before = serde_json::to_string(&tenant).unwrap();
        let users = |tenant: &Tenant| ["ana", "ida", "bob"].map(|key| tenant.user(key).is_ok());
        for (m, other) in events.iter().enumerate() {
            // Those of another day alone, after today's, and before them.
            for parts in [&[other][..], &[event, other], &[other, event]] {
                let mut forged = event.clone();
                let changes = parts.iter().flat_map(|part| part.changes.clone());
                forged.changes = changes.collect();
                let mut again = tenant.clone();
                if let Err(error) = again.replay(&forged) {
                    unfit += 1;
                    let Unfit::OtherBefore { revision, change } = error else {
                        panic!("{error}");
                    };
                    assert!((1..=forged.changes.len()).contains(&change));
                    assert_eq!(revision, forged.revision);
                    assert_eq!(users(&again), users(&tenant));
                    let after = serde_json::to_string(&again).unwrap();
                    assert!(after == before, "{m} on day {n}: {error}");
                }
            }
        }
        tenant.replay(event).unwrap();
    }
    let tried = events.len() * events.len() * 3;
    assert!(unfit > tried / 2, "{unfit} of {tried}");
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

/// An empty line is no line of a journal, wherever it stands: nobody who appends whole lines makes one.
#[test]
fn an_empty_line_shows() {
    let (_, _, events) = days();
    let (text, head) = lines(&events);
    let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    for (n, at) in [0].into_iter().chain(starts).enumerate() {
        let (before, after) = text.split_at(at);
        let broken = journal::read(&format!("{before}\n{after}"), Some(head)).unwrap_err();
        assert_eq!((broken.line, broken.why), (n + 1, Why::NotALine));
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
    fn lines_swapped_or_left_out_show(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let mut lines: Vec<&str> = VERSION_1.split_inclusive('\n').collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        prop_assume!(a != b);
        let mut fewer = lines.clone();
        fewer.remove(a);
        if a + 1 < lines.len() {
            prop_assert_eq!(journal::read(&fewer.concat(), None).unwrap_err().line, a + 1);
        }
        lines.swap(a, b);
        prop_assert_eq!(journal::read(&lines.concat(), None).unwrap_err().line, a.min(b) + 1);
    }
}
