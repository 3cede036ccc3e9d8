//! Views: what a viewer sees of the desk at an instant.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::clock::DueExplanation;
use super::clock::Reading;
use super::desk::Desk;
use super::error::Refusal;
use super::index::Drift;
use super::index::Group;
use super::index::Place;
use super::index::Slot;
use super::index::Tally;
use super::thread::Attachment;
use super::thread::Entry;
use super::thread::HistoryEntry;
use super::thread::Internal;
use super::thread::Public;
use super::ticket::Ticket;
use super::transition::Cause;
use super::transition::Step;
use super::viewer::Viewer;
use super::words::Category;
use super::words::ClockKind;
use super::words::Outcome;
use super::words::Priority;
use super::words::Status;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Body;
use crate::text::Name;
use crate::time::Duration;
use crate::time::Timestamp;

/// The counts at the head of a desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Tiles {
    /// The tickets that the viewer sees.
    pub total: usize,
    /// Those neither resolved nor closed.
    pub open: usize,
    /// The open ones that are assigned to the viewer.
    pub my_queue: usize,
    /// The open ones with an overdue clock.
    pub sla_overdue: usize,
}

/// How many tickets of a viewer have each status, adding up to the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[expect(missing_docs, reason = "each counts the status that it names")]
pub struct Pills {
    pub open: usize,
    pub triaged: usize,
    pub in_progress: usize,
    pub waiting_on_user: usize,
    pub resolved: usize,
    pub closed: usize,
}

/// Which tickets of a queue to list; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct QueueFilter {
    /// Those with this status.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub status: Option<Status>,
    /// Those of this category.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub category: Option<Category>,
    /// Those of this priority.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub priority: Option<Priority>,
    /// Only those assigned to the viewer.
    pub mine: bool,
}

/// A ticket in figures, as a viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Summary {
    /// Where it stands.
    pub status: Status,
    /// Its priority.
    pub priority: Priority,
    /// Its category.
    pub category: Category,
    /// Whom it was opened for.
    pub reporter: UserKey,
    /// Who works it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub assignee: Option<UserKey>,
    /// How many public replies it has.
    pub replies: usize,
    /// How many internal notes it has; absent for a reporter.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub notes: Option<usize>,
    /// How many attachments the viewer sees.
    pub attachments: usize,
    /// How often it was reopened.
    pub reopened: usize,
    /// How it ended, while it is resolved or closed.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub outcome: Option<Outcome>,
    /// Its version: 1, and one more with every accepted command, of whatever kind.
    pub version: u32,
    /// Time to respond.
    pub respond: Reading,
    /// Time to update.
    pub update: Reading,
    /// Time to resolve.
    pub resolve: Reading,
}

/// An attachment, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Attached {
    /// When it was attached.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What it is.
    pub attachment: Attachment,
}

/// What everyone who sees a ticket sees of it. It cannot carry a note, an internal attachment or their trace:
///
/// ```compile_fail,E0308
/// use bailiwick::helpdesk::{Entry, Internal, PublicTicket};
///
/// fn tell(ticket: &mut PublicTicket, note: Entry<Internal>) {
///     ticket.thread.push(note);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct PublicTicket {
    /// Its number.
    pub ticket: TicketId,
    /// What it is about.
    pub subject: Name,
    /// Steps, errors, the affected device.
    pub description: Body,
    /// When it was opened.
    pub opened: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// How it ended, while it is resolved or closed.
    pub outcome: Option<Outcome>,
    /// Its priority.
    pub priority: Priority,
    /// Its category.
    pub category: Category,
    /// Whom it was opened for.
    pub reporter: UserKey,
    /// Who works it.
    pub assignee: Option<UserKey>,
    /// How often it was reopened.
    pub reopened: usize,
    /// The public history in order: replies, attachments and changes.
    pub thread: Vec<Entry<Public>>,
    /// The public attachments in order.
    pub attachments: Vec<Attached>,
    /// When it was last changed in what everyone sees.
    pub last_activity: Timestamp,
    /// The access requests that are linked to it.
    pub requests: Vec<RequestId>,
    /// The tickets that are linked to it and that the viewer sees too.
    pub links: Vec<(Link, TicketId)>,
    /// Its clocks.
    pub clocks: BTreeMap<ClockKind, Reading>,
    /// The steps that the viewer could take, conditions left aside.
    pub steps: Vec<NextStep>,
}

/// What agents see of a ticket beside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct InternalTicket {
    /// Its version.
    pub version: u32,
    /// The internal entries in order, each with the number of public ones before it.
    pub thread: Vec<(usize, Entry<Internal>)>,
    /// The internal attachments in order.
    pub attachments: Vec<Attached>,
    /// When it was last changed at all.
    pub last_activity: Timestamp,
}

