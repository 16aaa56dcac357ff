//! `/v1/Addresses` and `/v1/CustomerAddressPreferences`.

mod answer;
mod request;

use app::{
    Tx,
    addresses::{create, find, find_preference, set_preference, update},
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{AddressId, CustomerId},
};

use self::answer::Address;
pub(in crate::routes) use self::{
    answer::AddressPreference,
    request::{AddressRequest, PreferenceRequest, parse_new},
};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Addresses";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Addresses", "Create address", create)
            .about("Creates the billing or shipping address of a customer. There is at most one of each; billing comes first.")
            .takes::<AddressRequest>("address")
            .answers::<Address>(),
        Operation::get("/v1/Addresses/{id}", "Read address", read)
            .about("The address as it stands.")
            .answers::<Address>(),
        Operation::put("/v1/Addresses", "Update address", update)
            .about("Replaces the address: `id` is required, members left out become null. Its customer and type stay.")
            .takes::<AddressRequest>("address")
            .answers::<Address>(),
        Operation::get("/v1/CustomerAddressPreferences/{customerId}", "Read address preferences", read_preference)
            .about("How the customer is addressed, with both addresses.")
            .answers::<AddressPreference>(),
        Operation::put("/v1/CustomerAddressPreferences", "Update address preferences", update_preference)
            .about(
                "Replaces how the customer is addressed: `id` is required, members left out become null. An address that is \
                 given replaces the one of its type or becomes it; one that is left out stays.",
            )
            .takes::<PreferenceRequest>("customerAddressPreference")
            .answers::<AddressPreference>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(AddressRequest::parse_new)?;
    call.command(move |tx, session| create::run(tx, session, &order), |links, _, address| Address::of(links, address))
        .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = AddressId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, address| Address::of(links, address)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(AddressRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), |links, _, address| Address::of(links, address))
        .await
}

async fn read_preference(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find_preference::run(tx, session, customer);
    call.question(ask, |links, _, preference| AddressPreference::of(links, customer, preference)).await
}

async fn update_preference(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PreferenceRequest::parse_update)?;
    let customer = order.customer;
    call.command(
        move |tx, session| set_preference::run(tx, session, &order),
        move |links, _, preference| AddressPreference::of(links, customer, preference),
    )
    .await
}
