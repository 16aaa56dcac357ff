//! Draft purchases, one at a time: made, changed, split; and all those of a customer, finalized.

use app::{
    Tx,
    purchases::{create, finalize, finalize_drafts, split, update},
};
use axum::response::Response;
use billing::{account::Session, id::CustomerId, invoice::Invoice, purchase};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answer::Purchase,
    request::{CreateRequest, FinalizeDraftsRequest, SplitRequest, UpdateRequest},
};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation, routes::effects::InvoicePreview};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Purchases", "Create purchase", create)
            .about("Sells one purchase to a customer, as a draft.")
            .takes::<CreateRequest>("purchase")
            .with("preview", "boolean", "Stores nothing, and shows the invoice that finalizing would make.")
            .with("view", "string", "`sideeffects` shows what the invoice would be.")
            .answers::<Purchase>(),
        Operation::put("/v1/Purchases", "Update purchase", update)
            .about(
                "Changes a draft purchase. Members left out stay as they are; null clears a member, or restores the \
                 catalogue's prices and earning settings.",
            )
            .takes::<UpdateRequest>("purchase")
            .answers::<Purchase>(),
        Operation::post("/v1/Purchases/Split", "Split purchase", split)
            .about(
                "Lowers the target of a tracked draft to the number of its items, and makes a new draft that waits \
                 for the rest. Answers the original purchase.",
            )
            .takes::<SplitRequest>("purchaseSplit")
            .answers::<Purchase>(),
        Operation::post("/v1/Customers/Purchase/{customerId}", "Finalize a customer's drafts", finalize_drafts)
            .about(
                "Charges the draft purchases of an active customer on one invoice: those that are named, or all but tracked \
                 ones that have fewer items than their targets.",
            )
            .takes::<FinalizeDraftsRequest>("customerPurchase")
            .answers::<DraftsFinalized>(),
    ]
}

/// The answer to the finalization of a customer's drafts; everything in it belongs to previews.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftsFinalized {
    /// Null unless the call is a preview, and when there is nothing to finalize.
    invoice_preview: Option<InvoicePreview>,
    /// Always empty: a call makes one invoice.
    additional_invoices_for_preview: Vec<InvoicePreview>,
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let is_preview = call.switch("preview")?;
    let shows_effects = call.query.text("view").is_some_and(|view| view.eq_ignore_ascii_case("sideeffects"));
    let (order, problems) = call.judge(CreateRequest::judge)?;
    if !problems.is_empty() {
        return call.refuse(move |tx, session| create::refuse(tx, session, &order, &problems)).await;
    }
    let run = move |tx: &mut Tx<'_>, session: &Session| {
        let purchase = create::run(tx, session, &order)?;
        let is_foreseen = is_preview || shows_effects;
        let foresee = || finalize::foresee(tx, session, order.customer, std::slice::from_ref(&purchase), None);
        let invoice = is_foreseen.then(foresee).transpose()?;
        Ok((purchase, invoice))
    };
    if is_preview {
        return call
            .preview(run, |links, _, (purchase, invoice)| Purchase::of(links, &purchase).with_preview(invoice.as_ref()))
            .await;
    }
    let render = |links: &Links, _: &Session, (purchase, invoice): (purchase::Purchase, Option<Invoice>)| {
        Purchase::of(links, &purchase).with_side_effects(invoice.as_ref())
    };
    call.command(run, render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let (order, problems) = call.judge(UpdateRequest::judge)?;
    if !problems.is_empty() {
        return call.refuse(move |tx, session| update::refuse(tx, session, &order, &problems)).await;
    }
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn split(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(SplitRequest::parse)?;
    call.command(move |tx, session| split::run(tx, session, &order), render).await
}

async fn finalize_drafts(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    let (is_preview, order) = call.parse(|request: FinalizeDraftsRequest| request.parse(customer))?;
    if !is_preview {
        let run = move |tx: &mut Tx<'_>, session: &Session| finalize_drafts::run(tx, session, &order);
        return call.command(run, |_, _, _| DraftsFinalized::default()).await;
    }
    let run = move |tx: &mut Tx<'_>, session: &Session| finalize_drafts::preview(tx, session, &order);
    call.preview(run, |_, _, invoice| DraftsFinalized {
        invoice_preview: invoice.map(|invoice| InvoicePreview::of(&invoice, false)),
        ..DraftsFinalized::default()
    })
    .await
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, _session: &Session, purchase: purchase::Purchase) -> Purchase {
    Purchase::of(links, &purchase)
}
