//! What callers are shown of payments (receivables.md §5.2).

use billing::payment::Payment as Stored;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    routes::{allocations::Allocation, refunds::Refund},
    wire::scalar::{At, Four},
};

/// A payment that succeeded.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Payment {
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
    refunds: Vec<Refund>,
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

impl Payment {
    pub(in crate::routes) fn of(links: &Links, payment: Stored) -> Self {
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
            refunds: payment.refunds.into_iter().map(|refund| Refund::of(links, refund)).collect(),
            unallocated_amount: Four(payment.unallocated),
            refundable_amount: Four(payment.refundable),
            gateway_fee: None,
            settlement: None,
            id: payment.id.0,
            uri: links.payment(payment.id.0),
        }
    }
}
