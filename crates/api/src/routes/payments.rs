//! `/v1/Payments`.

mod answer;
mod request;

use app::payments::{create, find};
use axum::response::Response;
use billing::id::PaymentId;

pub(super) use self::{answer::Payment, request::PaymentRequest};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Payments";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Payments", "Create payment", create)
            .about("Records money that was received by cash, check or direct deposit, and gives it to invoices.")
            .takes::<PaymentRequest>("payment")
            .answers::<Payment>(),
        Operation::get("/v1/Payments/{id}", "Read payment", read)
            .about("The payment, with what its invoices owe now.")
            .answers::<Payment>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PaymentRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), |links, _, payment| Payment::of(links, payment))
        .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PaymentId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, payment| Payment::of(links, payment)).await
}
