//! `/v1/ReverseCharges`, `/v1/Invoices/Reverse` and `/v1/Invoices/ReverseSpecificCharges`: charges taken back
//! (receivables.md §10).

mod answer;
mod request;

use app::{
    Tx,
    reversal::{charge, invoice},
};
use axum::response::Response;
use billing::{account::Session, invoice::Invoice as Stored};

use self::{
    answer::Reversal,
    request::{ReverseChargeRequest, ReverseInvoiceRequest, ReverseSpecificChargesRequest},
};
use super::invoices::{Invoice, View};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation};

const TAG: &str = "Reversals";
const PREVIEW: &str = "Changes nothing, and shows the invoice as it would be.";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/ReverseCharges", "Reverse charge", reverse_charge)
            .about(
                "Takes back a charge or a part of it, with its discounts and taxes, on a credit note; final. What was paid \
                 of it becomes available funds or credit, the latest allocation first; no money is returned.",
            )
            .takes::<ReverseChargeRequest>("reverseCharge")
            .with("preview", "boolean", "Changes nothing, and shows what would be taken back.")
            .answers::<Reversal>(),
        Operation::post("/v1/Invoices/Reverse", "Reverse invoice", reverse_invoice)
            .about("Takes back all charges of an invoice of which anything is left, on one credit note; answers the invoice.")
            .takes::<ReverseInvoiceRequest>("reverseInvoice")
            .with("invoiceId", "integer", "The same as in the body, which comes first.")
            .with("reverseChargeOption", "string", "The same as in the body; `reverseChargeOptions` as well.")
            .with("reference", "string", "The same as in the body.")
            .with("preview", "boolean", PREVIEW)
            .answers::<Invoice>(),
        Operation::post("/v1/Invoices/ReverseSpecificCharges", "Reverse charges of an invoice", reverse_specific)
            .about("Takes back some charges of an invoice, all of them or none, on one credit note; answers the invoice.")
            .takes::<ReverseSpecificChargesRequest>("reverseSpecificCharges")
            .with("preview", "boolean", PREVIEW)
            .answers::<Invoice>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn reverse_charge(call: Call) -> Result<Response, ApiError> {
    let asked = call.switch("preview")?;
    let (in_body, order) = call.parse(ReverseChargeRequest::parse)?;
    let run = move |tx: &mut Tx<'_>, session: &Session| charge::run(tx, session, &order);
    if asked || in_body {
        return call.preview(run, |_, _, reversed| Reversal::preview_of(&reversed)).await;
    }
    call.command(run, |_, _, reversed| Reversal::of(&reversed)).await
}

async fn reverse_invoice(call: Call) -> Result<Response, ApiError> {
    let (in_body, order) = call.parse(|request: ReverseInvoiceRequest| request.parse(&call.query))?;
    reverse_several(call, in_body, order).await
}

async fn reverse_specific(call: Call) -> Result<Response, ApiError> {
    let (in_body, order) = call.parse(ReverseSpecificChargesRequest::parse)?;
    reverse_several(call, in_body, order).await
}

async fn reverse_several(call: Call, in_body: bool, order: invoice::Order) -> Result<Response, ApiError> {
    let asked = call.switch("preview")?;
    let run = move |tx: &mut Tx<'_>, session: &Session| invoice::run(tx, session, &order);
    if asked || in_body { call.preview(run, render).await } else { call.command(run, render).await }
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, session: &Session, invoice: Stored) -> Invoice {
    Invoice::of(links, &invoice, View::default(), session.now)
}
