//! What may be tried against a denial.

use alloc::vec::Vec;

use crate::catalog::Target;
use crate::command::Clear;
use crate::command::Command;
use crate::command::Join;
use crate::command::Leave;
use crate::command::OfUser;
use crate::command::SetAllTeams;
use crate::command::SetTeam;
use crate::command::SwitchModule;
use crate::command::Unassign;
use crate::command::Unrestrict;
use crate::decision::Denial;
use crate::explain::Explanation;
use crate::explain::Statement;
use crate::explain::StatementKind;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Model;
use crate::policy;
use crate::policy::Level;
use crate::policy::Reach;
use crate::policy::Terms;
use crate::speech::Named;
use crate::time::Timestamp;

/// Some commands and some facts about the record that may belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) commands: Vec<Command>,
    pub(super) qualifiers: Vec<Key>,
}

impl From<Command> for Step {
    fn from(command: Command) -> Self {
        Self {
            commands: Vec::from([command]),
            qualifiers: Vec::new(),
        }
    }
}

/// What is asked, and of whom.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) model: &'a Model,
    pub(super) at: Timestamp,
    pub(super) user: UserIx,
    pub(super) duty: DutyIx,
    pub(super) place: Place,
}

impl Wanted<'_> {
    /// What may lift the denial of an explanation, or bring the check further.
    pub(super) fn steps(self, why: &Explanation) -> Vec<Step> {
        let Some(user) = self.model.user_key(self.user).cloned() else {
            return Vec::new();
        };
        let Some(denial) = why.decision.denial() else {
            return Vec::new();
        };
        match denial {
            Denial::LoginDisabled => Vec::from([Command::Enable(OfUser { user }).into()]),
            Denial::ModuleOff => Self::switch(why),
            Denial::OutsideTeam => self.teams(&user, why),
            Denial::NoItemRight => self.item(&user, why),
            Denial::Revoked | Denial::Withheld | Denial::NotGranted | Denial::NotAssociated => {
                let mut steps = self.give(&user, why);
                steps.extend(self.take_away(&user, &why.prevailing().collect::<Vec<_>>()));
                steps
            }
            Denial::OverCeiling => {
                let mut steps = self.give(&user, why);
                let setters = why.ceiling.iter().flat_map(|ceiling| &ceiling.set_by);
                steps.extend(
                    self.take_away(
                        &user,
                        &setters
                            .filter_map(|place| why.statements.get(*place))
                            .collect::<Vec<_>>(),
                    ),
                );
                steps.extend(self.take_away(&user, &why.prevailing().collect::<Vec<_>>()));
                steps
            }
            Denial::Limited => self.unlimit(&user, why),
        }
    }

    fn switch(why: &Explanation) -> Vec<Step> {
        let module = Key::new(&why.module.key).ok();
        let on = |module| {
            Command::SwitchModule(SwitchModule {
                module,
                enabled: true,
            })
        };
        module.map(on).map(Step::from).into_iter().collect()
    }

    /// Into the record's team or one above it, or the sight of all teams.
    fn teams(self, user: &UserKey, why: &Explanation) -> Vec<Step> {
        let team = why
            .record
            .team
            .as_ref()
            .and_then(|team| self.model.teams.find(&team.key));
        let above = team
            .into_iter()
            .flat_map(|team| self.model.teams.upwards(team));
        let mut steps: Vec<Step> = above
            .filter_map(|team| self.model.teams.get(team))
            .map(|branch| {
                Command::SetTeam(SetTeam {
                    user: user.clone(),
                    team: Some(branch.key.clone()),
                })
                .into()
            })
            .collect();
        steps.push(
            Command::SetAllTeams(SetAllTeams {
                user: user.clone(),
                all_teams: true,
            })
            .into(),
        );
        steps
    }

    /// A right on the item, beside what the user may do with it already.
    fn item(self, user: &UserKey, why: &Explanation) -> Vec<Step> {
        let item = why
            .record
            .item
            .as_ref()
            .and_then(|item| ItemKey::new(item).ok());
        let Some(item) = item else { return Vec::new() };
        let timeline = &self.model.holdings(Holder::User(self.user)).items;
        let held = timeline.in_force_of(&item, self.at);
        let catalog = &self.model.catalog;
        let mut on: Vec<TargetKey> = held
            .into_iter()
            .flat_map(|held| held.value.iter().map(|target| catalog.target_name(*target)))
            .collect();
        on.extend(TargetKey::new(catalog.duty_key(self.duty)));
        // What replaces a right with an end keeps that end.
        let until = held.and_then(|held| held.window.until()).or_else(|| {
            let later = timeline.of(&item).iter();
            later
                .filter_map(|held| held.window.from())
                .find(|from| *from > self.at)
        });
        Vec::from([Command::GiveItem(policy::GiveItem {
            user: user.clone(),
            item,
            on,
            terms: Terms {
                until,
                replace: held.is_some(),
                ..Terms::default()
            },
        })
        .into()])
    }

    /// Everything that gives the duty: a grant of one's own, a level, a profile, a group.
    fn give(self, user: &UserKey, why: &Explanation) -> Vec<Step> {
        let holder = HolderKey::User(user.clone());
        let mut steps = Vec::new();
        let places = if self.place.is_some() {
            Vec::from([self.place, None])
        } else {
            Vec::from([None])
        };
        let reach = if why.record.associated {
            Reach::Associated
        } else {
            Reach::All
        };
        for place in places {
            let target = Target::Duty(self.duty);
            steps.push(
                Command::Grant(policy::Grant {
                    holder: holder.clone(),
                    on: self.model.catalog.target_name(target),
                    scope: self.scope(place),
                    reach: Some(reach),
                    ceiling: why.record.amount,
                    terms: self.terms(target, place),
                })
                .into(),
            );
        }
        steps.extend(self.level(&holder));
        for profile in self.model.profiles.iter() {
            if !profile.retired && profile.gives.opinion(self.duty) != Opinion::Silent {
                steps.push(
                    Command::Assign(policy::Assign {
                        holder: holder.clone(),
                        profile: profile.row.key.clone(),
                        scope: self.scope(self.place),
                        terms: Terms::default(),
                    })
                    .into(),
                );
            }
        }
        for (group, branch) in self.model.groups.iter() {
            if self.gives(GroupIx(group)) {
                steps.push(
                    Command::Join(Join {
                        user: user.clone(),
                        group: branch.key.clone(),
                        from: None,
                        until: None,
                        reason: None,
                        replace: None,
                    })
                    .into(),
                );
            }
        }
        steps
    }

    /// The rung that the duty is, where its object has a ladder.
    fn level(self, holder: &HolderKey) -> Option<Step> {
        let catalog = &self.model.catalog;
        let object = catalog.get(self.duty)?.object;
        let ladder = catalog.get_object(object)?.ladder.as_ref()?;
        let rung = ladder.rungs.iter().position(|rung| *rung == self.duty)?;
        let target = Target::Object(object);
        Some(
            Command::Level(policy::SetLevel {
                holder: holder.clone(),
                on: catalog.target_name(target),
                to: Level::Rung(ladder.names.get(rung)?.clone()),
                scope: self.scope(self.place),
                terms: self.terms(target, self.place),
            })
            .into(),
        )
    }

    /// Whether a group, or one above it, gives the duty somewhere on the way to the record.
    fn gives(self, group: GroupIx) -> bool {
        let path = self.model.path(self.place);
        self.model.groups.upwards(group.0).any(|group| {
            let holdings = self.model.holdings(Holder::Group(GroupIx(group)));
            let mut entries = holdings.entries.in_force(self.at);
            let mut profiles = holdings.assignments.in_force(self.at);
            entries.any(|held| {
                let says = held
                    .value
                    .opinion(&self.model.catalog, held.key.0, self.duty);
                path.contains(&held.key.1) && says.granted().is_some()
            }) || profiles.any(|held| {
                let gives = self
                    .model
                    .profile(held.key.0)
                    .map(|profile| profile.gives.opinion(self.duty));
                path.contains(&held.key.1) && gives.is_some_and(|says| says != Opinion::Silent)
            })
        })
    }

    /// All of some sources ended; or the groups left that bring them.
    fn take_away(self, user: &UserKey, sources: &[&Statement]) -> Vec<Step> {
        let ends: Option<Vec<Command>> = sources.iter().map(|said| end(said)).collect();
        let mut steps: Vec<Step> = ends
            .filter(|ends| !ends.is_empty())
            .map(|commands| Step {
                commands,
                qualifiers: Vec::new(),
            })
            .into_iter()
            .collect();
        let holders: Vec<&Named> = sources.iter().map(|said| &said.holder).collect();
        steps.extend(self.leave(user, &holders));
        steps
    }

    /// The groups left through which all of these holders reach the user, if groups they all are.
    fn leave(self, user: &UserKey, holders: &[&Named]) -> Option<Step> {
        let mut commands = Vec::new();
        for holder in holders {
            let Ok(HolderKey::Group(key)) = HolderKey::new(&holder.key) else {
                return None;
            };
            let top = self.model.groups.find(key.as_str())?;
            let memberships = &self.model.user(self.user)?.holdings.groups;
            for held in memberships.in_force(self.at) {
                if self.model.groups.is_within(held.key.0, top) {
                    let leave = Command::Leave(Leave {
                        user: user.clone(),
                        group: self.model.groups.get(held.key.0)?.key.clone(),
                    });
                    if !commands.contains(&leave) {
                        commands.push(leave);
                    }
                }
            }
        }
        (!commands.is_empty()).then_some(Step {
            commands,
            qualifiers: Vec::new(),
        })
    }

    /// The qualifiers that are missing; or the limits taken off, however they reach the user.
    fn unlimit(self, user: &UserKey, why: &Explanation) -> Vec<Step> {
        let unmet = || why.limits.iter().filter(|limit| !limit.met);
        let mut qualifiers: Vec<Key> = unmet()
            .filter_map(|limit| Key::new(&limit.requires).ok())
            .collect();
        qualifiers.sort_unstable();
        qualifiers.dedup();
        let mut steps = Vec::from([Step {
            commands: Vec::new(),
            qualifiers,
        }]);
        let mut commands: Vec<Command> = Vec::new();
        for (limit, source) in
            unmet().flat_map(|limit| limit.through.iter().map(move |source| (limit, source)))
        {
            let (Ok(holder), Some(scope)) = (
                HolderKey::new(&source.holder.key),
                key_of(source.scope.as_ref()),
            ) else {
                return steps;
            };
            let off = match &source.profile {
                Some(profile) => Key::new(&profile.key).ok().map(|profile| {
                    Command::Unassign(Unassign {
                        holder,
                        profile,
                        scope,
                        reason: None,
                    })
                }),
                None => Key::new(&limit.limit.key).ok().map(|limit| {
                    Command::Unrestrict(Unrestrict {
                        holder,
                        limit,
                        scope,
                        reason: None,
                    })
                }),
            };
            commands.extend(off.filter(|off| !commands.contains(off)));
        }
        steps.push(Step {
            commands,
            qualifiers: Vec::new(),
        });
        let holders: Vec<&Named> = unmet()
            .flat_map(|limit| limit.through.iter().map(|source| &source.holder))
            .collect();
        steps.extend(self.leave(user, &holders));
        steps
    }

    fn scope(self, place: Place) -> Option<Key> {
        let scope = self.model.scopes.get(place?.0)?;
        Some(scope.key.clone())
    }

    /// Terms that replace what holds now, and leave what is to come.
    fn terms(self, target: Target, place: Place) -> Terms {
        let timeline = &self.model.holdings(Holder::User(self.user)).entries;
        let key = (target, place);
        let mut later = timeline
            .of(&key)
            .iter()
            .filter_map(|held| held.window.from());
        Terms {
            until: later.find(|from| *from > self.at),
            replace: timeline.in_force_of(&key, self.at).is_some(),
            ..Terms::default()
        }
    }
}

/// The command that ends a source.
fn end(said: &Statement) -> Option<Command> {
    let holder = HolderKey::new(&said.holder.key).ok()?;
    let scope = key_of(said.scope.as_ref())?;
    match said.kind {
        StatementKind::Mode | StatementKind::Item => None,
        StatementKind::Assignment => Some(Command::Unassign(Unassign {
            holder,
            profile: Key::new(&said.on.key).ok()?,
            scope,
            reason: None,
        })),
        StatementKind::Grant | StatementKind::Revoke | StatementKind::Level => {
            Some(Command::Clear(Clear {
                holder,
                on: TargetKey::new(&said.on.key).ok()?,
                scope,
                reason: None,
            }))
        }
    }
}

/// A scope's key, or the root; nothing where it is no key at all.
#[expect(
    clippy::option_option,
    reason = "a scope may be the root, named, or not readable"
)]
fn key_of(scope: Option<&Named>) -> Option<Option<Key>> {
    match scope {
        None => Some(None),
        Some(scope) => Key::new(&scope.key).ok().map(Some),
    }
}
