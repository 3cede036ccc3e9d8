//! Where the opinions on one duty come from: every entry and assignment in force, and what overrides it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::ix::DutyIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Model;
use crate::model::Path;
use crate::model::Spot;
use crate::model::User;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::policy::Amount;
use crate::policy::Mode;
use crate::policy::Reach;
use crate::rule::Rank;
use crate::time::Timestamp;

/// One source of an opinion on a duty.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) rank: Rank,
    pub(crate) holder: Holder,
    pub(crate) what: What<'a>,
    pub(crate) opinion: Opinion,
    pub(crate) ceiling: Option<Amount>,
    /// The position of an entry of the same holder that overrides it (rule 3.3).
    pub(crate) overridden_by: Option<usize>,
}

/// What a source is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// An entry.
    Entry(&'a Held<Spot, Effect>),
    /// An assignment of a profile.
    Assignment(&'a Held<(ProfileIx, Place), ()>),
    /// The tenant's mode.
    Mode,
}

impl<'a> Source<'a> {
    /// All sources that speak of a duty for a user on a path, in layer order.
    pub(crate) fn all(
        model: &'a Model,
        user: &'a User,
        duty: DutyIx,
        path: &Path,
        at: Timestamp,
    ) -> Vec<Self> {
        let mut sources = Vec::new();
        if let (Mode::Open { up_to }, Some(duty)) = (model.mode, model.catalog.get(duty))
            && duty.sensitivity <= up_to
        {
            sources.push(Source {
                rank: Rank::Baseline,
                holder: Holder::Everyone,
                what: What::Mode,
                opinion: Opinion::Granted(Reach::All),
                ceiling: None,
                overridden_by: None,
            });
        }
        let mut add = |holder, entries_rank, profiles_rank| {
            add_holder(
                model,
                holder,
                (entries_rank, profiles_rank),
                duty,
                path,
                at,
                &mut sources,
            );
        };
        add(Holder::Everyone, Rank::Default, Rank::Default);
        for group in model.groups_of(user, at) {
            let rank = Rank::of_groups(model.groups.depth(group.0));
            add(Holder::Group(group), rank, rank);
        }
        if let Ok(user) = model.find_user(user.key.as_str()) {
            add(Holder::User(user), Rank::Individual, Rank::Profiles);
        }
        sources
    }

    /// The text by which documents know it: `KIND HOLDER WHAT @SCOPE`.
    pub(crate) fn text(&self, model: &Model) -> String {
        let holder = model.holder_key(self.holder);
        let (mut text, place) = match self.what {
            What::Mode => return "mode open".into(),
            What::Assignment(held) => {
                let profile = model
                    .profile(held.key.0)
                    .map_or("", |profile| profile.row.key.as_str());
                (alloc::format!("assign {holder} {profile}"), held.key.1)
            }
            What::Entry(held) => (entry_text(model, &holder, held), held.key.1),
        };
        if let Some(scope) = model.scope_key(place) {
            text.push_str(" @");
            text.push_str(scope);
        }
        text
    }
}

fn entry_text(model: &Model, holder: &crate::id::HolderKey, held: &Held<Spot, Effect>) -> String {
    let on = model.catalog.target_key(held.key.0);
    match held.value {
        Effect::Grant { .. } => alloc::format!("grant {holder} {on}"),
        Effect::Revoke => alloc::format!("revoke {holder} {on}"),
        Effect::Level { rungs } => {
            alloc::format!(
                "level {holder} {on}={}",
                model.catalog.rung_name(held.key.0, rungs)
            )
        }
    }
}

fn add_holder<'a>(
    model: &'a Model,
    holder: Holder,
    (entries_rank, profiles_rank): (Rank, Rank),
    duty: DutyIx,
    path: &Path,
    at: Timestamp,
    sources: &mut Vec<Source<'a>>,
) {
    let holdings = model.holdings(holder);
    let depth = |place: Place| path.iter().position(|on_path| *on_path == place);
    let add_profiles = |sources: &mut Vec<Source<'a>>| {
        for held in holdings
            .assignments
            .in_force(at)
            .filter(|held| depth(held.key.1).is_some())
        {
            let Some(gives) = model.profile(held.key.0).map(|profile| &profile.gives) else {
                continue;
            };
            let opinion = gives.opinion(duty);
            if opinion != Opinion::Silent {
                let ceiling = gives.ceilings.get(&duty).copied();
                let what = What::Assignment(held);
                sources.push(Source {
                    rank: profiles_rank,
                    holder,
                    what,
                    opinion,
                    ceiling,
                    overridden_by: None,
                });
            }
        }
    };
    if profiles_rank < entries_rank {
        add_profiles(sources);
    }
    let first = sources.len();
    let mut cells = Vec::new();
    let targets = model.catalog.targets_of(duty);
    for (place_depth, place) in path.iter().enumerate() {
        for (target_depth, target) in targets.iter().enumerate() {
            let Some(held) = holdings.entries.in_force_of(&(*target, *place), at) else {
                continue;
            };
            let opinion = held.value.opinion(&model.catalog, *target, duty);
            if opinion == Opinion::Silent {
                continue;
            }
            let ceiling = match held.value {
                Effect::Grant { ceiling, .. } => ceiling,
                Effect::Revoke | Effect::Level { .. } => None,
            };
            cells.push((place_depth, target_depth));
            let what = What::Entry(held);
            sources.push(Source {
                rank: entries_rank,
                holder,
                what,
                opinion,
                ceiling,
                overridden_by: None,
            });
        }
    }
    for (source, cell) in sources.iter_mut().skip(first).zip(&cells) {
        let overrides =
            |other: &(usize, usize)| other != cell && other.0 >= cell.0 && other.1 >= cell.1;
        source.overridden_by = cells.iter().position(overrides).map(|place| first + place);
    }
    if profiles_rank >= entries_rank {
        add_profiles(sources);
    }
}

/// The places that something in force for a user mentions, the root first: at all others the layers say what
/// they say at the nearest of these above.
pub(crate) fn places(model: &Model, user: &User, at: Timestamp) -> BTreeSet<Place> {
    let mut places = BTreeSet::from([None]);
    let groups = model.groups_of(user, at);
    let groups = groups
        .iter()
        .map(|group| model.holdings(Holder::Group(*group)));
    for holdings in groups.chain([&*model.everyone, &user.holdings]) {
        places.extend(holdings.entries.in_force(at).map(|held| held.key.1));
        places.extend(holdings.assignments.in_force(at).map(|held| held.key.1));
        places.extend(holdings.limits.in_force(at).map(|held| held.key.1));
    }
    places
}
