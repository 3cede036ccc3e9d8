//! The search for alternatives: what brings the check further is followed, what permits is made minimal.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::command::Command;
use crate::command::Request;
use crate::decision::Decision;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Resource;
use crate::decision::decide;
use crate::decision::may_command;
use crate::event::Stamp;
use crate::id::Actor;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::DutyIx;
use crate::ix::UserIx;
use crate::model::Model;
use crate::policy::Reach;
use crate::remedy::Remedy;
use crate::remedy::RemedyStep;
use crate::remedy::steps::Step;
use crate::remedy::steps::Wanted;
use crate::remedy::words;
use crate::tenant::Tenant;
use crate::text::Text;
use crate::time::Timestamp;

/// How many states are looked at before the search rests, those of fewest steps first: what has been found stands.
const MOST: usize = 2_000;
/// How many steps follow one another.
const DEEPEST: usize = 7;
/// How many parts an alternative may have: every subset of them is tried.
const PARTS: usize = 12;

/// The alternatives for a denial.
pub(super) fn remedies(
    tenant: &Tenant,
    at: Timestamp,
    user: UserIx,
    duty: DutyIx,
    resource: &Resource<'_>,
) -> Result<Vec<Remedy>, QuestionError> {
    let record = Record::new(&tenant.model, resource)?;
    let mut search = Search {
        tenant,
        stamp: Stamp::new(at, Actor::System),
        user,
        duty,
        resource,
        found: Vec::new(),
        tried: 0,
    };
    let mut open = VecDeque::from([(tenant.clone(), Step::default(), 0)]);
    while let Some((state, so_far, depth)) = open.pop_front() {
        if depth < DEEPEST {
            let further = search.follow(&state, &so_far)?;
            open.extend(
                further
                    .into_iter()
                    .map(|(next, joined)| (next, joined, depth + 1)),
            );
        }
    }
    let mut found = core::mem::take(&mut search.found);
    let all = found.clone();
    found.retain(|step| {
        !all.iter()
            .any(|other| other != step && contains(step, other))
    });
    let mut remedies: Vec<Remedy> = found
        .iter()
        .filter_map(|step| search.remedy(step, &record))
        .collect();
    remedies.sort_by(|a, b| {
        let size = |remedy: &Remedy| remedy.steps.len() + remedy.qualifiers.len();
        (a.others, size(a)).cmp(&(b.others, size(b)))
    });
    Ok(remedies)
}

struct Search<'a> {
    tenant: &'a Tenant,
    stamp: Stamp,
    user: UserIx,
    duty: DutyIx,
    resource: &'a Resource<'a>,
    found: Vec<Step>,
    tried: usize,
}

