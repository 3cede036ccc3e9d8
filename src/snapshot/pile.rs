//! Layers put over each other from the lowest up, which remembers the rank that decides each duty.

use crate::ix::LimitIx;
use crate::layer::Opinions;
use crate::model::Model;
use crate::rule::Rank;
use crate::rule::View;
use crate::snapshot::flat::AllDuties;
use crate::snapshot::flat::Flat;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::unite;
use crate::snapshot::row::Content;

/// What some layers say together.
#[derive(Clone)]
pub(super) struct Pile<B> {
    says: Flat<B>,
    /// The rank that decides, bit by bit.
    ranks: [B; 3],
    /// The duties that limits cover.
    limited: B,
}

impl<B: Words> Pile<B> {
    /// One of layers that say nothing.
    pub(super) fn new(view: &AllDuties<'_, B>) -> Self {
        Self {
            says: view.silent(),
            ranks: [view.none(), view.none(), view.none()],
            limited: view.none(),
        }
    }

    /// Puts a layer over it.
    #[inline]
    pub(super) fn put(&mut self, rank: Rank, layer: &Flat<B>) {
        let [spoken, ..] = layer.planes();
        for (bit, plane) in self.ranks.iter_mut().enumerate() {
            let has_bit = rank as usize >> bit & 1 == 1;
            for (word, spoken) in plane.as_mut().iter_mut().zip(spoken) {
                *word = *word & !spoken | if has_bit { *spoken } else { 0 };
            }
        }
        let mut says = layer.clone();
        says.put_over(&self.says);
        self.says = says;
    }

    /// Puts a limit on what it covers.
    pub(super) fn limit(&mut self, model: &Model, limit: LimitIx) {
        if let Some(limit) = model.catalog.get_limit(limit) {
            unite(self.limited.as_mut(), &limit.covers);
        }
    }

    /// What may be done for certain, where some duties are switched off.
    #[inline]
    pub(super) fn content(&self, off: &B) -> Content<B> {
        let mut content = Content {
            all: off.clone(),
            associated: off.clone(),
            look: off.clone(),
            look_all: false,
            ranks: self.ranks.clone(),
        };
        let [spoken, says_associated, says_all, revoked] = self.says.planes();
        let gates = revoked.iter().zip(self.limited.as_ref()).zip(off.as_ref());
        let masks = gates.map(|((revoked, limited), off)| !(revoked | limited | off));
        let says = spoken.iter().zip(says_associated).zip(says_all).zip(masks);
        let all = content.all.as_mut().iter_mut();
        let targets = all
            .zip(content.associated.as_mut())
            .zip(content.look.as_mut());
        for (((all, associated), look), (((spoken, says_associated), says_all), mask)) in
            targets.zip(says)
        {
            *all = says_all & mask;
            *associated = says_associated & mask;
            *look |= spoken & !*associated;
        }
        for plane in &mut content.ranks {
            for (word, permitted) in plane.as_mut().iter_mut().zip(content.associated.as_ref()) {
                *word &= permitted;
            }
        }
        content
    }
}
