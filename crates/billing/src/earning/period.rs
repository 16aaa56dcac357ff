//! An earning period and how it is cut: pure calendar, no money.

use calendar::{Date, add_days, add_months, days_of};

pub(super) const MONTHS_OF_A_YEAR: i64 = 12;

/// A period of whole months, cut into parts. It begins on the day a charge posts (purchases.md §6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Length; positive.
    pub(super) months: i64,
    pub(super) cut: Cut,
    pub(super) falls: Falls,
}

/// How long each part is; the last one ends with the period and may be shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// One day.
    Days,
    /// So many months; positive.
    Months(i64),
    /// The whole period.
    Whole,
}

/// On which day of a part its revenue falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Falls {
    /// Its first day.
    AtStart,
    /// The day after its last day.
    AtEnd,
}

impl Period {
    /// The day after the last one of the period.
    fn end(self, starts_on: Date) -> Date {
        add_months(starts_on, self.months)
    }

    /// Into how many parts the period is cut; at least one.
    pub(super) fn part_count(self, starts_on: Date) -> i64 {
        let length = self.length(starts_on);
        let of_one = self.part_length(length);
        length / of_one + i64::from(length % of_one != 0)
    }

    /// The length of the period, in days when it is cut into days and in months otherwise; positive.
    pub(super) fn length(self, starts_on: Date) -> i64 {
        match self.cut {
            // The calendar ends, so a period that begins with its last day has none after it.
            Cut::Days => days_between(starts_on, self.end(starts_on)).max(1),
            Cut::Months(_) | Cut::Whole => self.months,
        }
    }

    /// How much of the length the first `parts` parts make.
    pub(super) fn length_of(self, parts: i64, starts_on: Date) -> i64 {
        let length = self.length(starts_on);
        (parts * self.part_length(length)).min(length)
    }

    fn part_length(self, length: i64) -> i64 {
        match self.cut {
            Cut::Days => 1,
            Cut::Months(months) => months,
            Cut::Whole => length,
        }
    }

    /// The day of part `number`, counted from 1.
    pub(super) fn falls_on(self, number: i64, starts_on: Date) -> Date {
        match self.falls {
            Falls::AtStart => self.border(number - 1, starts_on),
            Falls::AtEnd => self.border(number, starts_on),
        }
    }

    /// The day on which the first `parts` parts have ended. Each border is counted from the start, so that a month
    /// that is too short moves only its own border: 31 January, 29 February, 31 March.
    fn border(self, parts: i64, starts_on: Date) -> Date {
        let length = self.length_of(parts, starts_on);
        match self.cut {
            Cut::Days => add_days(starts_on, length),
            Cut::Months(_) | Cut::Whole => add_months(starts_on, length),
        }
    }

    /// How many parts fall on `date` or before it.
    pub(super) fn parts_by(self, date: Date, starts_on: Date) -> i64 {
        if date < starts_on {
            return 0;
        }
        let count = self.part_count(starts_on);
        if date >= self.end(starts_on) {
            return count;
        }
        let passed = match self.cut {
            Cut::Days => days_between(starts_on, date),
            Cut::Months(months) => months_between(starts_on, date) / months,
            Cut::Whole => 0,
        };
        match self.falls {
            Falls::AtStart => (passed + 1).min(count),
            Falls::AtEnd => passed,
        }
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(days_of(to)) - i64::from(days_of(from))
}

/// Whole months from one day to a later one, where a border that its month lacks is the month's last day.
fn months_between(from: Date, to: Date) -> i64 {
    let month = |date: Date| i64::from(date.year()) * MONTHS_OF_A_YEAR + i64::from(date.month());
    let months = month(to) - month(from);
    if add_months(from, months) > to { months - 1 } else { months }
}
