//! The story: sell in bulk, finalize, and write off in bulk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use app::App;
use billing::{bulk::BulkJobStatus, id::AccountId, named::Named as _};
use serde_json::{Value, json};

use super::{
    client::{Client, blocking},
    tell,
};
use crate::failure::Failure;

/// Invoices that nobody will ever pay.
const LOST_COUNT: usize = 1_000;
/// Clients that make them at the same time.
const CLIENT_COUNT: usize = 16;
const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// Everything the story needs.
pub(super) struct Story {
    pub(super) client: Client,
    pub(super) app: App,
    pub(super) account: AccountId,
    pub(super) address: String,
    pub(super) key: String,
    /// Whether the server is still there when the story has ended.
    pub(super) is_served_on: bool,
}

impl Story {
    /// Tells it from the beginning to the end.
    pub(super) async fn tell(&self) -> Result<(), Failure> {
        println!("Billfold {} at {}", env!("CARGO_PKG_VERSION"), self.address);
        println!("Account {}, with an embedded database that ends with this demo.", self.account);
        let (probe, cable) = self.catalogue().await?;
        let customer = self.customer("Ada", "Reyes", "Northwind Labs").await?;
        self.sell(customer, probe, cable).await?;
        let lost = self.lose(cable).await?;
        let before = self.books().await?;
        let job = self.write_off(&lost).await?;
        self.show_change(&lost, &before).await?;
        self.verify().await?;
        if self.is_served_on {
            self.show_calls(customer, probe, &job);
        }
        Ok(())
    }

    async fn catalogue(&self) -> Result<(i64, i64), Failure> {
        tell::chapter("A catalogue");
        let mut ids = [0; 2];
        for (id, (code, name, price)) in ids.iter_mut().zip([("PROBE", "Probe", 120), ("CABLE", "Cable", 8)]) {
            let product = json!({
                "code": code, "name": name, "description": format!("{name}, boxed"), "productType": "PhysicalGood",
                "status": "Active", "availableForPurchase": true,
                "orderToCashCycle": {
                    "earningTimingInterval": "EarnImmediately", "earningTimingType": "StartOfInterval",
                    "pricingModel": {
                        "pricingModelType": "Standard",
                        "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": price, "currency": "USD" }] }]
                    }
                }
            });
            let product = self.client.post("/v1/Products", product).await?;
            *id = number(&product, "id")?;
            tell::line(&format!("product {id}  {code:<6} {name}, {price} USD each"));
        }
        Ok((ids[0], ids[1]))
    }

    /// A customer that may buy.
    async fn customer(&self, first: &str, last: &str, company: &str) -> Result<i64, Failure> {
        let body = json!({
            "firstName": first, "lastName": last, "companyName": company, "currency": "USD",
            "billingSetting": { "term": "Net30" }
        });
        let id = number(&self.client.post("/v1/Customers", body).await?, "id")?;
        let body = json!({
            "customerId": id, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
            "temporarilyDisableAutoPost": false
        });
        self.client.post("/v1/CustomerActivation", body).await?;
        Ok(id)
    }

    async fn sell(&self, customer: i64, probe: i64, cable: i64) -> Result<(), Failure> {
        tell::chapter("POST /v1/Purchases/BulkCreate: two drafts, all or nothing");
        let order = json!({
            "customerId": customer, "autoPurchase": false,
            "purchases": [
                { "productId": probe, "name": "Two probes", "quantity": 2 },
                { "productId": cable, "name": "Cables for them", "quantity": 6 }
            ]
        });
        let drafts = self.client.post("/v1/Purchases/BulkCreate", order).await?;
        let drafts = drafts["purchases"].as_array().cloned().unwrap_or_default();
        for draft in &drafts {
            tell::line(&format!("purchase {}  {}  {}", draft["id"], text(draft, "status"), text(draft, "name")));
        }
        tell::chapter("POST /v1/Purchases/Purchase: charge them on one invoice");
        let ids: Vec<&Value> = drafts.iter().map(|draft| &draft["id"]).collect();
        let body = json!({ "customerId": customer, "purchaseIds": ids });
        self.client.post("/v1/Purchases/Purchase", body).await?;
        let invoices = self.client.get(&format!("/v1/Customers/{customer}/Invoices")).await?;
        for invoice in invoices.as_array().into_iter().flatten() {
            tell::invoice(invoice);
        }
        Ok(())
    }

    /// Invoices of a customer that has disappeared.
    async fn lose(&self, cable: i64) -> Result<Vec<i64>, Failure> {
        tell::chapter(&format!("{LOST_COUNT} more invoices, of customers who will not pay"));
        let mut customers = Vec::new();
        for number in 0..CLIENT_COUNT {
            customers.push(self.customer("Lost", &format!("Customer {number}"), "Vanished Ltd").await?);
        }
        let client = self.client.clone();
        let made = customers.clone();
        blocking(move || post_invoices(&client, &made, cable)).await?;
        let mut lost = Vec::with_capacity(LOST_COUNT);
        for customer in customers {
            let invoices = self.client.get(&format!("/v1/Customers/{customer}/Invoices")).await?;
            for invoice in invoices.as_array().into_iter().flatten() {
                lost.push(number(invoice, "id")?);
            }
        }
        tell::line(&format!("posted {} invoices of 8.00 USD", lost.len()));
        Ok(lost)
    }

    async fn write_off(&self, lost: &[i64]) -> Result<Value, Failure> {
        tell::chapter("POST /v1/BulkApi: submit a bulk write-off for validation");
        let body = json!({ "accountUploadType": "BulkWriteOff", "data": lost });
        let mut job = self.client.post("/v1/BulkApi", body).await?;
        let id = number(&job, "id")?;
        while text(&job, "status") == "Validating" {
            tokio::time::sleep(POLL_INTERVAL).await;
            job = self.client.get(&format!("/v1/BulkApi/{id}")).await?;
        }
        tell::job(&job);
        tell::chapter("POST /v1/BulkApi/Process: process it, and poll");
        let process = self.client.post("/v1/BulkApi/Process", json!({ "id": id }));
        let bar = tell::progress(lost.len());
        let watch = async {
            loop {
                tokio::time::sleep(POLL_INTERVAL).await;
                let job = self.client.get(&format!("/v1/BulkApi/{id}")).await?;
                bar.set_position(job["totalProcessedRecords"].as_u64().unwrap_or_default());
                if is_processed(&job)? {
                    return Ok::<Value, Failure>(job);
                }
            }
        };
        let (_, job) = tokio::try_join!(process, watch)?;
        bar.finish();
        tell::job(&job);
        Ok(job)
    }

    async fn books(&self) -> Result<Vec<app::ledger::Balance>, Failure> {
        let account = self.account;
        Ok(self.app.db().read(move |tx| app::ledger::balances(tx, account)).await?)
    }

    async fn show_change(&self, lost: &[i64], before: &[app::ledger::Balance]) -> Result<(), Failure> {
        tell::chapter("What changed");
        if let Some(first) = lost.first() {
            tell::invoice(&self.client.get(&format!("/v1/Invoices/{first}")).await?);
            tell::line(&format!("and {} more like it", lost.len() - 1));
        }
        tell::balances(before, &self.books().await?);
        Ok(())
    }

    async fn verify(&self) -> Result<(), Failure> {
        tell::chapter("billfold verify: everything recomputed from its parts");
        crate::verify::check(&self.app, false, false).await
    }

    fn show_calls(&self, customer: i64, probe: i64, job: &Value) {
        tell::chapter("Now you");
        let Self { address, key, .. } = self;
        println!("  export KEY='{key}'");
        println!("  curl -H \"Authorization: Basic $KEY\" {address}/v1/Customers/{customer}/Invoices");
        println!("  curl -H \"Authorization: Basic $KEY\" '{address}/v1/BulkApi/{}?view=Full'", job["id"]);
        println!(
            "  curl -H \"Authorization: Basic $KEY\" {address}/v1/Purchases/BulkCreate \\\n    \
             -d \"{{customerId:{customer},autoPurchase:true,purchases:[{{productId:{probe},name:'Another',quantity:1}}]}}\""
        );
    }
}

