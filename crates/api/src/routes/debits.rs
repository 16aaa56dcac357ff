//! `/v1/Debits`: credits taken back (receivables.md §8.2).

use app::debits::{create, find};
use axum::response::Response;
use billing::{
    credit::{Debit as Stored, DebitOrder},
    id::{CreditId, DebitId},
    problem::Problem,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::allocations::{Allocation, AllocationRequest, asked};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    operation::Operation,
    wire::scalar::{At, Decimal, Four, Timestamp},
};

const TAG: &str = "Debits";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Debits", "Create debit", create)
            .about("Takes a credit back, or a part of it; invoices owe again what is taken back from them.")
            .takes::<DebitRequest>("debit")
            .answers::<Debit>(),
        Operation::get("/v1/Debits/{transactionId}", "Read debit", read)
            .about("The debit, with what its invoices owe now.")
            .answers::<Debit>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(DebitRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), |links, _, debit| Debit::of(links, debit)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = DebitId(call.id("transactionId")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, debit| Debit::of(links, debit)).await
}

/// A credit to take back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct DebitRequest {
    /// The credit. Required.
    original_credit_id: Option<i64>,
    /// How much of it; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// When it counts; now when absent.
    effective_timestamp: Option<Timestamp>,
    /// What invoices give back of it; the rest comes from the part that no invoice has.
    #[schemars(length(max = 1_000))]
    debit_allocations: Option<Vec<AllocationRequest>>,
}

impl DebitRequest {
    fn parse(self) -> Result<DebitOrder, Vec<Problem>> {
        let allocations = ("DebitAllocations", self.debit_allocations);
        let asked = asked(("OriginalCreditId", self.original_credit_id), self.amount, self.reference, allocations)?;
        Ok(DebitOrder {
            credit: CreditId(asked.subject),
            amount: asked.amount,
            reference: asked.reference,
            allocations: asked.allocations,
            effective_at: self.effective_timestamp.map(|Timestamp(at)| at),
        })
    }
}

/// What was taken back of a credit.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Debit {
    /// As the caller gave it.
    reference: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// Names the credit.
    description: String,
    /// Who had it.
    customer_id: i64,
    /// The credit.
    original_credit_id: i64,
    /// How much.
    amount: Four,
    /// In which currency.
    currency: &'static str,
    /// Which invoices it was taken back from.
    invoice_allocations: Vec<Allocation>,
    /// Always null.
    trigger: Option<String>,
    /// Always null.
    triggering_user_id: Option<i64>,
    /// Always null.
    trigger_username: Option<String>,
    /// QuickBooks only.
    quick_books_id: Option<i64>,
    /// QuickBooks only.
    quick_books_attempt_number: Option<i64>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl Debit {
    pub(super) fn of(links: &Links, debit: Stored) -> Self {
        Self {
            reference: debit.reference,
            effective_timestamp: At(debit.effective_at),
            description: format!("Reversal of credit {}", debit.credit),
            customer_id: debit.customer.0,
            original_credit_id: debit.credit.0,
            amount: Four(debit.amount),
            currency: debit.currency.code(),
            invoice_allocations: debit.allocations.into_iter().map(|part| Allocation::of(links, part)).collect(),
            trigger: None,
            triggering_user_id: None,
            trigger_username: None,
            quick_books_id: None,
            quick_books_attempt_number: None,
            id: debit.id.0,
            uri: links.debit(debit.id.0),
        }
    }
}
