//! Time as data: the crate has no clock.

use core::fmt;
use core::num::NonZeroU64;
use core::str::FromStr;
#[cfg(feature = "std")]
use std::time::SystemTime;

/// An instant in whole seconds, between the years 0000 and 9999, in UTC.
///
/// Its text form is RFC 3339 with `Z`: `2026-01-05T09:00:00Z`.
///
/// # Examples
///
/// ```
/// use bailiwick::Timestamp;
///
/// let at: Timestamp = "2026-01-05T09:00:00Z".parse()?;
/// assert_eq!(at.as_unix(), 1_767_603_600);
/// assert_eq!(at.to_string(), "2026-01-05T09:00:00Z");
/// // Only whole seconds and only `Z`: an offset is refused, not converted.
/// assert!("2026-01-05T10:00:00+01:00".parse::<Timestamp>().is_err());
/// # Ok::<(), bailiwick::TimeError>(())
/// ```
///
/// With the feature `std` it is made of what the host's clock says, down to the whole second:
///
#[cfg_attr(feature = "std", doc = "```")]
#[cfg_attr(not(feature = "std"), doc = "```ignore")]
/// use bailiwick::Timestamp;
/// use std::time::{Duration, SystemTime, UNIX_EPOCH};
///
/// let clock = UNIX_EPOCH + Duration::from_millis(1_767_603_600_999);
/// let at = Timestamp::try_from(clock)?;
/// assert_eq!(at.to_string(), "2026-01-05T09:00:00Z");
/// assert_eq!(SystemTime::try_from(at)?, UNIX_EPOCH + Duration::from_secs(1_767_603_600));
/// // A second begins before what is left of it, before 1970 too.
/// let before = Timestamp::try_from(UNIX_EPOCH - Duration::from_millis(1))?;
/// assert_eq!(before.to_string(), "1969-12-31T23:59:59Z");
/// # Ok::<(), bailiwick::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(
    /// One more than the seconds since the first instant, so that an absent instant takes no room of its own.
    NonZeroU64,
);

/// Why a text or a number is not an instant, a duration or a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text is not an RFC 3339 instant in whole seconds with `Z`.
    #[error("not an instant such as `2026-01-05T09:00:00Z`")]
    MalformedInstant,
    /// The text is not a sum of days, hours, minutes and seconds such as `1h30m`.
    #[error("not a duration such as `90s`, `30m`, `4h`, `5d` or `1h30m`")]
    MalformedDuration,
    /// The instant lies outside the years 0000 to 9999, or the duration is longer than that.
    #[error("outside the years 0000 to 9999")]
    OutOfRange,
    /// The window ends where it starts, or before.
    #[error("a window must end after it starts")]
    EmptyWindow,
}

impl TimeError {
    /// The stable code: `malformed-instant`, `malformed-duration`, `out-of-range` or `empty-window`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MalformedInstant => "malformed-instant",
            Self::MalformedDuration => "malformed-duration",
            Self::OutOfRange => "out-of-range",
            Self::EmptyWindow => "empty-window",
        }
    }
}

const DAY: i64 = 86_400;
const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// The first second of the year 0000.
    pub const MIN: Self = Self::after_first(0);
    /// The last second of the year 9999.
    pub const MAX: Self = Self::after_first(LAST.abs_diff(FIRST));

    /// The instant so many seconds after 1970-01-01T00:00:00Z (before it, if negative).
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] outside the years 0000 to 9999.
    pub const fn from_unix(seconds: i64) -> Result<Self, TimeError> {
        if seconds < FIRST || seconds > LAST {
            Err(TimeError::OutOfRange)
        } else {
            Ok(Self::after_first(seconds.abs_diff(FIRST)))
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub const fn as_unix(self) -> i64 {
        FIRST.saturating_add_unsigned(self.0.get() - 1)
    }

    /// The instant a duration later, if it still lies within the year 9999.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let seconds = i64::try_from(duration.as_seconds()).ok()?;
        Self::from_unix(self.as_unix().checked_add(seconds)?).ok()
    }

    /// The instant a duration earlier, if it still lies within the year 0000 or after.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Duration, Timestamp};
    ///
    /// let at: Timestamp = "2026-01-31T09:00:00Z".parse()?;
    /// assert_eq!(at.checked_sub(Duration::from_days(30)), Some("2026-01-01T09:00:00Z".parse()?));
    /// assert_eq!(Timestamp::MIN.checked_sub(Duration::from_seconds(1)), None);
    /// # Ok::<(), bailiwick::TimeError>(())
    /// ```
    #[must_use]
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let seconds = i64::try_from(duration.as_seconds()).ok()?;
        Self::from_unix(self.as_unix().checked_sub(seconds)?).ok()
    }

    /// Whole seconds from `earlier` to this instant; zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration(self.0.get().saturating_sub(earlier.0.get()))
    }

    /// Its year, month and day.
    pub(crate) fn civil(self) -> (i64, i64, i64) {
        civil_from_days(self.as_unix().div_euclid(DAY))
    }

    /// The second after this one; the last one stays.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1)).min(Self::MAX)
    }

    const fn after_first(seconds: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(seconds))
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_instant(text.as_bytes()).ok_or(TimeError::MalformedInstant)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.as_unix().div_euclid(DAY));
        let second = self.as_unix().rem_euclid(DAY);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second / 3_600,
            second / 60 % 60,
            second % 60
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "std")]
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimeError;

    /// The whole second in which a time lies.
    fn try_from(time: SystemTime) -> Result<Self, TimeError> {
        let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).ok(),
            Err(before) => {
                let before = before.duration();
                let started = u64::from(before.subsec_nanos() > 0);
                0_i64
                    .checked_sub_unsigned(before.as_secs())
                    .and_then(|seconds| seconds.checked_sub_unsigned(started))
            }
        };
        Self::from_unix(seconds.ok_or(TimeError::OutOfRange)?)
    }
}

