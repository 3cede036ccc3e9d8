//! Whatever is given to a small town, and by whomever, nothing panics and the laws of change hold at every step.
//!
//! A line of input is `wait`, or who and what: `ida: close and revoke` by the town's vocabulary, or a command as JSON.
#![no_main]
#![allow(dead_code, reason = "the town serves the tests as well")]

#[path = "../../tests/it/small_town/mod.rs"]
mod small_town;

use std::sync::LazyLock;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Tenant;
use bailiwick::document::Names;
use bailiwick::document::Node;
use libfuzzer_sys::fuzz_target;
use small_town::Word;
use small_town::founded;
use small_town::vocabulary;
use small_town::walk::Walk;
use small_town::walk::written;

static WORDS: LazyLock<Vec<Word>> = LazyLock::new(vocabulary);

fuzz_target!(|text: &str| {
    let mut walk = Walk::begin();
    for line in text.lines().take(48) {
        if line == "wait" {
            walk.wait();
        } else if let Some((by, command)) = read(line) {
            // Accepted or refused: either is looked at where it happens.
            let _ = walk.give(by, &command);
        }
    }
    let mut replayed = founded();
    for event in &walk.log {
        replayed.replay(event).expect("an event that was accepted fits");
    }
    let state = written(&walk.tenant);
    assert_eq!(written(&replayed), state, "{walk}");
    let read: Tenant = serde_json::from_str(&state).expect("a state");
    assert_eq!(written(&read), state, "{walk}");
});

fn read(line: &str) -> Option<(&str, Command)> {
    let (by, what) = line.split_once(": ")?;
    let known = by == "system" || Actor::new(&format!("user:{by}")).is_ok();
    let word = WORDS.iter().find(|word| word.name == what);
    let command = word.map(|word| word.command.clone());
    let of_document = || {
        let node = Node::from_json(what).ok()?;
        Command::from_node(&node, &Names::default()).ok()
    };
    let command = command.or_else(of_document)?;
    known.then_some((by, command))
}
