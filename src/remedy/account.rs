//! What an alternative would do besides, who could give its commands, and who could approve it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::OnceCell;

use smallvec::SmallVec;

use crate::as_of::permitted;
use crate::command::Command;
use crate::command::CommandKind;
use crate::command::Request;
use crate::decision::Record;
use crate::decision::may_command;
use crate::decision::sees;
use crate::duties::DutySet;
use crate::event::Stamp;
use crate::id::Actor;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::Model;
use crate::model::User;
use crate::policy::Reach;
use crate::remedy::Remedy;
use crate::remedy::RemedyStep;
use crate::remedy::search::Asked;
use crate::remedy::search::Found;
use crate::remedy::steps::Step;
use crate::remedy::words;
use crate::tenant::Tenant;
use crate::tenant::guard;
use crate::tenant::trial::Trial;
use crate::text::Text;

/// What is told of the alternatives to one denial; what they share is worked out once.
pub(super) struct Account<'s, 'a> {
    tenant: &'a Tenant,
    asked: &'s Asked<'s>,
    start: &'s Trial<'a>,
    /// What the user may do on the record as things are.
    own: OnceCell<DutySet>,
    /// Who may give a kind of command in a place as things are.
    able: BTreeMap<(CommandKind, Place), Vec<UserIx>>,
    /// Who could approve a request of the user's.
    approvers: OnceCell<Vec<UserKey>>,
}

impl<'s, 'a> Account<'s, 'a> {
    pub(super) fn new(tenant: &'a Tenant, asked: &'s Asked<'s>, start: &'s Trial<'a>) -> Self {
        Self {
            tenant,
            asked,
            start,
            own: OnceCell::new(),
            able: BTreeMap::new(),
            approvers: OnceCell::new(),
        }
    }

    /// The alternative with what else it would permit, and who could give each of its commands.
    pub(super) fn remedy(&mut self, found: Found<'a>) -> Option<Remedy> {
        let Found { step, after } = found;
        let mut states: Vec<Trial<'a>> = Vec::new();
        if let [firsts @ .., _] = step.commands.as_slice() {
            for command in firsts {
                let before = states.last().unwrap_or(self.start);
                let next = before.after(command).ok()?;
                states.push(next);
            }
            states.push(after);
        }
        let mut steps = Vec::with_capacity(states.len());
        let mut before = self.start;
        for (command, after) in step.commands.iter().zip(&states) {
            let [english, spanish] = words::command(&before.model, command);
            steps.push(RemedyStep {
                command: command.clone(),
                able: self.able(&before.model, &after.model, command),
                english,
                spanish,
            });
            before = after;
        }
        Some(Remedy {
            others: self.others(&before.model, &step),
            approvers: self.approvers(&step),
            qualifiers: step.qualifiers,
            steps,
        })
    }

    /// How many duties of how many users are newly permitted on the record, this very one left aside.
    fn others(&self, after: &Model, step: &Step) -> usize {
        let (asked, before) = (self.asked, &self.tenant.model);
        if is_plain(step) {
            return 0;
        }
        asked.with(&step.qualifiers, |then| {
            // What other users have of their own is as it was.
            let newly = |user: &User| {
                let mut newly = permitted(after, user, then, asked.at);
                newly.subtract(&permitted(before, user, &asked.record, asked.at));
                newly.len()
            };
            let own = before.user(asked.user).zip(after.user(asked.user));
            let own = own.map_or(0, |(user, as_then)| {
                let mut newly = permitted(after, as_then, then, asked.at);
                newly.subtract(
                    self.own
                        .get_or_init(|| permitted(before, user, &asked.record, asked.at)),
                );
                // What the user asks about is permitted now.
                newly.len().saturating_sub(1)
            });
            let mut of_class: BTreeMap<Class, usize> = BTreeMap::new();
            let concerned = Concerned::by(before, step);
            let others = concerned.users(before, asked).map(|user| {
                match class(before, user, &asked.record, asked) {
                    Some(class) => *of_class.entry(class).or_insert_with(|| newly(user)),
                    None => newly(user),
                }
            });
            own + others.sum::<usize>()
        })
    }

    /// The users from whom the tenant would accept a command that it accepts from the host: those who have a duty
    /// for it, unless it would widen their own access.
    fn able(&mut self, before: &Model, after: &Model, command: &Command) -> Vec<UserKey> {
        let kind = command.kind();
        if !before.administration.contains_key(&kind) {
            return Vec::new();
        }
        let at = self.asked.at;
        let place = words::scope(command).and_then(|key| before.find_scope(key.as_str()).ok());
        let may = |user: UserIx| may_command(before, user, kind, place, at);
        let everyone = || before.all_users().map(|(user, _)| user);
        let start = &self.start.model;
        let users: Vec<UserIx> = if core::ptr::eq(before, start) {
            let known = self.able.entry((kind, place));
            known
                .or_insert_with(|| everyone().filter(|user| may(*user)).collect())
                .clone()
        } else {
            everyone().filter(|user| may(*user)).collect()
        };
        let of_user = matches!(Whose::of(command), Whose::User);
        let widens = |user: UserIx| {
            let concerned = !of_user || user == self.asked.user;
            concerned && guard::widens(before, after, user, at)
        };
        let able = users.into_iter().filter(|user| !widens(*user));
        let mut able: Vec<UserKey> = able
            .filter_map(|user| before.user_key(user).cloned())
            .collect();
        able.sort_unstable();
        able
    }

