//! `/v1/Coupons`.

mod answer;
mod request;

use app::{
    Tx,
    coupons::{create, delete, find, list, update, validate},
};
use axum::response::Response;
use billing::{account::Session, id::CouponId};

use self::{answer::Validity, request::ValidationRequest};
pub(super) use self::{
    answer::{Coupon, render},
    request::CouponRequest,
};
use crate::{call::Call, error::ApiError, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Coupons", "List coupons", list)
            .about("The coupons of the account, in any status.")
            .lists::<Coupon>(list::COLUMNS),
        Operation::get("/v1/Coupons/{id}", "Read coupon", read)
            .about("The coupon with its codes, discounts, windows and plans.")
            .answers::<Coupon>(),
        Operation::post("/v1/Coupons", "Create coupon", create)
            .about("Creates a coupon. Discounts and plan products are named by id, as a number or as an object.")
            .takes::<CouponRequest>("coupon")
            .answers::<Coupon>(),
        Operation::put("/v1/Coupons", "Update coupon", update)
            .about("Replaces the coupon: `id` is required, members left out become null. `status` `Retired` closes it.")
            .takes::<CouponRequest>("coupon")
            .answers::<Coupon>(),
        Operation::delete("/v1/Coupons/{id}", "Delete coupon", delete)
            .about("Deletes a coupon that was never applied to a purchase."),
        Operation::post("/v1/Coupons/Validate", "Validate coupon", validate)
            .about("Tells whether a code may be used now; without `planId`, on purchases.")
            .takes::<ValidationRequest>("coupon")
            .answers::<Validity>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Coupons"))
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CouponId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(CouponRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &fields), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CouponRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = CouponId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn validate(call: Call) -> Result<Response, ApiError> {
    let question = call.parse(ValidationRequest::parse)?;
    call.question(move |tx, session| validate::run(tx, session, &question), |_, _, reason| Validity::of(reason)).await
}
