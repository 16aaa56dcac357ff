//! A calendar that knows only what day follows another.

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

/// The last day of a month.
pub(crate) fn longest(year: i64, month: i64) -> i64 {
    let is_leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    fn is_last_of_month(self) -> bool {
        self.day == longest(self.year, self.month)
    }

    pub(crate) fn next(self) -> Self {
        if !self.is_last_of_month() {
            Self { day: self.day + 1, ..self }
        } else if self.month == 12 {
            Self { year: self.year + 1, month: 1, day: 1 }
        } else {
            Self { month: self.month + 1, day: 1, ..self }
        }
    }

    /// Whether a month counted from `start` ends here: its day of the month, or the last day of a month without it.
    pub(crate) fn is_border_of(self, start: Self) -> bool {
        self.day == start.day || (self.day < start.day && self.is_last_of_month())
    }
}
