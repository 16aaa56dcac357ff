//! What a quantity costs and what discounts take from it: the one place where prices become amounts.

mod taken;
mod tier;

use money::{Amount, Currency, NumberError, Price, Quantity};

pub use self::{taken::TakenDiscount, tier::Tier};
use crate::{
    discount::Discount,
    pricing::{Pricing, PricingModel},
};

/// A priced quantity. Every amount is in whole minor units of the currency, and none is below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// Before discounts.
    pub gross: Amount,
    /// Where the gross amount comes from when the model is [`PricingModel::Tiered`]; empty for the others. The
    /// amounts add up to `gross`.
    pub tiers: Vec<Tier>,
    /// What one unit costs; on average, to six decimals, where the model has no such price.
    pub unit_price: Price,
    /// What each discount takes, in the order given; together never more than `gross`.
    pub discounts: Vec<TakenDiscount>,
    /// After discounts, before tax.
    pub net: Amount,
}

impl Priced {
    /// The part of the net amount that is open to tax: nothing when the product is exempt (purchases.md §9).
    pub fn taxable(&self, is_product_exempt: bool) -> Amount {
        if is_product_exempt { Amount::ZERO } else { self.net }
    }

    /// What the discounts take together.
    pub fn discount(&self) -> Result<Amount, NumberError> {
        self.gross.checked_sub(self.net)
    }
}

/// Prices `quantity`, which is not negative: nothing costs nothing, and every charge and every discount is rounded
/// once, by itself (purchases.md §4.3, §4.5 and §5). Refuses what is too large to be money.
pub fn price(
    pricing: &Pricing,
    quantity: Quantity,
    discounts: &[Discount],
    currency: Currency,
) -> Result<Priced, NumberError> {
    let tiers = tier::tiers(pricing, quantity, currency)?;
    let gross = match pricing.model() {
        _ if quantity.is_zero() => Amount::ZERO,
        PricingModel::Tiered => Amount::sum(tiers.iter().map(|tier| tier.amount))?,
        PricingModel::Standard | PricingModel::Volume => {
            Amount::round(pricing.owner(quantity).amount.times(quantity), currency)?
        }
        PricingModel::Stairstep => Amount::round(pricing.owner(quantity).amount.into(), currency)?,
    };
    let unit_price = match pricing.model() {
        PricingModel::Standard | PricingModel::Volume => pricing.owner(quantity).amount,
        PricingModel::Tiered | PricingModel::Stairstep if quantity.is_zero() => Price::ZERO,
        PricingModel::Tiered | PricingModel::Stairstep => gross.per_unit(quantity)?,
    };
    let discounts = self::discounts(gross, quantity, discounts, currency)?;
    let taken = Amount::sum(discounts.iter().map(|discount| discount.amount))?;
    Ok(Priced { gross, tiers, unit_price, discounts, net: gross.checked_sub(taken)? })
}

/// What each of several discounts takes from a gross amount for `quantity` units, in the order given (purchases.md §5).
pub fn discounts(
    gross: Amount,
    quantity: Quantity,
    discounts: &[Discount],
    currency: Currency,
) -> Result<Vec<TakenDiscount>, NumberError> {
    taken::take(gross, quantity, discounts, currency)
}
