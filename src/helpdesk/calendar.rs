//! When a desk is open: spans of local days, holidays, special dates, in a time zone.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::date::Date;
use super::date::DaySpan;
use super::date::Weekday;
use super::zone::Zone;
use crate::id::Unknown;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Duration;
use crate::time::Timestamp;

/// The hours of a desk in local time. All that it may hold is checked when a [`Calendar`] is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// The spans of each day of the week; a day that is absent is closed.
    pub days: BTreeMap<Weekday, Vec<DaySpan>>,
    /// Dates on which all is closed.
    pub holidays: BTreeSet<Date>,
    /// Dates whose spans replace the weekday's and a holiday's; without any, the date is closed.
    pub special: BTreeMap<Date, Vec<DaySpan>>,
}

/// Why hours make no calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// No zone of the bundled data has that name.
    #[error(transparent)]
    UnknownZone(#[from] Unknown),
    /// No day and no special date has a span.
    #[error("a calendar needs at least one span in which it is open")]
    Empty,
    /// Two spans of one day share a minute.
    #[error("`{first}` and `{second}` overlap")]
    Overlapping {
        /// The earlier of the two.
        first: DaySpan,
        /// The later of the two.
        second: DaySpan,
    },
    /// There are more holidays and special dates than a calendar may have.
    #[error("at most {most} holidays and special dates")]
    TooManyDates {
        /// The greatest number of either.
        most: usize,
    },
}

impl CalendarError {
    /// The stable code: `unknown-zone`, `empty-calendar`, `overlapping-spans` or `out-of-range`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownZone(unknown) => unknown.code(),
            Self::Empty => "empty-calendar",
            Self::Overlapping { .. } => "overlapping-spans",
            Self::TooManyDates { .. } => "out-of-range",
        }
    }
}

impl Localized for CalendarError {
    fn localized(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::UnknownZone(unknown)) => unknown.localized(language),
            (Language::English, _) => format!("{self}"),
            (Language::Spanish, Self::Empty) => {
                "un calendario necesita al menos un tramo de apertura".into()
            }
            (Language::Spanish, Self::Overlapping { first, second }) => {
                format!("`{first}` y `{second}` se solapan")
            }
            (Language::Spanish, Self::TooManyDates { most }) => {
                format!("{most} festivos y fechas especiales como máximo")
            }
        }
    }
}

/// When a desk is open (rule 7.2). Seconds inside its spans are what clocks count.
///
/// # Examples
///
/// ```
/// use bailiwick::Duration;
/// use bailiwick::helpdesk::{Calendar, Hours, Weekday};
///
/// let mut hours = Hours::default();
/// hours.days.insert(Weekday::Monday, vec!["08:00-12:00".parse()?, "13:00-17:00".parse()?]);
/// let calendar = Calendar::new("America/Chicago", hours)?;
/// // Monday the fifth, local time six hours behind: the lunch hour does not count.
/// let worked = calendar.worked("2026-01-05T17:00:00Z".parse()?, "2026-01-05T20:00:00Z".parse()?);
/// assert_eq!(worked, Duration::from_seconds(2 * 3_600));
/// // The zone is matched to the letter, and a near miss is named.
/// let error = Calendar::new("America/Chicgo", Hours::default()).unwrap_err();
/// assert_eq!(error.to_string(), "unknown time zone `America/Chicgo`, nearest is `America/Chicago`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Always,
    #[cfg_attr(
        not(feature = "jiff"),
        expect(dead_code, reason = "without zone data no zoned calendar is made")
    )]
    Zoned(Arc<Zoned>),
}

#[derive(Debug, PartialEq, Eq)]
struct Zoned {
    zone: Zone,
    hours: Hours,
}

/// The greatest number of holidays, and of special dates.
#[cfg(feature = "jiff")]
const MOST_DATES: usize = 10_000;

impl Calendar {
    /// Open at every second.
    #[must_use]
    pub const fn always() -> Self {
        Self(Kind::Always)
    }

    /// Open at these hours in an IANA time zone.
    ///
    /// # Errors
    ///
    /// [`CalendarError`]: the zone is unknown, two spans of a day overlap, there is no span at all, or there are
    /// more than 10 000 holidays or special dates. The order of a day's spans is free.
    #[cfg(feature = "jiff")]
    pub fn new(zone: &str, mut hours: Hours) -> Result<Self, CalendarError> {
        let zone = Zone::new(zone)?;
        if hours.holidays.len() > MOST_DATES || hours.special.len() > MOST_DATES {
            return Err(CalendarError::TooManyDates { most: MOST_DATES });
        }
        let mut any = false;
        for spans in hours.days.values_mut().chain(hours.special.values_mut()) {
            spans.sort_unstable();
            any |= !spans.is_empty();
            for (first, second) in spans.iter().zip(spans.iter().skip(1)) {
                if second.start() < first.end() {
                    return Err(CalendarError::Overlapping {
                        first: *first,
                        second: *second,
                    });
                }
            }
        }
        if any {
            Ok(Self(Kind::Zoned(Arc::new(Zoned { zone, hours }))))
        } else {
            Err(CalendarError::Empty)
        }
    }

