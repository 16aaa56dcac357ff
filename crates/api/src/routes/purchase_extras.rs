//! What is hung on draft purchases one at a time: `/v1/PurchaseDiscounts`, `/v1/PurchaseCoupons` and
//! `/v1/PurchaseCustomFields`.

mod answer;
mod request;

use app::{
    Tx,
    purchase_coupons::{self, create as apply},
    purchase_discounts::{create, delete, find, update},
    purchases::set_custom_field,
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{PurchaseDiscountId, PurchaseId},
};

pub(super) use self::answer::PurchaseDiscount;
use self::{
    answer::{PurchaseCoupon, render},
    request::{CustomFieldRequest, NewDiscountRequest, PurchaseCouponRequest, UpdatedDiscountRequest},
};
use super::custom_fields::CustomField;
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    operation::Operation,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/PurchaseDiscounts", "Add purchase discount", create)
            .about("Puts a discount on a purchase in status Draft and computes its amounts again.")
            .takes::<NewDiscountRequest>("purchaseDiscount")
            .answers::<PurchaseDiscount>(),
        Operation::put("/v1/PurchaseDiscounts", "Update purchase discount", update)
            .about("Changes a discount on a purchase in status Draft.")
            .takes::<UpdatedDiscountRequest>("purchaseDiscount")
            .answers::<PurchaseDiscount>(),
        Operation::get("/v1/PurchaseDiscounts/{id}", "Read purchase discount", read)
            .about("The discount, whatever the status of its purchase.")
            .answers::<PurchaseDiscount>(),
        Operation::delete("/v1/PurchaseDiscounts/{id}", "Delete purchase discount", delete)
            .about("Takes a discount off a purchase in status Draft."),
        Operation::post("/v1/PurchaseCoupons", "Apply coupon to purchase", apply_coupon)
            .about("Puts a coupon and the discounts that it brings on a purchase in status Draft.")
            .takes::<PurchaseCouponRequest>("purchaseCoupon")
            .answers::<PurchaseCoupon>(),
        Operation::delete("/v1/PurchaseCoupons", "Delete coupon from purchase", remove_coupon)
            .about("Takes a coupon off a purchase in status Draft.")
            .with("purchaseId", "integer", "The purchase. Required.")
            .with("couponCode", "string", "The code. Required.")
            .with("deleteAllDiscounts", "boolean", "The discounts that it brought go too. Required."),
        Operation::put("/v1/PurchaseCustomFields", "Update custom field on purchase", set_custom_field)
            .about("Sets a value on a purchase in status Draft, in the text form of its type.")
            .takes::<CustomFieldRequest>("purchaseCustomField")
            .answers::<CustomField>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Purchases"))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(NewDiscountRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(UpdatedDiscountRequest::parse)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseDiscountId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseDiscountId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn apply_coupon(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PurchaseCouponRequest::parse)?;
    call.command(move |tx, session| apply::run(tx, session, &order), |_, _, applied| PurchaseCoupon::of(applied)).await
}

async fn remove_coupon(call: Call) -> Result<Response, ApiError> {
    let missing = |name: &str| query_problem(format!("The {name} field is required."));
    let query = &call.query;
    let purchase = query.integer("purchaseId").map_err(|problem| query_problem(problem.message))?;
    let removes = query.boolean("deleteAllDiscounts").map_err(|problem| query_problem(problem.message))?;
    let code = query.text("couponCode").filter(|code| !code.is_empty()).map(str::to_owned);
    let order = purchase_coupons::delete::Order {
        purchase: PurchaseId(purchase.ok_or_else(|| missing("purchaseId"))?),
        code: code.ok_or_else(|| missing("couponCode"))?,
        removes_discounts: removes.ok_or_else(|| missing("deleteAllDiscounts"))?,
    };
    call.command_without_answer(move |tx, session| purchase_coupons::delete::run(tx, session, &order)).await
}

async fn set_custom_field(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CustomFieldRequest::parse)?;
    let run = move |tx: &mut Tx<'_>, session: &Session| set_custom_field::run(tx, session, &order);
    call.command(run, |_, _, field| CustomField::of(field)).await
}
