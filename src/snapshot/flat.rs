//! Layers as flat words, each of sixty-four duties, which stay off the heap in catalogs of up to 1,024.

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

/// How many words all duties take: known beforehand where the catalog is small, so that they stay in registers.
pub(super) trait Words {
    /// Something for each word.
    type Of<T: Copy>: Clone + AsRef<[T]> + AsMut<[T]>;

    /// The same for each of so many words; where the number is known, for that many.
    fn each<T: Copy>(words: usize, of: T) -> Self::Of<T>;

    /// The words of a plane; zeros where it has none.
    fn read(words: usize, plane: &[u64]) -> Self::Of<u64>;
}

/// So many words.
pub(super) struct Few<const N: usize>;

impl<const N: usize> Words for Few<N> {
    type Of<T: Copy> = [T; N];

    #[inline]
    fn each<T: Copy>(_: usize, of: T) -> [T; N] {
        [of; N]
    }

    #[inline]
    fn read(_: usize, plane: &[u64]) -> [u64; N] {
        plane.first_chunk().copied().unwrap_or([0; N])
    }
}

/// Any number of words.
pub(super) struct Many;

impl Words for Many {
    type Of<T: Copy> = SmallVec<[T; 16]>;

    fn each<T: Copy>(words: usize, of: T) -> SmallVec<[T; 16]> {
        SmallVec::from_elem(of, words)
    }

    fn read(words: usize, plane: &[u64]) -> SmallVec<[u64; 16]> {
        let mut read = SmallVec::from_slice(plane);
        read.resize(words, 0);
        read
    }
}

/// What a layer says of sixty-four duties: four planes of a bit each, each contained in the one before.
#[derive(Clone, Copy, Default)]
pub(super) struct Says {
    pub(super) spoken: u64,
    pub(super) associated: u64,
    pub(super) all: u64,
    pub(super) revoked: u64,
}

impl Says {
    /// An opinion on some duties.
    fn opinion(opinion: Opinion, duties: u64) -> Self {
        let planes = planes_of(opinion);
        let plane = |number: usize| if number < planes { duties } else { 0 };
        Self {
            spoken: plane(0),
            associated: plane(1),
            all: plane(2),
            revoked: plane(3),
        }
    }

    /// Of two sources of the same rank.
    #[inline]
    const fn stack(self, other: Self) -> Self {
        Self {
            spoken: self.spoken | other.spoken,
            associated: self.associated | other.associated,
            all: self.all | other.all,
            revoked: self.revoked | other.revoked,
        }
    }

    /// Of a more specific source over a less specific one.
    #[inline]
    pub(super) const fn over(self, less: Self) -> Self {
        let silent = !self.spoken;
        Self {
            spoken: self.spoken | less.spoken,
            associated: self.associated | less.associated & silent,
            all: self.all | less.all & silent,
            revoked: self.revoked | less.revoked & silent,
        }
    }
}

/// What a layer says of all duties.
pub(super) struct Flat<B: Words> {
    words: B::Of<Says>,
}

impl<B: Words> Clone for Flat<B> {
    fn clone(&self) -> Self {
        Self {
            words: self.words.clone(),
        }
    }
}

impl<B: Words> Flat<B> {
    pub(super) fn is_silent(&self) -> bool {
        self.words().iter().all(|says| says.spoken == 0)
    }

    pub(super) fn words(&self) -> &[Says] {
        self.words.as_ref()
    }

    fn say(&mut self, duties: &DutySet, opinion: Opinion) {
        for (says, duties) in self.words.as_mut().iter_mut().zip(words_of(duties)) {
            *says = says.stack(Says::opinion(opinion, duties));
        }
    }

    fn say_of(&mut self, duty: DutyIx, opinion: Opinion) {
        if let Some(says) = self.words.as_mut().get_mut(word_of(duty)) {
            *says = says.stack(Says::opinion(opinion, bit_of(duty)));
        }
    }
}

impl<B: Words> Opinions for Flat<B> {
    #[inline]
    fn stack_with(&mut self, other: &Self) {
        for (says, other) in self.words.as_mut().iter_mut().zip(other.words()) {
            *says = says.stack(*other);
        }
    }

    fn put_over(&mut self, less_specific: &Self) {
        for (says, less) in self.words.as_mut().iter_mut().zip(less_specific.words()) {
            *says = says.over(*less);
        }
    }
}

/// The view of all duties of a catalog, as flat words.
pub(super) struct AllDuties<'a, B: Words> {
    catalog: &'a Catalog,
    words: usize,
    /// The duties that an open tenant permits until an entry says otherwise.
    open: Option<B::Of<u64>>,
}

impl<'a, B: Words> AllDuties<'a, B> {
    pub(super) fn new(model: &'a Model) -> Self {
        let words = words_for(model.catalog.len());
        let open = match model.mode {
            Mode::Strict => None,
            Mode::Open { up_to } => {
                let mut open = B::each(words, 0);
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

    /// The same for each word.
    pub(super) fn each<T: Copy>(&self, of: T) -> B::Of<T> {
        B::each(self.words, of)
    }
}

impl<B: Words> View for AllDuties<'_, B> {
    type Says = Flat<B>;

    #[inline]
    fn silent(&self) -> Flat<B> {
        Flat {
            words: self.each(Says::default()),
        }
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
    #[inline]
    fn add_profile(&self, says: &mut Flat<B>, gives: &Gives) {
        let (Some(on_associated), Some(on_all)) = (&gives.associated, &gives.all) else {
            return;
        };
        let given = words_of(on_associated).zip(words_of(on_all));
        for (says, (associated, all)) in says.words.as_mut().iter_mut().zip(given) {
            *says = says.stack(Says {
                spoken: associated,
                associated,
                all,
                revoked: 0,
            });
        }
    }

    fn add_baseline(&self, says: &mut Flat<B>, _: &Model) {
        let Some(open) = &self.open else { return };
        for (says, open) in says.words.as_mut().iter_mut().zip(open.as_ref()) {
            *says = says.stack(Says::opinion(Opinion::Granted(Reach::All), *open));
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
#[inline]
pub(super) fn words_of(duties: &DutySet) -> impl Iterator<Item = u64> {
    const PARTS: usize = (u64::BITS / usize::BITS) as usize;
    let words = duties.words();
    let part = |place: usize| words.get(place).copied().unwrap_or(0) as u64;
    (0..words.len().div_ceil(PARTS)).map(move |word| {
        let parts = word * PARTS..(word + 1) * PARTS;
        parts.rev().fold(0, |word, place| {
            word << (usize::BITS % u64::BITS) | part(place)
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
