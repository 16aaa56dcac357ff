//! New prices of products of one plan (catalog.md §5.2).

use app::plan_products::price::{CyclePrices, Order};
use billing::{
    id::{CycleId, PlanId, PlanProductId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::{parse::required, products::PricingModelRequest};

/// New prices of products of one plan.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::plan_products) struct PlanPricesRequest {
    /// The plan. Required.
    plan_id: Option<i64>,
    /// Products of that plan. Required.
    plan_products: Option<Vec<ProductPricesRequest>>,
}

/// New prices of one plan product.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ProductPricesRequest {
    /// The plan product. Required.
    id: Option<i64>,
    /// The cycles that change. Required.
    order_to_cash_cycles: Option<Vec<CyclePricesRequest>>,
}

/// New prices of one cycle.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CyclePricesRequest {
    /// The cycle. Required.
    id: Option<i64>,
    /// The prices. Required.
    pricing_model: Option<PricingModelRequest>,
}

impl PlanPricesRequest {
    pub(in crate::routes::plan_products) fn parse(self) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let plan = PlanId(required(&mut problems, "PlanId", self.plan_id).unwrap_or_default());
        let products = required(&mut problems, "PlanProducts", self.plan_products).unwrap_or_default();
        let products: Vec<_> = products
            .into_iter()
            .enumerate()
            .filter_map(|(index, one)| problems.item("PlanProducts", index, |problems| one.parse(problems)))
            .collect();
        problems.into_result()?;
        Ok(Order { plan, products })
    }
}

impl ProductPricesRequest {
    fn parse(self, problems: &mut Problems) -> Option<(PlanProductId, Vec<CyclePrices>)> {
        let id = required(problems, "Id", self.id);
        let cycles = required(problems, "OrderToCashCycles", self.order_to_cash_cycles)?;
        let cycles: Vec<_> = cycles
            .into_iter()
            .enumerate()
            .filter_map(|(index, one)| problems.item("OrderToCashCycles", index, |problems| one.parse(problems)))
            .collect();
        Some((PlanProductId(id?), cycles))
    }
}

impl CyclePricesRequest {
    fn parse(self, problems: &mut Problems) -> Option<CyclePrices> {
        let id = required(problems, "Id", self.id);
        let pricing = required(problems, "PricingModel", self.pricing_model)?;
        let (pricing_model, ranges) = problems.at("PricingModel", |problems| pricing.parse(problems))?;
        Some(CyclePrices { id: CycleId(id?), pricing_model, ranges })
    }
}
