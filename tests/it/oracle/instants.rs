//! Instants counted in seconds from the first one that can be written, and written as text.

/// The seconds from the start of the year 0000 to a date's first second.
pub(super) fn seconds(year: u64, month: u64, day: u64) -> u64 {
    let years: u64 = (0..year)
        .map(|year| (1..=12).map(|month| days(year, month)).sum::<u64>())
        .sum();
    let months: u64 = (1..month).map(|month| days(year, month)).sum();
    (years + months + day - 1) * 86_400
}

/// The last second that can be written.
pub(super) fn last() -> u64 {
    seconds(10_000, 1, 1) - 1
}

/// An instant as documents write it.
pub(super) fn text(seconds: u64) -> String {
    let mut left = seconds / 86_400;
    let (mut year, mut month) = (0, 1);
    while left >= days(year, month) {
        left -= days(year, month);
        month += 1;
        if month > 12 {
            month = 1;
            year += 1;
        }
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!(
        "{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        left + 1
    )
}

fn days(year: u64, month: u64) -> u64 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
