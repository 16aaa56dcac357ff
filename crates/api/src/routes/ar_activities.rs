//! `/v1/ArActivities`: what moved the balances of customers (receivables.md §11).

use app::ar_activities as activities;
use axum::response::Response;
use billing::{
    ar_activity::{ActivityAllocation, ArActivity as Stored},
    id::CustomerId,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    error::ApiError,
    operation::Operation,
    wire::scalar::{At, Four, One, Six},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Customers/{customerId}/CustomerArActivities", "List transactions by customer", of_customer)
            .about(
                "Everything that moved the customer's balance, in the order in which it was posted: debits less credits \
                 are what the customer owes. `startDate` and `endDate` in `query` bound the effective time; the end is \
                 not included.",
            )
            .lists::<ArActivity>(activities::COLUMNS),
        Operation::get("/v1/ArActivities", "List transactions", list_all)
            .about("Everything that moved the balances of the account's customers.")
            .lists::<ArActivity>(activities::COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Transactions"))
    .collect()
}

/// A transaction that moved a customer's balance.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArActivity {
    /// When it counts.
    effective_timestamp: At,
    /// What happened.
    transaction_type: &'static str,
    /// The charge's name, or the tax's.
    name: Option<String>,
    /// The charge's description.
    description: Option<String>,
    /// Code of the product that was charged.
    product_code: Option<String>,
    /// The attempt that brought a payment or a refund.
    payment_activity_id: Option<i64>,
    /// Gateways only.
    reference: Option<String>,
    /// As the caller gave it.
    manual_reference: Option<String>,
    /// Units of a charge.
    quantity: Option<One>,
    /// Price of one.
    unit_price: Option<Six>,
    /// What it added to the balance.
    ar_debit: Four,
    /// What it took from the balance.
    ar_credit: Four,
    /// General-ledger label of the charge.
    gl_code: Option<String>,
    /// The invoices that it went to, or was taken back from, as they have it now.
    invoice_allocation: Vec<Allocation>,
    /// The charge of a discount, a tax or a reversal, the payment of a refund, the credit of a debit.
    associated_id: Option<i64>,
    /// Whose balance it moved.
    customer_id: i64,
    /// In which currency.
    currency: &'static str,
    /// Its id, which is also that of the charge, payment, refund, credit, debit or write-off.
    id: i64,
}

/// The part of a transaction that is one invoice's.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Allocation {
    /// The invoice.
    invoice_id: i64,
    /// Its number.
    invoice_number: i64,
    /// How much.
    amount: Four,
}

impl ArActivity {
    pub(super) fn of(stored: Stored) -> Self {
        let allocation = |part: ActivityAllocation| Allocation {
            invoice_id: part.invoice.0,
            invoice_number: part.number,
            amount: Four(part.amount),
        };
        Self {
            effective_timestamp: At(stored.effective_at),
            transaction_type: stored.kind.name(),
            name: stored.name,
            description: stored.description,
            product_code: stored.product_code,
            payment_activity_id: stored.payment_activity.map(|activity| activity.0),
            reference: None,
            manual_reference: stored.reference,
            quantity: stored.quantity.map(One),
            unit_price: stored.unit_price.map(Six),
            ar_debit: Four(stored.debit),
            ar_credit: Four(stored.credit),
            gl_code: stored.gl_code,
            invoice_allocation: stored.invoices.into_iter().map(allocation).collect(),
            associated_id: stored.associated_id,
            customer_id: stored.customer.0,
            currency: stored.currency.code(),
            id: stored.id,
        }
    }
}

async fn of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.list(
        move |tx, session, page| activities::list_of_customer(tx, session, customer, page),
        |_, _, activity| ArActivity::of(activity),
    )
    .await
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    call.list(activities::list, |_, _, activity| ArActivity::of(activity)).await
}
