//! The time zone of an account, which decides on which day an instant falls.

use jiff::{
    Timestamp,
    civil::Date,
    tz::{AmbiguousOffset, TimeZone},
};

use crate::{
    Instant, TimeError, date,
    instant::{DAY_MILLIS, date_of_millis},
};

/// An IANA time zone with its rules, which are part of the program; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of an IANA name such as `America/Toronto`, in any case, or [`TimeError::UnknownZone`].
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()).map(Self).ok_or(TimeError::UnknownZone)
    }

    /// Universal time, the default of accounts.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name in its usual case.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that the calendar on the wall shows at that instant.
    pub fn date_of(&self, instant: Instant) -> Date {
        let offset = self.0.to_offset(timestamp(instant)).seconds();
        date_of_millis(instant.millis() + i64::from(offset) * 1000)
    }

    /// The first instant of the day: midnight, or the end of the gap when clocks skip it.
    ///
    /// A day that the zone never had, such as 2011-12-30 in Samoa, starts with the day after it.
    pub fn start_of(&self, date: Date) -> Instant {
        // The zone rules end a day before the calendar does; beyond them midnight is that of UTC.
        self.local_midnight(date)
            .map_or_else(|| utc_midnight(date), |start| Instant::from_millis(start.as_millisecond()))
    }

    fn local_midnight(&self, date: Date) -> Option<Timestamp> {
        let midnight = self.0.to_ambiguous_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
        let offset = midnight.offset();
        let start = midnight.compatible().ok()?;
        match offset {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => Some(start),
            AmbiguousOffset::Gap { .. } => {
                // `start` lies as far behind the gap's end as midnight does behind its start.
                let just_after = start.checked_add(jiff::SignedDuration::from_secs(1)).ok()?;
                self.0.preceding(just_after).next().map(|transition| transition.timestamp())
            }
        }
    }
}

fn utc_midnight(date: Date) -> Instant {
    Instant::from_millis(i64::from(date::days_of(date)) * DAY_MILLIS)
}

/// The nearest time for which zone rules are known.
fn timestamp(instant: Instant) -> Timestamp {
    Timestamp::from_millisecond(instant.millis()).unwrap_or(Timestamp::MAX)
}
