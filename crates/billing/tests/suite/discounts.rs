//! What discounts take: the table of purchases.md §5, the cap, and the laws that hold for any of them.

use billing::{
    discount::{Discount, DiscountType},
    priced::{Priced, price},
    pricing::PricingModel,
};
use money::{Amount, Currency, NumberError};
use proptest::prelude::*;

use crate::make::{any_currency, any_discounts, any_pricing, any_quantity, discount, pricing, quantity};

/// Four units for 600 together, as the examples have it.
fn of_600(discounts: &[Discount]) -> Priced {
    let pricing = pricing(PricingModel::Volume, &[("0", "50"), ("2", "150")]);
    price(&pricing, quantity("4"), discounts, Currency::USD).unwrap()
}

fn shown(amounts: impl Iterator<Item = Amount>) -> Vec<String> {
    amounts.map(|amount| amount.to_string()).collect()
}

#[test]
fn every_row_of_the_reference() {
    for (discount_type, number, taken, net) in [
        (DiscountType::Percentage, "50", "300", "300"),
        (DiscountType::Amount, "25", "25", "575"),
        (DiscountType::AmountPerUnit, "5", "20", "580"),
    ] {
        let priced = of_600(&[discount(discount_type, number)]);
        assert_eq!(shown(priced.discounts.iter().map(|discount| discount.configured)), [taken]);
        assert_eq!(shown(priced.discounts.iter().map(|discount| discount.amount)), [taken]);
        assert_eq!(priced.net.to_string(), net, "{discount_type}");
        assert_eq!(priced.discount().unwrap().to_string(), taken);
        assert_eq!(priced.taxable(false), priced.net);
        assert_eq!(priced.taxable(true), Amount::ZERO);
    }
}

#[test]
fn each_is_computed_on_the_gross_amount() {
    let half = discount(DiscountType::Percentage, "50");
    let priced = of_600(&[half, discount(DiscountType::Percentage, "10"), discount(DiscountType::AmountPerUnit, "1")]);
    assert_eq!(shown(priced.discounts.iter().map(|discount| discount.amount)), ["300", "60", "4"]);
    assert_eq!(priced.net.to_string(), "236");
}

#[test]
fn together_they_take_no_more_than_there_is() {
    let percent = |number: &str| discount(DiscountType::Percentage, number);
    let fixed = |number: &str| discount(DiscountType::Amount, number);
    let rows = [
        (vec![percent("100"), percent("100")], ["600", "600"], ["300", "300"]),
        (vec![fixed("700"), percent("0")], ["700", "0"], ["600", "0"]),
        (vec![fixed("800"), fixed("400.01")], ["800", "400.01"], ["400", "200"]),
        (vec![fixed("700"), fixed("800")], ["700", "800"], ["280", "320"]),
        (vec![fixed("400"), fixed("200")], ["400", "200"], ["400", "200"]),
        (vec![percent("100"), fixed("0.01")], ["600", "0.01"], ["599.99", "0.01"]),
        (vec![fixed("0.01"), percent("100")], ["0.01", "600"], ["0.01", "599.99"]),
    ];
    for (discounts, configured, taken) in rows {
        let priced = of_600(&discounts);
        assert_eq!(shown(priced.discounts.iter().map(|discount| discount.configured)), configured, "{discounts:?}");
        assert_eq!(shown(priced.discounts.iter().map(|discount| discount.amount)), taken, "{discounts:?}");
        assert_eq!(priced.net, Amount::ZERO);
    }
}

#[test]
fn each_is_rounded_by_itself() {
    let third = discount(DiscountType::Percentage, "33.3333");
    let standard = pricing(PricingModel::Standard, &[("0", "0.05")]);
    let priced = price(&standard, quantity("1"), &[third, third], Currency::USD).unwrap();
    assert_eq!(shown(priced.discounts.iter().map(|discount| discount.amount)), ["0.02", "0.02"]);
    assert_eq!(priced.net.to_string(), "0.01");
}

#[test]
fn nothing_is_taken_from_nothing() {
    let standard = pricing(PricingModel::Standard, &[("0", "5")]);
    let discounts = [discount(DiscountType::Amount, "5"), discount(DiscountType::Percentage, "50")];
    let priced = price(&standard, quantity("0"), &discounts, Currency::USD).unwrap();
    assert_eq!(shown(priced.discounts.iter().map(|discount| discount.configured)), ["5", "0"]);
    assert_eq!(shown(priced.discounts.iter().map(|discount| discount.amount)), ["0", "0"]);
    assert_eq!(priced.net, Amount::ZERO);
}

#[test]
fn what_is_too_large_is_refused() {
    let free = pricing(PricingModel::Standard, &[("0", "0")]);
    let huge = discount(DiscountType::AmountPerUnit, "9000000000000");
    assert_eq!(price(&free, quantity("2"), &[huge], Currency::USD), Err(NumberError::TooLarge));
    assert_eq!(price(&free, quantity("1"), &[huge, huge], Currency::USD), Err(NumberError::TooLarge));
}

proptest! {
    #[test]
    fn they_add_up_and_leave_nothing_negative(
        pricing in any_pricing(),
        units in any_quantity(),
        discounts in any_discounts(),
        currency in any_currency(),
    ) {
        let priced = price(&pricing, units, &discounts, currency).unwrap();
        prop_assert!(!priced.net.is_negative() && priced.net.is_whole(currency));
        let taken = Amount::sum(priced.discounts.iter().map(|discount| discount.amount)).unwrap();
        prop_assert_eq!(priced.net.checked_add(taken).unwrap(), priced.gross);
        prop_assert_eq!(priced.discounts.len(), discounts.len());
        for (taken, asked) in priced.discounts.iter().zip(&discounts) {
            prop_assert_eq!(taken.discount, *asked);
            prop_assert!(!taken.amount.is_negative() && taken.amount <= taken.configured);
            prop_assert!(taken.amount.is_whole(currency));
            prop_assert!(priced.net.is_zero() || taken.amount == taken.configured, "capped without need");
        }
    }

    #[test]
    fn their_order_does_not_matter(
        pricing in any_pricing(),
        units in any_quantity(),
        (discounts, shuffled) in any_discounts().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        currency in any_currency(),
    ) {
        let net = |discounts: &[Discount]| price(&pricing, units, discounts, currency).unwrap().net;
        prop_assert_eq!(net(&discounts), net(&shuffled));
    }
}
