//! Decisions: what a command becomes on the state as it is, checked in the order of rule 7.1.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::clock::Rules;
use super::command::AssignTicket;
use super::command::Attach;
use super::command::Command;
use super::command::DuplicateOf;
use super::command::FollowUp;
use super::command::LinkRequest;
use super::command::MoveTicket;
use super::command::NoteOn;
use super::command::OpenTicket;
use super::command::ReopenTicket;
use super::command::ReplyTo;
use super::command::SetCategory;
use super::command::SetPriority;
use super::command::SetService;
use super::command::WithdrawTicket;
use super::desk::Desk;
use super::error::Refusal;
use super::event::Change;
use super::event::Event;
use super::event::Happened;
use super::event::Opened;
use super::event::TicketChange;
use super::thread::Attachment;
use super::thread::Note;
use super::thread::Reply;
use super::ticket::Ticket;
use super::transition::Cause;
use super::transition::Hand;
use super::transition::Step;
use super::transition::hands;
use super::transition::step;
use super::viewer::Facts;
use super::viewer::Viewer;
use super::words::ClockKind;
use super::words::ClockState;
use super::words::Status;
use super::words::Voice;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Body;
use crate::text::Name;
use crate::text::Text;
use crate::text::TextError;
use crate::time::Timestamp;

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Blank => Self::BlankText,
            TextError::TooLong { most } => Self::TooLong { most },
        }
    }
}

impl Desk {
    /// What a command becomes, or why it is refused. Changes nothing.
    ///
    /// Whether the viewer may change the desk's service is the host's to decide, before it asks.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] in this order: the instant; whether the viewer sees the ticket, or may file; the version;
    /// whether it is closed; whether there is such a step; whether it is the viewer's to take; its conditions; its
    /// texts.
    pub fn decide(
        &self,
        at: Timestamp,
        viewer: &Viewer,
        command: &Command,
        facts: &Facts<'_>,
    ) -> Result<Event, Refusal> {
        if let Some(last) = self.last.filter(|last| at < *last) {
            return Err(Refusal::OutOfOrder { last });
        }
        let decision = Decision {
            desk: self,
            at,
            viewer,
            facts,
        };
        let change = match command {
            Command::OpenTicket(open) => decision.open(open)?,
            Command::FollowUp(open) => decision.follow_up(open)?,
            Command::Move(command) => decision.move_ticket(command)?,
            Command::AssignTicket(command) => decision.assign(command)?,
            Command::SetPriority(command) => decision.set_priority(command)?,
            Command::SetCategory(command) => decision.set_category(command)?,
            Command::Reply(command) => decision.reply(command)?,
            Command::Note(command) => decision.note(command)?,
            Command::Attach(command) => decision.attach(command)?,
            Command::Reopen(command) => decision.reopen(command)?,
            Command::WithdrawTicket(command) => decision.withdraw(command)?,
            Command::DuplicateOf(command) => decision.duplicate(command)?,
            Command::LinkRequest(command) => decision.link(command)?,
            Command::SetService(command) => decision.set_service(command),
        };
        Ok(Event {
            at,
            by: viewer.actor(),
            change,
        })
    }
}

impl Viewer {
    /// Whether a row's hand is theirs on a ticket.
    fn has(&self, hand: Hand, ticket: &Ticket) -> bool {
        self.is_system()
            || match hand {
                Hand::Reporter => self.reports_as(&ticket.reporter),
                Hand::Agent => self.may_work,
                Hand::Supervisor => self.may_work && self.may_reopen,
                Hand::Time => false,
            }
    }

    pub(super) fn may_take(&self, step: Step, ticket: &Ticket) -> bool {
        hands(step.row).iter().any(|hand| self.has(*hand, ticket))
    }

    /// As whom they speak on a ticket: what its reporter writes is the reporter's, also as an agent.
    fn voice(&self, ticket: &Ticket) -> Voice {
        if self.is_system() {
            Voice::System
        } else if self.is(&ticket.reporter) {
            Voice::Reporter
        } else {
            Voice::Agent
        }
    }

