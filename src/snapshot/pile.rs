//! Layers put over each other from the lowest up, which remembers the rank that decides each duty.

use crate::ix::LimitIx;
use crate::layer::Opinions;
use crate::model::Model;
use crate::model::profile::Profile;
use crate::rule::Rank;
use crate::rule::View;
use crate::snapshot::flat::AllDuties;
use crate::snapshot::flat::Flat;
use crate::snapshot::flat::Says;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::unite;
use crate::snapshot::flat::words_of;
use crate::snapshot::row::Content;
use crate::snapshot::row::Permits;

/// What some layers say together.
pub(super) struct Pile<B: Words> {
    words: B::Of<Told>,
}

/// The same of sixty-four duties.
#[derive(Clone, Copy, Default)]
struct Told {
    says: Says,
    /// The rank that decides, bit by bit.
    ranks: [u64; 3],
    /// The duties that limits cover.
    limited: u64,
}

impl Told {
    /// With a layer over it.
    #[inline]
    fn under(self, rank: Rank, layer: Says) -> Self {
        let by = |bit: usize| match rank as usize >> bit & 1 {
            0 => 0,
            _ => layer.spoken,
        };
        let [one, two, four] = self.ranks.map(|plane| plane & !layer.spoken);
        Self {
            says: layer.over(self.says),
            ranks: [one | by(0), two | by(1), four | by(2)],
            limited: self.limited,
        }
    }

    /// What may be done for certain, where some duties are switched off.
    #[inline]
    fn permits(self, off: u64) -> Permits {
        let certain = !(self.says.revoked | self.limited | off);
        let associated = self.says.associated & certain;
        Permits {
            all: self.says.all & certain,
            associated,
            look: off | self.says.spoken & !associated,
            revoked: self.says.revoked & !off,
            withheld: self.says.spoken & !self.says.associated & !off,
            ranks: self.ranks.map(|plane| plane & associated),
        }
    }
}

/// What some profiles give together.
pub(super) struct Given<B: Words> {
    says: Flat<B>,
    /// The duties that limits cover.
    limited: B::Of<u64>,
}

impl<B: Words> Given<B> {
    #[inline]
    pub(super) fn nothing(view: &AllDuties<'_, B>) -> Self {
        Self {
            says: view.silent(),
            limited: view.each(0),
        }
    }

    /// What one gives.
    pub(super) fn new(view: &AllDuties<'_, B>, model: &Model, profile: &Profile) -> Self {
        let mut given = Self::nothing(view);
        view.add_profile(&mut given.says, &profile.gives);
        for limit in &profile.gives.limits {
            if let Some(limit) = model.catalog.get_limit(*limit) {
                unite(given.limited.as_mut(), &limit.covers);
            }
        }
        given
    }

    #[inline]
    pub(super) fn stack_with(&mut self, other: &Self) {
        self.says.stack_with(&other.says);
        for (limited, more) in self.limited.as_mut().iter_mut().zip(other.limited.as_ref()) {
            *limited |= more;
        }
    }
}

impl<B: Words> Pile<B> {
    /// One of layers that say nothing.
    pub(super) fn new(view: &AllDuties<'_, B>) -> Self {
        Self {
            words: view.each(Told::default()),
        }
    }

    /// This with a layer over it.
    #[inline]
    pub(super) fn under(&self, rank: Rank, layer: &Flat<B>) -> Self {
        let mut words = self.words.clone();
        for (told, says) in words.as_mut().iter_mut().zip(layer.words()) {
            *told = told.under(rank, *says);
        }
        Self { words }
    }

    /// This with what profiles give over it.
    #[inline]
    pub(super) fn with(&self, given: &Given<B>) -> Self {
        let mut whole = self.under(Rank::Profiles, &given.says);
        for (told, limited) in whole.words.as_mut().iter_mut().zip(given.limited.as_ref()) {
            told.limited |= limited;
        }
        whole
    }

    /// Puts a limit on what it covers.
    pub(super) fn limit(&mut self, model: &Model, limit: LimitIx) {
        if let Some(limit) = model.catalog.get_limit(limit) {
            for (told, covered) in self.words.as_mut().iter_mut().zip(words_of(&limit.covers)) {
                told.limited |= covered;
            }
        }
    }

    /// What may be done for certain, where some duties are switched off.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is said stays in registers: a call goes through memory"
    )]
    pub(super) fn content(&self, off: &B::Of<u64>) -> Content<B> {
        let told: &[Told] = self.words.as_ref();
        let mut words = B::each(told.len(), Permits::default());
        for (permits, (told, off)) in words.as_mut().iter_mut().zip(told.iter().zip(off.as_ref())) {
            *permits = told.permits(*off);
        }
        Content {
            words,
            look_all: false,
        }
    }
}
