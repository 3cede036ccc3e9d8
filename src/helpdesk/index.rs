//! The desk's index: what views ask for, kept so that no view walks all tickets.
//!
//! It is made from the tickets alone and is no part of the state. What the passing of time brings about waits in
//! order of its instant: events settle what has fallen due before them, and a question about a later instant looks
//! at what falls due until then, and at nothing else.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::desk::Desk;
use super::thread::Public;
use super::ticket::Course;
use super::transition::Step;
use super::words::Category;
use super::words::ClockKind;
use super::words::Priority;
use super::words::Status;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::time::Timestamp;

/// A ticket's place in triage order: urgent first, then the earliest due, then the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) rank: u8,
    pub(super) due: i64,
    pub(super) ticket: TicketId,
}

impl Place {
    pub(super) fn rank(priority: Priority) -> u8 {
        match priority {
            Priority::Urgent => 0,
            Priority::High => 1,
            Priority::Normal => 2,
            Priority::Low => 3,
        }
    }

    /// The first place of a rank.
    pub(super) fn first(rank: u8) -> Self {
        Self {
            rank,
            due: i64::MIN,
            ticket: TicketId(0),
        }
    }
}

/// Counts of tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    by_status: [usize; 6],
    pub(super) overdue: usize,
}

impl Tally {
    fn shift(&mut self, status: Status, late: bool, by: isize) {
        let shift = |count: &mut usize| *count = count.saturating_add_signed(by);
        if let Some(count) = self.by_status.get_mut(status as usize) {
            shift(count);
        }
        if late && status.is_open() {
            shift(&mut self.overdue);
        }
    }

    pub(super) fn of(&self, status: Status) -> usize {
        self.by_status.get(status as usize).copied().unwrap_or(0)
    }

    pub(super) fn total(&self) -> usize {
        self.by_status.iter().sum()
    }

    pub(super) fn open(&self) -> usize {
        let open = Status::ALL.iter().filter(|status| status.is_open());
        open.map(|status| self.of(*status)).sum()
    }
}

/// The tickets of one reporter or assignee.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    pub(super) places: BTreeSet<Place>,
    tally: Tally,
}

/// What the index knows of one ticket.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) place: Place,
    pub(super) status: Status,
    pub(super) category: Category,
    pub(super) reporter: UserKey,
    pub(super) assignee: Option<UserKey>,
    duplicate_of: Option<TicketId>,
    overdue_from: Option<Timestamp>,
    late: bool,
    lapses: [Option<(Timestamp, Status)>; 2],
}

/// Where time has brought a ticket since the index was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Drift {
    pub(super) status: Status,
    late: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    slots: Vec<Slot>,
    whole: Tally,
    shelves: BTreeMap<(Status, Category), BTreeSet<Place>>,
    reporters: BTreeMap<UserKey, Shelf>,
    assignees: BTreeMap<UserKey, Shelf>,
    duplicates: BTreeSet<(TicketId, TicketId)>,
    /// What the passing of time will bring about, by instant: the status that a ticket comes to.
    lapses: BTreeSet<(Timestamp, TicketId, Status)>,
    /// When open tickets become overdue.
    deadlines: BTreeSet<(Timestamp, TicketId)>,
    /// What the passing of time has brought about and tickets have written down.
    fallen: BTreeSet<(Timestamp, TicketId, Status)>,
    /// What has fallen due by then is counted.
    settled: Option<Timestamp>,
}

impl Index {
    /// Counts what has fallen due by an instant.
    pub(super) fn settle(&mut self, at: Timestamp) {
        if self.settled.is_some_and(|settled| settled >= at) {
            return;
        }
        let drift = self.drift(at);
        self.settled = Some(at);
        for (ticket, now) in drift {
            if let Some(mut slot) = self.remove(ticket) {
                slot.status = now.status;
                slot.late = now.late;
                self.insert(slot);
            }
        }
    }

