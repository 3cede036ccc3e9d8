//! Keys found by hash, side by side in one arena.

use alloc::vec::Vec;
use core::hash::Hasher;

use crate::snapshot::hash::HashKey;
use crate::snapshot::hash::put;
use crate::snapshot::hash::short;
use crate::snapshot::hash::slots_for;
use crate::snapshot::hash::start;

/// Up to how many keys twice the room is no matter.
const FEW: usize = 1_024;

/// Texts side by side, numbered in the order of their coming.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// Where each starts, and where the last one ends.
    starts: Vec<u32>,
    arena: Vec<u8>,
}

impl Texts {
    /// None yet, with room for so many of about that length.
    pub(super) fn new(count: usize, length: usize) -> Self {
        let mut starts = Vec::with_capacity(count + 1);
        starts.push(0);
        Self {
            starts,
            arena: Vec::with_capacity(count * length),
        }
    }

    pub(super) fn add(&mut self, text: &str) {
        self.arena.extend_from_slice(text.as_bytes());
        self.starts.push(short(self.arena.len()));
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    #[inline]
    fn get(&self, number: u32) -> Option<&[u8]> {
        let number = number as usize;
        let [start, end] = *self.starts.get(number..)?.first_chunk()?;
        self.arena.get(start as usize..end as usize)
    }
}

/// Keys, found by hash.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    with: HashKey,
    /// By open addressing: half of the hash above one more than the number, so that whoever asks can go on with
    /// the number while the key is still compared.
    slots: Vec<u64>,
    texts: Texts,
}

