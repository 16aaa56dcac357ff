//! Days and months without a time of day.

use jiff::{Span, civil::Date};

/// The first day there is.
pub const FIRST_DATE: Date = Date::constant(1, 1, 1);
/// The last day there is.
pub const LAST_DATE: Date = Date::constant(9999, 12, 31);

/// Day zero of [`days_of`].
const EPOCH: Date = Date::constant(1970, 1, 1);
const DAY_SECONDS: i64 = 86_400;

/// The same day so many months later, or earlier when `months` is negative.
///
/// A day that the month lacks becomes its last: 31 January and one month is 28 or 29 February
/// (purchases.md §6.2). Stops at [`FIRST_DATE`] and [`LAST_DATE`].
pub fn add_months(date: Date, months: i64) -> Date {
    moved(date, Span::new().try_months(months), months)
}

/// So many days later, or earlier when `days` is negative. Stops at [`FIRST_DATE`] and [`LAST_DATE`].
pub fn add_days(date: Date, days: i64) -> Date {
    moved(date, Span::new().try_days(days), days)
}

/// How many days the month of `date` has.
pub fn days_in_month(date: Date) -> i64 {
    i64::from(date.days_in_month())
}

/// Days since 1970-01-01, as dates are stored; negative before it.
pub fn days_of(date: Date) -> i32 {
    let days = date.duration_since(EPOCH).as_secs() / DAY_SECONDS;
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The date so many days after 1970-01-01. Stops at [`FIRST_DATE`] and [`LAST_DATE`].
pub fn date_from_days(days: i32) -> Date {
    add_days(EPOCH, i64::from(days))
}

/// A span too long to exist leads to the end of the calendar that it points at.
fn moved(date: Date, span: Result<Span, jiff::Error>, direction: i64) -> Date {
    let end = if direction < 0 { FIRST_DATE } else { LAST_DATE };
    span.and_then(|span| date.checked_add(span)).unwrap_or(end).clamp(FIRST_DATE, LAST_DATE)
}
