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
use crate::decision::Case;
use crate::decision::Denial;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::timeline::Timeline;
use crate::policy;
use crate::policy::Level;
use crate::policy::Reach;
use crate::policy::Terms;
use crate::source::Owner;
use crate::source::Source;
use crate::source::Through;
use crate::source::What;
use crate::time::Timestamp;

/// Some commands and some facts about the record that may belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) commands: Vec<Command>,
    pub(super) qualifiers: Vec<Key>,
}

impl From<Command> for Step {
    fn from(command: Command) -> Self {
        Vec::from([command]).into()
    }
}

impl From<Vec<Command>> for Step {
    fn from(commands: Vec<Command>) -> Self {
        Self {
            commands,
            qualifiers: Vec::new(),
        }
    }
}

/// What may lift the denial of a case, or bring the check further; nothing for a permit.
pub(super) fn steps(case: &Case<'_>) -> Vec<Step> {
    let wanted = Wanted {
        case,
        model: case.model,
        place: case.record.path.last().copied().flatten(),
    };
    case.decision()
        .denial()
        .map_or_else(Vec::new, |denial| wanted.against(denial))
}

/// What is asked, and where.
#[derive(Clone, Copy)]
struct Wanted<'c, 'a> {
    case: &'c Case<'a>,
    model: &'a Model,
    place: Place,
}

impl Wanted<'_, '_> {
    fn against(self, denial: Denial) -> Vec<Step> {
        match denial {
            Denial::LoginDisabled => {
                let user = self.case.user.key.clone();
                Vec::from([Command::Enable(OfUser { user }).into()])
            }
            Denial::ModuleOff => self.switch().into_iter().collect(),
            Denial::OutsideTeam => self.teams(),
            Denial::NoItemRight => self.item().into_iter().collect(),
            Denial::Revoked
            | Denial::Withheld
            | Denial::NotGranted
            | Denial::NotAssociated
            | Denial::OverCeiling => {
                let prevailing: Vec<_> = self.case.deciding().collect();
                let mut steps = self.give();
                steps.extend(self.take_away(&prevailing));
                steps
            }
            Denial::Limited => self.unlimit(),
        }
    }

    fn switch(self) -> Option<Step> {
        let duty = self.model.catalog.get(self.case.duty)?;
        let module = self.model.catalog.get_module(duty.module)?;
        let on = Command::SwitchModule(SwitchModule {
            module: module.key.clone(),
            enabled: true,
        });
        Some(on.into())
    }

    /// Into the record's team or one above it, or the sight of all teams.
    fn teams(self) -> Vec<Step> {
        let user = &self.case.user.key;
        let teams = &self.model.teams;
        let above = self.case.record.team.into_iter();
        let above = above.flat_map(|team| teams.upwards(team.get()));
        let into = above.filter_map(|team| teams.get(team)).map(|branch| {
            Command::SetTeam(SetTeam {
                user: user.clone(),
                team: Some(branch.key.clone()),
            })
        });
        let all = Command::SetAllTeams(SetAllTeams {
            user: user.clone(),
            all_teams: true,
        });
        into.chain([all]).map(Step::from).collect()
    }

    /// A right on the item, beside what the user may do with it already.
    fn item(self) -> Option<Step> {
        let (user, at) = (self.case.user, self.case.at);
        let item = ItemKey::new(self.case.record.item?).ok()?;
        let timeline = &user.holdings.items;
        let held = timeline.in_force_of(&item, at);
        let catalog = &self.model.catalog;
        let mut on: Vec<TargetKey> = held
            .into_iter()
            .flat_map(|held| held.value.iter().map(|target| catalog.target_name(*target)))
            .collect();
        on.push(catalog.target_name(Target::Duty(self.case.duty)));
        // What replaces a right with an end keeps that end.
        let end = held.and_then(|held| held.window.until());
        let until = end.or_else(|| next(timeline, &item, at));
        let give = Command::GiveItem(policy::GiveItem {
            user: user.key.clone(),
            item,
            on,
            terms: Terms {
                until,
                replace: held.is_some(),
                ..Terms::default()
            },
        });
        Some(give.into())
    }

