//! `/v1/PurchaseProductItems` and `/v1/ProductItems`: tracked items.

mod answer;
mod request;

use app::{
    Tx,
    product_items::{create, delete, find, list, update},
};
use axum::response::Response;
use billing::{account::Session, id::ProductItemId, purchase::TrackedItem};

use self::request::{ItemChangeRequest, NewItemRequest};
pub(super) use self::{answer::Item, request::ItemRequest};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation};

const TAG: &str = "Tracked items";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/PurchaseProductItems", "Add tracked item", create)
            .about("Adds an item to a draft purchase of a tracked product; the quantity and the amount follow.")
            .takes::<NewItemRequest>("purchaseProductItem")
            .answers::<Item>(),
        Operation::put("/v1/PurchaseProductItems", "Edit tracked item", update)
            .about(
                "Replaces reference, name and description of an active item, whatever the status of its purchase; a \
                 name or description left out becomes null.",
            )
            .takes::<ItemChangeRequest>("purchaseProductItem")
            .answers::<Item>(),
        Operation::get("/v1/PurchaseProductItems/{id}", "Read tracked item", read)
            .about("The item, active or deleted.")
            .answers::<Item>(),
        Operation::delete("/v1/PurchaseProductItems/{id}", "Delete tracked item", delete).about(
            "Removes an item from a draft purchase: its status becomes Deleted, its reference is free, the quantity \
             and the amount of the purchase follow.",
        ),
        Operation::get("/v1/ProductItems", "List tracked items", list)
            .about("The tracked items of the account, active and deleted.")
            .lists::<Item>(list::COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(NewItemRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(ItemChangeRequest::parse)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = ProductItemId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = ProductItemId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, render).await
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, _session: &Session, tracked: TrackedItem) -> Item {
    Item::of(links, &tracked.item, tracked.purchase, tracked.customer, tracked.product)
}
