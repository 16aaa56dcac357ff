//! Days counted from 1970-01-01, and months of them.

const DAYS_OF_MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The same day so many months later; the last day of a month that lacks it.
pub(super) fn months_later(day: i64, months: i64) -> i64 {
    let (mut year, mut month, mut rest) = (1970, 0, day);
    while rest >= length(year, month) {
        rest -= length(year, month);
        (year, month) = next(year, month);
    }
    let mut first = day - rest;
    for _ in 0..months {
        first += length(year, month);
        (year, month) = next(year, month);
    }
    first + rest.min(length(year, month) - 1)
}

fn next(year: i64, month: usize) -> (i64, usize) {
    if month == 11 { (year + 1, 0) } else { (year, month + 1) }
}

fn length(year: i64, month: usize) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    DAYS_OF_MONTHS[month] + i64::from(month == 1 && is_leap)
}

#[test]
fn months_are_counted_from_the_first_day() {
    // 31 January 2024, 29 February, 31 March, 31 January 2025.
    let january = 19_753;
    assert_eq!([0, 1, 2, 12].map(|months| months_later(january, months)), [january, 19_782, 19_813, 20_119]);
}
