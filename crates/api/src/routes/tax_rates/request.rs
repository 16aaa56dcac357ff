//! What callers send about rates of tax, and what it means.

use app::tax_rates::update;
use billing::{
    id::TaxRateId,
    problem::{Problem, Problems},
    tax::Region,
    tax_rate::{TaxRateFields, TaxRateStatus},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{parse::required, region},
    wire::scalar::{Day, Decimal},
};

/// A rate of tax, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TaxRateRequest {
    /// Which rate. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Printed on invoices. Required.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// The merchant's number with the tax office.
    #[schemars(length(max = 255))]
    registration_code: Option<String>,
    /// Percent of the taxable amount, from 0 to 100. Required.
    percentage: Option<Decimal>,
    /// ISO numeric code of the country, such as 124. Required.
    country_id: Option<i64>,
    /// A state of the country: its id of `/v1/Countries`, or its ISO code such as `ON`. Null holds in the whole country.
    state_id: Option<String>,
    /// First day, in the account's time zone; null holds since ever.
    valid_from: Option<Day>,
    /// Last day, in the account's time zone; null holds for ever.
    valid_to: Option<Day>,
    /// `Active` when absent.
    status: Option<Name<TaxRateStatus>>,
}

impl TaxRateRequest {
    /// The rate to create, or everything that is wrong with it.
    pub(super) fn parse_new(self) -> Result<TaxRateFields, Vec<Problem>> {
        let mut problems = Problems::new();
        let fields = self.parse_fields(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }

    /// The rate as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let fields = self.parse_fields(&mut problems);
        problems.into_result()?;
        Ok(update::Order { id: TaxRateId(id.unwrap_or_default()), fields })
    }

    /// What was reported is replaced by anything: the problems refuse the body before anybody sees it.
    fn parse_fields(self, problems: &mut Problems) -> TaxRateFields {
        let name = required(problems, "Name", self.name.filter(|name| !name.trim().is_empty()));
        let percentage = required(problems, "Percentage", self.percentage);
        let region = region::parse(problems, self.country_id, self.state_id.as_deref());
        let fields = TaxRateFields {
            name: name.unwrap_or_default(),
            registration_code: self.registration_code,
            percentage: percentage.unwrap_or_default().percentage(),
            region: region.unwrap_or(Region { country: 0, state: None }),
            valid_from: self.valid_from.map(|Day(date)| date),
            valid_to: self.valid_to.map(|Day(date)| date),
            status: self.status.map_or(TaxRateStatus::Active, |Name(status)| status),
        };
        fields.check(problems);
        fields
    }
}
