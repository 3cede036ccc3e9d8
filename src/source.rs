//! Where the opinions on one duty come from: every entry and assignment in force, and what overrides it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::id::HolderKey;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Holdings;
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
    pub(crate) owner: Owner<'a>,
    pub(crate) what: What<'a>,
    pub(crate) opinion: Opinion,
    pub(crate) ceiling: Option<Amount>,
    /// The position of an entry of the same holder that overrides it (rule 3.3).
    pub(crate) overridden_by: Option<usize>,
}

/// Whose a source is; a user is at hand where one is asked about, so that nobody is looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner<'a> {
    Everyone,
    Group(GroupIx),
    User(&'a User),
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
        Self::among(model, user, &model.groups_of(user, at), duty, path, at)
    }

    /// The same, of a user whose groups are known.
    pub(crate) fn among(
        model: &'a Model,
        user: &'a User,
        groups: &[GroupIx],
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
                owner: Owner::Everyone,
                what: What::Mode,
                opinion: Opinion::Granted(Reach::All),
                ceiling: None,
                overridden_by: None,
            });
        }
        for (owner, entries_rank, profiles_rank) in Owner::of_layers(model, user, groups) {
            let ranks = (entries_rank, profiles_rank);
            add_owner(model, owner, ranks, duty, path, at, &mut sources);
        }
        sources
    }

    /// The text by which documents know it: `KIND HOLDER WHAT @SCOPE`.
    pub(crate) fn text(&self, model: &Model) -> String {
        let (kind, on, place) = match self.what {
            What::Mode => return "mode open".into(),
            What::Assignment(held) => ("assign ", model.profile_key(held.key.0), held.key.1),
            What::Entry(held) => {
                let kind = match held.value {
                    Effect::Grant { .. } => "grant ",
                    Effect::Revoke => "revoke ",
                    Effect::Level { .. } => "level ",
                };
                (kind, model.catalog.target_key(held.key.0), held.key.1)
            }
        };
        let (sort, key) = self.owner.parts(model);
        let (equals, rung) = match self.what {
            What::Entry(Held {
                key: (target, _),
                value: Effect::Level { rungs },
                ..
            }) => ("=", model.catalog.rung_name(*target, *rungs)),
            _ => ("", ""),
        };
        let (within, scope) = model.scope_key(place).map_or(("", ""), |key| (" @", key));
        [kind, sort, key, " ", on, equals, rung, within, scope].concat()
    }
}

impl<'a> Owner<'a> {
    /// The holder in a model that has it.
    pub(crate) fn of(model: &'a Model, holder: Holder) -> Self {
        match holder {
            Holder::Everyone => Self::Everyone,
            Holder::Group(group) => Self::Group(group),
            Holder::User(user) => model.user(user).map_or(Self::Everyone, Self::User),
        }
    }

    /// Who speaks for a user, in layer order, with the ranks of their entries and of their profiles.
    pub(crate) fn of_layers(
        model: &Model,
        user: &'a User,
        groups: &[GroupIx],
    ) -> impl Iterator<Item = (Self, Rank, Rank)> {
        let groups = groups.iter().map(|group| {
            let rank = Rank::of_groups(model.groups.depth(group.0));
            (Self::Group(*group), rank, rank)
        });
        [(Self::Everyone, Rank::Default, Rank::Default)]
            .into_iter()
            .chain(groups)
            .chain([(Self::User(user), Rank::Individual, Rank::Profiles)])
    }

    /// The group, if it is one.
    pub(crate) fn group(self) -> Option<GroupIx> {
        match self {
            Self::Group(group) => Some(group),
            Self::Everyone | Self::User(_) => None,
        }
    }

    pub(crate) fn holdings(self, model: &'a Model) -> &'a Holdings {
        match self {
            Self::Everyone => model.holdings(Holder::Everyone),
            Self::Group(group) => model.holdings(Holder::Group(group)),
            Self::User(user) => &user.holdings,
        }
    }

    /// Its key, as a value of its own.
    pub(crate) fn key(self, model: &Model) -> HolderKey {
        match self {
            Self::Everyone => HolderKey::Everyone,
            Self::Group(group) => model.holder_key(Holder::Group(group)),
            Self::User(user) => HolderKey::User(user.key.clone()),
        }
    }

    /// Its key as text: the sort of holder, and the key among its sort.
    pub(crate) fn parts(self, model: &'a Model) -> (&'static str, &'a str) {
        match self {
            Self::Everyone => ("everyone", ""),
            Self::Group(group) => ("group:", model.groups.key(group.0)),
            Self::User(user) => ("user:", user.key.as_str()),
        }
    }
}

fn add_owner<'a>(
    model: &'a Model,
    owner: Owner<'a>,
    (entries_rank, profiles_rank): (Rank, Rank),
    duty: DutyIx,
    path: &Path,
    at: Timestamp,
    sources: &mut Vec<Source<'a>>,
) {
    let holdings = owner.holdings(model);
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
                    owner,
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
    let spoken = !holdings.entries.is_empty();
    for (place_depth, place) in path.iter().enumerate().filter(|_| spoken) {
        for (target_depth, target) in targets.iter().enumerate() {
            let Some(held) = holdings.entries.in_force_of(&(*target, *place), at) else {
                continue;
            };
            let opinion = held.value.opinion(&model.catalog, *target, duty);
            if opinion == Opinion::Silent {
                continue;
            }
            let ceiling = held.value.ceiling();
            cells.push((place_depth, target_depth));
            let what = What::Entry(held);
            sources.push(Source {
                rank: entries_rank,
                owner,
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

/// One way by which a limit reaches a user.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    pub(crate) owner: Owner<'a>,
    pub(crate) through: Through<'a>,
}

/// Whether a limit is carried by a profile, or was put on the holder directly.
#[derive(Clone, Copy)]
pub(crate) enum Through<'a> {
    Assignment(&'a Held<(ProfileIx, Place), ()>),
    Limit(&'a Held<(LimitIx, Place), ()>),
}

impl<'a> Way<'a> {
    /// All ways by which a limit reaches a user on a path.
    pub(crate) fn all(
        model: &'a Model,
        user: &'a User,
        groups: &[GroupIx],
        limit: LimitIx,
        path: &Path,
        at: Timestamp,
    ) -> Vec<Self> {
        let mut ways = Vec::new();
        let groups = groups.iter().map(|group| Owner::Group(*group));
        for owner in groups.chain([Owner::User(user)]) {
            let holdings = owner.holdings(model);
            let carries = |profile| {
                let profile = model.profile(profile);
                profile.is_some_and(|profile| profile.gives.limits.contains(&limit))
            };
            let assigned = holdings.assignments.in_force(at);
            let assigned =
                assigned.filter(|held| carries(held.key.0) && path.contains(&held.key.1));
            ways.extend(assigned.map(|held| Self {
                owner,
                through: Through::Assignment(held),
            }));
            let put = holdings.limits.in_force(at);
            let put = put.filter(|held| held.key.0 == limit && path.contains(&held.key.1));
            ways.extend(put.map(|held| Self {
                owner,
                through: Through::Limit(held),
            }));
        }
        ways
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
