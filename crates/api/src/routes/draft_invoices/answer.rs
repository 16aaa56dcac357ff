//! What callers are shown of a draft invoice (receivables.md §3.1).

mod charge;

use app::draft_invoices::find::Found;
use billing::{draft_invoice::DraftInvoiceStatus, term::Term};
use calendar::{Instant, Zone};
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use self::charge::DraftInvoiceCharge;
pub(in crate::routes) use self::charge::DraftInvoiceDiscount;
use crate::{
    links::Links,
    name::Name,
    routes::invoices::{InvoiceCustomer, Schedule, Tax, taxes},
    wire::scalar::{At, Four},
};

/// An invoice that waits to be posted. Totals, taxes and due dates are those that posting it now would make.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct DraftInvoice {
    /// Subscriptions only.
    billing_period_id: Option<i64>,
    /// When it was made.
    effective_timestamp: At,
    /// Last change.
    modified_timestamp: At,
    /// `Ready` or `Cancelled`.
    status: Name<DraftInvoiceStatus>,
    /// A purchase-order number in place of the customer's standing one.
    po_number: Option<String>,
    /// Its lines; absent when they are grouped.
    #[serde(skip_serializing_if = "Option::is_none")]
    draft_charges: Option<Vec<DraftInvoiceCharge>>,
    /// Its lines in groups, one a purchase; null unless asked for.
    draft_charge_groups: Option<Vec<DraftInvoiceChargeGroup>>,
    /// Sum of the charges before discounts.
    subtotal: Four,
    /// Sum of the discounts.
    total_discount: Four,
    /// What would be invoiced.
    total: Four,
    /// Taxes, one a rate.
    taxes: Vec<Tax>,
    /// When it would fall due, in parts.
    payment_schedules: Vec<Schedule>,
    /// The customer.
    customer: InvoiceCustomer,
    /// Printed on the invoice.
    notes: Option<String>,
    /// The customer's, for deliveries.
    shipping_instructions: Option<String>,
    /// The caller's own id of the customer.
    customer_reference_value: Option<String>,
    /// Terms in force.
    terms: Name<Term>,
    /// Terms without an override: the customer's, or the account's.
    default_terms: Name<Term>,
    /// Whether the default terms set the due date.
    is_default_terms: bool,
    /// A date that the merchant knows the invoice by.
    reference_date: Option<At>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// The lines of one purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftInvoiceChargeGroup {
    /// Its name.
    name: String,
    /// Its description.
    description: Option<String>,
    /// Always null.
    reference: Option<String>,
    /// Its lines.
    draft_charges: Vec<DraftInvoiceCharge>,
}

impl DraftInvoice {
    /// What is shown of a draft at `now`, with its charges in groups or not.
    pub(in crate::routes) fn of(links: &Links, found: Found, groups: bool, now: Instant) -> Self {
        let Found { draft, invoice } = found;
        let totals = &invoice.totals;
        let charges = draft.charges.iter().map(|charge| DraftInvoiceCharge::of(links, draft.id, charge));
        let (draft_charges, draft_charge_groups) = if groups {
            let groups = draft.charges.iter().zip(charges).map(|(charge, line)| DraftInvoiceChargeGroup {
                name: charge.name.clone(),
                description: charge.description.clone(),
                reference: None,
                draft_charges: vec![line],
            });
            (None, Some(groups.collect()))
        } else {
            (Some(charges.collect()), None)
        };
        let addresses = invoice.addresses.as_ref();
        Self {
            billing_period_id: None,
            effective_timestamp: At(draft.created_at),
            modified_timestamp: At(draft.modified_at),
            status: Name(draft.status),
            po_number: draft.terms.po_number,
            draft_charges,
            draft_charge_groups,
            subtotal: Four(totals.subtotal),
            total_discount: Four(totals.discount),
            total: Four(totals.amount().unwrap_or(Amount::ZERO)),
            taxes: taxes(&invoice),
            payment_schedules: Schedule::all_of(&invoice, now),
            customer: InvoiceCustomer::of(links, &invoice),
            notes: draft.terms.notes,
            shipping_instructions: addresses.and_then(|addresses| addresses.fields.shipping_instructions.clone()),
            customer_reference_value: invoice.contact.reference.clone(),
            terms: Name(invoice.term),
            default_terms: Name(invoice.default_term),
            is_default_terms: invoice.term == invoice.default_term,
            reference_date: draft.terms.reference_date.map(|date| At(Zone::utc().start_of(date))),
            id: draft.id.0,
            uri: links.draft_invoice(draft.id.0),
        }
    }
}
