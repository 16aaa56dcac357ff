//! Splits that add up.

use money::{Amount, Currency, NumberError};
use proptest::prelude::*;

fn split(total: &str, weights: &[i64], currency: Currency) -> Vec<String> {
    let total = Amount::parse(total).expect("a literal");
    let parts = total.allocate(weights, currency).expect("an even total");
    parts.iter().map(Amount::to_string).collect()
}

#[test]
fn missing_units_go_to_the_largest_loss_and_then_to_the_earlier() {
    assert_eq!(split("10", &[1, 1, 1], Currency::USD), ["3.34", "3.33", "3.33"]);
    assert_eq!(split("-10", &[1, 1, 1], Currency::USD), ["-3.34", "-3.33", "-3.33"]);
    assert_eq!(split("0.05", &[3, 7], Currency::USD), ["0.02", "0.03"]);
    assert_eq!(split("0.01", &[1, 1, 2], Currency::USD), ["0", "0", "0.01"]);
    assert_eq!(split("100", &[1, 1, 1], Currency::JPY), ["34", "33", "33"]);
    assert_eq!(split("0", &[4, 0, 1], Currency::USD), ["0", "0", "0"]);
    assert_eq!(split("0.02", &[0, 5, 0, 6], Currency::USD), ["0", "0.01", "0", "0.01"]);
}

#[test]
fn nothing_to_divide_by_is_refused() {
    for weights in [&[][..], &[0, 0], &[1, -1], &[5, -1], &[-2]] {
        assert_eq!(Amount::ONE.allocate(weights, Currency::USD), Err(NumberError::NoShares));
    }
    let fine = Amount::parse("0.005").unwrap();
    assert_eq!(fine.allocate(&[1], Currency::USD), Err(NumberError::NotWhole));
    let cents = Amount::parse("0.5").unwrap();
    assert_eq!(cents.allocate(&[1], Currency::KRW), Err(NumberError::NotWhole));
}

proptest! {
    #[test]
    fn parts_add_up_and_are_fair(
        units in -922_337_203_685_477_i64..=922_337_203_685_477,
        weights in proptest::collection::vec(prop_oneof![Just(0), 1_i64..9, any::<i64>().prop_map(i64::saturating_abs)], 1..20),
    ) {
        let cent = Currency::USD.minor_unit().millionths();
        let total = Amount::from_millionths(units * cent);
        let whole: i128 = weights.iter().copied().map(i128::from).sum();
        prop_assume!(whole > 0);
        let parts = total.allocate(&weights, Currency::USD).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Amount::sum(parts.iter().copied()), Ok(total));
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(part.is_whole(Currency::USD));
            prop_assert!(part.is_zero() || part.is_negative() == total.is_negative());
            let off = i128::from(part.millionths() / cent) * whole - i128::from(units) * i128::from(*weight);
            prop_assert!(off.abs() < whole, "{part} is a cent or more from its share");
        }
        let mirrored: Vec<_> = parts.iter().map(|part| part.negated()).collect();
        prop_assert_eq!(total.negated().allocate(&weights, Currency::USD), Ok(mirrored));
    }

    #[test]
    fn equal_weights_never_favour_the_later(units in 0_i64..100_000, count in 1_usize..30) {
        let total = Amount::from_millionths(units * 10_000);
        let parts = total.allocate(&vec![7; count], Currency::USD).unwrap();
        prop_assert!(parts.is_sorted_by(|earlier, later| earlier >= later));
    }
}
