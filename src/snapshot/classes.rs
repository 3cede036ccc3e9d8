//! All classes of a snapshot, found again by what makes them.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::snapshot::class::BLOCK;
use crate::snapshot::class::ClassKey;
use crate::snapshot::class::Parts;
use crate::snapshot::class::WIDTH;
use crate::snapshot::class::hits;
use crate::snapshot::hash::HashKey;
use crate::snapshot::hash::short;
use crate::snapshot::slots::Slots;

/// How many classes come apart from the others before they are merged.
const RECENT: usize = 256;
/// In place of a row: these are more parts of the class before.
const MORE: u32 = u32::MAX;

/// All classes of a snapshot, and for each the row that its users share.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    base: Arc<Table>,
    recent: Arc<Table>,
}

impl Classes {
    pub(super) fn new(key: Option<&HashKey>) -> Self {
        Self {
            base: Arc::new(Table::new(key)),
            recent: Arc::new(Table::new(key)),
        }
    }

    /// More than the number of any class.
    pub(super) fn bound(&self) -> usize {
        self.base.rows.len() + self.recent.rows.len()
    }

    /// A class and its row.
    #[inline]
    pub(super) fn find(&self, key: ClassKey<'_>) -> Option<(u32, u32)> {
        // While a snapshot is compiled there is no other class.
        if !self.base.rows.is_empty()
            && let Some(class) = self.base.find(key)
        {
            return Some((class, self.base.row(class)?));
        }
        let class = self.recent.find(key)?;
        Some((self.first_recent() + class, self.recent.row(class)?))
    }

    /// The row that a class's users share.
    pub(super) fn row(&self, class: u32) -> Option<u32> {
        let (table, class) = self.place(class);
        table.row(class)
    }

    /// What makes a class.
    pub(super) fn key(&self, class: u32) -> Option<ClassKey<'_>> {
        let (table, class) = self.place(class);
        table.key(class)
    }

    /// All of them, in order.
    pub(super) fn all(&self) -> Vec<u32> {
        let recent = self.recent.all().map(|class| self.first_recent() + class);
        self.base.all().chain(recent).collect()
    }

    /// The classes in which one of these is found, which are in order; in order.
    pub(super) fn with(&self, parts: &[u16]) -> Vec<u32> {
        let mut classes = self.base.with(parts);
        let recent = self.recent.with(parts).into_iter();
        classes.extend(recent.map(|class| self.first_recent() + class));
        classes
    }

    /// Adds a class that is not there yet, and gives its number.
    pub(super) fn add(&mut self, key: ClassKey<'_>, row: u32) -> u32 {
        self.first_recent() + Arc::make_mut(&mut self.recent).add(key, row)
    }

    /// Gives a class another row.
    pub(super) fn set(&mut self, class: u32, row: u32) {
        let (table, class) = match class.checked_sub(self.first_recent()) {
            None => (&mut self.base, class),
            Some(class) => (&mut self.recent, class),
        };
        if let Some(place) = Arc::make_mut(table).rows.get_mut(class as usize) {
            *place = row;
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
            Arc::make_mut(&mut self.base).shrink();
        } else {
            self.base = Arc::new(self.base.followed_by(&recent));
        }
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.base.heap() + self.recent.heap()
    }

    fn first_recent(&self) -> u32 {
        short(self.base.rows.len())
    }

    /// Where a class is, and its number there.
    fn place(&self, class: u32) -> (&Table, u32) {
        match class.checked_sub(self.first_recent()) {
            None => (&self.base, class),
            Some(class) => (&self.recent, class),
        }
    }
}

/// Some classes: the number of each is where its parts start.
#[derive(Clone, Debug)]
struct Table {
    parts: Vec<Parts>,
    /// The row of each class, where its parts start; behind that [`MORE`].
    rows: Vec<u32>,
    order: Order,
}

/// How a class is found again.
#[derive(Clone, Debug)]
enum Order {
    /// By open addressing.
    Hashed {
        key: HashKey,
        count: usize,
        slots: Slots,
    },
    /// By the numbers in the order of what makes the classes.
    Sorted(Vec<u32>),
}

impl Table {
    fn new(key: Option<&HashKey>) -> Self {
        let order = match key {
            None => Order::Sorted(Vec::new()),
            Some(key) => Order::Hashed {
                key: key.clone(),
                count: 0,
                slots: Slots::new(0, 0),
            },
        };
        Self {
            parts: Vec::new(),
            rows: Vec::new(),
            order,
        }
    }

    #[inline]
    fn find(&self, key: ClassKey<'_>) -> Option<u32> {
        match &self.order {
            Order::Hashed {
                key: with, slots, ..
            } => slots.find(key.hash(with), |class| self.is(class, key)),
            Order::Sorted(sorted) => {
                let place = sorted.binary_search_by(|class| self.compare(*class, key));
                place.ok().and_then(|place| sorted.get(place)).copied()
            }
        }
    }

