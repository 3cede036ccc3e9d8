//! What a finding is about, as a policy's row states it.

use alloc::format;
use alloc::string::String;

use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Model;
use crate::model::Spot;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::rule::Rank;
use crate::source::Owner;
use crate::source::Source;
use crate::source::What;
use crate::time::Timestamp;

/// Something that a row states: its text, from when it holds, and whether it was there from the start.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing {
    pub(super) text: String,
    pub(super) from: Option<Timestamp>,
    pub(super) founding: bool,
}

impl Thing {
    /// A thing of a policy that holds without a window: `group clerks`.
    pub(super) fn named(kind: &str, key: &str) -> Self {
        Self::from_start(format!("{kind} {key}"), None)
    }

    /// What a row of a policy states.
    pub(super) fn from_start(text: String, from: Option<Timestamp>) -> Self {
        Self {
            text,
            from,
            founding: true,
        }
    }

    /// Something that is held.
    pub(super) fn held<K, V>(text: String, held: &Held<K, V>) -> Self {
        Self {
            text,
            from: held.window.from(),
            founding: held.origin.at.is_none(),
        }
    }

    /// An entry of a holder.
    pub(super) fn entry(model: &Model, holder: Holder, held: &Held<Spot, Effect>) -> Self {
        Self::held(text(model, holder, What::Entry(held)), held)
    }

    /// An assignment to a holder.
    pub(super) fn assignment(
        model: &Model,
        holder: Holder,
        held: &Held<(ProfileIx, Place), ()>,
    ) -> Self {
        Self::held(text(model, holder, What::Assignment(held)), held)
    }

    /// A source of an opinion; the mode is none.
    pub(super) fn source(model: &Model, source: &Source<'_>) -> Option<Self> {
        match source.what {
            What::Entry(held) => Some(Self::held(source.text(model), held)),
            What::Assignment(held) => Some(Self::held(source.text(model), held)),
            What::Mode => None,
        }
    }
}

/// A source's text, as the account of a decision has it.
fn text(model: &Model, holder: Holder, what: What<'_>) -> String {
    let source = Source {
        rank: Rank::Individual,
        owner: Owner::of(model, holder),
        what,
        opinion: Opinion::Silent,
        ceiling: None,
        overridden_by: None,
    };
    source.text(model)
}