    /// Puts a ticket where it belongs as of an instant, which is that of the last event.
    pub(super) fn place(&mut self, desk: &Desk, id: TicketId, at: Timestamp) {
        self.settled = self.settled.max(Some(at));
        let Some(stored) = desk.ticket(id) else {
            return;
        };
        let ticket = desk.settled(stored, at);
        let rules = desk.rules();
        let mut due: Option<Timestamp> = None;
        let mut overdue: Option<Timestamp> = None;
        for kind in ClockKind::ALL {
            let (clock_due, clock_overdue) = rules.deadline(&ticket, *kind, at);
            due = earlier(due, clock_due);
            overdue = earlier(overdue, clock_overdue);
        }
        let lapse = stored.course.next_lapse(&desk.settings);
        let second = lapse.and_then(|lapse| Course::lapse_after(lapse, desk.settings.close_after));
        let slot = Slot {
            place: Place {
                rank: Place::rank(ticket.priority),
                due: due.map_or(i64::MAX, Timestamp::as_unix),
                ticket: id,
            },
            status: ticket.course.status,
            category: ticket.category,
            reporter: ticket.reporter.clone(),
            assignee: ticket.assignee.clone(),
            duplicate_of: ticket.course.duplicate_of,
            overdue_from: overdue,
            late: overdue.is_some_and(|from| from <= at),
            lapses: [lapse, second].map(|lapse| lapse.map(|lapse| (lapse.at, lapse.step.to))),
        };
        for entry in &stored.thread.public {
            if let Public::Moved {
                step: Step { to, .. },
                by_time: true,
                ..
            } = entry.what
            {
                self.fallen.insert((entry.at, id, to));
            }
        }
        self.remove(id);
        self.insert(slot);
    }

    pub(super) fn slot(&self, id: TicketId) -> Option<&Slot> {
        self.slots.get(usize::try_from(id.0.checked_sub(1)?).ok()?)
    }

    /// Where the passing of time has brought tickets between the last event and an instant.
    pub(super) fn drift(&self, at: Timestamp) -> BTreeMap<TicketId, Drift> {
        let mut drift = BTreeMap::new();
        let Some(settled) = self.settled.filter(|settled| *settled < at) else {
            return drift;
        };
        let after = settled.next();
        let mut now = |id: TicketId, change: &dyn Fn(&mut Drift)| {
            if let Some(slot) = self.slot(id) {
                change(drift.entry(id).or_insert(Drift {
                    status: slot.status,
                    late: slot.late,
                }));
            }
        };
        let lowest = (after, TicketId(0), Status::Open);
        for (_, id, status) in self
            .lapses
            .range(lowest..)
            .take_while(|lapse| lapse.0 <= at)
        {
            now(*id, &|drift| drift.status = *status);
        }
        let lowest = (after, TicketId(0));
        for (_, id) in self
            .deadlines
            .range(lowest..)
            .take_while(|late| late.0 <= at)
        {
            now(*id, &|drift| drift.late = true);
        }
        drift
    }

    /// The counts of all tickets, of a reporter's, or of an assignee's, after a drift.
    pub(super) fn tally(&self, of: Group<'_>, drift: &BTreeMap<TicketId, Drift>) -> Tally {
        let mut tally = match of {
            Group::All => self.whole,
            Group::Reporter(user) => self
                .reporters
                .get(user)
                .map_or(Tally::default(), |s| s.tally),
            Group::Assignee(user) => self
                .assignees
                .get(user)
                .map_or(Tally::default(), |s| s.tally),
        };
        for (id, now) in drift {
            let Some(slot) = self.slot(*id).filter(|slot| of.holds(slot)) else {
                continue;
            };
            tally.shift(slot.status, slot.late, -1);
            tally.shift(now.status, now.late, 1);
        }
        tally
    }

    pub(super) fn places(&self, status: Status, category: Category) -> Option<&BTreeSet<Place>> {
        self.shelves.get(&(status, category))
    }

