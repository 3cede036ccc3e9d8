//! From the keys of a row to what they name, with every fault and its field.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::catalog::LevelPart;
use crate::catalog::Target;
use crate::fault::Fault;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::ConflictSet;
use crate::model::Holder;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::policy;
use crate::policy::ProfileGrant;
use crate::policy::Reach;
use crate::time::TimeError;
use crate::time::Timestamp;
use crate::time::Window;

/// The faults found in one row, each with its field.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<(String, Fault)>,
}

impl Faults {
    pub(crate) fn add(&mut self, field: impl Into<String>, fault: impl Into<Fault>) {
        self.found.push((field.into(), fault.into()));
    }

    /// Keeps a good value; notes a fault.
    pub(crate) fn take<T, F: Into<Fault>>(
        &mut self,
        field: &str,
        result: Result<T, F>,
    ) -> Option<T> {
        result.map_err(|fault| self.add(field, fault)).ok()
    }

    /// Forgets a fault that only follows from another one.
    pub(crate) fn forget(&mut self, field: &str) {
        self.found.retain(|(of, _)| of != field);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The first, as a command's refusal tells it.
    pub(crate) fn into_first(self) -> Option<(String, Fault)> {
        self.found.into_iter().next()
    }

    pub(crate) fn into_all(self) -> Vec<(String, Fault)> {
        self.found
    }
}

/// An entry whose keys are all known.
pub(crate) type Entry = (Holder, Spot, Effect);

pub(crate) fn grant(model: &Model, row: &policy::Grant, faults: &mut Faults) -> Option<Entry> {
    let holder = faults.take("holder", model.find_holder(&row.holder));
    let target = faults.take("on", model.catalog.target(&row.on));
    let place = faults.take("scope", model.find_place(row.scope.as_ref()));
    let effect = Effect::Grant {
        reach: row.reach.unwrap_or(Reach::All),
        ceiling: row.ceiling,
    };
    Some((holder?, (target?, place?), effect))
}

pub(crate) fn revoke(model: &Model, row: &policy::Revoke, faults: &mut Faults) -> Option<Entry> {
    let holder = faults.take("holder", model.find_holder(&row.holder));
    let target = faults.take("on", model.catalog.target(&row.on));
    let place = faults.take("scope", model.find_place(row.scope.as_ref()));
    Some((holder?, (target?, place?), Effect::Revoke))
}

pub(crate) fn level(model: &Model, row: &policy::SetLevel, faults: &mut Faults) -> Option<Entry> {
    let holder = faults.take("holder", model.find_holder(&row.holder));
    let rungs = model
        .catalog
        .rungs(&row.on, &row.to)
        .map_err(|(part, fault)| {
            faults.add(
                if part == LevelPart::Object {
                    "on"
                } else {
                    "to"
                },
                fault,
            );
        });
    let place = faults.take("scope", model.find_place(row.scope.as_ref()));
    let (object, rungs) = rungs.ok()?;
    Some((
        holder?,
        (Target::Object(object), place?),
        Effect::Level { rungs },
    ))
}

pub(crate) fn assign(
    model: &Model,
    row: &policy::Assign,
    faults: &mut Faults,
) -> Option<(Holder, (ProfileIx, Place))> {
    let holder = faults.take("holder", not_everyone(model, &row.holder));
    let profile = faults.take("profile", model.find_profile(row.profile.as_str()));
    let place = faults.take("scope", model.find_place(row.scope.as_ref()));
    Some((holder?, (profile?, place?)))
}

pub(crate) fn restrict(
    model: &Model,
    row: &policy::Restrict,
    faults: &mut Faults,
) -> Option<(Holder, (LimitIx, Place))> {
    let holder = faults.take("holder", not_everyone(model, &row.holder));
    let limit = faults.take("limit", model.catalog.limit(row.limit.as_str()));
    let place = faults.take("scope", model.find_place(row.scope.as_ref()));
    Some((holder?, (limit?, place?)))
}

pub(crate) fn item(
    model: &Model,
    row: &policy::GiveItem,
    faults: &mut Faults,
) -> Option<(UserIx, ItemKey, Vec<Target>)> {
    let user = faults.take("user", model.find_user(row.user.as_str()));
    let on = targets(model, "on", &row.on, faults);
    Some((user?, row.item.clone(), on))
}

pub(crate) fn conflict(model: &Model, row: &policy::Conflict, faults: &mut Faults) -> ConflictSet {
    let of = targets(model, "of", &row.of, faults);
    for (n, key) in row.of.iter().enumerate() {
        if row.of.iter().take(n).any(|other| other == key) {
            faults.add(
                format!("of[{n}]"),
                Fault::DuplicateKey {
                    key: key.as_str().into(),
                },
            );
        }
    }
    let at_most = row.at_most.unwrap_or(1);
    if usize::try_from(at_most).is_ok_and(|at_most| at_most >= row.of.len()) {
        let field = if row.at_most.is_some() {
            "at-most"
        } else {
            "of"
        };
        faults.add(
            field,
            Fault::OutOfRange {
                wanted: (
                    "more targets than may be in one hand",
                    "más funciones de las que puede reunir una persona",
                )
                    .into(),
            },
        );
    }
    ConflictSet {
        key: row.key.clone(),
        label: row.label.clone(),
        of,
        at_most,
    }
}

/// Checks that everything a profile names is known.
pub(crate) fn profile(model: &Model, row: &policy::Profile, faults: &mut Faults) {
    for (n, grant) in row.grants.iter().enumerate() {
        match grant {
            ProfileGrant::Target(on) => {
                faults.take(&format!("grants[{n}]"), model.catalog.target(on));
            }
            ProfileGrant::Reaching { on, .. } => {
                faults.take(&format!("grants[{n}].on"), model.catalog.target(on));
            }
            ProfileGrant::Level { on, level } => {
                if let Err((part, fault)) = model.catalog.rungs(on, level) {
                    let field = if part == LevelPart::Object {
                        "on"
                    } else {
                        "level"
                    };
                    faults.add(format!("grants[{n}].{field}"), fault);
                }
            }
        }
    }
    targets(model, "except", &row.except, faults);
    for (n, limit) in row.limits.iter().enumerate() {
        faults.take(&format!("limits[{n}]"), model.catalog.limit(limit.as_str()));
    }
    for duty in row.ceilings.keys() {
        faults.take(
            &format!("ceilings.{duty}"),
            model.catalog.duty(duty.as_str()),
        );
    }
}

/// Checks that everything a selection names is known.
pub(crate) fn select(model: &Model, row: &policy::Select, faults: &mut Faults) {
    users(
        model,
        "select.users",
        row.users.as_deref().unwrap_or_default(),
        faults,
    );
    for (n, group) in row.groups.iter().flatten().enumerate() {
        faults.take(
            &format!("select.groups[{n}]"),
            model.find_group(group.as_str()),
        );
    }
    if let Some(department) = &row.department {
        faults.take(
            "select.department",
            model.find_department(department.as_str()),
        );
    }
    if let Some(profile) = &row.profile {
        faults.take("select.profile", model.find_profile(profile.as_str()));
    }
    if let Some(module) = &row.module {
        faults.take("select.module", model.catalog.module(module.as_str()));
    }
}

pub(crate) fn users(
    model: &Model,
    field: &str,
    keys: &[UserKey],
    faults: &mut Faults,
) -> Vec<UserIx> {
    let found = keys
        .iter()
        .enumerate()
        .map(|(n, key)| faults.take(&format!("{field}[{n}]"), model.find_user(key.as_str())));
    found.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The window of a row's terms; in a command an absent start is the command's instant.
pub(crate) fn window(terms: &policy::Terms, start: Option<Timestamp>) -> Result<Window, TimeError> {
    Window::new(terms.from.or(start), terms.until)
}

fn targets(model: &Model, field: &str, keys: &[TargetKey], faults: &mut Faults) -> Vec<Target> {
    let mut targets = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        if let Some(target) = faults.take(&format!("{field}[{n}]"), model.catalog.target(key)) {
            targets.push(target);
        }
    }
    targets
}

pub(crate) fn not_everyone(model: &Model, key: &HolderKey) -> Result<Holder, Unknown> {
    match key {
        HolderKey::Everyone => Err(Unknown::new(Kind::Holder, "everyone", [])),
        key => model.find_holder(key),
    }
}
