//! All of a small world: every state that can be reached, times every command by everybody.

mod assignments;
mod campaigns;
mod leaving;
mod random;
mod requests;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

use crate::small_town::Word;
use crate::small_town::walk::Walk;

/// What a plain reader of the log knows, without the tenant's help.
trait Reading: Clone + Default + Ord {
    /// What is known after a step, if it may be taken at all.
    fn step(&self, name: &str, by: &str, now: usize) -> Option<Self>;

    /// Whether a command is tried here: some keep the world small.
    fn tries(&self, _name: &str, _now: usize) -> bool {
        true
    }
}

/// A state of the world.
#[derive(Clone)]
struct Reached<R> {
    walk: Walk,
    known: R,
}

/// How often each command met each outcome: `ok` or the code of a refusal.
type Outcomes = BTreeMap<(&'static str, &'static str), usize>;

impl<R: Reading> Reached<R> {
    fn begin() -> Self {
        Self {
            walk: Walk::begin(),
            known: R::default(),
        }
    }

    /// The states after each command by everybody: accepted exactly where the plain reading says so.
    fn steps(&self, words: &[Word], outcomes: &mut Outcomes) -> Vec<(&'static str, Self)> {
        let mut next = Vec::new();
        let tried = |word: &&Word| self.known.tries(word.name, self.walk.now);
        for word in words.iter().filter(tried) {
            for by in word.by.iter().copied().chain(["system"]) {
                let expected = self.known.step(word.name, by, self.walk.now);
                let mut walk = self.walk.clone();
                let outcome = walk.give(by, &word.command);
                let told = outcome.err().unwrap_or("ok");
                *outcomes.entry((word.name, told)).or_default() += 1;
                assert_eq!(
                    outcome.is_ok(),
                    expected.is_some(),
                    "{by}: {} is {told}\n{}",
                    word.name,
                    self.walk
                );
                if let Some(known) = expected {
                    next.push((word.name, Self { walk, known }));
                }
            }
        }
        next
    }

    fn fingerprint(&self) -> (String, usize, R) {
        (outline(&self.walk), self.walk.now, self.known.clone())
    }
}

/// What a tenant says of itself; by whom, how often and when things changed is left aside.
fn outline(walk: &Walk) -> String {
    let mut outline = String::new();
    let mut rest = walk.written.as_str();
    while let Some((before, after)) = rest.split_once("\":") {
        let (_, field) = before.rsplit_once('"').expect("a field");
        outline.push_str(before);
        let closing = match after.chars().next() {
            Some('"') => '"',
            Some('[') => ']',
            _ => ',',
        };
        let volatile = ["revision", "made", "last", "since", "by", "at", "certified"];
        let value = after.get(1..).and_then(|value| value.find(closing));
        let skipped = value
            .filter(|_| volatile.contains(&field))
            .map_or(0, |length| length + 2);
        rest = after.get(skipped..).unwrap_or_default();
    }
    outline + rest
}

/// Visits every state once, at so many of the town's instants, and counts them.
fn explore<R: Reading>(
    instants: usize,
    mut visit: impl FnMut(&Reached<R>) -> Vec<Reached<R>>,
) -> usize {
    let first = Reached::begin();
    let mut seen = BTreeSet::from([first.fingerprint()]);
    let mut waiting = VecDeque::from([first]);
    while let Some(reached) = waiting.pop_front() {
        let mut next = visit(&reached);
        let mut later = reached;
        if later.walk.now + 1 < instants {
            later.walk.wait();
            next.push(later);
        }
        let new = |next: &Reached<R>| seen.insert(next.fingerprint());
        waiting.extend(next.into_iter().filter(new));
    }
    seen.len()
}

/// The outcomes that a command met, sorted.
fn codes(outcomes: &Outcomes, name: &str) -> Vec<&'static str> {
    let of = outcomes.keys().filter(|(word, _)| *word == name);
    of.map(|(_, code)| *code).collect()
}
