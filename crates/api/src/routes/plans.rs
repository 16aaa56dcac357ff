//! `/v1/Plans`.

mod answer;
mod request;

use app::{
    Tx, plan_products,
    plans::{create, find, list, retire, update},
};
use axum::response::Response;
use billing::{account::Session, id::PlanId, refusal::Refusal};

pub(super) use self::{answer::Plan, request::PlanRequest};
use super::plan_products::PlanProduct;
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    operation::Operation,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Plans", "List plans", list)
            .about("The plans of the account, in any status.")
            .lists::<Plan>(list::COLUMNS),
        Operation::get("/v1/Plans/{id}", "Read plan", read)
            .about("The plan with its frequencies.")
            .with("view", "string", "`subscription` is refused: there are no subscriptions yet.")
            .answers::<Plan>(),
        Operation::get("/v1/Plans/{id}/PlanProducts", "List plan products by plan", plan_products)
            .about("The products of the plan, in any status.")
            .lists::<PlanProduct>(plan_products::list::COLUMNS),
        Operation::post("/v1/Plans", "Create plan", create)
            .about("Creates a plan; the original offers this in its own pages only.")
            .extension()
            .takes::<PlanRequest>("plan")
            .answers::<Plan>(),
        Operation::put("/v1/Plans", "Update plan", update)
            .about(
                "Replaces the plan: `id` is required, members left out become null. Frequencies left out are retired.",
            )
            .extension()
            .takes::<PlanRequest>("plan")
            .answers::<Plan>(),
        Operation::delete("/v1/Plans/{id}", "Retire plan", retire)
            .about("Takes the plan off sale: its status becomes `Retired`.")
            .extension(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Plans"))
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, plan| Plan::of(links, plan)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PlanId(call.id("id")?);
    let view = call.query.one_of("view", &["subscription"]).map_err(|problem| query_problem(problem.message))?;
    if view.is_some() {
        let text = "view=subscription is not supported: there are no subscriptions yet.";
        return Err(Refusal::NotSupported(text).into());
    }
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, plan| Plan::of(links, plan)).await
}

async fn plan_products(call: Call) -> Result<Response, ApiError> {
    let id = PlanId(call.id("id")?);
    call.list(
        move |tx, session, page| plan_products::list::of_plan(tx, session, id, page),
        |links, _, product| PlanProduct::of(links, product),
    )
    .await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(PlanRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &fields), |links, _, plan| Plan::of(links, plan)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PlanRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), |links, _, plan| Plan::of(links, plan)).await
}

async fn retire(call: Call) -> Result<Response, ApiError> {
    let id = PlanId(call.id("id")?);
    call.command_without_answer(move |tx, session| retire::run(tx, session, id)).await
}
