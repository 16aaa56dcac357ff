//! What callers send about plans, and what it means.

use app::plans::update;
use billing::{
    earning::EarningInterval,
    id::PlanId,
    plan::{FrequencyFields, FrequencyStatus, Period, PlanFields, PlanStatus, ProrationGranularity},
    problem::{Problem, Problems},
};
use money::{Currency, Price};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{parse::required, products::RangePriceRequest},
};

/// A plan, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct PlanRequest {
    /// Which plan. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// May be overridden on a subscription. Required.
    #[schemars(length(max = 100))]
    name: Option<String>,
    /// For reports.
    #[schemars(length(max = 255))]
    reference: Option<String>,
    /// A description.
    #[schemars(length(max = 1000))]
    description: Option<String>,
    /// Notes.
    #[serde(rename = "longdescription")]
    #[schemars(length(max = 4000))]
    long_description: Option<String>,
    /// Whether it can be subscribed to; `Active` when absent.
    status: Option<Name<PlanStatus>>,
    /// How often it is charged.
    plan_frequencies: Option<Vec<PlanFrequencyRequest>>,
    /// Offered in Salesforce.
    salesforce_compatible: Option<bool>,
    /// Changes of the plan reach its subscriptions by themselves.
    auto_apply_changes: Option<bool>,
}

/// How often a plan is charged; interval and number name it, no two of a plan have the same.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct PlanFrequencyRequest {
    /// How many months or years. Required.
    number_of_intervals: Option<i64>,
    /// Months or years. Required.
    interval: Option<Name<EarningInterval>>,
    /// Whether it can be subscribed to; `Active` when absent.
    status: Option<Name<FrequencyStatus>>,
    /// Prices of signing up, one a currency.
    setup_fees: Option<Vec<RangePriceRequest>>,
    /// Prices of each period, one a currency.
    charges: Option<Vec<RangePriceRequest>>,
    /// Part of a period costs a part.
    is_prorated: Option<bool>,
    /// How fine the part is.
    proration_granularity: Option<Name<ProrationGranularity>>,
}

impl PlanRequest {
    /// The plan to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<PlanFields, Vec<Problem>> {
        self.parse(Problems::new())
    }

    /// The plan as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = PlanId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)? })
    }

    fn parse(self, mut problems: Problems) -> Result<PlanFields, Vec<Problem>> {
        let frequencies = self.plan_frequencies.unwrap_or_default().into_iter().enumerate();
        let frequencies: Vec<_> = frequencies
            .map(|(index, one)| problems.item("PlanFrequencies", index, |problems| one.parse(problems)))
            .collect();
        let fields = PlanFields {
            code: self.code.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            reference: self.reference,
            description: self.description,
            long_description: self.long_description,
            status: self.status.map_or(PlanStatus::Active, |Name(status)| status),
            auto_apply_changes: self.auto_apply_changes.unwrap_or_default(),
            salesforce_compatible: self.salesforce_compatible.unwrap_or_default(),
            // When one is incomplete, the others cannot be compared under their places.
            frequencies: frequencies.into_iter().collect::<Option<_>>().unwrap_or_default(),
        };
        fields.check(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }
}

impl PlanFrequencyRequest {
    fn parse(self, problems: &mut Problems) -> Option<FrequencyFields> {
        let number_of_intervals = required(problems, "NumberOfIntervals", self.number_of_intervals);
        let interval = required(problems, "Interval", self.interval);
        let setup_fees = prices(problems, "SetupFees", self.setup_fees);
        let charges = prices(problems, "Charges", self.charges);
        let fields = FrequencyFields {
            period: Period { interval: interval?.0, number_of_intervals: number_of_intervals? },
            status: self.status.map_or(FrequencyStatus::Active, |Name(status)| status),
            setup_fees,
            charges,
            is_prorated: self.is_prorated.unwrap_or_default(),
            proration_granularity: self.proration_granularity.map(|Name(granularity)| granularity),
        };
        fields.check(problems);
        Some(fields)
    }
}

fn prices(problems: &mut Problems, name: &str, prices: Option<Vec<RangePriceRequest>>) -> Vec<(Currency, Price)> {
    let prices = prices.unwrap_or_default().into_iter().enumerate();
    let prices: Vec<_> =
        prices.map(|(index, price)| problems.item(name, index, |problems| price.parse(problems))).collect();
    // When one is incomplete, the others cannot be compared under their places.
    prices.into_iter().collect::<Option<_>>().unwrap_or_default()
}
