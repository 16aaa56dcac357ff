//! Payment terms, and the day on which an invoice falls due (receivables.md §4.1).

use calendar::Date;

use crate::named::Named;

/// When an invoice falls due, counted from the day it is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Term {
    /// So many days after posting; only the documented numbers of days have a name.
    Net(u16),
    /// The first day of the month following the invoice.
    Mfi1,
    /// The next such day of a month, 1 to 31; the last day in shorter months.
    DayOfMonth(u8),
}

impl Named for Term {
    const ALL: &'static [Self] = &[
        Self::Net(0),
        Self::Net(5),
        Self::Net(7),
        Self::Net(10),
        Self::Net(15),
        Self::Net(21),
        Self::Net(30),
        Self::Net(45),
        Self::Net(60),
        Self::Net(75),
        Self::Net(90),
        Self::Mfi1,
        Self::DayOfMonth(1),
        Self::DayOfMonth(2),
        Self::DayOfMonth(3),
        Self::DayOfMonth(4),
        Self::DayOfMonth(5),
        Self::DayOfMonth(6),
        Self::DayOfMonth(7),
        Self::DayOfMonth(8),
        Self::DayOfMonth(9),
        Self::DayOfMonth(10),
        Self::DayOfMonth(11),
        Self::DayOfMonth(12),
        Self::DayOfMonth(13),
        Self::DayOfMonth(14),
        Self::DayOfMonth(15),
        Self::DayOfMonth(16),
        Self::DayOfMonth(17),
        Self::DayOfMonth(18),
        Self::DayOfMonth(19),
        Self::DayOfMonth(20),
        Self::DayOfMonth(21),
        Self::DayOfMonth(22),
        Self::DayOfMonth(23),
        Self::DayOfMonth(24),
        Self::DayOfMonth(25),
        Self::DayOfMonth(26),
        Self::DayOfMonth(27),
        Self::DayOfMonth(28),
        Self::DayOfMonth(29),
        Self::DayOfMonth(30),
        Self::DayOfMonth(31),
    ];
    const NAMES: &'static [&'static str] = &[
        "Net0",
        "Net5",
        "Net7",
        "Net10",
        "Net15",
        "Net21",
        "Net30",
        "Net45",
        "Net60",
        "Net75",
        "Net90",
        "MFI1",
        "DayOfMonth1",
        "DayOfMonth2",
        "DayOfMonth3",
        "DayOfMonth4",
        "DayOfMonth5",
        "DayOfMonth6",
        "DayOfMonth7",
        "DayOfMonth8",
        "DayOfMonth9",
        "DayOfMonth10",
        "DayOfMonth11",
        "DayOfMonth12",
        "DayOfMonth13",
        "DayOfMonth14",
        "DayOfMonth15",
        "DayOfMonth16",
        "DayOfMonth17",
        "DayOfMonth18",
        "DayOfMonth19",
        "DayOfMonth20",
        "DayOfMonth21",
        "DayOfMonth22",
        "DayOfMonth23",
        "DayOfMonth24",
        "DayOfMonth25",
        "DayOfMonth26",
        "DayOfMonth27",
        "DayOfMonth28",
        "DayOfMonth29",
        "DayOfMonth30",
        "DayOfMonth31",
    ];

    fn name(self) -> &'static str {
        let position = Self::ALL.iter().position(|term| *term == self);
        // A term outside the list has no spelling: every constructor of the crate takes it from the list.
        position.map_or("Net0", |position| Self::NAMES[position])
    }
}

impl Term {
    /// The day on which an invoice posted on `posted_on` falls due. An invoice posted on the very day of
    /// [`Term::DayOfMonth`] is due on that day of the next month.
    pub fn due_on(self, posted_on: Date) -> Date {
        let next_month = calendar::add_months(posted_on.first_of_month(), 1);
        match self {
            Self::Net(days) => calendar::add_days(posted_on, i64::from(days)),
            Self::Mfi1 => next_month,
            Self::DayOfMonth(day) => {
                let this_month = with_day(posted_on, day);
                if this_month > posted_on { this_month } else { with_day(next_month, day) }
            }
        }
    }
}

/// That day of the month of `date`, or the month's last day.
fn with_day(date: Date, day: u8) -> Date {
    let day = i64::from(day).min(i64::from(date.days_in_month()));
    calendar::add_days(date.first_of_month(), day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_name_is_a_term_and_back() {
        for name in Term::NAMES {
            assert_eq!(Term::from_name(name).unwrap().name(), *name);
        }
        for name in ["Net1", "net30", "Net", "DayOfMonth0", "DayOfMonth32", "MFI2", ""] {
            assert_eq!(Term::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn due_days() {
        let rows = [
            ("Net0", "2024-01-01", "2024-01-01"),
            ("Net5", "2024-01-01", "2024-01-06"),
            ("Net30", "2024-01-31", "2024-03-01"),
            ("MFI1", "2024-01-31", "2024-02-01"),
            ("MFI1", "2024-12-01", "2025-01-01"),
            ("DayOfMonth15", "2024-01-14", "2024-01-15"),
            ("DayOfMonth15", "2024-01-15", "2024-02-15"),
            ("DayOfMonth31", "2024-01-31", "2024-02-29"),
            ("DayOfMonth31", "2024-02-01", "2024-02-29"),
        ];
        for (name, posted, due) in rows {
            assert_eq!(Term::from_name(name).unwrap().due_on(date(posted)), date(due), "{name} {posted}");
        }
    }
}
