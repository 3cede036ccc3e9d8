//! The search for alternatives: what brings the check further is followed, what permits is made minimal.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::command::Command;
use crate::decision::Case;
use crate::decision::Decision;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Resource;
use crate::decision::decide;
use crate::event::Stamp;
use crate::id::Actor;
use crate::id::Key;
use crate::ix::DutyIx;
use crate::ix::UserIx;
use crate::model::Model;
use crate::remedy::Remedies;
use crate::remedy::Remedy;
use crate::remedy::RemedySearch;
use crate::remedy::account::Account;
use crate::remedy::steps::Step;
use crate::remedy::steps::steps;
use crate::tenant::Tenant;
use crate::tenant::trial::Trial;
use crate::time::Timestamp;

/// How many states are looked at before the search rests, those of fewest steps first: what has been found stands.
const MOST: usize = 2_000;
/// How many parts an alternative may have: every subset of them is tried.
const PARTS: usize = 12;

/// The alternatives for a denial.
pub(super) fn remedies(
    tenant: &Tenant,
    at: Timestamp,
    user: UserIx,
    duty: DutyIx,
    resource: &Resource<'_>,
) -> Result<Remedies, QuestionError> {
    let stamp = Stamp::new(at, Actor::System);
    let asked = Asked {
        user,
        duty,
        record: Record::new(&tenant.model, resource)?,
        at,
    };
    let start = Trial::new(tenant, &stamp);
    let mut search = Search {
        asked: &asked,
        start: &start,
        found: Vec::new(),
        tried: 0,
        end: RemedySearch::Complete,
    };
    search.run();
    let Search { found, end, .. } = search;
    let whole: Vec<bool> = found
        .iter()
        .map(|one| {
            let part =
                |other: &Found<'_>| other.step != one.step && contains(&one.step, &other.step);
            !found.iter().any(part)
        })
        .collect();
    let mut account = Account::new(tenant, &asked, &start);
    let least = found.into_iter().zip(whole).filter(|(_, whole)| *whole);
    let remedies = least.filter_map(|(found, _)| account.remedy(found));
    let mut alternatives: Vec<Remedy> = remedies.collect();
    alternatives.sort_by_key(|remedy| {
        let size = remedy.steps.len() + remedy.qualifiers.len();
        (remedy.others, size)
    });
    Ok(Remedies {
        alternatives,
        search: end,
    })
}

/// The question whose answer is a denial.
pub(super) struct Asked<'a> {
    pub(super) user: UserIx,
    pub(super) duty: DutyIx,
    pub(super) record: Record<'a>,
    pub(super) at: Timestamp,
}

impl Asked<'_> {
    /// The record as it would be with some more qualifiers.
    pub(super) fn with<R>(&self, qualifiers: &[Key], ask: impl FnOnce(&Record<'_>) -> R) -> R {
        if qualifiers.is_empty() {
            return ask(&self.record);
        }
        let more = qualifiers.iter().map(Key::as_str);
        let all: Vec<&str> = self.record.qualifiers.iter().copied().chain(more).collect();
        ask(&Record {
            path: self.record.path.clone(),
            qualifiers: &all,
            ..self.record
        })
    }

    /// What the check answers then.
    fn check(&self, model: &Model, qualifiers: &[Key]) -> Decision {
        self.with(qualifiers, |record| {
            decide(model, self.user, self.duty, record, self.at)
        })
    }
}

/// Something that permits, and access after its commands.
pub(super) struct Found<'a> {
    pub(super) step: Step,
    pub(super) after: Trial<'a>,
}

/// A state that is looked at: after some steps, joined into one.
struct State<'a> {
    trial: Trial<'a>,
    step: Step,
}

struct Search<'s, 'a> {
    asked: &'s Asked<'s>,
    start: &'s Trial<'a>,
    found: Vec<Found<'a>>,
    tried: usize,
    end: RemedySearch,
}

