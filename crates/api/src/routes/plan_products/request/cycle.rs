//! How a plan product is to be priced, earned and charged at one frequency of its plan.

use billing::{
    earning::EarningInterval,
    id::PlanFrequencyId,
    plan::{
        Period, ProrationGranularity,
        product::{ChargeModel, ChargeModelType, ChargeTimingType, CycleFields, FrequencyName},
    },
    problem::Problems,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{parse::required, products::OrderToCashCycleRequest},
    wire::shape::Both,
};

/// One cycle: which frequency, how it is charged, and how it is priced and earned.
pub(super) type CycleRequest = Both<ChargingRequest, OrderToCashCycleRequest>;

/// Which frequency of the plan, and how a plan product is charged there.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "CycleChargingRequest")]
pub(super) struct ChargingRequest {
    /// The frequency, unless `interval` and `numberOfIntervals` name it.
    plan_frequency_id: Option<i64>,
    /// Months or years.
    interval: Option<Name<EarningInterval>>,
    /// How many months or years.
    number_of_intervals: Option<i64>,
    /// When and how finely it is charged; each period when it begins and new units at once when absent.
    charge_models: Option<Vec<ChargeModelRequest>>,
}

/// When and how finely something is charged.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ChargeModelRequest {
    /// What makes the charge. Required.
    charge_model_type: Option<Name<ChargeModelType>>,
    /// When it is made. Required.
    charge_timing_type: Option<Name<ChargeTimingType>>,
    /// Part of a period costs a part, this fine.
    proration_granularity: Option<Name<ProrationGranularity>>,
    /// More units cost the part of the period that is left.
    prorate_on_positive_quantity: Option<bool>,
    /// Fewer units give back the part of the period that is left.
    prorate_on_negative_quantity: Option<bool>,
    /// Fewer units reverse what was charged.
    reverse_charge_on_negative_quantity: Option<bool>,
}

/// The cycle, unless a part of it is missing.
pub(super) fn parse(cycle: CycleRequest, problems: &mut Problems) -> Option<(FrequencyName, CycleFields)> {
    let Both(charging, pricing) = cycle;
    let frequency = charging.frequency(problems);
    let models = charging.charge_models.map(|models| {
        let models = models.into_iter().enumerate();
        let models =
            models.filter_map(|(index, one)| problems.item("ChargeModels", index, |problems| one.parse(problems)));
        models.collect()
    });
    let mut cycle = pricing.parse(problems)?;
    cycle.ranges.sort_by_key(|range| range.min);
    let charge_models = models.unwrap_or_else(|| ChargeModel::DEFAULTS.to_vec());
    Some((frequency?, CycleFields { charge_models, cycle }))
}

impl ChargingRequest {
    fn frequency(&self, problems: &mut Problems) -> Option<FrequencyName> {
        if let Some(id) = self.plan_frequency_id.filter(|id| *id != 0) {
            return Some(FrequencyName::Id(PlanFrequencyId(id)));
        }
        if let (Some(Name(interval)), Some(number_of_intervals)) = (self.interval, self.number_of_intervals) {
            return Some(FrequencyName::Period(Period { interval, number_of_intervals }));
        }
        problems.required("PlanFrequencyId");
        None
    }
}

impl ChargeModelRequest {
    fn parse(self, problems: &mut Problems) -> Option<ChargeModel> {
        let model_type = required(problems, "ChargeModelType", self.charge_model_type);
        let timing_type = required(problems, "ChargeTimingType", self.charge_timing_type);
        Some(ChargeModel {
            model_type: model_type?.0,
            timing_type: timing_type?.0,
            proration_granularity: self.proration_granularity.map(|Name(granularity)| granularity),
            prorate_on_positive_quantity: self.prorate_on_positive_quantity.unwrap_or_default(),
            prorate_on_negative_quantity: self.prorate_on_negative_quantity.unwrap_or_default(),
            reverse_charge_on_negative_quantity: self.reverse_charge_on_negative_quantity.unwrap_or_default(),
        })
    }
}
