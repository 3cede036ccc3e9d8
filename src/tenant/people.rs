//! Commands on people: who they are, where they belong, whether they may log in.

use alloc::string::String;
use alloc::vec::Vec;

use smallvec::smallvec;

use crate::command::Join;
use crate::command::Leave;
use crate::command::OfUser;
use crate::command::SetDepartment;
use crate::command::SetTeam;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Made;
use crate::event::Person;
use crate::event::Thing;
use crate::fault::Fault;
use crate::id::HolderKey;
use crate::id::UserKey;
use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::machine::entry_thing;
use crate::machine::person;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::Spot;
use crate::policy;
use crate::policy::Terms;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::invited;
use crate::tenant::decide::refused;
use crate::tenant::resolve::Faults;

impl Deciding<'_> {
    pub(super) fn add_user(&self, row: &policy::User) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        if self.model.known_user(row.key.as_str()).is_some() {
            faults.add(
                "key",
                Fault::DuplicateKey {
                    key: row.key.as_str().into(),
                },
            );
        }
        if let Some(department) = &row.department {
            faults.take(
                "department",
                self.model.find_department(department.as_str()),
            );
        }
        if let Some(team) = &row.team {
            faults.take("team", self.model.find_team(team.as_str()));
        }
        let mut groups: Vec<GroupIx> = Vec::new();
        for (n, key) in row.groups.iter().enumerate() {
            groups.extend(faults.take(
                &alloc::format!("groups[{n}]"),
                self.model.find_group(key.as_str()),
            ));
        }
        let carried = self.carried(row, &mut faults);
        refused(Some(()), faults)?;
        let places = carried.iter().map(|(key, _, _)| key.place()).collect();
        self.admit(&invited(places), &[])?;
        let mut changes = smallvec![Change::UserAdded(policy::User {
            groups: Vec::new(),
            grant: Vec::new(),
            level: Vec::new(),
            assign: Vec::new(),
            ..row.clone()
        })];
        for (n, group) in row.groups.iter().enumerate() {
            if row.groups.iter().take(n).any(|other| other == group) {
                return Err(Refusal::ConflictingEntry);
            }
            changes.push(self.made(
                &row.key,
                Thing::Membership {
                    group: group.clone(),
                },
                &Terms::default(),
            )?);
        }
        let mut windows = Vec::new();
        for (key, thing, terms) in carried {
            let window = self.window(terms.from, terms.until)?;
            if windows
                .iter()
                .any(|(other, taken): &(Carried, crate::time::Window)| {
                    *other == key && taken.overlaps(window)
                })
            {
                return Err(Refusal::ConflictingEntry);
            }
            windows.push((key, window));
            changes.push(self.made(&row.key, thing, terms)?);
        }
        Ok(changes)
    }

    /// The entries and assignments that an invitation carries.
    fn carried<'r>(
        &self,
        row: &'r policy::User,
        faults: &mut Faults,
    ) -> Vec<(Carried, Thing, &'r Terms)> {
        let model = self.model;
        let mut carried = Vec::new();
        for (path, holder) in holders(row) {
            if !matches!(holder, HolderKey::User(user) if *user == row.key) {
                let wanted = ("the user who is added", "el usuario que se da de alta");
                let wanted = wanted.into();
                faults.add(path, Fault::WrongShape { wanted });
            }
        }
        for (n, grant) in row.grant.iter().enumerate() {
            let place = faults.take(
                &alloc::format!("grant[{n}].scope"),
                model.find_place(grant.scope.as_ref()),
            );
            let target = faults.take(
                &alloc::format!("grant[{n}].on"),
                model.catalog.target(&grant.on),
            );
            if let (Some(place), Some(target)) = (place, target) {
                let reach = grant.reach.unwrap_or(policy::Reach::All);
                let effect = crate::model::profile::Effect::Grant {
                    reach,
                    ceiling: grant.ceiling,
                };
                let thing = entry_thing(model, (target, place), effect);
                carried.push((Carried::Entry((target, place)), thing, &grant.terms));
            }
        }
        for (n, level) in row.level.iter().enumerate() {
            let place = faults.take(
                &alloc::format!("level[{n}].scope"),
                model.find_place(level.scope.as_ref()),
            );
            let rungs = model
                .catalog
                .rungs(&level.on, &level.to)
                .map_err(|(part, fault)| {
                    let field = if part == crate::catalog::LevelPart::Object {
                        "on"
                    } else {
                        "to"
                    };
                    faults.add(alloc::format!("level[{n}].{field}"), fault);
                });
            if let (Some(place), Ok((object, rungs))) = (place, rungs) {
                let spot = (crate::catalog::Target::Object(object), place);
                let thing =
                    entry_thing(model, spot, crate::model::profile::Effect::Level { rungs });
                carried.push((Carried::Entry(spot), thing, &level.terms));
            }
        }
        for (n, assign) in row.assign.iter().enumerate() {
            let place = faults.take(
                &alloc::format!("assign[{n}].scope"),
                model.find_place(assign.scope.as_ref()),
            );
            let profile = faults.take(
                &alloc::format!("assign[{n}].profile"),
                model.find_profile(assign.profile.as_str()),
            );
            if let (Some(place), Some(profile)) = (place, profile) {
                let thing = profile_thing(model, (profile, place));
                carried.push((Carried::Assignment((profile, place)), thing, &assign.terms));
            }
        }
        carried
    }

    fn made(&self, user: &UserKey, what: Thing, terms: &Terms) -> Result<Change, Refusal> {
        Ok(Change::Made(Made {
            holder: HolderKey::User(user.clone()),
            what,
            window: self.window(terms.from, terms.until)?,
            reason: terms.reason.clone(),
            document: terms.document.clone(),
            request: None,
        }))
    }

    /// Changes what is known of a user.
    pub(super) fn set_person(
        &self,
        user: &UserKey,
        set: impl FnOnce(&mut Person) -> Result<(), Refusal>,
    ) -> Result<Changes, Refusal> {
        let ix = self.model.find_user(user.as_str())?;
        self.admit(&[None], &[Holder::User(ix)])?;
        self.change_person(ix, set)
    }

    pub(crate) fn change_person(
        &self,
        ix: UserIx,
        set: impl FnOnce(&mut Person) -> Result<(), Refusal>,
    ) -> Result<Changes, Refusal> {
        let Some(user) = self.model.user(ix) else {
            return Ok(Changes::new());
        };
        let before = person(self.model, user);
        let mut after = before.clone();
        set(&mut after)?;
        Ok(smallvec![Change::PersonChanged {
            user: user.key.clone(),
            before,
            after
        }])
    }

    pub(super) fn set_team(&self, row: &SetTeam) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        faults.take("user", self.model.find_user(row.user.as_str()));
        if let Some(team) = &row.team {
            faults.take("team", self.model.find_team(team.as_str()));
        }
        refused(Some(()), faults)?;
        self.set_person(&row.user, |person| {
            person.team.clone_from(&row.team);
            Ok(())
        })
    }

    pub(super) fn set_department(&self, row: &SetDepartment) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        faults.take("user", self.model.find_user(row.user.as_str()));
        if let Some(department) = &row.department {
            faults.take(
                "department",
                self.model.find_department(department.as_str()),
            );
        }
        refused(Some(()), faults)?;
        self.set_person(&row.user, |person| {
            person.department.clone_from(&row.department);
            Ok(())
        })
    }

    pub(super) fn disable(&self, row: &OfUser) -> Result<Changes, Refusal> {
        self.set_person(&row.user, |person| {
            if !person.enabled {
                return Err(Refusal::AlreadyDisabled);
            }
            person.enabled = false;
            Ok(())
        })
    }

    pub(super) fn enable(&self, row: &OfUser) -> Result<Changes, Refusal> {
        self.set_person(&row.user, |person| {
            if person.enabled {
                return Err(Refusal::AlreadyEnabled);
            }
            person.enabled = true;
            person.offboarded = false;
            Ok(())
        })
    }

    pub(super) fn join(&self, row: &Join) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let user = faults.take("user", self.model.find_user(row.user.as_str()));
        let group = faults.take("group", self.model.find_group(row.group.as_str()));
        let (user, group) = refused(user.and_then(|user| Some((user, group?))), faults)?;
        let holder = Holder::User(user);
        self.admit(&[None], &[holder, Holder::Group(group)])?;
        let terms = Terms {
            from: row.from,
            until: row.until,
            reason: row.reason.clone(),
            document: None,
            replace: row.replace.unwrap_or(false),
        };
        let timeline = &self.model.holdings(holder).groups;
        let thing = Thing::Membership {
            group: row.group.clone(),
        };
        self.make(holder, timeline, &group, thing.clone(), &terms, |_, ()| {
            thing.clone()
        })
    }

    pub(super) fn leave(&self, row: &Leave) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let user = faults.take("user", self.model.find_user(row.user.as_str()));
        let group = faults.take("group", self.model.find_group(row.group.as_str()));
        let (user, group) = refused(user.and_then(|user| Some((user, group?))), faults)?;
        let holder = Holder::User(user);
        self.admit(&[None], &[holder, Holder::Group(group)])?;
        let timeline = &self.model.holdings(holder).groups;
        self.end(holder, timeline, &group, |_, ()| Thing::Membership {
            group: row.group.clone(),
        })
    }
}

/// The own key of something that an invitation carries.
#[derive(PartialEq, Eq)]
enum Carried {
    Entry(Spot),
    Assignment((ProfileIx, Place)),
}

impl Carried {
    fn place(&self) -> Place {
        match self {
            Self::Entry((_, place)) | Self::Assignment((_, place)) => *place,
        }
    }
}

/// The holders that what a user carries names, and where: none but that user makes sense.
fn holders(row: &policy::User) -> impl Iterator<Item = (String, &HolderKey)> {
    let grants = row.grant.iter().map(|grant| &grant.holder).enumerate();
    let levels = row.level.iter().map(|level| &level.holder).enumerate();
    let assigned = row.assign.iter().map(|assign| &assign.holder).enumerate();
    let path =
        |list: &'static str| move |(n, holder)| (alloc::format!("{list}[{n}].holder"), holder);
    let grants = grants.map(path("grant")).chain(levels.map(path("level")));
    grants.chain(assigned.map(path("assign")))
}
