//! What stands on a user's page today, and what a profile ticks.

use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::catalog::Target;
use crate::decision::Ref;
use crate::id::DutyKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::ix::ModuleIx;
use crate::ix::Place;
use crate::ix::UserId;
use crate::layer::Opinion;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::policy::Amount;
use crate::policy::Level;
use crate::policy::Reach;
use crate::policy::Seat;
use crate::policy::Sensitivity;
use crate::text::Label;
use crate::text::Text;
use crate::time::Timestamp;
use crate::time::Window;

/// What a user has at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current<'a> {
    /// Whether the login is enabled.
    pub enabled: bool,
    /// The seat taken.
    pub seat: Seat,
    /// The user's team.
    pub team: Option<&'a Key>,
    /// Whether the user sees every team's records.
    pub all_teams: bool,
    /// The user's department.
    pub department: Option<&'a Key>,
    /// Memberships in force, sorted by group.
    pub groups: Vec<Row<'a, &'a Key>>,
    /// The user's own assignments in force, sorted by profile and then by scope.
    pub profiles: Vec<Row<'a, &'a Key>>,
    /// The user's own entries in force, sorted by target and then by scope.
    pub entries: Vec<Row<'a, CurrentEntry>>,
}

/// One thing that a user has, and on what terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a, T> {
    /// The thing.
    pub what: T,
    /// Where it holds; absent: everywhere.
    pub scope: Option<&'a Key>,
    /// When it holds.
    pub window: Window,
    /// Why.
    pub reason: Option<&'a Text>,
    /// When it was last certified.
    pub certified: Option<Timestamp>,
}

/// An entry's target and effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentEntry {
    /// The target.
    pub on: TargetKey,
    /// What the entry does.
    pub does: Does,
}

/// A private item and what the user may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRight<'a> {
    /// The item.
    pub item: &'a ItemKey,
    /// What the user may do with it.
    pub on: Vec<TargetKey>,
}

/// What an entry does. Closed: the rule has these three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// It grants at a reach, up to a ceiling.
    Grant {
        /// Which records it covers.
        reach: Reach,
        /// Up to which amount.
        ceiling: Option<Amount>,
    },
    /// It revokes.
    Revoke,
    /// It sets the object to a rung.
    Level(Level),
}

/// One module of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistModule<'a> {
    /// The module.
    pub module: &'a Key,
    /// Its name for people.
    pub label: Option<&'a Label>,
    /// Its duties in catalog order.
    pub duties: Vec<ChecklistDuty<'a>>,
}

/// One line of a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChecklistDuty<'a> {
    /// The duty.
    pub duty: &'a DutyKey,
    /// Its name for people.
    pub label: Option<&'a Label>,
    /// What misuse would cost.
    pub sensitivity: Sensitivity,
    /// At which reach the profile ticks it, if it does.
    pub ticked: Option<Reach>,
}

impl<'a> AsOf<'a> {
    /// What the user has at the instant: the page of current permissions.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn current<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
    ) -> Result<Current<'a>, QuestionError> {
        let ix = self.user(user.into())?;
        let model = self.model;
        let known = || Unknown::new(Kind::User, "", []);
        let user = model.user(ix).ok_or_else(known)?;
        let holdings = &user.holdings;
        let mut groups: Vec<_> = holdings
            .groups
            .in_force(self.at)
            .filter_map(|held| Some(self.row(held, &model.groups.get(held.key.0)?.key, None)))
            .collect();
        let mut profiles: Vec<_> = holdings
            .assignments
            .in_force(self.at)
            .filter_map(|held| {
                Some(self.row(held, &model.profile(held.key.0)?.row.key, held.key.1))
            })
            .collect();
        let mut entries: Vec<_> = holdings
            .entries
            .in_force(self.at)
            .filter_map(|held| Some(self.row(held, self.entry(held)?, held.key.1)))
            .collect();
        groups.sort_by_key(|row| row.what);
        profiles.sort_by_key(|row| (row.what, row.scope));
        entries.sort_by(|a, b| (&a.what.on, a.scope).cmp(&(&b.what.on, b.scope)));
        Ok(Current {
            enabled: user.enabled,
            seat: self.seat_of(ix),
            team: user
                .team
                .and_then(|team| model.teams.get(team.get()))
                .map(|branch| &branch.key),
            all_teams: user.all_teams,
            department: user
                .department
                .and_then(|ix| model.departments.get(ix.get()))
                .map(|branch| &branch.key),
            groups,
            profiles,
            entries,
        })
    }

    /// The private items on which the user has rights in force, sorted, with what the rights are: the page of
    /// private access rights.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn item_rights<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
    ) -> Result<Vec<Row<'a, ItemRight<'a>>>, QuestionError> {
        let user = self.model.user(self.user(user.into())?);
        let held = user.map(|user| user.holdings.items.in_force(self.at));
        let right = |held: &'a Held<ItemKey, Vec<Target>>| {
            let targets = held.value.iter();
            let on =
                targets.filter_map(|on| TargetKey::new(self.model.catalog.target_key(*on)).ok());
            let item = &held.key;
            self.row(
                held,
                ItemRight {
                    item,
                    on: on.collect(),
                },
                None,
            )
        };
        Ok(held.into_iter().flatten().map(right).collect())
    }

    /// The catalog module by module, in catalog order, with what a profile ticks.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the profile is unknown or retired.
    pub fn checklist(
        self,
        profile: Option<&str>,
    ) -> Result<Vec<ChecklistModule<'a>>, QuestionError> {
        let gives = match profile {
            Some(key) => self
                .model
                .profile(self.model.find_profile(key)?)
                .map(|profile| &profile.gives),
            None => None,
        };
        let mut modules: Vec<(ModuleIx, ChecklistModule<'a>)> = Vec::new();
        for (ix, duty) in self.model.catalog.duties() {
            let line = ChecklistDuty {
                duty: &duty.key,
                label: duty.label.as_ref(),
                sensitivity: duty.sensitivity,
                ticked: gives
                    .map_or(Opinion::Silent, |gives| gives.opinion(ix))
                    .granted(),
            };
            if let Some((_, module)) = modules
                .iter_mut()
                .find(|(module, _)| *module == duty.module)
            {
                module.duties.push(line);
            } else if let Some(module) = self.model.catalog.get_module(duty.module) {
                let label = module.label.as_ref();
                modules.push((
                    duty.module,
                    ChecklistModule {
                        module: &module.key,
                        label,
                        duties: [line].into(),
                    },
                ));
            }
        }
        Ok(modules.into_iter().map(|(_, module)| module).collect())
    }

    fn row<K, V, T>(self, held: &'a Held<K, V>, what: T, place: Place) -> Row<'a, T> {
        Row {
            what,
            scope: place
                .and_then(|scope| self.model.scopes.get(scope.get()))
                .map(|branch| &branch.key),
            window: held.window,
            reason: held.origin.reason.as_ref(),
            certified: held.origin.certified.as_ref().map(|(at, _)| *at),
        }
    }

    fn entry(self, held: &Held<Spot, Effect>) -> Option<CurrentEntry> {
        let on = TargetKey::new(self.model.catalog.target_key(held.key.0)).ok()?;
        let does = match held.value {
            Effect::Grant { reach, ceiling } => Does::Grant { reach, ceiling },
            Effect::Revoke => Does::Revoke,
            Effect::Level { rungs } => {
                Does::Level(Level::new(self.model.catalog.rung_name(held.key.0, rungs)).ok()?)
            }
        };
        Some(CurrentEntry { on, does })
    }
}
