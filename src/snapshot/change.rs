//! A snapshot from the one before it: only what a change touches is compiled again.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use crate::id::Key;
use crate::id::Unknown;
use crate::ix::GroupIx;
use crate::ix::ProfileIx;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::snapshot::Inner;
use crate::snapshot::Snapshot;
use crate::snapshot::compile::Compiler;
use crate::snapshot::flat::Words;
use crate::snapshot::interner::short;
use crate::snapshot::row::Content;
use crate::snapshot::row::Draft;
use crate::snapshot::row::Row;
use crate::snapshot::rows::Info;
use crate::snapshot::rows::NOBODY;
use crate::time::Timestamp;

/// What changed in a tenant since a snapshot of it was taken.
///
/// It may name too much, never too little. Users who are new need not be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub(crate) everything: bool,
    pub(crate) everyone: bool,
    pub(crate) users: Vec<UserId>,
    pub(crate) groups: Vec<GroupIx>,
    pub(crate) profiles: Vec<ProfileIx>,
}

impl Touched {
    /// Nothing that answers depend on, or new users, scopes, teams, groups or profiles only.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Anything: the catalog, the mode, which modules are on, or more than is worth naming.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    /// And what everyone holds.
    #[must_use]
    pub fn and_everyone(mut self) -> Self {
        self.everyone = true;
        self
    }

    /// And what a user holds, or whether the user's login is enabled.
    #[must_use]
    pub fn and_user(mut self, user: UserId) -> Self {
        self.users.push(user);
        self
    }

    /// And what a group holds.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if the snapshot has no group of that key.
    pub fn and_group(mut self, before: &Snapshot, group: &Key) -> Result<Self, Unknown> {
        self.groups
            .push(before.inner.model.find_group(group.as_str())?);
        Ok(self)
    }

    /// And what a profile gives.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if the snapshot has no profile of that key.
    pub fn and_profile(mut self, before: &Snapshot, profile: &Key) -> Result<Self, Unknown> {
        self.profiles
            .push(before.inner.model.find_profile(profile.as_str())?);
        Ok(self)
    }
}

impl Snapshot {
    /// The snapshot of a model of the same tenant that differs from this one's in what was touched.
    pub(crate) fn after_change(&self, model: &Model, at: Timestamp, touched: &Touched) -> Self {
        let before = &*self.inner;
        if touched.everything || !before.is_of(model) || before.wastes() {
            return self.again(model, at);
        }
        let from = before.from.max(at.as_unix());
        let Ok(at) = Timestamp::from_unix(from) else {
            return self.again(model, at);
        };
        let scopes = |holder| {
            has_scopes(before.model.holdings(holder)) || has_scopes(model.holdings(holder))
        };
        let spreads = touched.everyone && scopes(Holder::Everyone)
            || touched
                .groups
                .iter()
                .any(|group| scopes(Holder::Group(*group)));
        if spreads {
            return self.again(model, at);
        }
        let mut inner = Inner {
            model: model.clone(),
            tag: before.tag,
            duties: before.duties,
            from,
            until: before.until,
            index: before.index.clone(),
            rows: before.rows.clone(),
            classes: before.classes.clone(),
            dead: before.dead,
            names: before.names.clone(),
            hash_key: before.hash_key.clone(),
            columns: OnceBox::new(),
        };
        let taken = with_words!(inner.rows.words(), B => {
            inner.take_in(&mut Compiler::<B>::new(model, at), touched)
        });
        if taken.is_none() {
            return self.again(model, at);
        }
        inner.rows.settle(false);
        let hash_key = inner.hash_key.clone();
        inner.classes.settle(false, hash_key.as_ref());
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The snapshot of a model of the same tenant, compiled anew.
    fn again(&self, model: &Model, at: Timestamp) -> Self {
        let before = &*self.inner;
        let same_names = before.is_of(model) && before.model.users.len() == model.users.len();
        let names = before.names.clone().filter(|_| same_names);
        Self::compile(model, at, before.hash_key.clone(), names)
    }
}

impl Inner {
    /// Whether a model is one of the same tenant, with all that rows are made from besides what can be touched.
    fn is_of(&self, model: &Model) -> bool {
        self.tag == model.tag()
            && self.model.mode == model.mode
            && self.index.len() <= model.users.len()
            && (Arc::ptr_eq(&self.model.catalog, &model.catalog)
                || self.model.catalog.len() == model.catalog.len())
            && (Arc::ptr_eq(&self.model.modules_off, &model.modules_off)
                || self.model.modules_off == model.modules_off)
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
            if let Some(user) = user.of(self.tag) {
                self.put_user(compiler, user);
            }
        }
        self.add_users(compiler);
        Some(())
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
        let concerned = self.concerned(compiler, touched);
        let (classes, model) = (&self.classes, &self.model);
        let mut first_end = self.until;
        let moved = self.rows.rewrite(&concerned, |info, row, draft| {
            let Some(key) = classes.key(info.class) else {
                draft.clear();
                draft.extend_from_slice(row.own_words());
                return;
            };
            let until = compiler.until(&key).min(row.head.end());
            first_end = first_end.min(until);
            let content = if key.is_disabled() {
                Content::disabled(compiler.none())
            } else {
                let pile = match model.user(UserIx(info.owner)) {
                    Some(user) if row.head.is_own() => compiler.own_pile(user, &key, row.place()),
                    _ => compiler.class(&key),
                };
                pile.content(compiler.off())
            };
            content.write(draft, until, row.head.is_own(), row.place(), row.scopes());
        });
        self.until = first_end;
        if !moved.is_empty() && self.rows.are_scoped() {
            return None;
        }
        self.place(moved);
        Some(())
    }

    /// The rows of the classes that have to do with what was touched.
    fn concerned<B: Words>(&self, compiler: &Compiler<'_, B>, touched: &Touched) -> Vec<Info> {
        let mut concerned = alloc::vec![touched.everyone; self.classes.len()];
        if !touched.everyone {
            for part in compiler.parts_of(&touched.groups, &touched.profiles) {
                for class in self.classes.with(part) {
                    if let Some(concerned) = concerned.get_mut(class as usize) {
                        *concerned = true;
                    }
                }
            }
        }
        let of_classes = (0_u32..)
            .zip(&concerned)
            .filter(|(_, concerned)| **concerned);
        let of_classes = of_classes.filter_map(|(class, _)| {
            let row = self.classes.row(class)?;
            Some(Info {
                row,
                class,
                owner: NOBODY,
            })
        });
        let others = self.rows.infos().filter(|info| {
            concerned.get(info.class as usize) == Some(&true) && self.is_in_use(**info)
        });
        of_classes.chain(others.copied()).collect()
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
