//! From what users hold to their rows, by the rule.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::ScopeIx;
use crate::ix::UserIx;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Path;
use crate::model::User;
use crate::rule::Layers;
use crate::rule::Rank;
use crate::rule::direct_limits;
use crate::rule::holder;
use crate::rule::shared_limits;
use crate::snapshot::classes::ClassKey;
use crate::snapshot::classes::Classes;
use crate::snapshot::flat::AllDuties;
use crate::snapshot::flat::Flat;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::unite;
use crate::snapshot::rows::Content;
use crate::snapshot::rows::NEVER;
use crate::snapshot::rows::NOBODY;
use crate::snapshot::rows::Rows;
use crate::time::Timestamp;
use crate::time::Window;

/// In how many scopes a user's own rows are compiled; beyond that the rule itself answers.
const MOST_SCOPES: usize = 64;

/// What compiles rows.
pub(super) struct Compiler<'a, B> {
    model: &'a Model,
    at: Timestamp,
    view: AllDuties<'a, B>,
    /// The duties of modules that are switched off.
    off: B,
    everyone: Shared,
    groups: BTreeMap<GroupIx, Shared>,
    /// Rows of a class that end earlier than the class's own.
    timed: BTreeMap<(u32, i64), u32>,
    /// Rows that lead to others in some scopes.
    scoped: BTreeMap<(u32, i64, Vec<u64>), u32>,
    key: ClassKey,
}

/// What a holder brings to all of its users' rows.
#[derive(Clone, Default)]
struct Shared {
    until: i64,
    places: BTreeSet<ScopeIx>,
}

impl Shared {
    fn new(holdings: &Holdings, at: Timestamp) -> Self {
        let mut shared = Self {
            until: NEVER,
            places: BTreeSet::new(),
        };
        let entries = holdings
            .entries
            .iter()
            .map(|held| (held.key.1, held.window));
        let assigned = holdings
            .assignments
            .iter()
            .map(|held| (held.key.1, held.window));
        let limits = holdings.limits.iter().map(|held| (held.key.1, held.window));
        for (place, window) in entries.chain(assigned).chain(limits) {
            shared.until = shared.until.min(next_edge(window, at));
            if window.holds(at) {
                shared.places.extend(place);
            }
        }
        shared
    }
}

/// What of a user's own makes the user's rows.
struct Own {
    until: i64,
    /// The scopes below the root in which something of the user's or of the user's groups holds.
    places: BTreeSet<ScopeIx>,
    /// Of these, those in which entries of the groups or of everyone hold.
    shared: BTreeSet<ScopeIx>,
    has_entries: bool,
}

impl<'a, B: Words> Compiler<'a, B> {
    pub(super) fn new(model: &'a Model, at: Timestamp) -> Self {
        let view = AllDuties::new(model);
        let mut off: B = view.none();
        for module in model.modules_off.iter() {
            if let Some(module) = model.catalog.get_module(*module) {
                unite(off.as_mut(), &module.duties);
            }
        }
        Self {
            model,
            at,
            view,
            off,
            everyone: Shared::new(&model.everyone, at),
            groups: BTreeMap::new(),
            timed: BTreeMap::new(),
            scoped: BTreeMap::new(),
            key: ClassKey::default(),
        }
    }

    /// The row of a user, compiled if there is none like it yet.
    pub(super) fn user(
        &mut self,
        ix: UserIx,
        user: &User,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        if !user.enabled {
            return self
                .shared_row(&ClassKey::disabled(), NEVER, rows, classes)
                .1;
        }
        let own = self.own(user);
        let mut key = core::mem::take(&mut self.key);
        self.class_key(user, &own, None, &mut key);
        let row = if own.places.is_empty() {
            self.row(ix, user, &own, &key, None, rows, classes)
        } else {
            let scopes = self.scopes(ix, user, &own, rows, classes);
            self.root_row(ix, user, &own, &key, scopes, rows, classes)
        };
        self.key = key;
        row
    }

    /// What the row of a class says.
    pub(super) fn class(&self, key: &ClassKey) -> Content<B> {
        let (layers, limited) = self.layers(key);
        self.content(key, &layers, &limited)
    }

    /// Until when it does so, by what its users share.
    pub(super) fn until(&mut self, key: &ClassKey) -> i64 {
        let mut until = self.everyone.until;
        for group in self.model.with_ancestors(key.groups()) {
            until = until.min(self.group(group).until);
        }
        until
    }

    /// The parts of classes that some groups and profiles have to do with.
    pub(super) fn parts_of(&self, groups: &[GroupIx], profiles: &[ProfileIx]) -> Vec<u32> {
        let mut parts: Vec<u32> = profiles.iter().map(|profile| profile.0).collect();
        let is_given = |group: GroupIx| {
            let holdings = self.model.holdings(Holder::Group(group));
            let mut assigned = holdings.assignments.in_force(self.at);
            assigned.any(|held| profiles.contains(&held.key.0))
        };
        for (group, _) in self.model.groups.iter() {
            let concerned = |group: GroupIx| groups.contains(&group) || is_given(group);
            if self.model.groups.upwards(group).map(GroupIx).any(concerned) {
                parts.push(ClassKey::of_group(GroupIx(group)));
            }
        }
        parts
    }

