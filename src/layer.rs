//! Five opinions, two operators: everything that grants or restricts is said in them.

use core::fmt;

use bitvec::order::Lsb0;
use bitvec::vec::BitVec;

use crate::duties::DutySet;
use crate::duties::words_for;
use crate::ix::DutyIx;
use crate::policy::Reach;

/// What a source says of a duty, from saying nothing to the strongest (rule 3.1).
///
/// Closed: the rule has these five.
///
/// # Examples
///
/// ```
/// use bailiwick::{Opinion, Reach};
///
/// let wide = Opinion::Granted(Reach::All);
/// let narrow = Opinion::Granted(Reach::Associated);
/// // Of equal rank, the widest grant counts …
/// assert_eq!(wide.stack(narrow), wide);
/// // … but a more specific one replaces it, even to narrow it.
/// assert_eq!(narrow.over(wide), narrow);
/// assert_eq!(Opinion::Silent.over(wide), wide);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opinion {
    /// Says nothing.
    #[default]
    Silent,
    /// States that it gives less than this duty.
    Withheld,
    /// Grants the duty on the records of a reach.
    Granted(Reach),
    /// Takes the duty away.
    Revoked,
}

impl Opinion {
    /// All five, weakest first.
    pub const ALL: [Self; 5] = [
        Self::Silent,
        Self::Withheld,
        Self::Granted(Reach::Associated),
        Self::Granted(Reach::All),
        Self::Revoked,
    ];

    /// Of two sources of the same rank: the greater opinion.
    #[must_use]
    pub fn stack(self, other: Self) -> Self {
        self.max(other)
    }

    /// Of a more specific source over a less specific one: the more specific, unless it is silent.
    #[must_use]
    pub fn over(self, less_specific: Self) -> Self {
        if self == Self::Silent {
            less_specific
        } else {
            self
        }
    }

    /// The reach, if it is a grant.
    #[must_use]
    pub fn granted(self) -> Option<Reach> {
        match self {
            Self::Granted(reach) => Some(reach),
            _ => None,
        }
    }
}

impl fmt::Display for Opinion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent => "silent",
            Self::Withheld => "withheld",
            Self::Granted(Reach::Associated) => "granted (associated)",
            Self::Granted(Reach::All) => "granted (all)",
            Self::Revoked => "revoked",
        })
    }
}

/// What the two operators work on: one opinion, or one for each duty.
pub(crate) trait Opinions {
    /// Takes in another source of the same rank.
    fn stack_with(&mut self, other: &Self);
    /// Puts this, the more specific, over another.
    fn put_over(&mut self, less_specific: &Self);
}

impl Opinions for Opinion {
    fn stack_with(&mut self, other: &Self) {
        *self = self.stack(*other);
    }

    fn put_over(&mut self, less_specific: &Self) {
        *self = self.over(*less_specific);
    }
}

/// One opinion for each duty of a catalog: four planes of bits, each contained in the one before.
///
/// `spoken ⊇ associated ⊇ all ⊇ revoked`: an opinion is how far up the planes its bit is set, so that stacking
/// is a union and putting over is a union with what the more specific layer does not speak of.
///
/// # Examples
///
/// ```
/// use bailiwick::{Layer, Opinion, Reach};
///
/// let clerk = Layer::from_opinions(&[Opinion::Granted(Reach::All), Opinion::Silent]);
/// let audit = Layer::from_opinions(&[Opinion::Revoked, Opinion::Granted(Reach::Associated)]);
/// let both = clerk.stack(&audit);
/// assert_eq!(both.opinions(), [Opinion::Revoked, Opinion::Granted(Reach::Associated)]);
/// assert_eq!(clerk.over(&audit).opinions(), [Opinion::Granted(Reach::All), Opinion::Granted(Reach::Associated)]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Layer {
    duties: usize,
    planes: BitVec<usize, Lsb0>,
}

/// The planes of a layer that are asked for by name; below them lies that of what is spoken of at all.
#[derive(Clone, Copy)]
pub(crate) enum Plane {
    Associated = 1,
    All = 2,
    Revoked = 3,
}

impl Layer {
    /// The layer that says nothing of any of so many duties.
    #[must_use]
    pub fn silent(duties: usize) -> Self {
        let bits = 4 * words_for(duties) * usize::BITS as usize;
        Self {
            duties,
            planes: BitVec::repeat(false, bits),
        }
    }

    /// The layer with these opinions, one for each duty.
    #[must_use]
    pub fn from_opinions(opinions: &[Opinion]) -> Self {
        let mut layer = Self::silent(opinions.len());
        for (duty, opinion) in opinions.iter().enumerate() {
            layer.set(duty, *opinion);
        }
        layer
    }

