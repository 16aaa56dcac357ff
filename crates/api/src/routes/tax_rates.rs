//! `/v1/TaxRates`.

mod answer;
mod request;

use app::{
    Tx,
    tax_rates::{create, find, list, retire, update},
};
use axum::response::Response;
use billing::{account::Session, id::TaxRateId};

use self::{answer::TaxRate, request::TaxRateRequest};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Tax rates";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/TaxRates", "List tax rates", list)
            .about("The rates of tax of the account, in any status.")
            .lists::<TaxRate>(list::COLUMNS),
        Operation::get("/v1/TaxRates/{id}", "Read tax rate", read).about("The rate as it stands.").answers::<TaxRate>(),
        Operation::post("/v1/TaxRates", "Create tax rate", create)
            .about("Creates a rate. It taxes what is sold to customers in its country, or in its state, from then on.")
            .takes::<TaxRateRequest>("taxRate")
            .answers::<TaxRate>(),
        Operation::put("/v1/TaxRates", "Update tax rate", update)
            .about(
                "Replaces the rate: `id` is required, members left out become null. Posted invoices keep their taxes.",
            )
            .takes::<TaxRateRequest>("taxRate")
            .answers::<TaxRate>(),
        Operation::delete("/v1/TaxRates/{id}", "Retire tax rate", retire)
            .about("Ends the rate: nothing is taxed by it any more. It stays readable with status `Retired`."),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG).extension())
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, rate| TaxRate::of(links, rate)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = TaxRateId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, rate| TaxRate::of(links, rate)).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(TaxRateRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &fields), |links, _, rate| TaxRate::of(links, rate)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(TaxRateRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), |links, _, rate| TaxRate::of(links, rate)).await
}

async fn retire(call: Call) -> Result<Response, ApiError> {
    let id = TaxRateId(call.id("id")?);
    call.command_without_answer(move |tx, session| retire::run(tx, session, id)).await
}
