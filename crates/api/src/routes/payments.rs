//! `/v1/Payments`.

mod answer;
mod request;

use app::payments::{
    collect::{self, Asked},
    create, find,
};
use axum::response::Response;
use billing::{account::Session, id::PaymentId};

pub(super) use self::{answer::Payment, request::PaymentRequest};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation};

const TAG: &str = "Payments";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Payments", "Create payment", create)
            .about(
                "Records money that was received by cash, check or direct deposit, or charges a card or bank account, and gives \
                 it to invoices. A charge that fails is answered 400 in the gateway's words, and is kept as an activity.",
            )
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
    let render = |links: &Links, _: &Session, payment| Payment::of(links, payment);
    match call.parse(PaymentRequest::parse_any)? {
        Asked::Recorded(order) => call.command(move |tx, session| create::run(tx, session, &order), render).await,
        Asked::Collected(order) => {
            call.collect(move |tx, session| collect::begin(tx, session, &order), collect::end, render).await
        }
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PaymentId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, payment| Payment::of(links, payment)).await
}
