//! `/v1/BulkApi` from submission to the end, as the reference tells it (bulk-jobs.md).

use std::time::Duration;

use api::Config;
use app::bulk::Limits;
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config, until};

const MEMBERS: [&str; 20] = [
    "accountId",
    "type",
    "status",
    "createdTimestamp",
    "completedTimestamp",
    "totalRecords",
    "successfulRecords",
    "failedRecords",
    "totalProcessedRecords",
    "processedRecords",
    "failedProcessedRecords",
    "importingTimestamp",
    "processedTimestamp",
    "fileName",
    "reference",
    "relatedId",
    "internalAutomatedFlag",
    "modifiedTimestamp",
    "id",
    "uri",
];

/// Three invoices of one customer that owe 1, 2 and 3.
async fn three_invoices(shop: &Client) -> (i64, Vec<i64>) {
    let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
    let mut invoices = Vec::new();
    for quantity in 1..=3 {
        invoices.push(shop.create_invoice(customer, product, quantity).await);
    }
    (customer, invoices)
}

/// Total, successful, failed; total processed, processed, failed processed.
fn counters(job: &Value) -> [Option<i64>; 6] {
    [
        "totalRecords",
        "successfulRecords",
        "failedRecords",
        "totalProcessedRecords",
        "processedRecords",
        "failedProcessedRecords",
    ]
    .map(|name| job[name].as_i64())
}

fn members(job: &Value) -> Vec<&str> {
    job.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_validated_job_where_nothing_can_be_processed_ends_with_errors() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, invoices) = three_invoices(&shop).await;
        let submitted = shop.post("/v1/BulkApi", json!({ "accountUploadType": "bulkWriteOff", "data": invoices })).await;
        let job = submitted.ok();
        assert_eq!(members(&job), MEMBERS);
        assert_eq!(job["status"], "Validated");
        assert_eq!(counters(&job), [Some(3), Some(3), Some(0), None, None, None]);

        // All of it is paid before anybody asks to process.
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 6, "autoAllocate": true });
        shop.post("/v1/payments", payment).await.ok();
        server.clock.advance_millis(25 * 60_000);
        let processed = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
        assert_eq!(members(&processed), MEMBERS);
        assert_eq!(processed["status"], "ProcessedWithErrors");
        assert_eq!(counters(&processed), [Some(3), Some(3), Some(0), Some(3), Some(0), Some(3)]);
        assert_eq!(processed["type"], "BulkWriteOff");
        assert_eq!(processed["fileName"], "BulkWriteOff-20240115.csv");
        assert_eq!(processed["reference"], "Bulk write off");
        assert_eq!(processed["createdTimestamp"], "2024-01-15T10:00:00");
        assert_eq!(processed["completedTimestamp"], "2024-01-15T10:00:00");
        assert_eq!(processed["importingTimestamp"], "2024-01-15T10:25:00");
        assert_eq!(processed["processedTimestamp"], "2024-01-15T10:25:00");
        assert_eq!(processed["modifiedTimestamp"], "0001-01-01T00:00:00");
        assert_eq!((&processed["uri"], &processed["relatedId"]), (&Value::Null, &Value::Null));
        assert_eq!(processed["internalAutomatedFlag"], false);

        let polled = shop.get(&format!("/v1/BulkApi/{}?view=full", job["id"])).await.ok();
        assert_eq!(members(&polled)[0], "records");
        for (record, invoice) in polled["records"].as_array().unwrap().iter().zip(invoices) {
            assert_eq!(record["status"], "FailedProcessing");
            assert_eq!(record["data"], invoice.to_string());
            assert_eq!(record["details"], format!("Invoice with id {invoice} has no outstanding balance."));
        }
    })
    .await;
}