/// A ticket in detail: a reporter's projection is a type of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Detail {
    /// As its reporter sees it.
    Reporter(PublicTicket),
    /// As an agent sees it.
    Agent(PublicTicket, InternalTicket),
}

/// How another ticket is linked. Closed: tickets are linked in these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub enum Link {
    /// This one follows the other.
    Follows,
    /// The other follows this one.
    FollowedBy,
    /// This one is a duplicate of the other.
    DuplicateOf,
    /// The other is a duplicate of this one.
    Duplicate,
}

/// A step that a viewer could take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NextStep {
    /// The command that takes it, by the name that documents use.
    pub command: &'static str,
    /// The row of the table, and the status that it leads to.
    pub step: Step,
}

impl Desk {
    /// The counts at the head of a viewer's desk.
    #[must_use]
    pub fn tiles(&self, viewer: &Viewer, at: Timestamp) -> Tiles {
        let drift = self.index.drift(at);
        let seen = self.tally(viewer, &drift);
        let my_queue = match &viewer.user {
            Some(user) if viewer.sees_all() => {
                self.index.tally(Group::Assignee(user), &drift).open()
            }
            Some(user) if viewer.may_file => {
                let own = |place: &&Place| {
                    self.index.slot(place.ticket).is_some_and(|slot| {
                        slot.reporter == *user && status(slot, place.ticket, &drift).is_open()
                    })
                };
                let assigned = self.index.assigned_to(user);
                assigned.map_or(0, |places| places.iter().filter(own).count())
            }
            _ => 0,
        };
        Tiles {
            total: seen.total(),
            open: seen.open(),
            my_queue,
            sla_overdue: seen.overdue,
        }
    }

    /// How many of a viewer's tickets have each status.
    #[must_use]
    pub fn pills(&self, viewer: &Viewer, at: Timestamp) -> Pills {
        let seen = self.tally(viewer, &self.index.drift(at));
        Pills {
            open: seen.of(Status::Open),
            triaged: seen.of(Status::Triaged),
            in_progress: seen.of(Status::InProgress),
            waiting_on_user: seen.of(Status::WaitingOnUser),
            resolved: seen.of(Status::Resolved),
            closed: seen.of(Status::Closed),
        }
    }

    /// The tickets that a viewer sees, in triage order: a page of at most `limit` after the first `skip`.
    ///
    /// Urgent first; within a priority the earliest due first, those without a due after those with one; then the
    /// oldest.
    #[must_use]
    pub fn queue(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        filter: QueueFilter,
        skip: usize,
        limit: usize,
    ) -> Vec<TicketId> {
        let drift = self.index.drift(at);
        let Some(sources) = self.sources(viewer, filter, &drift) else {
            return Vec::new();
        };
        let seen = |place: &Place| {
            self.index.slot(place.ticket).is_some_and(|slot| {
                let status = status(slot, place.ticket, &drift);
                let ours = viewer.sees_those_of(&slot.reporter);
                let mine =
                    !filter.mine || slot.assignee.as_ref().is_some_and(|user| viewer.is(user));
                ours && mine
                    && filter.status.is_none_or(|wanted| wanted == status)
                    && filter.category.is_none_or(|wanted| wanted == slot.category)
            })
        };
        Merged::new(sources, filter.priority)
            .filter(seen)
            .skip(skip)
            .take(limit)
            .map(|place| place.ticket)
            .collect()
    }

