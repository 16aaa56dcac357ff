//! What reversals take, from where, and what is left to earn.

use billing::reversal::{CancellationOption, Extent, Part, ReversalError, Split, Standing, Taken};
use money::{Amount, Currency};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::make::amount;

/// Whole, reversed before and earned.
fn part([whole, reversed, earned]: [&str; 3]) -> Result<Part, ReversalError> {
    Part::new(amount(whole), amount(reversed), amount(earned))
}

fn standing(gross: [&str; 3], discount: [&str; 3], tax: [&str; 2]) -> Standing {
    let [tax, reversed_tax] = tax.map(amount);
    Standing::new(part(gross).unwrap(), part(discount).unwrap(), tax, reversed_tax, Currency::USD).unwrap()
}

/// 120 dollars of which so much is earned, without discounts or taxes.
fn plain(earned: &str) -> Standing {
    standing(["120", "0", earned], ["0"; 3], ["0"; 2])
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
        let taken = plain("30").decide(option.into()).unwrap();
        assert_eq!(shown(taken.gross), expected, "{option}");
        assert_eq!(taken.net().unwrap(), amount(reversed), "{option}");
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
        assert_eq!(shown(plain(earned).decide(extent).unwrap().gross), expected, "{earned} {extent:?}");
    }
}

#[test]
fn an_amount_comes_from_what_is_deferred_first() {
    for (taken, expected) in [
        ("40", ["40", "0", "0", "50"]),
        ("90", ["90", "0", "0", "0"]),
        ("100", ["90", "10", "0", "0"]),
        ("120", ["90", "30", "0", "0"]),
    ] {
        assert_eq!(shown(plain("30").decide(Extent::Amount(amount(taken))).unwrap().gross), expected, "{taken}");
    }
}

/// 120 less 12 with 14.04 of tax; a quarter is earned.
#[test]
fn discounts_and_taxes_go_back_in_proportion() {
    let standing = standing(["120", "0", "30"], ["12", "0", "3"], ["14.04", "0"]);
    for (extent, gross, discount, tax, is_nearest) in [
        (Extent::Nothing, ["0", "0", "90", "0"], ["0", "0", "9", "0"], "0", false),
        (Extent::Unearned, ["90", "0", "0", "0"], ["9", "0", "0", "0"], "10.53", false),
        (Extent::Full, ["90", "30", "0", "0"], ["9", "3", "0", "0"], "14.04", false),
        (Extent::Amount(amount("40")), ["40", "0", "0", "50"], ["4", "0", "0", "5"], "4.68", false),
        (Extent::Amount(amount("100")), ["90", "10", "0", "0"], ["9", "1", "0", "0"], "11.7", false),
        // 40.00 − 4.00 + 4.68.
        (Extent::NetAmount(amount("40.68")), ["40", "0", "0", "50"], ["4", "0", "0", "5"], "4.68", false),
        (Extent::NetAmount(amount("122.04")), ["90", "30", "0", "0"], ["9", "3", "0", "0"], "14.04", false),
    ] {
        let taken = standing.decide(extent).unwrap();
        assert_eq!(
            (shown(taken.gross), shown(taken.discount)),
            (gross.map(str::to_owned), discount.map(str::to_owned))
        );
        assert_eq!((taken.tax, taken.is_nearest), (amount(tax), is_nearest), "{extent:?}");
    }
}

/// With half as much again in tax every second cent brings two: 0.02, 0.03, 0.05, 0.06.
#[test]
fn a_net_amount_between_two_cents_is_the_nearest() {
    let standing = standing(["1", "0", "0"], ["0"; 3], ["0.5", "0"]);
    for (asked, net, gross) in [("0.02", "0.02", "0.01"), ("0.03", "0.03", "0.02"), ("0.04", "0.03", "0.02")] {
        let taken = standing.decide(Extent::NetAmount(amount(asked))).unwrap();
        assert_eq!((taken.net(), taken.gross.reversed()), (Ok(amount(net)), Ok(amount(gross))), "{asked}");
        assert_eq!(taken.is_nearest, asked != net, "{asked}");
    }
    let smallest = standing.decide(Extent::NetAmount(amount("0.01"))).unwrap();
    assert_eq!((smallest.net(), smallest.is_nearest), (Ok(amount("0.02")), true), "never nothing");
}

#[test]
fn small_reversals_do_not_drift() {
    let mut standing = standing(["100", "0", "0"], ["10", "0", "0"], ["11.7", "0"]);
    let mut taken = [Amount::ZERO; 3];
    for cents in 1..=10_000_i64 {
        let step = standing.decide(Extent::Amount(amount("0.01"))).unwrap();
        standing = standing.after(&step).unwrap();
        let parts = [step.gross.reversed().unwrap(), step.discount.reversed().unwrap(), step.tax];
        for (sum, part) in taken.iter_mut().zip(parts) {
            *sum = sum.checked_add(part).unwrap();
        }
        if cents == 5_000 {
            assert_eq!(taken, ["50", "5", "5.85"].map(amount));
        }
    }
    assert_eq!(taken, ["100", "10", "11.7"].map(amount));
    assert_eq!(standing.decide(Extent::Full), Ok(Taken::default()));
}

