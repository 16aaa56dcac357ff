//! Files of bulk records: as they may come, what they are refused for, and the jobs that they become.

use std::io::Write as _;

use api::Config;
use app::bulk::Limits;
use axum::body::Body;
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config, until};

const WRITE_OFFS: &str = "/v1/BulkApi/Upload?type=bulkWriteOff";
const PAYMENTS: &str = "/v1/BulkApi/Upload?type=BulkPayment";

async fn invoices(shop: &Client, count: i64) -> Vec<i64> {
    let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
    let mut invoices = Vec::new();
    for quantity in 1..=count {
        invoices.push(shop.create_invoice(customer, product, quantity).await);
    }
    invoices
}

fn csv(invoices: &[i64]) -> String {
    let rows: Vec<_> = invoices.iter().map(|invoice| format!("{invoice}\r\n")).collect();
    format!("\u{feff}InvoiceId\r\n{}", rows.concat())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

async fn cancel(shop: &Client, job: &Value) {
    shop.post(&format!("/v1/BulkApi/Cancel/{}", job["id"]), "").await.ok();
}

#[tokio::test]
async fn a_file_becomes_a_job_like_any_other() {
    each_server(async |server| {
        let shop = server.shop().await;
        let invoices = invoices(&shop, 3).await;
        let path = format!("{WRITE_OFFS}&reference=March+debts&fileName=march.csv");
        let job = shop.upload(&path, "text/csv; charset=utf-8", csv(&invoices)).await.ok();
        assert_eq!((&job["status"], &job["type"]), (&json!("Validated"), &json!("BulkWriteOff")));
        assert_eq!((&job["reference"], &job["fileName"]), (&json!("March debts"), &json!("march.csv")));
        assert_eq!(
            (&job["mode"], &job["isDryRun"], &job["isPaused"]),
            (&json!("Continue"), &json!(false), &json!(false))
        );
        let own = format!("/v1/BulkApi/Jobs/{}", job["id"]);
        assert_eq!(shop.get(&own).await.ok(), job);
        let amounts = json!([{ "currency": "USD", "amountToMove": 6.0, "amountMoved": null }]);
        assert_eq!(job["amounts"], amounts);
        assert_eq!(shop.get("/v1/BulkApi/Jobs").await.ok()[0]["amounts"], amounts);
        let polled = shop.get(&format!("/v1/BulkApi/{}?view=Full", job["id"])).await.ok();
        assert!(polled.get("mode").is_none(), "the original's own call answers as the original");
        let data: Vec<_> = polled["records"].as_array().unwrap().iter().map(|record| record["data"].clone()).collect();
        assert_eq!(data, invoices.iter().map(|invoice| json!(invoice.to_string())).collect::<Vec<_>>());
        let done = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
        assert_eq!((&done["status"], &done["processedRecords"]), (&json!("Processed"), &json!(3)));
        assert!(done.get("amounts").is_none());
        assert_eq!(shop.get(&own).await.ok()["amounts"][0]["amountMoved"], json!(6.0));
        let again = shop.upload(WRITE_OFFS, "application/json", json!(invoices).to_string()).await;
        let text =
            format!("Bulk job {} has the same records. Send allowRepeat=true to have them done once more.", job["id"]);
        again.assert_refused(400, &text);
        let meant = shop.upload(&format!("{WRITE_OFFS}&allowRepeat=true"), "text/csv", csv(&invoices)).await.ok();
        assert_eq!(meant["status"], "ValidatedWithErrors");
    })
    .await;
}

#[tokio::test]
async fn files_come_in_every_form() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let one = json!({ "customerId": customer, "source": "Import", "paymentMethod": "Check", "amount": 1.5 });
        let rows = format!("customerId;source;paymentMethod;amount;reference\n{customer};Import;Check;1.50;\n");
        let pieces = |text: String| {
            Body::from_stream(stream::iter(
                text.into_bytes().into_iter().map(|byte| Ok::<_, std::io::Error>(vec![byte])),
            ))
        };
        let packed = shop.with("content-encoding", "gzip");
        for (client, media_type, file) in [
            (&shop, "text/csv", Body::from(rows.clone())),
            (&shop, "TEXT/CSV", pieces(rows.clone())),
            (&shop, "text/csv", Body::from(gzip(&rows))),
            (&packed, "text/csv", Body::from(gzip(&rows))),
            (&shop, "application/jsonl", Body::from(format!("{one}\n"))),
            (&shop, "application/x-ndjson", Body::from(one.to_string())),
            (&packed, "application/json", Body::from(gzip(&json!([one]).to_string()))),
        ] {
            let job = client.upload(PAYMENTS, media_type, file).await.ok();
            assert_eq!((&job["status"], &job["totalRecords"]), (&json!("Validated"), &json!(1)), "{media_type}");
            cancel(&shop, &job).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_good_is_refused_and_leaves_nothing_to_do() {
    let bulk = Limits { chunk_record_count: 2, record_count_max: 6, ..Limits::default() };
    on_server(Config { bulk, ..config() }, async |server| {
        let shop = server.shop().await;
        let long = format!("InvoiceId\n{}", "1\n".repeat(7));
        for (file, told) in [
            ("", "Line 1, column 1: The file is empty."),
            ("InvoiceId\n", "At least one record is required."),
            ("Id\n1\n", "Line 1, column 1: The column Id is unknown."),
            ("InvoiceId\n1\n2\n3\n\"4\n", "Line 5, column 1: The quote is never closed."),
            (long.as_str(), "A job can have at most 6 records."),
        ] {
            let reply = shop.upload(WRITE_OFFS, "text/csv", file.to_owned()).await;
            assert_eq!((reply.status, &reply.errors()[0]), (400, &("upload.Data".to_owned(), told.to_owned())));
        }
        let jobs = shop.get("/v1/BulkApi/Jobs?sortExpression=id&query=status:Failed").await.ok();
        let given_up: Vec<_> = jobs.as_array().unwrap().iter().map(|job| job["givenUp"].clone()).collect();
        assert_eq!(given_up, ["Line 5, column 1: The quote is never closed.", "A job can have at most 6 records."]);
        let broken =
            stream::iter([Ok("InvoiceId\n1\n2\n3\n4\n"), Err(std::io::Error::other("the connection was reset"))]);
        let reply = shop.upload(WRITE_OFFS, "text/csv", Body::from_stream(broken)).await;
        reply.assert_refused(400, "The request body could not be read to its end.");
        let job = shop.upload(WRITE_OFFS, "text/csv", "InvoiceId\n1\n").await.ok();
        assert_eq!(job["failedRecords"], 1, "the place is free");
    })
    .await;
}

#[tokio::test]
async fn orders_that_cannot_be_are_refused_with_all_that_is_wrong() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let file = "InvoiceId\n1\n";
        let path = "/v1/BulkApi/Upload?mode=some&dryRun=perhaps&pauseAfter=x&startAt=soon";
        let told = shop.upload(path, "text/csv", file).await.errors();
        let keys: Vec<_> = told.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["upload.mode", "upload.dryRun", "upload.pauseAfter", "upload.startAt", "upload.type"]);
        let reply = shop.upload(&format!("{WRITE_OFFS}&mode=atomic&pauseAfter=1"), "text/csv", file).await;
        let text = "An atomic job and a dry run are done in one piece and cannot pause.";
        assert_eq!(reply.errors(), [("upload.PauseAfter".to_owned(), text.to_owned())]);
        let reply = shop.upload(&format!("{WRITE_OFFS}&startAt=2023-12-31T23:59:59Z"), "text/csv", file).await;
        let text = "StartAt must be in the future. Leave it out, and process the job when it is validated.";
        assert_eq!(reply.errors(), [("upload.StartAt".to_owned(), text.to_owned())]);
        let reply = shop.upload("/v1/BulkApi/Upload?type=QuickBooksLatch", "text/csv", file).await;
        assert_eq!(reply.errors()[0].1, "Jobs of type QuickBooksLatch cannot be uploaded.");
        for (client, media_type) in [
            (shop.clone(), "text/plain"),
            (shop.clone(), "text/csv; charset=latin1"),
            (shop.with("content-encoding", "br"), "text/csv"),
        ] {
            assert_eq!(client.upload(WRITE_OFFS, media_type, file).await.status, 415, "{media_type}");
        }
        let reply = shop.with("idempotency-key", "k").upload(WRITE_OFFS, "text/csv", file).await;
        let text = "This call takes no Idempotency-Key: the same file within 24 hours is refused by its content.";
        reply.assert_refused(400, text);
        let other = server.client(&server.account_of(false).await.key);
        assert_eq!(other.upload(WRITE_OFFS, "text/csv", file).await.status, 404);
        assert_eq!(shop.get("/v1/BulkApi/Jobs").await.text(), "[]");
    })
    .await;
}

