//! What callers send about plan products, and what it means.

mod cycle;
mod prices;

use app::plan_products::{create, update};
use billing::{
    id::{PlanId, PlanProductId, ProductId},
    plan::product::{CycleFields, FrequencyName, PlanProductFields, PlanProductStatus},
    problem::{Problem, Problems},
};
use money::Quantity;
use schemars::JsonSchema;
use serde::Deserialize;

use self::cycle::CycleRequest;
pub(super) use self::prices::PlanPricesRequest;
use crate::{name::Name, routes::parse::required, wire::scalar::Decimal};

/// A product within a plan, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct PlanProductRequest {
    /// Which plan product. Required for an update, ignored at creation.
    id: Option<i64>,
    /// The plan. Required at creation, fixed after it.
    plan_id: Option<i64>,
    /// What is sold. Required at creation, fixed after it.
    product_id: Option<i64>,
    /// Whether it is part of new subscriptions; `Active` when absent.
    status: Option<Name<PlanProductStatus>>,
    /// Its code in the plan; the product's when absent.
    #[schemars(length(max = 1000))]
    product_code: Option<String>,
    /// Its name in the plan; the product's when absent.
    #[schemars(length(max = 100))]
    product_name: Option<String>,
    /// Its description in the plan; the product's when code and name are absent, too.
    #[schemars(length(max = 1000))]
    product_description: Option<String>,
    /// What a subscription begins with; 1 when absent.
    quantity: Option<Decimal>,
    /// Null is no maximum.
    max_quantity: Option<Decimal>,
    /// The quantity cannot be changed.
    is_fixed: Option<bool>,
    /// A subscription may go without it.
    is_optional: Option<bool>,
    /// A subscription that says nothing has it; true when absent.
    is_included_by_default: Option<bool>,
    /// Subscriptions track items of it.
    is_tracking_items: Option<bool>,
    /// Charged at activation, else when the subscription is provisioned; true when absent.
    charge_at_subscription_activation: Option<bool>,
    /// Prices, earning and charge models, at most one for each frequency of the plan.
    order_to_cash_cycles: Option<Vec<CycleRequest>>,
    /// Charges of nothing are made, too.
    generate_zero_dollar_charge: Option<bool>,
}

/// What the plan says of a product, and the cycles it has there.
type Content = (PlanProductFields, Vec<(FrequencyName, CycleFields)>);

impl PlanProductRequest {
    /// The plan product to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<create::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let plan = PlanId(required(&mut problems, "PlanId", self.plan_id).unwrap_or_default());
        let product = ProductId(required(&mut problems, "ProductId", self.product_id).unwrap_or_default());
        let (fields, cycles) = self.content(&mut problems);
        problems.into_result()?;
        Ok(create::Order { plan, product, fields, cycles })
    }

    /// The plan product as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = PlanProductId(required(&mut problems, "Id", self.id).unwrap_or_default());
        let (plan, product) = (self.plan_id.map(PlanId), self.product_id.map(ProductId));
        let (fields, cycles) = self.content(&mut problems);
        problems.into_result()?;
        Ok(update::Order { id, plan, product, fields, cycles })
    }

    /// All but the ids; what is wrong goes to `problems`.
    fn content(self, problems: &mut Problems) -> Content {
        let cycles = self.order_to_cash_cycles.unwrap_or_default().into_iter().enumerate();
        let cycles = cycles
            .filter_map(|(index, one)| {
                problems.item("OrderToCashCycles", index, |problems| cycle::parse(one, problems))
            })
            .collect();
        let fields = PlanProductFields {
            status: self.status.map_or(PlanProductStatus::Active, |Name(status)| status),
            code: self.product_code.filter(|code| !code.is_empty()),
            name: self.product_name.filter(|name| !name.is_empty()),
            description: self.product_description,
            quantity: self.quantity.map_or(Quantity::ONE, Decimal::quantity),
            max_quantity: self.max_quantity.map(Decimal::quantity),
            is_fixed: self.is_fixed.unwrap_or_default(),
            is_optional: self.is_optional.unwrap_or_default(),
            is_included_by_default: self.is_included_by_default.unwrap_or(true),
            is_tracking_items: self.is_tracking_items.unwrap_or_default(),
            charge_at_subscription_activation: self.charge_at_subscription_activation.unwrap_or(true),
            generate_zero_dollar_charge: self.generate_zero_dollar_charge.unwrap_or_default(),
        };
        fields.check(problems);
        (fields, cycles)
    }
}