/// Posts the invoices from several threads, so that their commits are shared.
fn post_invoices(client: &Client, customers: &[i64], product: i64) -> Result<(), Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    thread::scope(|scope| {
        let threads: Vec<_> = customers
            .iter()
            .map(|customer| {
                let next = Arc::clone(&next);
                scope.spawn(move || {
                    while next.fetch_add(1, Ordering::Relaxed) < LOST_COUNT {
                        let purchase = json!({ "productId": product, "name": "Cable", "quantity": 1 });
                        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": [purchase] });
                        client.post_now("/v1/Purchases/BulkCreate", &order)?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(Failure::Story("a client of the demo panicked".to_owned())))
        })
    })
}

/// Whether the story's job has done all that it should; it fails when the job has ended in any other way.
fn is_processed(job: &Value) -> Result<bool, Failure> {
    match BulkJobStatus::from_name(text(job, "status")) {
        Some(BulkJobStatus::Processed) => Ok(true),
        Some(status) if status.is_open() => Ok(false),
        Some(_) | None => Err(Failure::Story(format!("the job was not processed: {job}"))),
    }
}

fn number(value: &Value, member: &str) -> Result<i64, Failure> {
    value[member].as_i64().ok_or_else(|| Failure::Story(format!("an answer has no {member}: {value}")))
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_for_a_job_ends_whatever_becomes_of_it() {
        let seen = |status: &str| is_processed(&json!({ "id": 1, "status": status }));
        assert!(seen("Processed").unwrap());
        for under_way in ["Validated", "ValidatedWithErrors", "Processing"] {
            assert!(!seen(under_way).unwrap(), "{under_way}");
        }
        for ended in ["ProcessedWithErrors", "Failed", "Expired", "Done", "", "Lost"] {
            let told = seen(ended).unwrap_err().to_string();
            assert!(told.starts_with("the job was not processed: ") && told.contains(ended), "{told}");
        }
    }
}
