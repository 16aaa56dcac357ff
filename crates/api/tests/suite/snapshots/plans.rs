//! The tour through plans, their products and families, and the lists of the catalogue in short.

use serde_json::{Value, json};

use super::Tour;

impl Tour<'_> {
    /// Makes plans of a recurring service, prices them anew, and lets one migrate to the other.
    pub(super) async fn plans(&mut self) {
        let service =
            json!({ "code": "SEAT", "name": "Seat", "description": "A seat", "productType": "RecurringService" });
        let service = self.client.post("/v1/products", service).await.id();
        let gold = json!({
            "code": "GOLD", "name": "Gold", "reference": "R-1", "description": "All of it", "longdescription": "For those who ask.",
            "salesforceCompatible": true, "autoApplyChanges": false,
            "planFrequencies": [
                { "interval": "Monthly", "numberOfIntervals": 1, "setupFees": [{ "amount": 25, "currency": "USD" }],
                  "charges": [{ "amount": "9.99", "currency": "USD" }, { "amount": 9, "currency": "EUR" }],
                  "isProrated": true, "prorationGranularity": "Daily" },
                { "interval": "Yearly", "numberOfIntervals": 2, "status": "Draft" }
            ]
        });
        let gold = self.call("POST /v1/Plans", "/v1/Plans", gold).await;
        let silver = json!({ "code": "SILVER", "name": "Silver",
                             "planFrequencies": [{ "interval": "Monthly", "numberOfIntervals": 1 }] });
        let silver = self.client.post("/v1/plans", silver).await.ok();
        let mut changed = gold.clone();
        changed["name"] = json!("Gold plus");
        changed["planFrequencies"] = json!([gold["planFrequencies"][0]]);
        self.call("PUT /v1/Plans", "/v1/Plans", changed).await;
        self.call("GET /v1/Plans/{id}", &format!("/v1/Plans/{}", gold["id"]), "").await;
        self.call("GET /v1/Plans", "/v1/Plans?query=status:Active&sortExpression=code&sortOrder=Descending", "").await;

        self.plan_products(&gold, service).await;
        self.plan_families(&gold, &silver).await;
        self.call("DELETE /v1/Plans/{id}", &format!("/v1/Plans/{}", silver["id"]), "").await;
        self.call("GET /v1/Plans/{id}", &format!("/v1/Plans/{}", silver["id"]), "").await;
    }

    async fn plan_products(&mut self, plan: &Value, product: i64) {
        let pricing = |model: &str, amount: &str| {
            json!({ "pricingModelType": model,
                    "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": amount, "currency": "USD" }] }] })
        };
        let frequencies = &plan["planFrequencies"];
        let order = json!({
            "planId": plan["id"], "productId": product, "quantity": 5, "maxQuantity": 10, "isOptional": true,
            "orderToCashCycles": [
                { "planFrequencyId": frequencies[0]["id"], "pricingModel": pricing("Standard", "4") },
                { "interval": "Yearly", "numberOfIntervals": 2, "pricingModel": pricing("Stairstep", "40.5"),
                  "earningInterval": "Yearly", "earningNumberOfIntervals": 2, "earningTimingInterval": "Monthly",
                  "earningTimingType": "EndOfInterval",
                  "chargeModels": [{ "chargeModelType": "Signup", "chargeTimingType": "EndOfPeriod",
                                     "prorationGranularity": "Monthly", "prorateOnPositiveQuantity": true }] }
            ]
        });
        let mut created = self.call("POST /v1/PlanProducts", "/v1/PlanProducts", order).await;
        created["productName"] = json!("Seat in gold");
        created["productDescription"] = json!(null);
        self.call("PUT /v1/PlanProducts", "/v1/PlanProducts", &created).await;
        let cycle = json!({ "id": created["orderToCashCycles"][0]["id"], "pricingModel": pricing("Standard", "4.25") });
        let prices = json!({ "planId": plan["id"],
                             "planProducts": [{ "id": created["id"], "orderToCashCycles": [cycle] }] });
        self.call("PATCH /v1/PlanProducts", "/v1/PlanProducts", prices).await;
        let id = &created["id"];
        self.call("GET /v1/PlanProducts/{id}", &format!("/v1/PlanProducts/{id}"), "").await;
        let of_plan = format!("/v1/Plans/{}/PlanProducts?query=isRecurring:true;quantity:5|", plan["id"]);
        self.call("GET /v1/Plans/{id}/PlanProducts", &of_plan, "").await;
        let of_product = format!("/v1/Products/{product}/PlanProducts?query=status:Active");
        self.call("GET /v1/Products/{id}/PlanProducts", &of_product, "").await;
        self.call("DELETE /v1/PlanProducts/{id}", &format!("/v1/PlanProducts/{id}"), "").await;
    }

    async fn plan_families(&mut self, gold: &Value, silver: &Value) {
        let order = json!({
            "code": "METALS", "name": "Metals", "description": "All metals", "earningOption": "Unearned",
            "nameOverrideOption": "Transfer", "plans": [gold["id"], { "id": silver["id"] }],
            "relationships": [{
                "sourcePlanId": silver["id"], "sourcePlanFrequencyId": silver["planFrequencies"][0]["id"],
                "destinationPlanId": gold["id"], "destinationPlanFrequencyId": gold["planFrequencies"][0]["id"],
                "earningOption": "Full", "expiryOption": "DoNotTransfer"
            }]
        });
        let mut created = self.call("POST /v1/PlanFamilies", "/v1/PlanFamilies", order).await;
        created["description"] = json!(null);
        self.call("PUT /v1/PlanFamilies", "/v1/PlanFamilies", &created).await;
        let id = &created["id"];
        self.call("GET /v1/PlanFamilies/{id}", &format!("/v1/PlanFamilies/{id}"), "").await;
        self.call("GET /v1/PlanFamilies", "/v1/PlanFamilies?query=code:METALS", "").await;
        let of_plan = format!("/v1/PlanFamilies/ByPlan/{}", gold["id"]);
        self.call("GET /v1/PlanFamilies/ByPlan/{planId}", &of_plan, "").await;
        self.call("DELETE /v1/PlanFamilies/{id}", &format!("/v1/PlanFamilies/{id}"), "").await;
    }

    /// The catalogue and the sales in short.
    pub(super) async fn summaries(&mut self, product: i64) {
        self.call("GET /v1/ProductSummary", "/v1/ProductSummary?query=code:SENS*", "").await;
        let of_product = format!("/v1/Purchases/GetByProductId?id={product}&query=Customer.LastName:Reyes");
        self.call("GET /v1/Purchases/GetByProductId", &of_product, "").await;
        let invoiced = "/v1/PurchaseSummary?query=productCode:SENS-1;purchaseStatus:Purchased";
        self.call("GET /v1/PurchaseSummary", invoiced, "").await;
        let unused = self.client.create_product("UNUSED", "1").await;
        self.call("DELETE /v1/Products/{id}", &format!("/v1/Products/{unused}"), "").await;
    }
}