#[cfg(feature = "std")]
impl TryFrom<Timestamp> for SystemTime {
    type Error = TimeError;

    /// The start of that second; [`TimeError::OutOfRange`] where the platform's own time does not reach so far.
    fn try_from(at: Timestamp) -> Result<Self, TimeError> {
        let seconds = at.as_unix();
        let length = core::time::Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            Self::UNIX_EPOCH.checked_sub(length)
        } else {
            Self::UNIX_EPOCH.checked_add(length)
        }
        .ok_or(TimeError::OutOfRange)
    }
}

/// A length of time in whole seconds. A day is always 24 hours.
///
/// # Examples
///
/// ```
/// use bailiwick::Duration;
///
/// let target: Duration = "1h30m".parse()?;
/// assert_eq!(target.as_seconds(), 5_400);
/// assert_eq!(target.to_string(), "1h30m");
/// // The standard library's counts fractions too, which are left out.
/// let precise = core::time::Duration::from_millis(5_400_999);
/// assert_eq!(Duration::from(precise), target);
/// assert_eq!(core::time::Duration::from(target).as_secs(), 5_400);
/// # Ok::<(), bailiwick::TimeError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Duration {
    /// From the first instant to the last, ten thousand years later: nothing lasts longer.
    pub const MAX: Self = Self(LAST.abs_diff(FIRST));

    /// A length of so many seconds; of more than there are, [`MAX`](Self::MAX).
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::Duration;
    ///
    /// assert_eq!(Duration::from_seconds(90).to_string(), "1m30s");
    /// assert_eq!(Duration::from_seconds(u64::MAX), Duration::MAX);
    /// ```
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        if seconds > Self::MAX.0 {
            Self::MAX
        } else {
            Self(seconds)
        }
    }

    /// A length of so many days of 24 hours; of more than there are, [`MAX`](Self::MAX).
    #[must_use]
    pub const fn from_days(days: u32) -> Self {
        Self::from_seconds(days as u64 * 86_400)
    }

    /// The length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.0
    }
}

impl From<core::time::Duration> for Duration {
    /// Its whole seconds; of more than there are, [`MAX`](Duration::MAX).
    fn from(length: core::time::Duration) -> Self {
        Self::from_seconds(length.as_secs())
    }
}

impl From<Duration> for core::time::Duration {
    fn from(length: Duration) -> Self {
        Self::from_secs(length.0)
    }
}

const UNITS: [(u8, u64); 4] = [(b'd', 86_400), (b'h', 3_600), (b'm', 60), (b's', 1)];

