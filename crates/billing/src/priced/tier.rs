//! The tiers of a tiered price: how much of the quantity lies in each range, and what it costs there.

use money::{Amount, Currency, NumberError, Price, Quantity};

use crate::pricing::{Pricing, PricingModel};

/// The part of a quantity that lies in one range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Units in the range; above zero.
    pub quantity: Quantity,
    /// Price of each of them.
    pub unit_price: Price,
    /// What they cost together, rounded once.
    pub amount: Amount,
}

/// The ranges that `quantity` reaches into, ascending; none for other models than [`PricingModel::Tiered`].
pub(super) fn tiers(pricing: &Pricing, quantity: Quantity, currency: Currency) -> Result<Vec<Tier>, NumberError> {
    if pricing.model() != PricingModel::Tiered {
        return Ok(Vec::new());
    }
    let reached = pricing.ranges().iter().filter(|range| range.min < quantity);
    let tiers = reached.map(|range| {
        let end = range.max.map_or(quantity, |max| max.min(quantity));
        let within = end.checked_sub(range.min)?;
        let amount = Amount::round(range.amount.times(within), currency)?;
        Ok(Tier { quantity: within, unit_price: range.amount, amount })
    });
    tiers.collect()
}
