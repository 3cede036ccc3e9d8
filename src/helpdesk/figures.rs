//! Figures over a period: how much came in, how much was done, and how fast.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::clock::Reading;
use super::desk::Desk;
use super::thread::Entry;
use super::thread::Public;
use super::ticket::Ticket;
use super::transition::Step;
use super::words::Category;
use super::words::ClockKind;
use super::words::ClockState;
use super::words::Priority;
use crate::time::Duration;
use crate::time::Timestamp;
use crate::time::Window;

/// How long a clock took on the tickets of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Spread {
    /// How many clocks ended in the period.
    pub count: usize,
    /// How many of them in time; the share met is `met` of `count`.
    pub met: usize,
    /// The time that half of them took no longer than.
    pub median: Option<Duration>,
    /// The time that nine tenths of them took no longer than.
    pub ninetieth: Option<Duration>,
}

/// What a desk did in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Work {
    /// How many tickets were opened.
    pub opened: usize,
    /// How many resolutions there were; withdrawn tickets and duplicates are left out.
    pub resolved: usize,
    /// How many were reopened.
    pub reopened: usize,
    /// Time to respond, in open seconds.
    pub respond: Spread,
    /// Time to resolve, in open seconds.
    pub resolve: Spread,
}

/// What a desk did in a period, in all and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub struct Figures {
    /// In all.
    pub all: Work,
    /// By the priority that a ticket has now.
    pub by_priority: BTreeMap<Priority, Work>,
    /// By the category that a ticket has now.
    pub by_category: BTreeMap<Category, Work>,
}

#[derive(Default)]
struct Tally {
    work: Work,
    respond: Vec<Reading>,
    resolve: Vec<Reading>,
}

impl Desk {
    /// What the desk did in a period, as of an instant.
    ///
    /// A clock counts where it ended in the period, and has a target. Tickets that are withdrawn, or duplicates of
    /// others, are left out of the clocks.
    #[must_use]
    pub fn figures(&self, period: Window, at: Timestamp) -> Figures {
        let mut all = Tally::default();
        let mut by_priority: BTreeMap<Priority, Tally> = BTreeMap::new();
        let mut by_category: BTreeMap<Category, Tally> = BTreeMap::new();
        for ticket in &self.tickets {
            let ticket = self.settled(ticket, at);
            let count = self.count(&ticket, period, at);
            for tally in [
                &mut all,
                by_priority.entry(ticket.priority).or_default(),
                by_category.entry(ticket.category).or_default(),
            ] {
                tally.work.opened += count.work.opened;
                tally.work.resolved += count.work.resolved;
                tally.work.reopened += count.work.reopened;
                tally.respond.extend(&count.respond);
                tally.resolve.extend(&count.resolve);
            }
        }
        Figures {
            all: all.finish(),
            by_priority: finish(by_priority),
            by_category: finish(by_category),
        }
    }

    fn count(&self, ticket: &Ticket, period: Window, at: Timestamp) -> Tally {
        let within = |instant: Timestamp| period.holds(instant) && instant <= at;
        let rows = |wanted: &[u8]| {
            let moved = |entry: &&Entry<Public>| match entry.what {
                Public::Moved {
                    step: Step { row, .. },
                    ..
                } => wanted.contains(&row) && within(entry.at),
                _ => false,
            };
            ticket.thread.public.iter().filter(moved).count()
        };
        let counted = !ticket.course.uncounted();
        let ended = |kind, mark: Option<Timestamp>| {
            let reading = mark
                .filter(|mark| within(*mark))
                .map(|_| self.rules().read(ticket, kind, at));
            reading
                .filter(|reading| reading.state != ClockState::Off)
                .into_iter()
                .collect()
        };
        Tally {
            work: Work {
                opened: usize::from(within(ticket.opened)),
                resolved: if counted { rows(&[9, 10]) } else { 0 },
                reopened: rows(&[12, 14]),
                ..Work::default()
            },
            respond: ended(
                ClockKind::Respond,
                ticket.course.responded.map(|mark| mark.at),
            ),
            resolve: ended(
                ClockKind::Resolve,
                ticket.course.resolved.map(|mark| mark.at),
            ),
        }
    }
}

fn finish<K: Ord>(tallies: BTreeMap<K, Tally>) -> BTreeMap<K, Work> {
    tallies
        .into_iter()
        .map(|(key, tally)| (key, tally.finish()))
        .collect()
}

impl Tally {
    fn finish(self) -> Work {
        Work {
            respond: spread(&self.respond),
            resolve: spread(&self.resolve),
            ..self.work
        }
    }
}

/// The nearest rank: the least time that at least so many percent took no longer than.
fn spread(readings: &[Reading]) -> Spread {
    let mut used: Vec<Duration> = readings.iter().map(|reading| reading.used).collect();
    used.sort_unstable();
    let percentile = |percent: usize| {
        let rank = (used.len() * percent).div_ceil(100);
        used.get(rank.checked_sub(1)?).copied()
    };
    let met = |reading: &&Reading| reading.state == ClockState::Met;
    Spread {
        count: readings.len(),
        met: readings.iter().filter(met).count(),
        median: percentile(50),
        ninetieth: percentile(90),
    }
}
