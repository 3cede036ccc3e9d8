//! A time zone: local dates and times to instants and back, from bundled data.

#[cfg(feature = "jiff")]
pub(super) use zoned::Zone;

/// Without zone data there are no zones, and only calendars that are always open.
#[cfg(not(feature = "jiff"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Zone {}

#[cfg(not(feature = "jiff"))]
impl Zone {
    pub(super) fn name(&self) -> &str {
        match *self {}
    }

    pub(super) fn date(&self, _: i64) -> super::date::Date {
        match *self {}
    }

    pub(super) fn instant(&self, _: super::date::Date, _: u16) -> i64 {
        match *self {}
    }

    pub(super) fn not_before(&self, _: super::date::Date) -> i64 {
        match *self {}
    }
}

#[cfg(feature = "jiff")]
mod zoned {
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::fmt;

    use super::super::date::Date;
    use crate::id::Kind;
    use crate::id::Unknown;
    use jiff::civil::DateTime;
    use jiff::tz::AmbiguousOffset;
    use jiff::tz::Offset;
    use jiff::tz::TimeZone;
    use jiff::tz::TimeZoneDatabase;

    /// An IANA time zone.
    #[derive(Clone)]
    pub(in super::super) struct Zone {
        rules: TimeZone,
    }

    impl Zone {
        pub(in super::super) fn new(name: &str) -> Result<Self, Unknown> {
            let zones = TimeZoneDatabase::bundled();
            match zones.get(name) {
                // Names are matched to the letter, so that one zone has one spelling.
                Ok(rules) if rules.iana_name() == Some(name) => Ok(Self { rules }),
                _ => {
                    let names: Vec<String> =
                        zones.available().map(|name| name.as_str().into()).collect();
                    Err(Unknown::new(
                        Kind::Zone,
                        name,
                        names.iter().map(String::as_str),
                    ))
                }
            }
        }

        pub(in super::super) fn name(&self) -> &str {
            self.rules.iana_name().unwrap_or_default()
        }

        /// The local date at an instant.
        pub(in super::super) fn date(&self, at: i64) -> Date {
            let offset =
                jiff::Timestamp::from_second(at).map_or(0, |at| self.rules.to_offset(at).seconds());
            let days = (at + i64::from(offset)).div_euclid(86_400);
            Date::from_days(i32::try_from(days).unwrap_or_default())
        }

        /// The instant of a local time, in minutes from midnight: the first of two, and after a gap by as much
        /// as the gap if daylight saving skips it.
        pub(in super::super) fn instant(&self, date: Date, minute: u16) -> i64 {
            let date = Date::from_days(date.days() + i32::from(minute / 1_440));
            self.resolve(date, minute % 1_440, |before, _| before)
        }

        /// An instant that no edge of this date or of a later one comes before.
        pub(in super::super) fn not_before(&self, date: Date) -> i64 {
            self.resolve(date, 0, |_, after| after)
        }

        /// The instant that shows a local time; in a gap, by one of the offsets before and after it.
        fn resolve(&self, date: Date, minute: u16, in_gap: fn(i64, i64) -> i64) -> i64 {
            let local = i64::from(date.days()) * 86_400 + i64::from(minute) * 60;
            let Some(time) = local_time(date, minute) else {
                // Beyond what the zone data can say: within a day of the end of time.
                return local;
            };
            let seconds = |offset: Offset| i64::from(offset.seconds());
            let (before, after) = match self.rules.to_ambiguous_timestamp(time).offset() {
                AmbiguousOffset::Unambiguous { offset } => return local - seconds(offset),
                AmbiguousOffset::Gap { before, after }
                | AmbiguousOffset::Fold { before, after } => (seconds(before), seconds(after)),
            };
            // Where a zone's last recorded transition changes nothing, a fold can be reported that is none: what
            // counts is whether the clocks showed it.
            let shown = |offset: &&i64| {
                jiff::Timestamp::from_second(local - **offset)
                    .is_ok_and(|at| seconds(self.rules.to_offset(at)) == **offset)
            };
            let offset = [before, after].iter().find(shown).copied();
            local - offset.unwrap_or_else(|| in_gap(before, after))
        }
    }

    fn local_time(date: Date, minute: u16) -> Option<DateTime> {
        let (year, month, day) = date.civil();
        DateTime::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
            i8::try_from(minute / 60).ok()?,
            i8::try_from(minute % 60).ok()?,
            0,
            0,
        )
        .ok()
    }

    impl PartialEq for Zone {
        fn eq(&self, other: &Self) -> bool {
            self.name() == other.name()
        }
    }

    impl Eq for Zone {}

    impl fmt::Debug for Zone {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.name())
        }
    }
}