    /// Who could approve a request of the user for it, where the tenant would take one.
    fn approvers(&self, step: &Step) -> Vec<UserKey> {
        let approvers = self.approvers.get_or_init(|| {
            let (model, requests) = (&self.tenant.model, &self.tenant.governance.requests);
            let user = self.asked.user;
            let approvers = requests
                .approvers(model, user, user, self.asked.at)
                .into_iter()
                .flat_map(|approvers| [Some(approvers.head), approvers.delegate])
                .flatten();
            approvers
                .filter(|user| model.user(*user).is_some_and(|user| user.enabled))
                .filter_map(|user| model.user_key(user).cloned())
                .collect()
        });
        let stamp = Stamp::new(self.asked.at, Actor::System);
        let taken = |request: Command| self.tenant.decide(&stamp, &request).is_ok();
        if approvers.is_empty() || !self.request(step).is_some_and(taken) {
            return Vec::new();
        }
        approvers.clone()
    }

    /// The request for an alternative that is one plain grant or one profile: each is for the user's own.
    fn request(&self, step: &Step) -> Option<Command> {
        let (on, profile, scope, until) = match step.commands.as_slice() {
            [Command::Grant(row)] if row.reach == Some(Reach::All) && row.ceiling.is_none() => {
                (Some(&row.on), None, &row.scope, row.terms.until)
            }
            [Command::Assign(row)] => (None, Some(&row.profile), &row.scope, row.terms.until),
            _ => return None,
        };
        if !step.qualifiers.is_empty() {
            return None;
        }
        Some(Command::Request(Request {
            justification: Text::new("?").ok()?,
            beneficiary: self.tenant.model.user_key(self.asked.user).cloned(),
            on: on.cloned(),
            profile: profile.cloned(),
            scope: scope.clone(),
            until,
            lasting: None,
            document: None,
        }))
    }
}

/// Whom, beside the user who asks, an alternative concerns.
enum Concerned {
    Nobody,
    /// The members of these groups, and of those below them.
    Members(Vec<u32>),
    Everyone,
}

impl Concerned {
    fn by(model: &Model, step: &Step) -> Self {
        let mut groups = Vec::new();
        for command in &step.commands {
            match Whose::of(command) {
                Whose::User => {}
                Whose::Group(key) => groups.extend(model.groups.find(key.as_str())),
                Whose::Everyone => return Self::Everyone,
            }
        }
        if groups.is_empty() {
            Self::Nobody
        } else {
            Self::Members(groups)
        }
    }

    /// Those users.
    fn users<'m>(
        &'m self,
        model: &'m Model,
        asked: &'m Asked<'_>,
    ) -> impl Iterator<Item = &'m User> {
        let all = (!matches!(self, Self::Nobody)).then(|| model.all_users());
        let all = all.into_iter().flatten();
        all.filter(|(ix, user)| *ix != asked.user && self.includes(model, user, asked))
            .map(|(_, user)| user)
    }

    fn includes(&self, model: &Model, user: &User, asked: &Asked<'_>) -> bool {
        match self {
            Self::Nobody => false,
            Self::Members(tops) => user.holdings.groups.in_force(asked.at).any(|held| {
                tops.iter()
                    .any(|top| model.groups.is_within(held.key.0, *top))
            }),
            Self::Everyone => true,
        }
    }
}

/// Users with the same of all this may do the same on a record.
type Class = (
    bool,
    SmallVec<[GroupIx; 4]>,
    SmallVec<[(ProfileIx, Place); 4]>,
);

/// The class of a user who has nothing that is another's in no case: no own entries, limits or items.
fn class(model: &Model, user: &User, record: &Record<'_>, asked: &Asked<'_>) -> Option<Class> {
    let (holdings, at) = (&user.holdings, asked.at);
    if !holdings.entries.is_empty() || !holdings.limits.is_empty() || !holdings.items.is_empty() {
        return None;
    }
    let open = user.enabled && record.team.is_none_or(|team| sees(model, user, team));
    let assigned = holdings.assignments.in_force(at).map(|held| held.key);
    let groups = holdings.groups.in_force(at).map(|held| held.key);
    Some((open, groups.collect(), assigned.collect()))
}

/// Whether it is a grant and nothing else: what is granted is this very duty, so that it permits no other.
fn is_plain(step: &Step) -> bool {
    matches!(step.commands.as_slice(), [Command::Grant(_)]) && step.qualifiers.is_empty()
}

/// Whose access a command changes, among those that are tried.
enum Whose<'c> {
    User,
    Group(&'c Key),
    Everyone,
}

impl<'c> Whose<'c> {
    /// What is given is given to the user who asks; what is ended may be another's, too.
    fn of(command: &'c Command) -> Self {
        let holder = match command {
            Command::SwitchModule(_) => return Self::Everyone,
            Command::Clear(row) => &row.holder,
            Command::Unassign(row) => &row.holder,
            Command::Unrestrict(row) => &row.holder,
            _ => return Self::User,
        };
        match holder {
            HolderKey::Everyone => Self::Everyone,
            HolderKey::Group(group) => Self::Group(group),
            HolderKey::User(_) => Self::User,
        }
    }
}
