//! `/v1/Products`.

mod answer;
mod request;
mod summary;

use app::{
    Tx, plan_products,
    products::{self, create, delete, find, list, update},
};
use axum::response::Response;
use billing::{account::Session, id::ProductId};

use self::summary::ProductSummary;
pub(super) use self::{
    answer::{PricingModel, Product, RangePrice, View},
    request::{OrderToCashCycleRequest, PricingModelRequest, ProductRequest, RangePriceRequest},
};
use super::plan_products::PlanProduct;
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Products";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Products", "List products", list)
            .about("The products of the account, in any status.")
            .with("includePricing", "boolean", "Shows `orderToCashCycle`, which is null otherwise.")
            .with("includeGlCode", "boolean", "Shows `glCode` and `glCodeName`, which are null otherwise.")
            .lists::<Product>(list::COLUMNS),
        Operation::get("/v1/Products/{id}", "Read product", read)
            .about("The product with its prices and custom fields.")
            .answers::<Product>(),
        Operation::post("/v1/Products", "Create product", create)
            .about("Creates a product; the original offers this in its own pages only.")
            .extension()
            .takes::<ProductRequest>("product")
            .answers::<Product>(),
        Operation::put("/v1/Products", "Update product", update)
            .about("Replaces the product: `id` is required, members left out become null. A product in use keeps its code.")
            .extension()
            .takes::<ProductRequest>("product")
            .answers::<Product>(),
        Operation::delete("/v1/Products/{id}", "Delete product", delete)
            .about("Deletes a product that no purchase and no plan uses.")
            .extension(),
        Operation::get("/v1/ProductSummary", "List product summaries", summary)
            .about("The core fields of the products of the account, in any status.")
            .lists::<ProductSummary>(products::summary::COLUMNS),
        Operation::get("/v1/Products/{id}/PlanProducts", "List plan products based on product", plan_products)
            .about("What plans make of the product, in any status.")
            .lists::<PlanProduct>(plan_products::list::COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let view = View { pricing: call.switch("includePricing")?, gl_code: call.switch("includeGlCode")? };
    call.list(list::run, move |links, _, product| Product::of(links, product, view)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = ProductId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, product| Product::of(links, product, View::ALL)).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(ProductRequest::parse_new)?;
    call.command(
        move |tx, session| create::run(tx, session, &fields),
        |links, _, product| Product::of(links, product, View::ALL),
    )
    .await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(ProductRequest::parse_update)?;
    call.command(
        move |tx, session| update::run(tx, session, &order),
        |links, _, product| Product::of(links, product, View::ALL),
    )
    .await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = ProductId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn summary(call: Call) -> Result<Response, ApiError> {
    call.list(products::summary::run, |links, _, product| ProductSummary::of(links, product)).await
}

async fn plan_products(call: Call) -> Result<Response, ApiError> {
    let id = ProductId(call.id("id")?);
    call.list(
        move |tx, session, page| plan_products::list::of_product(tx, session, id, page),
        |links, _, product| PlanProduct::of(links, product),
    )
    .await
}
