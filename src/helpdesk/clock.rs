//! Clocks: what a ticket's history, a calendar and the service levels say at an instant.

use alloc::vec::Vec;

use super::calendar::Calendar;
use super::date::Date;
use super::service::Service;
use super::settings::Percent;
use super::ticket::Mark;
use super::ticket::Pause;
use super::ticket::Ticket;
use super::words::ClockKind;
use super::words::ClockState;
use crate::time::Duration;
use crate::time::Timestamp;

/// A clock at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Reading {
    /// The first instant at which the target is used up; none while it is paused, finished or off.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub due: Option<Timestamp>,
    /// How it stands.
    pub state: ClockState,
    /// The open seconds counted so far, in seconds.
    #[cfg_attr(feature = "serde", serde(with = "seconds"))]
    pub used: Duration,
}

impl Reading {
    const OFF: Self = Self {
        due: None,
        state: ClockState::Off,
        used: Duration::from_seconds(0),
    };
}

#[cfg(feature = "serde")]
mod seconds {
    use crate::time::Duration;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serializer;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(
        used: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(used.as_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_seconds)
    }
}

/// Why a clock is due when it is: what was counted, and what was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct DueExplanation {
    /// When the clock started.
    pub start: Timestamp,
    /// How long it had.
    pub target: Duration,
    /// The open spans that were counted, in order; together they are the target, if it is used up.
    pub counted: Vec<(Timestamp, Timestamp)>,
    /// The pauses that were left out; the last may last still.
    pub paused: Vec<(Timestamp, Option<Timestamp>)>,
    /// When the target is used up, if ever.
    pub due: Option<Timestamp>,
}

/// A stretch of time to measure: a calendar and what to leave out.
#[derive(Clone, Copy)]
struct Measure<'a> {
    calendar: &'a Calendar,
    pauses: &'a [Pause],
}

impl<'a> Measure<'a> {
    /// The seconds of `[from, until)` that count, as disjoint stretches in order.
    fn stretches(self, from: i64, until: i64) -> impl Iterator<Item = (i64, i64)> + 'a {
        let mut next = 0;
        let pauses = self.pauses;
        let mut spans = self.calendar.open(from, until);
        let mut span: Option<(i64, i64)> = None;
        core::iter::from_fn(move || {
            loop {
                let (start, end) = match span.take() {
                    Some(span) => span,
                    None => spans.next()?,
                };
                // Pauses that end before this stretch are behind for good.
                while pauses.get(next).is_some_and(|pause| end_of(pause) <= start) {
                    next += 1;
                }
                let Some(pause) = pauses.get(next).filter(|pause| pause.from.as_unix() < end)
                else {
                    return Some((start, end));
                };
                let (from, until) = (pause.from.as_unix(), end_of(pause));
                if until < end {
                    span = Some((until, end));
                } else if pause.until.is_none() && from <= start {
                    // It lasts still: nothing more counts.
                    return None;
                }
                if start < from {
                    return Some((start, from));
                }
            }
        })
    }

    fn used(self, from: Timestamp, until: Timestamp) -> Duration {
        let counted = self
            .stretches(from.as_unix(), until.as_unix())
            .map(|(start, end)| start.abs_diff(end))
            .sum();
        Duration::from_seconds(counted)
    }

    /// The first instant at which the target is used up, if that is not after `limit`.
    fn reaches(self, start: Timestamp, target: Duration, limit: Timestamp) -> Option<Timestamp> {
        let mut left = target.as_seconds();
        if left == 0 {
            return Some(start);
        }
        for (from, until) in self.stretches(start.as_unix(), limit.as_unix()) {
            let length = from.abs_diff(until);
            if left <= length {
                let due = from.checked_add(i64::try_from(left).ok()?)?;
                return Timestamp::from_unix(due).ok();
            }
            left -= length;
        }
        None
    }
}

fn end_of(pause: &Pause) -> i64 {
    pause.until.map_or(i64::MAX, Timestamp::as_unix)
}

/// Ten years after an instant: nothing is due later.
fn horizon(start: Timestamp) -> Timestamp {
    let (days, second) = (
        start.as_unix().div_euclid(86_400),
        start.as_unix().rem_euclid(86_400),
    );
    let later = i32::try_from(days).map_or(days, |days| {
        i64::from(Date::from_days(days).years_later(10).days())
    });
    Timestamp::from_unix(later * 86_400 + second).unwrap_or(Timestamp::MAX)
}

/// A clock of a ticket, between its start and its end.
struct Run<'a> {
    measure: Measure<'a>,
    target: Duration,
    start: Timestamp,
    end: Option<Timestamp>,
}

/// What a ticket's clocks are computed with: all rules that the desk has had, and when a clock is at risk.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) eras: &'a [(Timestamp, Service)],
    pub(super) warn: Percent,
}