    /// The opinions, one for each duty.
    #[must_use]
    pub fn opinions(&self) -> alloc::vec::Vec<Opinion> {
        (0..self.duties).map(|duty| self.at(duty)).collect()
    }

    /// Of two sources of the same rank: for each duty the greater opinion. Of layers over different catalogs,
    /// the shorter one is silent beyond its end.
    #[must_use]
    pub fn stack(&self, other: &Self) -> Self {
        let duties = self.duties.max(other.duties);
        let mut greater = self.widened(duties);
        greater.stack_with(&other.widened(duties));
        greater
    }

    /// This layer, the more specific, over another: for each duty its own opinion, unless it is silent.
    #[must_use]
    pub fn over(&self, less_specific: &Self) -> Self {
        let duties = self.duties.max(less_specific.duties);
        let mut whole = self.widened(duties);
        whole.put_over(&less_specific.widened(duties));
        whole
    }

    pub(crate) fn get(&self, duty: DutyIx) -> Opinion {
        self.at(duty.at())
    }

    /// Says an opinion of a set of duties, at least: a union with what is said of them already.
    pub(crate) fn say(&mut self, duties: &DutySet, opinion: Opinion) {
        let words = words_for(self.duties);
        let planes = planes_of(opinion);
        for plane in self
            .planes
            .as_raw_mut_slice()
            .chunks_exact_mut(words.max(1))
            .take(planes)
        {
            for (word, more) in plane.iter_mut().zip(duties.words()) {
                *word |= more;
            }
        }
    }

    /// The words of one plane.
    pub(crate) fn plane(&self, plane: Plane) -> &[usize] {
        let words = words_for(self.duties);
        let start = plane as usize * words;
        self.planes
            .as_raw_slice()
            .get(start..start + words)
            .unwrap_or_default()
    }

    /// The duties that are granted at some reach.
    pub(crate) fn granted(&self) -> DutySet {
        let mut granted = DutySet::from_words(self.plane(Plane::Associated), self.duties);
        granted.subtract(&DutySet::from_words(
            self.plane(Plane::Revoked),
            self.duties,
        ));
        granted
    }

    fn widened(&self, duties: usize) -> Self {
        let mut wide = Self::silent(duties);
        let (from, to) = (words_for(self.duties).max(1), words_for(duties).max(1));
        let source = self.planes.as_raw_slice().chunks_exact(from);
        for (wide, plane) in wide
            .planes
            .as_raw_mut_slice()
            .chunks_exact_mut(to)
            .zip(source)
        {
            for (word, value) in wide.iter_mut().zip(plane) {
                *word = *value;
            }
        }
        wide
    }

    fn at(&self, duty: usize) -> Opinion {
        let words = words_for(self.duties);
        let stride = words * usize::BITS as usize;
        let bit = |plane: usize| {
            self.planes
                .get(plane * stride + duty)
                .is_some_and(|bit| *bit)
        };
        match (bit(0), bit(1), bit(2), bit(3)) {
            _ if duty >= self.duties => Opinion::Silent,
            (_, _, _, true) => Opinion::Revoked,
            (_, _, true, _) => Opinion::Granted(Reach::All),
            (_, true, _, _) => Opinion::Granted(Reach::Associated),
            (true, _, _, _) => Opinion::Withheld,
            _ => Opinion::Silent,
        }
    }

    fn set(&mut self, duty: usize, opinion: Opinion) {
        let stride = words_for(self.duties) * usize::BITS as usize;
        for plane in 0..planes_of(opinion) {
            if let Some(mut bit) = self.planes.get_mut(plane * stride + duty) {
                *bit = true;
            }
        }
    }
}

impl Opinions for Layer {
    fn stack_with(&mut self, other: &Self) {
        for (word, more) in self
            .planes
            .as_raw_mut_slice()
            .iter_mut()
            .zip(other.planes.as_raw_slice())
        {
            *word |= more;
        }
    }

    fn put_over(&mut self, less_specific: &Self) {
        let words = words_for(self.duties).max(1);
        let (spoken, rest) = self
            .planes
            .as_raw_mut_slice()
            .split_at_mut(words.min(4 * words_for(self.duties)));
        let (less_spoken, less_rest) = less_specific.planes.as_raw_slice().split_at(spoken.len());
        if less_spoken.iter().all(|word| *word == 0) {
            return;
        }
        for (plane, less) in rest
            .chunks_exact_mut(words)
            .zip(less_rest.chunks_exact(words))
        {
            for ((word, less), spoken) in plane.iter_mut().zip(less).zip(spoken.iter()) {
                *word |= less & !spoken;
            }
        }
        for (word, less) in spoken.iter_mut().zip(less_spoken) {
            *word |= less;
        }
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.opinions()).finish()
    }
}

