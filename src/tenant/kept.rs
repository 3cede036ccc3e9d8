//! What an event writes over, kept until all of it is known to fit.

use alloc::boxed::Box;
use alloc::sync::Arc;

use smallvec::SmallVec;
use smallvec::smallvec;

use crate::event::Change;
use crate::event::Made;
use crate::governance::Governance;
use crate::governance::Governed;
use crate::governance::campaign;
use crate::governance::campaign::CampaignChange;
use crate::id::HolderKey;
use crate::ix::UserIx;
use crate::model::Model;
use crate::model::User;
use crate::tenant::Tenant;

/// A part of the state as it was.
pub(super) enum Kept {
    User(UserIx, Arc<User>),
    Verdict(campaign::Kept),
    /// A copy of all is cheap to make, and what is changed after it is dear: it has to be copied first.
    Whole(Box<(Model, Governance)>),
}

impl Tenant {
    /// What the changes before the last write over; one that does not fit leaves no trace of its own.
    pub(super) fn keep(&self, changes: &[Change]) -> SmallVec<[Kept; 1]> {
        let earlier = changes.split_last().map_or(&[][..], |(_, earlier)| earlier);
        let parts: Option<_> = earlier.iter().map(|change| self.part(change)).collect();
        parts.unwrap_or_else(|| {
            let whole = (self.model.clone(), self.governance.clone());
            smallvec![Kept::Whole(Box::new(whole))]
        })
    }

    /// What one change writes over, if it is one user or one verdict.
    fn part(&self, change: &Change) -> Option<Kept> {
        match change {
            Change::Governed(Governed::Campaign(CampaignChange::Decided(decided))) => {
                let verdict = self.governance.campaigns.kept(decided)?;
                Some(Kept::Verdict(verdict))
            }
            Change::PersonChanged { user, .. }
            | Change::Made(Made {
                holder: HolderKey::User(user),
                ..
            })
            | Change::Ended {
                holder: HolderKey::User(user),
                ..
            }
            | Change::Certified {
                holder: HolderKey::User(user),
                ..
            } => {
                let ix = self.model.known_user(user.as_str())?;
                let user = self.model.users.shared(ix.at())?;
                Some(Kept::User(ix, Arc::clone(user)))
            }
            _ => None,
        }
    }

    /// Puts back what was kept: the state is as it was.
    pub(super) fn put_back(&mut self, kept: SmallVec<[Kept; 1]>) {
        for part in kept {
            match part {
                Kept::User(ix, user) => self.model.users.put_back(ix.at(), user),
                Kept::Verdict(verdict) => self.governance.campaigns.put_back(verdict),
                Kept::Whole(whole) => (self.model, self.governance) = *whole,
            }
        }
    }
}