impl Search<'_> {
    /// Keeps every next step that makes the check permit, and gives those that bring it further.
    fn follow(
        &mut self,
        state: &Tenant,
        so_far: &Step,
    ) -> Result<Vec<(Tenant, Step)>, QuestionError> {
        let mut further = Vec::new();
        if self.is_superfluous(so_far) {
            return Ok(further);
        }
        let qualifiers = self.qualifiers(so_far);
        let resource = Resource {
            qualifiers: &qualifiers,
            ..*self.resource
        };
        let as_of = state.as_of(self.stamp.at);
        let record = Record::new(&state.model, &resource)?;
        let why = as_of.explain_known(self.user, self.duty, &resource)?;
        let wanted = Wanted {
            model: &state.model,
            at: self.stamp.at,
            user: self.user,
            duty: self.duty,
            place: record.path.last().copied().flatten(),
        };
        for step in wanted.steps(&why) {
            if self.tried >= MOST {
                break;
            }
            self.tried += 1;
            let Ok(next) = state.what_if(&self.stamp, &step.commands) else {
                continue;
            };
            let joined = joined(so_far, &step);
            let after = self.check(&next, &joined)?;
            if after.is_permit() {
                self.keep(&joined)?;
            } else if progress(after) > progress(why.decision)
                || (takes_away(&step) && progress(after) == progress(why.decision))
            {
                further.push((next, joined));
            }
        }
        Ok(further)
    }

    /// Whether an alternative that is known is a part of it.
    fn is_superfluous(&self, step: &Step) -> bool {
        self.found.iter().any(|found| contains(step, found))
    }

    /// Keeps the smallest part of what permits that permits; nothing of what has too many parts to be sure.
    fn keep(&mut self, step: &Step) -> Result<(), QuestionError> {
        let parts = step.commands.len() + step.qualifiers.len();
        if parts > PARTS || self.is_superfluous(step) {
            return Ok(());
        }
        let mut smallest = step.clone();
        let mut masks: Vec<u32> = (1..(1_u32 << parts) - 1).collect();
        masks.sort_by_key(|mask| mask.count_ones());
        for mask in masks {
            let part = part(step, mask);
            let Ok(next) = self.tenant.what_if(&self.stamp, &part.commands) else {
                continue;
            };
            if self.check(&next, &part)?.is_permit() {
                smallest = part;
                break;
            }
        }
        if !self
            .found
            .iter()
            .any(|other| contains(other, &smallest) && contains(&smallest, other))
        {
            self.found.push(smallest);
        }
        Ok(())
    }

    fn check(&self, state: &Tenant, step: &Step) -> Result<Decision, QuestionError> {
        let qualifiers = self.qualifiers(step);
        let resource = Resource {
            qualifiers: &qualifiers,
            ..*self.resource
        };
        let record = Record::new(&state.model, &resource)?;
        Ok(decide(
            &state.model,
            self.user,
            self.duty,
            &record,
            self.stamp.at,
        ))
    }

    fn qualifiers<'s>(&'s self, step: &'s Step) -> Vec<&'s str> {
        let more = step.qualifiers.iter().map(Key::as_str);
        self.resource
            .qualifiers
            .iter()
            .copied()
            .chain(more)
            .collect()
    }

    /// The alternative with what else it would permit, and who could give each of its commands.
    fn remedy(&self, step: &Step, record: &Record<'_>) -> Option<Remedy> {
        let after = self.tenant.what_if(&self.stamp, &step.commands).ok()?;
        let mut state = self.tenant.clone();
        let mut steps = Vec::new();
        for command in &step.commands {
            let [english, spanish] = words::command(&state.model, command);
            steps.push(RemedyStep {
                command: command.clone(),
                able: self.able(&state, command),
                english,
                spanish,
            });
            state.execute(&self.stamp, command).ok()?;
        }
        Some(Remedy {
            others: self.others(&after.model, step, record),
            approvers: self.approvers(step),
            qualifiers: step.qualifiers.clone(),
            steps,
        })
    }

    /// How many duties of how many users are newly permitted on the record, this very one left aside.
    fn others(&self, after: &Model, step: &Step, record: &Record<'_>) -> usize {
        let before = &self.tenant.model;
        let qualifiers = self.qualifiers(step);
        let then = Record {
            path: record.path.clone(),
            qualifiers: &qualifiers,
            ..*record
        };
        let own = before.user_key(self.user);
        let concerns_others = step.commands.iter().any(|command| whose(command) != own);
        let users: Vec<UserIx> = if concerns_others {
            before.all_users().map(|(user, _)| user).collect()
        } else {
            Vec::from([self.user])
        };
        let at = self.stamp.at;
        let mut others = 0;
        for user in users {
            let duties = before.catalog.duties().map(|(duty, _)| duty);
            others += duties
                .filter(|duty| (user, *duty) != (self.user, self.duty))
                .filter(|duty| {
                    decide(after, user, *duty, &then, at).is_permit()
                        && !decide(before, user, *duty, record, at).is_permit()
                })
                .count();
        }
        others
    }

    /// The users from whom the tenant would accept a command.
    fn able(&self, state: &Tenant, command: &Command) -> Vec<UserKey> {
        let place = words::scope(command).and_then(|key| state.model.find_scope(key.as_str()).ok());
        let mut able: Vec<UserKey> = state
            .model
            .all_users()
            .filter(|(user, _)| {
                may_command(&state.model, *user, command.kind(), place, self.stamp.at)
            })
            .map(|(_, user)| user.key.clone())
            .filter(|user| {
                let stamp = Stamp::new(self.stamp.at, Actor::User(user.clone()));
                state.decide(&stamp, command).is_ok()
            })
            .collect();
        able.sort_unstable();
        able
    }

    /// Who could approve a request of the user for it, where the tenant would take one.
    fn approvers(&self, step: &Step) -> Vec<UserKey> {
        let (model, requests) = (&self.tenant.model, &self.tenant.governance.requests);
        let taken = self
            .request(step)
            .is_some_and(|request| self.tenant.decide(&self.stamp, &request).is_ok());
        let approvers = requests
            .approvers(model, self.user, self.user, self.stamp.at)
            .filter(|_| taken);
        let approvers = approvers
            .into_iter()
            .flat_map(|approvers| [Some(approvers.head), approvers.delegate])
            .flatten();
        approvers
            .filter(|user| model.user(*user).is_some_and(|user| user.enabled))
            .filter_map(|user| model.user_key(user).cloned())
            .collect()
    }

    /// The request for an alternative that is one plain grant or one profile of the user's own.
    fn request(&self, step: &Step) -> Option<Command> {
        let own = self.tenant.model.user_key(self.user);
        let (command, on, profile, scope, until) = match step.commands.as_slice() {
            [command @ Command::Grant(row)]
                if row.reach == Some(Reach::All) && row.ceiling.is_none() =>
            {
                (command, Some(&row.on), None, &row.scope, row.terms.until)
            }
            [command @ Command::Assign(row)] => (
                command,
                None,
                Some(&row.profile),
                &row.scope,
                row.terms.until,
            ),
            _ => return None,
        };
        if whose(command) != own || !step.qualifiers.is_empty() {
            return None;
        }
        Some(Command::Request(Request {
            justification: Text::new("?").ok()?,
            beneficiary: own.cloned(),
            on: on.cloned(),
            profile: profile.cloned(),
            scope: scope.clone(),
            until,
            lasting: None,
            document: None,
        }))
    }
}