impl FromStr for Duration {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let mut total: u64 = 0;
        let mut count: Option<u64> = None;
        for byte in text.bytes() {
            if byte.is_ascii_digit() {
                let digit = u64::from(byte - b'0');
                let value = count
                    .unwrap_or(0)
                    .checked_mul(10)
                    .and_then(|n| n.checked_add(digit));
                count = Some(value.ok_or(TimeError::OutOfRange)?);
                continue;
            }
            let unit = UNITS
                .iter()
                .find(|(name, _)| *name == byte)
                .ok_or(TimeError::MalformedDuration)?;
            let term = count
                .take()
                .ok_or(TimeError::MalformedDuration)?
                .checked_mul(unit.1);
            total = term
                .and_then(|term| total.checked_add(term))
                .ok_or(TimeError::OutOfRange)?;
        }
        if count.is_some() || text.is_empty() {
            return Err(TimeError::MalformedDuration);
        }
        if total > Self::MAX.0 {
            return Err(TimeError::OutOfRange);
        }
        Ok(Self(total))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (name, seconds) in UNITS {
            if rest >= seconds {
                write!(f, "{}{}", rest / seconds, char::from(name))?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// When something holds: from `from`, up to but not including `until`; either end may be open.
///
/// # Examples
///
/// ```
/// use bailiwick::{Timestamp, Window};
///
/// let end: Timestamp = "2026-04-05T09:00:00Z".parse()?;
/// let window = Window::new(None, Some(end))?;
/// assert!(window.holds("2026-04-05T08:59:59Z".parse()?));
/// // At `until` itself it no longer holds.
/// assert!(!window.holds(end));
/// # Ok::<(), bailiwick::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Window {
    /// Open at both ends.
    pub const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// The window `[from, until)`; an absent end is open.
    ///
    /// # Errors
    ///
    /// [`TimeError::EmptyWindow`] if `until` is not after `from`.
    pub fn new(from: Option<Timestamp>, until: Option<Timestamp>) -> Result<Self, TimeError> {
        match (from, until) {
            (Some(from), Some(until)) if until <= from => Err(TimeError::EmptyWindow),
            _ => Ok(Self { from, until }),
        }
    }

    /// The first instant at which it holds, if it has one.
    #[must_use]
    pub fn from(self) -> Option<Timestamp> {
        self.from
    }

    /// The first instant at which it no longer holds, if it has one.
    #[must_use]
    pub fn until(self) -> Option<Timestamp> {
        self.until
    }

    /// Whether `at` lies inside.
    #[must_use]
    pub fn holds(self, at: Timestamp) -> bool {
        self.has_begun(at) && !self.has_ended(at)
    }

    /// Whether it holds at `at` or did so before: its start is not later.
    #[must_use]
    pub fn has_begun(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at)
    }

    /// Whether it no longer holds from `at` on.
    #[must_use]
    pub fn has_ended(self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Whether some instant lies in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let before = |end: Option<Timestamp>, start: Option<Timestamp>| match (end, start) {
            (Some(end), Some(start)) => end <= start,
            _ => false,
        };
        !before(self.until, other.from) && !before(other.until, self.from)
    }

    /// The same window ended at `at`; `None` if nothing of it is left.
    #[must_use]
    pub fn ended_at(self, at: Timestamp) -> Option<Self> {
        let until = self.until.map_or(at, |until| until.min(at));
        Self::new(self.from, Some(until)).ok()
    }

    /// The first edge after `at`: the next instant at which holding may change.
    #[must_use]
    pub fn next_edge(self, at: Timestamp) -> Option<Timestamp> {
        let later = |edge: Option<Timestamp>| edge.filter(|edge| *edge > at);
        later(self.from).or_else(|| later(self.until))
    }
}

fn parse_instant(text: &[u8]) -> Option<Timestamp> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i64, |n, digit| {
            digit
                .is_ascii_digit()
                .then(|| n * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (
        number(&[y1, y2, y3, y4])?,
        number(&[m1, m2])?,
        number(&[d1, d2])?,
    );
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(year, month, day);
    if civil_from_days(days) != (year, month, day) {
        return None;
    }
    Timestamp::from_unix(days * DAY + hour * 3_600 + minute * 60 + second).ok()
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, counting years from March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let year_days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year_days + (month * 153 + 2) / 5 + day - 719_469
}

/// The inverse of [`days_from_civil`] for real dates.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(feature = "serde")]
mod as_text {
    use super::Duration;
    use super::Timestamp;
    use super::Window;
    use alloc::string::ToString;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;
    use serde::de::Error;

    impl Serialize for Timestamp {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for Timestamp {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            crate::text::read(deserializer, str::parse)
        }
    }

    impl Serialize for Duration {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&self.to_string())
        }
    }

    impl<'de> Deserialize<'de> for Duration {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            crate::text::read(deserializer, str::parse)
        }
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Ends {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    }

    impl Serialize for Window {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Ends {
                from: self.from,
                until: self.until,
            }
            .serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Window {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let ends = Ends::deserialize(deserializer)?;
            Window::new(ends.from, ends.until).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DAY;
    use super::FIRST;
    use super::LAST;
    use super::civil_from_days;
    use super::days_from_civil;

    #[test]
    fn every_day_of_ten_thousand_years_has_one_date() {
        let mut previous = civil_from_days(FIRST / DAY - 1);
        for days in FIRST / DAY..=LAST / DAY {
            let date = civil_from_days(days);
            assert_eq!(days_from_civil(date.0, date.1, date.2), days);
            assert!(date > previous, "{date:?} follows {previous:?}");
            previous = date;
        }
        assert_eq!(previous, (9999, 12, 31));
        assert_eq!(civil_from_days(0), (1970, 1, 1));
    }
}