    /// What the own row of a user of a class says in a scope.
    pub(super) fn own_row(&self, user: &User, key: &ClassKey, place: Place) -> Content<B> {
        let (mut layers, mut limited) = self.layers(key);
        let path = self.model.path(place);
        let individual = holder(&self.view, &user.holdings, &path, self.at);
        layers.put(Rank::Individual, &individual);
        for limit in direct_limits(&user.holdings, &path, self.at) {
            if let Some(limit) = self.model.catalog.get_limit(limit) {
                unite(limited.as_mut(), &limit.covers);
            }
        }
        self.content(key, &layers, &limited)
    }

    fn own(&mut self, user: &User) -> Own {
        let at = self.at;
        let mut own = Own {
            until: self.everyone.until,
            places: BTreeSet::new(),
            shared: BTreeSet::new(),
            has_entries: false,
        };
        let holdings = &user.holdings;
        if !self.everyone.places.is_empty() {
            own.shared.extend(&self.everyone.places);
        }
        if !holdings.groups.is_empty() {
            for held in holdings.groups.iter() {
                own.until = own.until.min(next_edge(held.window, at));
            }
            for group in self.model.groups_of(user, at) {
                let shared = self.group(group);
                own.until = own.until.min(shared.until);
                own.shared.extend(&shared.places);
            }
        }
        own.places.extend(&own.shared);
        for held in holdings.assignments.iter() {
            own.see(held.key.1, held.window, at);
        }
        for held in holdings.entries.iter() {
            own.has_entries |= own.see(held.key.1, held.window, at);
        }
        for held in holdings.limits.iter() {
            own.has_entries |= own.see(held.key.1, held.window, at);
        }
        own
    }

    fn group(&mut self, group: GroupIx) -> &Shared {
        let (model, at) = (self.model, self.at);
        self.groups
            .entry(group)
            .or_insert_with(|| Shared::new(model.holdings(Holder::Group(group)), at))
    }

    /// What makes the class that a user belongs to in a scope.
    fn class_key(&self, user: &User, own: &Own, path: Option<&Path>, key: &mut ClassKey) {
        key.clear();
        for held in user.holdings.groups.in_force(self.at) {
            key.group(held.key);
        }
        for held in user.holdings.assignments.in_force(self.at) {
            let (profile, place) = held.key;
            if path.map_or(place.is_none(), |path| path.contains(&place)) {
                key.profile(profile);
            }
        }
        let nearest = path.and_then(|path| {
            let scopes = path.iter().rev().filter_map(|place| *place);
            scopes.into_iter().find(|scope| own.shared.contains(scope))
        });
        if let Some(scope) = nearest {
            key.place(scope);
        }
    }

