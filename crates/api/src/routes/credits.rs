//! `/v1/Credits`: goodwill given (receivables.md §8.1).

use app::credits::{create, find};
use axum::response::Response;
use billing::{
    credit::{Credit as Stored, CreditOrder},
    id::{CreditId, CustomerId},
    payment::AllocateOrder,
    problem::Problem,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    allocations::{Allocation, AllocationRequest, asked},
    debits::Debit,
};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Decimal, Four, Timestamp},
};

const TAG: &str = "Credits";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Credits", "Create credit", create)
            .about("Gives goodwill to invoices; what no invoice gets is available credit.")
            .takes::<CreditRequest>("credit")
            .answers::<Credit>(),
        Operation::get("/v1/Credits/{transactionId}", "Read credit", read)
            .about("The credit with its debits, and with what its invoices owe now.")
            .answers::<Credit>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CreditRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), |links, _, credit| Credit::of(links, credit))
        .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CreditId(call.id("transactionId")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, credit| Credit::of(links, credit)).await
}

/// Goodwill to give.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CreditRequest {
    /// Who gets it. Required.
    customer_id: Option<i64>,
    /// How much; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// When it counts; now when absent.
    effective_timestamp: Option<Timestamp>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// Which invoices it goes to; the rest is available credit.
    #[schemars(length(max = 1_000))]
    credit_allocations: Option<Vec<AllocationRequest>>,
    /// Give what is left to outstanding invoices, as of a payment.
    auto_allocate: Option<bool>,
    /// In which order; the oldest first when absent.
    auto_allocate_order: Option<Name<AllocateOrder>>,
}

impl CreditRequest {
    fn parse(self) -> Result<CreditOrder, Vec<Problem>> {
        let allocations = ("CreditAllocations", self.credit_allocations);
        let asked = asked(("CustomerId", self.customer_id), self.amount, self.reference, allocations)?;
        let order = self.auto_allocate_order.map_or(AllocateOrder::OldestToNewest, |Name(order)| order);
        Ok(CreditOrder {
            customer: CustomerId(asked.subject),
            amount: asked.amount,
            reference: asked.reference,
            allocations: asked.allocations,
            auto_allocate: (self.auto_allocate == Some(true)).then_some(order),
            effective_at: self.effective_timestamp.map(|Timestamp(at)| at),
        })
    }
}

/// Goodwill that was given.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Credit {
    /// As the caller gave it.
    reference: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// Always null.
    description: Option<String>,
    /// Who got it.
    customer_id: i64,
    /// How much.
    amount: Four,
    /// In which currency.
    currency: &'static str,
    /// Neither debited nor allocated.
    unallocated_amount: Four,
    /// Not yet debited.
    reversable_amount: Four,
    /// Where it went.
    invoice_allocations: Vec<Allocation>,
    /// What was taken back.
    debits: Vec<Debit>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl Credit {
    fn of(links: &Links, credit: Stored) -> Self {
        Self {
            reference: credit.reference,
            effective_timestamp: At(credit.effective_at),
            description: None,
            customer_id: credit.customer.0,
            amount: Four(credit.amount),
            currency: credit.currency.code(),
            unallocated_amount: Four(credit.unallocated),
            reversable_amount: Four(credit.reversable),
            invoice_allocations: credit.allocations.into_iter().map(|part| Allocation::of(links, part)).collect(),
            debits: credit.debits.into_iter().map(|debit| Debit::of(links, debit)).collect(),
            id: credit.id.0,
            uri: links.credit(credit.id.0),
        }
    }
}
