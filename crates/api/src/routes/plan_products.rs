//! `/v1/PlanProducts`.

mod answer;
mod request;

use app::{
    Tx,
    plan_products::{create, delete, find, price, update},
};
use axum::response::Response;
use billing::{account::Session, id::PlanProductId};

use self::request::PlanPricesRequest;
pub(super) use self::{answer::PlanProduct, request::PlanProductRequest};
use crate::{call::Call, error::ApiError, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/PlanProducts/{id}", "Read plan product", read)
            .about("The plan product with its prices, also when it was deleted from its plan.")
            .answers::<PlanProduct>(),
        Operation::patch("/v1/PlanProducts", "Update plan product pricing", price)
            .about("Overwrites the prices of the cycles that are listed; the other cycles stay.")
            .takes::<PlanPricesRequest>("planProducts")
            .answers::<Vec<PlanProduct>>(),
        Operation::post("/v1/PlanProducts", "Create plan product", create)
            .about("Puts a product into a plan; the original offers this in its own pages only.")
            .extension()
            .takes::<PlanProductRequest>("planProduct")
            .answers::<PlanProduct>(),
        Operation::put("/v1/PlanProducts", "Update plan product", update)
            .about("Replaces the plan product: `id` is required, members left out become null. Plan and product are fixed.")
            .extension()
            .takes::<PlanProductRequest>("planProduct")
            .answers::<PlanProduct>(),
        Operation::delete("/v1/PlanProducts/{id}", "Delete plan product", delete)
            .about("Takes the product out of the plan: its status becomes `Deleted`.")
            .extension(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Plan products"))
    .collect()
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PlanProductId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, product| PlanProduct::of(links, product)).await
}

async fn price(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PlanPricesRequest::parse)?;
    call.command(
        move |tx, session| price::run(tx, session, &order),
        |links, _, products| products.into_iter().map(|product| PlanProduct::of(links, product)).collect::<Vec<_>>(),
    )
    .await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PlanProductRequest::parse_new)?;
    call.command(
        move |tx, session| create::run(tx, session, &order),
        |links, _, product| PlanProduct::of(links, product),
    )
    .await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PlanProductRequest::parse_update)?;
    call.command(
        move |tx, session| update::run(tx, session, &order),
        |links, _, product| PlanProduct::of(links, product),
    )
    .await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = PlanProductId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}
