//! A desk: a tenant's tickets as the fold of their events.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::clock::Rules;
use super::error::Broken;
use super::error::Misfit;
use super::event::Change;
use super::event::Event;
use super::event::Happened;
use super::event::Opened;
use super::handover::Handover;
use super::handover::Move;
use super::handover::Part;
use super::index::Index;
use super::service::Service;
use super::settings::DeskSettings;
use super::thread::Internal;
use super::thread::Public;
use super::thread::Thread;
use super::ticket::Course;
use super::ticket::Ticket;
use super::ticket::Words;
use super::words::Outcome;
use crate::id::Actor;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::time::Timestamp;

/// A desk: its policy and its tickets. It knows nothing of tenants; who may do what is passed in.
///
/// # Examples
///
/// ```
/// use bailiwick::helpdesk::{Category, Command, Desk, DeskSettings, Facts, OpenTicket, Priority, Viewer};
///
/// let mut desk = Desk::new(DeskSettings::default());
/// let ana = Viewer { may_file: true, ..Viewer::user("ana".parse()?) };
/// let facts = Facts { may_work: &|_| true, undecided: &|_| false };
/// let open = Command::OpenTicket(OpenTicket {
///     subject: "No network".into(),
///     description: "The cable is in, the light is off".into(),
///     category: Category::Network,
///     priority: Priority::High,
///     reporter: None,
/// });
/// let event = desk.decide("2026-01-05T09:00:00Z".parse()?, &ana, &open, &facts)?;
/// desk.apply(&event);
/// assert_eq!(desk.tiles(&ana, "2026-01-05T09:00:00Z".parse()?).open, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "State", try_from = "State"))]
pub struct Desk {
    pub(super) settings: DeskSettings,
    /// Every calendar and service level that the desk has had, and since when.
    pub(super) eras: Vec<(Timestamp, Service)>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) handovers: Vec<(Timestamp, UserKey, UserKey)>,
    pub(super) last: Option<Timestamp>,
    /// Made from the rest; views are found by it.
    pub(super) index: Index,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
            && self.eras == other.eras
            && self.tickets == other.tickets
            && self.handovers == other.handovers
            && self.last == other.last
    }
}

impl Eq for Desk {}

impl Desk {
    /// A desk without tickets.
    #[must_use]
    pub fn new(settings: DeskSettings) -> Self {
        let eras = Vec::from([(Timestamp::MIN, settings.service.clone())]);
        Self {
            settings,
            eras,
            tickets: Vec::new(),
            handovers: Vec::new(),
            last: None,
            index: Index::default(),
        }
    }

    /// The desk that events lead to.
    ///
    /// # Errors
    ///
    /// [`Broken`], with the place of the first event that does not fit what the ones before it made.
    pub fn replay<'a>(
        settings: DeskSettings,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<Self, Broken> {
        let mut desk = Self::new(settings);
        for (place, event) in events.into_iter().enumerate() {
            desk.fits(event).map_err(|why| Broken { place, why })?;
            desk.apply(event);
        }
        Ok(desk)
    }

    /// Takes in an event that was decided on this state, or [fits](Self::fits) it.
    ///
    /// It cannot fail: of an event that does not fit, what does not fit is left out.
    pub fn apply(&mut self, event: &Event) {
        let (at, by) = (event.at, &event.by);
        self.last = self.last.max(Some(at));
        let mut index = core::mem::take(&mut self.index);
        index.settle(at);
        match &event.change {
            Change::Opened(opened) => {
                self.open(at, by, opened);
                index.place(self, opened.ticket, at);
                if let Some((old, version)) = opened.follows {
                    self.touch(old, at, |ticket, _| {
                        ticket.version = version;
                        ticket
                            .thread
                            .push(at, by, Public::FollowedBy(opened.ticket));
                    });
                    index.place(self, old, at);
                }
            }
            Change::Ticket(change) => {
                self.touch(change.ticket, at, |ticket, era| {
                    ticket.version = change.version;
                    ticket.happen(at, by, &change.what, era);
                });
                index.place(self, change.ticket, at);
            }
            Change::ServiceSet { calendar, sla, .. } => {
                let mut service = self.service().clone();
                if let Some(calendar) = calendar {
                    service.calendar = calendar.clone();
                }
                if let Some(sla) = sla {
                    service.sla = sla.clone();
                }
                self.eras.push((at, service));
                for ticket in &self.tickets {
                    if !ticket.course.is_over() {
                        index.place(self, ticket.id, at);
                    }
                }
            }
            Change::HandedOver(handover) => {
                self.hand_over(at, by, handover);
                for moved in &handover.moves {
                    index.place(self, moved.ticket, at);
                }
            }
        }
        self.index = index;
    }

