//! What most tests begin with, made over the API itself.

use serde_json::{Value, json};

use crate::Client;

/// A physical good that earns at once, with a price in US dollars.
pub fn product(code: &str, price: &str) -> Value {
    let price: serde_json::Number = price.parse().expect("a number");
    json!({
        "code": code, "name": format!("Product {code}"), "productType": "PhysicalGood", "status": "Active",
        "orderToCashCycle": {
            "earningTimingInterval": "EarnImmediately",
            "pricingModel": {
                "pricingModelType": "Standard",
                "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": price, "currency": "USD" }] }]
            }
        },
        "availableForPurchase": true
    })
}

impl Client {
    /// Creates a product; the answer is its id.
    pub async fn create_product(&self, code: &str, price: &str) -> i64 {
        self.post("/v1/products", product(code, price)).await.id()
    }

    /// Creates a product that may earn over time.
    pub async fn create_service(&self, code: &str, price: &str) -> i64 {
        let mut product = product(code, price);
        product["productType"] = json!("OneTimeCharge");
        self.post("/v1/products", product).await.id()
    }

    /// Creates a product whose purchases track items.
    pub async fn create_tracked_product(&self, code: &str, price: &str) -> i64 {
        let mut product = product(code, price);
        product["isTrackingItems"] = json!(true);
        self.post("/v1/products", product).await.id()
    }

    /// Creates a customer that is still a draft.
    pub async fn create_draft_customer(&self) -> i64 {
        self.post("/v1/customers", json!({ "firstName": "Ada", "lastName": "Lovelace" })).await.id()
    }

    /// Creates an active customer whose invoices are due 30 days after posting.
    pub async fn create_customer(&self) -> i64 {
        let order = json!({ "firstName": "Ada", "lastName": "Lovelace", "billingSetting": { "term": "Net30" } });
        let id = self.post("/v1/customers", order).await.id();
        let activation = json!({
            "customerId": id, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
            "temporarilyDisableAutoPost": false
        });
        self.post("/v1/customerActivation", activation).await.ok();
        id
    }

    /// Makes a draft purchase.
    pub async fn create_purchase(&self, customer: i64, product: i64, quantity: i64) -> i64 {
        let order = json!({
            "customerId": customer, "autoPurchase": false,
            "purchases": [{ "productId": product, "name": "Purchase", "quantity": quantity }]
        });
        let created = self.post("/v1/purchases/bulkCreate", order).await.ok();
        created["purchases"][0]["id"].as_i64().expect("an id")
    }

    /// Sells a quantity on an invoice of its own; the answer is the invoice's id.
    pub async fn create_invoice(&self, customer: i64, product: i64, quantity: i64) -> i64 {
        let order = json!({
            "customerId": customer, "autoPurchase": true,
            "purchases": [{ "productId": product, "name": "Purchase", "quantity": quantity }]
        });
        self.post("/v1/purchases/bulkCreate", order).await.ok();
        let newest = "sortExpression=invoiceNumber&sortOrder=Descending&pageSize=1";
        let invoices = self.get(&format!("/v1/customers/{customer}/invoices?{newest}")).await.ok();
        invoices[0]["id"].as_i64().expect("an id")
    }

    /// Submits a job and expects it to be validated within the call.
    pub async fn submit(&self, job_type: &str, data: Value) -> i64 {
        self.post("/v1/BulkApi", json!({ "accountUploadType": job_type, "data": data })).await.id()
    }
}