#[tokio::test]
async fn a_job_is_processed_from_validated_only() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (_, invoices) = three_invoices(&shop).await;
        let refusal =
            |id: i64| format!("Cannot process Upload {id} that is not in status Validated or ValidatedWIthErrors");
        let done = shop.submit("BulkWriteOff", json!([invoices[0]])).await;
        let job = shop.post("/v1/BulkApi/Process", json!({ "id": done })).await.ok();
        assert_eq!(job["status"], "Processed");
        assert_eq!(counters(&job), [Some(1), Some(1), Some(0), Some(1), Some(1), Some(0)]);
        shop.post("/v1/BulkApi/Process", json!({ "id": done })).await.assert_refused(400, &refusal(done));

        let cancelled = shop.submit("BulkWriteOff", json!([invoices[1]])).await;
        let job = shop.post(&format!("/v1/BulkApi/Cancel/{cancelled}"), "").await.ok();
        assert_eq!(
            (&job["status"], &job["records"][0]["details"]),
            (&json!("ProcessedWithErrors"), &json!("Manually marked as Failed."))
        );
        shop.post("/v1/BulkApi/Process", json!({ "id": cancelled })).await.assert_refused(400, &refusal(cancelled));
        let ended = format!("Cannot cancel Upload {cancelled} that is in status ProcessedWithErrors.");
        shop.post(&format!("/v1/BulkApi/Cancel/{cancelled}"), "").await.assert_refused(400, &ended);
        shop.post("/v1/BulkApi/Process", "{}").await.assert_error(400, "accountUpload.Id", "The Id field is required.");
    })
    .await;
}

#[tokio::test]
async fn of_simultaneous_calls_one_processes_and_each_invoice_is_written_off_once() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, invoices) = three_invoices(&shop).await;
        let job = shop.submit("BulkWriteOff", json!(invoices)).await;
        let body = json!({ "id": job });
        let replies = join_all((0..8).map(|_| shop.post("/v1/BulkApi/Process", &body))).await;
        let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        assert_eq!(won[0].ok()["status"], "Processed");
        let text = format!("Cannot process Upload {job} that is not in status Validated or ValidatedWIthErrors");
        for reply in lost {
            reply.assert_refused(400, &text);
        }
        let rows = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
        for (invoice, amount) in rows.as_array().unwrap().iter().zip([1.0, 2.0, 3.0]) {
            assert_eq!(invoice["totalWriteoffs"], json!(amount));
            assert_eq!(invoice["outstandingBalance"], json!(0.0));
            assert_eq!(invoice["paymentSchedules"][0]["status"], "WrittenOff");
        }
    })
    .await;
}

#[tokio::test]
async fn one_unfinished_job_an_account() {
    each_server(async |server| {
        let (shop, other) = (server.shop().await, server.shop().await);
        let (_, invoices) = three_invoices(&shop).await;
        let (_, theirs) = three_invoices(&other).await;
        let body = json!({ "accountUploadType": "BulkWriteOff", "data": invoices }).to_string();
        let replies = join_all((0..8).map(|_| shop.post("/v1/BulkApi", &body))).await;
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1);
        let open = won[0].id();
        let text =
            format!("Bulk job {open} is being processed or is waiting to be processed. Process or cancel it first.");
        for reply in replies.iter().filter(|reply| reply.status != 200) {
            reply.assert_refused(400, &text);
        }
        other.submit("BulkWriteOff", json!(theirs)).await;
        shop.post(&format!("/v1/BulkApi/Cancel/{}", won[0].id()), "").await.ok();
        shop.submit("BulkWriteOff", json!(invoices)).await;
    })
    .await;
}

