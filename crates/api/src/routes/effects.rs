//! What a call did to invoices, or would do: an invoice of a preview was made by the very same code and taken back
//! (subscriptions.md §3).

use billing::{
    discount::DiscountType,
    invoice::{Charge, ChargeDiscount, Invoice},
};
use calendar::Instant;
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use super::invoices::{Invoice as PostedInvoice, Tax, taxes};
use crate::{
    name::Name,
    wire::scalar::{At, Four, One, Six},
};

/// The invoices that a call made, when `view=sideeffects` asks for them.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SideEffects {
    /// Posted invoices.
    invoices: Vec<PostedInvoice>,
    /// What the invoice of a draft would be.
    draft_invoices: Vec<InvoicePreview>,
}

impl SideEffects {
    /// Of these invoices.
    pub(super) fn of(invoices: Vec<PostedInvoice>) -> Self {
        Self { invoices, draft_invoices: Vec::new() }
    }

    /// Of a draft that would make this invoice.
    pub(super) fn of_draft(invoice: &Invoice) -> Self {
        Self { invoices: Vec::new(), draft_invoices: vec![InvoicePreview::of(invoice, true)] }
    }
}

/// An invoice that does not exist.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoicePreview {
    /// Its lines.
    draft_charges: Vec<DraftCharge>,
    /// Sum of the charges before discounts.
    subtotal: Four,
    /// What would be invoiced.
    total: Four,
    /// Taxes, one a rate.
    draft_taxes: Vec<Tax>,
    /// Sum of the taxes.
    total_taxes: Four,
    /// The customer's purchase-order number.
    po_number: Option<String>,
    /// When it would be posted.
    effective_timestamp: At,
    /// Always `Ready`.
    status: &'static str,
    /// Its lines by purchase.
    draft_charge_groups: Vec<DraftChargeGroup>,
    /// Printed on it.
    notes: Option<String>,
    /// Printed on it.
    shipping_instructions: Option<String>,
}

/// The lines of one purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftChargeGroup {
    /// Its name.
    name: String,
    /// Its description.
    description: Option<String>,
    /// Always null.
    reference: Option<String>,
    /// Its lines.
    draft_charges: Vec<DraftCharge>,
}

/// A line that does not exist.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftCharge {
    /// Always 0.
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
    /// Always 0.
    draft_invoice_id: i64,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// When it would count.
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
    draft_discount: Option<DraftDiscount>,
    /// Discounts on it.
    draft_discounts: Vec<DraftDiscount>,
    /// Always `Ready`.
    status: &'static str,
    /// Always 0.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

/// A discount that does not exist.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftDiscount {
    /// Always 0.
    draft_charge_id: i64,
    /// Percent or money, as it was entered.
    configured_discount_amount: Six,
    /// What it would take.
    amount: Four,
    /// The quantity it is taken of.
    quantity: One,
    /// What the entered number means.
    discount_type: Name<DiscountType>,
    /// When it would count.
    effective_timestamp: At,
    /// Always null.
    description: Option<String>,
    /// Always 0.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

impl InvoicePreview {
    /// Of an invoice that was taken back; charges of nothing are shown only when asked for.
    pub(super) fn of(invoice: &Invoice, zero_charges: bool) -> Self {
        let totals = &invoice.totals;
        let charges = || invoice.charges.iter().filter(|charge| zero_charges || !charge.amount.is_zero());
        Self {
            draft_charges: charges().map(|charge| DraftCharge::of(charge, invoice.posted_at)).collect(),
            subtotal: Four(totals.subtotal),
            total: Four(totals.amount().unwrap_or(Amount::ZERO)),
            draft_taxes: taxes(invoice),
            total_taxes: Four(totals.tax),
            po_number: invoice.po_number.clone(),
            effective_timestamp: At(invoice.posted_at),
            status: "Ready",
            draft_charge_groups: charges().map(|charge| DraftChargeGroup::of(charge, invoice.posted_at)).collect(),
            notes: invoice.notes.clone(),
            shipping_instructions: None,
        }
    }
}

impl DraftChargeGroup {
    fn of(charge: &Charge, at: Instant) -> Self {
        Self {
            name: charge.name.clone(),
            description: charge.description.clone(),
            reference: None,
            draft_charges: vec![DraftCharge::of(charge, at)],
        }
    }
}

impl DraftCharge {
    fn of(charge: &Charge, at: Instant) -> Self {
        let discounts = || charge.discounts.iter().map(|discount| DraftDiscount::of(charge, discount, at));
        Self {
            transaction_id: 0,
            charge_type_id: None,
            transaction_type: "Charge",
            quantity: One(charge.quantity),
            unit_price: Six(charge.unit_price),
            amount: Four(charge.amount),
            taxable_amount: Four(charge.taxable_amount),
            subscription_period_id: None,
            draft_invoice_id: 0,
            name: charge.name.clone(),
            description: charge.description.clone(),
            effective_timestamp: At(at),
            prorated_unit_price: None,
            start_service_date: None,
            end_service_date: None,
            range_quantity: charge.range_quantity.map(One),
            draft_discount: discounts().next(),
            draft_discounts: discounts().collect(),
            status: "Ready",
            id: 0,
            uri: None,
        }
    }
}

impl DraftDiscount {
    fn of(charge: &Charge, discount: &ChargeDiscount, at: Instant) -> Self {
        Self {
            draft_charge_id: 0,
            configured_discount_amount: Six(discount.configured.amount),
            amount: Four(discount.amount),
            quantity: One(charge.quantity),
            discount_type: Name(discount.configured.discount_type),
            effective_timestamp: At(at),
            description: None,
            id: 0,
            uri: None,
        }
    }
}
