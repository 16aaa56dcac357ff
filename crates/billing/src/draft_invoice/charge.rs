//! A line of a draft invoice, and what becomes of it when it is posted.

use calendar::Instant;
use money::{Amount, Currency, NumberError, Price, Quantity};

use crate::{
    discount::Discount,
    earning::EarningSettings,
    id::{ChargeId, ProductId, PurchaseId},
    invoice::{Charge, ChargeDiscount, Reversed},
    priced::{self, Tier},
};

/// A priced line that is not posted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCharge {
    /// Its id, which it keeps when it is posted.
    pub id: ChargeId,
    /// The purchase it charges.
    pub purchase: PurchaseId,
    /// The product sold.
    pub product: ProductId,
    /// Printed on the invoice.
    pub name: String,
    /// Printed on the invoice.
    pub description: Option<String>,
    /// Units.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Price,
    /// Price of all, before discounts.
    pub amount: Amount,
    /// General-ledger label.
    pub gl_code: Option<String>,
    /// The product is exempt from tax.
    pub is_tax_exempt: bool,
    /// The quantity that chose the prices, when the pricing is not standard.
    pub range_quantity: Option<Quantity>,
    /// How it will earn.
    pub earning: EarningSettings,
    /// When it was made.
    pub created_at: Instant,
    /// Where the amount of a tiered charge comes from.
    pub tiers: Vec<DraftTier>,
    /// Every discount on it, also those that take nothing.
    pub discounts: Vec<DraftDiscount>,
}

/// A tier of a draft charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftTier {
    /// Quantity, price and amount.
    pub tier: Tier,
    /// A text of the caller's, shown with the draft.
    pub label: Option<String>,
}

/// A discount on a draft charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftDiscount {
    /// Its id, which it keeps when it is posted.
    pub id: i64,
    /// What was entered.
    pub configured: Discount,
    /// What it takes now.
    pub amount: Amount,
    /// A text of the caller's, shown with the draft.
    pub description: Option<String>,
}

impl DraftCharge {
    /// What all discounts take together.
    pub fn discount(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.discounts.iter().map(|discount| discount.amount))
    }

    /// The amount less its discounts.
    pub fn net(&self) -> Result<Amount, NumberError> {
        self.amount.checked_sub(self.discount()?)
    }

    /// The part open to tax.
    pub fn taxable(&self) -> Result<Amount, NumberError> {
        if self.is_tax_exempt { Ok(Amount::ZERO) } else { self.net() }
    }

    /// The line as it is posted at `at`; discounts that take nothing are left behind.
    pub fn into_charge(self, at: Instant) -> Result<Charge, NumberError> {
        let taxable_amount = self.taxable()?;
        let discounts = self.discounts.into_iter().filter(|discount| discount.amount.is_positive());
        Ok(Charge {
            id: self.id,
            purchase: self.purchase,
            product: self.product,
            name: self.name,
            description: self.description,
            quantity: self.quantity,
            unit_price: self.unit_price,
            amount: self.amount,
            gl_code: self.gl_code,
            effective_at: at,
            earning: self.earning,
            taxable_amount,
            range_quantity: self.range_quantity,
            tiers: self.tiers.into_iter().map(|tier| tier.tier).collect(),
            discounts: discounts
                .map(|DraftDiscount { id, configured, amount, .. }| ChargeDiscount { id, configured, amount })
                .collect(),
            reversed: Reversed::default(),
        })
    }

    /// Computes what the discounts take of what the charge has become.
    pub(super) fn discount_anew(&mut self, currency: Currency) -> Result<(), NumberError> {
        let configured: Vec<_> = self.discounts.iter().map(|discount| discount.configured).collect();
        let taken = priced::discounts(self.amount, self.quantity, &configured, currency)?;
        for (discount, taken) in self.discounts.iter_mut().zip(taken) {
            discount.amount = taken.amount;
        }
        Ok(())
    }
}
