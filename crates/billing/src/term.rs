//! Payment terms, and the day on which an invoice falls due (receivables.md §4.1).

use calendar::Date;

use crate::named::Named;

/// When an invoice falls due, counted from the day it is posted: one of the documented terms and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    name: &'static str,
    due: Due,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Due {
    /// So many days after posting.
    After(u8),
    /// The first day of the month following the invoice.
    NextMonth,
    /// The next such day of a month, 1 to 31; the last day in shorter months.
    OnDay(u8),
}

macro_rules! terms {
    ($($name:literal $due:ident $(($days:literal))?,)+) => {
        impl Named for Term {
            const ALL: &'static [Self] = &[$(Self { name: $name, due: Due::$due $(($days))? },)+];
            const NAMES: &'static [&'static str] = &[$($name,)+];

            fn name(self) -> &'static str {
                self.name
            }
        }
    };
}

terms! {
    "Net0" After(0),
    "Net5" After(5),
    "Net7" After(7),
    "Net10" After(10),
    "Net15" After(15),
    "Net21" After(21),
    "Net30" After(30),
    "Net45" After(45),
    "Net60" After(60),
    "Net75" After(75),
    "Net90" After(90),
    "MFI1" NextMonth,
    "DayOfMonth1" OnDay(1),
    "DayOfMonth2" OnDay(2),
    "DayOfMonth3" OnDay(3),
    "DayOfMonth4" OnDay(4),
    "DayOfMonth5" OnDay(5),
    "DayOfMonth6" OnDay(6),
    "DayOfMonth7" OnDay(7),
    "DayOfMonth8" OnDay(8),
    "DayOfMonth9" OnDay(9),
    "DayOfMonth10" OnDay(10),
    "DayOfMonth11" OnDay(11),
    "DayOfMonth12" OnDay(12),
    "DayOfMonth13" OnDay(13),
    "DayOfMonth14" OnDay(14),
    "DayOfMonth15" OnDay(15),
    "DayOfMonth16" OnDay(16),
    "DayOfMonth17" OnDay(17),
    "DayOfMonth18" OnDay(18),
    "DayOfMonth19" OnDay(19),
    "DayOfMonth20" OnDay(20),
    "DayOfMonth21" OnDay(21),
    "DayOfMonth22" OnDay(22),
    "DayOfMonth23" OnDay(23),
    "DayOfMonth24" OnDay(24),
    "DayOfMonth25" OnDay(25),
    "DayOfMonth26" OnDay(26),
    "DayOfMonth27" OnDay(27),
    "DayOfMonth28" OnDay(28),
    "DayOfMonth29" OnDay(29),
    "DayOfMonth30" OnDay(30),
    "DayOfMonth31" OnDay(31),
}

impl Term {
    /// Due at once: what an account that says nothing bills by.
    pub const NET_0: Self = Self::ALL[0];

    /// The terms in words, as a customer reads them: `Net 30 days`.
    pub fn words(self) -> String {
        match self.due {
            Due::After(0) => "Due on receipt".to_owned(),
            Due::After(days) => format!("Net {days} days"),
            Due::NextMonth => "First of the following month".to_owned(),
            Due::OnDay(31) => "Last day of the month".to_owned(),
            Due::OnDay(day) => format!("Day {day} of the month"),
        }
    }

    /// The day on which an invoice posted on `posted_on` falls due. An invoice posted on the very day that a term like
    /// `DayOfMonth15` names is due on that day of the next month.
    pub fn due_on(self, posted_on: Date) -> Date {
        let next_month = calendar::add_months(posted_on.first_of_month(), 1);
        match self.due {
            Due::After(days) => calendar::add_days(posted_on, i64::from(days)),
            Due::NextMonth => next_month,
            Due::OnDay(day) => {
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
        assert_eq!(Term::NET_0.name(), "Net0");
        for name in ["Net1", "net30", "Net", "DayOfMonth0", "DayOfMonth32", "MFI2", ""] {
            assert_eq!(Term::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn words() {
        let rows = [
            ("Net0", "Due on receipt"),
            ("Net30", "Net 30 days"),
            ("MFI1", "First of the following month"),
            ("DayOfMonth15", "Day 15 of the month"),
            ("DayOfMonth31", "Last day of the month"),
        ];
        for (name, words) in rows {
            assert_eq!(Term::from_name(name).unwrap().words(), words);
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
