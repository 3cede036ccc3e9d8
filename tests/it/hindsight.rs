//! Looking back: who could do this on that day and by whose decision, and what has changed for somebody since.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::History;
use bailiwick::QuestionError;
use bailiwick::Refusal;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::Turn;
use bailiwick::UserKey;
use bailiwick::document::Document;
use serde_json::Value;
use serde_json::json;

use crate::small_town::founded;
use crate::small_town::walk::written;

fn at(day: &str) -> Timestamp {
    format!("2026-01-{day}T09:00:00Z")
        .parse()
        .expect("an instant")
}

/// Ana asks, the mayor approves, Ida provisions; Ivo joins the clerks; Ana's access is revoked.
fn month() -> History {
    let mut history = History::new(founded());
    let mut give = |day: &str, by: &str, command: Value| {
        let by = Actor::new(by).expect("an actor");
        let command: Command = serde_json::from_value(command).expect("a command");
        let done = history.execute(&Stamp::new(at(day), by), &command);
        assert!(done.is_ok(), "{done:?}");
    };
    give(
        "05",
        "system",
        json!({ "unassign": { "holder": "user:ana", "profile": "clerk" } }),
    );
    give(
        "06",
        "user:rob",
        json!({ "request": { "beneficiary": "ana", "on": "fin.po.view", "justification": "cover" } }),
    );
    give("07", "user:mayor", json!({ "approve": { "request": 1 } }));
    give("08", "user:ida", json!({ "provision": { "request": 1 } }));
    give(
        "09",
        "user:ida",
        json!({ "join": { "user": "ivo", "group": "clerks", "reason": "stands in" } }),
    );
    give(
        "20",
        "user:ida",
        json!({ "clear": { "holder": "user:ana", "on": "fin.po.view" } }),
    );
    history
}

fn who_could(history: &History, day: &str) -> Vec<String> {
    let able = history
        .who_could("fin.po.view", &Resource::default(), at(day))
        .expect("a known duty");
    let told = able.iter().map(|ability| {
        let decisions = ability.decisions.iter().map(|decision| {
            let by = decision.by.as_ref().map_or("-".into(), ToString::to_string);
            let approved = decision
                .approved
                .as_ref()
                .map(|(_, user)| format!(", approved by {user}"));
            format!("{} by {by}{}", decision.what, approved.unwrap_or_default())
        });
        format!(
            "{}: {}",
            ability.user,
            decisions.collect::<Vec<_>>().join("; ")
        )
    });
    told.collect()
}

#[test]
fn who_could_do_this_on_that_day_and_by_whose_decision() {
    let history = month();
    assert_eq!(
        who_could(&history, "04"),
        ["ana: assign user:ana clerk by system"]
    );
    assert_eq!(who_could(&history, "07"), [""; 0]);
    let provisioned = "ana: grant user:ana fin.po.view by user:ida, approved by mayor";
    assert_eq!(who_could(&history, "08"), [provisioned]);
    let through_group =
        "ivo: grant group:clerks fin.po.view by system; member user:ivo clerks by user:ida";
    assert_eq!(who_could(&history, "19"), [provisioned, through_group]);
    // From today's state nobody would know: the grant has ended.
    assert_eq!(who_could(&history, "20"), [through_group]);
    let unknown = history.who_could("fin.po.veiw", &Resource::default(), at("08"));
    assert_eq!(unknown.map_err(|error| error.code()), Err("unknown-duty"));
}

#[test]
fn what_has_changed_for_somebody_between_two_instants() {
    let history = month();
    let turns = |user: &str, from: &str, to: &str| -> Vec<(String, Turn)> {
        let difference = history.difference(user, at(from), at(to)).expect("known");
        difference
            .rows
            .iter()
            .map(|row| (row.duty.key.clone(), row.turn))
            .collect()
    };
    let view = |turn| vec![("fin.po.view".to_owned(), turn)];
    assert_eq!(turns("ana", "04", "07"), view(Turn::Lost));
    assert_eq!(turns("ana", "07", "08"), view(Turn::Gained));
    // There and back: only the two instants count.
    assert_eq!(turns("ana", "07", "20"), vec![]);
    assert_eq!(turns("ivo", "08", "20"), view(Turn::Gained));
    assert_eq!(turns("rob", "04", "20"), vec![]);
    assert!(matches!(
        history.difference("anna", at("04"), at("20")),
        Err(QuestionError::Unknown(_))
    ));
}

