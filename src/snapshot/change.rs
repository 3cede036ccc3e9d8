//! A snapshot from the one before it: only what a change touches is compiled again.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use crate::event::Event;
use crate::ix::LimitIx;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::snapshot::Inner;
use crate::snapshot::Snapshot;
use crate::snapshot::compile::Compiler;
use crate::snapshot::flat::Words;
use crate::snapshot::hash::short;
use crate::snapshot::row::Draft;
use crate::snapshot::row::NEVER;
use crate::snapshot::row::Row;
use crate::snapshot::row::Whose;
use crate::snapshot::rows::Info;
use crate::snapshot::rows::NOBODY;
use crate::snapshot::touched::Touched;
use crate::time::Timestamp;

/// A class of which something was touched.
struct Turned<B: Words> {
    class: u32,
    /// The row that its users shared.
    row: u32,
    /// The duties of which that row had more to say than that nothing grants them.
    looked: B::Of<u64>,
    /// Until when holds what it says now.
    until: i64,
    /// Its row now, if that is no longer where it was.
    moved: Option<Draft>,
}

impl Snapshot {
    /// Makes it one of a model of the same tenant after these events, for an instant.
    pub(crate) fn take_in<'e>(
        &mut self,
        model: &Model,
        revision: u64,
        at: Timestamp,
        events: impl IntoIterator<Item = &'e Event>,
    ) {
        if self.follow(model, revision, at, events).is_none() {
            *self = self.again(model, revision, at);
        }
    }

    /// The same if not everything has to be compiled anew.
    fn follow<'e>(
        &mut self,
        model: &Model,
        revision: u64,
        at: Timestamp,
        events: impl IntoIterator<Item = &'e Event>,
    ) -> Option<()> {
        let before = &*self.inner;
        let mut touched = Touched::default();
        let mut known = before.revision;
        for event in events {
            if event.revision > known {
                touched.everything |= event.revision != known + 1;
                touched.see(event, model, before.names.as_ref());
                known = event.revision;
            }
        }
        touched.everything |= known != revision;
        if touched.everything || !before.is_of(model) || before.wastes() {
            return None;
        }
        let at = Timestamp::from_unix(before.from.max(at.as_unix())).ok()?;
        let scopes = |holder| {
            has_scopes(before.model.holdings(holder)) || has_scopes(model.holdings(holder))
        };
        let spreads = touched.everyone && scopes(Holder::Everyone)
            || touched
                .groups
                .iter()
                .any(|group| scopes(Holder::Group(*group)));
        if spreads {
            return None;
        }
        // Nothing limits everyone as such.
        touched.keeps_limits = touched.groups.is_empty()
            && touched
                .profiles
                .iter()
                .all(|profile| limits(&before.model, *profile) == limits(model, *profile));
        let inner = self.unshared(model)?;
        inner.revision = revision;
        inner.from = at.as_unix();
        with_words!(inner.rows.words(), B => {
            inner.take_in(&mut Compiler::<B>::new(model, at), &touched)
        })?;
        inner.rows.settle(false);
        let hash_key = inner.hash_key.clone();
        inner.classes.settle(false, hash_key.as_ref());
        Some(())
    }

    /// What nobody shares with it, as it was, but of that model: copied where copies of the snapshot are about.
    fn unshared(&mut self, model: &Model) -> Option<&mut Inner> {
        let model = model.clone();
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.model = model;
            inner.columns = OnceBox::new();
        } else {
            let before = &*self.inner;
            self.inner = Arc::new(Inner {
                model,
                revision: before.revision,
                tag: before.tag,
                duties: before.duties,
                from: before.from,
                until: before.until,
                index: before.index.clone(),
                rows: before.rows.clone(),
                classes: before.classes.clone(),
                dead: before.dead,
                names: before.names.clone(),
                hash_key: before.hash_key.clone(),
                columns: OnceBox::new(),
            });
        }
        Arc::get_mut(&mut self.inner)
    }

    /// The snapshot of a model of the same tenant, compiled anew.
    fn again(&self, model: &Model, revision: u64, at: Timestamp) -> Self {
        let before = &*self.inner;
        let same_names = before.is_of(model) && before.index.len() == model.users.len();
        let names = before.names.clone().filter(|_| same_names);
        Self::compile(model, revision, at, before.hash_key.clone(), names)
    }
}

