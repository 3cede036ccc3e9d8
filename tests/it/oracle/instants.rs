//! Instants counted in seconds from the first one that can be written, and written as text.

/// The seconds from the start of the year 0000 to a date's first second.
pub(super) fn seconds(year: u64, month: u64, day: u64) -> u64 {
    let years: u64 = (0..year).map(|year| 365 + u64::from(is_leap(year))).sum();
    let months: u64 = (1..month).map(|month| days(year, month)).sum();
    (years + months + day - 1) * 86_400
}

/// The last second that can be written.
pub(super) fn last() -> u64 {
    seconds(10_000, 1, 1) - 1
}

/// An instant as documents write it.
pub(super) fn text(seconds: u64) -> String {
    // The calendar repeats every 400 years, which are 146097 days.
    let days_in_all = seconds / 86_400;
    let (mut year, mut left) = (days_in_all / 146_097 * 400, days_in_all % 146_097);
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    while left >= days(year, month) {
        left -= days(year, month);
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!(
        "{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        left + 1
    )
}

fn days(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const fn is_leap(year: u64) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

#[test]
fn instants_are_written_as_calendars_have_them() {
    assert_eq!(text(0), "0000-01-01T00:00:00Z");
    assert_eq!(text(last()), "9999-12-31T23:59:59Z");
    assert_eq!(text(seconds(1970, 1, 1)), "1970-01-01T00:00:00Z");
    assert_eq!(text(seconds(2024, 2, 29) - 1), "2024-02-28T23:59:59Z");
    assert_eq!(text(seconds(2024, 3, 1) - 1), "2024-02-29T23:59:59Z");
    assert_eq!(text(seconds(1900, 3, 1) - 1), "1900-02-28T23:59:59Z");
    assert_eq!(text(seconds(2000, 12, 31) + 86_400), "2001-01-01T00:00:00Z");
    // The day that clocks count from lies 719528 days after the first of all.
    assert_eq!(seconds(1970, 1, 1), 719_528 * 86_400);
}