    /// Whether it is open at every second.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self.0, Kind::Always)
    }

    /// Its IANA time zone, unless it is always open.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        match &self.0 {
            Kind::Always => None,
            Kind::Zoned(zoned) => Some(zoned.zone.name()),
        }
    }

    /// Its hours, unless it is always open.
    #[must_use]
    pub fn hours(&self) -> Option<&Hours> {
        match &self.0 {
            Kind::Always => None,
            Kind::Zoned(zoned) => Some(&zoned.hours),
        }
    }

    /// The open seconds of `[from, until)`; none if that is reversed. Each day between is looked at.
    #[must_use]
    pub fn worked(&self, from: Timestamp, until: Timestamp) -> Duration {
        let open = self
            .open(from.as_unix(), until.as_unix())
            .map(|(start, end)| start.abs_diff(end))
            .sum();
        Duration::from_seconds(open)
    }

    /// Whether it is open at an instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.open(at.as_unix(), at.as_unix() + 1).next().is_some()
    }

    /// The open spans inside `[from, until)`, disjoint and in order, as seconds.
    pub(super) fn open(&self, from: i64, until: i64) -> OpenSpans<'_> {
        let zoned = match &self.0 {
            Kind::Always => None,
            Kind::Zoned(zoned) => Some(&**zoned),
        };
        OpenSpans {
            // A day can reach into the next but one where a zone skips a whole date.
            next: zoned.map_or(Date::from_days(0), |zoned| {
                Date::from_days(zoned.zone.date(from).days() - 2)
            }),
            zoned,
            from,
            until,
            ready: i64::MIN,
            found: Vec::new(),
            done: from >= until,
        }
    }
}

impl Zoned {
    fn spans(&self, date: Date) -> &[DaySpan] {
        if let Some(spans) = self.hours.special.get(&date) {
            spans
        } else if self.hours.holidays.contains(&date) {
            &[]
        } else {
            self.hours
                .days
                .get(&date.weekday())
                .map_or(&[], Vec::as_slice)
        }
    }
}

/// Walks a calendar day by day.
///
/// Daylight saving can move an edge past a later one, even past midnight. So spans wait in `found` until no
/// later day can begin before them (`ready`), and what overlaps is counted once.
pub(super) struct OpenSpans<'a> {
    zoned: Option<&'a Zoned>,
    from: i64,
    until: i64,
    next: Date,
    ready: i64,
    found: Vec<(i64, i64)>,
    done: bool,
}

impl Iterator for OpenSpans<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        let Some(zoned) = self.zoned else {
            return (!core::mem::replace(&mut self.done, true)).then_some((self.from, self.until));
        };
        loop {
            if let Some(span) = self.take() {
                return Some(span);
            }
            if self.done {
                return None;
            }
            self.read_day(zoned);
        }
    }
}

impl OpenSpans<'_> {
    /// The earliest span that nothing later can precede, cut to what was asked for.
    fn take(&mut self) -> Option<(i64, i64)> {
        while let Some(&(start, end)) = self.found.first() {
            if start >= self.ready {
                return None;
            }
            let cut = end.min(self.ready);
            self.found.retain_mut(|span| {
                span.0 = span.0.max(cut);
                span.0 < span.1
            });
            let (start, end) = (start.max(self.from), cut.min(self.until));
            if start < end {
                return Some((start, end));
            }
        }
        None
    }

    fn read_day(&mut self, zoned: &Zoned) {
        let date = self.next;
        self.next = Date::from_days(date.days() + 1);
        for span in zoned.spans(date) {
            let start = zoned.zone.instant(date, span.start());
            let end = zoned.zone.instant(date, span.end());
            if start < end && end > self.from {
                self.found.push((start, end));
            }
        }
        if self.found.is_empty() {
            // An empty day needs no zone arithmetic but to see whether the end is passed.
            let local = i64::from(date.days()) * 86_400;
            self.done = local > self.until.saturating_add(3 * 86_400);
            return;
        }
        self.found.sort_unstable();
        self.ready = zoned.zone.not_before(self.next);
        if self.ready >= self.until {
            self.done = true;
            self.ready = i64::MAX;
            self.found.retain(|(start, _)| *start < self.until);
        }
    }
}

#[cfg(feature = "serde")]
mod form {
    use alloc::collections::BTreeMap;
    use alloc::collections::BTreeSet;
    use alloc::string::String;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::Calendar;
    use super::Date;
    use super::DaySpan;
    use super::Weekday;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;
    use serde::de::Error;

    /// A calendar as documents write it: `"always"`, or a table.
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Word(String),
        Table(Table),
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        zone: String,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        days: BTreeMap<Weekday, Vec<DaySpan>>,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        holidays: BTreeSet<Date>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        special: BTreeMap<Date, Vec<DaySpan>>,
    }

    impl Serialize for Calendar {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match (self.zone(), self.hours()) {
                (Some(zone), Some(hours)) => Form::Table(Table {
                    zone: zone.to_string(),
                    days: hours.days.clone(),
                    holidays: hours.holidays.clone(),
                    special: hours.special.clone(),
                }),
                _ => Form::Word("always".to_string()),
            }
            .serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Calendar {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match Form::deserialize(deserializer)? {
                Form::Word(word) if word == "always" => Ok(Self::always()),
                Form::Word(_) => Err(D::Error::custom("expected `always` or a table")),
                Form::Table(table) => read(&table).map_err(D::Error::custom),
            }
        }
    }

    #[cfg(feature = "jiff")]
    fn read(table: &Table) -> Result<Calendar, super::CalendarError> {
        let hours = super::Hours {
            days: table.days.clone(),
            holidays: table.holidays.clone(),
            special: table.special.clone(),
        };
        Calendar::new(&table.zone, hours)
    }

    #[cfg(not(feature = "jiff"))]
    fn read(table: &Table) -> Result<Calendar, crate::id::Unknown> {
        Err(crate::id::Unknown::new(
            crate::id::Kind::Zone,
            &table.zone,
            [],
        ))
    }
}