    /// The rows of a user in the scopes in which they differ from that at the root.
    fn scopes(
        &mut self,
        ix: UserIx,
        user: &User,
        own: &Own,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> Vec<u64> {
        if own.places.len() > MOST_SCOPES {
            return Vec::new();
        }
        let mut key = ClassKey::default();
        let mut scopes = Vec::with_capacity(own.places.len());
        for scope in &own.places {
            let path = self.model.path(Some(*scope));
            self.class_key(user, own, Some(&path), &mut key);
            let row = self.row(ix, user, own, &key, Some((*scope, &path)), rows, classes);
            scopes.push(u64::from(scope.0) << 32 | u64::from(row));
        }
        scopes
    }

    /// The row of a user in a scope, or at the root where that holds everywhere.
    #[expect(
        clippy::too_many_arguments,
        reason = "what is compiled, and where it goes"
    )]
    fn row(
        &mut self,
        ix: UserIx,
        user: &User,
        own: &Own,
        key: &ClassKey,
        place: Option<(ScopeIx, &Path)>,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        let (class, shared) = self.shared_row(key, own.until, rows, classes);
        if !self.speaks(user, own, place.map(|(_, path)| path)) {
            return shared;
        }
        let place = place.map(|(scope, _)| scope);
        let content = self.own_row(user, key, place);
        rows.push(&content, own.until, (class, ix.0), place, None)
    }

    /// The row of a user at the root, where others hold in some scopes.
    #[expect(
        clippy::too_many_arguments,
        reason = "what is compiled, and where it goes"
    )]
    fn root_row(
        &mut self,
        ix: UserIx,
        user: &User,
        own: &Own,
        key: &ClassKey,
        scopes: Vec<u64>,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        let (class, _) = self.shared_row(key, own.until, rows, classes);
        if self.speaks(user, own, None) {
            let content = self.own_row(user, key, None);
            return rows.push(&content, own.until, (class, ix.0), None, Some(&scopes));
        }
        let same = (class, own.until, scopes);
        if let Some(row) = self.scoped.get(&same) {
            return *row;
        }
        let content = self.class(key);
        let row = rows.push(&content, own.until, (class, NOBODY), None, Some(&same.2));
        self.scoped.insert(same, row);
        row
    }

    /// Whether a user's own entries or limits speak at the root, or on a path.
    fn speaks(&self, user: &User, own: &Own, path: Option<&Path>) -> bool {
        let applies = |place: Place| path.map_or(place.is_none(), |path| path.contains(&place));
        let holdings = &user.holdings;
        own.has_entries
            && (holdings
                .entries
                .in_force(self.at)
                .any(|held| applies(held.key.1))
                || holdings
                    .limits
                    .in_force(self.at)
                    .any(|held| applies(held.key.1)))
    }

    /// A class, and its row that holds until an instant.
    fn shared_row(
        &mut self,
        key: &ClassKey,
        until: i64,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> (u32, u32) {
        let Some((class, row)) = classes.find(key) else {
            let content = self.class(key);
            let row = rows.push(&content, until, (classes.next(), NOBODY), None, None);
            return (classes.add(key, row), row);
        };
        let end = rows.get(row).map_or(i64::MIN, |row| row.head.end());
        if end == until {
            return (class, row);
        }
        if end <= self.at.as_unix() {
            let content = self.class(key);
            let row = rows.push(&content, until, (class, NOBODY), None, None);
            classes.set(class, row);
            return (class, row);
        }
        let timed = self.timed.entry((class, until));
        (class, *timed.or_insert_with(|| rows.push_like(row, until)))
    }

    /// What the layers of a class say, and which duties limits cover.
    fn layers(&self, key: &ClassKey) -> (Layers<Flat<B>>, B) {
        let groups: SmallVec<[GroupIx; 8]> = self.model.with_ancestors(key.groups());
        let path = self.model.path(key.scope());
        let assigned = || key.profiles().map(|profile| (profile, None));
        let layers = Layers::shared(&self.view, self.model, &groups, assigned(), &path, self.at);
        let mut limited = self.view.none();
        for limit in shared_limits(self.model, &groups, assigned(), &path, self.at) {
            if let Some(limit) = self.model.catalog.get_limit(limit) {
                unite(limited.as_mut(), &limit.covers);
            }
        }
        (layers, limited)
    }

    fn content(&self, key: &ClassKey, layers: &Layers<Flat<B>>, limited: &B) -> Content<B> {
        let none = || self.view.none();
        let mut content = Content {
            all: none(),
            associated: none(),
            look: none(),
            look_all: key.is_disabled(),
            ranks: [none(), none(), none()],
        };
        if key.is_disabled() {
            return content;
        }
        let outcome = layers.outcome();
        let [spoken, says_associated, says_all, revoked] = outcome.planes();
        let gates = revoked.iter().zip(limited.as_ref()).zip(self.off.as_ref());
        let masks = gates.map(|((revoked, limited), off)| !revoked & !limited & !off);
        let targets = content
            .all
            .as_mut()
            .iter_mut()
            .zip(content.associated.as_mut());
        let says = says_all.iter().zip(says_associated);
        for (((all, associated), (says_all, says_associated)), mask) in targets.zip(says).zip(masks)
        {
            *all = says_all & mask;
            *associated = says_associated & mask;
        }
        let permitted = content.associated.as_ref();
        let off = self.off.as_ref();
        for (((look, off), spoken), permitted) in content
            .look
            .as_mut()
            .iter_mut()
            .zip(off)
            .zip(spoken)
            .zip(permitted)
        {
            *look = off | spoken & !permitted;
        }
        let mut left = content.associated.clone();
        for (rank, layer) in layers.highest_first() {
            let code = rank as usize;
            let [spoken, ..] = layer.planes();
            if spoken.iter().all(|word| *word == 0) {
                continue;
            }
            for (place, (left, spoken)) in left.as_mut().iter_mut().zip(spoken).enumerate() {
                let decided = *left & spoken;
                *left &= !spoken;
                for (bit, plane) in content.ranks.iter_mut().enumerate() {
                    if code >> bit & 1 == 1
                        && let Some(word) = plane.as_mut().get_mut(place)
                    {
                        *word |= decided;
                    }
                }
            }
        }
        content
    }
}

impl Own {
    /// Takes in one thing that the user has, and tells whether it is in force.
    fn see(&mut self, place: Place, window: Window, at: Timestamp) -> bool {
        self.until = self.until.min(next_edge(window, at));
        let holds = window.holds(at);
        if holds && let Some(scope) = place {
            self.places.insert(scope);
        }
        holds
    }
}

/// The first edge of a window after an instant.
fn next_edge(window: Window, at: Timestamp) -> i64 {
    let edge = [window.from(), window.until()]
        .into_iter()
        .flatten()
        .find(|edge| *edge > at);
    edge.map_or(NEVER, Timestamp::as_unix)
}
