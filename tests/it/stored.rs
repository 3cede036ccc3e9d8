//! What is stored or sent is read whole or not at all: no field is passed over.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Duration;
use bailiwick::Event;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// The places of all fields of a value.
fn fields(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.push((at.to_owned(), key.clone()));
                let key = key.replace('~', "~0").replace('/', "~1");
                fields(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                fields(value, &format!("{at}/{n}"), found);
            }
        }
        _ => {}
    }
}

/// Whether some text is found in a value after reading and writing.
fn keeps<T: Serialize + DeserializeOwned>(value: &Value, text: &str) -> bool {
    serde_json::from_value::<T>(value.clone())
        .is_ok_and(|read| serde_json::to_string(&read).unwrap().contains(text))
}

/// Misspells each field in turn, and adds one to each object: either it cannot be read, or what is not known is the
/// key of some row and comes out again. Gives the fields that were tried.
pub(crate) fn nothing_is_lost<T: Serialize + DeserializeOwned>(value: &T) -> BTreeSet<String> {
    let whole = serde_json::to_value(value).unwrap();
    let mut found = Vec::new();
    fields(&whole, "", &mut found);
    for (at, field) in &found {
        for misspelt in [true, false] {
            let mut changed = whole.clone();
            let map = changed.pointer_mut(at).unwrap().as_object_mut().unwrap();
            let known = if misspelt {
                map.remove(field).unwrap()
            } else {
                map[field].clone()
            };
            let unknown = format!("{field}x");
            if map.insert(unknown.clone(), known).is_some() {
                continue;
            }
            let is_read = serde_json::from_value::<T>(changed.clone()).is_ok();
            assert!(
                !is_read || keeps::<T>(&changed, &unknown),
                "{unknown} at `{at}` is lost: {}",
                changed.pointer(at).unwrap()
            );
        }
    }
    found.into_iter().map(|(_, field)| field).collect()
}

#[test]
fn no_field_of_a_command_an_event_or_a_state_is_passed_over() {
    let (mut of_commands, mut of_events, mut of_states) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for seed in 0..24 {
        let (mut tenant, commands) = crate::following::played(seed, 12);
        for (at, by, command) in &commands {
            of_commands.extend(nothing_is_lost::<Command>(command));
            if let Ok(event) = tenant.execute(&Stamp::new(*at, by.clone()), command) {
                of_events.extend(nothing_is_lost::<Event>(&event));
            }
        }
        if seed % 6 == 0 {
            of_states.extend(nothing_is_lost::<Tenant>(&tenant));
        }
    }
    for (seen, some) in [
        (&of_commands, ["until", "ceiling", "scope", "profile"]),
        (&of_events, ["until", "window", "reach", "by"]),
        (&of_states, ["until", "entries", "users", "window"]),
    ] {
        for field in some {
            assert!(seen.contains(field), "{field}: {seen:?}");
        }
    }
}

#[test]
fn a_misspelt_end_is_an_error_and_not_a_grant_without_end() {
    let read =
        |text: &str| serde_json::from_str::<Command>(text).map_err(|error| error.to_string());
    let error = read(
        r#"{ "grant": { "holder": "user:ana", "on": "site", "untl": "2026-02-01T00:00:00Z" } }"#,
    );
    assert!(error.unwrap_err().contains("unknown field `untl`"));
    let at: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let stamp = Stamp::new(at, Actor::System);
    let grant =
        r#"{ "grant": { "holder": "user:ana", "on": "site", "until": "2026-02-01T00:00:00Z" } }"#;
    let mut tenant = Tenant::from_json(
        r#"{ "duty": [{ "key": "site.lot.view" }], "user": [{ "key": "ana" }] }"#,
    )
    .unwrap();
    let event = tenant.execute(&stamp, &read(grant).unwrap()).unwrap();
    let text = serde_json::to_string(&event).unwrap();
    let last = text.rfind("\"until\"").unwrap();
    let changed = format!("{}\"ntil\"{}", &text[..last], &text[last + 7..]);
    assert!(serde_json::from_str::<Event>(&changed).is_err());
}

/// There is always a next revision.
#[test]
fn a_tenant_of_more_events_than_there_can_be_is_not_read() {
    let tenant = Tenant::from_json(r#"{ "user": [{ "key": "ana" }] }"#).unwrap();
    let mut stored = serde_json::to_value(&tenant).unwrap();
    let disable = Command::from_json(r#"{ "disable": { "user": "ana" } }"#).unwrap();
    let stamp = Stamp::new("2026-01-05T09:00:00Z".parse().unwrap(), Actor::System);
    for (revision, next) in [
        (7, Some(8)),
        (u64::MAX / 2, Some(u64::MAX / 2 + 1)),
        (u64::MAX / 2 + 1, None),
        (u64::MAX, None),
    ] {
        stored["revision"] = revision.into();
        let read = serde_json::from_value::<Tenant>(stored.clone());
        let decided = read.map(|tenant| tenant.decide(&stamp, &disable).unwrap().revision);
        assert_eq!(decided.ok(), next, "{revision}");
    }
}

/// What is written of a length is read again, however long somebody wanted it.
#[test]
fn no_length_is_longer_than_can_be_read() {
    for length in [
        Duration::MAX,
        Duration::from_seconds(u64::MAX),
        Duration::from_days(u32::MAX),
        std::time::Duration::MAX.into(),
    ] {
        assert_eq!(length, Duration::MAX);
        assert_eq!(length.to_string().parse(), Ok(length));
        let text = serde_json::to_string(&length).unwrap();
        assert_eq!(serde_json::from_str::<Duration>(&text).unwrap(), length);
        assert_eq!(Timestamp::MIN.checked_add(length), Some(Timestamp::MAX));
    }
    let short = Duration::from_seconds(Duration::MAX.as_seconds() - 1);
    assert!(short < Duration::MAX && Duration::from_days(3_652_424) < Duration::MAX);
}

/// Both readers of a command take the same commands for the same, and of a mistake in one text each place is told.
#[test]
fn a_command_is_read_from_text() {
    let json = Command::from_json(r#"{ "disable": { "user": "ana" } }"#);
    assert_eq!(json, Command::from_toml("disable = { user = 'ana' }"));
    let wrong = "[grant]\nholdr = 'user:ana'\non = 'site'\nuntil = 'soon'";
    let mistakes = Command::from_toml(wrong).unwrap_err();
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "unknown-field at holdr: unknown field `holdr`, nearest is `holder`",
            "malformed-instant at until: not an instant such as `2026-01-05T09:00:00Z`",
        ]
    );
    let broken = Command::from_json("{ \"disable\": ").unwrap_err();
    assert_eq!(broken[0].code(), "malformed-document");
}

/// A number is read as it is shown, and a key is a text wherever one is wanted.
#[test]
fn numbers_and_keys_are_texts_and_back() {
    let request = bailiwick::RequestId(7);
    assert_eq!(request.to_string().parse(), Ok(request));
    let campaign = bailiwick::CampaignId(u32::MAX);
    assert_eq!(campaign.to_string().parse(), Ok(campaign));
    assert!("seven".parse::<bailiwick::TicketId>().is_err());
    let key: bailiwick::UserKey = "ana".parse().unwrap();
    assert_eq!([key].join("/"), "ana");
}
