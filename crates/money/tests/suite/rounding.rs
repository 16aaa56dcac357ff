//! Products and the one door to cents.

use money::{Amount, Currency, Exact, NumberError, Percentage, Price, Quantity};
use proptest::prelude::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("a literal")
}

fn any_amount() -> impl Strategy<Value = Amount> {
    any::<i64>().prop_map(Amount::from_millionths)
}

/// A product of any two numbers, or a percentage, so that both scales are covered.
fn any_exact() -> impl Strategy<Value = Exact> {
    prop_oneof![
        (any_amount(), any::<i64>()).prop_map(|(amount, quantity)| amount.times(Quantity::from_millionths(quantity))),
        (any_amount(), -200_000_000_i64..200_000_000)
            .prop_map(|(amount, percent)| amount.percent(Percentage::from_millionths(percent))),
        (-3_000_000_i64..3_000_000, -3_000_000_i64..3_000_000)
            .prop_map(|(left, right)| { Amount::from_millionths(left).percent(Percentage::from_millionths(right)) }),
    ]
}

#[test]
fn a_unit_costs_its_share() {
    for (whole, units, expected) in [
        ("58", "12", "4.833333"),
        ("50", "7", "7.142857"),
        ("2", "3", "0.666667"),
        ("-2", "3", "-0.666667"),
        ("0.000001", "2", "0.000001"),
        ("-0.000001", "2", "-0.000001"),
        ("0.000001", "2.000001", "0"),
        ("12.5", "2.5", "5"),
        ("0", "2.5", "0"),
    ] {
        let quantity = Quantity::parse(units).unwrap();
        assert_eq!(amount(whole).per_unit(quantity), Ok(Price::parse(expected).unwrap()), "{whole} / {units}");
    }
    assert_eq!(Amount::MAX.per_unit(Quantity::from_millionths(1)), Err(NumberError::TooLarge));
    for none in [Quantity::ZERO, Quantity::ONE.negated()] {
        assert_eq!(Amount::ONE.per_unit(none), Err(NumberError::NoShares));
    }
}

#[test]
fn halves_go_away_from_zero() {
    let cases = [
        ("0.005", "0.01", "0"),
        ("-0.005", "-0.01", "0"),
        ("0.004999", "0", "0"),
        ("-0.004999", "0", "0"),
        ("1.015", "1.02", "1"),
        ("2.5", "2.5", "3"),
        ("-2.5", "-2.5", "-3"),
        ("2.499999", "2.5", "2"),
        ("33.333333", "33.33", "33"),
    ];
    for (value, dollars, yen) in cases {
        let exact = Exact::from(amount(value));
        assert_eq!(Amount::round(exact, Currency::USD), Ok(amount(dollars)), "{value}");
        assert_eq!(Amount::round(exact, Currency::JPY), Ok(amount(yen)), "{value}");
    }
}

#[test]
fn prices_times_quantities_round_once() {
    let price = Price::parse("0.333333").unwrap();
    let three = Quantity::parse("3").unwrap();
    assert_eq!(Amount::round(price.times(three), Currency::USD), Ok(amount("1")));
    let half = Quantity::parse("2.5").unwrap();
    assert_eq!(Amount::round(Price::parse("5").unwrap().times(half), Currency::USD), Ok(amount("12.5")));
    // Each half cent would become a cent on its own; together they are one.
    let half_cent = Exact::from(Price::parse("0.005").unwrap());
    let sum = half_cent.checked_add(half_cent).unwrap();
    assert_eq!(Amount::round(sum, Currency::USD), Ok(amount("0.01")));
}

#[test]
fn a_percentage_keeps_the_fourteenth_decimal() {
    // 0.015 % of 33.333333 is 0.00499999995, just under half a cent.
    let under = amount("33.333333").percent(Percentage::parse("0.015").unwrap());
    assert_eq!(Amount::round(under, Currency::USD), Ok(Amount::ZERO));
    // The smallest product, 10⁻¹⁴, tips an exact half in either direction.
    let half = Exact::from(amount("-0.005"));
    let least = amount("0.000001").percent(Percentage::parse("0.000001").unwrap());
    assert!(!least.is_zero() && !least.is_negative());
    assert_eq!(Amount::round(half.checked_add(least).unwrap(), Currency::USD), Ok(Amount::ZERO));
    assert_eq!(Amount::round(half, Currency::USD), Ok(amount("-0.01")));
}

