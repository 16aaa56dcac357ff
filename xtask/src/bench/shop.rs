//! What the product needs before it can sell: an account, a product, customers. The floor needs nothing.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use cluster::machine;

/// Customers that buy in turn: with a single one, every order would wait for the one before it, as it must.
const CUSTOMER_COUNT: i64 = 256;

/// Who sells what to whom.
pub(super) struct Shop {
    /// The key of the account.
    pub(super) key: String,
    product: i64,
    customers: Vec<i64>,
}

/// Creates an account by the command line; its key.
pub(super) fn create_account(program: &Path, database: &str, options: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(["account", "create", "--name", "Benchmark", "--json", "--database", database]).args(options);
    let account = machine::output(&mut command).and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let key = account.and_then(|account| Some(account["apiKey"].as_str()?.to_owned()));
    key.ok_or_else(|| "billfold account create failed".to_owned())
}

impl Shop {
    /// Creates a product and active customers over the API.
    pub(super) fn open(url: &str, key: String) -> Result<Self, String> {
        let product = json!({
            "code": "BENCH", "name": "Benchmark", "productType": "PhysicalGood", "status": "Active",
            "orderToCashCycle": {
                "earningTimingInterval": "EarnImmediately",
                "pricingModel": {
                    "pricingModelType": "Standard",
                    "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": 9.95, "currency": "USD" }] }]
                }
            },
            "availableForPurchase": true
        });
        let mut shop = Self { key, product: 0, customers: Vec::new() };
        shop.product = shop.create(url, "products", &product)?;
        for _ in 0..CUSTOMER_COUNT {
            let customer = shop.create_customer(url)?;
            shop.customers.push(customer);
        }
        Ok(shop)
    }

    /// The customers that every database of the floor has.
    pub(super) fn floor() -> Self {
        Self { key: "none".to_owned(), product: 1, customers: (1..=CUSTOMER_COUNT).collect() }
    }

    /// The requests that are measured: four drafts for each customer.
    pub(super) fn orders(&self) -> Vec<String> {
        let purchase =
            |number| json!({ "productId": self.product, "name": format!("Purchase {number}"), "quantity": number });
        let purchases: Vec<Value> = (1..=4).map(purchase).collect();
        let order = |customer: &i64| {
            json!({ "customerId": customer, "autoPurchase": false, "purchases": purchases }).to_string()
        };
        self.customers.iter().map(order).collect()
    }

    /// Requests that sell one thing each, on an invoice of its own.
    pub(super) fn sales(&self) -> Vec<String> {
        let purchases = [json!({ "productId": self.product, "name": "Purchase", "quantity": 1 })];
        let order = |customer: &i64| {
            json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases }).to_string()
        };
        self.customers.iter().map(order).collect()
    }

    fn create_customer(&self, url: &str) -> Result<i64, String> {
        let id = self.create(url, "customers", &json!({ "firstName": "Ada", "lastName": "Lovelace" }))?;
        let activation = json!({
            "customerId": id, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
            "temporarilyDisableAutoPost": false
        });
        post(&format!("{url}/v1/customerActivation"), &self.key, &activation.to_string())?;
        Ok(id)
    }

    fn create(&self, url: &str, what: &str, body: &Value) -> Result<i64, String> {
        let answer = post(&format!("{url}/v1/{what}"), &self.key, &body.to_string())?;
        let answer: Value = serde_json::from_str(&answer).map_err(|error| format!("{what}: {error}"))?;
        answer["id"].as_i64().ok_or_else(|| format!("{what}: the answer has no id"))
    }
}

/// Posts JSON; the answer, which must have the status 200.
pub(super) fn post(url: &str, key: &str, body: &str) -> Result<String, String> {
    post_as("application/json", url, key, body)
}

/// Posts a text of this kind; the answer, which must have the status 200.
pub(super) fn post_as(kind: &str, url: &str, key: &str, body: &str) -> Result<String, String> {
    let request = ureq::post(url).header("Authorization", format!("Basic {key}"));
    answer(url, request.header("Content-Type", kind).send(body))
}

/// Reads; the answer, which must have the status 200.
pub(super) fn get(url: &str, key: &str) -> Result<String, String> {
    answer(url, ureq::get(url).header("Authorization", format!("Basic {key}")).call())
}

fn answer(url: &str, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<String, String> {
    let failure = |error: ureq::Error| format!("{url}: {error}");
    let mut answer = answer.map_err(failure)?;
    let text = answer.body_mut().with_config().limit(u64::MAX).read_to_string().map_err(failure)?;
    match answer.status().as_u16() {
        200 => Ok(text),
        status => Err(format!("{url}: {status}, {text}")),
    }
}
