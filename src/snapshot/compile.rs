//! From what users hold to their rows, by the rule.

use alloc::collections::BTreeMap;
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
use crate::snapshot::class;
use crate::snapshot::class::ClassDraft;
use crate::snapshot::class::ClassKey;
use crate::snapshot::class::Parts;
use crate::snapshot::classes::Classes;
use crate::snapshot::flat::AllDuties;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::unite;
use crate::snapshot::pile::Given;
use crate::snapshot::pile::Pile;
use crate::snapshot::row::Content;
use crate::snapshot::row::Draft;
use crate::snapshot::row::NEVER;
use crate::snapshot::row::Permits;
use crate::snapshot::row::Whose;
use crate::snapshot::rows::NOBODY;
use crate::snapshot::rows::Rows;
use crate::time::Timestamp;
use crate::time::Window;

/// In how many scopes a user's own rows are compiled; beyond that the rule itself answers.
const MOST_SCOPES: usize = 64;

/// What compiles rows.
pub(super) struct Compiler<'a, B: Words> {
    model: &'a Model,
    at: Timestamp,
    view: AllDuties<'a, B>,
    /// The duties of modules that are switched off.
    off: B::Of<u64>,
    /// What each profile gives, if that is at hand.
    given: Vec<Given<B>>,
    everyone: Shared,
    groups: BTreeMap<GroupIx, Shared>,
    /// What lies below the profiles of users in no group, at the root.
    plain: Below<B>,
    /// What lies below the profiles of users in some groups, in some scope.
    below: BTreeMap<(Groups, Place), Below<B>>,
    /// Rows of a class that end earlier than the class's own.
    timed: BTreeMap<(u32, i64), u32>,
    /// Rows that lead to others in some scopes.
    scoped: BTreeMap<(u32, i64, Vec<u64>), u32>,
    draft: Draft,
}

type Groups = SmallVec<[GroupIx; 4]>;

/// What users share who are in the same groups.
struct Below<B: Words> {
    pile: Pile<B>,
    /// The path of the scope in which it was read.
    path: Path,
    /// Until when it holds.
    until: i64,
}

/// What a holder brings to all of its users' rows.
#[derive(Clone, Default)]
struct Shared {
    until: i64,
    places: Vec<ScopeIx>,
}

impl Shared {
    fn new(holdings: &Holdings, at: Timestamp) -> Self {
        let mut shared = Self {
            until: NEVER,
            places: Vec::new(),
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
        put_in_order(&mut shared.places);
        shared
    }
}

/// What of a user's own makes the user's rows.
struct Own {
    until: i64,
    /// The scopes below the root in which something of the user's or of the user's groups holds, in order.
    places: Vec<ScopeIx>,
    /// Of these, those in which entries of the groups or of everyone hold.
    shared: Vec<ScopeIx>,
    has_entries: bool,
}

impl<'a, B: Words> Compiler<'a, B> {
    pub(super) fn new(model: &'a Model, at: Timestamp) -> Self {
        let view = AllDuties::<B>::new(model);
        let mut off = view.each(0);
        for module in model.modules_off.iter() {
            if let Some(module) = model.catalog.get_module(*module) {
                unite(off.as_mut(), &module.duties);
            }
        }
        let everyone = Shared::new(&model.everyone, at);
        Self {
            plain: Below::new(model, &view, (&[], None), at, everyone.until),
            model,
            at,
            view,
            off,
            given: Vec::new(),
            everyone,
            groups: BTreeMap::new(),
            below: BTreeMap::new(),
            timed: BTreeMap::new(),
            scoped: BTreeMap::new(),
            draft: Draft::new(),
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
            return self.shared_row(ClassKey::DISABLED, NEVER, rows, classes);
        }
        if let Some(parts) = self.few_profiles(user) {
            let until = self.everyone.until;
            return self.shared_row(ClassKey::of(&[parts]), until, rows, classes);
        }
        let mut key = ClassDraft::new();
        let mut own = Own::new(&self.everyone);
        self.see(user, &mut own, &mut key);
        if own.is_plain() {
            self.shared_row(key.key(), own.until, rows, classes)
        } else if own.places.is_empty() {
            self.row(ix, user, &own, key.key(), None, rows, classes)
        } else {
            let scopes = self.scopes(ix, user, &own, rows, classes);
            self.root_row(ix, user, &own, key.key(), scopes, rows, classes)
        }
    }

