//! Layers as flat words, which stay off the heap in catalogs of up to 256 duties.

use smallvec::SmallVec;

use crate::catalog::Catalog;
use crate::catalog::Target;
use crate::duties::DutySet;
use crate::ix::DutyIx;
use crate::layer::Opinion;
use crate::layer::Opinions;
use crate::layer::planes_of;
use crate::model::Model;
use crate::model::profile::Effect;
use crate::model::profile::Gives;
use crate::policy::Mode;
use crate::policy::Reach;
use crate::rule::View;

/// One bit for each duty, whatever the catalog's size.
pub(super) type Plane = SmallVec<[u64; 16]>;

/// One bit for each duty: an array where the catalog is small, so that all of a layer stays in registers.
pub(super) trait Words: Clone + PartialEq + AsRef<[u64]> + AsMut<[u64]> {
    /// So many words without a bit; an array has as many as it has.
    fn zero(words: usize) -> Self;
}

impl<const N: usize> Words for [u64; N] {
    fn zero(_: usize) -> Self {
        [0; N]
    }
}

impl Words for Plane {
    fn zero(words: usize) -> Self {
        SmallVec::from_elem(0, words)
    }
}

/// The planes of a layer: spoken, associated, all, revoked, each contained in the one before.
#[derive(Clone)]
pub(super) struct Flat<B> {
    planes: [B; 4],
}

impl<B: Words> Flat<B> {
    fn silent(words: usize) -> Self {
        Self {
            planes: core::array::from_fn(|_| B::zero(words)),
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        let [spoken, ..] = self.planes();
        spoken.iter().all(|word| *word == 0)
    }

    /// Spoken, associated, all, revoked.
    pub(super) fn planes(&self) -> [&[u64]; 4] {
        self.planes.each_ref().map(AsRef::as_ref)
    }

    fn say(&mut self, duties: &DutySet, opinion: Opinion) {
        for plane in self.planes.iter_mut().take(planes_of(opinion)) {
            unite(plane.as_mut(), duties);
        }
    }

    fn say_of(&mut self, duty: DutyIx, opinion: Opinion) {
        for plane in self.planes.iter_mut().take(planes_of(opinion)) {
            insert(plane.as_mut(), duty);
        }
    }
}

impl<B: Words> Opinions for Flat<B> {
    fn stack_with(&mut self, other: &Self) {
        for (plane, other) in self.planes.iter_mut().zip(&other.planes) {
            for (word, more) in plane.as_mut().iter_mut().zip(other.as_ref()) {
                *word |= more;
            }
        }
    }

    fn put_over(&mut self, less_specific: &Self) {
        let [spoken, rest @ ..] = &mut self.planes;
        let [less_spoken, less_rest @ ..] = &less_specific.planes;
        let spoken = spoken.as_mut();
        for (plane, less) in rest.iter_mut().zip(less_rest) {
            let words = plane.as_mut().iter_mut().zip(less.as_ref());
            for ((word, less), spoken) in words.zip(spoken.iter()) {
                *word |= less & !spoken;
            }
        }
        for (word, less) in spoken.iter_mut().zip(less_spoken.as_ref()) {
            *word |= less;
        }
    }
}

/// The view of all duties of a catalog, as flat words.
pub(super) struct AllDuties<'a, B> {
    catalog: &'a Catalog,
    words: usize,
    /// The duties that an open tenant permits until an entry says otherwise.
    open: Option<B>,
}

impl<'a, B: Words> AllDuties<'a, B> {
    pub(super) fn new(model: &'a Model) -> Self {
        let words = words_for(model.catalog.len());
        let open = match model.mode {
            Mode::Strict => None,
            Mode::Open { up_to } => {
                let mut open = B::zero(words);
                for (ix, duty) in model.catalog.duties() {
                    if duty.sensitivity <= up_to {
                        insert(open.as_mut(), ix);
                    }
                }
                Some(open)
            }
        };
        Self {
            catalog: &model.catalog,
            words,
            open,
        }
    }

    pub(super) fn none(&self) -> B {
        B::zero(self.words)
    }
}

impl<B: Words> View for AllDuties<'_, B> {
    type Says = Flat<B>;

    fn silent(&self) -> Flat<B> {
        Flat::silent(self.words)
    }

    fn add_entry(&self, says: &mut Flat<B>, target: Target, effect: Effect) {
        let opinion = match effect {
            Effect::Grant { reach, .. } => Opinion::Granted(reach),
            Effect::Revoke => Opinion::Revoked,
            Effect::Level { rungs } => {
                let Target::Object(object) = target else {
                    return;
                };
                let ladder = self
                    .catalog
                    .get_object(object)
                    .and_then(|object| object.ladder.as_ref());
                for (place, rung) in ladder.iter().flat_map(|ladder| &ladder.rungs).enumerate() {
                    let opinion = if place < usize::from(rungs) {
                        Opinion::Granted(Reach::All)
                    } else {
                        Opinion::Withheld
                    };
                    says.say_of(*rung, opinion);
                }
                return;
            }
        };
        match target {
            Target::Duty(duty) => says.say_of(duty, opinion),
            Target::Object(object) => {
                if let Some(object) = self.catalog.get_object(object) {
                    says.say(&object.duties, opinion);
                }
            }
            Target::Module(module) => {
                if let Some(module) = self.catalog.get_module(module) {
                    says.say(&module.duties, opinion);
                }
            }
            Target::All => says.say(&self.catalog.under(Target::All), opinion),
        }
    }

    /// What is given on all records is given on associated ones too.
    fn add_profile(&self, says: &mut Flat<B>, gives: &Gives) {
        let (Some(on_associated), Some(on_all)) = (&gives.associated, &gives.all) else {
            return;
        };
        let [spoken, associated, all, _] = &mut says.planes;
        let planes = spoken.as_mut().iter_mut().zip(associated.as_mut());
        let given = words_of(on_associated).zip(words_of(on_all));
        for (((spoken, associated), all), (narrow, wide)) in planes.zip(all.as_mut()).zip(given) {
            *spoken |= narrow;
            *associated |= narrow;
            *all |= wide;
        }
    }

    fn add_baseline(&self, says: &mut Flat<B>, _: &Model) {
        let Some(open) = &self.open else { return };
        let planes = planes_of(Opinion::Granted(Reach::All));
        for plane in says.planes.iter_mut().take(planes) {
            for (word, more) in plane.as_mut().iter_mut().zip(open.as_ref()) {
                *word |= more;
            }
        }
    }
}