#[test]
fn nothing_is_known_from_before_the_founding() {
    let history = History::founded_at(founded(), at("05"));
    let early = history.who_could("fin.po.view", &Resource::default(), at("04"));
    assert_eq!(early, Err(QuestionError::BeforeHistory));
    let ana: UserKey = "ana".parse().expect("a key");
    assert_eq!(
        history.difference(ana.as_str(), at("04"), at("06")),
        Err(QuestionError::BeforeHistory)
    );
}

#[test]
fn nothing_is_done_before_the_founding() {
    let mut history = History::founded_at(founded(), at("05"));
    let mut give = |day: &str, verb: &str| {
        let command = json!({ verb: { "user": "ivo", "group": "clerks" } });
        let command: Command = serde_json::from_value(command).expect("a command");
        let done = history.execute(&Stamp::new(at(day), Actor::System), &command);
        done.map(|event| event.revision)
    };
    assert_eq!(
        give("04", "join"),
        Err(Refusal::OutOfOrder { last: at("05") })
    );
    assert_eq!(give("05", "join"), Ok(1));
    assert_eq!(give("06", "leave"), Ok(2));
    let revision = |day: &str| history.as_of(at(day)).map(|then| then.revision());
    assert_eq!(revision("04"), Err(QuestionError::BeforeHistory));
    assert_eq!(revision("05"), Ok(1));
    assert_eq!(revision("06"), Ok(2));
}

#[test]
fn a_history_is_told_again_from_its_events() {
    let lived = month();
    let mut again = History::new(founded());
    for event in lived.events() {
        again.replay(event.clone()).expect("it fits");
    }
    assert_eq!(again.events(), lived.events());
    assert!(written(again.tenant()) == written(lived.tenant()));
    for day in ["04", "07", "08", "19", "20"] {
        assert_eq!(who_could(&again, day), who_could(&lived, day));
    }
    // What has happened already does not fit, and leaves no trace.
    let last = lived.events().last().expect("an event");
    assert!(again.replay(last.clone()).is_err());
    assert_eq!(again.events(), lived.events());
    assert!(written(again.tenant()) == written(lived.tenant()));
}

#[test]
fn a_membership_answers_for_it_only_where_its_group_decided() {
    let policy = json!({
        "name": "Two shifts",
        "duty": [{ "key": "fin.po.view" }],
        "group": [{ "key": "floor" }, { "key": "hall" }, { "key": "shift", "parent": "hall" }],
        "user": [{ "key": "ana", "groups": ["floor", "shift"] }],
        "grant": [
            { "holder": "group:floor", "on": "fin.po.view" },
            { "holder": "group:shift", "on": "fin.po.view" },
        ],
    });
    let document = Document::from_json(&policy.to_string()).expect("a policy");
    let history = History::new(Tenant::found(&document.policy).expect("a tenant"));
    // The floor speaks as well, but the shift is the more specific layer.
    assert_eq!(
        who_could(&history, "05"),
        ["ana: grant group:shift fin.po.view by system; member user:ana shift by system"]
    );
}

#[test]
fn the_state_as_of_any_event_is_the_fold_of_the_events_up_to_it() {
    let mut history = History::new(founded());
    let mut folded = vec![written(history.tenant())];
    let start = at("05").as_unix();
    // More than twice as many as a history keeps states apart.
    for second in 0..150 {
        let command = if second % 2 == 0 { "join" } else { "leave" };
        let command: Command =
            serde_json::from_value(json!({ command: { "user": "ivo", "group": "clerks" } }))
                .expect("a command");
        let at = Timestamp::from_unix(start + second).expect("in range");
        history
            .execute(&Stamp::new(at, Actor::System), &command)
            .expect("accepted");
        folded.push(written(history.tenant()));
    }
    let mut replayed = founded();
    for (second, state) in (-1..).zip(&folded) {
        let at = Timestamp::from_unix(start + second).expect("in range");
        assert!(
            written(&history.as_of(at).expect("a state")) == *state,
            "as of second {second}"
        );
        assert!(
            written(&replayed) == *state,
            "replayed up to second {second}"
        );
        let next = usize::try_from(second + 1).expect("from 0");
        if let Some(event) = history.events().get(next) {
            replayed.replay(event).expect("a fitting event");
        }
    }
}