    /// What is found in the classes that some groups and profiles have to do with, sorted.
    pub(super) fn parts_of(&self, groups: &[GroupIx], profiles: &[ProfileIx]) -> Vec<u16> {
        let of_profile = |profile: &ProfileIx| ClassKey::of_profile(*profile);
        let mut parts: Vec<u16> = profiles.iter().map(of_profile).collect();
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
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// What decides for the users of a class, and until when by what they share.
    fn class(&mut self, key: ClassKey<'_>) -> (Pile<B>, i64) {
        if key.is_of_profiles() {
            let whole = self.above(&self.plain, key);
            return (whole, self.plain.until);
        }
        let at: (Groups, Place) = (key.groups().collect(), key.scope());
        if let Some(below) = self.below.get(&at) {
            return (self.above(below, key), below.until);
        }
        let all = self.model.with_ancestors(at.0.iter().copied());
        let mut until = self.everyone.until;
        for group in &all {
            until = until.min(self.group(*group).until);
        }
        let below = Below::new(self.model, &self.view, (&all, at.1), self.at, until);
        let whole = self.above(&below, key);
        self.below.insert(at, below);
        (whole, until)
    }

    /// What the row of a class says, and until when by what its users share.
    pub(super) fn class_content(&mut self, key: ClassKey<'_>) -> (Content<B>, i64) {
        if key.is_disabled() {
            return (Content::disabled(self.view.each(Permits::default())), NEVER);
        }
        let (pile, until) = self.class(key);
        (pile.content(&self.off), until)
    }

    /// Takes at hand what each profile gives: for whoever compiles many classes.
    pub(super) fn take_profiles(&mut self) {
        let profiles = self.model.profiles.iter();
        self.given = profiles
            .map(|profile| Given::new(&self.view, self.model, profile))
            .collect();
    }

    /// What the profiles of a class say, over what lies below.
    #[inline]
    fn above(&self, below: &Below<B>, key: ClassKey<'_>) -> Pile<B> {
        let mut all = Given::nothing(&self.view);
        for profile in key.profiles() {
            if let Some(given) = self.given.get(profile.at()) {
                all.stack_with(given);
            } else if let Some(profile) = self.model.profile(profile) {
                all.stack_with(&Given::new(&self.view, self.model, profile));
            }
        }
        below.pile.with(&all)
    }

    /// What decides for a user of a class who has entries or limits of their own, in a scope.
    pub(super) fn own_pile(
        &mut self,
        user: &User,
        key: ClassKey<'_>,
        place: Place,
    ) -> (Pile<B>, i64) {
        let (class, until) = self.class(key);
        let scoped = place.map(|_| self.model.path(place));
        let path = scoped.as_ref().unwrap_or(&self.plain.path);
        let individual = holder(&self.view, &user.holdings, path, self.at);
        let mut whole = class.under(Rank::Individual, &individual);
        for limit in direct_limits(&user.holdings, path, self.at) {
            whole.limit(self.model, limit);
        }
        (whole, until)
    }

    /// How many words all duties take.
    pub(super) fn words(&self) -> usize {
        self.off.as_ref().len()
    }

    /// The duties of modules that are switched off.
    pub(super) fn off(&self) -> &B::Of<u64> {
        &self.off
    }

    /// What makes the class of a user who has no more than a few profiles, everywhere and always: of most users, and
    /// without a branch on how many there are, which nobody could foresee.
    #[inline]
    fn few_profiles(&self, user: &User) -> Option<Parts> {
        let Holdings {
            entries,
            assignments,
            limits,
            groups,
            ..
        } = &user.holdings;
        let has_more = !entries.is_empty() || !limits.is_empty() || !groups.is_empty();
        if has_more || !self.everyone.places.is_empty() {
            return None;
        }
        class::few(assignments.all(), |held| {
            let (profile, place) = held.key;
            let is_plain = place.is_none() && held.window == Window::ALWAYS;
            is_plain.then_some(profile)
        })
    }

    /// Takes in what makes a user's rows, and the class that the user belongs to at the root.
    #[inline]
    fn see(&mut self, user: &User, own: &mut Own, key: &mut ClassDraft) {
        let at = self.at;
        let holdings = &user.holdings;
        if !holdings.groups.is_empty() {
            for held in holdings.groups.iter() {
                if own.see(None, held.window, at) {
                    key.group(held.key);
                }
            }
            for group in self.model.groups_of(user, at) {
                let shared = self.group(group);
                own.until = own.until.min(shared.until);
                own.shared.extend_from_slice(&shared.places);
            }
        }
        if !own.shared.is_empty() {
            own.places.extend_from_slice(&own.shared);
        }
        for held in holdings.assignments.iter() {
            let (profile, place) = held.key;
            if own.see(place, held.window, at) && place.is_none() {
                key.profile(profile);
            }
        }
        for held in holdings.entries.iter() {
            own.has_entries |= own.see(held.key.1, held.window, at);
        }
        for held in holdings.limits.iter() {
            own.has_entries |= own.see(held.key.1, held.window, at);
        }
        put_in_order(&mut own.places);
    }

    fn group(&mut self, group: GroupIx) -> &Shared {
        let (model, at) = (self.model, self.at);
        self.groups
            .entry(group)
            .or_insert_with(|| Shared::new(model.holdings(Holder::Group(group)), at))
    }

    /// What makes the class that a user belongs to in a scope.
    fn class_key(&self, user: &User, own: &Own, path: &Path) -> ClassDraft {
        let mut key = ClassDraft::new();
        for held in user.holdings.groups.in_force(self.at) {
            key.group(held.key);
        }
        // One that is assigned at the root and in a scope is one.
        let mut last = None;
        for held in user.holdings.assignments.in_force(self.at) {
            let (profile, place) = held.key;
            if path.contains(&place) && last.replace(profile) != Some(profile) {
                key.profile(profile);
            }
        }
        let scopes = path.iter().rev().filter_map(|place| *place);
        let nearest = scopes.into_iter().find(|scope| own.shared.contains(scope));
        if let Some(scope) = nearest {
            key.place(scope);
        }
        key
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
        let mut scopes = Vec::with_capacity(own.places.len());
        for scope in &own.places {
            let path = self.model.path(Some(*scope));
            let key = self.class_key(user, own, &path);
            let row = self.row(
                ix,
                user,
                own,
                key.key(),
                Some((*scope, &path)),
                rows,
                classes,
            );
            scopes.push(u64::from(scope.get()) << 32 | u64::from(row));
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
        key: ClassKey<'_>,
        place: Option<(ScopeIx, &Path)>,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        if !self.speaks(user, own, place.map(|(_, path)| path)) {
            return self.shared_row(key, own.until, rows, classes);
        }
        let (class, _) = self.class_row(key, rows, classes);
        let place = place.map(|(scope, _)| scope);
        let (pile, _) = self.own_pile(user, key, place);
        let content = pile.content(&self.off);
        content.write(&mut self.draft, own.until, Whose::own(user), place, None);
        rows.push(&self.draft, Some((class, ix.0)))
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
        key: ClassKey<'_>,
        scopes: Vec<u64>,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        let (class, _) = self.class_row(key, rows, classes);
        if self.speaks(user, own, None) {
            let content = self.own_pile(user, key, None).0.content(&self.off);
            content.write(
                &mut self.draft,
                own.until,
                Whose::own(user),
                None,
                Some(&scopes),
            );
            return rows.push(&self.draft, Some((class, ix.0)));
        }
        let same = (class, own.until, scopes);
        if let Some(row) = self.scoped.get(&same) {
            return *row;
        }
        self.write_class(key, own.until, Some(&same.2));
        let row = rows.push(&self.draft, Some((class, NOBODY)));
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

    /// A class, and the row that its users share who have nothing that ends earlier.
    fn class_row(
        &mut self,
        key: ClassKey<'_>,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> (u32, u32) {
        let found = classes.find(key);
        if let Some((class, row)) = found
            && rows.end(row) > self.at.as_unix()
        {
            return (class, row);
        }
        self.write_class(key, NEVER, None);
        let row = rows.push(&self.draft, None);
        if let Some((class, _)) = found {
            classes.set(class, row);
            return (class, row);
        }
        (classes.add(key, row), row)
    }

    /// The row of a class that holds until an instant.
    #[inline]
    fn shared_row(
        &mut self,
        key: ClassKey<'_>,
        until: i64,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        match classes.find(key) {
            Some((_, row)) if rows.end(row) == until => row,
            _ => self.other_row(key, until, rows, classes),
        }
    }

    /// The same where the class's own is not there, or has another end.
    #[inline(never)]
    fn other_row(
        &mut self,
        key: ClassKey<'_>,
        until: i64,
        rows: &mut Rows,
        classes: &mut Classes,
    ) -> u32 {
        let (class, row) = self.class_row(key, rows, classes);
        if rows.end(row) == until {
            return row;
        }
        let timed = self.timed.entry((class, until));
        *timed.or_insert_with(|| rows.push_like(row, until, class))
    }

    /// Writes the row of a class, until an instant at the latest.
    fn write_class(&mut self, key: ClassKey<'_>, until: i64, scopes: Option<&[u64]>) {
        let (content, shared) = self.class_content(key);
        content.write(
            &mut self.draft,
            until.min(shared),
            Whose::Shared,
            None,
            scopes,
        );
    }
}

impl<B: Words> Below<B> {
    fn new(
        model: &Model,
        view: &AllDuties<'_, B>,
        (groups, place): (&[GroupIx], Place),
        at: Timestamp,
        until: i64,
    ) -> Self {
        let path = model.path(place);
        let none = || core::iter::empty();
        let layers = Layers::shared(view, model, groups, none(), &path, at);
        let mut pile = Pile::new(view);
        for (rank, says) in layers.lowest_first() {
            if !says.is_silent() {
                pile = pile.under(rank, says);
            }
        }
        for limit in shared_limits(model, groups, none(), &path, at) {
            pile.limit(model, limit);
        }
        Self { pile, path, until }
    }
}

impl Own {
    #[inline]
    fn new(everyone: &Shared) -> Self {
        Self {
            until: everyone.until,
            places: Vec::new(),
            shared: everyone.places.clone(),
            has_entries: false,
        }
    }

    /// Whether the row is the same everywhere, and that of all users with the same groups and profiles.
    fn is_plain(&self) -> bool {
        self.places.is_empty() && !self.has_entries
    }

    /// Takes in one thing that the user has, and tells whether it is in force.
    fn see(&mut self, place: Place, window: Window, at: Timestamp) -> bool {
        let mut holds = true;
        if window != Window::ALWAYS {
            self.until = self.until.min(next_edge(window, at));
            holds = window.holds(at);
        }
        if holds && let Some(scope) = place {
            self.places.push(scope);
        }
        holds
    }
}

/// Each scope once.
fn put_in_order(scopes: &mut Vec<ScopeIx>) {
    if scopes.len() > 1 {
        scopes.sort_unstable();
        scopes.dedup();
    }
}

/// The first edge of a window after an instant.
fn next_edge(window: Window, at: Timestamp) -> i64 {
    match (window.from(), window.until()) {
        (Some(from), _) if from > at => from.as_unix(),
        (_, Some(until)) if until > at => until.as_unix(),
        _ => NEVER,
    }
}
