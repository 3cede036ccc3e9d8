//! Offboardings amid requests, campaigns and delegations: whatever is under way, nothing of the leaver is left.

use std::collections::BTreeSet;

use bailiwick::CommandKind;

use super::Outcomes;
use super::outline;
use crate::small_town::Word;
use crate::small_town::leaving;
use crate::small_town::walk::Walk;

/// The laws are looked at after every step; here every state is reached that these words lead to.
#[test]
fn whoever_leaves_at_whatever_moment_is_named_by_nothing() {
    let words = leaving();
    let mut outcomes = Outcomes::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![Walk::begin()];
    while let Some(walk) = waiting.pop() {
        for word in words.iter().filter(|word| stays_small(&walk, word)) {
            for by in word.by.iter().copied().chain(["system"]) {
                let mut next = walk.clone();
                let outcome = next.give(by, &word.command).err().unwrap_or("ok");
                *outcomes.entry((word.name, outcome)).or_default() += 1;
                if outcome == "ok" && seen.insert(outline(&next)) {
                    waiting.push(next);
                }
            }
        }
    }
    assert!(seen.len() > 200, "only {} states were reached", seen.len());
    let codes = |name| super::codes(&outcomes, name);
    assert_eq!(codes("offboard rob to mayor"), ["ok"]);
    assert_eq!(
        codes("offboard ana to rob"),
        [
            "invalid-successor",
            "login-disabled",
            "not-authorised",
            "ok"
        ]
    );
    assert_eq!(codes("offboard ivo to ivo"), ["invalid-successor"]);
}

/// One request and one campaign keep the world small.
fn stays_small(walk: &Walk, word: &Word) -> bool {
    let kind = word.command.kind();
    let once = matches!(kind, CommandKind::Request | CommandKind::OpenCampaign);
    !once || walk.log.iter().all(|event| event.command.kind() != kind)
}
