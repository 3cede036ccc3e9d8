//! Assignments, entries and memberships: one of a key at a time, replaced and ended as rule 3.3 reads.

use bailiwick::Resource;

use super::Outcomes;
use super::Reached;
use super::Reading;
use super::codes;
use super::explore;
use crate::small_town::assignments;

/// From one of the town's instants, or from always, to another or without an end; and whether it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    from: Option<usize>,
    until: Option<usize>,
    gives: bool,
}

impl Held {
    fn holds(self, now: usize) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    fn overlaps(self, other: Self) -> bool {
        (0..3).any(|now| self.holds(now) && other.holds(now))
    }

    /// As it is once it has been ended; nothing is left of what had not begun.
    fn ended(self, now: usize) -> Option<Self> {
        let begun = self.from.is_none_or(|from| from < now);
        begun.then_some(Self {
            until: Some(now),
            ..self
        })
    }
}

/// What Ana has of one key, sorted.
type Line = Vec<Held>;

/// What is known of Ana's profile, of her entry and of her membership.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    profile: Line,
    entry: Line,
    group: Line,
}

impl Default for Known {
    fn default() -> Self {
        let clerk = Held {
            from: None,
            until: Some(2),
            gives: true,
        };
        Self {
            profile: vec![clerk],
            entry: Line::new(),
            group: Line::new(),
        }
    }
}

/// Makes something held; what clashes refuses it or, where it is to be replaced, ends now.
fn make(line: &mut Line, new: Held, replaces: bool, now: usize) -> bool {
    let past = new.until.is_some_and(|until| until <= now);
    let clashes = line.iter().any(|held| held.overlaps(new));
    if past || (clashes && !replaces) {
        return false;
    }
    let left = |held: &Held| {
        if held.overlaps(new) {
            held.ended(now)
        } else {
            Some(*held)
        }
    };
    *line = line.iter().filter_map(left).chain([new]).collect();
    line.sort_unstable();
    true
}

/// Ends what is in force, else what is next to come.
fn end(line: &mut Line, now: usize) -> bool {
    let mut order = line.iter().filter(|held| held.holds(now));
    let in_force = order.next().copied();
    let to_come = line
        .iter()
        .filter(|held| held.from > Some(now))
        .min_by_key(|held| held.from);
    let Some(ending) = in_force.or(to_come.copied()) else {
        return false;
    };
    let left = |held: &Held| {
        if *held == ending {
            held.ended(now)
        } else {
            Some(*held)
        }
    };
    *line = line.iter().filter_map(left).collect();
    true
}

impl Known {
    /// The individual layer over the profiles, and these over the group.
    fn permits(&self, now: usize) -> bool {
        let says = |line: &Line| {
            line.iter()
                .find(|held| held.holds(now))
                .map(|held| held.gives)
        };
        let said = says(&self.entry)
            .or(says(&self.profile))
            .or(says(&self.group));
        said.unwrap_or(false)
    }
}

impl Reading for Known {
    fn step(&self, name: &str, by: &str, now: usize) -> Option<Self> {
        if by == "ana" {
            return None;
        }
        let mut next = self.clone();
        let from_now = |until| Held {
            from: Some(now),
            until,
            gives: true,
        };
        let takes = |until| Held {
            gives: false,
            ..from_now(until)
        };
        let done = match name {
            "assign clerk" => make(&mut next.profile, from_now(None), false, now),
            "assign clerk to the end" => make(&mut next.profile, from_now(Some(2)), false, now),
            "assign clerk later" => {
                let later = Held {
                    from: Some(1),
                    until: Some(2),
                    gives: true,
                };
                make(&mut next.profile, later, false, now)
            }
            "assign clerk anew" => make(&mut next.profile, from_now(None), true, now),
            "unassign clerk" => end(&mut next.profile, now),
            "grant view" => make(&mut next.entry, from_now(Some(2)), false, now),
            "grant view anew" => make(&mut next.entry, from_now(None), true, now),
            "revoke view" => make(&mut next.entry, takes(None), false, now),
            "revoke view anew" => make(&mut next.entry, takes(Some(1)), true, now),
            "clear view" => end(&mut next.entry, now),
            "join clerks" => make(&mut next.group, from_now(None), false, now),
            "leave clerks" => end(&mut next.group, now),
            _ => false,
        };
        done.then_some(next)
    }
}

/// Tries the words that are about these, and no others: what a user has of one key is no matter of another's.
fn outcomes_of(about: &[&str]) -> Outcomes {
    let mut words = assignments();
    words.retain(|word| about.iter().any(|about| word.name.contains(about)));
    let mut outcomes = Outcomes::new();
    let states = explore::<Known>(3, |reached| {
        agrees(reached);
        let next = reached.steps(&words, &mut outcomes);
        next.into_iter().map(|(_, next)| next).collect()
    });
    assert!(states > 100, "only {states} states were reached");
    outcomes
}

const MAKING: [&str; 3] = ["conflicting-entry", "not-authorised", "ok"];
const ENDING: [&str; 3] = ["no-such-entry", "not-authorised", "ok"];

#[test]
fn every_step_of_an_assignment_is_as_the_rule_reads() {
    let outcomes = outcomes_of(&["clerk"]);
    assert_eq!(codes(&outcomes, "assign clerk"), MAKING);
    assert_eq!(codes(&outcomes, "join clerks"), MAKING);
    assert_eq!(
        codes(&outcomes, "assign clerk anew"),
        ["not-authorised", "ok"]
    );
    assert_eq!(codes(&outcomes, "unassign clerk"), ENDING);
    assert_eq!(codes(&outcomes, "leave clerks"), ENDING);
}

#[test]
fn every_step_of_an_entry_is_as_the_rule_reads() {
    let outcomes = outcomes_of(&["view", "unassign"]);
    let making = ["already-past", "conflicting-entry", "not-authorised", "ok"];
    assert_eq!(codes(&outcomes, "grant view"), making);
    assert_eq!(codes(&outcomes, "revoke view"), MAKING);
    assert_eq!(codes(&outcomes, "clear view"), ENDING);
}

/// Now and at every later instant Ana may see orders exactly where the plain reading says so.
fn agrees(reached: &Reached<Known>) {
    for now in reached.walk.now..3 {
        let as_of = reached
            .walk
            .tenant
            .as_of(crate::small_town::walk::instant(now));
        let may = as_of
            .check("ana", "fin.po.view", &Resource::default())
            .expect("known keys");
        assert_eq!(
            may.is_permit(),
            reached.known.permits(now),
            "{now}: {}",
            reached.walk
        );
    }
}
