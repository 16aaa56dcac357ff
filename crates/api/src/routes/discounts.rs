//! `/v1/Discounts`.

mod answer;
mod request;

use app::{
    Tx,
    discounts::{create, delete, find, list, update},
};
use axum::response::Response;
use billing::{account::Session, id::DiscountId};

pub(super) use self::{
    answer::{Discount, render},
    request::DiscountRequest,
};
use crate::{call::Call, error::ApiError, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Discounts", "List discounts", list)
            .about("The discounts of the catalogue, in any status.")
            .lists::<Discount>(list::COLUMNS),
        Operation::get("/v1/Discounts/{id}", "Read discount", read).about("The discount.").answers::<Discount>(),
        Operation::post("/v1/Discounts", "Create discount", create)
            .about("Creates a discount, which reaches purchases through coupons.")
            .extension()
            .takes::<DiscountRequest>("discount")
            .answers::<Discount>(),
        Operation::put("/v1/Discounts", "Update discount", update)
            .about("Replaces the discount: `id` is required, members left out become null. Purchases keep what they were given.")
            .extension()
            .takes::<DiscountRequest>("discount")
            .answers::<Discount>(),
        Operation::delete("/v1/Discounts/{id}", "Delete discount", delete)
            .about("Deletes a discount that no coupon includes.")
            .extension(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Discounts"))
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = DiscountId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(DiscountRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &fields), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(DiscountRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = DiscountId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}
