//! What plans, their products and families offer to another account.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A plan, one of its frequencies, a product in it, the cycle of that, and a family of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    pub(super) plan: i64,
    frequency: i64,
    pub(super) plan_product: i64,
    cycle: i64,
    family: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids {
    plan: 900_000_201,
    frequency: 900_000_202,
    plan_product: 900_000_203,
    cycle: 900_000_204,
    family: 900_000_205,
};

fn plan(id: i64) -> Value {
    json!({ "id": id, "code": "G", "name": "Gold", "planFrequencies": [{ "interval": "Monthly", "numberOfIntervals": 1 }] })
}

fn pricing() -> Value {
    json!({ "pricingModelType": "Standard",
            "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": 5, "currency": "USD" }] }] })
}

impl Ids {
    /// One of everything; the product of the plan is this one's.
    pub(super) async fn create(shop: &Client, product: i64) -> Self {
        let created = shop.post("/v1/plans", plan(0)).await;
        let (plan, frequency) = (created.id(), created.ok()["planFrequencies"][0]["id"].as_i64().unwrap());
        let cycle = json!({ "planFrequencyId": frequency, "pricingModel": pricing() });
        let order = json!({ "planId": plan, "productId": product, "orderToCashCycles": [cycle] });
        let created = shop.post("/v1/planProducts", order).await;
        let (plan_product, cycle) = (created.id(), created.ok()["orderToCashCycles"][0]["id"].as_i64().unwrap());
        let family = json!({ "code": "F", "name": "Family", "plans": [plan] });
        let family = shop.post("/v1/planFamilies", family).await.id();
        Self { plan, frequency, plan_product, cycle, family }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.plan, "plan");
        redaction.name(self.frequency, "frequency");
        redaction.name(self.plan_product, "plan product");
        redaction.name(self.cycle, "cycle");
        redaction.name(self.family, "family");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let Ids { plan: plan_id, frequency, plan_product, cycle, family } = ids.plans;
    let mine = own.plans;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    let part = |plan: i64, product: i64, frequency: i64| {
        json!({ "planId": plan, "productId": product,
                "orderToCashCycles": [{ "planFrequencyId": frequency, "pricingModel": pricing() }] })
    };
    let prices = |plan: i64, product: i64, cycle: i64| {
        json!({ "planId": plan,
                "planProducts": [{ "id": product, "orderToCashCycles": [{ "id": cycle, "pricingModel": pricing() }] }] })
    };
    match operation {
        "DELETE /v1/Products/{id}" => read(format!("/v1/products/{}", ids.product)),
        "GET /v1/ProductSummary" => read("/v1/productSummary?query=code:P*".to_owned()),
        "GET /v1/Products/{id}/PlanProducts" => read(format!("/v1/products/{}/planProducts", ids.product)),
        "GET /v1/Purchases/GetByProductId" => read(format!("/v1/purchases/getByProductId?id={}", ids.product)),
        "GET /v1/PurchaseSummary" => read(format!("/v1/purchaseSummary?query=customerId:{}", ids.customer)),
        "GET /v1/Plans" => read(format!("/v1/plans?query=id:{plan_id},{}", plan_id + 1)),
        "GET /v1/Plans/{id}" | "DELETE /v1/Plans/{id}" => read(format!("/v1/plans/{plan_id}")),
        "GET /v1/Plans/{id}/PlanProducts" => read(format!("/v1/plans/{plan_id}/planProducts")),
        "POST /v1/Plans" => read("/v1/plans".to_owned()),
        "PUT /v1/Plans" => write("/v1/plans", vec![plan(plan_id)]),
        "GET /v1/PlanProducts/{id}" | "DELETE /v1/PlanProducts/{id}" => {
            read(format!("/v1/planProducts/{plan_product}"))
        }
        "PATCH /v1/PlanProducts" => write(
            "/v1/planProducts",
            vec![
                prices(plan_id, plan_product, cycle),
                prices(mine.plan, plan_product, cycle),
                prices(mine.plan, mine.plan_product, cycle),
            ],
        ),
        "POST /v1/PlanProducts" => write(
            "/v1/planProducts",
            vec![
                part(plan_id, own.product, mine.frequency),
                part(mine.plan, ids.product, mine.frequency),
                part(mine.plan, own.product, frequency),
            ],
        ),
        "PUT /v1/PlanProducts" => write("/v1/planProducts", vec![json!({ "id": plan_product, "quantity": 9 })]),
        "GET /v1/PlanFamilies" => read(format!("/v1/planFamilies?query=id:{family},{}", family + 1)),
        "GET /v1/PlanFamilies/{id}" | "DELETE /v1/PlanFamilies/{id}" => read(format!("/v1/planFamilies/{family}")),
        "GET /v1/PlanFamilies/ByPlan/{planId}" => read(format!("/v1/planFamilies/byPlan/{plan_id}")),
        "GET /v1/PlanFamilies/BySubscription/{subscriptionId}" => {
            read(format!("/v1/planFamilies/bySubscription/{plan_id}"))
        }
        "POST /v1/PlanFamilies" => {
            write("/v1/planFamilies", vec![json!({ "code": "X", "name": "x", "plans": [plan_id] })])
        }
        "PUT /v1/PlanFamilies" => write(
            "/v1/planFamilies",
            vec![
                json!({ "id": family, "code": "X", "name": "x" }),
                json!({ "id": mine.family, "code": "F", "name": "x", "plans": [plan_id] }),
            ],
        ),
        _ => None,
    }
}

/// What an owner can see of these things.
pub(super) fn paths(ids: super::Ids) -> [String; 3] {
    let plan = ids.plans.plan;
    ["/v1/plans".to_owned(), format!("/v1/plans/{plan}/planProducts"), "/v1/planFamilies".to_owned()]
}