#[test]
fn what_no_amount_can_hold_is_refused() {
    let largest = Price::MAX.times(Quantity::MAX);
    assert_eq!(Amount::round(largest, Currency::USD), Err(NumberError::TooLarge));
    let twice = largest.checked_add(largest).unwrap();
    assert_eq!(twice.checked_add(twice), Err(NumberError::TooLarge));
    // The largest amount itself is no multiple of a cent, and the next cent does not exist.
    assert_eq!(Amount::round(Exact::from(Amount::MAX), Currency::USD), Err(NumberError::TooLarge));
    assert_eq!(Amount::round(Exact::from(amount("9223372036854.77")), Currency::USD), Ok(amount("9223372036854.77")));
}

#[test]
fn portions_follow_the_cumulative_rule() {
    let total = amount("1200");
    let month = |n: i64| {
        let until = total.portion(n, 36, Currency::USD).unwrap();
        until.checked_sub(total.portion(n - 1, 36, Currency::USD).unwrap()).unwrap()
    };
    let parts: Vec<_> = (1..=3).map(|n| month(n).to_string()).collect();
    assert_eq!(parts, ["33.33", "33.34", "33.33"]);
    assert_eq!(Amount::sum((1..=36).map(month)), Ok(total));
    for (part, whole) in [(-1, 3), (1, 0), (1, -3)] {
        assert_eq!(total.portion(part, whole, Currency::USD), Err(NumberError::NoShares));
    }
}

proptest! {
    #[test]
    fn rounding_is_whole_near_and_keeps_order(left in any_exact(), right in any_exact(), index in 0_usize..24) {
        let currency = Currency::ALL[index];
        if let Ok(rounded) = Amount::round(left, currency) {
            prop_assert!(rounded.is_whole(currency));
            prop_assert_eq!(Amount::round(Exact::from(rounded), currency), Ok(rounded));
            if let Ok(other) = Amount::round(right, currency) {
                prop_assert_eq!(left.cmp(&right).is_le() && rounded > other, false);
                prop_assert_eq!(left.cmp(&right).is_ge() && rounded < other, false);
            }
        }
    }

    #[test]
    fn rounding_is_within_half_a_unit(millionths in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
        let value = Amount::from_millionths(millionths);
        let rounded = Amount::round(Exact::from(value), Currency::EUR).unwrap();
        let off = rounded.checked_sub(value).unwrap().millionths().abs();
        prop_assert!(off <= 5_000);
        prop_assert!(off < 5_000 || rounded.millionths().abs() > millionths.abs());
    }

    #[test]
    fn rounding_is_the_same_on_both_sides_of_zero(value in any_amount(), percent in -200_000_000_i64..200_000_000) {
        let percent = Percentage::from_millionths(percent);
        let round = |exact| Amount::round(exact, Currency::USD);
        let right = round(value.percent(percent));
        prop_assert_eq!(round(value.negated().percent(percent)), right.map(Amount::negated));
        prop_assert_eq!(round(value.percent(percent.negated())), right.map(Amount::negated));
    }

    #[test]
    fn a_percentage_and_its_rest_make_the_whole(value in any_amount(), percent in 0_i64..=100_000_000) {
        let percent = Percentage::from_millionths(percent);
        let rest = Percentage::HUNDRED.checked_sub(percent).unwrap();
        let sum = value.percent(percent).checked_add(value.percent(rest)).unwrap();
        prop_assert_eq!(sum, Exact::from(value));
        prop_assert_eq!(value.percent(Percentage::HUNDRED), value.times(Quantity::ONE));
    }

    #[test]
    fn sums_of_products_do_not_depend_on_order(parts in proptest::collection::vec(any_exact(), 0..4)) {
        let sum = |parts: &[Exact]| parts.iter().try_fold(Exact::ZERO, |sum, part| sum.checked_add(*part));
        let turned: Vec<_> = parts.iter().copied().rev().collect();
        if let (Ok(forwards), Ok(backwards)) = (sum(&parts), sum(&turned)) {
            prop_assert_eq!(forwards, backwards);
        }
    }

    #[test]
    fn portions_never_panic_and_end_at_the_whole(value in any_amount(), part: i64, whole: i64) {
        let _ = value.portion(part, whole, Currency::USD);
        let cents = value.portion(1, 100, Currency::USD).unwrap();
        let whole = whole.saturating_abs().max(1);
        prop_assert_eq!(cents.portion(whole, whole, Currency::USD), Ok(cents));
        prop_assert_eq!(value.portion(0, whole, Currency::USD), Ok(Amount::ZERO));
    }
}
