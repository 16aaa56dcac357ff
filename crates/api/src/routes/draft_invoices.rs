//! `/v1/DraftInvoices`, `/v1/DraftInvoiceSummary` and `/v1/DraftPaymentSchedules`: invoices that wait to be posted.

mod answer;
mod request;
mod schedules;
mod summary;

use app::{
    Tx,
    draft_invoices::{cancel, find, list, restore, update},
    invoices::{self, post_ready},
};
use axum::response::Response;
use billing::{
    account::Session,
    collect::CollectOrder,
    collection::Collection,
    id::{CustomerId, DraftInvoiceId, InvoiceId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::answer::{DraftInvoice, DraftInvoiceDiscount};
use self::{request::DraftInvoiceRequest, summary::DraftInvoiceSummary};
use super::{
    collect::CollectOptions,
    invoices::{Invoice, View},
};
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    links::Links,
    operation::Operation,
};

const TAG: &str = "Draft invoices";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/DraftInvoices", "List draft invoices", list_all)
            .about("Summaries of the account's draft invoices, without those that were posted.")
            .lists::<DraftInvoiceSummary>(list::COLUMNS),
        Operation::get("/v1/DraftInvoices/{id}", "Read draft invoice", read)
            .about("A draft with its charges, and the totals, taxes and due dates that posting it now would make.")
            .with("groupCharges", "boolean", "Shows the charges in groups, one a purchase.")
            .answers::<DraftInvoice>(),
        Operation::get("/v1/Customers/{customerId}/DraftInvoices", "List draft invoices by customer", list_of_customer)
            .about("Summaries of a customer's draft invoices, without those that were posted.")
            .lists::<DraftInvoiceSummary>(list::COLUMNS),
        Operation::get("/v1/DraftInvoiceSummary", "List draft invoice summaries", list_all)
            .about("The same as `GET /v1/DraftInvoices`.")
            .lists::<DraftInvoiceSummary>(list::COLUMNS),
        Operation::patch("/v1/DraftInvoices", "Change draft invoice", update)
            .about(
                "Changes a draft in status Ready; members left out stay. A purchase sells what its charge has become, and is \
                 cancelled with a charge that is deleted.",
            )
            .takes::<DraftInvoiceRequest>("draftInvoice")
            .answers::<DraftInvoice>(),
        Operation::post("/v1/DraftInvoices/PostReadyCharges", "Post ready charges", post_ready)
            .about("Posts every draft of a customer that is ready, each on an invoice of its own. Answers the invoices.")
            .takes::<PostReadyRequest>("postReadyCharges")
            .with("customerId", "integer", "The customer. Required.")
            .answers::<Vec<Invoice>>(),
        Operation::post("/v1/DraftInvoices/Cancel/{id}", "Cancel draft invoice", cancel)
            .about("A draft that is cancelled is neither changed nor posted until it is restored."),
        Operation::post("/v1/DraftInvoices/Uncancel/{id}", "Restore draft invoice", restore)
            .about("Makes a cancelled draft ready again."),
    ]
    .into_iter()
    .chain(schedules::operations())
    .map(|operation| operation.tagged(TAG))
    .collect()
}

/// How the invoices are to be paid.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct PostReadyRequest {
    /// How they are to be paid at once; absent, the customer's billing terms hold.
    #[serde(alias = "invoiceCollectionOptions")]
    invoice_collect_options: Option<CollectOptions>,
}

impl PostReadyRequest {
    fn parse(self) -> Result<Option<CollectOrder>, Vec<Problem>> {
        let mut problems = Problems::new();
        let options = self.invoice_collect_options;
        let collect = problems.at("InvoiceCollectOptions", |problems| options?.parse(problems));
        problems.into_result()?;
        Ok(collect)
    }
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, draft| DraftInvoiceSummary::of(links, draft)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.list(
        move |tx, session, page| list::of_customer(tx, session, customer, page),
        |links, _, draft| DraftInvoiceSummary::of(links, draft),
    )
    .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let (id, groups) = (DraftInvoiceId(call.id("id")?), call.switch("groupCharges")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    let render = move |links: &Links, session: &Session, found| DraftInvoice::of(links, found, groups, session.now);
    call.question(ask, render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(DraftInvoiceRequest::parse)?;
    call.command(
        move |tx, session| update::run(tx, session, &order),
        |links, session, found| DraftInvoice::of(links, found, false, session.now),
    )
    .await
}

async fn post_ready(call: Call) -> Result<Response, ApiError> {
    let customer = call.query.integer("customerId").map_err(|problem| query_problem(problem.message))?;
    let customer = customer.map(CustomerId).ok_or_else(|| query_problem("The customerId parameter is required."))?;
    let order = post_ready::Order { customer, collect: call.parse(PostReadyRequest::parse)? };
    let show = |tx: &mut Tx<'_>, session: &Session, posted: Vec<InvoiceId>| {
        posted.into_iter().map(|id| invoices::find::run(tx, session, id)).collect::<Result<Vec<_>, _>>()
    };
    let begin = move |tx: &mut Tx<'_>, session: &Session| {
        post_ready::begin(tx, session, &order)?.try_map(|posted| show(tx, session, posted))
    };
    let end = move |tx: &mut Tx<'_>, session: &Session, collection: &Collection| {
        show(tx, session, post_ready::end(collection))
    };
    call.collect(begin, end, |links, session, invoices| {
        invoices.iter().map(|one| Invoice::of(links, one, View::default(), session.now)).collect::<Vec<_>>()
    })
    .await
}

async fn cancel(call: Call) -> Result<Response, ApiError> {
    let id = DraftInvoiceId(call.id("id")?);
    call.command_without_answer(move |tx, session| cancel::run(tx, session, id)).await
}

async fn restore(call: Call) -> Result<Response, ApiError> {
    let id = DraftInvoiceId(call.id("id")?);
    call.command_without_answer(move |tx, session| restore::run(tx, session, id)).await
}
