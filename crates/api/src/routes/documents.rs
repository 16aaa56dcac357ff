//! Invoices as their customers get them: HTML and PDF of `/v1/Invoices`.

use app::{
    Tx,
    invoices::papers::{self, Papers},
};
use axum::response::Response;
use billing::{account::Session, id::InvoiceId};
use document::{
    Document,
    invoice::{Sender, Stage, TRACKED_ITEMS},
};
use money::NumberError;

use crate::{call::Call, error::ApiError, operation::Operation, paper::Form};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        with_items(
            Operation::get("/v1/Invoices/html/{id}", "Read invoice as HTML", html)
                .about(
                    "The invoice as its customer gets it, under the account's profile: one file that needs no other.",
                )
                .sends(Form::Html),
        ),
        with_items(
            Operation::get("/v1/Invoices/pdf/{id}", "Read invoice as PDF", pdf)
                .about("The same as a PDF file. PDF reads have a limit of their own; HTML is quicker.")
                .sends(Form::Pdf),
        ),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Invoices"))
    .collect()
}

fn with_items(operation: Operation) -> Operation {
    operation.with("showTrackedItems", "boolean", "Adds pages with the tracked items of the purchases.")
}

async fn html(call: Call) -> Result<Response, ApiError> {
    invoice(call, Form::Html).await
}

async fn pdf(call: Call) -> Result<Response, ApiError> {
    invoice(call, Form::Pdf).await
}

async fn invoice(call: Call, form: Form) -> Result<Response, ApiError> {
    let id = InvoiceId(call.id("id")?);
    let display = call.switch("showTrackedItems")?.then_some(TRACKED_ITEMS);
    let ask = move |tx: &mut Tx<'_>, session: &Session| papers::of_invoice(tx, session, id, display);
    call.document(form, ask, |session, papers| of_invoice(session, &papers, Stage::Posted)).await
}

fn of_invoice(session: &Session, papers: &Papers, stage: Stage) -> Result<Document, NumberError> {
    let sender = Sender { account: &session.account, profile: &papers.profile };
    document::invoice::document(sender, &papers.invoice, stage, papers.tracking.as_ref())
}
