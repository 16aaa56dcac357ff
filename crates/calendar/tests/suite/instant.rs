//! Timestamps as text and as numbers.

use calendar::{Instant, TimeError};
use proptest::prelude::*;

fn read(text: &str) -> String {
    Instant::parse(text).map_or_else(|error| format!("{error:?}"), |instant| instant.to_string())
}

#[test]
fn every_documented_form_is_read() {
    let cases = [
        ("2024-02-29", "2024-02-29T00:00:00"),
        ("2019-11-11T19:39:55", "2019-11-11T19:39:55"),
        ("2019-11-11T19:40:07.963", "2019-11-11T19:40:07.963"),
        ("2019-11-11T14:51:04.020", "2019-11-11T14:51:04.02"),
        ("2023-04-13T17:41:39.7648223Z", "2023-04-13T17:41:39.764"),
        ("2024-01-01T00:00:00.9999999999999999", "2024-01-01T00:00:00.999"),
        ("2017-01-01T00:00:00.000Z", "2017-01-01T00:00:00"),
        ("2024-07-01T00:00:00-04:00", "2024-07-01T04:00:00"),
        ("2024-01-01T00:30:00.5+05:30", "2023-12-31T19:00:00.5"),
        ("2024-01-01T00:00:00+0100", "2023-12-31T23:00:00"),
        ("2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.999"),
    ];
    for (text, written) in cases {
        assert_eq!(read(text), written, "{text}");
    }
}

#[test]
fn other_forms_are_refused() {
    for text in [
        "",
        "2024",
        "2024-01",
        "2024-01-01T",
        "2024-01-01 00:00:00",
        "2024-01-01t00:00:00",
        "2024-01-01T00:00",
        "2024-01-01T00:00:00.",
        "2024-01-01T00:00:00,5",
        "2024-01-01T00:00:00z",
        "2024-01-01T00:00:00 Z",
        "2024-01-01T00:00:00ZZ",
        "2024-01-01T00:00:00+",
        "2024-01-01T00:00:00+1",
        "2024-01-01T00:00:00+01",
        "2024-01-01Z",
        "2024-01-01T0:00:00",
        " 2024-01-01",
        "01/02/2024",
        "20240-01-01",
        "2024-01-01T00:00:00é",
        "\u{e9}\u{e9}\u{e9}",
    ] {
        assert_eq!(Instant::parse(text), Err(TimeError::Syntax), "{text:?}");
    }
    for text in [
        "2023-02-29",
        "2024-01-01T24:00:00",
        "2024-01-01T00:60:00",
        "2024-06-30T23:59:60",
        "2024-01-01T00:00:00+14:01",
        "2024-01-01T00:00:00+01:60",
    ] {
        assert_eq!(Instant::parse(text), Err(TimeError::Nonexistent), "{text}");
    }
    for text in ["0000-12-31", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        assert_eq!(Instant::parse(text), Err(TimeError::OutOfRange), "{text}");
    }
}

#[test]
fn the_ends_hold() {
    assert_eq!(Instant::NEVER_SET.to_string(), "0001-01-01T00:00:00");
    assert_eq!(Instant::MAX.to_string(), "9999-12-31T23:59:59.999");
    assert_eq!(Instant::from_millis(i64::MIN), Instant::NEVER_SET);
    assert_eq!(Instant::NEVER_SET.plus_days(i64::MAX), Instant::MAX);
    assert_eq!(Instant::MAX.plus_millis(i64::MIN), Instant::NEVER_SET);
    assert_eq!(Instant::MAX.since(Instant::NEVER_SET), 315_537_897_599_999);
}

#[test]
fn the_epoch_is_zero_and_the_millisecond_before_it_is_the_year_before() {
    assert_eq!(Instant::from_millis(0).to_string(), "1970-01-01T00:00:00");
    assert_eq!(Instant::from_millis(-1).to_string(), "1969-12-31T23:59:59.999");
    assert_eq!(Instant::from_millis(-1).utc_date().to_string(), "1969-12-31");
    assert_eq!(Instant::from_millis(1).to_string(), "1970-01-01T00:00:00.001");
}

proptest! {
    #[test]
    fn text_and_back_is_the_same_instant(millis in Instant::NEVER_SET.millis()..=Instant::MAX.millis()) {
        let instant = Instant::from_millis(millis);
        let text = instant.to_string();
        prop_assert_eq!(Instant::parse(&text), Ok(instant));
        prop_assert_eq!(Instant::parse(&format!("{text}Z")), Ok(instant));
        prop_assert!(!text.contains('.') || !text.ends_with('0'));
        prop_assert_eq!(instant.utc_date().to_string(), &text[..10]);
    }

    #[test]
    fn text_sorts_as_time_does(left: i64, right: i64) {
        let seconds = |millis: i64| Instant::from_millis(millis / 1000 * 1000);
        let (left, right) = (seconds(left), seconds(right));
        prop_assert_eq!(left.to_string().cmp(&right.to_string()), left.cmp(&right));
    }

    #[test]
    fn no_text_panics(text in "[-+:.0-9TZ]{0,35}|\\PC{0,12}|2024-01-01T00:00:00\\PC{0,5}") {
        let _ = Instant::parse(&text);
    }

    #[test]
    fn moving_and_measuring_meet(millis in -10_000_000_000_000_i64..10_000_000_000_000, step in -10_000_i64..10_000) {
        let start = Instant::from_millis(millis);
        prop_assert_eq!(start.plus_millis(step).since(start), step);
        prop_assert_eq!(start.plus_days(step), start.plus_millis(step * 86_400_000));
    }
}
