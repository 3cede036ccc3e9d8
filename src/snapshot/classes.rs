//! Classes: what users share who are in the same groups and are assigned the same profiles.

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::ScopeIx;
use crate::snapshot::interner::HashKey;
use crate::snapshot::interner::Interner;
use crate::snapshot::interner::short;

/// How many classes come apart from the others before they are merged.
const RECENT: usize = 256;

const GROUP: u32 = 1 << 31;
const PLACE: u32 = 1 << 30;

/// What makes a class: groups, then profiles, then the scope in which the groups' own entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClassKey<'a>(&'a [u32]);

impl ClassKey<'_> {
    /// The class of those who may do nothing at all.
    pub(super) const DISABLED: ClassKey<'static> = ClassKey(&[u32::MAX]);

    pub(super) fn is_disabled(self) -> bool {
        self == Self::DISABLED
    }

    /// A group as a part of classes.
    pub(super) const fn of_group(group: GroupIx) -> u32 {
        GROUP | group.0
    }

    /// Whether it is made of profiles alone.
    pub(super) fn is_of_profiles(self) -> bool {
        self.0.iter().all(|part| part & (GROUP | PLACE) == 0)
    }
}

impl<'a> ClassKey<'a> {
    pub(super) fn groups(self) -> impl Iterator<Item = GroupIx> + 'a {
        let groups = self.0.iter().filter(|part| **part & GROUP != 0);
        groups.map(|part| GroupIx(part & !GROUP))
    }

    #[inline]
    pub(super) fn profiles(self) -> impl Iterator<Item = ProfileIx> + 'a {
        let profiles = self.0.iter().filter(|part| **part & (GROUP | PLACE) == 0);
        profiles.map(|part| ProfileIx(*part))
    }

    pub(super) fn scope(self) -> Place {
        let place = self.0.iter().find(|part| **part & (GROUP | PLACE) == PLACE);
        place.map(|part| ScopeIx(part & !PLACE))
    }
}

/// What makes a class, as it is put together: in this order.
#[derive(Debug, Default)]
pub(super) struct ClassDraft(SmallVec<[u32; 12]>);

impl ClassDraft {
    pub(super) fn key(&self) -> ClassKey<'_> {
        ClassKey(&self.0)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn group(&mut self, group: GroupIx) {
        self.0.push(ClassKey::of_group(group));
    }

    /// Adds a profile, unless it was the last to be added.
    #[inline]
    pub(super) fn profile(&mut self, profile: ProfileIx) {
        if self.0.last() != Some(&profile.0) {
            self.0.push(profile.0);
        }
    }

    pub(super) fn place(&mut self, scope: ScopeIx) {
        self.0.push(PLACE | scope.0);
    }
}

/// All classes of a snapshot, and for each the row that its users share.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    base: Arc<Table>,
    recent: Arc<Table>,
}

#[derive(Clone, Debug)]
struct Table {
    keys: Interner<u32>,
    rows: Vec<u32>,
}

impl Table {
    fn new(key: Option<&HashKey>) -> Self {
        Self {
            keys: Interner::new(key),
            rows: Vec::new(),
        }
    }
}

