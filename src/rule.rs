//! The rule: what a user's holders say of duties, most specific first.
//!
//! It is written once, for whatever can be stacked and put over: one duty's opinion, or a layer of all duties.

use smallvec::SmallVec;

use crate::catalog::Catalog;
use crate::catalog::Target;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::layer::Layer;
use crate::layer::Opinion;
use crate::layer::Opinions;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Path;
use crate::model::SCOPE_LEVELS;
use crate::model::Spot;
use crate::model::User;
use crate::model::profile::Effect;
use crate::model::profile::Gives;
use crate::model::timeline::Held;
use crate::policy::Mode;
use crate::policy::Reach;
use crate::policy::words;
use crate::time::Timestamp;

words! {
    /// The layers in which opinions are collected, from the least to the most specific (rule 3.2).
    ///
    /// Closed: the rule has these, and `item` for a private record.
    Rank {
        /// The tenant's mode.
        Baseline = "baseline": "the tenant's mode", "el modo de la organización",
        /// Entries for everyone.
        Default = "default": "everyone", "todos",
        /// The user's groups at the top of the tree.
        Group1 = "group-1": "groups, first level", "grupos, primer nivel",
        /// The user's groups one level down.
        Group2 = "group-2": "groups, second level", "grupos, segundo nivel",
        /// Two levels down.
        Group3 = "group-3": "groups, third level", "grupos, tercer nivel",
        /// Three levels down.
        Group4 = "group-4": "groups, fourth level", "grupos, cuarto nivel",
        /// Profiles assigned to the user.
        Profiles = "profiles": "profiles", "perfiles",
        /// Entries on the user.
        Individual = "individual": "the user's own entries", "entradas propias del usuario",
        /// A right on a private item: no layer speaks there.
        Item = "item": "private item", "elemento privado",
    }
}

impl Rank {
    /// The layer of groups at a depth of the tree, 1 at the top.
    pub(crate) fn of_groups(depth: u32) -> Self {
        match depth {
            0 | 1 => Self::Group1,
            2 => Self::Group2,
            3 => Self::Group3,
            _ => Self::Group4,
        }
    }
}

/// How many layers the rule has.
const RANKS: usize = 8;

/// What an answer is wanted about: one duty, or all.
pub(crate) trait View {
    /// What sources say.
    type Says: Opinions + Clone;

    fn silent(&self) -> Self::Says;

    /// Adds what an entry says to the other sources of its rank.
    fn add_entry(&self, says: &mut Self::Says, target: Target, effect: Effect);

    /// Adds what a profile gives to the other sources of its rank.
    fn add_profile(&self, says: &mut Self::Says, gives: &Gives);

    /// Adds what the tenant's mode says.
    fn add_baseline(&self, says: &mut Self::Says, model: &Model);

    /// Calls with a holder's entries in force that may speak of the view, on the path.
    fn each_entry<'a>(
        &self,
        holdings: &'a Holdings,
        path: &Path,
        at: Timestamp,
        call: &mut dyn FnMut(usize, &'a Held<Spot, Effect>),
    ) {
        for held in holdings.entries.in_force(at) {
            if let Some(depth) = path.iter().position(|place| *place == held.key.1) {
                call(depth, held);
            }
        }
    }
}

/// What one holder's own entries say (rule 3.3).
///
/// Entries are cells by how deep their scope lies on the path and how specific their target is. What the cells
/// below and to the right of one say stacks, and goes over what the cell itself says.
pub(crate) fn holder<V: View>(
    view: &V,
    holdings: &Holdings,
    path: &Path,
    at: Timestamp,
) -> V::Says {
    if holdings.entries.is_empty() {
        view.silent()
    } else if path.len() == 1 {
        of_cells::<V, 1>(view, holdings, path, at)
    } else {
        of_cells::<V, { SCOPE_LEVELS + 1 }>(view, holdings, path, at)
    }
}

/// The same, on a path of at most so many places.
fn of_cells<V: View, const PLACES: usize>(
    view: &V,
    holdings: &Holdings,
    path: &Path,
    at: Timestamp,
) -> V::Says {
    let mut cells: [[Option<V::Says>; 4]; PLACES] = [const { [const { None }; 4] }; PLACES];
    view.each_entry(holdings, path, at, &mut |depth, held| {
        let (target, _) = held.key;
        if let Some(cell) = cells
            .get_mut(depth)
            .and_then(|row| row.get_mut(target.depth()))
        {
            view.add_entry(
                cell.get_or_insert_with(|| view.silent()),
                target,
                held.value,
            );
        }
    });
    let mut deeper: [Option<V::Says>; 4] = [const { None }; 4];
    for row in cells.iter().take(path.len()).rev() {
        let mut narrower: Option<V::Says> = None;
        for (says, cell) in deeper.iter_mut().zip(row).rev() {
            match (&mut *says, &narrower) {
                (Some(says), Some(narrower)) => says.stack_with(narrower),
                (None, Some(_)) => says.clone_from(&narrower),
                (_, None) => {}
            }
            match (&mut *says, cell) {
                (Some(says), Some(cell)) => says.put_over(cell),
                (None, Some(_)) => says.clone_from(cell),
                (_, None) => {}
            }
            narrower.clone_from(says);
        }
    }
    let [whole, ..] = deeper;
    whole.unwrap_or_else(|| view.silent())
}