    /// Whether a class is made of that.
    #[inline]
    fn is(&self, class: u32, key: ClassKey<'_>) -> bool {
        let (parts, start) = (key.parts(), class as usize);
        let end = start + parts.len();
        let own = self.parts.get(start..end);
        own.is_some_and(|own| own.iter().zip(parts).all(|(own, other)| own == other))
            && !self.is_more(end)
    }

    fn compare(&self, class: u32, key: ClassKey<'_>) -> Ordering {
        self.key(class).cmp(&Some(key))
    }

    /// Whether these are more parts of the class before.
    #[inline]
    fn is_more(&self, place: usize) -> bool {
        self.rows.get(place) == Some(&MORE)
    }

    #[inline]
    fn row(&self, class: u32) -> Option<u32> {
        self.rows.get(class as usize).copied()
    }

    fn key(&self, class: u32) -> Option<ClassKey<'_>> {
        let start = class as usize;
        let mut end = start + 1;
        while self.is_more(end) {
            end += 1;
        }
        self.parts.get(start..end).map(ClassKey::of)
    }

    fn all(&self) -> impl Iterator<Item = u32> {
        let classes = (0..).zip(&self.rows).filter(|(_, row)| **row != MORE);
        classes.map(|(class, _)| class)
    }

    fn with(&self, wanted: &[u16]) -> Vec<u32> {
        let (mut found, mut first) = (Vec::new(), 0);
        for block in self.parts.as_flattened().chunks(BLOCK) {
            let mut hits = hits(block, wanted);
            while hits != 0 {
                let place = first + hits.trailing_zeros() / u8::BITS / short(WIDTH);
                let class = self.class_at(place);
                if found.last() != Some(&class) {
                    found.push(class);
                }
                hits &= hits - 1;
            }
            first += short(BLOCK / WIDTH);
        }
        found
    }

    /// The class of which these are parts.
    fn class_at(&self, mut place: u32) -> u32 {
        while self.is_more(place as usize) {
            place -= 1;
        }
        place
    }

    fn add(&mut self, key: ClassKey<'_>, row: u32) -> u32 {
        let class = short(self.parts.len());
        self.parts.extend_from_slice(key.parts());
        self.rows.push(row);
        self.rows.resize(self.parts.len(), MORE);
        let mut order = core::mem::replace(&mut self.order, Order::Sorted(Vec::new()));
        match &mut order {
            Order::Hashed {
                key: with,
                count,
                slots,
            } => {
                *count += 1;
                if !slots.suit(*count) || !slots.put(key.hash(with), class) {
                    *slots = self.placed(with, *count);
                }
            }
            Order::Sorted(sorted) => {
                let place =
                    sorted.partition_point(|class| self.compare(*class, key) == Ordering::Less);
                sorted.insert(place, class);
            }
        }
        self.order = order;
        class
    }

    /// The slots of all classes.
    fn placed(&self, with: &HashKey, count: usize) -> Slots {
        let mut slots = Slots::new(count, short(self.parts.len()));
        for class in self.all() {
            if let Some(key) = self.key(class) {
                slots.put(key.hash(with), class);
            }
        }
        slots
    }

    /// This with all classes of another after its own.
    fn followed_by(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for class in other.all() {
            if let (Some(key), Some(row)) = (other.key(class), other.row(class)) {
                both.add(key, row);
            }
        }
        both
    }

    /// Gives back room that is not used.
    fn shrink(&mut self) {
        self.parts.shrink_to_fit();
        self.rows.shrink_to_fit();
        if let Order::Sorted(sorted) = &mut self.order {
            sorted.shrink_to_fit();
        }
    }

    fn heap(&self) -> usize {
        let order = match &self.order {
            Order::Hashed { slots, .. } => slots.heap(),
            Order::Sorted(sorted) => sorted.capacity() * size_of::<u32>(),
        };
        self.parts.capacity() * size_of::<Parts>() + self.rows.capacity() * size_of::<u32>() + order
    }
}

#[cfg(test)]
mod tests {
    use super::Classes;
    use super::RECENT;
    use crate::ix::GroupIx;
    use crate::ix::ProfileIx;
    use crate::ix::ScopeIx;
    use crate::snapshot::class::ClassDraft;
    use crate::snapshot::class::ClassKey;
    use crate::snapshot::hash::HashKey;
    use crate::snapshot::hash::short;
    use crate::snapshot::hash::start;
    use crate::snapshot::slots::Slots;
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    /// The class with that number: of one part to nine, of which the number is one, so that no two are the same. Some
    /// numbers are large.
    fn class(n: u32) -> ClassDraft {
        let mut key = ClassDraft::new();
        if !n.is_multiple_of(4) {
            key.group(GroupIx(n % 7));
        }
        for other in 0..n % 7 {
            key.profile(ProfileIx(other + n % 5));
        }
        key.profile(ProfileIx(n + 20 + n % 3 * 100_000));
        if n.is_multiple_of(3) {
            key.place(ScopeIx::new(n % 11));
        }
        key
    }