#[tokio::test]
async fn failed_records_stop_nobody_and_say_why() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, invoices) = three_invoices(&shop).await;
        let paid = |amount: f64| {
            json!({ "customerId": customer, "source": "Import", "paymentMethod": "Check", "amount": amount,
                                         "autoAllocate": true, "autoAllocateOrder": "OldestToNewest" })
        };
        let nobody = json!({ "customerId": 1, "source": "Import", "paymentMethod": "Check", "amount": 1 });
        let data = json!([paid(1.5), nobody, { "customerId": customer }, paid(2.0)]);
        let job = shop.post("/v1/BulkApi", json!({ "accountUploadType": "bulkPayment", "data": data })).await.ok();
        assert_eq!(job["status"], "ValidatedWithErrors");
        assert_eq!(counters(&job), [Some(4), Some(2), Some(2), None, None, None]);
        let job = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
        assert_eq!(job["status"], "Processed");
        assert_eq!(counters(&job), [Some(4), Some(2), Some(2), Some(2), Some(2), Some(0)]);
        let job = shop.get(&format!("/v1/BulkApi/{}?view=Full", job["id"])).await.ok();
        let records = job["records"].as_array().unwrap();
        let statuses: Vec<&str> = records.iter().map(|record| record["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["Processed", "FailedValidation", "FailedValidation", "Processed"]);
        assert_eq!(records[1]["details"], "Customer with id 1 not found.");
        assert_eq!(
            records[2]["details"],
            "The Source field is required., The Amount field is required., The PaymentMethod field is required."
        );
        let ids: Vec<i64> = records.iter().map(|record| record["id"].as_i64().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[1] == pair[0] + 1), "{ids:?}");
        let payment = shop.get(&format!("/v1/payments/{}", records[0]["createdEntityId"])).await.ok();
        assert_eq!(
            (&payment["amount"], &payment["invoiceAllocations"][0]["invoiceId"]),
            (&json!(1.5), &json!(invoices[0]))
        );
        let rows = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
        let open: Vec<&Value> = rows.as_array().unwrap().iter().map(|invoice| &invoice["outstandingBalance"]).collect();
        assert_eq!(open, [&json!(0.0), &json!(0.0), &json!(2.5)], "in the order of the input, oldest invoices first");
    })
    .await;
}

#[tokio::test]
async fn write_offs_are_not_there_until_enabled() {
    on_server(config(), async |server| {
        let shop = server.client(&server.account_of(false).await.key);
        let body = json!({ "accountUploadType": "BulkWriteOff", "data": [1] });
        assert_eq!(shop.post("/v1/BulkApi", body).await.status, 404);
        assert_eq!(shop.post("/v1/invoices/writeoff", "{}").await.status, 404);
        let customer = shop.create_customer().await;
        let payment = json!([{ "customerId": customer, "source": "Import", "paymentMethod": "Cash", "amount": 1 }]);
        shop.submit("BulkPayment", payment).await;
    })
    .await;
}

#[tokio::test]
async fn a_job_without_a_good_record_makes_room_for_the_corrected_one() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (_, invoices) = three_invoices(&shop).await;
        let wrong = shop.submit("BulkWriteOff", json!(["x", 1])).await;
        let job = shop.get(&format!("/v1/BulkApi/{wrong}")).await.ok();
        assert_eq!(job["status"], "ValidatedWithErrors");
        shop.submit("BulkWriteOff", json!(invoices)).await;
        let job = shop.post("/v1/BulkApi/Process", json!({ "id": wrong })).await.ok();
        assert_eq!(job["status"], "Processed");
        assert_eq!(counters(&job), [Some(2), Some(0), Some(2), Some(0), Some(0), Some(0)]);
    })
    .await;
}

#[tokio::test]
async fn the_owner_of_the_server_sets_the_limits() {
    let bulk = Limits { record_count_max: 2, chunk_record_count: 1, wait_max: Duration::ZERO, ..Limits::default() };
    on_server(Config { bulk, ..config() }, async |server| {
        let shop = server.shop().await;
        let (_, invoices) = three_invoices(&shop).await;
        let order = |data: &[i64]| json!({ "accountUploadType": "BulkWriteOff", "data": data });
        let reply = shop.post("/v1/BulkApi", order(&invoices)).await;
        reply.assert_error(400, "accountUpload.Data", "A job can have at most 2 records.");
        let job = shop.post("/v1/BulkApi", order(&invoices[..2])).await.ok();
        // Nobody waits for it, but a quick worker may be done already.
        assert!(job["status"] == "Validating" || job["status"] == "Validated", "{job}");
    })
    .await;
}

#[tokio::test]
async fn a_validated_job_expires_and_frees_its_place() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (_, invoices) = three_invoices(&shop).await;
        let job = shop.submit("BulkWriteOff", json!(invoices)).await;
        server.clock.advance_days(1);
        server.app.wake_workers();
        let path = format!("/v1/BulkApi/{job}");
        until("its expiry", async || shop.get(&path).await.ok()["status"] == "Expired").await;
        shop.submit("BulkWriteOff", json!(invoices)).await;
    })
    .await;
}
