//! What indexes hash with, and where what they hash lies: by open addressing.

use core::fmt;

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
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// The least power of two, from eight on, that so many keys leave an eighth of free.
pub(super) fn slots_for(keys: usize) -> usize {
    (keys * 8).div_ceil(7).next_power_of_two().max(8)
}

/// Where something of a hash is looked for first, of as many slots as any.
#[expect(
    clippy::cast_possible_truncation,
    reason = "any bits of a hash serve as well"
)]
#[inline]
pub(super) fn start(hash: u64) -> usize {
    hash as usize
}

/// Fills the first free slot for a hash.
#[inline]
pub(super) fn put<S: Copy + Default + PartialEq>(slots: &mut [S], hash: u64, filled: S) {
    let mask = slots.len().wrapping_sub(1);
    let mut place = start(hash) & mask;
    while slots.get(place).is_some_and(|slot| *slot != S::default()) {
        place = place.wrapping_add(1) & mask;
    }
    if let Some(slot) = slots.get_mut(place) {
        *slot = filled;
    }
}

/// A position as it is stored. Tables of more than four thousand million items are beyond a tenant.
#[inline]
pub(super) fn short(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::HashKey;
    use super::slots_for;
    use alloc::format;
    use alloc::vec::Vec;
    use core::hash::Hasher;

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

    /// Every byte of the key tells: who knows a part of it does not know where something lies.
    #[test]
    fn hashes_differ_by_the_key() {
        let mut hashes = Vec::new();
        for byte in 0..16 {
            let key = HashKey::new(core::array::from_fn(|place| u8::from(place == byte)));
            let mut hasher = key.hasher();
            hasher.write(b"ana");
            hashes.push(hasher.finish());
            let mut hasher = key.hasher();
            hasher.write_u128(7);
            hashes.push(hasher.finish());
        }
        let told = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), told);
    }
}