/// What the profiles assigned to one holder say, stacked (rule 3.4).
pub(crate) fn profiles<V: View>(
    view: &V,
    model: &Model,
    assigned: impl Iterator<Item = (ProfileIx, Place)>,
    path: &Path,
    says: &mut V::Says,
) {
    for (profile, place) in assigned {
        if path.contains(&place)
            && let Some(profile) = model.profile(profile)
        {
            view.add_profile(says, &profile.gives);
        }
    }
}

/// What each layer says, by rank.
pub(crate) struct Layers<S> {
    says: [S; RANKS],
}

impl<S: Opinions + Clone> Layers<S> {
    /// What the layers of a user say of a record on the path at an instant (rule 3.2).
    pub(crate) fn of<V: View<Says = S>>(
        view: &V,
        model: &Model,
        user: &User,
        groups: &[GroupIx],
        path: &Path,
        at: Timestamp,
    ) -> Self {
        let assigned = user.holdings.assignments.in_force(at);
        let assigned = assigned.map(|held| held.key);
        let mut layers = Self::shared(view, model, groups, assigned, path, at);
        if !user.holdings.entries.is_empty() {
            layers.put(Rank::Individual, &holder(view, &user.holdings, path, at));
        }
        layers
    }

    /// What the layers say below that of a user's own entries: all users in these groups who are assigned these
    /// profiles share them.
    pub(crate) fn shared<V: View<Says = S>>(
        view: &V,
        model: &Model,
        groups: &[GroupIx],
        assigned: impl Iterator<Item = (ProfileIx, Place)>,
        path: &Path,
        at: Timestamp,
    ) -> Self {
        let mut layers = Self {
            says: core::array::from_fn(|_| view.silent()),
        };
        if let Some(baseline) = layers.says.get_mut(Rank::Baseline as usize) {
            view.add_baseline(baseline, model);
        }
        if !model.everyone.entries.is_empty() {
            layers.put(Rank::Default, &holder(view, &model.everyone, path, at));
        }
        for group in groups {
            let holdings = model.holdings(Holder::Group(*group));
            let mut says = holder(view, holdings, path, at);
            let of_group = holdings.assignments.in_force(at).map(|held| held.key);
            profiles(view, model, of_group, path, &mut says);
            layers.put(Rank::of_groups(model.groups.depth(group.0)), &says);
        }
        if let Some(given) = layers.says.get_mut(Rank::Profiles as usize) {
            profiles(view, model, assigned, path, given);
        }
        layers
    }

    /// Adds what another source says to the layer of its rank.
    pub(crate) fn put(&mut self, rank: Rank, more: &S) {
        if let Some(says) = self.says.get_mut(rank as usize) {
            says.stack_with(more);
        }
    }

    /// The layers, from the least specific.
    pub(crate) fn lowest_first(&self) -> impl Iterator<Item = (Rank, &S)> {
        Rank::ALL.iter().copied().zip(&self.says)
    }

    /// The outcome: of each duty the opinion of the highest layer that is not silent.
    pub(crate) fn outcome(&self) -> S {
        self.over_from(Rank::Baseline)
    }

    /// The outcome without the baseline.
    pub(crate) fn stated(&self) -> S {
        self.over_from(Rank::Default)
    }

    fn over_from(&self, lowest: Rank) -> S {
        let [baseline, default, g1, g2, g3, g4, profiles, individual] = &self.says;
        let mut whole = individual.clone();
        for less in [profiles, g4, g3, g2, g1, default] {
            whole.put_over(less);
        }
        if lowest == Rank::Baseline {
            whole.put_over(baseline);
        }
        whole
    }
}

impl Layers<Opinion> {
    /// The highest layer that is not silent, and its opinion.
    pub(crate) fn winner(&self) -> Option<(Rank, Opinion)> {
        let layers = Rank::ALL.iter().zip(&self.says).rev();
        layers
            .map(|(rank, opinion)| (*rank, *opinion))
            .find(|(_, opinion)| *opinion != Opinion::Silent)
    }
}

/// The limits that reach a user on a path at an instant, each once (rule 4).
pub(crate) fn limits(
    model: &Model,
    user: &User,
    groups: &[GroupIx],
    path: &Path,
    at: Timestamp,
) -> SmallVec<[LimitIx; 4]> {
    let assigned = user.holdings.assignments.in_force(at);
    let mut all = shared_limits(model, groups, assigned.map(|held| held.key), path, at);
    all.extend(direct_limits(&user.holdings, path, at));
    all.sort_unstable();
    all.dedup();
    all
}

