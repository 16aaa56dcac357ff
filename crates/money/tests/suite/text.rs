//! Reading and writing numbers.

use money::{Amount, NumberError, Percentage, Price, Quantity};
use proptest::prelude::*;

#[test]
fn json_numbers_are_read_exactly() {
    let cases = [
        ("0", 0),
        ("-0", 0),
        ("-0.0", 0),
        ("12.5", 12_500_000),
        ("-3", -3_000_000),
        ("0.000001", 1),
        ("1.0000000", 1_000_000),
        ("0.0000010000", 1),
        ("1e3", 1_000_000_000),
        ("1E+3", 1_000_000_000),
        ("1.5E-2", 15_000),
        ("15000000e-12", 15),
        ("0.00000000012e6", 120),
        ("0e99999999999999999999", 0),
        ("0.0e-99999999999999999999", 0),
        ("9223372036854.775807", i64::MAX),
        ("-9223372036854.775807", -i64::MAX),
    ];
    for (text, millionths) in cases {
        assert_eq!(Amount::parse(text).map(Amount::millionths), Ok(millionths), "{text}");
    }
}

#[test]
fn what_is_no_json_number_is_refused() {
    let cases = [
        "", "-", "+1", "--1", "1.", ".5", "-.5", "01", "-01", "00", "1e", "1e+", "1e1.5", "0x10", "NaN", "Infinity",
        "1,5", "1 ", " 1", "1_000", "1d", "١", "½", "1.2.3", "1e5e5", "null",
    ];
    for text in cases {
        assert_eq!(Amount::parse(text), Err(NumberError::Syntax), "{text:?}");
    }
}

#[test]
fn too_fine_and_too_large_are_told_apart() {
    for text in ["0.0000001", "1.0000005", "1e-7", "-12.1234567", "1e-99999999999999999999"] {
        assert_eq!(Amount::parse(text), Err(NumberError::TooManyDecimals), "{text}");
    }
    for text in [
        "9223372036854.775808",
        "-9223372036854.775808",
        "10000000000000",
        "1e13",
        "1e99999999999999999999",
        "79228162514264337593543950335",
    ] {
        assert_eq!(Amount::parse(text), Err(NumberError::TooLarge), "{text}");
    }
}

#[test]
fn scale_is_a_minimum_and_never_cuts() {
    let amount = |text| Amount::parse(text).unwrap();
    assert_eq!(amount("10").with_scale(4), "10.0000");
    assert_eq!(amount("10.12345").with_scale(4), "10.12345");
    assert_eq!(amount("-0.5").with_scale(4), "-0.5000");
    assert_eq!(amount("7").with_scale(0), "7");
    assert_eq!(amount("7").with_scale(8), "7.00000000");
    assert_eq!(Quantity::ZERO.with_scale(1), "0.0");
    assert_eq!(Price::ZERO.with_scale(6), "0.000000");
}

#[test]
fn display_is_shortest_and_honours_width() {
    assert_eq!(Price::parse("12.500").unwrap().to_string(), "12.5");
    assert_eq!(Percentage::HUNDRED.to_string(), "100");
    assert_eq!(format!("{:>8}|{:<6}|", Amount::parse("-3.2").unwrap(), Amount::ONE), "    -3.2|1     |");
    assert_eq!(format!("{:?}", Quantity::parse("2.5").unwrap()), "Quantity(2.5)");
}

#[test]
fn arithmetic_ends_at_the_edge_of_the_range() {
    let smallest = Amount::MAX.negated();
    assert_eq!(Amount::MAX.checked_add(Amount::from_millionths(1)), Err(NumberError::TooLarge));
    assert_eq!(smallest.checked_sub(Amount::from_millionths(1)), Err(NumberError::TooLarge));
    assert_eq!(Amount::MAX.checked_add(smallest), Ok(Amount::ZERO));
    assert_eq!(Amount::from_millionths(i64::MIN), smallest);
    assert_eq!(smallest.negated(), Amount::MAX);
    assert_eq!(Amount::sum([Amount::MAX, Amount::ONE, smallest]), Ok(Amount::ONE));
    assert_eq!(Amount::sum([Amount::MAX, Amount::ONE]), Err(NumberError::TooLarge));
    assert_eq!(Amount::sum([]), Ok(Amount::ZERO));
}

proptest! {
    #[test]
    fn text_and_back_is_the_same_number(millionths: i64, scale in 0_usize..9) {
        let amount = Amount::from_millionths(millionths);
        prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        prop_assert_eq!(Amount::parse(&amount.with_scale(scale)), Ok(amount));
        let decimals = amount.with_scale(scale).split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert!(decimals >= scale);
    }

    #[test]
    fn an_exponent_only_moves_the_point(units in -999_999_i64..=999_999, exponent in -6_i32..=6) {
        let expected = i128::from(units) * 10_i128.pow((exponent + 6).unsigned_abs());
        let read = Amount::parse(&format!("{units}e{exponent}")).unwrap();
        prop_assert_eq!(i128::from(read.millionths()), expected);
    }

    #[test]
    fn no_text_panics(text in "[-+0-9.eE]{0,40}|\\PC{0,12}") {
        let _ = Amount::parse(&text);
    }

    #[test]
    fn adding_and_taking_away_meet(left: i64, right: i64) {
        let (left, right) = (Amount::from_millionths(left), Amount::from_millionths(right));
        if let Ok(sum) = left.checked_add(right) {
            prop_assert_eq!(sum.checked_sub(right), Ok(left));
            prop_assert_eq!(Amount::sum([right, left]), Ok(sum));
        } else {
            prop_assert_eq!(Amount::sum([right, left]), Err(NumberError::TooLarge));
        }
    }
}
