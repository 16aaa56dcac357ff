//! Points in time, to the millisecond, and how the wire writes them.

use std::fmt;

use jiff::civil::Date;

use crate::{TimeError, date, text};

pub(crate) const DAY_MILLIS: i64 = 86_400_000;

/// A point in time in milliseconds since 1970-01-01T00:00:00Z, within the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// What the reference shows where a timestamp was never set; also the first instant there is.
    pub const NEVER_SET: Self = Self(-62_135_596_800_000);
    /// The last millisecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant so many milliseconds after the epoch. Stops at [`Instant::NEVER_SET`] and [`Instant::MAX`].
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(Self::NEVER_SET.0, Self::MAX.0))
    }

    /// Milliseconds since the epoch, as instants are stored.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads a timestamp of the wire (conventions.md §4): `YYYY-MM-DD` for midnight, or
    /// `YYYY-MM-DDTHH:MM:SS` with an optional fraction, then nothing or `Z` for UTC or an offset such as `-05:00`.
    ///
    /// A fraction finer than a millisecond is cut, not rounded.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let millis = text::parse_timestamp(text)?;
        if (Self::NEVER_SET.0..=Self::MAX.0).contains(&millis) { Ok(Self(millis)) } else { Err(TimeError::OutOfRange) }
    }

    /// So many times 24 hours later. Stops at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_millis(days.saturating_mul(DAY_MILLIS))
    }

    /// So many milliseconds later. Stops at the ends of the calendar.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this; negative when it is in fact later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The day in UTC.
    pub fn utc_date(self) -> Date {
        date_of_millis(self.0)
    }
}

/// The day on which that many milliseconds since 1970-01-01T00:00:00 of the same offset fall.
pub(crate) fn date_of_millis(millis: i64) -> Date {
    let days = millis.div_euclid(DAY_MILLIS);
    date::date_from_days(i32::try_from(days).unwrap_or(i32::MAX))
}

impl fmt::Display for Instant {
    /// The wire format `yyyy-MM-ddTHH:mm:ss[.fff]`: UTC, no zone, zeros at the end of the fraction cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.utc_date();
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (seconds, fraction) = {
            let of_day = self.0.rem_euclid(DAY_MILLIS);
            (of_day / 1000, of_day % 1000)
        };
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction != 0 {
            let digits = format!("{fraction:03}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({self}Z)")
    }
}
