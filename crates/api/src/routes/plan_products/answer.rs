//! What callers are shown of plan products (catalog.md §5.1).

use billing::{
    earning::{EarningInterval, EarningTimingInterval, EarningTimingType},
    id::ChargeModelId,
    plan::{
        ProrationGranularity,
        product::{
            ChargeModel as StoredModel, ChargeModelType, ChargeTimingType, Cycle as StoredCycle, PlanProduct as Stored,
            PlanProductStatus,
        },
    },
    product::{ProductStatus, ProductType},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, routes::products::PricingModel, wire::scalar::One};

/// A product within a plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct PlanProduct {
    /// Whether it is part of new subscriptions.
    status: Name<PlanProductStatus>,
    /// What is sold.
    product_id: i64,
    /// The plan it is part of.
    plan_id: i64,
    /// Its code in the plan.
    product_code: String,
    /// Its name in the plan.
    product_name: String,
    /// Whether the product can be put in plans.
    product_status: Name<ProductStatus>,
    /// Its description in the plan.
    product_description: Option<String>,
    /// What kind of thing it is.
    product_type: Name<ProductType>,
    /// General-ledger label of the product; empty when there is none.
    #[serde(rename = "productGLCode")]
    product_gl_code: String,
    /// What a subscription begins with.
    quantity: One,
    /// Null is no maximum.
    max_quantity: Option<One>,
    /// Sold by the period.
    is_recurring: bool,
    /// The quantity cannot be changed.
    is_fixed: bool,
    /// A subscription may go without it.
    is_optional: bool,
    /// A subscription that says nothing has it.
    is_included_by_default: bool,
    /// Subscriptions track items of it.
    is_tracking_items: bool,
    /// Charged at activation; else when the subscription is provisioned.
    charge_at_subscription_activation: bool,
    /// Prices, earning and charge models, one for each frequency of the plan.
    order_to_cash_cycles: Vec<Cycle>,
    /// Charges of nothing are made, too.
    generate_zero_dollar_charge: bool,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// How a plan product is priced, earned and charged at one frequency of its plan.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PlanProductCycle")]
struct Cycle {
    /// The frequency.
    plan_frequency_id: i64,
    /// The plan product.
    plan_product_id: i64,
    /// How many months or years.
    number_of_intervals: i64,
    /// Months or years.
    interval: Name<EarningInterval>,
    /// When and how finely it is charged.
    charge_models: Vec<ChargeModel>,
    /// Unit of the earning period.
    earning_interval: Option<Name<EarningInterval>>,
    /// Length of the period in units.
    earning_number_of_intervals: Option<i64>,
    /// How the period is cut.
    earning_timing_interval: Option<Name<EarningTimingInterval>>,
    /// Where in each cut the revenue falls.
    earning_timing_type: Option<Name<EarningTimingType>>,
    /// Prices.
    pricing_model: PricingModel,
    /// Its id.
    id: i64,
    /// Always null: it is read with its plan product.
    uri: Option<String>,
}

/// When and how finely something is charged.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChargeModel {
    /// What makes the charge.
    charge_model_type: Name<ChargeModelType>,
    /// When it is made.
    charge_timing_type: Name<ChargeTimingType>,
    /// Part of a period costs a part, this fine.
    proration_granularity: Option<Name<ProrationGranularity>>,
    /// More units cost the part of the period that is left.
    prorate_on_positive_quantity: bool,
    /// Fewer units give back the part of the period that is left.
    prorate_on_negative_quantity: bool,
    /// Fewer units reverse what was charged.
    reverse_charge_on_negative_quantity: bool,
    /// Its id.
    id: i64,
    /// Always null: it is read with its plan product.
    uri: Option<String>,
}

impl PlanProduct {
    pub(in crate::routes) fn of(links: &Links, product: Stored) -> Self {
        let Stored { id, plan, product, product_type, product_status, gl_code, fields, cycles } = product;
        Self {
            status: Name(fields.status),
            product_id: product.0,
            plan_id: plan.0,
            product_code: fields.code.unwrap_or_default(),
            product_name: fields.name.unwrap_or_default(),
            product_status: Name(product_status),
            product_description: fields.description,
            product_type: Name(product_type),
            product_gl_code: gl_code.unwrap_or_default(),
            quantity: One(fields.quantity),
            max_quantity: fields.max_quantity.map(One),
            is_recurring: product_type == ProductType::RecurringService,
            is_fixed: fields.is_fixed,
            is_optional: fields.is_optional,
            is_included_by_default: fields.is_included_by_default,
            is_tracking_items: fields.is_tracking_items,
            charge_at_subscription_activation: fields.charge_at_subscription_activation,
            order_to_cash_cycles: cycles.into_iter().map(|cycle| Cycle::of(id.0, cycle)).collect(),
            generate_zero_dollar_charge: fields.generate_zero_dollar_charge,
            id: id.0,
            uri: links.plan_product(id.0),
        }
    }
}

impl Cycle {
    fn of(plan_product_id: i64, cycle: StoredCycle) -> Self {
        let StoredCycle { id, frequency, period, charge_model_ids, fields } = cycle;
        let earning = fields.cycle.earning;
        let charge_models = charge_model_ids.into_iter().zip(fields.charge_models);
        Self {
            plan_frequency_id: frequency.0,
            plan_product_id,
            number_of_intervals: period.number_of_intervals,
            interval: Name(period.interval),
            charge_models: charge_models.map(ChargeModel::of).collect(),
            earning_interval: earning.interval.map(Name),
            earning_number_of_intervals: earning.number_of_intervals,
            earning_timing_interval: earning.timing_interval.map(Name),
            earning_timing_type: earning.timing_type.map(Name),
            pricing_model: PricingModel::of(fields.cycle.pricing_model, fields.cycle.ranges),
            id: id.0,
            uri: None,
        }
    }
}

impl ChargeModel {
    fn of((id, model): (ChargeModelId, StoredModel)) -> Self {
        Self {
            charge_model_type: Name(model.model_type),
            charge_timing_type: Name(model.timing_type),
            proration_granularity: model.proration_granularity.map(Name),
            prorate_on_positive_quantity: model.prorate_on_positive_quantity,
            prorate_on_negative_quantity: model.prorate_on_negative_quantity,
            reverse_charge_on_negative_quantity: model.reverse_charge_on_negative_quantity,
            id: id.0,
            uri: None,
        }
    }
}
