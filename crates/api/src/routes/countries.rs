//! `/v1/Countries`.

use axum::response::Response;
use billing::country::{self, Country as Known};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{call::Call, error::ApiError, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Countries", "List countries", list)
            .about("Every country with its states, by name: the ids that addresses and rates of tax name them by.")
            .tagged("Addresses")
            .answers::<Vec<Country>>(),
    ]
}

/// A country of ISO 3166.
#[derive(Serialize, JsonSchema)]
struct Country {
    /// Its numeric code.
    id: i64,
    /// Its name.
    name: &'static str,
    /// Its code of two letters.
    iso: &'static str,
    /// Its code of three letters.
    iso3: &'static str,
    /// Its states; empty for countries that are addressed and taxed as a whole.
    states: Vec<State>,
}

/// A state, province or territory.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct State {
    /// Its id.
    id: i64,
    /// Its name.
    name: &'static str,
    /// Its code within the country, such as `ON`.
    subdivision_iso_code: &'static str,
    /// Its code in the world, such as `CA-ON`.
    combined_iso_code: String,
}

impl Country {
    fn of(country: &Known) -> Self {
        let states = country.states().iter().map(|state| State::of(country, state)).collect();
        Self { id: country.id, name: country.name, iso: country.iso, iso3: country.iso3, states }
    }
}

impl State {
    fn of(country: &Known, state: &country::State) -> Self {
        Self {
            id: state.id,
            name: state.name,
            subdivision_iso_code: state.code,
            combined_iso_code: format!("{}-{}", country.iso, state.code),
        }
    }
}

/// The same for everybody: nothing is read but the key of the call, as everywhere.
async fn list(call: Call) -> Result<Response, ApiError> {
    call.question(|_, _| Ok(()), |_, _, ()| Known::ALL.iter().map(Country::of).collect::<Vec<_>>()).await
}