    /// A ticket in figures, as a viewer sees it.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn summary(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
    ) -> Result<Summary, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        let read = |kind| self.rules().read(&ticket, kind, at);
        let thread = &ticket.thread;
        let mut attachments = thread.public_attachments();
        if viewer.sees_all() {
            attachments += thread.internal_attachments();
        }
        Ok(Summary {
            status: ticket.course.status,
            priority: ticket.priority,
            category: ticket.category,
            reporter: ticket.reporter.clone(),
            assignee: ticket.assignee.clone(),
            replies: thread.replies().count(),
            notes: viewer.sees_all().then(|| thread.notes()),
            attachments,
            reopened: reopened(&ticket),
            outcome: ticket.course.outcome,
            version: ticket.version,
            respond: read(ClockKind::Respond),
            update: read(ClockKind::Update),
            resolve: read(ClockKind::Resolve),
        })
    }

    /// A ticket in detail, as a viewer sees it.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn detail(&self, viewer: &Viewer, at: Timestamp, id: TicketId) -> Result<Detail, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        let public = self.public(viewer, at, &ticket);
        if !viewer.sees_all() {
            return Ok(Detail::Reporter(public));
        }
        let internal = &ticket.thread.internal;
        let last = internal.last().map(|(_, entry)| entry.at);
        let last_activity = public.last_activity;
        let beside = InternalTicket {
            version: ticket.version,
            thread: internal.clone(),
            attachments: internal
                .iter()
                .filter_map(|(_, entry)| match &entry.what {
                    Internal::Attached(attachment) => Some(attached(entry, attachment)),
                    Internal::Noted(_) => None,
                })
                .collect(),
            last_activity: last.map_or(last_activity, |at| at.max(last_activity)),
        };
        Ok(Detail::Agent(public, beside))
    }

    /// The history of a ticket in order; a reporter's leaves out what is internal.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn history<T>(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
        tell: impl FnMut(HistoryEntry<'_>) -> T,
    ) -> Result<Vec<T>, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        Ok(if viewer.sees_all() {
            ticket.thread.merged().into_iter().map(tell).collect()
        } else {
            let public = ticket.thread.public.iter();
            public.map(HistoryEntry::Public).map(tell).collect()
        })
    }

    /// The steps that a viewer could take on a ticket now, conditions left aside.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn steps(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
    ) -> Result<Vec<NextStep>, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        Ok(self.next_steps(viewer, at, &ticket))
    }

    /// A clock of a ticket.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn clock(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
        kind: ClockKind,
    ) -> Result<Reading, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        Ok(self.rules().read(&ticket, kind, at))
    }

    /// Why a clock of a ticket is due when it is; none if it is off.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if there is none that the viewer sees.
    pub fn explain_due(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
        kind: ClockKind,
    ) -> Result<Option<DueExplanation>, Refusal> {
        let ticket = self.visible(viewer, at, id)?;
        Ok(self.rules().explain(&ticket, kind))
    }

    /// The open seconds of the calendar in force between two instants; none if they are reversed.
    #[must_use]
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> Duration {
        self.service().calendar.worked(from, to)
    }

    /// What the passing of time brought about after `from` and up to `to`: when, which ticket, and the status it
    /// came to, in order.
    #[must_use]
    pub fn advance(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, TicketId, Status)> {
        self.index.fallen(from, to)
    }

    /// Whether there is a ticket, and the viewer sees it.
    pub(crate) fn shows(&self, viewer: &Viewer, id: TicketId) -> bool {
        self.ticket(id).is_some_and(|ticket| viewer.sees(ticket))
    }

    pub(super) fn visible<'a>(
        &'a self,
        viewer: &Viewer,
        at: Timestamp,
        id: TicketId,
    ) -> Result<alloc::borrow::Cow<'a, Ticket>, Refusal> {
        self.ticket(id)
            .filter(|ticket| viewer.sees(ticket))
            .map(|ticket| self.settled(ticket, at))
            .ok_or(Refusal::UnknownTicket(id))
    }

    fn tally(&self, viewer: &Viewer, drift: &BTreeMap<TicketId, Drift>) -> Tally {
        match &viewer.user {
            _ if viewer.sees_all() => self.index.tally(Group::All, drift),
            Some(user) if viewer.may_file => self.index.tally(Group::Reporter(user), drift),
            _ => Tally::default(),
        }
    }

    /// The ordered sets that together hold every ticket that a queue can list, and perhaps others; none: it is empty.
    fn sources<'a>(
        &'a self,
        viewer: &Viewer,
        filter: QueueFilter,
        drift: &BTreeMap<TicketId, Drift>,
    ) -> Option<Vec<Cow<'a>>> {
        let user = viewer.user.as_ref();
        if filter.mine {
            let assigned = self.index.assigned_to(user?)?;
            return Some(Vec::from([Cow::Borrowed(assigned)]));
        }
        if !viewer.sees_all() {
            let reported = self.index.reported_by(user.filter(|_| viewer.may_file)?)?;
            return Some(Vec::from([Cow::Borrowed(reported)]));
        }
        let mut sources = Vec::new();
        for status in Status::ALL {
            if filter.status.is_some_and(|wanted| wanted != *status) {
                continue;
            }
            for category in Category::ALL {
                if filter.category.is_none_or(|wanted| wanted == *category) {
                    sources.extend(self.index.places(*status, *category).map(Cow::Borrowed));
                }
            }
        }
        if let Some(wanted) = filter.status {
            // Those that time has brought to this status since the index was settled.
            let arrived = drift
                .iter()
                .filter(|(_, now)| now.status == wanted)
                .filter_map(|(id, _)| self.index.slot(*id))
                .filter(|slot| slot.status != wanted)
                .map(|slot| slot.place);
            sources.push(Cow::Owned(arrived.collect()));
        }
        Some(sources)
    }

    fn public(&self, viewer: &Viewer, at: Timestamp, ticket: &Ticket) -> PublicTicket {
        let thread = &ticket.thread.public;
        let clocks = ClockKind::ALL.iter();
        PublicTicket {
            ticket: ticket.id,
            subject: ticket.subject.clone(),
            description: ticket.description.clone(),
            opened: ticket.opened,
            status: ticket.course.status,
            outcome: ticket.course.outcome,
            priority: ticket.priority,
            category: ticket.category,
            reporter: ticket.reporter.clone(),
            assignee: ticket.assignee.clone(),
            reopened: reopened(ticket),
            thread: thread.clone(),
            attachments: thread
                .iter()
                .filter_map(|entry| match &entry.what {
                    Public::Attached(attachment) => Some(attached(entry, attachment)),
                    _ => None,
                })
                .collect(),
            last_activity: thread.last().map_or(ticket.opened, |entry| entry.at),
            requests: ticket.requests.clone(),
            links: self.links(viewer, ticket),
            clocks: clocks
                .map(|kind| (*kind, self.rules().read(ticket, *kind, at)))
                .collect(),
            steps: self.next_steps(viewer, at, ticket),
        }
    }

    fn links(&self, viewer: &Viewer, ticket: &Ticket) -> Vec<(Link, TicketId)> {
        let followers = ticket
            .thread
            .public
            .iter()
            .filter_map(|entry| match entry.what {
                Public::FollowedBy(other) => Some((Link::FollowedBy, other)),
                _ => None,
            });
        let duplicates = self.index.duplicates_of(ticket.id);
        let links = ticket.follows.map(|other| (Link::Follows, other));
        links
            .into_iter()
            .chain(followers)
            .chain(
                ticket
                    .course
                    .duplicate_of
                    .map(|other| (Link::DuplicateOf, other)),
            )
            .chain(duplicates.map(|other| (Link::Duplicate, other)))
            .filter(|(_, other)| self.ticket(*other).is_some_and(|other| viewer.sees(other)))
            .collect()
    }

    /// The steps that a viewer could take on a ticket now, conditions left aside.
    pub(super) fn next_steps(
        &self,
        viewer: &Viewer,
        at: Timestamp,
        ticket: &Ticket,
    ) -> Vec<NextStep> {
        let over = ticket
            .course
            .since
            .checked_add(self.settings.reopen_within)
            .is_some_and(|until| until <= at);
        viewer
            .steps(ticket)
            .filter(|(_, step)| step.row != 14 || !over)
            .filter_map(|(cause, step)| {
                let command = Cause::command(cause)?;
                Some(NextStep { command, step })
            })
            .collect()
    }
}