    /// Takes in what an offboarding decided for this desk, and gives the event of it: it is stored with the desk's
    /// others, or a desk that is [replayed](Self::replay) from them leaves everything with the leaver.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::helpdesk::{Calendar, Command, Desk, DeskSettings, Facts, OpenTicket, Service, Sla, Viewer};
    /// use bailiwick::helpdesk::{Category, Priority};
    /// use bailiwick::{Actor, UserKey};
    ///
    /// let service = Service { calendar: Calendar::always(), sla: Sla::new([])? };
    /// let settings = DeskSettings { service, ..DeskSettings::default() };
    /// let mut desk = Desk::new(settings.clone());
    /// let (ana, ben): (UserKey, UserKey) = ("ana".parse()?, "ben".parse()?);
    /// let viewer = Viewer { may_file: true, ..Viewer::user(ana.clone()) };
    /// let open = Command::OpenTicket(OpenTicket {
    ///     subject: "No sound".parse()?,
    ///     description: "In the meeting room".into(),
    ///     category: Category::Hardware,
    ///     priority: Priority::Low,
    ///     reporter: None,
    /// });
    /// let facts = Facts { may_work: &|_| false, undecided: &|_| false };
    /// let at = "2026-01-08T09:00:00Z".parse()?;
    /// let opened = desk.decide(at, &viewer, &open, &facts)?;
    /// desk.apply(&opened);
    ///
    /// let handover = desk.plan_handover(&ana, &ben, false, at);
    /// let handed = desk.apply_handover(at, &Actor::System, &handover);
    /// assert!(desk.naming(&ana, at).is_empty());
    /// let again = Desk::replay(settings, [&opened, &handed])?;
    /// assert_eq!(again, desk);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "the event is stored with the desk's others"]
    pub fn apply_handover(&mut self, at: Timestamp, by: &Actor, handover: &Handover) -> Event {
        let event = Event {
            at,
            by: by.clone(),
            change: Change::HandedOver(handover.clone()),
        };
        self.apply(&event);
        event
    }

    /// Whether an event could have been decided on this state.
    ///
    /// # Errors
    ///
    /// [`Misfit`]: it is too early, names a ticket that is not there, leads to another version than the next, or
    /// says of what was before what was not so.
    pub fn fits(&self, event: &Event) -> Result<(), Misfit> {
        if let Some(last) = self.last.filter(|last| event.at < *last) {
            return Err(Misfit::OutOfOrder { last });
        }
        match &event.change {
            Change::Opened(opened) => {
                if opened.ticket != self.next_ticket() {
                    return Err(Misfit::UnknownTicket(opened.ticket));
                }
                match opened.follows {
                    Some((old, version)) => self.fits_version(old, version).map(|_| ()),
                    None => Ok(()),
                }
            }
            Change::Ticket(change) => {
                let ticket = self.fits_version(change.ticket, change.version)?;
                if ticket_fits(&self.settled(ticket, event.at), &change.what) {
                    Ok(())
                } else {
                    Err(Misfit::OtherBefore(change.ticket))
                }
            }
            Change::ServiceSet { .. } => Ok(()),
            Change::HandedOver(handover) => {
                let misfit = handover.moves.iter().find(|moved| !self.moves(moved));
                misfit.map_or(Ok(()), |moved| Err(Misfit::OtherBefore(moved.ticket)))
            }
        }
    }

    /// Its policy, with the calendar and service levels of the start.
    #[must_use]
    pub fn settings(&self) -> &DeskSettings {
        &self.settings
    }

    /// The calendar and service levels in force.
    #[must_use]
    pub fn service(&self) -> &Service {
        self.eras
            .last()
            .map_or(&self.settings.service, |(_, service)| service)
    }

