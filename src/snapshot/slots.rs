//! Numbers found by hash, in as little room as they need.

use alloc::vec::Vec;

use crate::snapshot::hash::put;
use crate::snapshot::hash::slots_for;
use crate::snapshot::hash::start;

/// Numbers by open addressing: a slot holds one more than its number, in sixteen bits if that is enough for all.
#[derive(Clone, Debug)]
pub(super) enum Slots {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Slots {
    /// None yet, with room for so many numbers below a bound.
    pub(super) fn new(count: usize, bound: u32) -> Self {
        let slots = slots_for(count);
        if u16::try_from(bound).is_ok() {
            Self::Short(alloc::vec![0; slots])
        } else {
            Self::Long(alloc::vec![0; slots])
        }
    }

    /// Whether there are as many slots as are made for so many numbers.
    pub(super) fn suit(&self, count: usize) -> bool {
        let slots = match self {
            Self::Short(slots) => slots.len(),
            Self::Long(slots) => slots.len(),
        };
        slots == slots_for(count)
    }

    /// The number of that hash which is the one.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        match self {
            Self::Short(slots) => find(slots, hash, is_it),
            Self::Long(slots) => find(slots, hash, is_it),
        }
    }

    /// Puts a number into the first free slot for its hash, unless it takes more bits than a slot has.
    pub(super) fn put(&mut self, hash: u64, number: u32) -> bool {
        match self {
            Self::Short(slots) => {
                let Ok(filled) = u16::try_from(number + 1) else {
                    return false;
                };
                put(slots, hash, filled);
            }
            Self::Long(slots) => put(slots, hash, number + 1),
        }
        true
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        match self {
            Self::Short(slots) => slots.capacity() * size_of::<u16>(),
            Self::Long(slots) => slots.capacity() * size_of::<u32>(),
        }
    }
}

#[inline]
fn find<S: Copy + Into<u32>>(slots: &[S], hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
    let mask = slots.len().wrapping_sub(1);
    let mut place = start(hash) & mask;
    loop {
        let slot: u32 = (*slots.get(place)?).into();
        let number = slot.checked_sub(1)?;
        if is_it(number) {
            return Some(number);
        }
        place = place.wrapping_add(1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;

    const LONGEST: u32 = 65_534;

    /// Of numbers with the same hash each is found, and none that is not there.
    #[test]
    fn each_number_is_found_by_its_hash() {
        for bound in [7, 1 << 20] {
            let mut slots = Slots::new(4, bound);
            let numbers = [(5, 0), (5, 3), (6, 1), (u64::MAX, LONGEST)];
            for (hash, number) in numbers {
                assert_eq!(slots.find(hash, |found| found == number), None);
                assert!(slots.put(hash, number));
            }
            for (hash, number) in numbers {
                assert_eq!(slots.find(hash, |found| found == number), Some(number));
            }
            assert_eq!(slots.find(5, |_| false), None);
            assert_eq!(slots.find(5, |_| true), Some(0));
        }
    }

    /// Two bytes a slot while no number has more than sixteen bits, with one added, and four beyond.
    #[test]
    fn they_take_as_little_room_as_their_numbers_need() {
        for (bound, bytes) in [(0, 2), (LONGEST + 1, 2), (LONGEST + 2, 4)] {
            let mut slots = Slots::new(100, bound);
            assert_eq!(slots.heap(), 128 * bytes);
            assert!(slots.suit(100) && slots.suit(112) && !slots.suit(113) && !slots.suit(56));
            assert!(slots.put(1, LONGEST));
            assert_eq!(slots.put(1, LONGEST + 1), bytes == 4);
        }
    }
}
