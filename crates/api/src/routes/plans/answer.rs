//! What callers are shown of plans (catalog.md §4.1).

use billing::{
    earning::EarningInterval,
    plan::{FrequencyStatus, Plan as Stored, PlanFrequency as StoredFrequency, PlanStatus, ProrationGranularity},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, routes::products::RangePrice};

/// What the original shows where a plan has no time of modification.
const NEVER: &str = "0001-01-01T00:00:00";

/// A plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Plan {
    /// Unique in the account.
    code: String,
    /// May be overridden on a subscription.
    name: String,
    /// For reports.
    reference: Option<String>,
    /// A description.
    description: Option<String>,
    /// Notes.
    #[serde(rename = "longdescription")]
    long_description: Option<String>,
    /// Whether it can be subscribed to.
    status: Name<PlanStatus>,
    /// Always `0001-01-01T00:00:00`.
    modification_timestamp: &'static str,
    /// How often it is charged.
    plan_frequencies: Vec<PlanFrequency>,
    /// Offered in Salesforce.
    salesforce_compatible: bool,
    /// Changes of the plan reach its subscriptions by themselves.
    auto_apply_changes: bool,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// How often a plan is charged.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PlanFrequency {
    /// The change of the plan that this frequency was last written by.
    plan_revision_id: i64,
    /// How many months or years.
    number_of_intervals: i64,
    /// Months or years.
    interval: Name<EarningInterval>,
    /// How many subscriptions run on it.
    number_of_subscriptions: i64,
    /// Whether it can be subscribed to.
    status: Name<FrequencyStatus>,
    /// Prices of signing up, one a currency.
    setup_fees: Vec<RangePrice>,
    /// Prices of each period, one a currency.
    charges: Vec<RangePrice>,
    /// Part of a period costs a part.
    is_prorated: bool,
    /// How fine the part is.
    proration_granularity: Option<Name<ProrationGranularity>>,
    /// The same through all changes of the plan.
    plan_frequency_unique_id: i64,
    /// What subscriptions name.
    id: i64,
    /// Always null: it is read with its plan.
    uri: Option<String>,
}

impl Plan {
    pub(in crate::routes) fn of(links: &Links, plan: Stored) -> Self {
        let Stored { id, fields, frequencies } = plan;
        Self {
            code: fields.code,
            name: fields.name,
            reference: fields.reference,
            description: fields.description,
            long_description: fields.long_description,
            status: Name(fields.status),
            modification_timestamp: NEVER,
            plan_frequencies: frequencies.into_iter().map(PlanFrequency::of).collect(),
            salesforce_compatible: fields.salesforce_compatible,
            auto_apply_changes: fields.auto_apply_changes,
            id: id.0,
            uri: links.plan(id.0),
        }
    }
}

impl PlanFrequency {
    fn of(StoredFrequency { id, fields, revision }: StoredFrequency) -> Self {
        Self {
            plan_revision_id: revision,
            number_of_intervals: fields.period.number_of_intervals,
            interval: Name(fields.period.interval),
            number_of_subscriptions: 0,
            status: Name(fields.status),
            setup_fees: fields.setup_fees.into_iter().map(RangePrice::of).collect(),
            charges: fields.charges.into_iter().map(RangePrice::of).collect(),
            is_prorated: fields.is_prorated,
            proration_granularity: fields.proration_granularity.map(Name),
            plan_frequency_unique_id: id.0,
            id: id.0,
            uri: None,
        }
    }
}
