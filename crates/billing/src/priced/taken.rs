//! What discounts take from a gross amount: each its own value, and together never more than there is.

use money::{Amount, Currency, Exact, NumberError, Percentage, Quantity};

use crate::discount::{Discount, DiscountType};

/// One discount and what it takes from a gross amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenDiscount {
    /// As entered; its number is the `configuredDiscountAmount` of the wire.
    pub discount: Discount,
    /// Its value on the gross amount by itself, rounded once, which may be more than the gross amount.
    pub configured: Amount,
    /// What it takes: its value, or its share of the gross amount when all values together exceed it.
    pub amount: Amount,
}

/// What each discount takes, in the order given. The order decides only which of equal discounts gets a missing
/// minor unit, never the sum (purchases.md §5).
pub(super) fn take(
    gross: Amount,
    quantity: Quantity,
    discounts: &[Discount],
    currency: Currency,
) -> Result<Vec<TakenDiscount>, NumberError> {
    let configured = discounts.iter().map(|discount| Amount::round(value(*discount, gross, quantity), currency));
    let configured = configured.collect::<Result<Vec<_>, _>>()?;
    let amounts = if Amount::sum(configured.iter().copied())? > gross {
        let weights: Vec<i64> = configured.iter().map(|value| value.millionths()).collect();
        gross.allocate(&weights, currency)?
    } else {
        configured.clone()
    };
    let taken = discounts.iter().zip(configured).zip(amounts);
    Ok(taken
        .map(|((discount, configured), amount)| TakenDiscount { discount: *discount, configured, amount })
        .collect())
}

/// What the discount is worth, neither rounded nor capped.
fn value(discount: Discount, gross: Amount, quantity: Quantity) -> Exact {
    match discount.discount_type {
        DiscountType::Percentage => gross.percent(Percentage::from_millionths(discount.amount.millionths())),
        DiscountType::Amount => discount.amount.into(),
        DiscountType::AmountPerUnit => discount.amount.times(quantity),
    }
}