impl<'a> Rules<'a> {
    fn service(self, era: Option<u32>) -> Option<&'a Service> {
        let era = match era {
            Some(era) => self.eras.get(usize::try_from(era).ok()?),
            None => self.eras.last(),
        };
        era.map(|(_, service)| service)
    }

    /// The clock as it runs or ran; none if it is off.
    fn run(self, ticket: &'a Ticket, kind: ClockKind) -> Option<Run<'a>> {
        let course = &ticket.course;
        if course.uncounted() {
            return None;
        }
        let (start, mark): (Timestamp, Option<Mark>) = match kind {
            ClockKind::Respond => (ticket.opened, course.responded),
            ClockKind::Resolve => (ticket.opened, course.resolved),
            ClockKind::Update => course.update.map(|round| (round.start, round.met))?,
        };
        let (priority, category) = mark.map_or((ticket.priority, ticket.category), |mark| {
            (mark.priority, mark.category)
        });
        let service = self.service(mark.map(|mark| mark.era))?;
        let pauses = match kind {
            ClockKind::Respond => &[],
            ClockKind::Update | ClockKind::Resolve => course.pauses.as_slice(),
        };
        Some(Run {
            measure: Measure {
                calendar: &service.calendar,
                pauses,
            },
            target: service.sla.target(priority, category, kind)?,
            start,
            end: mark.map(|mark| mark.at),
        })
    }

    /// A clock of a settled ticket at an instant.
    pub(super) fn read(self, ticket: &Ticket, kind: ClockKind, at: Timestamp) -> Reading {
        let Some(run) = self.run(ticket, kind) else {
            return Reading::OFF;
        };
        if let Some(end) = run.end {
            let late = run
                .due(end.min(horizon(run.start)))
                .is_some_and(|due| due < end);
            return Reading {
                due: None,
                state: if late {
                    ClockState::Missed
                } else {
                    ClockState::Met
                },
                used: run.measure.used(run.start, end),
            };
        }
        let used = run.measure.used(run.start, at);
        let paused = run.paused(at);
        let due = run.due(horizon(run.start));
        let state = if due.is_some_and(|due| run.ran_after(due, at)) {
            ClockState::Overdue
        } else if paused {
            ClockState::Paused
        } else if due.is_some() && self.at_risk(used, run.target) {
            ClockState::AtRisk
        } else {
            ClockState::Running
        };
        Reading {
            due: due.filter(|_| !paused),
            state,
            used,
        }
    }

    fn at_risk(self, used: Duration, target: Duration) -> bool {
        u128::from(used.as_seconds()) * 100
            >= u128::from(target.as_seconds()) * u128::from(self.warn.get())
    }

    /// When the clock is due, and from when it is overdue if nothing else happens: both as seen at `at`.
    pub(super) fn deadline(
        self,
        ticket: &Ticket,
        kind: ClockKind,
        at: Timestamp,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let Some(run) = self.run(ticket, kind).filter(|run| run.end.is_none()) else {
            return (None, None);
        };
        let Some(due) = run.due(horizon(run.start)) else {
            return (None, None);
        };
        let paused = run.paused(at);
        let overdue = if run.ran_after(due, at) {
            Some(at)
        } else if paused || due == Timestamp::MAX {
            None
        } else {
            Some(due.next())
        };
        (Some(due).filter(|_| !paused), overdue)
    }

    /// Why a clock is due when it is; none if it is off, finished, or never due.
    pub(super) fn explain(self, ticket: &Ticket, kind: ClockKind) -> Option<DueExplanation> {
        let run = self.run(ticket, kind)?;
        let horizon = horizon(run.start);
        let limit = run.end.map_or(horizon, |end| end.min(horizon));
        let due = run.due(limit);
        let until = due.unwrap_or(limit);
        let instants = |(from, until): (i64, i64)| {
            Some((
                Timestamp::from_unix(from).ok()?,
                Timestamp::from_unix(until).ok()?,
            ))
        };
        Some(DueExplanation {
            start: run.start,
            target: run.target,
            counted: run
                .measure
                .stretches(run.start.as_unix(), until.as_unix())
                .filter_map(instants)
                .collect(),
            paused: run
                .measure
                .pauses
                .iter()
                .filter(|pause| end_of(pause) > run.start.as_unix() && pause.from < until)
                .map(|pause| (pause.from, pause.until))
                .collect(),
            due,
        })
    }
}

impl Run<'_> {
    fn due(&self, limit: Timestamp) -> Option<Timestamp> {
        self.measure
            .reaches(self.start, self.target, limit)
            .filter(|due| *due <= limit)
    }

    fn paused(&self, at: Timestamp) -> bool {
        self.measure
            .pauses
            .last()
            .is_some_and(|pause| pause.from <= at && pause.until.is_none_or(|until| at < until))
    }

    /// Whether it was running at an instant after `due`, up to `at`. At the instant at which a pause begins it ran
    /// still: whoever asked just before would have been told.
    fn ran_after(&self, due: Timestamp, at: Timestamp) -> bool {
        let mut last = at.as_unix();
        for pause in self.measure.pauses.iter().rev() {
            if pause.from.as_unix() <= last && last < end_of(pause) {
                last = pause.from.as_unix();
            }
        }
        last > due.as_unix()
    }
}