    /// As a list of keys and rows, however often the recent ones are put to the others.
    #[test]
    fn classes_are_found_as_in_a_list() {
        for hash_key in [None, Some(HashKey::new([3; 16]))] {
            let with = hash_key.as_ref();
            let mut classes = Classes::new(with);
            let mut list: Vec<(u32, ClassDraft, u32)> = Vec::new();
            for n in 0..short(RECENT) * 3 {
                let key = class(n);
                assert_eq!(classes.find(key.key()), None);
                let (before, bound) = (Arc::clone(&classes.base), classes.bound());
                let number = classes.add(key.key(), n + 500);
                assert_eq!(number, short(bound));
                list.push((number, key, n + 500));
                let recent = classes.bound() - before.rows.len();
                classes.settle(n == 9, with);
                // They are put to the others at the first call that says so, then whenever there are too many.
                let settled = n == 9 || recent > RECENT;
                assert_eq!(Arc::ptr_eq(&before, &classes.base), !settled, "{n}");
                if n % 5 == 0 {
                    let row = n + 9_000;
                    if let Some(place) = list.get_mut(n as usize / 2) {
                        classes.set(place.0, row);
                        place.2 = row;
                    }
                }
            }
            for (class, key, row) in &list {
                assert_eq!(classes.find(key.key()), Some((*class, *row)));
                assert_eq!(classes.row(*class), Some(*row));
                assert_eq!(classes.key(*class), Some(key.key()));
            }
            let all = list.iter().map(|(class, ..)| *class);
            assert!(classes.all().into_iter().eq(all));
            let beyond = short(classes.bound());
            assert_eq!((classes.row(beyond), classes.key(beyond)), (None, None));
            for parts in [
                [ClassKey::of_group(GroupIx(3))].as_slice(),
                &[60],
                &[ClassKey::of_profile(ProfileIx(100_060))],
                &[60, 620, ClassKey::of_group(GroupIx(5))],
                &[ClassKey::of_profile(ProfileIx(1))],
                &[],
            ] {
                let has = |key: &ClassDraft| {
                    let mut all = key.key().parts().as_flattened().iter();
                    all.any(|part| parts.contains(part))
                };
                let with = list.iter().filter(|(_, key, _)| has(key));
                let with = with.map(|(class, ..)| *class);
                assert!(classes.with(parts).into_iter().eq(with), "{parts:?}");
            }
        }
    }

    /// Of two classes neither is taken for the other whose parts are the first of the other's.
    #[test]
    fn a_class_is_not_the_first_parts_of_another() {
        for hash_key in [None, Some(HashKey::new([3; 16]))] {
            let drafts: Vec<ClassDraft> = (0..12)
                .map(|count| {
                    let mut key = ClassDraft::new();
                    (0..count).for_each(|n| key.profile(ProfileIx(n)));
                    key
                })
                .collect();
            for first in &drafts {
                let mut classes = Classes::new(hash_key.as_ref());
                let class = classes.add(first.key(), 7);
                for other in &drafts {
                    let same = other.key() == first.key();
                    assert_eq!(classes.find(other.key()), same.then_some((class, 7)));
                }
            }
        }
    }

    /// There may be more than sixteen bits can number.
    #[test]
    fn of_very_many_classes_each_is_found() {
        let mut classes = Classes::new(Some(&HashKey::new([3; 16])));
        let key = |n: u32| {
            let mut key = ClassDraft::new();
            key.profile(ProfileIx(n));
            key
        };
        let many = short(usize::from(u16::MAX)) + 3;
        for n in 0..many {
            assert_eq!(classes.add(key(n).key(), n + 7), n);
        }
        for n in 0..many {
            assert_eq!(classes.find(key(n).key()), Some((n, n + 7)));
        }
        assert_eq!(classes.find(key(many).key()), None);
    }

    #[test]
    fn classes_settled_at_once_take_no_spare_room() {
        let mut classes = Classes::new(None);
        for n in 0..100 {
            let mut key = ClassDraft::new();
            key.profile(ProfileIx(n));
            classes.add(key.key(), n);
        }
        classes.settle(true, None);
        // Of each class four parts, its row, and its place in the order.
        assert_eq!(classes.heap(), 100 * (4 * 2 + 4 + 4));
    }

    /// Where an eighth is free, a class lies about four places on from where it is looked for first.
    #[test]
    fn a_class_is_found_within_a_few_steps() {
        let with = HashKey::new(*b"drawn at random:");
        let mut classes = Classes::new(Some(&with));
        let keys: Vec<ClassDraft> = (0..7 * 128).map(class).collect();
        for key in &keys {
            classes.add(key.key(), 7);
        }
        let slots = match &classes.recent.order {
            super::Order::Hashed {
                slots: Slots::Short(slots),
                ..
            } => slots.as_slice(),
            _ => &[],
        };
        assert_eq!(slots.len(), 8 * 128);
        let mut steps = 0;
        for (place, slot) in slots.iter().enumerate().filter(|(_, slot)| **slot != 0) {
            let key = classes.key(u32::from(slot - 1));
            let first = key.map_or(0, |key| start(key.hash(&with)));
            steps += place.wrapping_sub(first) & (slots.len() - 1);
        }
        assert!(steps < keys.len() * 8, "{steps} steps");
    }
}