    /// The steps that they could take by hand, conditions left aside.
    pub(super) fn steps<'a>(
        &'a self,
        ticket: &'a Ticket,
    ) -> impl Iterator<Item = (Cause, Step)> + 'a {
        Cause::ALL
            .iter()
            .filter(|cause| {
                matches!(
                    cause,
                    Cause::Move(_) | Cause::Withdraw | Cause::Reopen | Cause::Duplicate
                )
            })
            .filter_map(|cause| Some((*cause, step(ticket.course.status, *cause)?)))
            .filter(|(_, step)| self.may_take(*step, ticket))
    }
}

/// One decision: the desk, and who asks when.
struct Decision<'a> {
    desk: &'a Desk,
    at: Timestamp,
    viewer: &'a Viewer,
    facts: &'a Facts<'a>,
}

impl<'a> Decision<'a> {
    /// The ticket as it stands, if the viewer sees it and names its version.
    fn find(&self, id: TicketId, version: Option<u32>) -> Result<Cow<'a, Ticket>, Refusal> {
        let ticket = self.see(id)?;
        let current = ticket.version;
        match version {
            Some(given) if given != current => Err(Refusal::StaleVersion { given, current }),
            _ => Ok(ticket),
        }
    }

    fn see(&self, id: TicketId) -> Result<Cow<'a, Ticket>, Refusal> {
        self.desk
            .ticket(id)
            .map(|ticket| self.desk.settled(ticket, self.at))
            .filter(|ticket| self.viewer.sees(ticket))
            .ok_or(Refusal::UnknownTicket(id))
    }

    /// The same, if it is not closed.
    fn find_live(&self, id: TicketId, version: Option<u32>) -> Result<Cow<'a, Ticket>, Refusal> {
        let ticket = self.find(id, version)?;
        if ticket.course.status == Status::Closed {
            Err(Refusal::TicketClosed(id))
        } else {
            Ok(ticket)
        }
    }

    /// The step of a cause, if there is one and the viewer may take it.
    fn step(&self, ticket: &Ticket, cause: Cause, wanted: Status) -> Result<Step, Refusal> {
        let from = ticket.course.status;
        let step = step(from, cause).ok_or_else(|| Refusal::NoSuchStep {
            from,
            to: wanted,
            possible: self.desk.next_steps(self.viewer, self.at, ticket),
        })?;
        if self.viewer.may_take(step, ticket) {
            Ok(step)
        } else {
            Err(Refusal::NotAllowed {
                step: Some((from, step.to)),
                possible: self.desk.next_steps(self.viewer, self.at, ticket),
            })
        }
    }

    /// What is an agent's to do, and no step of the table.
    fn as_agent(&self) -> Result<(), Refusal> {
        if self.viewer.sees_all() {
            Ok(())
        } else {
            Err(Refusal::NotAllowed {
                step: None,
                possible: Vec::new(),
            })
        }
    }

    fn may_file(&self) -> Result<(), Refusal> {
        if self.viewer.is_system() || self.viewer.may_file {
            Ok(())
        } else {
            Err(Refusal::NotAllowed {
                step: None,
                possible: Vec::new(),
            })
        }
    }

    fn open(&self, command: &OpenTicket) -> Result<Change, Refusal> {
        self.may_file()?;
        let reporter = command.reporter.as_ref().or(self.viewer.user.as_ref());
        Ok(Change::Opened(Opened {
            ticket: self.desk.next_ticket(),
            reporter: reporter.ok_or(Refusal::NoReporter)?.clone(),
            subject: Name::new(&command.subject)?,
            description: Body::new(&command.description)?,
            category: command.category,
            priority: command.priority,
            follows: None,
        }))
    }

    fn follow_up(&self, command: &FollowUp) -> Result<Change, Refusal> {
        self.see(command.ticket)?;
        self.may_file()?;
        let old = self.find(command.ticket, command.version)?;
        let opened = self.open(&OpenTicket {
            subject: command.subject.clone(),
            description: command.description.clone(),
            category: command.category,
            priority: command.priority,
            reporter: command.reporter.clone(),
        })?;
        Ok(match opened {
            Change::Opened(opened) => Change::Opened(Opened {
                follows: Some((command.ticket, old.version.saturating_add(1))),
                ..opened
            }),
            other => other,
        })
    }

    fn move_ticket(&self, command: &MoveTicket) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        let from = ticket.course.status;
        let step = self.step(&ticket, Cause::Move(command.to), command.to)?;
        let voice = self.viewer.voice(&ticket);
        let mut assigned = None;
        match step.row {
            3 => assigned = self.taker(&ticket)?,
            6 => {
                let replies = command.reply.is_some() && voice != Voice::Reporter;
                let answered = command.reply.is_none() && ticket.answered();
                if !replies && !answered {
                    return Err(Refusal::NeedsReply);
                }
            }
            10 => {
                if command.resolution.is_none() {
                    return Err(Refusal::NeedsResolution);
                }
                self.decided(&ticket)?;
            }
            _ => {}
        }
        let reply = match &command.reply {
            Some(body) => Some(Reply {
                body: Body::new(body)?,
                voice,
                automatic: false,
                no_reopen: false,
            }),
            None => None,
        };
        let resolution = command.resolution.as_deref().map(Body::new).transpose()?;
        let reason = command.reason.as_deref().map(Text::new).transpose()?;
        Ok(changed(
            &ticket,
            Happened::Moved {
                from,
                step,
                reply,
                resolution,
                reason,
                assigned,
            },
        ))
    }

    /// Who becomes the assignee where work begins: nobody, if there is one who can work it.
    fn taker(&self, ticket: &Ticket) -> Result<Option<UserKey>, Refusal> {
        match &ticket.assignee {
            Some(assignee) if !(self.facts.may_work)(assignee) => {
                Err(Refusal::NotAnAgent(assignee.clone()))
            }
            Some(_) => Ok(None),
            None => Ok(self.viewer.user.clone()),
        }
    }

    fn decided(&self, ticket: &Ticket) -> Result<(), Refusal> {
        let undecided = |request: &&_| (self.facts.undecided)(**request);
        match ticket.requests.iter().find(undecided) {
            Some(request) => Err(Refusal::UndecidedRequest(*request)),
            None => Ok(()),
        }
    }

    fn assign(&self, command: &AssignTicket) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        self.as_agent()?;
        if let Some(user) = &command.to
            && !(self.facts.may_work)(user)
        {
            return Err(Refusal::NotAnAgent(user.clone()));
        }
        Ok(changed(
            &ticket,
            Happened::Assigned {
                from: ticket.assignee.clone(),
                to: command.to.clone(),
            },
        ))
    }

    fn set_priority(&self, command: &SetPriority) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        self.as_agent()?;
        let after = Ticket {
            priority: command.priority,
            ..ticket.clone().into_owned()
        };
        Ok(changed(
            &ticket,
            Happened::PrioritySet {
                from: ticket.priority,
                to: command.priority,
                made_overdue: self.made_overdue(&ticket, &after),
            },
        ))
    }

    fn set_category(&self, command: &SetCategory) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        self.as_agent()?;
        let after = Ticket {
            category: command.category,
            ..ticket.clone().into_owned()
        };
        Ok(changed(
            &ticket,
            Happened::CategorySet {
                from: ticket.category,
                to: command.category,
                made_overdue: self.made_overdue(&ticket, &after),
            },
        ))
    }

    fn made_overdue(&self, before: &Ticket, after: &Ticket) -> Vec<ClockKind> {
        let rules = self.desk.rules();
        newly_overdue((before, rules), (after, rules), self.at)
    }

    fn reply(&self, command: &ReplyTo) -> Result<Change, Refusal> {
        let ticket = self.find(command.ticket, command.version)?;
        let voice = self.viewer.voice(&ticket);
        let mut heard = Cow::Borrowed(&*ticket);
        if ticket.course.status == Status::Closed {
            if voice != Voice::Reporter {
                return Err(Refusal::TicketClosed(command.ticket));
            }
            heard = self.original(&ticket)?;
        }
        let moved = match (voice, command.automatic) {
            (Voice::Agent, _) if !heard.agent_has_replied() => Some(Cause::FirstReply),
            (Voice::Reporter, false) if command.no_reopen => Some(Cause::QuietReply),
            (Voice::Reporter, false) => Some(Cause::ReporterReply),
            (Voice::Agent | Voice::Reporter | Voice::System, _) => None,
        };
        let from = heard.course.status;
        let moved = moved.and_then(|cause| step(from, cause));
        let reply = Reply {
            body: Body::new(&command.body)?,
            voice,
            automatic: command.automatic,
            no_reopen: command.no_reopen,
        };
        Ok(changed(
            &heard,
            Happened::Replied {
                reply,
                moved: moved.map(|step| (from, step)),
                through: (heard.id != ticket.id).then_some(ticket.id),
            },
        ))
    }

    /// The ticket that a closed one is a duplicate of, however often removed.
    fn original<'b>(&self, ticket: &Ticket) -> Result<Cow<'b, Ticket>, Refusal>
    where
        'a: 'b,
    {
        let closed = Refusal::FollowUpInstead(ticket.id);
        let mut next = ticket.course.duplicate_of;
        // Each is the duplicate of one that was closed later, so the chain ends.
        for _ in 0..self.desk.tickets.len() {
            let Some(other) = next.and_then(|id| self.desk.ticket(id)) else {
                break;
            };
            let other = self.desk.settled(other, self.at);
            if other.course.status != Status::Closed {
                return Ok(other);
            }
            next = other.course.duplicate_of;
        }
        Err(closed)
    }

    fn note(&self, command: &NoteOn) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        self.as_agent()?;
        let note = Note {
            body: Body::new(&command.body)?,
        };
        Ok(changed(&ticket, Happened::Noted { note }))
    }

    fn attach(&self, command: &Attach) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        if command.internal {
            self.as_agent()?;
        }
        let limits = &self.desk.settings.attachments;
        let name = file_name(&command.name)?;
        let media = &command.media_type;
        let taken = limits.media.iter().any(|range| range.admits(media));
        let media_type = Name::new(media).ok().filter(|_| taken);
        let media_type = media_type.ok_or_else(|| Refusal::MediaNotAllowed {
            media: media.chars().take(80).collect(),
        })?;
        if command.bytes > limits.bytes {
            return Err(Refusal::AttachmentTooLarge { most: limits.bytes });
        }
        // A reporter's count must not show how many are internal.
        let mut count = ticket.thread.public_attachments();
        if self.viewer.sees_all() {
            count += ticket.thread.internal_attachments();
        }
        if u32::try_from(count).is_ok_and(|count| count < limits.count) {
            let key = command.key.as_deref().map(Text::new).transpose()?;
            let attachment = Attachment {
                name,
                media_type,
                bytes: command.bytes,
                key,
            };
            let internal = command.internal;
            Ok(changed(
                &ticket,
                Happened::Attached {
                    attachment,
                    internal,
                },
            ))
        } else {
            Err(Refusal::TooManyAttachments { most: limits.count })
        }
    }

    fn reopen(&self, command: &ReopenTicket) -> Result<Change, Refusal> {
        let ticket = self.find(command.ticket, command.version)?;
        let from = ticket.course.status;
        let step = self.step(&ticket, Cause::Reopen, Status::InProgress)?;
        let reason = command.reason.as_deref().ok_or(Refusal::NeedsReason)?;
        let mut reporter = None;
        let mut assignee_gone = false;
        if from == Status::Closed {
            let closed = ticket.course.since;
            let until = closed.checked_add(self.desk.settings.reopen_within);
            if let Some(since) = until.filter(|until| *until <= self.at) {
                return Err(Refusal::TooLate { since });
            }
            let after = |(at, ..): &&(Timestamp, UserKey, UserKey)| *at >= closed;
            for (_, leaver, successor) in self.desk.handovers.iter().filter(after) {
                if reporter.as_ref().unwrap_or(&ticket.reporter) == leaver {
                    reporter = Some(successor.clone());
                }
                assignee_gone |= ticket.assignee.as_ref() == Some(leaver);
            }
        }
        Ok(changed(
            &ticket,
            Happened::Reopened {
                from,
                step,
                reason: Text::new(reason)?,
                reporter,
                assignee_gone,
            },
        ))
    }

    fn withdraw(&self, command: &WithdrawTicket) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        let from = ticket.course.status;
        let step = self.step(&ticket, Cause::Withdraw, Status::Resolved)?;
        Ok(changed(&ticket, Happened::Withdrawn { from, step }))
    }

    fn duplicate(&self, command: &DuplicateOf) -> Result<Change, Refusal> {
        self.see(command.ticket)?;
        let other = self.see(command.of)?;
        let ticket = self.find_live(command.ticket, command.version)?;
        let from = ticket.course.status;
        let step = self.step(&ticket, Cause::Duplicate, Status::Closed)?;
        if other.reporter != ticket.reporter {
            return Err(Refusal::OtherReporter);
        }
        if other.id == ticket.id {
            return Err(Refusal::SameTicket);
        }
        if other.course.status == Status::Closed {
            return Err(Refusal::TicketClosed(other.id));
        }
        let of = other.id;
        Ok(changed(&ticket, Happened::Duplicated { from, step, of }))
    }

    fn link(&self, command: &LinkRequest) -> Result<Change, Refusal> {
        let ticket = self.find_live(command.ticket, command.version)?;
        self.as_agent()?;
        let request = command.request;
        Ok(changed(&ticket, Happened::RequestLinked { request }))
    }

    fn set_service(&self, command: &SetService) -> Change {
        let desk = self.desk;
        let mut service = desk.service().clone();
        if let Some(calendar) = &command.calendar {
            service.calendar = calendar.clone();
        }
        if let Some(sla) = &command.sla {
            service.sla = sla.clone();
        }
        let before = desk.rules();
        let mut eras = desk.eras.clone();
        eras.push((self.at, service));
        let after = Rules {
            eras: &eras,
            ..before
        };
        let live = desk
            .tickets
            .iter()
            .filter(|ticket| ticket.course.status.is_open());
        let made_overdue = live
            .map(|ticket| desk.settled(ticket, self.at))
            .filter(|ticket| ticket.course.status.is_open())
            .flat_map(|ticket| {
                let made = newly_overdue((&ticket, before), (&ticket, after), self.at);
                made.into_iter().map(move |kind| (ticket.id, kind))
            })
            .collect();
        Change::ServiceSet {
            calendar: command.calendar.clone(),
            sla: command.sla.clone(),
            made_overdue,
        }
    }
}