#[tokio::test]
async fn a_job_pauses_and_goes_on_over_the_wire() {
    each_server(async |server| {
        let shop = server.shop().await;
        let invoices = invoices(&shop, 3).await;
        let job = shop.upload(&format!("{WRITE_OFFS}&pauseAfter=1"), "text/csv", csv(&invoices)).await.ok();
        let id = job["id"].as_i64().unwrap();
        let paused = shop.post("/v1/BulkApi/Process", json!({ "id": id })).await.ok();
        assert_eq!((&paused["status"], &paused["processedRecords"]), (&json!("Processing"), &json!(1)));
        let job = shop.post(&format!("/v1/BulkApi/Pause/{id}"), "").await.ok();
        assert_eq!((&job["isPaused"], &job["pauseAfter"]), (&json!(true), &json!(1)));
        assert_eq!(shop.post(&format!("/v1/BulkApi/Resume/{id}"), "").await.ok()["isPaused"], false);
        let path = format!("/v1/BulkApi/{id}");
        until("its end", async || shop.get(&path).await.ok()["status"] == "Processed").await;
        shop.post(&format!("/v1/BulkApi/Resume/{id}"), "")
            .await
            .assert_refused(400, &format!("Upload {id} is not paused."));
        let text = format!("Cannot pause Upload {id} that is in status Processed.");
        shop.post(&format!("/v1/BulkApi/Pause/{id}"), "").await.assert_refused(400, &text);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_is_told_apart_and_does_nothing() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let invoices = invoices(&shop, 2).await;
        let path = format!("{WRITE_OFFS}&mode=atomic&dryRun=true");
        let job = shop.upload(&path, "text/csv", csv(&invoices)).await.ok();
        assert_eq!((&job["mode"], &job["isDryRun"]), (&json!("Atomic"), &json!(true)));
        let done = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
        assert_eq!((&done["status"], &done["processedRecords"]), (&json!("Processed"), &json!(2)));
        let job = shop.upload(&format!("{WRITE_OFFS}&mode=atomic"), "text/csv", csv(&invoices)).await.ok();
        assert_eq!(job["status"], "Validated", "nothing was written off");
        cancel(&shop, &job).await;
        let cancelled = shop.get(&format!("/v1/BulkApi/Jobs/{}", job["id"])).await.ok();
        assert!(cancelled["cancelledTimestamp"].is_string(), "the status does not say it");
        assert_eq!(cancelled["cancelledTimestamp"], cancelled["processedTimestamp"]);
        assert_eq!((&job["cancelledTimestamp"], &job["givenUpRecords"]), (&Value::Null, &json!(0)));
        assert_eq!(cancelled["givenUpRecords"], 2);
    })
    .await;
}
