//! What quantities cost: the worked examples of purchases.md §4.3 and the laws that hold for all prices.

use billing::{
    priced::{Priced, price},
    pricing::{Pricing, PricingModel},
};
use money::{Amount, Currency, NumberError, Price, Quantity};
use proptest::prelude::*;

use crate::make::{any_currency, any_pricing, any_quantity, any_ranges, joined, price_of, pricing, quantity};

const UNIT_PRICES: &[(&str, &str)] = &[("0", "5"), ("10", "4"), ("50", "3")];
const FLAT_PRICES: &[(&str, &str)] = &[("0", "50"), ("10", "120"), ("50", "300")];

fn priced(pricing: &Pricing, units: &str, currency: Currency) -> Priced {
    price(pricing, quantity(units), &[], currency).unwrap()
}

fn gross(pricing: &Pricing, units: &str, currency: Currency) -> String {
    let priced = priced(pricing, units, currency);
    assert_eq!(priced.net, priced.gross);
    priced.gross.to_string()
}

#[test]
fn every_row_of_the_reference() {
    let models = [
        pricing(PricingModel::Standard, &[("0", "5")]),
        pricing(PricingModel::Volume, UNIT_PRICES),
        pricing(PricingModel::Tiered, UNIT_PRICES),
        pricing(PricingModel::Stairstep, FLAT_PRICES),
    ];
    for (units, expected) in [
        ("0", ["0", "0", "0", "0"]),
        ("2.5", ["12.5", "12.5", "12.5", "50"]),
        ("10", ["50", "50", "50", "50"]),
        ("12", ["60", "48", "58", "120"]),
        ("50", ["250", "200", "210", "120"]),
        ("60", ["300", "180", "240", "300"]),
    ] {
        let found = [0, 1, 2, 3].map(|model| gross(&models[model], units, Currency::USD));
        assert_eq!(found, expected, "quantity {units}");
    }
}

#[test]
fn a_border_belongs_to_the_range_below_it() {
    let seed = pricing(PricingModel::Volume, &[("0", "50"), ("2", "150")]);
    for (units, expected) in [("2", "100"), ("2.000001", "300"), ("4", "600")] {
        assert_eq!(gross(&seed, units, Currency::USD), expected, "quantity {units}");
    }
    let flat = pricing(PricingModel::Stairstep, FLAT_PRICES);
    for (units, expected) in [("0.000001", "50"), ("10", "50"), ("10.000001", "120"), ("50.000001", "300")] {
        assert_eq!(gross(&flat, units, Currency::USD), expected, "quantity {units}");
    }
}

#[test]
fn tiers_say_where_the_amount_comes_from() {
    let tiered = pricing(PricingModel::Tiered, UNIT_PRICES);
    let tiers = |units: &str| {
        let tiers = priced(&tiered, units, Currency::USD).tiers;
        let shown =
            tiers.iter().map(|tier| [tier.quantity.to_string(), tier.unit_price.to_string(), tier.amount.to_string()]);
        shown.map(|tier| tier.join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(tiers("0"), Vec::<String>::new());
    assert_eq!(tiers("2.5"), ["2.5 5 12.5"]);
    assert_eq!(tiers("10"), ["10 5 50"]);
    assert_eq!(tiers("10.5"), ["10 5 50", "0.5 4 2"]);
    assert_eq!(tiers("60"), ["10 5 50", "40 4 160", "10 3 30"]);
}

#[test]
fn every_charge_is_rounded_once_half_away_from_zero() {
    let standard = pricing(PricingModel::Standard, &[("0", "0.005")]);
    assert_eq!(gross(&standard, "1", Currency::USD), "0.01");
    assert_eq!(gross(&standard, "0.999999", Currency::USD), "0");
    assert_eq!(gross(&standard, "100", Currency::JPY), "1");
    let tiered = pricing(PricingModel::Tiered, &[("0", "0.005"), ("1", "0.005")]);
    assert_eq!(gross(&tiered, "2", Currency::USD), "0.02", "each tier is a charge");
    let flat = pricing(PricingModel::Stairstep, &[("0", "99.5")]);
    assert_eq!(gross(&flat, "7", Currency::JPY), "100");
}

#[test]
fn a_unit_has_a_price() {
    let rows = [
        (PricingModel::Standard, &[("0", "1.234567")][..], "7", "1.234567"),
        (PricingModel::Volume, UNIT_PRICES, "12", "4"),
        (PricingModel::Volume, UNIT_PRICES, "0", "5"),
        (PricingModel::Tiered, UNIT_PRICES, "60", "4"),
        (PricingModel::Tiered, UNIT_PRICES, "12", "4.833333"),
        (PricingModel::Stairstep, FLAT_PRICES, "7", "7.142857"),
        (PricingModel::Stairstep, FLAT_PRICES, "0", "0"),
    ];
    for (model, ranges, units, expected) in rows {
        let priced = priced(&pricing(model, ranges), units, Currency::USD);
        assert_eq!(priced.unit_price, price_of(expected), "{model} {units}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    for model in [PricingModel::Standard, PricingModel::Volume, PricingModel::Tiered] {
        let pricing = joined(model, &[(Quantity::ZERO, Price::MAX)]);
        assert_eq!(price(&pricing, quantity("2"), &[], Currency::USD), Err(NumberError::TooLarge), "{model}");
    }
    let tiers = [("0", "9000000000000"), ("1", "9000000000000")];
    let tiered = pricing(PricingModel::Tiered, &tiers);
    assert!(price(&tiered, quantity("1.02"), &[], Currency::USD).is_ok());
    assert_eq!(price(&tiered, quantity("2"), &[], Currency::USD), Err(NumberError::TooLarge));
}

proptest! {
    #[test]
    fn tiers_add_up(ranges in any_ranges(false), units in any_quantity(), currency in any_currency()) {
        let tiered = joined(PricingModel::Tiered, &ranges);
        let priced = price(&tiered, units, &[], currency).unwrap();
        prop_assert_eq!(Amount::sum(priced.tiers.iter().map(|tier| tier.amount)).unwrap(), priced.gross);
        let within: i64 = priced.tiers.iter().map(|tier| tier.quantity.millionths()).sum();
        prop_assert_eq!(within, units.millionths());
        prop_assert!(priced.tiers.iter().all(|tier| tier.quantity.is_positive() && tier.amount.is_whole(currency)));
    }

    #[test]
    fn only_tiered_prices_have_tiers(pricing in any_pricing(), units in any_quantity()) {
        let priced = price(&pricing, units, &[], Currency::USD).unwrap();
        let has_tiers = pricing.model() == PricingModel::Tiered && !units.is_zero();
        prop_assert_eq!(!priced.tiers.is_empty(), has_tiers);
    }

    #[test]
    fn more_never_costs_less_where_the_model_says_so(
        ranges in any_ranges(false),
        ascending in any_ranges(true),
        one in any_quantity(),
        other in any_quantity(),
        currency in any_currency(),
    ) {
        let models = [
            joined(PricingModel::Standard, &ranges[..1]),
            joined(PricingModel::Tiered, &ranges),
            joined(PricingModel::Volume, &ascending),
            joined(PricingModel::Stairstep, &ascending),
        ];
        for pricing in models {
            let gross = |units| price(&pricing, units, &[], currency).unwrap().gross;
            prop_assert!(gross(one.min(other)) <= gross(one.max(other)), "{:?}", pricing);
        }
    }
}
