//! `/v1/Refunds`: money given back (receivables.md §7).

use app::refunds::{collect, find};
use axum::response::Response;
use billing::{
    account::Session,
    id::{PaymentId, RefundId},
    problem::Problem,
    refund::{Refund as Stored, RefundMethod, RefundOrder},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::allocations::{Allocation, AllocationRequest, asked};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Decimal, Four, Timestamp},
};

const TAG: &str = "Refunds";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Refunds", "Create refund", create)
            .about("Gives money of a payment back; invoices owe again what is taken back from them.")
            .takes::<RefundRequest>("refund")
            .answers::<Refund>(),
        Operation::get("/v1/Refunds/{transactionId}", "Read refund", read)
            .about("The refund, with what its invoices owe now.")
            .answers::<Refund>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(RefundRequest::parse)?;
    let begin = move |tx: &mut app::Tx<'_>, session: &Session| collect::begin(tx, session, &order);
    call.collect(begin, collect::end, |links, _, refund| Refund::of(links, refund)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = RefundId(call.id("transactionId")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, refund| Refund::of(links, refund)).await
}

/// Money to give back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct RefundRequest {
    /// The payment. Required.
    original_payment_id: Option<i64>,
    /// How much of it; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// What invoices give back of it; the rest comes from the part that no invoice has.
    #[schemars(length(max = 1_000))]
    refund_allocations: Option<Vec<AllocationRequest>>,
    /// How it goes; the way it was paid when absent, so through the payment gateway for a card or bank account.
    method: Option<Name<RefundMethod>>,
    /// When the money went; now when absent.
    effective_timestamp: Option<Timestamp>,
}

impl RefundRequest {
    fn parse(self) -> Result<RefundOrder, Vec<Problem>> {
        let allocations = ("RefundAllocations", self.refund_allocations);
        let asked = asked(("OriginalPaymentId", self.original_payment_id), self.amount, self.reference, allocations)?;
        Ok(RefundOrder {
            payment: PaymentId(asked.subject),
            amount: asked.amount,
            reference: asked.reference,
            allocations: asked.allocations,
            method: self.method.map_or(RefundMethod::PaymentMethod, |Name(method)| method),
            effective_at: self.effective_timestamp.map(|Timestamp(at)| at),
        })
    }
}

/// Money that was given back.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refund {
    /// The attempt that made it.
    payment_activity_id: i64,
    /// As the caller gave it.
    reference: Option<String>,
    /// When the money went.
    effective_timestamp: At,
    /// Names the payment.
    description: String,
    /// Who got it.
    customer_id: i64,
    /// The attempt that brought the payment.
    original_payment_activity_id: i64,
    /// How much.
    amount: Four,
    /// In which currency.
    currency: &'static str,
    /// Which invoices it was taken back from.
    invoice_allocations: Vec<Allocation>,
    /// Gateways only.
    gateway_fee: Option<Four>,
    /// Gateways only.
    settlement: Option<()>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl Refund {
    pub(super) fn of(links: &Links, refund: Stored) -> Self {
        Self {
            payment_activity_id: refund.activity.0,
            reference: refund.reference,
            effective_timestamp: At(refund.effective_at),
            description: format!(
                "{} of payment {}",
                if refund.is_return { "Return" } else { "Refund" },
                refund.payment
            ),
            customer_id: refund.customer.0,
            original_payment_activity_id: refund.original_activity.0,
            amount: Four(refund.amount),
            currency: refund.currency.code(),
            invoice_allocations: refund.allocations.into_iter().map(|part| Allocation::of(links, part)).collect(),
            gateway_fee: None,
            settlement: None,
            id: refund.id.0,
            uri: links.refund(refund.id.0),
        }
    }
}