/// How far the checks came (rule 4).
fn progress(decision: Decision) -> usize {
    match decision {
        Decision::Permit(_) => 7,
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

/// Whose access a command is about, if it is one user's.
fn whose(command: &Command) -> Option<&UserKey> {
    let holder = match command {
        Command::Enable(row) => return Some(&row.user),
        Command::SetTeam(row) => return Some(&row.user),
        Command::SetAllTeams(row) => return Some(&row.user),
        Command::GiveItem(row) => return Some(&row.user),
        Command::Join(row) => return Some(&row.user),
        Command::Leave(row) => return Some(&row.user),
        Command::Grant(row) => &row.holder,
        Command::Level(row) => &row.holder,
        Command::Assign(row) => &row.holder,
        Command::Clear(row) => &row.holder,
        Command::Unassign(row) => &row.holder,
        Command::Unrestrict(row) => &row.holder,
        _ => return None,
    };
    match holder {
        HolderKey::User(user) => Some(user),
        HolderKey::Everyone | HolderKey::Group(_) => None,
    }
}

fn joined(one: &Step, other: &Step) -> Step {
    let mut both = one.clone();
    both.commands.extend(other.commands.iter().cloned());
    for word in &other.qualifiers {
        if !both.qualifiers.contains(word) {
            both.qualifiers.push(word.clone());
        }
    }
    both
}

/// Whether everything of `other` is in `step`.
fn contains(step: &Step, other: &Step) -> bool {
    other
        .commands
        .iter()
        .all(|command| step.commands.contains(command))
        && other
            .qualifiers
            .iter()
            .all(|word| step.qualifiers.contains(word))
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