impl<'a> Search<'_, 'a> {
    /// Looks at states, those of fewest steps first, until there is none.
    ///
    /// There is an end to it: a step that is followed brings the check further, or ends something and brings it no
    /// less far.
    fn run(&mut self) {
        let mut open = VecDeque::from([State {
            trial: self.start.clone(),
            step: Step::default(),
        }]);
        while let Some(state) = open.pop_front() {
            if !self.is_superfluous(&state.step) {
                open.extend(self.follow(&state));
            }
        }
    }

    /// Keeps every next step that makes the check permit, and gives those that bring it further.
    fn follow(&mut self, state: &State<'a>) -> Vec<State<'a>> {
        let Some((before, steps)) = self.asked.with(&state.step.qualifiers, |record| {
            let model = &state.trial.model;
            let user = model.user(self.asked.user)?;
            let case = Case::new(model, user, self.asked.duty, record, self.asked.at);
            Some((progress(case.decision()), steps(&case)))
        }) else {
            return Vec::new();
        };
        let mut further = Vec::new();
        for step in steps {
            let joined = joined(&state.step, &step);
            if self.is_superfluous(&joined) {
                continue;
            }
            if self.tried >= MOST {
                self.end = RemedySearch::Rested;
                break;
            }
            self.tried += 1;
            let Ok(trial) = state.trial.after_all(&step.commands) else {
                continue;
            };
            let ends = takes_away(&step);
            let step = joined;
            let after = progress(self.asked.check(&trial.model, &step.qualifiers));
            if after == PERMIT {
                self.keep(step, trial);
            } else if after > before || (ends && after == before) {
                further.push(State { trial, step });
            }
        }
        further
    }

    /// Whether an alternative that is known is a part of it.
    fn is_superfluous(&self, step: &Step) -> bool {
        self.found.iter().any(|found| contains(step, &found.step))
    }

    /// Keeps the smallest part of what permits that permits; nothing of what has too many parts to be sure.
    fn keep(&mut self, step: Step, after: Trial<'a>) {
        let parts = step.commands.len() + step.qualifiers.len();
        if parts > PARTS {
            self.end = RemedySearch::Rested;
            return;
        }
        let mut masks: Vec<u32> = (1..(1_u32 << parts) - 1).collect();
        masks.sort_by_key(|mask| mask.count_ones());
        let smaller = masks.into_iter().find_map(|mask| {
            let step = part(&step, mask);
            let after = self.start.after_all(&step.commands).ok()?;
            let decision = self.asked.check(&after.model, &step.qualifiers);
            decision.is_permit().then_some(Found { step, after })
        });
        let smallest = smaller.unwrap_or(Found { step, after });
        if !self.is_superfluous(&smallest.step) {
            self.found.push(smallest);
        }
    }
}

/// How far the checks come that permit.
const PERMIT: usize = 7;

/// How far the checks came (rule 4).
fn progress(decision: Decision) -> usize {
    match decision {
        Decision::Permit(_) => PERMIT,
        Decision::Deny(denial) => match denial {
            Denial::LoginDisabled => 0,
            Denial::ModuleOff => 1,
            Denial::OutsideTeam => 2,
            Denial::NoItemRight | Denial::Revoked | Denial::Withheld | Denial::NotGranted => 3,
            Denial::NotAssociated => 4,
            Denial::Limited => 5,
            Denial::OverCeiling => 6,
        },
    }
}

/// Whether a step only ends things, so that it cannot be followed by itself without end.
fn takes_away(step: &Step) -> bool {
    !step.commands.is_empty()
        && step.commands.iter().all(|command| {
            matches!(
                command,
                Command::Clear(_)
                    | Command::Unassign(_)
                    | Command::Unrestrict(_)
                    | Command::Leave(_)
            )
        })
}

fn joined(one: &Step, other: &Step) -> Step {
    let mut both = one.clone();
    both.commands.extend_from_slice(&other.commands);
    for word in &other.qualifiers {
        if !both.qualifiers.contains(word) {
            both.qualifiers.push(word.clone());
        }
    }
    both
}

/// Whether everything of `other` is in `step`.
fn contains(step: &Step, other: &Step) -> bool {
    let commands = &step.commands;
    let qualifiers = &step.qualifiers;
    other
        .commands
        .iter()
        .all(|command| commands.contains(command))
        && other
            .qualifiers
            .iter()
            .all(|word| qualifiers.contains(word))
}

/// The parts of a step whose bits are set.
fn part(step: &Step, mask: u32) -> Step {
    let chosen = |place: usize| mask >> place & 1 == 1;
    let commands = step.commands.len();
    let pick = |(place, command): (usize, &Command)| chosen(place).then(|| command.clone());
    Step {
        commands: step.commands.iter().enumerate().filter_map(pick).collect(),
        qualifiers: step
            .qualifiers
            .iter()
            .enumerate()
            .filter(|(place, _)| chosen(commands + place))
            .map(|(_, word)| word.clone())
            .collect(),
    }
}