/// The limits that reach all users in these groups who are assigned these profiles; some perhaps twice.
pub(crate) fn shared_limits(
    model: &Model,
    groups: &[GroupIx],
    assigned: impl Iterator<Item = (ProfileIx, Place)>,
    path: &Path,
    at: Timestamp,
) -> SmallVec<[LimitIx; 4]> {
    let mut all: SmallVec<[LimitIx; 4]> = SmallVec::new();
    let add = |(profile, place): (ProfileIx, Place), all: &mut SmallVec<[LimitIx; 4]>| {
        if path.contains(&place)
            && let Some(profile) = model.profile(profile)
        {
            all.extend_from_slice(&profile.gives.limits);
        }
    };
    for group in groups {
        let holdings = model.holdings(Holder::Group(*group));
        all.extend(direct_limits(holdings, path, at));
        for held in holdings.assignments.in_force(at) {
            add(held.key, &mut all);
        }
    }
    assigned.for_each(|assigned| add(assigned, &mut all));
    all
}

/// The limits put on one holder.
pub(crate) fn direct_limits(
    holdings: &Holdings,
    path: &Path,
    at: Timestamp,
) -> impl Iterator<Item = LimitIx> {
    let in_force = holdings.limits.in_force(at);
    in_force
        .filter(|held| path.contains(&held.key.1))
        .map(|held| held.key.0)
}

/// The view of one duty.
pub(crate) struct One<'a> {
    catalog: &'a Catalog,
    duty: DutyIx,
    targets: [Target; 4],
}

/// From how many entries of one holder on looking up the few spots that matter beats reading them all.
pub(crate) const MANY: usize = 48;

impl<'a> One<'a> {
    pub(crate) fn new(catalog: &'a Catalog, duty: DutyIx) -> Self {
        Self {
            catalog,
            duty,
            targets: catalog.targets_of(duty),
        }
    }
}

impl View for One<'_> {
    type Says = Opinion;

    fn silent(&self) -> Opinion {
        Opinion::Silent
    }

    fn add_entry(&self, says: &mut Opinion, target: Target, effect: Effect) {
        says.stack_with(&effect.opinion(self.catalog, target, self.duty));
    }

    fn add_profile(&self, says: &mut Opinion, gives: &Gives) {
        says.stack_with(&gives.opinion(self.duty));
    }

    fn add_baseline(&self, says: &mut Opinion, model: &Model) {
        if let (Mode::Open { up_to }, Some(duty)) = (model.mode, self.catalog.get(self.duty))
            && duty.sensitivity <= up_to
        {
            says.stack_with(&Opinion::Granted(Reach::All));
        }
    }

    fn each_entry<'a>(
        &self,
        holdings: &'a Holdings,
        path: &Path,
        at: Timestamp,
        call: &mut dyn FnMut(usize, &'a Held<Spot, Effect>),
    ) {
        if holdings.entries.len() < MANY {
            for held in holdings
                .entries
                .in_force(at)
                .filter(|held| self.targets.contains(&held.key.0))
            {
                if let Some(depth) = path.iter().position(|place| *place == held.key.1) {
                    call(depth, held);
                }
            }
            return;
        }
        for target in self.targets {
            for (depth, place) in path.iter().enumerate() {
                if let Some(held) = holdings.entries.in_force_of(&(target, *place), at) {
                    call(depth, held);
                }
            }
        }
    }
}

/// The view of all duties of a catalog.
pub(crate) struct Every<'a> {
    pub(crate) catalog: &'a Catalog,
}

impl View for Every<'_> {
    type Says = Layer;

    fn silent(&self) -> Layer {
        Layer::silent(self.catalog.len())
    }

    fn add_entry(&self, says: &mut Layer, target: Target, effect: Effect) {
        match (effect, target) {
            (Effect::Grant { reach, .. }, _) => {
                says.say(&self.catalog.under(target), Opinion::Granted(reach));
            }
            (Effect::Revoke, _) => says.say(&self.catalog.under(target), Opinion::Revoked),
            (Effect::Level { rungs }, Target::Object(object)) => {
                let ladder = self
                    .catalog
                    .get_object(object)
                    .and_then(|object| object.ladder.as_ref());
                let (mut given, mut withheld) = (self.catalog.none(), self.catalog.none());
                for (place, rung) in ladder.iter().flat_map(|ladder| &ladder.rungs).enumerate() {
                    let set = if place < usize::from(rungs) {
                        &mut given
                    } else {
                        &mut withheld
                    };
                    set.insert(*rung);
                }
                says.say(&given, Opinion::Granted(Reach::All));
                says.say(&withheld, Opinion::Withheld);
            }
            (Effect::Level { .. }, _) => {}
        }
    }

    fn add_profile(&self, says: &mut Layer, gives: &Gives) {
        if let Some(associated) = &gives.associated {
            says.say(associated, Opinion::Granted(Reach::Associated));
        }
        if let Some(all) = &gives.all {
            says.say(all, Opinion::Granted(Reach::All));
        }
    }

    fn add_baseline(&self, says: &mut Layer, model: &Model) {
        if let Mode::Open { up_to } = model.mode {
            let mut open = self.catalog.none();
            for (ix, _) in self
                .catalog
                .duties()
                .filter(|(_, duty)| duty.sensitivity <= up_to)
            {
                open.insert(ix);
            }
            says.say(&open, Opinion::Granted(Reach::All));
        }
    }
}
