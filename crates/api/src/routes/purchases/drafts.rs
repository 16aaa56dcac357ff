//! Draft purchases, one at a time: made, changed, split; and all those of a customer, finalized.

use app::purchases::{create, finalize_drafts, split, update};
use axum::response::Response;
use billing::{account::Session, id::CustomerId, purchase, refusal::Refusal};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answer::Purchase,
    request::{CreateRequest, FinalizeDraftsRequest, SplitRequest, UpdateRequest},
};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Purchases", "Create purchase", create)
            .about("Sells one purchase to a customer, as a draft.")
            .takes::<CreateRequest>("purchase")
            .with("preview", "boolean", "Not supported yet; `true` is refused.")
            .with("view", "string", "`sideeffects` is not supported yet and refused; `default` otherwise.")
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
            .about("Charges every draft purchase of an active customer on one invoice, or those that are named.")
            .takes::<FinalizeDraftsRequest>("customerPurchase")
            .answers::<DraftsFinalized>(),
    ]
}

/// The answer to the finalization of a customer's drafts; everything in it belongs to previews.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DraftsFinalized {
    /// Null unless the call is a preview.
    invoice_preview: Option<()>,
    /// Empty unless the call is a preview.
    additional_invoices_for_preview: Vec<()>,
}

async fn create(call: Call) -> Result<Response, ApiError> {
    refuse_preview(call.switch("preview")?)?;
    let wants_side_effects = call.query.text("view").is_some_and(|view| view.eq_ignore_ascii_case("sideeffects"));
    if wants_side_effects {
        return Err(Refusal::NotSupported("The view `sideeffects` is not supported yet.").into());
    }
    let order = call.parse(CreateRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(UpdateRequest::parse)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn split(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(SplitRequest::parse)?;
    call.command(move |tx, session| split::run(tx, session, &order), render).await
}

async fn finalize_drafts(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    let (is_preview, order) = call.parse(|request: FinalizeDraftsRequest| request.parse(customer))?;
    refuse_preview(is_preview)?;
    call.command(move |tx, session| finalize_drafts::run(tx, session, &order), |_, _, _| DraftsFinalized::default())
        .await
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, _session: &Session, purchase: purchase::Purchase) -> Purchase {
    Purchase::of(links, &purchase)
}

fn refuse_preview(asked: bool) -> Result<(), ApiError> {
    if asked { Err(Refusal::NotSupported("A preview of purchases is not supported yet.").into()) } else { Ok(()) }
}
