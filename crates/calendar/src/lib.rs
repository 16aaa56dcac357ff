//! Time as a value: instants, dates, account time zones, and the one clock.
//!
//! An [`Instant`] says when, a [`Date`] says on which day of some account, and only a [`Zone`] leads
//! from one to the other. All are kept within the years 1 to 9999, which the wire format can write.

mod clock;
mod date;
mod instant;
mod text;
mod zone;

pub use clock::{Clock, ClockHand};
pub use date::{FIRST_DATE, LAST_DATE, add_days, add_months, date_from_days, days_in_month, days_of};
pub use instant::Instant;
pub use jiff::civil::Date;
pub use text::parse_date;
pub use zone::Zone;

/// Why a text names no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text is not in a form that is read.
    #[error("is not a date (YYYY-MM-DD) or a timestamp (YYYY-MM-DDTHH:MM:SS)")]
    Syntax,
    /// The form is right, but there is no such day or time of day, such as 30 February.
    #[error("is not a day or time that exists")]
    Nonexistent,
    /// The time is before the year 1 or after the year 9999 in UTC.
    #[error("is outside the years 1 to 9999")]
    OutOfRange,
    /// No time zone has this name.
    #[error("is not the name of a time zone")]
    UnknownZone,
}
