//! The tour through discounts, coupons, custom fields and labels, and what they do on a purchase.

use serde_json::{Value, json};

use super::Tour;

impl Tour<'_> {
    /// Defines what the purchases of the tour name: a field `order`, a label `4000` and a coupon `SPRING`.
    pub(super) async fn coupon_catalogue(&mut self) {
        let field = json!({ "key": "order", "friendlyName": "Order number", "dataType": "Number" });
        let field = self.call("POST /v1/CustomFields", "/v1/CustomFields", field).await["id"].clone();
        let other = json!({ "key": "due", "friendlyName": "Due", "dataType": "date/time" });
        let other = self.call("POST /v1/CustomFields", "/v1/CustomFields", other).await["id"].clone();
        let renamed = json!({ "id": field, "key": "order", "friendlyName": "Order", "dataType": "Number" });
        self.call("PUT /v1/CustomFields", "/v1/CustomFields", renamed).await;
        self.call("GET /v1/CustomFields/{id}", &format!("/v1/CustomFields/{field}"), "").await;
        self.call("GET /v1/CustomFields", "/v1/CustomFields?query=dataType:Number", "").await;
        self.call("DELETE /v1/CustomFields/{id}", &format!("/v1/CustomFields/{other}"), "").await;

        let label = json!({ "code": "4000", "name": "Sales" });
        let label = self.call("POST /v1/GLCodes", "/v1/GLCodes", label).await["id"].clone();
        let renamed = json!({ "id": label, "code": "4000", "name": "Sales of goods", "status": "Active" });
        self.call("PUT /v1/GLCodes", "/v1/GLCodes", renamed).await;
        self.call("GET /v1/GLCodes/{id}", &format!("/v1/GLCodes/{label}"), "").await;
        self.call("GET /v1/GLCodes", "/v1/GLCodes", "").await;

        let five = json!({ "name": "Five", "code": "FIVE", "discountType": "Amount", "amount": 5 });
        let mut five = self.call("POST /v1/Discounts", "/v1/Discounts", five).await;
        five["description"] = json!("Off everything");
        five["remainingUsage"] = json!(3);
        five["frequencyOverrides"] = json!([{ "interval": "Yearly", "numberOfIntervals": 1, "discountType": "Percentage",
                                              "remainingUsagesUntilStart": 0, "remainingUsage": null, "amount": 12.5 }]);
        self.call("PUT /v1/Discounts", "/v1/Discounts", &five).await;
        self.call("GET /v1/Discounts/{id}", &format!("/v1/Discounts/{}", five["id"]), "").await;
        let unused = json!({ "name": "Unused", "code": "UNUSED", "discountType": "AmountPerUnit", "amount": "0.5" });
        let unused = self.call("POST /v1/Discounts", "/v1/Discounts", unused).await["id"].clone();
        self.call("GET /v1/Discounts", "/v1/Discounts?query=discountType:Amount", "").await;
        self.call("DELETE /v1/Discounts/{id}", &format!("/v1/Discounts/{unused}"), "").await;
        self.coupons(&five["id"]).await;
    }

    async fn coupons(&mut self, discount: &Value) {
        let plan = json!({ "code": "SPRING", "name": "Spring", "status": "Retired",
                           "planFrequencies": [{ "interval": "Monthly", "numberOfIntervals": 1 }] });
        let plan = self.client.post("/v1/plans", plan).await.id();
        self.transcript.name(plan, "plan");
        let spring = json!({
            "name": "Spring", "description": "For friends", "applyToAllPlans": false, "oneTimeUse": true,
            "couponCodes": [{ "code": "SPRING", "remainingUsages": 10 }, { "code": "FRIENDS" }], "discounts": [{ "id": discount }],
            "plans": [{ "id": plan, "applyToAllProducts": true, "planProducts": [] }],
            "eligibilities": [{ "startDate": "2024-01-01", "endDate": "2024-12-31T23:59:59.997", "discounts": [discount] }]
        });
        let spring = self.call("POST /v1/Coupons", "/v1/Coupons", spring).await;
        let mut changed = spring.clone();
        changed["description"] = json!("For everybody");
        changed["oneTimeUse"] = json!(false);
        self.call("PUT /v1/Coupons", "/v1/Coupons", changed).await;
        self.call("GET /v1/Coupons/{id}", &format!("/v1/Coupons/{}", spring["id"]), "").await;
        let draft = self.call("POST /v1/Coupons", "/v1/Coupons", json!({ "name": "Draft" })).await["id"].clone();
        self.call("GET /v1/Coupons", "/v1/Coupons?query=status:Draft", "").await;
        self.call("DELETE /v1/Coupons/{id}", &format!("/v1/Coupons/{draft}"), "").await;
        for code in ["SPRING", "AUTUMN"] {
            let question = json!({ "couponCode": code, "planId": plan });
            self.call("POST /v1/Coupons/Validate", "/v1/Coupons/Validate", question).await;
        }
    }

    /// Hangs a discount, a coupon and a value on a draft, and takes them off.
    pub(super) async fn extras_of_a_draft(&mut self, customer: i64) {
        let product = self.client.create_product("EXTRA", "100").await;
        let purchase = self.client.create_purchase(customer, product, 2).await;
        let discount = json!({ "purchaseId": purchase, "discountType": "Percentage", "amount": 10 });
        let discount = self.call("POST /v1/PurchaseDiscounts", "/v1/PurchaseDiscounts", discount).await["id"].clone();
        let changed = json!({ "id": discount, "discountType": "amountPerUnit", "amount": "12.5" });
        self.call("PUT /v1/PurchaseDiscounts", "/v1/PurchaseDiscounts", changed).await;
        self.call("GET /v1/PurchaseDiscounts/{id}", &format!("/v1/PurchaseDiscounts/{discount}"), "").await;
        let coupon = json!({ "purchaseId": purchase, "couponCode": "FRIENDS", "skipCouponValidation": false });
        self.call("POST /v1/PurchaseCoupons", "/v1/PurchaseCoupons", coupon).await;
        let value = json!({ "purchaseId": purchase, "key": "order", "value": "123.40" });
        self.call("PUT /v1/PurchaseCustomFields", "/v1/PurchaseCustomFields", value).await;
        self.call("GET /v1/Purchases/{id}", &format!("/v1/Purchases/{purchase}"), "").await;
        let removed = format!("/v1/PurchaseCoupons?purchaseId={purchase}&couponCode=FRIENDS&deleteAllDiscounts=true");
        self.call("DELETE /v1/PurchaseCoupons", &removed, "").await;
        self.call("DELETE /v1/PurchaseDiscounts/{id}", &format!("/v1/PurchaseDiscounts/{discount}"), "").await;
        self.client.delete(&format!("/v1/Purchases/{purchase}")).await;
    }
}