impl Inner {
    /// Whether a model is one of the same tenant, with all that rows are made from besides what can be touched.
    fn is_of(&self, model: &Model) -> bool {
        self.tag == model.tag
            && self.model.mode == model.mode
            && self.index.len() <= model.users.len()
            && self.model.catalog.len() == model.catalog.len()
            && self.model.modules_off == model.modules_off
    }

    /// Whether more rows are dead than alive.
    fn wastes(&self) -> bool {
        self.dead > 1_024 + self.rows.len() / 2
    }

    /// Compiles anew what was touched; nothing if more than that must be.
    fn take_in<B: Words>(
        &mut self,
        compiler: &mut Compiler<'_, B>,
        touched: &Touched,
    ) -> Option<()> {
        if touched.everyone || !touched.groups.is_empty() || !touched.profiles.is_empty() {
            self.rewrite(compiler, touched)?;
        }
        for user in &touched.users {
            self.put_user(compiler, *user);
        }
        self.add_users(compiler);
        if self.until <= self.from {
            self.renew(compiler);
        }
        Some(())
    }

    /// Compiles the rows anew that have ended, and finds the next end.
    fn renew<B: Words>(&mut self, compiler: &mut Compiler<'_, B>) {
        let mut until = NEVER;
        for user in (0..short(self.index.len())).map(UserIx) {
            let end = |inner: &Self| {
                inner
                    .index
                    .get(user)
                    .map_or(NEVER, |row| inner.rows.end(row))
            };
            if end(self) <= self.from {
                self.put_user(compiler, user);
            }
            until = until.min(end(self));
        }
        self.until = until;
    }

    fn add_users<B: Words>(&mut self, compiler: &mut Compiler<'_, B>) {
        for at in self.index.len()..self.model.users.len() {
            let Some(user) = self.model.users.get(at) else {
                return;
            };
            let ix = UserIx(short(at));
            if let (Some(names), Some(key)) = (&mut self.names, &self.hash_key) {
                names.add(user.key.as_str(), key);
            }
            let row = compiler.user(ix, user, &mut self.rows, &mut self.classes);
            self.until = self.until.min(self.rows.end(row));
            self.index.push(row);
        }
    }

    fn put_user<B: Words>(&mut self, compiler: &mut Compiler<'_, B>, ix: UserIx) {
        if ix.at() >= self.index.len() {
            return;
        }
        let (Some(user), Some(before)) = (self.model.user(ix), self.index.get(ix)) else {
            return;
        };
        self.dead += self.rows.get(before).map_or(0, Row::owned);
        let row = compiler.user(ix, user, &mut self.rows, &mut self.classes);
        self.until = self.until.min(self.rows.end(row));
        self.index.set(ix, row);
    }

    /// Compiles the rows again that have to do with the groups and profiles that were touched; nothing if rows
    /// that others lead to would have to move.
    fn rewrite<B: Words>(
        &mut self,
        compiler: &mut Compiler<'_, B>,
        touched: &Touched,
    ) -> Option<()> {
        let turned = self.turn(compiler, touched);
        if turned.is_empty() {
            return Some(());
        }
        let concerned = self.concerned(&turned);
        let mut table = self.rows.open();
        let (mut draft, mut moved) = (Draft::new(), Vec::new());
        for (info, turned) in concerned {
            let class = match &turned.moved {
                None => table.get(turned.row),
                Some(draft) => Row::at(draft, 0, compiler.words()),
            };
            let (Some(row), Some(class), Some(key)) =
                (table.get(info.row), class, self.classes.key(info.class))
            else {
                continue;
            };
            let until = turned.until.min(row.head.end());
            self.until = self.until.min(until);
            let followed = if info.owner == NOBODY {
                Some(class.content())
            } else if touched.keeps_limits {
                row.following(&turned.looked, class)
            } else {
                None
            };
            let content = match followed {
                Some(content) => content,
                None => match self.model.user(UserIx(info.owner)) {
                    Some(user) => {
                        let (pile, _) = compiler.own_pile(user, key, row.place());
                        pile.content(compiler.off())
                    }
                    None => continue,
                },
            };
            content.write(
                &mut draft,
                until,
                row.head.whose(),
                row.place(),
                row.scopes(),
            );
            if !table.put(info.row, &draft) {
                moved.push((info, draft.clone()));
            }
        }
        for turned in turned {
            let info = Info {
                row: turned.row,
                class: turned.class,
                owner: NOBODY,
            };
            moved.extend(turned.moved.map(|draft| (info, draft)));
        }
        if !moved.is_empty() && self.rows.are_scoped() {
            return None;
        }
        self.place(moved);
        Some(())
    }

