//! Slices numbered in the order of their coming, and found again: by hash, or in order where there is no hash key.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::Hash;
use core::hash::Hasher;

use foldhash::SharedSeed;
use foldhash::fast::FoldHasher;

/// What an index hashes with: sixteen bytes that the host draws at random and keeps to itself.
///
/// # Examples
///
/// ```
/// use bailiwick::HashKey;
///
/// let key = HashKey::new(*b"drawn at random:"); // from the host's source of random numbers
/// assert_eq!(format!("{key:?}"), "HashKey(..)");
/// ```
#[derive(Clone)]
pub struct HashKey {
    seed: u64,
    shared: SharedSeed,
}

impl HashKey {
    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        let key = u128::from_le_bytes(bytes);
        let half = |key: u128| u64::try_from(key & u128::from(u64::MAX)).unwrap_or(u64::MAX);
        Self {
            seed: half(key),
            shared: SharedSeed::from_u64(half(key >> 64)),
        }
    }

    #[inline]
    pub(super) fn hasher(&self) -> FoldHasher<'_> {
        FoldHasher::with_seed(self.seed, &self.shared)
    }

    fn hash<T: Hash>(&self, key: &[T]) -> u64 {
        let mut hasher = self.hasher();
        T::hash_slice(key, &mut hasher);
        hasher.finish()
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// Slices in one arena, each with a number.
#[derive(Clone, Debug)]
pub(super) struct Interner<T> {
    arena: Vec<T>,
    /// Where each slice starts, and where the last one ends.
    starts: Vec<u32>,
    order: Order,
}

/// How many items are looked at together, whatever they are: faster than to stop at one.
const BLOCK: usize = 16;

/// How a slice is found again.
#[derive(Clone, Debug)]
enum Order {
    /// By open addressing: a slot holds one more than the number.
    Hashed { key: HashKey, slots: Vec<u32> },
    /// By the numbers in the order of their slices.
    Sorted(Vec<u32>),
}

impl<T: Copy + Ord + Hash> Interner<T> {
    /// An empty one.
    pub(super) fn new(key: Option<&HashKey>) -> Self {
        let order = match key {
            None => Order::Sorted(Vec::new()),
            Some(key) => Order::Hashed {
                key: key.clone(),
                slots: alloc::vec![0; slots_for(0)],
            },
        };
        Self {
            arena: Vec::new(),
            starts: alloc::vec![0],
            order,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&[T]> {
        let number = number as usize;
        let start = *self.starts.get(number)? as usize;
        let end = *self.starts.get(number + 1)? as usize;
        self.arena.get(start..end)
    }

    #[inline]
    pub(super) fn find(&self, key: &[T]) -> Option<u32> {
        if self.len() == 0 {
            return None;
        }
        match &self.order {
            Order::Hashed { key: with, slots } => self.probe(slots, with.hash(key), key),
            Order::Sorted(sorted) => {
                let place = sorted.binary_search_by(|number| self.compare(*number, key));
                place.ok().and_then(|place| sorted.get(place)).copied()
            }
        }
    }

    /// Adds a slice that is not there yet, and gives it the next number.
    pub(super) fn add(&mut self, key: &[T]) -> u32 {
        let number = short(self.len());
        self.arena.extend_from_slice(key);
        self.starts.push(short(self.arena.len()));
        let mut order = core::mem::replace(&mut self.order, Order::Sorted(Vec::new()));
        match &mut order {
            Order::Hashed { key: with, slots } => {
                if slots.len() == slots_for(self.len()) {
                    put(slots, with.hash(key), number);
                } else {
                    *slots = self.placed(with);
                }
            }
            Order::Sorted(sorted) => {
                let place =
                    sorted.partition_point(|number| self.compare(*number, key) == Ordering::Less);
                sorted.insert(place, number);
            }
        }
        self.order = order;
        number
    }

    /// The slices with one of these items, in order.
    pub(super) fn with(&self, items: &[T]) -> Vec<u32> {
        let mut found = Vec::new();
        let (mut number, mut start) = (0, 0);
        for block in self.arena.chunks(BLOCK) {
            let mut hits = hits(block, items);
            while hits != 0 {
                number = self.at(start + hits.trailing_zeros() / u8::BITS, number);
                hits &= hits - 1;
                if found.last() != Some(&number) {
                    found.push(number);
                }
            }
            start += short(block.len());
        }
        found
    }

    /// The slice that a place of the arena belongs to, which is this one or a later one.
    fn at(&self, place: u32, mut number: u32) -> u32 {
        loop {
            let later = self.starts.get(number as usize + 1..).unwrap_or_default();
            let Some(some) = later.first_chunk::<BLOCK>() else {
                return number + count(later, place);
            };
            let passed = count(some, place);
            number += passed;
            if (passed as usize) < BLOCK {
                return number;
            }
        }
    }

    /// This with all slices of another after its own.
    pub(super) fn followed_by(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for number in 0..short(other.len()) {
            both.add(other.get(number).unwrap_or_default());
        }
        both
    }

    /// Gives back room that is not used.
    pub(super) fn shrink(&mut self) {
        self.arena.shrink_to_fit();
        self.starts.shrink_to_fit();
        if let Order::Sorted(sorted) = &mut self.order {
            sorted.shrink_to_fit();
        }
    }

    /// The heap that it takes, in bytes.
    pub(super) fn heap(&self) -> usize {
        let order = match &self.order {
            Order::Hashed { slots, .. } => slots.capacity() * size_of::<u32>(),
            Order::Sorted(sorted) => sorted.capacity() * size_of::<u32>(),
        };
        self.arena.capacity() * size_of::<T>() + self.starts.capacity() * size_of::<u32>() + order
    }

    fn compare(&self, number: u32, key: &[T]) -> Ordering {
        self.get(number).unwrap_or_default().cmp(key)
    }

    /// The number of the slice with that hash.
    #[inline]
    fn probe(&self, slots: &[u32], hash: u64, key: &[T]) -> Option<u32> {
        let mask = slots.len().wrapping_sub(1);
        let mut place = start(hash) & mask;
        while let Some(slot) = slots.get(place).filter(|slot| **slot != 0) {
            let same = |other: &[T]| other.len() == key.len() && other.iter().eq(key);
            if self.get(slot - 1).is_some_and(same) {
                return Some(slot - 1);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// The slots of all slices.
    fn placed(&self, with: &HashKey) -> Vec<u32> {
        let mut slots = alloc::vec![0; slots_for(self.len())];
        for number in 0..short(self.len()) {
            let hash = with.hash(self.get(number).unwrap_or_default());
            put(&mut slots, hash, number);
        }
        slots
    }
}

/// A byte for each of a few items, from the lowest up: whether it is one of these.
#[inline]
fn hits<T: PartialEq>(few: &[T], items: &[T]) -> u128 {
    let mut hits = 0;
    for item in items {
        let mut equal = [0; BLOCK];
        match few.first_chunk::<BLOCK>() {
            Some(few) => compare(&mut equal, few, item),
            None => compare(&mut equal, few, item),
        }
        hits |= u128::from_le_bytes(equal);
    }
    hits
}

#[inline]
fn compare<T: PartialEq>(equal: &mut [u8; BLOCK], few: &[T], item: &T) {
    for (equal, other) in equal.iter_mut().zip(few) {
        *equal = u8::from(other == item);
    }
}

/// How many of a few starts lie at a place or before it.
#[inline]
fn count(few: &[u32], place: u32) -> u32 {
    few.iter().map(|start| u32::from(*start <= place)).sum()
}

/// The least power of two, from eight on, that so many keys leave an eighth of free.
pub(super) fn slots_for(keys: usize) -> usize {
    (keys * 8).div_ceil(7).next_power_of_two().max(8)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "any bits of a hash serve as well"
)]
fn start(hash: u64) -> usize {
    hash as usize
}

fn put(slots: &mut [u32], hash: u64, number: u32) {
    let mask = slots.len().wrapping_sub(1);
    let mut place = start(hash) & mask;
    while slots.get(place).is_some_and(|slot| *slot != 0) {
        place = (place + 1) & mask;
    }
    if let Some(slot) = slots.get_mut(place) {
        *slot = number + 1;
    }
}

/// A position as it is stored. Tables of more than four thousand million items are beyond a tenant.
pub(super) fn short(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::HashKey;
    use super::Interner;
    use super::Order;
    use super::slots_for;
    use super::start;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use core::hash::Hasher;

    #[test]
    fn slices_are_found_by_hash_and_in_order() {
        for key in [None, Some(HashKey::new([3; 16]))] {
            let mut interner = Interner::new(key.as_ref());
            let slices: Vec<Vec<u8>> = (0..1_000_u32).map(|n| n.to_string().into_bytes()).collect();
            for (number, slice) in (0..).zip(&slices) {
                assert_eq!(interner.find(slice), None);
                assert_eq!(interner.add(slice), number);
            }
            let both = interner.followed_by(&Interner::new(key.as_ref()));
            for (number, slice) in (0..).zip(&slices) {
                assert_eq!(both.find(slice), Some(number));
                assert_eq!(both.get(number), Some(slice.as_slice()));
            }
            assert_eq!(both.find(b"x"), None);
            assert_eq!(both.get(1_000), None);
        }
    }

    #[test]
    fn slices_are_found_by_their_items() {
        // Short and long slices, more of both than are passed over or looked at together.
        let slices: Vec<Vec<u32>> = (0..400_u32)
            .map(|n| (0..n * n % 23).map(|item| (n + item * 7) % 61).collect())
            .collect();
        let mut interner = Interner::new(None);
        for slice in &slices {
            interner.add(slice);
        }
        for wanted in [&[5][..], &[5, 40], &[60, 0, 7], &[61], &[]] {
            let with = (0..).zip(&slices);
            let with = with.filter(|(_, slice)| slice.iter().any(|item| wanted.contains(item)));
            let with: Vec<u32> = with.map(|(number, _)| number).collect();
            assert_eq!(interner.with(wanted), with, "{wanted:?}");
        }
    }

    #[test]
    fn an_eighth_of_the_slots_is_free_and_no_more_than_must_be() {
        for keys in 0..2_000 {
            let slots = slots_for(keys);
            assert!(slots.is_power_of_two() && slots >= 8, "{keys}: {slots}");
            assert!(keys * 8 <= slots * 7, "{keys}: {slots}");
            assert!(slots == 8 || keys * 8 > slots / 2 * 7, "{keys}: {slots}");
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", HashKey::new([7; 16])), "HashKey(..)");
    }

    /// Every byte of the key tells: who knows a part of it does not know where a slice lies.
    #[test]
    fn hashes_differ_by_the_key_and_by_the_slice() {
        let mut hashes = Vec::new();
        for byte in 0..16 {
            let key = HashKey::new(core::array::from_fn(|place| u8::from(place == byte)));
            hashes.extend([[1, 2], [2, 1]].map(|slice: [u32; 2]| key.hash(&slice)));
            let mut hasher = key.hasher();
            hasher.write(b"ana");
            hashes.push(hasher.finish());
        }
        let told = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), told);
    }

    /// Where an eighth is free, a slice lies about four places on from where it is looked for first.
    #[test]
    fn a_slice_is_found_within_a_few_steps() {
        let mut interner = Interner::new(Some(&HashKey::new(*b"drawn at random:")));
        for n in 0..7 * 128_u32 {
            interner.add(&[n % 31, n]);
        }
        let none = (&HashKey::new([0; 16]), &Vec::new());
        let (key, slots) = match &interner.order {
            Order::Hashed { key, slots } => (key, slots),
            Order::Sorted(_) => none,
        };
        assert_eq!(slots.len(), 8 * 128);
        let mut steps = 0;
        for (place, slot) in slots.iter().enumerate().filter(|(_, slot)| **slot != 0) {
            let slice = interner.get(slot - 1).unwrap_or_default();
            steps += place.wrapping_sub(start(key.hash(slice))) & (slots.len() - 1);
        }
        assert!(steps < interner.len() * 8, "{steps} steps");
    }
}
