//! Days of a zone.

use calendar::{Date, FIRST_DATE, Instant, LAST_DATE, TimeError, Zone, date_from_days, parse_date};
use proptest::prelude::*;

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a literal")
}

fn date(text: &str) -> Date {
    parse_date(text).expect("a literal")
}

fn start(name: &str, day: &str) -> String {
    zone(name).start_of(date(day)).to_string()
}

#[test]
fn names_are_those_of_iana() {
    assert_eq!(zone("America/Toronto").name(), "America/Toronto");
    assert_eq!(zone("america/toronto"), zone("America/Toronto"));
    assert_eq!(Zone::utc().name(), "UTC");
    assert_eq!(Zone::utc(), zone("UTC"));
    for name in ["", "Mars/Olympus", "Eastern Standard Time", "Etc/Unknown", "+05:00", "../etc/passwd"] {
        assert_eq!(Zone::parse(name), Err(TimeError::UnknownZone), "{name:?}");
    }
}

#[test]
fn days_follow_daylight_saving() {
    assert_eq!(start("America/Toronto", "2024-07-01"), "2024-07-01T04:00:00");
    assert_eq!(start("America/Toronto", "2024-01-01"), "2024-01-01T05:00:00");
    assert_eq!(start("Asia/Kolkata", "2024-01-01"), "2023-12-31T18:30:00");
    assert_eq!(start("UTC", "2024-01-01"), "2024-01-01T00:00:00");
    let toronto = zone("America/Toronto");
    let date_of = |text| toronto.date_of(Instant::parse(text).unwrap());
    assert_eq!(date_of("2024-07-01T03:59:59.999"), date("2024-06-30"));
    assert_eq!(date_of("2024-07-01T04:00:00"), date("2024-07-01"));
}

#[test]
fn a_day_without_midnight_starts_when_the_gap_ends() {
    assert_eq!(start("America/Sao_Paulo", "2018-11-04"), "2018-11-04T03:00:00");
    // Clocks went from 23:30 to 00:30, so the day began half an hour late.
    assert_eq!(start("America/Toronto", "1919-03-31"), "1919-03-31T04:30:00");
    // Samoa crossed the date line and never had this day.
    assert_eq!(start("Pacific/Apia", "2011-12-30"), start("Pacific/Apia", "2011-12-31"));
}

#[test]
fn a_day_with_two_midnights_starts_at_the_first() {
    assert_eq!(start("America/Havana", "2024-11-03"), "2024-11-03T04:00:00");
}

#[test]
fn the_ends_of_the_calendar_have_days_too() {
    for name in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let zone = zone(name);
        for (day, instant) in [(FIRST_DATE, Instant::NEVER_SET), (LAST_DATE, Instant::MAX)] {
            assert!(zone.start_of(day).since(instant).abs() <= 2 * 86_400_000, "{name}");
            let off = calendar::days_of(zone.date_of(instant)) - calendar::days_of(day);
            assert!(off.abs() <= 1, "{name}");
        }
    }
}

proptest! {
    #[test]
    fn the_start_of_a_day_is_its_first_instant(
        // 1850 to 2100, through every rule a zone ever had.
        days in -43_829_i32..47_482,
        name in prop::sample::select(vec![
            "UTC", "America/Toronto", "America/Sao_Paulo", "America/Havana", "Europe/Berlin", "Africa/Cairo",
            "Asia/Beirut", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham",
        ]),
    ) {
        let (zone, day) = (zone(name), date_from_days(days));
        let start = zone.start_of(day);
        prop_assert_eq!(zone.date_of(start), day);
        prop_assert!(zone.date_of(start.plus_millis(-1)) < day);
    }
}
