//! What reversals take, from where, and what is left to earn.

use billing::reversal::{CancellationOption, Extent, ReversalError, Split, Standing, share};
use money::{Amount, Currency};
use proptest::prelude::*;

use crate::make::amount;

fn split(of: &str, earned: &str, extent: Extent) -> Split {
    Standing::new(amount(of), amount(earned)).unwrap().split(extent).unwrap()
}

/// The four amounts of a split: from deferred, from earned, earned now, still deferred.
fn shown(split: Split) -> [String; 4] {
    [split.from_deferred, split.from_earned, split.earn_now, split.stays_deferred].map(|amount| amount.to_string())
}

#[test]
fn a_year_cancelled_after_three_months() {
    for (option, expected, reversed) in [
        (CancellationOption::None, ["0", "0", "90", "0"], "0"),
        (CancellationOption::Unearned, ["90", "0", "0", "0"], "90"),
        (CancellationOption::Full, ["90", "30", "0", "0"], "120"),
    ] {
        let split = split("120", "30", option.into());
        assert_eq!(shown(split), expected, "{option}");
        assert_eq!(split.reversed().unwrap(), amount(reversed), "{option}");
    }
}

#[test]
fn charges_that_earned_nothing_or_everything() {
    for (earned, extent, expected) in [
        ("0", Extent::Nothing, ["0", "0", "120", "0"]),
        ("0", Extent::Unearned, ["120", "0", "0", "0"]),
        ("0", Extent::Full, ["120", "0", "0", "0"]),
        ("120", Extent::Nothing, ["0", "0", "0", "0"]),
        ("120", Extent::Unearned, ["0", "0", "0", "0"]),
        ("120", Extent::Full, ["0", "120", "0", "0"]),
    ] {
        assert_eq!(shown(split("120", earned, extent)), expected, "{earned} {extent:?}");
    }
}

#[test]
fn an_amount_comes_from_what_is_deferred_first() {
    for (taken, expected) in [
        ("0", ["0", "0", "0", "90"]),
        ("40", ["40", "0", "0", "50"]),
        ("90", ["90", "0", "0", "0"]),
        ("100", ["90", "10", "0", "0"]),
        ("120", ["90", "30", "0", "0"]),
    ] {
        assert_eq!(shown(split("120", "30", Extent::Amount(amount(taken)))), expected, "{taken}");
    }
}

#[test]
fn what_is_not_there_is_not_taken() {
    let standing = Standing::new(amount("120"), amount("30")).unwrap();
    for asked in ["120.01", "-0.01"] {
        let split = standing.split(Extent::Amount(amount(asked)));
        assert_eq!(split, Err(ReversalError::NotLeft(amount("120"))), "{asked}");
    }
    for (of, earned) in [("120", "120.01"), ("120", "-1"), ("-1", "0"), ("-2", "-1")] {
        assert_eq!(Standing::new(amount(of), amount(earned)), Err(ReversalError::NotAPart), "{of} {earned}");
    }
}

#[test]
fn taxes_go_back_in_proportion() {
    for (tax, reversed, net, expected) in [
        ("15.6", "90", "120", "11.7"),
        ("15.6", "120", "120", "15.6"),
        ("15.6", "0", "120", "0"),
        ("0.01", "60", "120", "0.01"),
        ("0.01", "59.99", "120", "0"),
        ("0", "0", "0", "0"),
    ] {
        let share = share(amount(tax), amount(reversed), amount(net), Currency::USD);
        assert_eq!(share.unwrap(), amount(expected), "{reversed} of {net}");
    }
    assert!(share(amount("1"), amount("1"), amount("0"), Currency::USD).is_err());
}

fn any_cents() -> impl Strategy<Value = Amount> {
    (0..100_000_000_i64).prop_map(|cents| Amount::from_millionths(cents * 10_000))
}

proptest! {
    #[test]
    fn every_cent_goes_somewhere(one in any_cents(), other in any_cents(), asked in any_cents()) {
        let (of, earned) = (one.max(other), one.min(other));
        let standing = Standing::new(of, earned).unwrap();
        for extent in [Extent::Nothing, Extent::Unearned, Extent::Full, Extent::Amount(asked.min(of))] {
            let split = standing.split(extent).unwrap();
            let parts = [split.from_deferred, split.from_earned, split.earn_now, split.stays_deferred];
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
            let stays_earned = earned.checked_sub(split.from_earned).unwrap();
            prop_assert!(!stays_earned.is_negative());
            prop_assert_eq!(Amount::sum(parts.into_iter().chain([stays_earned])).unwrap(), of);
            let deferred = [split.from_deferred, split.earn_now, split.stays_deferred];
            prop_assert_eq!(Amount::sum(deferred).unwrap(), of.checked_sub(earned).unwrap());
            prop_assert!(split.from_earned.is_zero() || split.stays_deferred.is_zero(), "earned is taken last");
            if let Extent::Amount(asked) = extent {
                prop_assert_eq!(split.reversed().unwrap(), asked);
            }
        }
    }

    #[test]
    fn growing_shares_never_shrink(tax in any_cents(), one in any_cents(), other in any_cents(), third in any_cents()) {
        let mut amounts = [one, other, third];
        amounts.sort_unstable();
        let [first, second, whole] = amounts;
        let of = |reversed| share(tax, reversed, whole, Currency::USD).unwrap();
        prop_assert!(of(first) <= of(second) && of(second) <= tax);
        prop_assert_eq!(of(whole), tax);
    }
}
