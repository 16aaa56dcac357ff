//! `/v1/PlanFamilies`.

mod answer;
mod request;

use app::{
    Error, Tx,
    plan_families::{create, delete, find, list, update},
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{PlanFamilyId, PlanId},
};

pub(super) use self::{answer::PlanFamily, request::PlanFamilyRequest};
use crate::{call::Call, error::ApiError, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/PlanFamilies", "List plan families", list)
            .about("The plan families of the account.")
            .lists::<PlanFamily>(list::COLUMNS),
        Operation::get("/v1/PlanFamilies/{id}", "Read plan family", read)
            .about("The family with its plans and the migrations between them.")
            .answers::<PlanFamily>(),
        Operation::get("/v1/PlanFamilies/ByPlan/{planId}", "List plan families by plan", list_of_plan)
            .about("The families that the plan is in.")
            .lists::<PlanFamily>(list::COLUMNS),
        Operation::get(
            "/v1/PlanFamilies/BySubscription/{subscriptionId}",
            "Read plan family by subscription",
            of_subscription,
        )
        .about("Not found: there are no subscriptions yet.")
        .answers::<PlanFamily>(),
        Operation::post("/v1/PlanFamilies", "Create plan family", create)
            .about("Creates a plan family; the original offers this in its own pages only.")
            .extension()
            .takes::<PlanFamilyRequest>("planFamily")
            .answers::<PlanFamily>(),
        Operation::put("/v1/PlanFamilies", "Update plan family", update)
            .about("Replaces the family, its plans and relationships included: `id` is required.")
            .extension()
            .takes::<PlanFamilyRequest>("planFamily")
            .answers::<PlanFamily>(),
        Operation::delete("/v1/PlanFamilies/{id}", "Delete plan family", delete)
            .about("Deletes the family; its plans stay.")
            .extension(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Plan families"))
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, family| PlanFamily::of(links, family)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PlanFamilyId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, family| PlanFamily::of(links, family)).await
}

async fn list_of_plan(call: Call) -> Result<Response, ApiError> {
    let plan = PlanId(call.id("planId")?);
    call.list(
        move |tx, session, page| list::of_plan(tx, session, plan, page),
        |links, _, family| PlanFamily::of(links, family),
    )
    .await
}

async fn of_subscription(call: Call) -> Result<Response, ApiError> {
    Err(Error::not_found("Subscription", call.id("subscriptionId")?).into())
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(PlanFamilyRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &fields), |links, _, family| PlanFamily::of(links, family))
        .await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PlanFamilyRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), |links, _, family| PlanFamily::of(links, family))
        .await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = PlanFamilyId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}
