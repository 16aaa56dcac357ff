//! What a call did to invoices, or would do: an invoice of a preview was made by the very same code and taken back
//! (subscriptions.md §3).

use app::purchases::finalize::Effect;
use billing::{
    invoice::Charge,
    preview::{Preview, PreviewLine},
    problem::Problems,
};
use calendar::Instant;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    draft_invoices::{DraftInvoice, DraftInvoiceDiscount},
    invoices::{Invoice as PostedInvoice, Tax, View, taxes},
};
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    links::Links,
    wire::scalar::{At, Four, One, Six},
};

/// The invoices that a call made, when `view=sideeffects` asks for them.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SideEffects {
    /// Posted invoices.
    invoices: Vec<PostedInvoice>,
    /// Draft invoices that wait, or what the invoice of a draft would be.
    draft_invoices: Vec<DraftEffect>,
}

/// A draft invoice that a call made, or one that it would make.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum DraftEffect {
    /// It waits.
    Waits(Box<DraftInvoice>),
    /// It does not exist.
    Foreseen(Box<InvoicePreview>),
}

impl SideEffects {
    /// Of what billing did.
    pub(super) fn of_effect(links: &Links, effect: Effect, view: View, now: Instant) -> Self {
        match effect {
            Effect::Posted(invoice) => Self::of(vec![PostedInvoice::of(links, &invoice, view, now)]),
            Effect::Waits(found) => {
                let draft = DraftInvoice::of(links, *found, false, now);
                Self { invoices: Vec::new(), draft_invoices: vec![DraftEffect::Waits(Box::new(draft))] }
            }
            Effect::Foreseen(preview) => Self::of_draft(&preview, view.zero_charges),
        }
    }

    /// Of a call that made no invoice.
    pub(super) fn none() -> Self {
        Self::of(Vec::new())
    }

    /// Of these invoices.
    fn of(invoices: Vec<PostedInvoice>) -> Self {
        Self { invoices, draft_invoices: Vec::new() }
    }

    /// Of drafts that would make this invoice; lines of nothing are shown only when asked for.
    pub(super) fn of_draft(preview: &Preview, zero_charges: bool) -> Self {
        Self {
            invoices: Vec::new(),
            draft_invoices: vec![DraftEffect::Foreseen(Box::new(InvoicePreview::of(preview, zero_charges)))],
        }
    }
}

/// What `view` may be where a call shows its effects; the first is what it is when absent.
const VIEWS: [&str; 2] = ["default", "sideeffects"];

/// Whether the query asks for what the call does to invoices.
pub(super) fn are_asked_for(call: &Call) -> Result<bool, ApiError> {
    let view = call.query.one_of("view", &VIEWS).map_err(|problem| query_problem(problem.message))?;
    Ok(view == Some(VIEWS[1]))
}

/// As [`are_asked_for`], by the member of a body.
pub(super) fn are_asked_for_by(problems: &mut Problems, view: Option<&str>) -> bool {
    let is = |name: &str| view.is_some_and(|view| view.trim().eq_ignore_ascii_case(name));
    if view.is_some() && !VIEWS.iter().any(|name| is(name)) && !is("") {
        problems.push("View", format!("View must be one of {}.", VIEWS.join(", ")));
    }
    is(VIEWS[1])
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

/// A line that does not exist; a tiered price has one for each range that the quantity reaches.
#[derive(Clone, Serialize, JsonSchema)]
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
    /// The whole quantity, which chose the price; non-standard pricing only.
    range_quantity: Option<One>,
    /// The first discount, as older clients read it.
    draft_discount: Option<DraftInvoiceDiscount>,
    /// Discounts on it.
    draft_discounts: Vec<DraftInvoiceDiscount>,
    /// Always `Ready`.
    status: &'static str,
    /// Always 0.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

impl InvoicePreview {
    /// Of an invoice that was taken back; lines of nothing are shown only when asked for.
    pub(super) fn of(preview: &Preview, zero_charges: bool) -> Self {
        let Preview { invoice, total, lines } = preview;
        let groups = invoice.charges.iter().zip(lines).map(|(charge, lines)| {
            let lines = lines.iter().filter(|line| zero_charges || !line.amount.is_zero());
            DraftChargeGroup::of(charge, lines, invoice.posted_at)
        });
        let groups = groups.filter(|group| !group.draft_charges.is_empty()).collect::<Vec<_>>();
        Self {
            draft_charges: groups.iter().flat_map(|group| group.draft_charges.clone()).collect(),
            subtotal: Four(invoice.totals.subtotal),
            total: Four(*total),
            draft_taxes: taxes(invoice),
            total_taxes: Four(invoice.totals.tax),
            po_number: invoice.po_number.clone(),
            effective_timestamp: At(invoice.posted_at),
            status: "Ready",
            draft_charge_groups: groups,
            notes: invoice.notes.clone(),
            shipping_instructions: None,
        }
    }
}

impl DraftChargeGroup {
    fn of<'l>(charge: &Charge, lines: impl Iterator<Item = &'l PreviewLine>, at: Instant) -> Self {
        Self {
            name: charge.name.clone(),
            description: charge.description.clone(),
            reference: None,
            draft_charges: lines.map(|line| DraftCharge::of(charge, line, at)).collect(),
        }
    }
}

impl DraftCharge {
    fn of(charge: &Charge, line: &PreviewLine, at: Instant) -> Self {
        let discounts = || line.discounts.iter().map(|discount| DraftInvoiceDiscount::foreseen(line, discount, at));
        Self {
            transaction_id: 0,
            charge_type_id: None,
            transaction_type: "Charge",
            quantity: One(line.quantity),
            unit_price: Six(line.unit_price),
            amount: Four(line.amount),
            taxable_amount: Four(line.taxable_amount),
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
