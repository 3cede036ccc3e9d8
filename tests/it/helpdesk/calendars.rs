//! Calendars: what is refused, and every zone's transitions against a plain reading.

use super::at;
use bailiwick::Timestamp;
use bailiwick::helpdesk::Calendar;
use bailiwick::helpdesk::Date;
use bailiwick::helpdesk::DateError;
use bailiwick::helpdesk::DaySpan;
use bailiwick::helpdesk::Hours;
use bailiwick::helpdesk::Weekday;
use jiff::tz::TimeZone;
use jiff::tz::TimeZoneDatabase;

fn every_day(spans: &[&str]) -> Hours {
    let spans: Vec<DaySpan> = spans.iter().map(|span| span.parse().unwrap()).collect();
    Hours {
        days: Weekday::ALL
            .iter()
            .map(|day| (*day, spans.clone()))
            .collect(),
        ..Hours::default()
    }
}

fn worked(calendar: &Calendar, from: &str, to: &str) -> u64 {
    calendar.worked(at(from), at(to)).as_seconds()
}

#[test]
fn what_is_no_calendar_is_refused() {
    let code =
        |zone: &str, hours: Hours| Calendar::new(zone, hours).map_or_else(|e| e.code(), |_| "ok");
    assert_eq!(code("America/Chicago", every_day(&["08:00-12:00"])), "ok");
    assert_eq!(code("America/Chicago", Hours::default()), "empty-calendar");
    assert_eq!(code("America/Chicago", every_day(&[])), "empty-calendar");
    assert_eq!(
        code(
            "America/Chicago",
            every_day(&["08:00-12:00", "11:59-13:00"])
        ),
        "overlapping-spans"
    );
    assert_eq!(
        code(
            "America/Chicago",
            every_day(&["08:00-12:00", "08:00-12:00"])
        ),
        "overlapping-spans"
    );
    // Touching is not overlapping, and the order is free.
    assert_eq!(
        code(
            "America/Chicago",
            every_day(&["12:00-13:00", "08:00-12:00"])
        ),
        "ok"
    );
    assert_eq!(
        code("america/chicago", every_day(&["08:00-12:00"])),
        "unknown-zone"
    );
    assert_eq!(
        code("Mars/Olympus", every_day(&["08:00-12:00"])),
        "unknown-zone"
    );
    let mut special = Hours::default();
    special.special.insert(
        "2026-12-24".parse().unwrap(),
        vec!["08:00-12:00".parse().unwrap()],
    );
    assert_eq!(code("UTC", special), "ok");
}

#[test]
fn words_of_a_day() {
    let span = |text: &str| {
        text.parse::<DaySpan>()
            .map_or_else(DateError::code, |_| "ok")
    };
    assert_eq!(span("00:00-24:00"), "ok");
    for wrong in [
        "8:00-12:00",
        "08:00",
        "08:00-24:01",
        "08:60-09:00",
        "08:00-12:00 ",
        "25:00-26:00",
        "",
    ] {
        assert_eq!(span(wrong), "wrong-shape", "{wrong}");
    }
    assert_eq!(span("12:00-08:00"), "empty-window");
    assert_eq!(span("24:00-24:00"), "empty-window");
    let date = |text: &str| text.parse::<Date>().map_or_else(DateError::code, |_| "ok");
    for right in ["0000-01-01", "2024-02-29", "9999-12-31"] {
        assert_eq!(date(right), "ok", "{right}");
    }
    for wrong in [
        "2026-02-29",
        "2026-13-01",
        "2026-1-1",
        "2026-00-01",
        "2026-01-00",
        "20260101",
    ] {
        assert_eq!(date(wrong), "malformed-instant", "{wrong}");
    }
    assert_eq!(Date::new(2026, 1, 5).unwrap().weekday(), Weekday::Monday);
}

#[test]
fn daylight_saving_is_measured_in_real_seconds() {
    let round_the_clock = Calendar::new("America/Chicago", every_day(&["00:00-24:00"])).unwrap();
    let hours = |from: &str, to: &str| worked(&round_the_clock, from, to) / 3_600;
    // The days on which the clocks change, from local midnight to midnight.
    assert_eq!(hours("2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z"), 23);
    assert_eq!(hours("2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z"), 25);
    // Half past two is skipped: the edge moves to half past three.
    let early = Calendar::new("America/Chicago", every_day(&["02:30-04:00"])).unwrap();
    assert_eq!(
        worked(&early, "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z"),
        1_800
    );
    // Half past one occurs twice: the first counts.
    let twice = Calendar::new("America/Chicago", every_day(&["01:30-03:00"])).unwrap();
    assert_eq!(
        worked(&twice, "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z"),
        9_000
    );
}