/// A set of places, of the index or made for one question.
enum Cow<'a> {
    Borrowed(&'a BTreeSet<Place>),
    Owned(BTreeSet<Place>),
}

/// Several ordered sets as one, of one priority or of all.
struct Merged<'a> {
    iterators: Vec<alloc::boxed::Box<dyn Iterator<Item = Place> + 'a>>,
    heads: BinaryHeap<Reverse<(Place, usize)>>,
}

impl<'a> Merged<'a> {
    fn new(sources: Vec<Cow<'a>>, priority: Option<Priority>) -> Self {
        let (first, end) = match priority {
            None => (0, u8::MAX),
            Some(priority) => (Place::rank(priority), Place::rank(priority) + 1),
        };
        let range = Place::first(first)..Place::first(end);
        let mut merged = Self {
            iterators: Vec::new(),
            heads: BinaryHeap::new(),
        };
        for source in sources {
            merged.iterators.push(match source {
                Cow::Borrowed(places) => {
                    alloc::boxed::Box::new(places.range(range.clone()).copied())
                }
                Cow::Owned(places) => {
                    let within = move |place: &Place| (first..end).contains(&place.rank);
                    alloc::boxed::Box::new(places.into_iter().filter(within))
                }
            });
        }
        for source in 0..merged.iterators.len() {
            merged.pull(source);
        }
        merged
    }

    fn pull(&mut self, source: usize) {
        let next = self.iterators.get_mut(source).and_then(Iterator::next);
        self.heads
            .extend(next.map(|place| Reverse((place, source))));
    }
}

impl Iterator for Merged<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let Reverse((place, source)) = self.heads.pop()?;
        self.pull(source);
        Some(place)
    }
}

fn status(slot: &Slot, id: TicketId, drift: &BTreeMap<TicketId, Drift>) -> Status {
    drift.get(&id).map_or(slot.status, |now| now.status)
}

fn attached<T>(entry: &Entry<T>, attachment: &Attachment) -> Attached {
    Attached {
        at: entry.at,
        by: entry.by.clone(),
        attachment: attachment.clone(),
    }
}

/// How often a ticket was reopened: rows 12 and 14.
pub(super) fn reopened(ticket: &Ticket) -> usize {
    let reopened = |entry: &&Entry<Public>| {
        matches!(
            entry.what,
            Public::Moved {
                step: Step { row: 12 | 14, .. },
                ..
            }
        )
    };
    ticket.thread.public.iter().filter(reopened).count()
}
