//! `/v1/Purchases`.

mod answer;
mod drafts;
mod request;

use app::purchases::{bulk_create, delete, finalize, find, list};
use axum::response::Response;
use billing::{
    id::{CustomerId, PurchaseId},
    refusal::Refusal,
};

use self::{
    answer::{BulkPurchase, Finalized, Purchase},
    request::{BulkPurchaseRequest, FinalizeRequest},
};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Purchases";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Purchases/BulkCreate", "Create bulk purchases", bulk_create)
            .about("Sells any number of purchases to a customer in one act: all are stored, or none.")
            .takes::<BulkPurchaseRequest>("bulkPurchase")
            .with("preview", "boolean", "Not supported yet; `true` is refused.")
            .answers::<BulkPurchase>(),
        Operation::get("/v1/Purchases/{id}", "Read purchase", read)
            .about("The purchase with its discounts, coupons, custom fields and tracked items.")
            .answers::<Purchase>(),
        Operation::delete("/v1/Purchases/{id}", "Delete purchase", delete).about("Deletes a purchase in status Draft."),
        Operation::post("/v1/Purchases/Purchase", "Finalize purchases", finalize)
            .about("Charges draft purchases of one customer on one posted invoice.")
            .takes::<FinalizeRequest>("purchase")
            .with("preview", "boolean", "Not supported yet; `true` is refused.")
            .with("view", "string", "`sideeffects` is not supported yet and refused; `default` otherwise.")
            .with("showZeroDollarCharges", "boolean", "Has no effect: the invoice is not part of the answer.")
            .with("temporarilyDisableAutoPost", "boolean", "Not supported yet; `true` is refused.")
            .answers::<Finalized>(),
        Operation::get("/v1/Customers/{customerId}/Purchases", "List purchases by customer", list_of_customer)
            .about("The purchases of a customer, in any status.")
            .lists::<Purchase>(),
    ]
    .into_iter()
    .chain(drafts::operations())
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn bulk_create(call: Call) -> Result<Response, ApiError> {
    refuse(call.switch("preview")?, "A preview of purchases is not supported yet.")?;
    let order = call.parse(BulkPurchaseRequest::parse)?;
    call.command(
        move |tx, session| bulk_create::run(tx, session, &order),
        |links, _, created| BulkPurchase::of(links, &created),
    )
    .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, purchase| Purchase::of(links, &purchase)).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn finalize(call: Call) -> Result<Response, ApiError> {
    refuse(call.switch("preview")?, "A preview of purchases is not supported yet.")?;
    refuse(call.switch("temporarilyDisableAutoPost")?, "Draft invoices are not supported yet.")?;
    let wants_side_effects = call.query.text("view").is_some_and(|view| view.eq_ignore_ascii_case("sideeffects"));
    refuse(wants_side_effects, "The view `sideeffects` is not supported yet.")?;
    call.switch("showZeroDollarCharges")?;
    let order = call.parse(FinalizeRequest::parse)?;
    call.command(move |tx, session| finalize::run(tx, session, &order), |_, _, _| Finalized::default()).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.list(
        list::COLUMNS,
        move |tx, session, page| list::run(tx, session, customer, page),
        |links, _, purchase| Purchase::of(links, &purchase),
    )
    .await
}

/// A switch that would change what is done, and cannot yet.
fn refuse(asked: bool, text: &'static str) -> Result<(), ApiError> {
    if asked { Err(Refusal::NotSupported(text).into()) } else { Ok(()) }
}