    /// Everything that gives the duty: a grant of one's own, a level, a profile, a group.
    fn give(self) -> Vec<Step> {
        let user = &self.case.user.key;
        let holder = HolderKey::User(user.clone());
        let mut steps = Vec::new();
        let reach = if self.case.record.associated {
            Reach::Associated
        } else {
            Reach::All
        };
        let root = self.place.is_some().then_some(None);
        for place in [self.place].into_iter().chain(root) {
            let target = Target::Duty(self.case.duty);
            steps.push(
                Command::Grant(policy::Grant {
                    holder: holder.clone(),
                    on: self.model.catalog.target_name(target),
                    scope: self.scope(place),
                    reach: Some(reach),
                    ceiling: self.case.record.amount,
                    terms: self.terms(target, place),
                })
                .into(),
            );
        }
        steps.extend(self.level(&holder));
        for profile in self.model.profiles.iter() {
            if !profile.retired && profile.gives.opinion(self.case.duty) != Opinion::Silent {
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
        for group in self.giving() {
            steps.push(
                Command::Join(Join {
                    user: user.clone(),
                    group,
                    from: None,
                    until: None,
                    reason: None,
                    replace: None,
                })
                .into(),
            );
        }
        steps
    }

    /// The rung that the duty is, where its object has a ladder.
    fn level(self, holder: &HolderKey) -> Option<Step> {
        let catalog = &self.model.catalog;
        let object = catalog.get(self.case.duty)?.object;
        let ladder = catalog.get_object(object)?.ladder.as_ref()?;
        let rung = ladder
            .rungs
            .iter()
            .position(|rung| *rung == self.case.duty)?;
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

    /// The groups that give the duty somewhere on the way to the record, by themselves or by one above them.
    fn giving(self) -> Vec<Key> {
        let groups = &self.model.groups;
        let mut gives: Vec<bool> = Vec::with_capacity(groups.len());
        let mut giving = Vec::new();
        for (group, branch) in groups.iter() {
            // Those above a group come before it.
            let above = branch.parent.and_then(|above| gives.get(above as usize));
            let holdings = self.model.holdings(Holder::Group(GroupIx(group)));
            let gives_it = above.copied().unwrap_or_default() || self.gives(holdings);
            gives.push(gives_it);
            giving.extend(gives_it.then(|| branch.key.clone()));
        }
        giving
    }

    /// Whether what a group holds gives the duty on the way to the record.
    fn gives(self, holdings: &Holdings) -> bool {
        let (path, duty, at) = (&self.case.record.path, self.case.duty, self.case.at);
        let catalog = &self.model.catalog;
        let mut entries = holdings.entries.in_force(at);
        let mut profiles = holdings.assignments.in_force(at);
        entries.any(|held| {
            path.contains(&held.key.1)
                && held
                    .value
                    .opinion(catalog, held.key.0, duty)
                    .granted()
                    .is_some()
        }) || profiles.any(|held| {
            let profile = self.model.profile(held.key.0);
            path.contains(&held.key.1)
                && profile.is_some_and(|profile| profile.gives.opinion(duty) != Opinion::Silent)
        })
    }

    /// All of some sources ended; or the groups left that bring them.
    fn take_away(self, sources: &[&Source<'_>]) -> Vec<Step> {
        let ends: Option<Vec<Command>> = sources.iter().map(|source| self.end(source)).collect();
        let ends = ends.filter(|ends| !ends.is_empty()).map(Step::from);
        let owners = sources.iter().map(|source| source.owner);
        ends.into_iter().chain(self.leave(owners)).collect()
    }

    /// The command that ends a source.
    fn end(self, source: &Source<'_>) -> Option<Command> {
        let holder = source.owner.key(self.model);
        Some(match source.what {
            What::Mode => return None,
            What::Assignment(held) => Command::Unassign(Unassign {
                holder,
                profile: self.model.profile_name(held.key.0),
                scope: self.scope(held.key.1),
                reason: None,
            }),
            What::Entry(held) => Command::Clear(Clear {
                holder,
                on: self.model.catalog.target_name(held.key.0),
                scope: self.scope(held.key.1),
                reason: None,
            }),
        })
    }

    /// The groups left through which all of these holders reach the user, if groups they all are.
    fn leave<'o>(self, owners: impl Iterator<Item = Owner<'o>>) -> Option<Step> {
        let mut commands = Vec::new();
        for owner in owners {
            let top = owner.group()?;
            for held in self.case.user.holdings.groups.in_force(self.case.at) {
                if self.model.groups.is_within(held.key.0, top.0) {
                    let leave = Command::Leave(Leave {
                        user: self.case.user.key.clone(),
                        group: self.model.groups.get(held.key.0)?.key.clone(),
                    });
                    if !commands.contains(&leave) {
                        commands.push(leave);
                    }
                }
            }
        }
        (!commands.is_empty()).then(|| commands.into())
    }

    /// The qualifiers that are missing; or the limits taken off, however they reach the user.
    fn unlimit(self) -> Vec<Step> {
        let unmet: Vec<LimitIx> = self.case.unmet().collect();
        let limits = unmet
            .iter()
            .filter_map(|limit| self.model.catalog.get_limit(*limit));
        let mut qualifiers: Vec<Key> = limits.map(|limit| limit.requires.clone()).collect();
        qualifiers.sort_unstable();
        qualifiers.dedup();
        let mut steps = Vec::from([Step {
            commands: Vec::new(),
            qualifiers,
        }]);
        let mut commands: Vec<Command> = Vec::new();
        let mut owners = Vec::new();
        for (limit, way) in unmet.iter().flat_map(|limit| {
            self.case
                .ways(*limit)
                .into_iter()
                .map(move |way| (*limit, way))
        }) {
            let holder = way.owner.key(self.model);
            let off = match way.through {
                Through::Assignment(held) => Command::Unassign(Unassign {
                    holder,
                    profile: self.model.profile_name(held.key.0),
                    scope: self.scope(held.key.1),
                    reason: None,
                }),
                Through::Limit(held) => Command::Unrestrict(Unrestrict {
                    holder,
                    limit: self.model.catalog.limit_name(limit),
                    scope: self.scope(held.key.1),
                    reason: None,
                }),
            };
            if !commands.contains(&off) {
                commands.push(off);
            }
            owners.push(way.owner);
        }
        steps.push(commands.into());
        steps.extend(self.leave(owners.into_iter()));
        steps
    }

    fn scope(self, place: Place) -> Option<Key> {
        let scope = self.model.scopes.get(place?.get())?;
        Some(scope.key.clone())
    }

    /// Terms that replace what holds now, and leave what is to come.
    fn terms(self, target: Target, place: Place) -> Terms {
        let (timeline, at) = (&self.case.user.holdings.entries, self.case.at);
        let key = (target, place);
        Terms {
            until: next(timeline, &key, at),
            replace: timeline.in_force_of(&key, at).is_some(),
            ..Terms::default()
        }
    }
}

/// When the next of that key begins.
fn next<K: Ord + Clone, V>(timeline: &Timeline<K, V>, key: &K, at: Timestamp) -> Option<Timestamp> {
    let mut starts = timeline
        .of(key)
        .iter()
        .filter_map(|held| held.window.from());
    starts.find(|from| *from > at)
}
