//! What an invoice has of payments and credits (receivables.md §2.5).

use app::invoices::allocations;
use axum::response::Response;
use billing::{
    allocation::{CreditAllocation as StoredCredit, PaymentAllocation as StoredPayment},
    id::InvoiceId,
    payment::PaymentMethod,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    error::ApiError,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Four},
};

const TAG: &str = "Invoices";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Invoices/{id}/PaymentAllocations", "List payment allocations", of_payments)
            .about("What an invoice has of payments, oldest first.")
            .answers::<Vec<PaymentAllocation>>(),
        Operation::get("/v1/Invoices/{id}/CreditAllocations", "List credit allocations", of_credits)
            .about("What an invoice has of credits, oldest first.")
            .answers::<Vec<CreditAllocation>>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn of_payments(call: Call) -> Result<Response, ApiError> {
    let id = InvoiceId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| allocations::of_payments(tx, session, id);
    call.question(ask, |_, _, parts| parts.into_iter().map(PaymentAllocation::from).collect::<Vec<_>>()).await
}

async fn of_credits(call: Call) -> Result<Response, ApiError> {
    let id = InvoiceId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| allocations::of_credits(tx, session, id);
    call.question(ask, |_, _, parts| parts.into_iter().map(CreditAllocation::from).collect::<Vec<_>>()).await
}

/// A payment's part in an invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PaymentAllocation {
    /// The payment.
    payment_id: i64,
    /// The invoice.
    invoice_id: i64,
    /// What the invoice has of it.
    amount: Four,
    /// Since when.
    effective_timestamp: At,
    /// How the payment was made.
    payment_method: Name<PaymentMethod>,
    /// As the payer gave it.
    payment_reference: Option<String>,
    /// The attempt that brought the payment.
    payment_activity_id: i64,
}

/// A credit's part in an invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CreditAllocation {
    /// The credit.
    credit_id: i64,
    /// The invoice.
    invoice_id: i64,
    /// What the invoice has of it.
    amount: Four,
}

impl From<StoredPayment> for PaymentAllocation {
    fn from(part: StoredPayment) -> Self {
        Self {
            payment_id: part.payment.0,
            invoice_id: part.invoice.0,
            amount: Four(part.amount),
            effective_timestamp: At(part.effective_at),
            payment_method: Name(part.method),
            payment_reference: part.reference,
            payment_activity_id: part.activity.0,
        }
    }
}

impl From<StoredCredit> for CreditAllocation {
    fn from(part: StoredCredit) -> Self {
        Self { credit_id: part.credit.0, invoice_id: part.invoice.0, amount: Four(part.amount) }
    }
}
