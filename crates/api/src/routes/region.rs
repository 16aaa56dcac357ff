//! Countries and states in bodies and answers: `countryId` and `stateId`, and beside them their names.

use billing::{country::Country, problem::Problems, tax::Region};

/// The country of an id, and a state of it by id or by ISO code (`9`, `ON` or `CA-ON`). Reports under `CountryId` and
/// `StateId`.
pub(super) fn parse(problems: &mut Problems, country: Option<i64>, state: Option<&str>) -> Option<Region> {
    let Some(id) = country else {
        problems.required("CountryId");
        return None;
    };
    let Some(country) = Country::find(id) else {
        problems.push("CountryId", format!("CountryId {id} is not a country; GET /v1/Countries lists them."));
        return None;
    };
    let Some(text) = state.map(str::trim).filter(|text| !text.is_empty()) else {
        return Some(Region { country: id, state: None });
    };
    let state = match text.parse() {
        Ok(id) => country.state(id),
        Err(_) => country.state_of_code(text),
    };
    if state.is_none() {
        let name = country.name;
        problems.push("StateId", format!("StateId {text} is not a state of {name}; GET /v1/Countries lists them."));
    }
    state.map(|state| Region { country: id, state: Some(state.id) })
}

/// The names of a country and a state that were stored by their ids.
pub(super) fn names(region: Region) -> (Option<&'static str>, Option<&'static str>) {
    let country = Country::find(region.country);
    let state = country.zip(region.state).and_then(|(country, id)| country.state(id));
    (country.map(|country| country.name), state.map(|state| state.name))
}
