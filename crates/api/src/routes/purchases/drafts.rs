//! Draft purchases, one at a time: made, changed, split; and all those of a customer, finalized.

use app::{
    Tx,
    purchases::{create, finalize, finalize_drafts, split, update},
};
use axum::response::Response;
use billing::{account::Session, id::CustomerId, preview::Preview, problem::Problems, purchase};
use money::Currency;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answer::Purchase,
    request::{CreateRequest, FinalizeDraftsQuery, FinalizeDraftsRequest, SplitRequest, UpdateRequest},
};
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    links::Links,
    operation::Operation,
    routes::{
        effects::{self, InvoicePreview},
        parse,
    },
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Purchases", "Create purchase", create)
            .about(
                "Sells one purchase to a customer, as a draft. A preview needs no customer, and may be taxed by another \
                 address than the customer's.",
            )
            .takes::<CreateRequest>("purchase")
            .with("preview", "boolean", "Stores nothing, and shows the invoice that finalizing would make.")
            .with("currency", "string", "Only in a preview without customer: the currency to price in, or the account's.")
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
            .with("preview", "boolean", "The same as in the body.")
            .with("temporarilyDisableAutoPost", "boolean", "The same as in the body.")
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
    let shows_effects = effects::are_asked_for(&call)?;
    let currency = currency(&call)?;
    if is_preview {
        return preview(call, currency, shows_effects).await;
    }
    let (order, problems) = call.judge(|request: CreateRequest, problems| request.judge(currency, problems))?;
    if !problems.is_empty() {
        return call.refuse(move |tx, session| create::refuse(tx, session, &order, &problems)).await;
    }
    let run = move |tx: &mut Tx<'_>, session: &Session| {
        let purchase = create::run(tx, session, &order)?;
        let foresee = || finalize::foresee(tx, session, order.customer, std::slice::from_ref(&purchase), None);
        let preview = shows_effects.then(foresee).transpose()?;
        Ok((purchase, preview))
    };
    let render = |links: &Links, _: &Session, (purchase, preview): (purchase::Purchase, Option<Preview>)| {
        Purchase::of(links, &purchase).with_side_effects(preview.as_ref())
    };
    call.command(run, render).await
}

async fn preview(call: Call, currency: Option<Currency>, shows_effects: bool) -> Result<Response, ApiError> {
    let (order, problems) = call.judge(|request: CreateRequest, problems| request.judge_preview(currency, problems))?;
    if !problems.is_empty() {
        return call.refuse(move |tx, session| create::refuse_preview(tx, session, &order, &problems)).await;
    }
    let run = move |tx: &mut Tx<'_>, session: &Session| create::preview(tx, session, &order);
    let render = move |links: &Links, _: &Session, (purchase, preview): (purchase::Purchase, Preview)| {
        let effects = shows_effects.then_some(&preview);
        Purchase::of(links, &purchase).with_side_effects(effects).with_preview(&preview)
    };
    call.preview(run, render).await
}

/// The currency that the query names; an empty one is none.
fn currency(call: &Call) -> Result<Option<Currency>, ApiError> {
    let mut problems = Problems::new();
    let code = call.query.text("currency").map(|code| code.trim().to_owned());
    let currency = parse::currency(&mut problems, "currency", code);
    match problems.into_result() {
        Ok(()) => Ok(currency),
        Err(problems) => Err(query_problem(problems.into_iter().map(|problem| problem.message).collect::<String>())),
    }
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
    let query = FinalizeDraftsQuery {
        is_preview: call.switch("preview")?,
        disables_auto_post: call.switch("temporarilyDisableAutoPost")?,
    };
    let (is_preview, order) = call.parse(|request: FinalizeDraftsRequest| request.parse(customer, query))?;
    if !is_preview {
        let begin = move |tx: &mut Tx<'_>, session: &Session| {
            finalize_drafts::begin(tx, session, &order)?.try_map(|_| Ok(DraftsFinalized::default()))
        };
        return call.collect(begin, |_, _, _| Ok(DraftsFinalized::default()), |_, _, finalized| finalized).await;
    }
    let run = move |tx: &mut Tx<'_>, session: &Session| finalize_drafts::preview(tx, session, &order);
    call.preview(run, |_, _, preview| DraftsFinalized {
        invoice_preview: preview.map(|preview| InvoicePreview::of(&preview, false)),
        ..DraftsFinalized::default()
    })
    .await
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, _session: &Session, purchase: purchase::Purchase) -> Purchase {
    Purchase::of(links, &purchase)
}
