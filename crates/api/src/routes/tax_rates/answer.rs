//! What callers are shown of rates of tax.

use billing::{tax::TaxRate as Stored, tax_rate::TaxRateStatus};
use calendar::{Date, Zone};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    routes::region,
    wire::scalar::{At, Percent},
};

/// A rate of tax.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaxRate {
    /// Printed on invoices.
    name: String,
    /// The merchant's number with the tax office.
    registration_code: Option<String>,
    /// Percent of the taxable amount.
    percentage: Percent,
    /// ISO numeric code of the country.
    country_id: i64,
    /// Its name.
    country: Option<&'static str>,
    /// Id of the state; null holds in the whole country.
    state_id: Option<i64>,
    /// Its name.
    state: Option<&'static str>,
    /// First day, in the account's time zone; null holds since ever.
    valid_from: Option<At>,
    /// Last day, in the account's time zone; null holds for ever.
    valid_to: Option<At>,
    /// Whether it is charged.
    status: Name<TaxRateStatus>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl TaxRate {
    pub(super) fn of(links: &Links, rate: Stored) -> Self {
        let (country, state) = region::names(rate.region);
        Self {
            country_id: rate.region.country,
            country,
            state_id: rate.region.state,
            state,
            valid_from: rate.valid_from.map(midnight),
            valid_to: rate.valid_to.map(midnight),
            status: Name(rate.status()),
            percentage: Percent(rate.percentage),
            id: rate.id.0,
            uri: links.tax_rate(rate.id.0),
            name: rate.name,
            registration_code: rate.registration_code,
        }
    }
}

/// A day as the wire writes days: its midnight.
fn midnight(date: Date) -> At {
    At(Zone::utc().start_of(date))
}
