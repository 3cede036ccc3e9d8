//! Offboarding: what of a desk passes from a leaver to a successor.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::desk::Desk;
use super::index::Place;
use super::words::Status;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::time::Timestamp;

/// As what somebody is named on a ticket. Closed: a ticket names these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub enum Part {
    /// Whom it was opened for.
    Reporter,
    /// Who works it.
    Assignee,
}

/// One change of hands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Move {
    /// The ticket.
    pub ticket: TicketId,
    /// As what the leaver is named on it.
    pub part: Part,
    /// The leaver.
    pub from: UserKey,
    /// The successor; none if the ticket becomes unassigned, since the successor is no agent.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub to: Option<UserKey>,
}

/// Everything that passes from a leaver to a successor at a desk.
///
/// A closed ticket does not move. One that is reopened later finds its assignee gone, and the successor as its
/// reporter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Handover {
    /// Who leaves.
    pub leaver: UserKey,
    /// Who takes over.
    pub successor: UserKey,
    /// What moves, by ticket.
    pub moves: Vec<Move>,
}

impl Desk {
    /// What passes from a leaver to a successor at an instant. Changes nothing: it is a preview, and part of the
    /// event that the host makes of it.
    #[must_use]
    pub fn plan_handover(
        &self,
        leaver: &UserKey,
        successor: &UserKey,
        successor_may_work: bool,
        at: Timestamp,
    ) -> Handover {
        let part = |part: Part, to: Option<&UserKey>, ticket: TicketId| Move {
            ticket,
            part,
            from: leaver.clone(),
            to: to.cloned(),
        };
        let worker = Some(successor).filter(|_| successor_may_work);
        let (reported, assigned) = self.named(leaver, at);
        let mut moves: Vec<Move> = reported
            .into_iter()
            .map(|ticket| part(Part::Reporter, Some(successor), ticket))
            .chain(
                assigned
                    .into_iter()
                    .map(|ticket| part(Part::Assignee, worker, ticket)),
            )
            .collect();
        moves.sort_unstable_by_key(|moved| (moved.ticket, moved.part));
        Handover {
            leaver: leaver.clone(),
            successor: successor.clone(),
            moves,
        }
    }

    /// The tickets, not closed, that name a user as reporter or assignee: after an offboarding, none.
    #[must_use]
    pub fn naming(&self, user: &UserKey, at: Timestamp) -> Vec<(TicketId, Part)> {
        let (reported, assigned) = self.named(user, at);
        let mut naming: Vec<_> = reported
            .into_iter()
            .map(|ticket| (ticket, Part::Reporter))
            .chain(assigned.into_iter().map(|ticket| (ticket, Part::Assignee)))
            .collect();
        naming.sort_unstable();
        naming
    }

    fn named(&self, user: &UserKey, at: Timestamp) -> (Vec<TicketId>, Vec<TicketId>) {
        let live = |place: &Place| {
            self.ticket(place.ticket)
                .filter(|ticket| ticket.course.status_at(at, &self.settings) != Status::Closed)
                .map(|ticket| ticket.id)
        };
        let list = |places: Option<&BTreeSet<Place>>| {
            places.map_or(Vec::new(), |places| {
                places.iter().filter_map(live).collect()
            })
        };
        (
            list(self.index.reported_by(user)),
            list(self.index.assigned_to(user)),
        )
    }
}
