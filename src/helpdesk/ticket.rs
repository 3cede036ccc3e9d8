//! A ticket: what was reported, where it stands, and the marks that its clocks are computed from.

use smallvec::SmallVec;

use super::settings::DeskSettings;
use super::thread::Public;
use super::thread::Reply;
use super::thread::Thread;
use super::transition::Step;
use super::words::Category;
use super::words::Outcome;
use super::words::Priority;
use super::words::Status;
use super::words::Voice;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Body;
use crate::text::Name;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;
use alloc::vec::Vec;

/// A ticket as the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(super) struct Ticket {
    pub(super) id: TicketId,
    pub(super) opened: Timestamp,
    pub(super) opened_by: Actor,
    pub(super) reporter: UserKey,
    pub(super) assignee: Option<UserKey>,
    pub(super) subject: Name,
    pub(super) description: Body,
    pub(super) category: Category,
    pub(super) priority: Priority,
    pub(super) version: u32,
    pub(super) follows: Option<TicketId>,
    pub(super) requests: Vec<RequestId>,
    pub(super) course: Course,
    pub(super) thread: Thread,
}

/// Where a ticket stands and when it came there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(super) struct Course {
    pub(super) status: Status,
    /// When it came to this status.
    pub(super) since: Timestamp,
    pub(super) outcome: Option<Outcome>,
    pub(super) duplicate_of: Option<TicketId>,
    /// The first response.
    pub(super) responded: Option<Mark>,
    /// The end of the work, while it is resolved.
    pub(super) resolved: Option<Mark>,
    /// The latest message of the reporter that asked for an answer.
    pub(super) update: Option<Round>,
    /// When resolve and update stood still, in order and disjoint.
    pub(super) pauses: SmallVec<[Pause; 1]>,
}

/// When a clock ended, and the rules in force then: later changes leave its verdict as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(super) struct Mark {
    pub(super) at: Timestamp,
    /// The place of the calendar and service levels among those that the desk has had.
    pub(super) era: u32,
    pub(super) priority: Priority,
    pub(super) category: Category,
}

/// A message that asks for an answer, and the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(super) struct Round {
    pub(super) start: Timestamp,
    pub(super) met: Option<Mark>,
}

/// A stretch `[from, until)` of standing still; without an end it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(super) struct Pause {
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
}

/// A change of status that the passing of time brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lapse {
    pub(super) at: Timestamp,
    pub(super) step: Step,
}

impl Course {
    pub(super) fn opened(at: Timestamp) -> Self {
        Self {
            status: Status::Open,
            since: at,
            outcome: None,
            duplicate_of: None,
            responded: None,
            resolved: None,
            update: None,
            pauses: SmallVec::new(),
        }
    }

    /// Comes to a status, and opens or ends a pause as the two statuses say.
    fn enter(&mut self, to: Status, at: Timestamp) {
        match (self.status.pauses(), to.pauses()) {
            (false, true) => self.pauses.push(Pause {
                from: at,
                until: None,
            }),
            (true, false) => {
                if let Some(mut pause) = self.pauses.pop() {
                    pause.until = Some(at);
                    if pause.from < at {
                        self.pauses.push(pause);
                    }
                }
            }
            (false, false) | (true, true) => {}
        }
        self.status = to;
        self.since = at;
    }

    /// Whether the clocks of the ticket are left out: it was withdrawn, or is a duplicate.
    pub(super) fn uncounted(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Withdrawn | Outcome::Duplicate))
    }

    /// The next change that the passing of time brings about, if nothing else happens.
    pub(super) fn next_lapse(&self, settings: &DeskSettings) -> Option<Lapse> {
        let (wait, row, to) = match self.status {
            Status::WaitingOnUser => (settings.give_up?, 9, Status::Resolved),
            Status::Resolved => (settings.close_after, 13, Status::Closed),
            Status::Open | Status::Triaged | Status::InProgress | Status::Closed => return None,
        };
        Some(Lapse {
            at: self.since.checked_add(wait)?,
            step: Step { row, to },
        })
    }

    /// The change after [`next_lapse`](Self::next_lapse).
    pub(super) fn lapse_after(lapse: Lapse, close_after: Duration) -> Option<Lapse> {
        (lapse.step.to == Status::Resolved).then_some(())?;
        Some(Lapse {
            at: lapse.at.checked_add(close_after)?,
            step: Step {
                row: 13,
                to: Status::Closed,
            },
        })
    }

    /// Where the passing of time has brought it by an instant.
    pub(super) fn status_at(&self, at: Timestamp, settings: &DeskSettings) -> Status {
        let mut status = self.status;
        let mut lapse = self.next_lapse(settings);
        while let Some(now) = lapse.filter(|lapse| lapse.at <= at) {
            status = now.step.to;
            lapse = Self::lapse_after(now, settings.close_after);
        }
        status
    }
}