#[test]
fn holidays_close_and_special_dates_prevail() {
    let mut hours = every_day(&["08:00-16:00"]);
    for date in ["2026-01-06", "2026-01-07"] {
        hours.holidays.insert(date.parse().unwrap());
    }
    hours.special.insert(
        "2026-01-07".parse().unwrap(),
        vec!["08:00-10:00".parse().unwrap()],
    );
    hours
        .special
        .insert("2026-01-08".parse().unwrap(), Vec::new());
    let calendar = Calendar::new("UTC", hours).unwrap();
    let hours = |day: &str| {
        worked(
            &calendar,
            &format!("{day}T00:00:00Z"),
            &format!("{day}T23:59:59Z"),
        ) / 3_600
    };
    assert_eq!(
        ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"].map(hours),
        [8, 0, 2, 0]
    );
    assert!(calendar.is_open(at("2026-01-05T08:00:00Z")));
    assert!(!calendar.is_open(at("2026-01-05T16:00:00Z")));
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    for zone in ["UTC", "America/Chicago", "Pacific/Kiritimati"] {
        let calendar = Calendar::new(zone, every_day(&["00:00-24:00"])).unwrap();
        for near in [Timestamp::MIN, Timestamp::MAX] {
            let day = 86_400 * 3;
            let other = Timestamp::from_unix(near.as_unix() - day)
                .or(Timestamp::from_unix(near.as_unix() + day))
                .unwrap();
            assert_eq!(
                calendar
                    .worked(near.min(other), near.max(other))
                    .as_seconds(),
                259_200,
                "{zone}"
            );
        }
    }
}

/// A zone as its offsets: from when, and seconds ahead of UTC.
struct Offsets(Vec<(i64, i64)>);

impl Offsets {
    /// From some days before an instant to some days after it.
    fn around(zone: &TimeZone, at: i64) -> Self {
        let start = jiff::Timestamp::from_second(at - 10 * 86_400).unwrap();
        let mut offsets = vec![(i64::MIN, i64::from(zone.to_offset(start).seconds()))];
        for change in zone.following(start) {
            if change.timestamp().as_second() > at + 10 * 86_400 {
                break;
            }
            offsets.push((
                change.timestamp().as_second(),
                i64::from(change.offset().seconds()),
            ));
        }
        Self(offsets)
    }

    /// The instant of a local time: the first that shows it, or, where none does, as far after the gap as the gap is
    /// long.
    fn instant(&self, local: i64) -> i64 {
        for (index, (since, offset)) in self.0.iter().enumerate() {
            let until = self.0.get(index + 1).map_or(i64::MAX, |next| next.0);
            let instant = local - offset;
            if (*since..until).contains(&instant) {
                return instant;
            }
            if let Some((change, after)) = self.0.get(index + 1)
                && instant >= *change
                && local - after < *change
            {
                return instant;
            }
        }
        panic!("no instant for {local}");
    }

    /// Open seconds of `[from, to)`: each day's spans by themselves, then together.
    fn worked(&self, hours: &Hours, from: i64, to: i64) -> u64 {
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for day in from.div_euclid(86_400) - 4..=to.div_euclid(86_400) + 4 {
            let weekday = Weekday::ALL[usize::try_from((day + 3).rem_euclid(7)).unwrap()];
            for span in hours.days.get(&weekday).into_iter().flatten() {
                let edge = |minute: u16| self.instant(day * 86_400 + i64::from(minute) * 60);
                spans.push((edge(span.start()).max(from), edge(span.end()).min(to)));
            }
        }
        spans.sort_unstable();
        let mut counted = 0;
        let mut reached = from;
        for (start, end) in spans {
            let start = start.max(reached);
            if start < end {
                counted += end.abs_diff(start);
                reached = end;
            }
        }
        counted
    }
}

/// Every transition of a zone in the years 1970 to 2037, with hours that have edges in and about it.
fn sweep(name: &str) -> usize {
    let zone = TimeZoneDatabase::bundled().get(name).unwrap();
    let mut weekdays = every_day(&[
        "00:00-00:45",
        "01:30-02:15",
        "02:15-02:30",
        "02:45-17:00",
        "23:15-24:00",
    ]);
    weekdays.days.remove(&Weekday::Saturday);
    weekdays.days.remove(&Weekday::Sunday);
    let all = [
        every_day(&["00:00-24:00"]),
        every_day(&["00:15-00:30", "00:30-01:45", "02:00-02:45", "23:00-23:30"]),
        weekdays,
    ];
    let calendars: Vec<Calendar> = all
        .iter()
        .map(|hours| Calendar::new(name, hours.clone()).unwrap())
        .collect();
    let mut count = 0;
    for change in zone.following(jiff::Timestamp::UNIX_EPOCH) {
        let change = change.timestamp().as_second();
        if change >= 2_145_916_800 {
            break;
        }
        count += 1;
        let offsets = Offsets::around(&zone, change);
        for (hours, calendar) in all.iter().zip(&calendars) {
            for (before, after) in [
                (129_600, 129_600),
                (3_601, 5_399),
                (90_000, 1),
                (0, 100_000),
            ] {
                let (from, to) = (change - before, change + after);
                let instant = |seconds: i64| Timestamp::from_unix(seconds).unwrap();
                assert_eq!(
                    calendar.worked(instant(from), instant(to)).as_seconds(),
                    offsets.worked(hours, from, to),
                    "{name} at {} from -{before} to +{after}: {hours:?}",
                    instant(change),
                );
            }
        }
    }
    count
}

/// Among them are zones that skip whole dates, change by half an hour or by seconds, at midnight, or not at all where
/// a transition is recorded.
#[test]
fn transitions_of_every_zone_agree_with_a_plain_reading() {
    let zones = TimeZoneDatabase::bundled();
    let count: usize = zones.available().map(|name| sweep(name.as_str())).sum();
    assert!(count > 20_000, "{count} transitions");
}
