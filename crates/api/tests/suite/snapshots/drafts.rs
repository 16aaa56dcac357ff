//! Draft invoices from the first charge to the posted invoice: in an account and at a time of their own.

use std::mem;

use calendar::Instant;
use serde_json::{Value, json};

use super::Tour;

impl Tour<'_> {
    pub(super) async fn draft_invoices(&mut self) {
        let transcript = mem::take(&mut self.transcript);
        let client = mem::replace(&mut self.client, self.server.shop().await);
        let now = self.server.clock.clone();
        now.set(Instant::parse("2024-04-01T09:00:00").unwrap());
        let (customer, draft) = self.draft().await;
        self.change(&draft).await;
        self.pay_in_parts(&draft).await;
        self.post_in_parts(customer, &draft).await;
        (self.transcript, self.client) = (transcript, client);
    }

    /// Two charges on a draft; the answer is the customer and the draft.
    async fn draft(&mut self) -> (i64, Value) {
        let customer = self.client.create_customer().await;
        let product = self.client.create_product("DRAFT", "10").await;
        let tiers = json!([{ "min": 0, "max": 2, "amount": 9 }, { "min": 2, "max": null, "amount": 8 }]);
        let mut purchases = Vec::new();
        for order in [
            json!({ "customerId": customer, "productId": product, "name": "One", "quantity": 3,
                    "discounts": [{ "discountType": "Percentage", "amount": 10 }] }),
            json!({ "customerId": customer, "productId": product, "name": "Tiered", "quantity": 4,
                    "pricingModelType": "Tiered", "overridePriceRanges": tiers }),
        ] {
            purchases.push(self.client.post("/v1/purchases", order).await.id());
        }
        let order = json!({ "customerId": customer, "purchaseIds": purchases });
        let path = "/v1/Purchases/Purchase?temporarilyDisableAutoPost=true&view=sideeffects";
        let made = self.call("POST /v1/Purchases/Purchase", path, order).await;
        (customer, made["sideEffects"]["draftInvoices"][0].clone())
    }

    async fn change(&mut self, draft: &Value) {
        let id = draft["id"].as_i64().unwrap();
        let [one, tiered] = [0, 1].map(|index| draft["draftCharges"][index].clone());
        let changes = json!({
            "id": id, "poNumber": "PO-1", "notes": "By hand", "netTerms": "Net15", "netTermsSet": true,
            "referenceDate": "2024-03-31", "referenceDateSet": true,
            "draftCharges": [
                { "id": one["id"], "operation": "Update", "name": "One, renamed", "description": "Text", "quantity": 2,
                  "unitPrice": 12.5, "draftDiscounts": [{ "id": one["draftDiscounts"][0]["id"], "operation": "Update",
                  "configuredDiscountAmount": 5, "discountType": "Amount", "description": "For you" }] },
                { "id": tiered["id"], "rangeQuantity": 5, "draftChargeTiers": [
                    { "unitPrice": 7, "quantity": 3, "label": "rest", "sortOrder": 2 },
                    { "unitPrice": 9, "quantity": 2, "label": "first", "sortOrder": 1 }] }
            ]
        });
        self.call("PATCH /v1/DraftInvoices", "/v1/DraftInvoices", changes).await;
        self.call("GET /v1/DraftInvoices/{id}", &format!("/v1/DraftInvoices/{id}?groupCharges=true"), "").await;
    }

    async fn pay_in_parts(&mut self, draft: &Value) {
        let id = &draft["id"];
        let parts = json!([{ "invoiceId": id, "amount": 19, "daysDueAfterTerm": 0 },
                           { "invoiceId": id, "amount": 40, "daysDueAfterTerm": 30 }]);
        let path = "/v1/DraftPaymentSchedules";
        self.call("POST /v1/DraftPaymentSchedules", path, &parts).await;
        self.call("DELETE /v1/DraftPaymentSchedules/{draftInvoiceId}", &format!("{path}/{id}"), "").await;
        self.client.post(path, parts).await.ok();
    }

    async fn post_in_parts(&mut self, customer: i64, draft: &Value) {
        let id = &draft["id"];
        let cancel = format!("/v1/DraftInvoices/Cancel/{id}");
        self.call("POST /v1/DraftInvoices/Cancel/{id}", &cancel, json!({})).await;
        self.call("GET /v1/DraftInvoices", "/v1/DraftInvoices?query=status:Cancelled", "").await;
        let restore = format!("/v1/DraftInvoices/Uncancel/{id}");
        self.call("POST /v1/DraftInvoices/Uncancel/{id}", &restore, json!({})).await;
        let list = format!("/v1/Customers/{customer}/DraftInvoices");
        self.call("GET /v1/Customers/{customerId}/DraftInvoices", &list, "").await;
        self.call("GET /v1/DraftInvoiceSummary", "/v1/DraftInvoiceSummary?query=pendingCharges:59|59", "").await;
        let post = format!("/v1/Invoices?draftInvoiceId={id}");
        self.call("POST /v1/Invoices", &post, json!({ "preview": true })).await;
        let part = json!({ "draftChargeIds": [draft["draftCharges"][0]["id"]] });
        let invoice = self.call("POST /v1/Invoices", &post, part).await;
        let rest = format!("/v1/DraftInvoices/PostReadyCharges?customerId={customer}");
        self.call("POST /v1/DraftInvoices/PostReadyCharges", &rest, "").await;
        let change = json!({ "id": invoice["id"], "netTerms": "Net30", "netTermsSet": true, "hideOnSSP": true,
                             "hideOnSSPSet": true, "notes": "Amended" });
        self.call("PATCH /v1/Invoices", "/v1/Invoices", change).await;
    }
}