/// In how many planes an opinion's bit is set.
pub(crate) const fn planes_of(opinion: Opinion) -> usize {
    match opinion {
        Opinion::Silent => 0,
        Opinion::Withheld => 1,
        Opinion::Granted(Reach::Associated) => 2,
        Opinion::Granted(Reach::All) => 3,
        Opinion::Revoked => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::Layer;
    use super::Opinion;
    use super::Opinions;
    use super::Plane;
    use crate::duties::DutySet;
    use crate::ix::DutyIx;
    use crate::policy::Reach;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    const SIZES: [usize; 9] = [0, 1, 2, 63, 64, 65, 128, 129, 300];

    /// Opinions in a row that, for two different steps, meet in every pair.
    fn opinions(duties: usize, step: usize) -> Vec<Opinion> {
        let all = Opinion::ALL.iter().cycle();
        let each = all.flat_map(|opinion| core::iter::repeat_n(*opinion, step));
        each.take(duties).collect()
    }

    fn set(of: &[Opinion], takes: impl Fn(Opinion) -> bool) -> DutySet {
        let mut set = DutySet::empty(of.len());
        for (duty, opinion) in (0_u16..).zip(of) {
            if takes(*opinion) {
                set.insert(DutyIx(duty));
            }
        }
        set
    }

    #[test]
    fn layers_of_every_size_say_what_their_opinions_say() {
        for one in SIZES {
            let mine = opinions(one, 1);
            let layer = Layer::from_opinions(&mine);
            assert_eq!(layer.opinions(), mine);
            assert_eq!(format!("{layer:?}"), format!("{mine:?}"));
            for duty in 0..u16::try_from(one + 70).unwrap_or(0) {
                let said = mine.get(usize::from(duty)).copied().unwrap_or_default();
                assert_eq!(layer.get(DutyIx(duty)), said);
            }
            assert_eq!(layer.granted(), set(&mine, |says| says.granted().is_some()));
            for (plane, least) in [
                (Plane::Associated, Opinion::Granted(Reach::Associated)),
                (Plane::All, Opinion::Granted(Reach::All)),
                (Plane::Revoked, Opinion::Revoked),
            ] {
                assert_eq!(layer.plane(plane), set(&mine, |says| says >= least).words());
            }
            for other in SIZES {
                let theirs = opinions(other, 5);
                let second = Layer::from_opinions(&theirs);
                let each = |operator: fn(Opinion, Opinion) -> Opinion| -> Vec<Opinion> {
                    let at = |of: &[Opinion], duty| of.get(duty).copied().unwrap_or_default();
                    let duties = 0..one.max(other);
                    duties
                        .map(|duty| operator(at(&mine, duty), at(&theirs, duty)))
                        .collect()
                };
                assert_eq!(layer.stack(&second).opinions(), each(Opinion::stack));
                assert_eq!(layer.over(&second).opinions(), each(Opinion::over));
            }
        }
    }

    #[test]
    fn saying_more_of_a_set_stacks() {
        for duties in SIZES {
            for more in Opinion::ALL {
                let mine = opinions(duties, 1);
                let other = opinions(duties, 5);
                let of = set(&other, |says| says >= Opinion::Granted(Reach::Associated));
                let mut layer = Layer::from_opinions(&mine);
                layer.say(&of, more);
                let each = (0_u16..).zip(&mine).map(|(duty, says)| {
                    if of.contains(DutyIx(duty)) {
                        says.stack(more)
                    } else {
                        *says
                    }
                });
                assert!(each.eq(layer.opinions()));
            }
        }
    }

    #[test]
    fn the_operators_in_place_are_the_operators() {
        for one in Opinion::ALL {
            for other in Opinion::ALL {
                let (mut stacked, mut put) = (one, one);
                stacked.stack_with(&other);
                put.put_over(&other);
                assert_eq!([stacked, put], [one.stack(other), one.over(other)]);
                assert_eq!(one.stack(other), one.max(other));
            }
        }
        let words = Opinion::ALL.map(|opinion| opinion.to_string());
        let expected = [
            "silent",
            "withheld",
            "granted (associated)",
            "granted (all)",
            "revoked",
        ];
        assert_eq!(words, expected);
        let reaches = Opinion::ALL.map(Opinion::granted);
        let expected = [None, None, Some(Reach::Associated), Some(Reach::All), None];
        assert_eq!(reaches, expected);
    }
}
