//! Dates, weekdays and times of day as a calendar writes them.

use alloc::string::String;
use alloc::string::ToString;
use core::fmt;
use core::str::FromStr;

use crate::text::Language;
use crate::text::Localized;

/// Why a text is not a date or a span of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not a date of the years 0000 to 9999 such as `2026-11-26`.
    #[error("not a date such as `2026-11-26`")]
    MalformedDate,
    /// The text is not a span of a day such as `08:00-12:00`.
    #[error("not a span such as `08:00-12:00`")]
    MalformedSpan,
    /// The span ends where it starts, or before.
    #[error("a span must end after it starts")]
    EmptySpan,
}

impl DateError {
    /// The stable code: `malformed-instant`, `wrong-shape` or `empty-window`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MalformedDate => "malformed-instant",
            Self::MalformedSpan => "wrong-shape",
            Self::EmptySpan => "empty-window",
        }
    }
}

impl Localized for DateError {
    fn localized(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Spanish, Self::MalformedDate) => "no es una fecha como `2026-11-26`".into(),
            (Language::Spanish, Self::MalformedSpan) => {
                "no es un tramo horario como `08:00-12:00`".into()
            }
            (Language::Spanish, Self::EmptySpan) => {
                "un tramo horario debe terminar después de empezar".into()
            }
        }
    }
}

/// A day of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(missing_docs, reason = "each is the day that it names")]
pub enum Weekday {
    #[cfg_attr(feature = "serde", serde(rename = "mon"))]
    Monday,
    #[cfg_attr(feature = "serde", serde(rename = "tue"))]
    Tuesday,
    #[cfg_attr(feature = "serde", serde(rename = "wed"))]
    Wednesday,
    #[cfg_attr(feature = "serde", serde(rename = "thu"))]
    Thursday,
    #[cfg_attr(feature = "serde", serde(rename = "fri"))]
    Friday,
    #[cfg_attr(feature = "serde", serde(rename = "sat"))]
    Saturday,
    #[cfg_attr(feature = "serde", serde(rename = "sun"))]
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: &'static [Self] = &[
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The word that documents use: `mon`, `tue`, …
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Monday => "mon",
            Self::Tuesday => "tue",
            Self::Wednesday => "wed",
            Self::Thursday => "thu",
            Self::Friday => "fri",
            Self::Saturday => "sat",
            Self::Sunday => "sun",
        }
    }

    /// The one that documents call by that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|day| day.word() == word)
    }
}

/// A local date of the years 0000 to 9999. Its text form is `2026-11-26`.
///
/// # Examples
///
/// ```
/// use bailiwick::helpdesk::{Date, Weekday};
///
/// let date: Date = "2026-11-26".parse()?;
/// assert_eq!(date.weekday(), Weekday::Thursday);
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), bailiwick::helpdesk::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days from 1970-01-01.
    days: i32,
}

impl Date {
    /// A date by year, month and day.
    ///
    /// # Errors
    ///
    /// [`DateError::MalformedDate`] if there is no such day, or outside the years 0000 to 9999.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        let date = Self::from_civil(year, i32::from(month), i32::from(day));
        if (0..=9_999).contains(&year) && date.civil() == (year, month.into(), day.into()) {
            Ok(date)
        } else {
            Err(DateError::MalformedDate)
        }
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        match (self.days + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    pub(super) const fn from_days(days: i32) -> Self {
        Self { days }
    }

    pub(super) const fn days(self) -> i32 {
        self.days
    }

    /// Counts years from March, so that a leap day is the last of its year.
    fn from_civil(year: i32, month: i32, day: i32) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let year_days =
            year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let month_days = ((month + 9) % 12 * 153 + 2) / 5;
        Self::from_days(year_days + month_days + day - 719_469)
    }

    /// The inverse for real dates: year, month and day.
    pub(super) fn civil(self) -> (i32, i32, i32) {
        let days = self.days + 719_468;
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
        (era * 400 + year_of_era + i32::from(month <= 2), month, day)
    }

    /// The same day so many years later; after a leap day, the first of March.
    pub(super) fn years_later(self, years: i32) -> Self {
        let (year, month, day) = self.civil();
        Self::from_civil(year + years, month, day)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let wrong = DateError::MalformedDate;
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(wrong);
        };
        let year = number(&[y1, y2, y3, y4]).ok_or(wrong)?;
        let month = number(&[m1, m2]).ok_or(wrong)?;
        let day = number(&[d1, d2]).ok_or(wrong)?;
        let date = Self::from_civil(year.into(), month.into(), day.into());
        if date.civil() == (year.into(), month.into(), day.into()) {
            Ok(date)
        } else {
            Err(wrong)
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Part of a local day, `[start, end)`, in whole minutes, up to `24:00`. Its text form is `08:00-12:00`.
///
/// # Examples
///
/// ```
/// use bailiwick::helpdesk::DaySpan;
///
/// let span: DaySpan = "17:00-24:00".parse()?;
/// assert_eq!((span.start(), span.end()), (17 * 60, 24 * 60));
/// assert!("17:00-17:00".parse::<DaySpan>().is_err());
/// # Ok::<(), bailiwick::helpdesk::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaySpan {
    start: u16,
    end: u16,
}

/// The minutes of a day.
const DAY: u16 = 1_440;

impl DaySpan {
    /// A span by its minutes from midnight.
    ///
    /// # Errors
    ///
    /// [`DateError::EmptySpan`] if it does not end after it starts; [`DateError::MalformedSpan`] if it ends
    /// after 24:00.
    pub fn new(start: u16, end: u16) -> Result<Self, DateError> {
        if end > DAY {
            Err(DateError::MalformedSpan)
        } else if end <= start {
            Err(DateError::EmptySpan)
        } else {
            Ok(Self { start, end })
        }
    }

    /// Minutes from midnight to its first instant.
    #[must_use]
    pub fn start(self) -> u16 {
        self.start
    }

    /// Minutes from midnight to the first instant after it.
    #[must_use]
    pub fn end(self) -> u16 {
        self.end
    }
}

impl FromStr for DaySpan {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let wrong = DateError::MalformedSpan;
        let (start, end) = text.split_once('-').ok_or(wrong)?;
        let start = time_of_day(start).ok_or(wrong)?;
        let end = time_of_day(end).ok_or(wrong)?;
        Self::new(start, end)
    }
}

impl fmt::Display for DaySpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            start / 60,
            start % 60,
            end / 60,
            end % 60
        )
    }
}

impl fmt::Debug for DaySpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |n, digit| {
        digit
            .is_ascii_digit()
            .then(|| n * 10 + u16::from(digit - b'0'))
    })
}

fn time_of_day(text: &str) -> Option<u16> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let (hour, minute) = (number(&[h1, h2])?, number(&[m1, m2])?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY).then_some(minutes)
}

#[cfg(feature = "serde")]
mod as_text {
    use super::Date;
    use super::DaySpan;
    use alloc::string::String;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;
    use serde::de::Error;

    macro_rules! as_text {
        ($($name:ident)*) => {$(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
                }
            }
        )*};
    }

    as_text! { Date DaySpan }
}