/// What a move brings along.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) by_time: bool,
    pub(super) outcome: Option<Outcome>,
    pub(super) resolution: Option<Body>,
    pub(super) reason: Option<Text>,
}

impl Ticket {
    pub(super) fn mark(&self, at: Timestamp, era: u32) -> Mark {
        Mark {
            at,
            era,
            priority: self.priority,
            category: self.category,
        }
    }

    /// Takes a step of the table, and writes it down.
    pub(super) fn take(&mut self, at: Timestamp, by: &Actor, step: Step, words: Words) {
        let from = self.course.status;
        self.course.enter(step.to, at);
        match step.to {
            Status::Resolved => self.course.outcome = words.outcome,
            // What is closed stays resolved as it was, unless it is closed as something else.
            Status::Closed => self.course.outcome = words.outcome.or(self.course.outcome),
            Status::Open | Status::Triaged | Status::InProgress | Status::WaitingOnUser => {
                self.course.outcome = None;
                self.course.resolved = None;
                if let Some(other) = self.course.duplicate_of.take() {
                    self.thread.push(at, by, Public::DuplicateNoMore(other));
                }
            }
        }
        self.thread.push(
            at,
            by,
            Public::Moved {
                from,
                step,
                by_time: words.by_time,
                outcome: words.outcome,
                resolution: words.resolution,
                reason: words.reason,
            },
        );
    }

    /// Ends the clocks at a resolution. `system` meets none: for it, only the work ends.
    fn resolve(&mut self, by: &Actor, end: Timestamp, era: u32) {
        let mark = self.mark(end, era);
        self.course.resolved = Some(mark);
        if by.user().is_some() {
            self.course.responded.get_or_insert(mark);
            if let Some(round) = &mut self.course.update {
                round.met.get_or_insert(mark);
            }
        }
    }

    /// Meets the clocks that a step asked for meets.
    pub(super) fn meet(&mut self, step: Step, by: &Actor, at: Timestamp, era: u32) {
        match step.row {
            6 => self.ask_back(by, at, era),
            10 => self.resolve(by, at, era),
            _ => {}
        }
    }

    /// Has the reporter wait upon a reply, be it the host's own: an agent other than the reporter has responded then.
    fn ask_back(&mut self, by: &Actor, at: Timestamp, era: u32) {
        if by.user().is_some_and(|agent| *agent != self.reporter) {
            let mark = self.mark(at, era);
            self.course.responded.get_or_insert(mark);
        }
    }

    /// Takes in a public reply: what it answers, and what it asks.
    pub(super) fn hear(&mut self, at: Timestamp, by: &Actor, reply: Reply, era: u32) {
        let mark = self.mark(at, era);
        let course = &mut self.course;
        match reply.voice {
            Voice::Reporter => {
                let asks = !reply.automatic && !reply.no_reopen && course.responded.is_some();
                if asks && course.update.is_none_or(|round| round.met.is_some()) {
                    course.update = Some(Round {
                        start: at,
                        met: None,
                    });
                }
            }
            Voice::Agent => {
                course.responded.get_or_insert(mark);
                if let Some(round) = &mut course.update {
                    round.met.get_or_insert(mark);
                }
            }
            Voice::System => {}
        }
        self.thread.push(at, by, Public::Replied(reply));
    }

    /// Whether there is a public reply, not the reporter's, since the reporter's last message.
    pub(super) fn answered(&self) -> bool {
        self.thread
            .replies()
            .next_back()
            .is_some_and(|reply| reply.voice != Voice::Reporter)
    }

    /// Whether an agent has replied.
    pub(super) fn agent_has_replied(&self) -> bool {
        self.thread
            .replies()
            .any(|reply| reply.voice == Voice::Agent)
    }

    /// Brings about what the passing of time has by an instant. `era_before` finds the rules in force then.
    pub(super) fn settle(
        &mut self,
        at: Timestamp,
        settings: &DeskSettings,
        era_before: impl Fn(Timestamp) -> u32,
    ) {
        while let Some(lapse) = self
            .course
            .next_lapse(settings)
            .filter(|lapse| lapse.at <= at)
        {
            let mut words = Words {
                by_time: true,
                ..Words::default()
            };
            if lapse.step.to == Status::Resolved {
                // The work ended when the waiting began; the rules are those in force now.
                let began = self.course.since;
                self.resolve(&Actor::System, began, era_before(lapse.at));
                words.outcome = Some(Outcome::GivenUp);
            }
            self.take(lapse.at, &Actor::System, lapse.step, words);
        }
    }
}

impl Course {
    /// Whether no rule can change what its clocks say: it is resolved or closed, and no clock runs on.
    pub(super) fn is_over(&self) -> bool {
        !self.status.is_open() && (self.uncounted() || self.responded.is_some())
    }
}
