//! Previews, a cancellation and the report of revenue, in an account and at a time of their own.

use std::mem;

use calendar::Instant;
use serde_json::json;

use super::Tour;

impl Tour<'_> {
    pub(super) async fn previews_and_revenue(&mut self) {
        let transcript = mem::take(&mut self.transcript);
        let client = mem::replace(&mut self.client, self.server.shop().await);
        self.server.clock.set(Instant::parse("2024-01-15T09:00:00").unwrap());
        let customer = self.client.create_customer().await;
        let product = self.client.create_service("YEARLY", "120").await;
        let earning = json!({ "earningInterval": "Monthly", "earningNumberOfIntervals": 12,
                              "earningTimingInterval": "Monthly", "earningTimingType": "StartOfInterval" });
        let purchase = json!({ "productId": product, "name": "A year", "quantity": 1, "earningSettings": earning,
                               "discounts": [{ "discountType": "Percentage", "amount": 10 }] });
        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": [purchase] });
        self.call("POST /v1/Purchases/BulkCreate", "/v1/Purchases/BulkCreate?preview=true", &order).await;
        let purchase = self.client.create_purchase(customer, product, 2).await;
        let drafts = json!({ "customerId": customer, "purchaseIds": [purchase] });
        self.call("POST /v1/Purchases/Purchase", "/v1/Purchases/Purchase?preview=true", &drafts).await;
        self.call("POST /v1/Purchases/Purchase", "/v1/Purchases/Purchase?view=sideEffects", &drafts).await;
        let created = self.client.post("/v1/Purchases/BulkCreate", order).await.ok();
        let cancel = json!({ "purchaseId": created["purchases"][0]["id"], "cancellationOption": "Unearned" });
        self.call("GET /v1/Revenue", "/v1/Revenue?by=product", "").await;
        self.call("POST /v1/Purchases/Cancel", "/v1/Purchases/Cancel", cancel).await;
        self.call("GET /v1/Revenue", "/v1/Revenue?by=customer&asOf=2024-01-15", "").await;
        (self.transcript, self.client) = (transcript, client);
    }
}