impl Keys {
    /// Those that some texts are, all of them different.
    pub(super) fn new(with: &HashKey, texts: Texts) -> Self {
        let mut keys = Self {
            with: with.clone(),
            slots: Vec::new(),
            texts,
        };
        keys.place();
        keys
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The number of a key.
    #[inline]
    pub(super) fn find(&self, key: &str) -> Option<u32> {
        let key = key.as_bytes();
        let hash = self.hash(key);
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = start(hash) & mask;
        loop {
            let slot = *self.slots.get(place)?;
            if slot >> 32 == hash >> 32 {
                let number = number(slot);
                if self.texts.get(number).is_some_and(|other| same(other, key)) {
                    return Some(number);
                }
            }
            if slot == 0 {
                return None;
            }
            place = place.wrapping_add(1) & mask;
        }
    }

    /// Adds a key that is not there yet, with the next number.
    pub(super) fn add(&mut self, key: &str) {
        let number = short(self.len());
        self.texts.add(key);
        if self.slots.len() == room_for(self.len()) {
            let hash = self.hash(key.as_bytes());
            put(&mut self.slots, hash, slot(hash, number));
        } else {
            self.place();
        }
    }

    /// This with all keys of another after its own.
    pub(super) fn followed_by(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for number in 0..short(other.len()) {
            let key = other.texts.get(number).unwrap_or_default();
            both.add(core::str::from_utf8(key).unwrap_or_default());
        }
        both
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
            + self.texts.starts.capacity() * size_of::<u32>()
            + self.texts.arena.capacity()
    }

    #[inline]
    fn hash(&self, key: &[u8]) -> u64 {
        let mut hasher = self.with.hasher();
        hasher.write(key);
        hasher.finish()
    }

    /// Gives every key its slot.
    fn place(&mut self) {
        let mut placed = alloc::vec![0; room_for(self.len())];
        for number in 0..short(self.len()) {
            let hash = self.hash(self.texts.get(number).unwrap_or_default());
            put(&mut placed, hash, slot(hash, number));
        }
        self.slots = placed;
    }
}

/// The slots of so many keys: twice as many as must be where keys are few, so that most are found at once.
fn room_for(keys: usize) -> usize {
    slots_for(keys.max((keys * 2).min(FEW)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower half holds the number"
)]
#[inline]
fn number(slot: u64) -> u32 {
    (slot as u32).wrapping_sub(1)
}

/// The slot of a key with that hash.
#[inline]
fn slot(hash: u64, number: u32) -> u64 {
    hash >> 32 << 32 | (u64::from(number) + 1)
}

/// Whether two keys are the same: by chunks, the last bytes once more if need be, as keys are too short for a call
/// to be worth its while.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    same_by::<16>(one, other)
        .or_else(|| same_by::<4>(one, other))
        .unwrap_or_else(|| one.iter().zip(other).all(|(a, b)| a == b))
}

/// The same of keys of at least so many bytes.
#[inline]
fn same_by<const N: usize>(one: &[u8], other: &[u8]) -> Option<bool> {
    let (last, other_last) = (one.last_chunk::<N>()?, other.last_chunk::<N>()?);
    let (first, _) = one.as_chunks::<N>();
    let (other_first, _) = other.as_chunks::<N>();
    Some(last == other_last && first.iter().zip(other_first).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::FEW;
    use super::Keys;
    use super::Texts;
    use super::number;
    use super::room_for;
    use super::same;
    use super::slots_for;
    use super::start;
    use crate::snapshot::hash::HashKey;
    use alloc::string::String;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn every_key_is_found_and_no_other() {
        let with = HashKey::new([3; 16]);
        let mut keys = Keys::new(&with, Texts::new(0, 0));
        let texts: Vec<String> = (0..2_000_u32)
            .map(|n| (n.to_string() + ".").repeat(1 + n as usize % 9))
            .collect();
        let (first, later) = texts.split_at(1_500);
        for text in first {
            keys.add(text);
        }
        let mut more = Keys::new(&with, Texts::new(0, 0));
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
        assert_eq!(both.len(), texts.len());
    }

    #[test]
    fn an_eighth_of_the_slots_is_free_however_keys_come() {
        let with = HashKey::new([3; 16]);
        let (mut texts, mut one_by_one) = (Texts::new(0, 0), Keys::new(&with, Texts::new(0, 0)));
        for count in 1..300 {
            let text = count.to_string();
            texts.add(&text);
            one_by_one.add(&text);
            let at_once = Keys::new(&with, texts.clone());
            for keys in [&one_by_one, &at_once] {
                assert_eq!((keys.len(), keys.slots.len()), (count, room_for(count)));
            }
        }
    }

    #[test]
    fn few_keys_have_twice_the_room_and_no_key_takes_room_away() {
        for keys in 0..3 * FEW {
            assert!(room_for(keys) <= room_for(keys + 1), "{keys}");
            let fill = if keys <= FEW / 2 { keys * 2 } else { keys };
            assert!(fill * 8 <= room_for(keys) * 7, "{keys}");
        }
        assert_eq!(room_for(2 * FEW), slots_for(2 * FEW));
    }

    /// Where an eighth is free, a key lies about four places on from where it is looked for first; and whoever looks
    /// for one seldom meets another with the same half of a hash.
    #[test]
    fn a_key_is_found_within_a_few_steps() {
        let with = HashKey::new(*b"drawn at random:");
        let mut keys = Keys::new(&with, Texts::new(0, 0));
        for n in 0..7 * 2_048 {
            keys.add(&("user-".to_string() + &n.to_string()));
        }
        assert_eq!(keys.slots.len(), 8 * 2_048);
        let (mut steps, mut halves) = (0, Vec::new());
        for (place, slot) in keys
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| **slot != 0)
        {
            let key = keys.texts.get(number(*slot)).unwrap_or_default();
            steps += place.wrapping_sub(start(keys.hash(key))) & (keys.slots.len() - 1);
            halves.push(slot >> 32);
        }
        assert!(steps < keys.len() * 8, "{steps} steps");
        halves.sort_unstable();
        halves.dedup();
        assert!(
            halves.len() > keys.len() * 9 / 10,
            "{} halves",
            halves.len()
        );
    }

    #[test]
    fn keys_are_the_same_if_no_byte_differs() {
        for length in 0..40_u8 {
            let one: Vec<u8> = (0..length).collect();
            let longer: Vec<u8> = (0..=length).collect();
            assert!(same(&one, &one.clone()), "{length}");
            assert!(!same(&one, &longer) && !same(&longer, &one), "{length}");
            for place in 0..length {
                let other: Vec<u8> = (0..length)
                    .map(|byte| if byte == place { 99 } else { byte })
                    .collect();
                assert!(!same(&one, &other), "{length} {place}");
            }
        }
    }
}