    /// When the last event was.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.last
    }

    pub(super) fn next_ticket(&self) -> TicketId {
        TicketId(
            u32::try_from(self.tickets.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
        )
    }

    pub(super) fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(place(id)?)
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            eras: &self.eras,
            warn: self.settings.warn,
        }
    }

    /// A ticket as the passing of time has made it by an instant.
    pub(super) fn settled<'a>(&self, ticket: &'a Ticket, at: Timestamp) -> Cow<'a, Ticket> {
        let due = ticket.course.next_lapse(&self.settings);
        if due.is_none_or(|lapse| lapse.at > at) {
            return Cow::Borrowed(ticket);
        }
        let mut ticket = ticket.clone();
        ticket.settle(at, &self.settings, |at| era_before(&self.eras, at));
        Cow::Owned(ticket)
    }

    fn open(&mut self, at: Timestamp, by: &Actor, opened: &Opened) {
        let mut thread = Thread::default();
        thread.push(
            at,
            by,
            Public::Opened {
                category: opened.category,
                priority: opened.priority,
            },
        );
        self.tickets.push(Ticket {
            id: opened.ticket,
            opened: at,
            opened_by: by.clone(),
            reporter: opened.reporter.clone(),
            assignee: None,
            subject: opened.subject.clone(),
            description: opened.description.clone(),
            category: opened.category,
            priority: opened.priority,
            version: 1,
            follows: opened.follows.map(|(old, _)| old),
            requests: Vec::new(),
            course: Course::opened(at),
            thread,
        });
    }

    /// Settles a ticket and changes it; the number is that of the rules in force.
    fn touch(&mut self, id: TicketId, at: Timestamp, change: impl FnOnce(&mut Ticket, u32)) {
        let era = u32::try_from(self.eras.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let Some(ticket) = place(id).and_then(|place| self.tickets.get_mut(place)) else {
            return;
        };
        ticket.settle(at, &self.settings, |at| era_before(&self.eras, at));
        change(ticket, era);
    }

    fn hand_over(&mut self, at: Timestamp, by: &Actor, handover: &Handover) {
        self.handovers
            .push((at, handover.leaver.clone(), handover.successor.clone()));
        for moved in &handover.moves {
            self.touch(moved.ticket, at, |ticket, _| {
                match (moved.part, &moved.to) {
                    (Part::Reporter, Some(successor)) => {
                        let from = core::mem::replace(&mut ticket.reporter, successor.clone());
                        let to = successor.clone();
                        ticket.thread.push(at, by, Public::Reporter { from, to });
                    }
                    (Part::Reporter, None) => {}
                    (Part::Assignee, successor) => ticket.assign(at, by, successor.clone()),
                }
            });
        }
    }

    fn moves(&self, moved: &Move) -> bool {
        self.ticket(moved.ticket)
            .is_some_and(|ticket| match moved.part {
                Part::Reporter => ticket.reporter == moved.from && moved.to.is_some(),
                Part::Assignee => ticket.assignee.as_ref() == Some(&moved.from),
            })
    }

    fn fits_version(&self, id: TicketId, version: u32) -> Result<&Ticket, Misfit> {
        let ticket = self.ticket(id).ok_or(Misfit::UnknownTicket(id))?;
        let expected = ticket.version.saturating_add(1);
        if version == expected {
            Ok(ticket)
        } else {
            Err(Misfit::OtherVersion {
                ticket: id,
                found: version,
                expected,
            })
        }
    }
}

fn place(id: TicketId) -> Option<usize> {
    usize::try_from(id.0.checked_sub(1)?).ok()
}

/// The rules in force when the passing of time acts: before any change at that very instant.
fn era_before(eras: &[(Timestamp, Service)], at: Timestamp) -> u32 {
    let begun = eras.iter().skip(1).filter(|(since, _)| *since < at).count();
    u32::try_from(begun).unwrap_or(u32::MAX)
}

/// Whether what an event says was before was so.
fn ticket_fits(ticket: &Ticket, what: &Happened) -> bool {
    let status = ticket.course.status;
    match what {
        Happened::Moved { from, .. }
        | Happened::Reopened { from, .. }
        | Happened::Withdrawn { from, .. }
        | Happened::Duplicated { from, .. } => *from == status,
        Happened::Assigned { from, .. } => *from == ticket.assignee,
        Happened::PrioritySet { from, .. } => *from == ticket.priority,
        Happened::CategorySet { from, .. } => *from == ticket.category,
        Happened::Replied { moved, .. } => moved.is_none_or(|(from, _)| from == status),
        Happened::Noted { .. } | Happened::Attached { .. } | Happened::RequestLinked { .. } => true,
    }
}

impl Ticket {
    fn assign(&mut self, at: Timestamp, by: &Actor, to: Option<UserKey>) {
        let from = core::mem::replace(&mut self.assignee, to.clone());
        self.thread.push(at, by, Public::Assigned { from, to });
    }