impl Classes {
    pub(super) fn new(key: Option<&HashKey>) -> Self {
        Self {
            base: Arc::new(Table::new(key)),
            recent: Arc::new(Table::new(key)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.base.rows.len() + self.recent.rows.len()
    }

    /// A class and its row.
    pub(super) fn find(&self, key: ClassKey<'_>) -> Option<(u32, u32)> {
        if let Some(class) = self.base.keys.find(key.0) {
            return Some((class, *self.base.rows.get(class as usize)?));
        }
        let class = self.recent.keys.find(key.0)?;
        let row = *self.recent.rows.get(class as usize)?;
        Some((short(self.base.rows.len()) + class, row))
    }

    /// The row that a class's users share.
    pub(super) fn row(&self, class: u32) -> Option<u32> {
        let base = short(self.base.rows.len());
        let row = match class.checked_sub(base) {
            None => self.base.rows.get(class as usize),
            Some(class) => self.recent.rows.get(class as usize),
        };
        row.copied()
    }

    /// The classes with a part that is one of these, in order.
    pub(super) fn with(&self, parts: &[u32]) -> Vec<u32> {
        let base = short(self.base.rows.len());
        let mut classes = self.base.keys.with(parts);
        let recent = self.recent.keys.with(parts).into_iter();
        classes.extend(recent.map(|class| base + class));
        classes
    }

    /// What makes a class.
    pub(super) fn key(&self, class: u32) -> Option<ClassKey<'_>> {
        let base = short(self.base.rows.len());
        let parts = match class.checked_sub(base) {
            None => self.base.keys.get(class),
            Some(class) => self.recent.keys.get(class),
        };
        parts.map(ClassKey)
    }

    /// Adds a class that is not there yet, and gives its number.
    pub(super) fn add(&mut self, key: ClassKey<'_>, row: u32) -> u32 {
        let base = short(self.base.rows.len());
        let recent = Arc::make_mut(&mut self.recent);
        recent.rows.push(row);
        base + recent.keys.add(key.0)
    }

    /// Gives a class another row.
    pub(super) fn set(&mut self, class: u32, row: u32) {
        let base = short(self.base.rows.len());
        let (table, class) = match class.checked_sub(base) {
            None => (&mut self.base, class),
            Some(class) => (&mut self.recent, class),
        };
        if let Some(slot) = Arc::make_mut(table).rows.get_mut(class as usize) {
            *slot = row;
        }
    }

    /// Puts the recent classes to the others if they are many.
    pub(super) fn settle(&mut self, always: bool, key: Option<&HashKey>) {
        if !always && self.recent.rows.len() <= RECENT {
            return;
        }
        let recent = core::mem::replace(&mut self.recent, Arc::new(Table::new(key)));
        if self.base.rows.is_empty() {
            self.base = recent;
            let base = Arc::make_mut(&mut self.base);
            base.keys.shrink();
            base.rows.shrink_to_fit();
            return;
        }
        self.base = Arc::new(Table {
            keys: self.base.keys.followed_by(&recent.keys),
            rows: self.base.rows.iter().chain(&recent.rows).copied().collect(),
        });
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        [&self.base, &self.recent]
            .map(|table| table.keys.heap() + table.rows.capacity() * size_of::<u32>())
            .iter()
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::ClassDraft;
    use super::ClassKey;
    use super::Classes;
    use super::RECENT;
    use crate::ix::GroupIx;
    use crate::ix::ProfileIx;
    use crate::ix::ScopeIx;
    use crate::snapshot::interner::HashKey;
    use crate::snapshot::interner::short;
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    fn class(groups: &[u32], profiles: &[u32], scope: Option<u32>) -> ClassDraft {
        let mut key = ClassDraft::default();
        for group in groups {
            key.group(GroupIx(*group));
        }
        for profile in profiles {
            key.profile(ProfileIx(*profile));
        }
        if let Some(scope) = scope {
            key.place(ScopeIx(scope));
        }
        key
    }

    #[test]
    fn what_made_a_class_is_read_back() {
        let lists: [&[u32]; 4] = [&[], &[0], &[1, 3], &[0, 7, 1 << 29]];
        for groups in lists {
            for profiles in lists {
                for scope in [None, Some(0), Some(5), Some(1 << 29)] {
                    let draft = class(groups, profiles, scope);
                    let key = draft.key();
                    assert!(key.groups().eq(groups.iter().copied().map(GroupIx)));
                    assert!(key.profiles().eq(profiles.iter().copied().map(ProfileIx)));
                    assert_eq!(key.scope(), scope.map(ScopeIx));
                    let others = !groups.is_empty() || scope.is_some();
                    assert_eq!(key.is_of_profiles(), !others, "{key:?}");
                    assert!(!key.is_disabled(), "{key:?}");
                }
            }
        }
        assert!(ClassKey::DISABLED.is_disabled());
        assert!(!ClassKey::DISABLED.is_of_profiles());
        // A profile that is assigned at the root and in a scope is one.
        let [twice, once] = [&[2, 2, 4, 4][..], &[2, 4]].map(|profiles| class(&[], profiles, None));
        assert_eq!(twice.key(), once.key());
    }

    /// As a list of keys and rows, however often the recent ones are put to the others.
    #[test]
    fn classes_are_found_as_in_a_list() {
        for hash_key in [None, Some(HashKey::new([3; 16]))] {
            let with = hash_key.as_ref();
            let mut classes = Classes::new(with);
            let mut list: Vec<(ClassDraft, u32)> = Vec::new();
            for n in 0..short(RECENT) * 3 {
                let key = class(&[n % 7], &[n], (n % 3 == 0).then_some(n % 11));
                assert_eq!(classes.find(key.key()), None);
                assert_eq!(classes.add(key.key(), n + 500), n);
                list.push((key, n + 500));
                let before = Arc::clone(&classes.base);
                classes.settle(n == 9, with);
                // They are put to the others at the first call that says so, then whenever there are too many.
                let settled = n == 9 || n > 9 && (n - 9) % (short(RECENT) + 1) == 0;
                assert_eq!(Arc::ptr_eq(&before, &classes.base), !settled, "{n}");
                if n % 5 == 0 {
                    let (class, row) = (n / 2, n + 9_000);
                    classes.set(class, row);
                    if let Some(place) = list.get_mut(class as usize) {
                        place.1 = row;
                    }
                }
                assert_eq!(classes.len(), list.len());
            }
            for (class, (key, row)) in (0..).zip(&list) {
                assert_eq!(classes.find(key.key()), Some((class, *row)));
                assert_eq!(classes.row(class), Some(*row));
                assert_eq!(classes.key(class), Some(key.key()));
            }
            let beyond = short(list.len());
            assert_eq!((classes.row(beyond), classes.key(beyond)), (None, None));
            for parts in [
                [ClassKey::of_group(GroupIx(3))].as_slice(),
                &[40],
                &[40, 600, ClassKey::of_group(GroupIx(5))],
                &[],
            ] {
                let with = (0..).zip(&list);
                let with =
                    with.filter(|(_, (key, _))| key.0.iter().any(|part| parts.contains(part)));
                assert!(
                    classes
                        .with(parts)
                        .into_iter()
                        .eq(with.map(|(class, _)| class)),
                    "{parts:?}"
                );
            }
        }
    }

    #[test]
    fn classes_settled_at_once_take_no_spare_room() {
        let mut classes = Classes::new(None);
        for n in 0..100 {
            classes.add(class(&[n], &[], None).key(), n);
        }
        classes.settle(true, None);
        // Of each class its part, where that starts, its place in the order, and its row.
        assert_eq!(classes.heap(), (100 + 101 + 100 + 100) * 4 + 4);
    }
}
