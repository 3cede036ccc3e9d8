//! Profiles: named bundles of grants, limits and ceilings, and what they give in a catalog.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::catalog::Catalog;
use crate::catalog::Target;
use crate::duties::DutySet;
use crate::ix::DutyIx;
use crate::ix::LimitIx;
use crate::layer::Opinion;
use crate::policy;
use crate::policy::Amount;
use crate::policy::Level;
use crate::policy::ProfileGrant;
use crate::policy::Reach;

/// A profile, and what it gives.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Profile {
    pub(crate) row: policy::Profile,
    pub(crate) retired: bool,
    /// The tenant's revision when it was last retired; it may have been defined anew since.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) retired_in: Option<u64>,
    /// The tenant's revision when it was last changed.
    pub(crate) revision: u64,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) gives: Gives,
}

/// What a profile gives in one catalog.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gives {
    pub(crate) associated: Option<DutySet>,
    pub(crate) all: Option<DutySet>,
    pub(crate) limits: Vec<LimitIx>,
    pub(crate) ceilings: BTreeMap<DutyIx, Amount>,
}

impl Profile {
    pub(crate) fn new(row: policy::Profile, catalog: &Catalog, revision: u64) -> Self {
        let gives = Gives::new(&row, catalog);
        Self {
            row,
            retired: false,
            retired_in: None,
            revision,
            gives,
        }
    }
}

impl Gives {
    /// What a row whose keys all lead somewhere gives.
    pub(crate) fn new(row: &policy::Profile, catalog: &Catalog) -> Self {
        let (mut associated, mut all) = (catalog.none(), catalog.none());
        for grant in &row.grants {
            let (on, reach, level) = match grant {
                ProfileGrant::Target(on) => (on, Reach::All, None),
                ProfileGrant::Reaching { on, reach } => (on, *reach, None),
                ProfileGrant::Level { on, level } => (on, Reach::All, Some(level)),
            };
            let set = if reach == Reach::All {
                &mut all
            } else {
                &mut associated
            };
            match level {
                None => {
                    if let Ok(target) = catalog.target(on) {
                        set.union_with(&catalog.under(target));
                    }
                }
                Some(level) => rungs(catalog, on, level)
                    .into_iter()
                    .for_each(|duty| set.insert(duty)),
            }
        }
        for target in row.except.iter().filter_map(|key| catalog.target(key).ok()) {
            associated.subtract(&catalog.under(target));
            all.subtract(&catalog.under(target));
        }
        associated.union_with(&all);
        Self {
            limits: row
                .limits
                .iter()
                .filter_map(|key| catalog.limit(key.as_str()).ok())
                .collect(),
            ceilings: row
                .ceilings
                .iter()
                .filter_map(|(key, amount)| Some((catalog.duty(key.as_str()).ok()?, *amount)))
                .collect(),
            associated: Some(associated),
            all: Some(all),
        }
    }

    /// What the profile says of one duty.
    pub(crate) fn opinion(&self, duty: DutyIx) -> Opinion {
        let has = |set: &Option<DutySet>| set.as_ref().is_some_and(|set| set.contains(duty));
        if has(&self.all) {
            Opinion::Granted(Reach::All)
        } else if has(&self.associated) {
            Opinion::Granted(Reach::Associated)
        } else {
            Opinion::Silent
        }
    }
}

fn rungs(catalog: &Catalog, on: &crate::id::TargetKey, level: &Level) -> Vec<DutyIx> {
    let Ok((object, count)) = catalog.rungs(on, level) else {
        return Vec::new();
    };
    let ladder = catalog
        .get_object(object)
        .and_then(|object| object.ladder.as_ref());
    ladder.map_or(Vec::new(), |ladder| {
        ladder
            .rungs
            .iter()
            .take(usize::from(count))
            .copied()
            .collect()
    })
}

/// What an entry does on its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) enum Effect {
    /// Grants it at a reach, up to a ceiling.
    Grant {
        reach: Reach,
        ceiling: Option<Amount>,
    },
    /// Revokes it.
    Revoke,
    /// Grants so many rungs of the object's ladder and withholds the rest.
    Level { rungs: u16 },
}

impl Effect {
    /// Up to which amount it grants, where it says so.
    pub(crate) fn ceiling(self) -> Option<Amount> {
        match self {
            Self::Grant { ceiling, .. } => ceiling,
            Self::Revoke | Self::Level { .. } => None,
        }
    }

    /// What the entry says of one duty.
    pub(crate) fn opinion(self, catalog: &Catalog, target: Target, duty: DutyIx) -> Opinion {
        if !catalog.covers(target, duty) {
            return Opinion::Silent;
        }
        match self {
            Self::Grant { reach, .. } => Opinion::Granted(reach),
            Self::Revoke => Opinion::Revoked,
            Self::Level { rungs } => {
                let Target::Object(object) = target else {
                    return Opinion::Silent;
                };
                let ladder = catalog
                    .get_object(object)
                    .and_then(|object| object.ladder.as_ref());
                match ladder.and_then(|ladder| ladder.rungs.iter().position(|rung| *rung == duty)) {
                    Some(place) if place < usize::from(rungs) => Opinion::Granted(Reach::All),
                    Some(_) => Opinion::Withheld,
                    None => Opinion::Silent,
                }
            }
        }
    }
}