    fn happen(&mut self, at: Timestamp, by: &Actor, what: &Happened, era: u32) {
        match what {
            Happened::Moved {
                step,
                reply,
                resolution,
                reason,
                assigned,
                ..
            } => {
                if let Some(reply) = reply {
                    self.hear(at, by, reply.clone(), era);
                }
                if assigned.is_some() {
                    self.assign(at, by, assigned.clone());
                }
                self.meet(*step, by, at, era);
                let words = Words {
                    outcome: (step.row == 10).then_some(Outcome::Resolved),
                    resolution: resolution.clone(),
                    reason: reason.clone(),
                    by_time: false,
                };
                self.take(at, by, *step, words);
            }
            Happened::Assigned { to, .. } => self.assign(at, by, to.clone()),
            Happened::PrioritySet { to, .. } => {
                let from = core::mem::replace(&mut self.priority, *to);
                self.thread.push(at, by, Public::Priority { from, to: *to });
            }
            Happened::CategorySet { to, .. } => {
                let from = core::mem::replace(&mut self.category, *to);
                self.thread.push(at, by, Public::Category { from, to: *to });
            }
            Happened::Replied { reply, moved, .. } => {
                self.hear(at, by, reply.clone(), era);
                if let Some((_, step)) = moved {
                    self.take(at, by, *step, Words::default());
                }
            }
            Happened::Noted { note } => {
                self.thread
                    .push_internal(at, by, Internal::Noted(note.clone()));
            }
            Happened::Attached {
                attachment,
                internal: false,
            } => self
                .thread
                .push(at, by, Public::Attached(attachment.clone())),
            Happened::Attached {
                attachment,
                internal: true,
            } => self
                .thread
                .push_internal(at, by, Internal::Attached(attachment.clone())),
            Happened::Reopened {
                step,
                reason,
                reporter,
                assignee_gone,
                ..
            } => {
                if let Some(to) = reporter.clone() {
                    let from = core::mem::replace(&mut self.reporter, to.clone());
                    self.thread.push(at, by, Public::Reporter { from, to });
                }
                if *assignee_gone {
                    self.assign(at, by, None);
                }
                let words = Words {
                    reason: Some(reason.clone()),
                    ..Words::default()
                };
                self.take(at, by, *step, words);
            }
            Happened::Withdrawn { step, .. } => {
                let words = Words {
                    outcome: Some(Outcome::Withdrawn),
                    ..Words::default()
                };
                self.take(at, by, *step, words);
            }
            Happened::Duplicated { step, of, .. } => {
                self.course.duplicate_of = Some(*of);
                self.thread.push(at, by, Public::DuplicateOf(*of));
                let words = Words {
                    outcome: Some(Outcome::Duplicate),
                    ..Words::default()
                };
                self.take(at, by, *step, words);
            }
            Happened::RequestLinked { request } => {
                if !self.requests.contains(request) {
                    self.requests.push(*request);
                }
                self.thread.push(at, by, Public::Linked(*request));
            }
        }
    }
}

/// A desk as it is written down: without the index.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct State {
    settings: DeskSettings,
    eras: Vec<(Timestamp, Service)>,
    tickets: Vec<Ticket>,
    handovers: Vec<(Timestamp, UserKey, UserKey)>,
    last: Option<Timestamp>,
}

#[cfg(feature = "serde")]
impl From<Desk> for State {
    fn from(desk: Desk) -> Self {
        Self {
            settings: desk.settings,
            eras: desk.eras,
            tickets: desk.tickets,
            handovers: desk.handovers,
            last: desk.last,
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<State> for Desk {
    type Error = &'static str;

    fn try_from(state: State) -> Result<Self, Self::Error> {
        let in_turn = |(place, ticket): (u32, &Ticket)| ticket.id.0 == place;
        if state.eras.is_empty() {
            return Err("a desk has a calendar from the start");
        }
        if !(1..).zip(&state.tickets).all(in_turn) {
            return Err("tickets are numbered from 1 in their order");
        }
        let mut desk = Self {
            settings: state.settings,
            eras: state.eras,
            tickets: state.tickets,
            handovers: state.handovers,
            last: state.last,
            index: Index::default(),
        };
        let mut index = Index::default();
        let at = desk.last.unwrap_or(Timestamp::MIN);
        for ticket in &desk.tickets {
            index.place(&desk, ticket.id, at);
        }
        desk.index = index;
        Ok(desk)
    }
}
