//! Values from literals, and strategies for those that vary.

use billing::{
    discount::{Discount, DiscountType},
    pricing::{PriceRange, Pricing, PricingModel},
};
use calendar::Date;
use money::{Amount, Currency, MILLIONTHS, Percentage, Price, Quantity};
use proptest::{collection::vec, prelude::*, sample::select};

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub(crate) fn price_of(text: &str) -> Price {
    Price::parse(text).unwrap()
}

pub(crate) fn percentage(text: &str) -> Percentage {
    Percentage::parse(text).unwrap()
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn discount(discount_type: DiscountType, number: &str) -> Discount {
    Discount::new(discount_type, price_of(number)).unwrap()
}

/// Ranges that share their borders, the last one open: `[("0", "5"), ("10", "4")]` is 0–10 for 5 and 10–∞ for 4.
pub(crate) fn pricing(model: PricingModel, ranges: &[(&str, &str)]) -> Pricing {
    let ranges: Vec<_> = ranges.iter().map(|(min, price)| (quantity(min), price_of(price))).collect();
    joined(model, &ranges)
}

pub(crate) fn joined(model: PricingModel, ranges: &[(Quantity, Price)]) -> Pricing {
    let ends = ranges.iter().skip(1).map(|(min, _)| Some(*min)).chain([None]);
    let ranges = ranges.iter().zip(ends).map(|((min, amount), max)| PriceRange { min: *min, max, amount: *amount });
    Pricing::new(model, ranges.collect()).unwrap()
}

pub(crate) fn any_currency() -> impl Strategy<Value = Currency> {
    select(vec![Currency::USD, Currency::JPY])
}

/// Up to ten thousand units, whole or to the millionth.
pub(crate) fn any_quantity() -> impl Strategy<Value = Quantity> {
    let most = 10_000 * MILLIONTHS;
    let whole = (0..=10_000_i64).prop_map(|units| units * MILLIONTHS);
    prop_oneof![whole, 0..=most].prop_map(Quantity::from_millionths)
}

/// Borders and prices of one to five ranges; the prices ascend when asked to.
pub(crate) fn any_ranges(ascending: bool) -> impl Strategy<Value = Vec<(Quantity, Price)>> {
    let step = prop_oneof![(1..=500_i64).prop_map(|units| units * MILLIONTHS), 1..=500 * MILLIONTHS];
    let price = prop_oneof![Just(0), (0..=50_000_i64).prop_map(|cents| cents * 10_000), 0..=500 * MILLIONTHS];
    vec((step, price), 1..=5).prop_map(move |rows| {
        let mut prices: Vec<i64> = rows.iter().map(|(_, price)| *price).collect();
        if ascending {
            prices.sort_unstable();
        }
        let mut min = 0;
        let mut ranges = Vec::new();
        for ((step, _), price) in rows.iter().zip(prices) {
            ranges.push((Quantity::from_millionths(min), Price::from_millionths(price)));
            min += step;
        }
        ranges
    })
}

/// Any pricing of any model.
pub(crate) fn any_pricing() -> impl Strategy<Value = Pricing> {
    let models = [PricingModel::Standard, PricingModel::Tiered, PricingModel::Volume, PricingModel::Stairstep];
    (select(models.to_vec()), any_ranges(false)).prop_map(|(model, mut ranges)| {
        if model == PricingModel::Standard {
            ranges.truncate(1);
        }
        joined(model, &ranges)
    })
}

/// Up to six discounts, some of nothing and some of more than everything.
pub(crate) fn any_discounts() -> impl Strategy<Value = Vec<Discount>> {
    let percent = (0..=100 * MILLIONTHS).prop_map(|number| (DiscountType::Percentage, number));
    let fixed = (0..=100_000 * MILLIONTHS).prop_map(|number| (DiscountType::Amount, number));
    let per_unit = (0..=100 * MILLIONTHS).prop_map(|number| (DiscountType::AmountPerUnit, number));
    let any = prop_oneof![percent, fixed, per_unit];
    vec(any.prop_map(|(kind, number)| Discount::new(kind, Price::from_millionths(number)).unwrap()), 0..=6)
}
