//! `kill -9` in the middle of a large job: another process ends it by itself, and nothing is done twice.

use std::{collections::HashSet, thread};

use serde_json::{Value, json};
use testkit::{TestDatabase, fixtures, on_postgres};

use crate::process::{Caller, Server, run, wait_for};

const RECORD_COUNT: usize = 10_000;
/// Customers whose invoices are made at the same time, each over a connection of its own.
const CUSTOMER_COUNT: usize = 8;
const PAGE_SIZE: usize = 1_000;
const KILL_COUNT: usize = 2;

// Two tests, so that the databases take their time together.

#[tokio::test]
async fn a_killed_server_on_sqlite_writes_every_invoice_off_once() {
    write_off_through_kills(&TestDatabase::sqlite(&[]).await).await;
}

#[tokio::test]
async fn a_killed_server_on_postgres_writes_every_invoice_off_once() {
    on_postgres(&[], async |database| write_off_through_kills(database).await).await;
}

async fn write_off_through_kills(database: &TestDatabase) {
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell(&url)).await.unwrap();
}

fn tell(url: &str) {
    let enabled = ["--enable", "write-off-over-api"];
    let account = run(&[&["account", "create", "--json", "--name", "Shop", "--database", url], &enabled[..]].concat());
    let key = account["apiKey"].as_str().unwrap();
    let mut server = Server::start(url);
    make_invoices(&server, key);
    let invoices = invoices(&server.caller(key));
    let ids: Vec<&Value> = invoices.iter().map(|invoice| &invoice["id"]).collect();
    assert_eq!(ids.len(), RECORD_COUNT);

    let caller = server.caller(key);
    let job = caller.post("/v1/BulkApi", &json!({ "accountUploadType": "BulkWriteOff", "data": ids }))["id"].clone();
    let job = format!("/v1/BulkApi/{job}");
    wait_for("the end of validation", || (caller.get(&job)["status"] == "Validated").then_some(()));
    let id = caller.get(&job)["id"].clone();
    let process = thread::spawn(move || caller.try_post("/v1/BulkApi/Process", &json!({ "id": id })));

    let mut done = 0;
    for _ in 0..KILL_COUNT {
        let caller = server.caller(key);
        wait_for("the next chunk of records", || (processed(&caller.get(&job)) > done).then_some(()));
        server.kill();
        server = Server::start(url);
        let found = server.caller(key).get(&job);
        let so_far = processed(&found);
        assert_eq!(found["status"], "Processing", "the job was not killed in the middle: {found}");
        assert!(done < so_far && so_far < RECORD_COUNT, "{so_far} records are done");
        done = so_far;
    }
    // The call that started it never learns what came of it.
    assert!(process.join().unwrap().is_none());

    let caller = server.caller(key);
    let ended = wait_for("the end of the job", || Some(caller.get(&job)).filter(|job| job["status"] != "Processing"));
    assert_eq!(ended["status"], "Processed", "{ended}");
    for (counter, expected) in [
        ("successfulRecords", RECORD_COUNT),
        ("totalProcessedRecords", RECORD_COUNT),
        ("processedRecords", RECORD_COUNT),
        ("failedProcessedRecords", 0),
    ] {
        assert_eq!(ended[counter], expected, "{counter}");
    }
    assert_written_off_once(&self::invoices(&caller));
    drop(server);
    let verified = run(&["verify", "--json", "--database", url]);
    assert_eq!(verified["isClean"], true, "{verified}");
}

/// As many invoices of one dollar as the job has records, some at the same time.
fn make_invoices(server: &Server, key: &str) {
    let product = server.caller(key).post("/v1/products", &fixtures::product("P", "1"))["id"].clone();
    thread::scope(|scope| {
        for _ in 0..CUSTOMER_COUNT {
            let (caller, product) = (server.caller(key), &product);
            scope.spawn(move || {
                let purchases = json!([{ "productId": product, "name": "one", "quantity": 1 }]);
                let order =
                    json!({ "customerId": caller.create_customer(), "autoPurchase": true, "purchases": purchases });
                for _ in 0..RECORD_COUNT / CUSTOMER_COUNT {
                    caller.post("/v1/purchases/bulkCreate", &order);
                }
            });
        }
    });
}

/// Every invoice of the account.
fn invoices(caller: &Caller) -> Vec<Value> {
    let page = |number| caller.get(&format!("/v1/invoices?pageSize={PAGE_SIZE}&pageNumber={number}"));
    let pages = (0..RECORD_COUNT / PAGE_SIZE).map(page);
    pages.flat_map(|page| page.as_array().unwrap().clone()).collect()
}

fn processed(job: &Value) -> usize {
    job["totalProcessedRecords"].as_u64().and_then(|count| count.try_into().ok()).unwrap_or_default()
}

fn assert_written_off_once(invoices: &[Value]) {
    let ids: HashSet<_> = invoices.iter().map(|invoice| invoice["id"].as_i64()).collect();
    assert_eq!(ids.len(), RECORD_COUNT);
    for invoice in invoices {
        let sums = [&invoice["invoiceAmount"], &invoice["totalWriteoffs"], &invoice["outstandingBalance"]];
        assert_eq!(sums, [&json!(1.0), &json!(1.0), &json!(0.0)], "{invoice}");
    }
}
