//! Documents as their customers get them: HTML and PDF of `/v1/Invoices`, `/v1/DraftInvoices` and `/v1/CreditNotes`.

use app::{
    Tx, credit_notes,
    invoices::papers::{self, Papers},
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{CreditNoteId, DraftInvoiceId, InvoiceId},
};
use document::{
    Document,
    invoice::{Sender, Stage, TRACKED_ITEMS, View},
};
use money::NumberError;

use crate::{call::Call, error::ApiError, operation::Operation, paper::Form};

pub(super) fn operations() -> Vec<Operation> {
    invoices().into_iter().chain(drafts()).chain(credit_notes()).collect()
}

fn invoices() -> [Operation; 2] {
    [
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
    .map(|operation| operation.tagged("Invoices"))
}

fn drafts() -> [Operation; 2] {
    [
        Operation::get("/v1/DraftInvoices/html/{id}", "Read draft invoice as HTML", draft_html)
            .about("The invoice that posting the draft now would make, without a number.")
            .sends(Form::Html),
        Operation::get("/v1/DraftInvoices/pdf/{id}", "Read draft invoice as PDF", draft_pdf)
            .about("The same as a PDF file, under the limit of PDF reads.")
            .sends(Form::Pdf),
    ]
    .map(|operation| {
        with_items(operation).with("groupCharges", "boolean", "Shows the charges in groups, one a purchase.")
    })
    .map(|operation| operation.tagged("Draft invoices"))
}

fn credit_notes() -> [Operation; 2] {
    [
        Operation::get("/v1/CreditNotes/html/{id}", "Read credit note as HTML", credit_note_html)
            .about("The credit note as its customer gets it, with its taxes by rate.")
            .sends(Form::Html),
        Operation::get("/v1/CreditNotes/pdf/{id}", "Read credit note as PDF", credit_note_pdf)
            .about("The same as a PDF file, under the limit of PDF reads.")
            .sends(Form::Pdf),
    ]
    .map(|operation| operation.tagged("Credit notes").extension())
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

async fn draft_html(call: Call) -> Result<Response, ApiError> {
    draft(call, Form::Html).await
}

async fn draft_pdf(call: Call) -> Result<Response, ApiError> {
    draft(call, Form::Pdf).await
}

async fn credit_note_html(call: Call) -> Result<Response, ApiError> {
    credit_note(call, Form::Html).await
}

async fn credit_note_pdf(call: Call) -> Result<Response, ApiError> {
    credit_note(call, Form::Pdf).await
}

async fn invoice(call: Call, form: Form) -> Result<Response, ApiError> {
    let id = InvoiceId(call.id("id")?);
    let display = call.switch("showTrackedItems")?.then_some(TRACKED_ITEMS);
    let ask = move |tx: &mut Tx<'_>, session: &Session| papers::of_invoice(tx, session, id, display);
    call.document(form, ask, |session, papers| of_invoice(session, &papers, Stage::Posted, false)).await
}

async fn draft(call: Call, form: Form) -> Result<Response, ApiError> {
    let id = DraftInvoiceId(call.id("id")?);
    let display = call.switch("showTrackedItems")?.then_some(TRACKED_ITEMS);
    let groups = call.switch("groupCharges")?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| papers::of_draft(tx, session, id, display);
    call.document(form, ask, move |session, papers| {
        let stage = Stage::Draft { id, is_cancelled: papers.is_cancelled };
        of_invoice(session, &papers, stage, groups)
    })
    .await
}

fn of_invoice(session: &Session, papers: &Papers, stage: Stage, groups_charges: bool) -> Result<Document, NumberError> {
    let sender = Sender { account: &session.account, profile: &papers.profile };
    let view = View { tracking: papers.tracking.as_ref(), groups_charges, display: papers.display };
    document::invoice::document(sender, &papers.invoice, stage, view)
}

async fn credit_note(call: Call, form: Form) -> Result<Response, ApiError> {
    let id = CreditNoteId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| credit_notes::papers::of_credit_note(tx, session, id);
    call.document(form, ask, |session, papers| {
        let sender = Sender { account: &session.account, profile: &papers.profile };
        document::credit_note::document(sender, &papers.note, &papers.invoice)
    })
    .await
}
