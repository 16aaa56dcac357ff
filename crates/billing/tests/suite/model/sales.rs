//! Prices, by selling one unit after the other; discounts, by giving out minor units one after the other.

use billing::{
    discount::{Discount, DiscountType},
    priced::price,
    pricing::PricingModel,
};
use money::{Amount, Currency, MILLIONTHS, Price, Quantity};

use super::arithmetic::{Fraction, Random};
use crate::make::joined;

/// Lower borders and prices, both in millionths.
type Ranges = Vec<(i64, i64)>;

struct Case {
    model: PricingModel,
    ranges: Ranges,
    /// In millionths.
    quantity: i64,
    discounts: Vec<(DiscountType, i64)>,
    currency: Currency,
}

fn case(random: &mut Random) -> Case {
    use PricingModel::{Stairstep, Standard, Tiered, Volume};
    let model = random.pick(&[Standard, Tiered, Tiered, Volume, Stairstep]);
    let count = if model == Standard { 1 } else { random.within(1, 4) };
    let mut ranges = Ranges::new();
    let mut min = 0;
    for _ in 0..count {
        ranges.push((min, price_in_millionths(random)));
        min += units_in_millionths(random, 10).max(1);
    }
    // Borders are where the models differ, so they come up more often than by chance.
    let quantity = if random.is_one_in(4) { random.pick(&ranges).0 } else { units_in_millionths(random, 40) };
    let discounts = (0..random.within(0, 4)).map(|_| discount(random)).collect();
    Case { model, ranges, quantity, discounts, currency: random.pick(&[Currency::USD, Currency::JPY]) }
}

fn units_in_millionths(random: &mut Random, most: i64) -> i64 {
    if random.is_one_in(2) { random.within(0, most) * MILLIONTHS } else { random.within(0, most * MILLIONTHS) }
}

fn price_in_millionths(random: &mut Random) -> i64 {
    match random.within(1, 3) {
        1 => random.within(0, 100) * MILLIONTHS,
        2 => random.within(0, 10_000) * 5_000,
        _ => random.within(0, 100 * MILLIONTHS),
    }
}

fn discount(random: &mut Random) -> (DiscountType, i64) {
    match random.within(1, 3) {
        1 => (DiscountType::Percentage, random.within(0, 400) * MILLIONTHS / 4),
        2 => (DiscountType::Amount, random.within(0, 1_000_000) * 1_000),
        _ => (DiscountType::AmountPerUnit, random.within(0, 20 * MILLIONTHS)),
    }
}

/// What is left of a gross amount, all in minor units.
struct Model {
    /// Of each range that was reached; of the whole when the model is not tiered.
    charges: Vec<i128>,
    configured: Vec<i128>,
    taken: Vec<i128>,
}

fn model(case: &Case) -> Model {
    let charges = charges(case);
    let gross: i128 = charges.iter().sum();
    let configured: Vec<i128> = case.discounts.iter().map(|discount| configured(*discount, gross, case)).collect();
    let taken = taken(gross, &configured);
    Model { charges, configured, taken }
}

/// One minor unit in millionths.
fn minor_unit(case: &Case) -> i128 {
    if case.currency == Currency::JPY { 1_000_000 } else { 10_000 }
}

fn charges(case: &Case) -> Vec<i128> {
    if case.quantity == 0 {
        return Vec::new();
    }
    let sold = sell(case);
    let millionths = i128::from(MILLIONTHS);
    let charge =
        |units: i128, price: i64| Fraction::new(units * i128::from(price), millionths * minor_unit(case)).rounded();
    // The range reached last is the one that the whole quantity falls in.
    let (whole, last) = (i128::from(case.quantity), case.ranges[sold.len() - 1].1);
    match case.model {
        PricingModel::Tiered => {
            sold.iter().zip(&case.ranges).map(|(units, (_, price))| charge(*units, *price)).collect()
        }
        PricingModel::Standard | PricingModel::Volume => vec![charge(whole, last)],
        PricingModel::Stairstep => vec![charge(millionths, last)],
    }
}

/// Sells the quantity in steps of at most one unit, from zero on, each step cut at the next border; what was sold in
/// each range that was reached, in millionths.
fn sell(case: &Case) -> Vec<i128> {
    let mut sold = vec![0];
    let mut at = 0;
    while at < case.quantity {
        let mut step = MILLIONTHS.min(case.quantity - at);
        if let Some((border, _)) = case.ranges.get(sold.len()) {
            if at == *border {
                sold.push(0);
                continue;
            }
            step = step.min(border - at);
        }
        *sold.last_mut().unwrap() += i128::from(step);
        at += step;
    }
    sold
}

fn configured((discount_type, number): (DiscountType, i64), gross: i128, case: &Case) -> i128 {
    let millionths = i128::from(MILLIONTHS);
    let number = i128::from(number);
    let value = match discount_type {
        DiscountType::Percentage => Fraction::new(gross * number, 100 * millionths),
        DiscountType::Amount => Fraction::new(number, minor_unit(case)),
        DiscountType::AmountPerUnit => Fraction::new(number * i128::from(case.quantity), millionths * minor_unit(case)),
    };
    value.rounded()
}

/// Shares the gross amount out when the discounts want more: every share cut, then one unit each to the largest rests.
fn taken(gross: i128, configured: &[i128]) -> Vec<i128> {
    let wanted: i128 = configured.iter().sum();
    if wanted <= gross {
        return configured.to_vec();
    }
    let mut taken: Vec<i128> = configured.iter().map(|value| gross * value / wanted).collect();
    let mut has_waited = vec![false; configured.len()];
    while taken.iter().sum::<i128>() < gross {
        let rest = |index: usize| gross * configured[index] % wanted;
        let waiting = (0..configured.len()).filter(|index| !has_waited[*index]);
        let next = waiting.reduce(|best, index| if rest(index) > rest(best) { index } else { best }).unwrap();
        has_waited[next] = true;
        taken[next] += 1;
    }
    taken
}

/// One random sale: the model and the program agree about every amount.
pub(crate) fn compare(random: &mut Random) {
    let case = case(random);
    let ranges =
        case.ranges.iter().map(|(min, price)| (Quantity::from_millionths(*min), Price::from_millionths(*price)));
    let pricing = joined(case.model, &ranges.collect::<Vec<_>>());
    let discounts: Vec<Discount> = case
        .discounts
        .iter()
        .map(|(kind, number)| Discount::new(*kind, Price::from_millionths(*number)).unwrap())
        .collect();
    let priced = price(&pricing, Quantity::from_millionths(case.quantity), &discounts, case.currency).unwrap();
    let units = |amount: Amount| Fraction::new(i128::from(amount.millionths()), minor_unit(&case)).rounded();

    let expected = model(&case);
    let gross: i128 = expected.charges.iter().sum();
    assert_eq!(units(priced.gross), gross);
    if case.model == PricingModel::Tiered {
        let tiers: Vec<i128> = priced.tiers.iter().map(|tier| units(tier.amount)).collect();
        assert_eq!(tiers, expected.charges);
    }
    let configured: Vec<i128> = priced.discounts.iter().map(|discount| units(discount.configured)).collect();
    assert_eq!(configured, expected.configured);
    let taken: Vec<i128> = priced.discounts.iter().map(|discount| units(discount.amount)).collect();
    assert_eq!(taken, expected.taken);
    assert_eq!(units(priced.net), gross - expected.taken.iter().sum::<i128>());
}
