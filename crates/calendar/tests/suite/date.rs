//! Days and months.

use calendar::{
    Date, FIRST_DATE, LAST_DATE, TimeError, add_days, add_months, date_from_days, days_in_month, days_of, parse_date,
};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    parse_date(text).expect("a literal")
}

fn any_date() -> impl Strategy<Value = Date> {
    (days_of(FIRST_DATE)..=days_of(LAST_DATE)).prop_map(date_from_days)
}

#[test]
fn months_end_where_they_end() {
    let cases = [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", -48, "2020-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-01-15", 0, "2024-01-15"),
        ("9999-12-01", 1, "9999-12-31"),
        ("0001-01-15", -1, "0001-01-01"),
        ("2024-01-15", i64::MAX, "9999-12-31"),
        ("2024-01-15", i64::MIN, "0001-01-01"),
    ];
    for (from, months, to) in cases {
        assert_eq!(add_months(date(from), months), date(to), "{from} and {months} months");
    }
}

#[test]
fn days_are_counted_from_the_epoch() {
    assert_eq!(days_of(date("1970-01-01")), 0);
    assert_eq!(days_of(date("1969-12-31")), -1);
    assert_eq!(days_of(date("2024-02-29")), 19_782);
    assert_eq!(days_of(FIRST_DATE), -719_162);
    assert_eq!(date_from_days(19_782), date("2024-02-29"));
    assert_eq!(date_from_days(i32::MIN), FIRST_DATE);
    assert_eq!(date_from_days(i32::MAX), LAST_DATE);
    assert_eq!(add_days(date("2024-02-28"), 2), date("2024-03-01"));
    assert_eq!(add_days(date("2024-03-01"), -1), date("2024-02-29"));
    assert_eq!(add_days(LAST_DATE, i64::MAX), LAST_DATE);
    assert_eq!(add_days(LAST_DATE, i64::MIN), FIRST_DATE);
}

#[test]
fn months_know_their_length() {
    for (day, length) in [("2024-02-03", 29), ("1900-02-28", 28), ("2024-12-31", 31)] {
        assert_eq!(days_in_month(date(day)), length);
    }
}

#[test]
fn only_whole_days_are_dates() {
    for text in [
        "",
        "2024",
        "2024-1-1",
        "2024-01-01T00:00:00",
        "2024-01-01 ",
        "20240101",
        "-001-01-01",
        "+2024-01-01",
        "２０２４-01-01",
    ] {
        assert_eq!(parse_date(text), Err(TimeError::Syntax), "{text:?}");
    }
    for text in ["2023-02-29", "2024-00-10", "2024-13-01", "2024-04-31", "2024-01-00"] {
        assert_eq!(parse_date(text), Err(TimeError::Nonexistent), "{text}");
    }
    assert_eq!(parse_date("0000-12-31"), Err(TimeError::OutOfRange));
}

proptest! {
    #[test]
    fn days_and_dates_are_one_to_one(day in any_date(), step in -5000_i64..5000) {
        prop_assert_eq!(date_from_days(days_of(day)), day);
        prop_assert_eq!(parse_date(&day.to_string()), Ok(day));
        let moved = add_days(day, step);
        if moved != FIRST_DATE && moved != LAST_DATE {
            prop_assert_eq!(i64::from(days_of(moved)) - i64::from(days_of(day)), step);
        }
    }

    #[test]
    fn months_keep_order_and_the_day_where_they_can(day in any_date(), later in 0_i64..400, months in -400_i64..400) {
        let moved = add_months(day, months);
        prop_assert!(add_months(add_days(day, later), months) >= moved);
        if moved != FIRST_DATE && moved != LAST_DATE {
            prop_assert_eq!(i64::from(moved.day()), i64::from(day.day()).min(days_in_month(moved)));
            let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
            prop_assert_eq!(count(moved) - count(day), months);
        }
    }
}
