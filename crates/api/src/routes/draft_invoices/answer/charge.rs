//! What callers are shown of the lines of a draft invoice (receivables.md §2.3).

use billing::{
    discount::DiscountType,
    draft_invoice::{DraftCharge, DraftDiscount, DraftTier},
    id::DraftInvoiceId,
    invoice::ChargeDiscount,
    preview::PreviewLine,
};
use calendar::Instant;
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    routes::invoices::Reference,
    wire::scalar::{At, Four, One, Six},
};

/// A line of a draft invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftInvoiceCharge {
    /// Always 0: nothing is posted.
    transaction_id: i64,
    /// Always null.
    charge_type_id: Option<String>,
    /// Always `Charge`.
    transaction_type: &'static str,
    /// Units.
    quantity: One,
    /// Price of one.
    unit_price: Six,
    /// Price of all, before discounts.
    amount: Four,
    /// The part open to tax.
    taxable_amount: Four,
    /// Subscriptions only.
    subscription_period_id: Option<i64>,
    /// The draft.
    draft_invoice_id: i64,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// General-ledger label.
    gl_code: Option<String>,
    /// When it was made.
    effective_timestamp: At,
    /// Subscriptions only.
    prorated_unit_price: Option<Six>,
    /// Subscriptions only.
    start_service_date: Option<At>,
    /// Subscriptions only.
    end_service_date: Option<At>,
    /// The quantity that chose the price; non-standard pricing only.
    range_quantity: Option<One>,
    /// The first discount, as older clients read it.
    draft_discount: Option<DraftInvoiceDiscount>,
    /// Discounts on it.
    draft_discounts: Vec<DraftInvoiceDiscount>,
    /// The ranges that make the amount; tiered pricing only.
    draft_charge_tiers: Vec<DraftInvoiceTier>,
    /// The purchase it charges.
    purchase: Reference,
    /// Always `Ready`.
    status: &'static str,
    /// Its id, which it keeps when it is posted.
    id: i64,
    /// Always null: a line is read with its draft.
    uri: Option<String>,
}

/// A discount on a line of a draft invoice, or of an invoice that does not exist.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct DraftInvoiceDiscount {
    /// The line; 0 in previews.
    draft_charge_id: i64,
    /// Percent or money, as it was entered.
    configured_discount_amount: Six,
    /// What it takes.
    amount: Four,
    /// The quantity it is taken of.
    quantity: One,
    /// What the entered number means.
    discount_type: Name<DiscountType>,
    /// When its line was made.
    effective_timestamp: At,
    /// A text of the caller's.
    description: Option<String>,
    /// Its id, which it keeps when it is posted; 0 in previews.
    id: i64,
    /// Always null: a discount is read with its line.
    uri: Option<String>,
}

/// A range that a tiered line is priced by.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftInvoiceTier {
    /// Price of one unit in it.
    unit_price: Six,
    /// A text of the caller's.
    label: Option<String>,
    /// Units in it.
    quantity: One,
    /// What they cost.
    amount: Four,
    /// Its place, from zero.
    sort_order: usize,
}

impl DraftInvoiceCharge {
    pub(super) fn of(links: &Links, draft: DraftInvoiceId, charge: &DraftCharge) -> Self {
        let discounts = || charge.discounts.iter().map(|discount| DraftInvoiceDiscount::of(charge, discount));
        Self {
            transaction_id: 0,
            charge_type_id: None,
            transaction_type: "Charge",
            quantity: One(charge.quantity),
            unit_price: Six(charge.unit_price),
            amount: Four(charge.amount),
            taxable_amount: Four(charge.taxable().unwrap_or(Amount::ZERO)),
            subscription_period_id: None,
            draft_invoice_id: draft.0,
            name: charge.name.clone(),
            description: charge.description.clone(),
            gl_code: charge.gl_code.clone(),
            effective_timestamp: At(charge.created_at),
            prorated_unit_price: None,
            start_service_date: None,
            end_service_date: None,
            range_quantity: charge.range_quantity.map(One),
            draft_discount: discounts().next(),
            draft_discounts: discounts().collect(),
            draft_charge_tiers: charge.tiers.iter().enumerate().map(DraftInvoiceTier::of).collect(),
            purchase: Reference::to_purchase(links, charge.purchase.0),
            status: "Ready",
            id: charge.id.0,
            uri: None,
        }
    }
}

impl DraftInvoiceDiscount {
    fn of(charge: &DraftCharge, discount: &DraftDiscount) -> Self {
        Self {
            draft_charge_id: charge.id.0,
            configured_discount_amount: Six(discount.configured.amount),
            amount: Four(discount.amount),
            quantity: One(charge.quantity),
            discount_type: Name(discount.configured.discount_type),
            effective_timestamp: At(charge.created_at),
            description: discount.description.clone(),
            id: discount.id,
            uri: None,
        }
    }

    /// Of a line that does not exist.
    pub(in crate::routes) fn foreseen(line: &PreviewLine, discount: &ChargeDiscount, at: Instant) -> Self {
        Self {
            draft_charge_id: 0,
            configured_discount_amount: Six(discount.configured.amount),
            amount: Four(discount.amount),
            quantity: One(line.quantity),
            discount_type: Name(discount.configured.discount_type),
            effective_timestamp: At(at),
            description: None,
            id: 0,
            uri: None,
        }
    }
}

impl DraftInvoiceTier {
    fn of((sort_order, DraftTier { tier, label }): (usize, &DraftTier)) -> Self {
        Self {
            unit_price: Six(tier.unit_price),
            label: label.clone(),
            quantity: One(tier.quantity),
            amount: Four(tier.amount),
            sort_order,
        }
    }
}
