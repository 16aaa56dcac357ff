//! What callers are shown of payments (receivables.md §5.2).

use billing::payment::{InvoiceAllocation, Payment as Stored};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    wire::scalar::{At, Four},
};

/// A payment that succeeded.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payment {
    /// The attempt that brought it.
    payment_activity_id: i64,
    /// As the caller gave it.
    reference: Option<String>,
    /// When the money was received.
    effective_timestamp: At,
    /// Always null.
    description: Option<String>,
    /// Who paid.
    customer_id: i64,
    /// Refunds only.
    original_payment_activity_id: Option<i64>,
    /// How much.
    amount: Four,
    /// In which currency.
    currency: &'static str,
    /// Where it went.
    invoice_allocations: Vec<Allocation>,
    /// What was given back.
    refunds: Vec<()>,
    /// Neither refunded nor allocated.
    unallocated_amount: Four,
    /// Not yet refunded.
    refundable_amount: Four,
    /// Gateways only.
    gateway_fee: Option<Four>,
    /// Gateways only.
    settlement: Option<()>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A payment's part in one invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Allocation {
    /// The invoice.
    invoice_id: i64,
    /// Its number.
    invoice_number: i64,
    /// How much of the payment it took.
    amount: Four,
    /// What it owes now.
    outstanding_balance: Four,
    /// What was invoiced.
    invoice_total: Four,
    /// Gateways only.
    surcharging_fee: Option<Four>,
    /// Its purchase-order number.
    po_number: Option<String>,
    /// NetSuite only.
    netsuite_id: Option<String>,
    /// QuickBooks only.
    quick_books_id: Option<i64>,
    /// Its notes.
    invoice_note: Option<String>,
    /// Where the invoice is read.
    uri: String,
}

impl Payment {
    pub(super) fn of(links: &Links, payment: Stored) -> Self {
        Self {
            payment_activity_id: payment.activity.0,
            reference: payment.reference,
            effective_timestamp: At(payment.effective_at),
            description: None,
            customer_id: payment.customer.0,
            original_payment_activity_id: None,
            amount: Four(payment.amount),
            currency: payment.currency.code(),
            invoice_allocations: payment.allocations.into_iter().map(|part| Allocation::of(links, part)).collect(),
            refunds: Vec::new(),
            unallocated_amount: Four(payment.unallocated),
            refundable_amount: Four(payment.refundable),
            gateway_fee: None,
            settlement: None,
            id: payment.id.0,
            uri: links.payment(payment.id.0),
        }
    }
}

impl Allocation {
    fn of(links: &Links, part: InvoiceAllocation) -> Self {
        Self {
            invoice_id: part.invoice.0,
            invoice_number: part.number,
            amount: Four(part.amount),
            outstanding_balance: Four(part.outstanding),
            invoice_total: Four(part.total),
            surcharging_fee: None,
            po_number: part.po_number,
            netsuite_id: None,
            quick_books_id: None,
            invoice_note: part.notes,
            uri: links.invoice(part.invoice.0),
        }
    }
}
