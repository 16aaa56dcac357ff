//! An invoice that does not exist, as it is shown: a line for each range that a price reached into (purchases.md §3.8).

use money::{Amount, Currency, NumberError, Price, Quantity};

use crate::invoice::{Charge, ChargeDiscount, Invoice};

/// An invoice that was made and taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The invoice, as it would have been posted.
    pub invoice: Invoice,
    /// What would be invoiced.
    pub total: Amount,
    /// The lines of each of its charges, in their order.
    pub lines: Vec<Vec<PreviewLine>>,
}

/// A charge, or the part of a tiered charge that lies in one range. The lines of a charge add up to it in every amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// Units.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Price,
    /// Price of all, before discounts.
    pub amount: Amount,
    /// The part open to tax.
    pub taxable_amount: Amount,
    /// What discounts take from it; those that take nothing are left out.
    pub discounts: Vec<ChargeDiscount>,
}

impl Preview {
    /// Of an invoice that is taken back. Refuses what is too large to be money.
    pub fn of(invoice: Invoice) -> Result<Self, NumberError> {
        let lines = invoice.charges.iter().map(|charge| lines(charge, invoice.currency));
        let (total, lines) = (invoice.totals.amount()?, lines.collect::<Result<_, _>>()?);
        Ok(Self { invoice, total, lines })
    }
}

fn lines(charge: &Charge, currency: Currency) -> Result<Vec<PreviewLine>, NumberError> {
    if charge.tiers.is_empty() {
        return Ok(vec![PreviewLine {
            quantity: charge.quantity,
            unit_price: charge.unit_price,
            amount: charge.amount,
            taxable_amount: charge.taxable_amount,
            discounts: charge.discounts.clone(),
        }]);
    }
    // What discounts leave of each tier. Each discount is shared by what the earlier ones left, so that none of them takes
    // more from a tier than there is.
    let mut left: Vec<Amount> = charge.tiers.iter().map(|tier| tier.amount).collect();
    let mut discounts = vec![Vec::new(); left.len()];
    for discount in &charge.discounts {
        let weights: Vec<i64> = left.iter().map(|amount| amount.millionths()).collect();
        let shares = discount.amount.allocate(&weights, currency)?;
        for ((left, discounts), share) in left.iter_mut().zip(&mut discounts).zip(shares) {
            *left = left.checked_sub(share)?;
            if share.is_positive() {
                discounts.push(ChargeDiscount { amount: share, ..*discount });
            }
        }
    }
    let is_taxable = !charge.taxable_amount.is_zero();
    let lines = charge.tiers.iter().zip(left).zip(discounts).map(|((tier, left), discounts)| PreviewLine {
        quantity: tier.quantity,
        unit_price: tier.unit_price,
        amount: tier.amount,
        taxable_amount: if is_taxable { left } else { Amount::ZERO },
        discounts,
    });
    Ok(lines.collect())
}