/// The words that so many duties take.
pub(super) const fn words_for(duties: usize) -> usize {
    duties.div_ceil(u64::BITS as usize)
}

/// The word that a duty's bit is in.
pub(super) const fn word_of(duty: DutyIx) -> usize {
    duty.at() / u64::BITS as usize
}

/// A duty's bit in its word.
pub(super) const fn bit_of(duty: DutyIx) -> u64 {
    1 << (duty.at() % u64::BITS as usize)
}

pub(super) fn insert(plane: &mut [u64], duty: DutyIx) {
    if let Some(word) = plane.get_mut(word_of(duty)) {
        *word |= bit_of(duty);
    }
}

pub(super) fn contains(plane: &[u64], duty: DutyIx) -> bool {
    plane
        .get(word_of(duty))
        .is_some_and(|word| word & bit_of(duty) != 0)
}

/// Adds a set of duties.
pub(super) fn unite(plane: &mut [u64], duties: &DutySet) {
    for (word, more) in plane.iter_mut().zip(words_of(duties)) {
        *word |= more;
    }
}

/// The words of a set, which keeps them in the machine's width.
fn words_of(duties: &DutySet) -> impl Iterator<Item = u64> {
    const PARTS: usize = (u64::BITS / usize::BITS) as usize;
    duties.words().chunks(PARTS).map(|parts| {
        let parts = parts.iter().rev();
        parts.fold(0, |word, part| {
            word << (usize::BITS % u64::BITS) | *part as u64
        })
    })
}

/// The duties whose bits are set, in catalog order.
pub(super) fn ones(plane: &[u64]) -> Ones<'_> {
    Ones {
        word: 0,
        next: 0,
        rest: plane,
    }
}

/// The bits that are set.
pub(super) struct Ones<'a> {
    word: u64,
    /// The first bit of the next word.
    next: u16,
    rest: &'a [u64],
}

const WIDTH: u16 = 64;

/// The lowest bit that is set.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a word has no more than sixty-four"
)]
const fn place(word: u64) -> u16 {
    word.trailing_zeros() as u16
}

impl Iterator for Ones<'_> {
    type Item = DutyIx;

    #[inline]
    fn next(&mut self) -> Option<DutyIx> {
        while self.word == 0 {
            let (word, rest) = self.rest.split_first()?;
            (self.word, self.rest) = (*word, rest);
            self.next = self.next.wrapping_add(WIDTH);
        }
        let bit = self.next.wrapping_sub(WIDTH) | place(self.word);
        self.word &= self.word.wrapping_sub(1);
        Some(DutyIx(bit))
    }

    /// All at once, without asking after each whether its word has more.
    #[inline]
    fn fold<A, F: FnMut(A, DutyIx) -> A>(self, first: A, mut call: F) -> A {
        let mut all = first;
        let mut base = self.next.wrapping_sub(WIDTH);
        for word in [self.word].iter().chain(self.rest) {
            let mut word = *word;
            while word != 0 {
                all = call(all, DutyIx(base | place(word)));
                word &= word.wrapping_sub(1);
            }
            base = base.wrapping_add(WIDTH);
        }
        all
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.rest.iter().chain([&self.word]);
        let left = left.map(|word| word.count_ones() as usize).sum();
        (left, Some(left))
    }
}

#[cfg(test)]
mod tests {
    use super::contains;
    use super::insert;
    use super::ones;
    use crate::ix::DutyIx;
    use alloc::vec::Vec;

    #[test]
    fn ones_are_the_bits_that_were_put_in() {
        let sets: [&[u16]; 6] = [
            &[],
            &[0],
            &[63],
            &[64, 65],
            &[0, 1, 62, 63, 64, 127, 191],
            &[5, 130],
        ];
        for set in sets {
            let mut plane = [0; 3];
            for duty in set {
                insert(&mut plane, DutyIx(*duty));
            }
            for duty in 0..192 {
                assert_eq!(contains(&plane, DutyIx(duty)), set.contains(&duty));
            }
            assert!(!contains(&plane, DutyIx(192)));
            let expected: Vec<DutyIx> = set.iter().copied().map(DutyIx).collect();
            // From each of them on, one by one and all at once; and what is told to be left is left.
            let mut rest = ones(&plane);
            for left in (0..=expected.len()).rev() {
                assert_eq!(rest.size_hint(), (left, Some(left)), "{set:?}");
                let mut folded = Vec::new();
                let taken = expected.len() - left;
                ones_from(&plane, taken).for_each(|duty| folded.push(duty));
                assert!(folded.iter().eq(expected.iter().skip(taken)), "{set:?}");
                assert_eq!(rest.next(), expected.get(taken).copied());
            }
        }
    }

    fn ones_from(plane: &[u64], skipped: usize) -> super::Ones<'_> {
        let mut rest = ones(plane);
        for _ in 0..skipped {
            rest.next();
        }
        rest
    }
}
