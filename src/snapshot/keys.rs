//! Keys found by hash: in one arena, each with its number before it.

use alloc::vec::Vec;
use core::hash::Hasher;

use crate::snapshot::interner::HashKey;
use crate::snapshot::interner::short;

/// What lies before a key: its length and its number.
const BEFORE: usize = 1 + size_of::<u32>();

/// Keys of at most 255 bytes, numbered in the order of their coming.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    with: HashKey,
    /// By open addressing: half of the hash, above one more than where the key lies.
    slots: Vec<u64>,
    arena: Vec<u8>,
    count: u32,
}

impl Keys {
    /// None yet, with room for so many of about that length.
    pub(super) fn new(with: &HashKey, keys: usize, length: usize) -> Self {
        Self {
            with: with.clone(),
            slots: alloc::vec![0; (keys * 8 / 7 + 1).next_power_of_two().max(8)],
            arena: Vec::with_capacity(keys * (BEFORE + length)),
            count: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    /// The number of a key.
    #[inline]
    pub(super) fn find(&self, key: &str) -> Option<u32> {
        let key = key.as_bytes();
        let hash = self.hash(key);
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = start(hash) & mask;
        while let Some(slot) = self.slots.get(place).filter(|slot| **slot != 0) {
            if slot >> 32 == hash >> 32
                && let Some((number, other)) = self.record(*slot)
                && same(other, key)
            {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// Adds a key that is not there yet, with the next number.
    pub(super) fn add(&mut self, key: &str) {
        if (self.len() + 1) * 8 > self.slots.len() * 7 {
            self.widen();
        }
        let key = key.as_bytes();
        let hash = self.hash(key);
        let slot = hash >> 32 << 32 | (u64::from(short(self.arena.len())) + 1);
        self.arena.push(u8::try_from(key.len()).unwrap_or(u8::MAX));
        self.arena.extend_from_slice(&self.count.to_le_bytes());
        self.arena.extend_from_slice(key);
        self.count += 1;
        put(&mut self.slots, hash, slot);
    }

    /// This with all keys of another after its own.
    pub(super) fn followed_by(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (_, key) in other.records() {
            both.add(key);
        }
        both
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.slots.capacity() * size_of::<u64>() + self.arena.capacity()
    }

    #[inline]
    fn hash(&self, key: &[u8]) -> u64 {
        let mut hasher = self.with.hasher();
        hasher.write(key);
        hasher.finish()
    }

    /// What lies where a slot says.
    #[inline]
    fn record(&self, slot: u64) -> Option<(u32, &[u8])> {
        let at = usize::try_from(slot & u64::from(u32::MAX)).ok()?;
        let (length, rest) = self.arena.get(at.wrapping_sub(1)..)?.split_first()?;
        let (number, rest) = rest.split_first_chunk()?;
        let key = rest.get(..usize::from(*length))?;
        Some((u32::from_le_bytes(*number), key))
    }

    /// All keys, each with where it lies.
    fn records(&self) -> impl Iterator<Item = (u64, &str)> {
        let mut at = 0;
        core::iter::from_fn(move || {
            let slot = u64::from(short(at)) + 1;
            let (_, key) = self.record(slot)?;
            at += BEFORE + key.len();
            Some((slot, core::str::from_utf8(key).unwrap_or_default()))
        })
    }

    fn widen(&mut self) {
        let mut wider = alloc::vec![0; self.slots.len() * 2];
        for (slot, key) in self.records() {
            let hash = self.hash(key.as_bytes());
            put(&mut wider, hash, hash >> 32 << 32 | slot);
        }
        self.slots = wider;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "any bits of a hash serve as well"
)]
#[inline]
fn start(hash: u64) -> usize {
    hash as usize
}

fn put(slots: &mut [u64], hash: u64, value: u64) {
    let mask = slots.len().wrapping_sub(1);
    let mut place = start(hash) & mask;
    while slots.get(place).is_some_and(|slot| *slot != 0) {
        place = (place + 1) & mask;
    }
    if let Some(slot) = slots.get_mut(place) {
        *slot = value;
    }
}

/// Whether two keys are the same: by eight bytes at a time, the last eight once more if need be, as keys are too
/// short for a call to be worth its while.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(last), Some(other_last)) => {
            let (first, _) = one.as_chunks::<8>();
            let (other_first, _) = other.as_chunks::<8>();
            last == other_last && first.iter().zip(other_first).all(|(a, b)| a == b)
        }
        _ => one.iter().zip(other).all(|(a, b)| a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;
    use crate::snapshot::interner::HashKey;
    use alloc::string::String;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn every_key_is_found_and_no_other() {
        let with = HashKey::new([3; 16]);
        let mut keys = Keys::new(&with, 0, 0);
        let texts: Vec<String> = (0..2_000_u32)
            .map(|n| (n.to_string() + ".").repeat(1 + n as usize % 9))
            .collect();
        let (first, later) = texts.split_at(1_500);
        for text in first {
            keys.add(text);
        }
        let mut more = Keys::new(&with, 0, 0);
        for text in later {
            more.add(text);
        }
        let both = keys.followed_by(&more);
        for (number, text) in (0..).zip(&texts) {
            assert_eq!(both.find(text), Some(number));
            assert_eq!(both.find(&(text.clone() + "x")), None);
        }
        assert_eq!(later.first().and_then(|text| keys.find(text)), None);
        assert_eq!(both.find(""), None);
    }
}