/// The event of a change to a ticket, which comes to its next version by it.
fn changed(ticket: &Ticket, what: Happened) -> Change {
    Change::Ticket(TicketChange {
        ticket: ticket.id,
        version: ticket.version.saturating_add(1),
        what,
    })
}

/// The clocks that are overdue after a change and were not before it.
fn newly_overdue(
    before: (&Ticket, Rules<'_>),
    after: (&Ticket, Rules<'_>),
    at: Timestamp,
) -> Vec<ClockKind> {
    let overdue = |(ticket, rules): (&Ticket, Rules<'_>), kind| {
        rules.read(ticket, kind, at).state == ClockState::Overdue
    };
    let changed = |kind: &ClockKind| !overdue(before, *kind) && overdue(after, *kind);
    ClockKind::ALL.iter().copied().filter(changed).collect()
}

/// A file's name: not blank, no path, no drive, nothing that is no character.
fn file_name(name: &str) -> Result<Name, Refusal> {
    let mut letters = name.chars();
    let drive =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    let path = name
        .chars()
        .any(|c| c == '/' || c == '\\' || c.is_control());
    if drive || path || name.trim().is_empty() || matches!(name.trim(), "." | "..") {
        Err(Refusal::BadFileName)
    } else {
        Ok(Name::new(name)?)
    }
}