    /// Compiles the rows again that the users of classes share which have to do with what was touched; these
    /// classes, in order.
    fn turn<B: Words>(
        &mut self,
        compiler: &mut Compiler<'_, B>,
        touched: &Touched,
    ) -> Vec<Turned<B>> {
        let concerned = if touched.everyone {
            self.classes.all()
        } else {
            let parts = compiler.parts_of(&touched.groups, &touched.profiles);
            self.classes.with(&parts)
        };
        if concerned.is_empty() {
            return Vec::new();
        }
        compiler.take_profiles();
        let mut table = self.rows.open();
        let mut draft = Draft::new();
        let mut turned = Vec::with_capacity(concerned.len());
        for class in concerned {
            let (Some(key), Some(row)) = (self.classes.key(class), self.classes.row(class)) else {
                continue;
            };
            let Some(before) = table.get(row) else {
                continue;
            };
            let looked = before.looks::<B>();
            let (content, until) = compiler.class_content(key);
            let until = until.min(before.head.end());
            self.until = self.until.min(until);
            content.write(&mut draft, until, Whose::Shared, None, None);
            let moved = (!table.put(row, &draft)).then(|| draft.clone());
            turned.push(Turned {
                class,
                row,
                looked,
                until,
                moved,
            });
        }
        turned
    }

    /// The other rows of these classes that are in use, each with its class.
    fn concerned<'t, B: Words>(&self, turned: &'t [Turned<B>]) -> Vec<(Info, &'t Turned<B>)> {
        let mut places = alloc::vec![u32::MAX; self.classes.bound()];
        for (place, turned) in (0..).zip(turned) {
            if let Some(slot) = places.get_mut(turned.class as usize) {
                *slot = place;
            }
        }
        let mut concerned = Vec::with_capacity(turned.len());
        for info in self.rows.infos() {
            let place = places.get(info.class as usize);
            let turned = place.and_then(|place| turned.get(*place as usize));
            if let Some(turned) = turned.filter(|_| self.is_in_use(*info)) {
                concerned.push((*info, turned));
            }
        }
        concerned
    }

    /// Whether a row may still be a user's; of one that others may lead to, that is not known.
    fn is_in_use(&self, info: Info) -> bool {
        info.owner == NOBODY
            || self.rows.are_scoped()
            || self.index.get(UserIx(info.owner)) == Some(info.row)
    }

    /// Puts rows that are larger now elsewhere, and leads their users there.
    fn place(&mut self, moved: Vec<(Info, Draft)>) {
        let mut shared = BTreeMap::new();
        for (info, draft) in moved {
            let whole = self.classes.row(info.class) == Some(info.row);
            let row = self
                .rows
                .push(&draft, (!whole).then_some((info.class, info.owner)));
            self.dead += 1;
            if whole {
                self.classes.set(info.class, row);
            }
            if info.owner == NOBODY {
                shared.insert(info.row, row);
            } else {
                self.index.set(UserIx(info.owner), row);
            }
        }
        if !shared.is_empty() {
            self.index.redirect(&shared);
        }
    }
}

fn has_scopes(holdings: &Holdings) -> bool {
    holdings.entries.iter().any(|held| held.key.1.is_some())
        || holdings.assignments.iter().any(|held| held.key.1.is_some())
        || holdings.limits.iter().any(|held| held.key.1.is_some())
}

fn limits(model: &Model, profile: ProfileIx) -> Option<&[LimitIx]> {
    model.profile(profile).map(|profile| &*profile.gives.limits)
}