#[test]
fn what_is_not_there_is_not_taken() {
    let left = standing(["120", "20", "30"], ["0"; 3], ["12", "2"]);
    let not_left = |left: &str| Err(ReversalError::NotLeft(amount(left)));
    for asked in ["100.01", "0", "-0.01", "0.005"] {
        assert_eq!(left.decide(Extent::Amount(amount(asked))), not_left("100"), "{asked}");
    }
    for asked in ["110.01", "0", "-0.01", "0.005"] {
        assert_eq!(left.decide(Extent::NetAmount(amount(asked))), not_left("110"), "{asked}");
    }
    let nothing = standing(["120", "120", "0"], ["0"; 3], ["12", "12"]);
    for extent in [Extent::Amount, Extent::NetAmount] {
        assert_eq!(nothing.decide(extent(amount("1"))), Err(ReversalError::NothingLeft));
    }
    for extent in [Extent::Nothing, Extent::Unearned, Extent::Full] {
        assert_eq!(nothing.decide(extent), Ok(Taken::default()), "{extent:?}");
    }
}

#[test]
fn parts_that_cannot_be_are_refused() {
    for of in
        [["120", "0", "120.01"], ["120", "100", "20.01"], ["120", "0", "-1"], ["120", "-1", "0"], ["-1", "0", "0"]]
    {
        assert_eq!(part(of), Err(ReversalError::NotAPart), "{of:?}");
    }
    for (gross, discount, tax) in [
        (["1", "0", "0"], ["2", "0", "0"], ["0", "0"]),
        (["2", "1", "1"], ["2", "0", "1"], ["0", "0"]),
        (["2", "0", "1"], ["2", "0", "2"], ["0", "0"]),
        (["2", "0", "0"], ["0", "0", "0"], ["1", "2"]),
        (["2", "0", "0"], ["0", "0", "0"], ["1", "-1"]),
    ] {
        let [tax, reversed_tax] = tax.map(amount);
        let standing = Standing::new(part(gross).unwrap(), part(discount).unwrap(), tax, reversed_tax, Currency::USD);
        assert_eq!(standing, Err(ReversalError::NotAPart), "{gross:?} {discount:?}");
    }
}

fn any_cents() -> impl Strategy<Value = Amount> {
    (0..100_000_000_i64).prop_map(|cents| Amount::from_millionths(cents * 10_000))
}

/// An extent by its kind, with an amount that may be too much.
fn any_extent() -> impl Strategy<Value = Extent> {
    let fixed = select(vec![Extent::Nothing, Extent::Unearned, Extent::Full]);
    prop_oneof![fixed, any_cents().prop_map(Extent::Amount), any_cents().prop_map(Extent::NetAmount)]
}

proptest! {
    #[test]
    fn every_cent_goes_somewhere(
        mut amounts in vec(any_cents(), 4),
        tax in any_cents(),
        extents in vec(any_extent(), 1..6),
    ) {
        // Of what is earned and of what is deferred the discount is the lesser.
        amounts[..2].sort_unstable();
        amounts[2..].sort_unstable();
        let sum = |one: Amount, other: Amount| one.checked_add(other).unwrap();
        let [earned_discount, earned, deferred_discount, deferred] = amounts[..] else { unreachable!() };
        let (gross, discount) = (sum(earned, deferred), sum(earned_discount, deferred_discount));
        let of = |whole, earned| Part::new(whole, Amount::ZERO, earned).unwrap();
        let (gross_part, discount_part) = (of(gross, earned), of(discount, earned_discount));
        let mut standing = Standing::new(gross_part, discount_part, tax, Amount::ZERO, Currency::USD).unwrap();
        let (mut tax_back, mut reversed) = (Amount::ZERO, Amount::ZERO);
        for extent in extents.into_iter().chain([Extent::Full]) {
            let taken = match standing.decide(extent) {
                Ok(taken) => taken,
                Err(ReversalError::NothingLeft | ReversalError::NotLeft(_)) => continue,
                Err(other) => panic!("{other}"),
            };
            for (split, part) in [(taken.gross, standing.gross()), (taken.discount, standing.discount())] {
                let parts = [split.from_deferred, split.from_earned, split.earn_now, split.stays_deferred];
                prop_assert!(parts.iter().all(|part| !part.is_negative()));
                let deferred = [split.from_deferred, split.earn_now, split.stays_deferred];
                prop_assert_eq!(Amount::sum(deferred).unwrap(), part.deferred());
                prop_assert!(split.from_earned <= part.earned());
                prop_assert!(split.from_earned.is_zero() || split.stays_deferred.is_zero(), "earned is taken last");
            }
            prop_assert!(!taken.tax.is_negative() && !taken.net().unwrap().is_negative());
            prop_assert!(taken.discount.reversed().unwrap() <= taken.gross.reversed().unwrap());
            prop_assert!(taken.discount.stays_deferred <= taken.gross.stays_deferred);
            tax_back = tax_back.checked_add(taken.tax).unwrap();
            reversed = reversed.checked_add(taken.net().unwrap()).unwrap();
            standing = standing.after(&taken).unwrap();
        }
        prop_assert_eq!(tax_back, tax);
        let net = gross.checked_sub(discount).unwrap().checked_add(tax).unwrap();
        prop_assert_eq!(reversed, net);
        prop_assert_eq!(standing.decide(Extent::Full), Ok(Taken::default()));
    }
}
