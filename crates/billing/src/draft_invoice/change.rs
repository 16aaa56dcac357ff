//! Changes of a draft invoice: what a caller may replace or take out, and what follows for amounts and discounts
//! (receivables.md §3.2).

use calendar::Date;
use money::{Amount, Currency, NumberError, Price, Quantity};

use super::{DraftCharge, DraftDiscount, DraftInvoice, DraftTier};
use crate::{
    discount::{Discount, DiscountType},
    id::{ChargeId, PurchaseId},
    named::named,
    priced::Tier,
    pricing::PricingModel,
    problem::Problems,
    purchase::{Change, Purchase},
    refusal::Refusal,
    term::Term,
};

named! {
    /// What becomes of a charge or of a discount.
    pub enum Operation {
        /// The members that are given are replaced.
        Update => "Update",
        /// It is taken out.
        Delete => "Delete",
    }
}

/// What a caller changes of a draft; every value is within its own limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftChange {
    /// Terms of its own; the customer's when cleared.
    pub term: Change<Term>,
    /// A purchase-order number of its own; the customer's when cleared.
    pub po_number: Change<String>,
    /// Notes.
    pub notes: Change<String>,
    /// A date that the merchant knows it by.
    pub reference_date: Change<Date>,
    /// Changes of charges.
    pub charges: Vec<ChargeChange>,
}

/// What a caller changes of a draft charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeChange {
    /// The charge.
    pub id: ChargeId,
    /// What becomes of it; the rest means nothing when it is taken out.
    pub operation: Operation,
    /// At most 2000 characters.
    pub name: Option<String>,
    /// At most 2000 characters.
    pub description: Change<String>,
    /// Units, not negative.
    pub quantity: Option<Quantity>,
    /// Price of one, not negative; not for tiered charges.
    pub unit_price: Option<Price>,
    /// The quantity that chose the prices; not for charges of standard prices.
    pub range_quantity: Option<Quantity>,
    /// Changes of discounts.
    pub discounts: Vec<DiscountChange>,
    /// Replaces the tiers of a tiered charge, in their order.
    pub tiers: Option<Vec<TierChange>>,
}

/// What a caller changes of a discount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountChange {
    /// The discount.
    pub id: i64,
    /// What becomes of it.
    pub operation: Operation,
    /// What the number means; `None` leaves it.
    pub discount_type: Option<DiscountType>,
    /// Percent or money; `None` leaves it.
    pub configured_amount: Option<Price>,
    /// At most 2000 characters.
    pub description: Change<String>,
}

/// A tier as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierChange {
    /// Units in it, above zero.
    pub quantity: Quantity,
    /// Price of each, not negative.
    pub unit_price: Price,
    /// At most 2000 characters.
    pub label: Option<String>,
}

impl DraftInvoice {
    /// Changes the draft, and returns the purchases whose charges were taken out of it. `purchases` are those of the draft.
    /// Wrong members go to `problems`; the draft is then of no use.
    pub fn change(
        &mut self,
        change: &DraftChange,
        purchases: &[Purchase],
        currency: Currency,
        problems: &mut Problems,
    ) -> Result<Vec<PurchaseId>, Refusal> {
        change.term.apply(&mut self.terms.term);
        change.po_number.apply(&mut self.terms.po_number);
        change.notes.apply(&mut self.terms.notes);
        change.reference_date.apply(&mut self.terms.reference_date);
        let (mut removed, mut seen) = (Vec::new(), Vec::with_capacity(change.charges.len()));
        for (index, part) in change.charges.iter().enumerate() {
            let mut told = |text: String| {
                problems.item("DraftCharges", index, |problems| problems.push("Id", text));
            };
            if seen.contains(&part.id) {
                told(format!("DraftCharge with id {} is listed more than once.", part.id));
                continue;
            }
            seen.push(part.id);
            let Some(place) = self.charges.iter().position(|charge| charge.id == part.id) else {
                told(format!("DraftCharge with id {} not found.", part.id));
                continue;
            };
            match part.operation {
                Operation::Delete => removed.push(self.charges.remove(place).purchase),
                Operation::Update => {
                    let line = &mut self.charges[place];
                    let sold = Sold::of(purchases.iter().find(|purchase| purchase.id == line.purchase));
                    problems.item("DraftCharges", index, |problems| line.change(part, sold, currency, problems))?;
                }
            }
        }
        Ok(removed)
    }
}

/// What of a purchase decides how its charge may change.
#[derive(Debug, Clone, Copy, Default)]
struct Sold {
    is_tracked: bool,
    is_tiered: bool,
}

impl Sold {
    fn of(purchase: Option<&Purchase>) -> Self {
        let Some(Purchase { terms, .. }) = purchase else { return Self::default() };
        Self { is_tracked: terms.is_tracking_items, is_tiered: terms.pricing.model() == PricingModel::Tiered }
    }
}