    pub(super) fn reported_by(&self, user: &UserKey) -> Option<&BTreeSet<Place>> {
        self.reporters.get(user).map(|shelf| &shelf.places)
    }

    pub(super) fn assigned_to(&self, user: &UserKey) -> Option<&BTreeSet<Place>> {
        self.assignees.get(user).map(|shelf| &shelf.places)
    }

    /// The tickets that were closed as duplicates of one.
    pub(super) fn duplicates_of(&self, id: TicketId) -> impl Iterator<Item = TicketId> {
        self.duplicates
            .range((id, TicketId(0))..)
            .take_while(move |(of, _)| *of == id)
            .map(|(_, duplicate)| *duplicate)
    }

    /// What the passing of time brings about after `from` and up to `to`, in order.
    pub(super) fn fallen(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<(Timestamp, TicketId, Status)> {
        let within = |at: Timestamp| from < at && at <= to;
        let lowest = (from, TicketId(0), Status::Open);
        let mut fallen: Vec<_> = [&self.fallen, &self.lapses]
            .into_iter()
            .flat_map(|set| set.range(lowest..).take_while(|entry| entry.0 <= to))
            .filter(|entry| within(entry.0))
            .copied()
            .collect();
        fallen.sort_unstable();
        fallen
    }

    fn count(&mut self, slot: &Slot, by: isize) {
        let (status, late) = (slot.status, slot.late);
        self.whole.shift(status, late, by);
        let enter = |shelves: &mut BTreeMap<UserKey, Shelf>, user: &UserKey| {
            let theirs = match shelves.get_mut(user) {
                Some(theirs) => theirs,
                None => shelves.entry(user.clone()).or_default(),
            };
            theirs.tally.shift(status, late, by);
            if by > 0 {
                theirs.places.insert(slot.place);
            } else {
                theirs.places.remove(&slot.place);
            }
        };
        enter(&mut self.reporters, &slot.reporter);
        if let Some(assignee) = &slot.assignee {
            enter(&mut self.assignees, assignee);
        }
    }

    fn insert(&mut self, slot: Slot) {
        let id = slot.place.ticket;
        self.count(&slot, 1);
        self.shelves
            .entry((slot.status, slot.category))
            .or_default()
            .insert(slot.place);
        for (at, status) in slot.lapses.into_iter().flatten() {
            self.lapses.insert((at, id, status));
        }
        if let Some(from) = slot.overdue_from {
            self.deadlines.insert((from, id));
        }
        if let Some(of) = slot.duplicate_of {
            self.duplicates.insert((of, id));
        }
        let Some(place) = id.0.checked_sub(1).and_then(|n| usize::try_from(n).ok()) else {
            return;
        };
        if let Some(old) = self.slots.get_mut(place) {
            *old = slot;
        } else {
            self.slots.push(slot);
        }
    }

    fn remove(&mut self, id: TicketId) -> Option<Slot> {
        let slot = self.slot(id)?.clone();
        self.count(&slot, -1);
        if let Some(shelf) = self.shelves.get_mut(&(slot.status, slot.category)) {
            shelf.remove(&slot.place);
        }
        for (at, status) in slot.lapses.into_iter().flatten() {
            self.lapses.remove(&(at, id, status));
        }
        if let Some(from) = slot.overdue_from {
            self.deadlines.remove(&(from, id));
        }
        if let Some(of) = slot.duplicate_of {
            self.duplicates.remove(&(of, id));
        }
        Some(slot)
    }
}

/// Whose tickets are counted.
#[derive(Clone, Copy)]
pub(super) enum Group<'a> {
    All,
    Reporter(&'a UserKey),
    Assignee(&'a UserKey),
}

impl Group<'_> {
    fn holds(self, slot: &Slot) -> bool {
        match self {
            Self::All => true,
            Self::Reporter(user) => slot.reporter == *user,
            Self::Assignee(user) => slot.assignee.as_ref() == Some(user),
        }
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
