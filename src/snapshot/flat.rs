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

/// One bit for each duty.
pub(super) type Plane = SmallVec<[u64; 4]>;

/// The planes of a layer: spoken, associated, all, revoked, each contained in the one before.
#[derive(Clone)]
pub(super) struct Flat {
    words: usize,
    planes: SmallVec<[u64; 16]>,
}

impl Flat {
    pub(super) fn silent(words: usize) -> Self {
        Self {
            words,
            planes: SmallVec::from_elem(0, 4 * words),
        }
    }

    pub(super) fn spoken(&self) -> &[u64] {
        self.plane(0)
    }

    pub(super) fn associated(&self) -> &[u64] {
        self.plane(1)
    }

    pub(super) fn all(&self) -> &[u64] {
        self.plane(2)
    }

    pub(super) fn revoked(&self) -> &[u64] {
        self.plane(3)
    }

    fn plane(&self, plane: usize) -> &[u64] {
        let start = plane * self.words;
        self.planes
            .get(start..start + self.words)
            .unwrap_or_default()
    }

    fn say(&mut self, duties: &DutySet, opinion: Opinion) {
        for plane in 0..planes_of(opinion) {
            let start = plane * self.words;
            if let Some(plane) = self.planes.get_mut(start..start + self.words) {
                unite(plane, duties);
            }
        }
    }

    fn say_of(&mut self, duty: DutyIx, opinion: Opinion) {
        for plane in 0..planes_of(opinion) {
            if let Some(word) = self.planes.get_mut(plane * self.words + word_of(duty)) {
                *word |= bit_of(duty);
            }
        }
    }
}

impl Opinions for Flat {
    fn stack_with(&mut self, other: &Self) {
        for (word, more) in self.planes.iter_mut().zip(&other.planes) {
            *word |= more;
        }
    }

    fn put_over(&mut self, less_specific: &Self) {
        let words = self.words.max(1);
        let (spoken, rest) = self.planes.split_at_mut(self.words);
        let (less_spoken, less_rest) = less_specific
            .planes
            .split_at(self.words.min(less_specific.planes.len()));
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

/// The view of all duties of a catalog, as flat words.
pub(super) struct AllDuties<'a> {
    catalog: &'a Catalog,
    words: usize,
    /// The duties that an open tenant permits until an entry says otherwise.
    open: Option<Plane>,
}

impl<'a> AllDuties<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let words = words_for(model.catalog.len());
        let open = match model.mode {
            Mode::Strict => None,
            Mode::Open { up_to } => {
                let mut open = SmallVec::from_elem(0, words);
                for (ix, duty) in model.catalog.duties() {
                    if duty.sensitivity <= up_to {
                        insert(&mut open, ix);
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

    pub(super) fn none(&self) -> Plane {
        SmallVec::from_elem(0, self.words)
    }
}

impl View for AllDuties<'_> {
    type Says = Flat;

    fn silent(&self) -> Flat {
        Flat::silent(self.words)
    }

    fn add_entry(&self, says: &mut Flat, target: Target, effect: Effect) {
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

    fn add_profile(&self, says: &mut Flat, gives: &Gives) {
        if let Some(associated) = &gives.associated {
            says.say(associated, Opinion::Granted(Reach::Associated));
        }
        if let Some(all) = &gives.all {
            says.say(all, Opinion::Granted(Reach::All));
        }
    }

    fn add_baseline(&self, says: &mut Flat, _: &Model) {
        let Some(open) = &self.open else { return };
        let planes = says.planes.chunks_exact_mut(self.words.max(1));
        for plane in planes.take(planes_of(Opinion::Granted(Reach::All))) {
            for (word, more) in plane.iter_mut().zip(open) {
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

/// Adds a set of duties, whose words are of the machine's width.
pub(super) fn unite(plane: &mut [u64], duties: &DutySet) {
    const PARTS: usize = (u64::BITS / usize::BITS) as usize;
    for (word, parts) in plane.iter_mut().zip(duties.words().chunks(PARTS)) {
        for (place, part) in parts.iter().enumerate() {
            *word |= (*part as u64) << (place * usize::BITS as usize);
        }
    }
}

/// The duties whose bits are set, in catalog order.
pub(super) fn ones(plane: &[u64]) -> impl Iterator<Item = DutyIx> + '_ {
    (0_usize..).zip(plane).flat_map(|(place, word)| {
        let mut rest = *word;
        core::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            u16::try_from(place * u64::BITS as usize + bit)
                .ok()
                .map(DutyIx)
        })
    })
}
