//! Sets of duties: one bit for each duty of a catalog.

use bitvec::order::Lsb0;
use bitvec::vec::BitVec;

use crate::ix::DutyIx;

/// A set of duties of one catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DutySet {
    bits: BitVec<usize, Lsb0>,
}

impl DutySet {
    /// The empty set over a catalog of so many duties.
    pub(crate) fn empty(duties: usize) -> Self {
        Self {
            bits: BitVec::repeat(false, duties),
        }
    }

    /// The set with these words, over a catalog of so many duties.
    pub(crate) fn from_words(words: &[usize], duties: usize) -> Self {
        let mut set = Self::empty(duties);
        set.words_mut().copy_from_slice(words);
        set
    }

    pub(crate) fn insert(&mut self, duty: DutyIx) {
        if let Some(mut bit) = self.bits.get_mut(duty.at()) {
            *bit = true;
        }
    }

    pub(crate) fn union_with(&mut self, other: &Self) {
        for (word, more) in self.words_mut().iter_mut().zip(other.words()) {
            *word |= more;
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, less) in self.words_mut().iter_mut().zip(other.words()) {
            *word &= !less;
        }
    }

    pub(crate) fn contains(&self, duty: DutyIx) -> bool {
        self.bits.get(duty.at()).is_some_and(|bit| *bit)
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        self.words()
            .iter()
            .zip(other.words())
            .any(|(word, other)| word & other != 0)
    }

    pub(crate) fn len(&self) -> usize {
        self.words()
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words().iter().all(|word| *word == 0)
    }

    /// The duties in it, in catalog order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DutyIx> + '_ {
        ones(self.words())
    }

    pub(crate) fn words(&self) -> &[usize] {
        self.bits.as_raw_slice()
    }

    fn words_mut(&mut self) -> &mut [usize] {
        self.bits.as_raw_mut_slice()
    }
}

/// The words that a set over so many duties takes.
pub(crate) const fn words_for(duties: usize) -> usize {
    duties.div_ceil(usize::BITS as usize)
}

/// The duties whose bits are set in these words, in catalog order.
pub(crate) fn ones(words: &[usize]) -> impl Iterator<Item = DutyIx> + '_ {
    words.iter().enumerate().flat_map(|(n, word)| {
        let mut rest = *word;
        core::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = n * usize::BITS as usize + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            u16::try_from(bit).ok().map(DutyIx)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::DutySet;
    use super::words_for;
    use crate::ix::DutyIx;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    /// A set of the duties of a catalog that a predicate takes, twice: the second is the model.
    fn both(duties: u16, takes: impl Fn(u16) -> bool) -> (DutySet, BTreeSet<u16>) {
        let mut set = DutySet::empty(usize::from(duties));
        let model: BTreeSet<u16> = (0..duties).filter(|duty| takes(*duty)).collect();
        for duty in &model {
            set.insert(DutyIx(*duty));
        }
        (set, model)
    }

    fn listed(set: &DutySet) -> Vec<u16> {
        set.iter().map(|duty| duty.0).collect()
    }

    #[test]
    fn sets_of_every_size_are_as_a_plain_set_is() {
        for duties in [0, 1, 2, 63, 64, 65, 127, 128, 129, 300] {
            assert_eq!(
                words_for(usize::from(duties)),
                usize::from(duties).div_ceil(64)
            );
            for (a, b) in [(1, 1), (2, 3), (3, 2), (64, 5), (7, 1000), (1000, 7)] {
                let (one, plain) = both(duties, |duty| duty % a == a - 1);
                let (other, other_plain) = both(duties, |duty| duty % b == b - 1);
                assert!(plain.iter().eq(&listed(&one)));
                assert_eq!(one.is_empty(), plain.is_empty());
                assert_eq!(one.len(), plain.len());
                assert_eq!(one.intersects(&other), !plain.is_disjoint(&other_plain));
                for duty in 0..duties + 70 {
                    assert_eq!(one.contains(DutyIx(duty)), plain.contains(&duty));
                }
                let mut union = one.clone();
                union.union_with(&other);
                assert!(plain.union(&other_plain).eq(&listed(&union)));
                let mut rest = one.clone();
                rest.subtract(&other);
                assert!(plain.difference(&other_plain).eq(&listed(&rest)));
                let again = DutySet::from_words(one.words(), usize::from(duties));
                assert_eq!(again, one);
            }
        }
    }

    #[test]
    fn a_duty_beyond_the_end_is_not_taken_in() {
        let mut set = DutySet::empty(3);
        set.insert(DutyIx(3));
        set.insert(DutyIx(64));
        assert!(set.is_empty());
    }
}