impl DraftCharge {
    /// A charge costs its quantity at its price, or the sum of its tiers, once either is changed; before, it costs what its
    /// purchase did.
    fn change(
        &mut self,
        change: &ChargeChange,
        sold: Sold,
        currency: Currency,
        problems: &mut Problems,
    ) -> Result<(), Refusal> {
        if let Some(name) = &change.name {
            self.name.clone_from(name);
        }
        change.description.apply(&mut self.description);
        let quantity = match &change.tiers {
            Some(tiers) if sold.is_tiered => self.change_tiers(tiers, change.quantity, currency, problems)?,
            Some(_) => {
                problems.push("DraftChargeTiers", "DraftChargeTiers are only valid with tiered prices.");
                None
            }
            None => change.quantity,
        };
        if sold.is_tracked && quantity.is_some_and(|quantity| quantity != self.quantity) {
            problems.push("Quantity", "Quantity is not valid when tracking items.");
        }
        if sold.is_tiered {
            self.check_tiered(change, quantity, problems);
        }
        self.reprice(change.unit_price.filter(|_| !sold.is_tiered), quantity, sold, currency)?;
        match (change.range_quantity, self.range_quantity) {
            (Some(_), None) => problems.push("RangeQuantity", "RangeQuantity is not valid with standard prices."),
            (Some(new), Some(_)) => self.range_quantity = Some(new),
            (None, _) => {}
        }
        for (index, part) in change.discounts.iter().enumerate() {
            problems.item("DraftDiscounts", index, |problems| self.change_discount(part, problems));
        }
        Ok(self.discount_anew(currency)?)
    }

    /// The quantity and the price of a tiered charge come from its tiers.
    fn check_tiered(&self, change: &ChargeChange, quantity: Option<Quantity>, problems: &mut Problems) {
        if change.unit_price.is_some_and(|price| price != self.unit_price) {
            problems.push("UnitPrice", "UnitPrice of a tiered charge is changed by DraftChargeTiers.");
        }
        if change.tiers.is_none() && quantity.is_some_and(|quantity| quantity != self.quantity) {
            problems.push("Quantity", "Quantity of a tiered charge is changed by DraftChargeTiers.");
        }
    }

    fn reprice(
        &mut self,
        unit_price: Option<Price>,
        quantity: Option<Quantity>,
        sold: Sold,
        currency: Currency,
    ) -> Result<(), NumberError> {
        let (quantity, unit_price) = (quantity.unwrap_or(self.quantity), unit_price.unwrap_or(self.unit_price));
        if sold.is_tiered {
            // Tiers that stay leave the average as it was.
            if quantity.is_positive() {
                self.unit_price = self.amount.per_unit(quantity)?;
            }
        } else if (quantity, unit_price) != (self.quantity, self.unit_price) {
            self.unit_price = unit_price;
            self.amount = Amount::round(unit_price.times(quantity), currency)?;
        }
        self.quantity = quantity;
        Ok(())
    }

    /// Replaces the tiers; the quantity is that of all of them, whether it is given or not.
    fn change_tiers(
        &mut self,
        tiers: &[TierChange],
        asked: Option<Quantity>,
        currency: Currency,
        problems: &mut Problems,
    ) -> Result<Option<Quantity>, NumberError> {
        if tiers.is_empty() {
            problems.push("DraftChargeTiers", "A tiered charge needs at least one tier.");
            return Ok(None);
        }
        let (mut replaced, mut quantity) = (Vec::with_capacity(tiers.len()), Quantity::ZERO);
        for TierChange { quantity: units, unit_price, label } in tiers {
            let amount = Amount::round(unit_price.times(*units), currency)?;
            let tier = Tier { quantity: *units, unit_price: *unit_price, amount };
            replaced.push(DraftTier { tier, label: label.clone() });
            quantity = quantity.checked_add(*units)?;
        }
        if asked.is_some_and(|asked| asked != quantity) {
            problems.push("Quantity", format!("Quantity must equal the sum of DraftChargeTiers ({quantity})."));
        }
        self.amount = Amount::sum(replaced.iter().map(|tier| tier.tier.amount))?;
        self.tiers = replaced;
        Ok(Some(quantity))
    }

    fn change_discount(&mut self, change: &DiscountChange, problems: &mut Problems) {
        let Some(place) = self.discounts.iter().position(|discount| discount.id == change.id) else {
            return problems.push("Id", format!("DraftDiscount with id {} not found.", change.id));
        };
        match change.operation {
            Operation::Delete => {
                self.discounts.remove(place);
            }
            Operation::Update => {
                let DraftDiscount { configured, description, .. } = &mut self.discounts[place];
                change.description.apply(description);
                let discount_type = change.discount_type.unwrap_or(configured.discount_type);
                match Discount::new(discount_type, change.configured_amount.unwrap_or(configured.amount)) {
                    Ok(discount) => *configured = discount,
                    Err(error) => problems.push("ConfiguredDiscountAmount", error.to_string()),
                }
            }
        }
    }
}
