//! Files of results: who is in which, that a failed one is corrected and sent again, and how they are read.

use std::time::Duration;

use api::Config;
use app::bulk::Limits;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

const DAY_MS: i64 = 86_400_000;

async fn results(shop: &Client, job: &Value, query: &str) -> String {
    let reply = shop.get(&format!("/v1/BulkApi/Jobs/{}/Results?{query}", job["id"])).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text().to_owned()
}

async fn process(shop: &Client, job: &Value) -> Value {
    shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok()
}

fn counts(job: &Value) -> [&Value; 3] {
    [&job["totalRecords"], &job["failedRecords"], &job["processedRecords"]]
}

/// Names and references that a spreadsheet, a separator or a careless reader would change.
const NASTY: [(&str, &str); 4] = [
    ("007", "=SUM(A1:A9)"),
    ("+1-555;2", "\"Quoted\", Ltd"),
    ("@x", "Line 1\r\nLine 2"),
    ("'0,50", "Ärger\t€ {\"a\":1}"),
];

#[tokio::test]
async fn a_failed_file_is_corrected_and_sent_again() {
    each_server(async |server| {
        let shop = server.shop().await;
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let rows = NASTY.map(|(reference, name)| format!("{};{};XXX\r\n", quoted(name), quoted(reference)));
        let file = format!("CompanyName;reference;Currency\r\nGood;G;USD\r\n{}", rows.concat());
        let path = "/v1/BulkApi/Upload?type=CustomerImportBasic";
        let job = shop.upload(path, "text/csv", file).await.ok();
        assert_eq!(counts(&process(&shop, &job).await), [&json!(5), &json!(4), &json!(1)]);
        let created = &shop.get("/v1/customers?query=reference:G").await.ok()[0]["id"];
        let head = "CompanyName,Reference,Currency,Status,Details,CreatedId,AmountMoved\r\n";
        assert_eq!(
            results(&shop, &job, "outcome=Succeeded").await,
            format!("{head}Good,G,USD,Processed,,{created},\r\n")
        );
        for format in ["csv", "jsonl"] {
            let failed = results(&shop, &job, &format!("outcome=failed&format={format}")).await;
            assert!(failed.contains("FailedValidation") && !failed.contains("Good"), "{failed}");
            let media_type = if format == "csv" { "text/csv" } else { "application/jsonl" };
            let corrected = failed.replace("XXX", "USD");
            // Whatever the first one did, the second does to others.
            let corrected =
                if format == "csv" { corrected } else { corrected.replace("\"Reference\":\"", "\"Reference\":\"2") };
            let again = shop.upload(path, media_type, corrected).await.ok();
            assert_eq!(counts(&process(&shop, &again).await), [&json!(4), &json!(0), &json!(4)], "{failed}");
            let created = results(&shop, &again, "format=jsonl").await;
            for (line, (reference, name)) in created.lines().zip(NASTY) {
                let result: Value = serde_json::from_str(line).unwrap();
                let customer = shop.get(&format!("/v1/customers/{}", result["createdId"])).await.ok();
                assert_eq!(customer["companyName"], name);
                assert!(customer["reference"].as_str().unwrap().ends_with(reference), "{customer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_came_over_the_originals_call_has_results_too() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "5").await);
        let (one, two) =
            (shop.create_invoice(customer, product, 1).await, shop.create_invoice(customer, product, 2).await);
        let job = json!({ "id": shop.submit("BulkWriteOff", json!([one, "x;y", two])).await });
        let head = "InvoiceId,Status,Details,CreatedId,AmountMoved\r\n";
        let bad = "x;y,FailedValidation,'x;y' is not an invoice id.,,\r\n";
        assert_eq!(results(&shop, &job, "outcome=failed").await, format!("{head}{bad}"));
        let waiting = format!("{head}{one},PassedValidation,,,\r\n{two},PassedValidation,,,\r\n");
        assert_eq!(results(&shop, &job, "outcome=unprocessed").await, waiting);
        assert_eq!(results(&shop, &job, "outcome=succeeded&format=csv").await, head);
        process(&shop, &job).await;
        let all = format!("{head}{one},Processed,,,5.00\r\n{bad}{two},Processed,,,10.00\r\n");
        assert_eq!(results(&shop, &job, "").await, all);
        // A payment with more than a row can hold goes into the file and comes back as it is.
        let paid = |amount: f64| {
            json!({ "customerId": customer, "source": "Import", "paymentMethod": "Check", "amount": amount,
                    "paymentAllocations": [{ "invoiceId": one, "amount": amount }] })
        };
        let job = json!({ "id": shop.submit("BulkPayment", json!([paid(1.5)])).await });
        let file = results(&shop, &job, "outcome=failed").await;
        assert!(file.contains(&format!("}}]}}\",FailedValidation,Invoice with id {one} has")), "{file}");
        let again = shop.upload("/v1/BulkApi/Upload?type=BulkPayment", "text/csv", file).await.ok();
        let record = |job: Value| job["records"][0]["data"].clone();
        let full = async |job: &Value| shop.get(&format!("/v1/BulkApi/{}?view=Full", job["id"])).await.ok();
        assert_eq!(record(full(&again).await), record(full(&job).await));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_read_a_page_at_a_time_each_as_its_records_are_then() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let rows = (1..=1_200).map(|number| format!("{customer},Import,Cash,1,{number:05}\n"));
        let file = format!("customerId,source,paymentMethod,amount,reference\n{}", rows.collect::<String>());
        let job = shop.upload("/v1/BulkApi/Upload?type=BulkPayment", "text/csv", file).await.ok();
        let path = format!("/v1/BulkApi/Jobs/{}", job["id"]);
        while shop.get(&path).await.ok()["status"] != "Validated" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let answer = shop.begin(&format!("{path}/Results")).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
        let name = format!("attachment; filename=\"BulkPayment-{}-All.csv\"", job["id"]);
        assert_eq!((header("content-disposition"), header("x-content-type-options")), (name, "nosniff".to_owned()));
        let mut body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        // Nothing is held by a file that nobody reads on.
        shop.post(&format!("/v1/BulkApi/Cancel/{}", job["id"]), "").await.ok();
        let rest = body.collect().await.unwrap().to_bytes();
        let text = [first, rest].concat();
        let lines: Vec<_> = str::from_utf8(&text).unwrap().split_terminator("\r\n").skip(1).collect();
        assert_eq!(lines.len(), 1_200);
        for (line, number) in lines.iter().zip(1..) {
            let became =
                if number <= 500 { "PassedValidation," } else { "FailedProcessing,Manually marked as Failed." };
            assert_eq!(*line, format!("{customer},Import,Cash,1,{number:05},{became},,"));
        }
    })
    .await;
}

#[tokio::test]
async fn results_that_are_not_there_are_refused() {
    let bulk = Limits { records_kept_ms: Some(DAY_MS), ..Limits::default() };
    on_server(Config { bulk, ..config() }, async |server| {
        let shop = server.shop().await;
        let job = shop.upload("/v1/BulkApi/Upload?type=BulkWriteOff", "text/csv", "InvoiceId\n1\n").await.ok();
        let path = format!("/v1/BulkApi/Jobs/{}/Results", job["id"]);
        let text = "outcome must be one of All, Succeeded, Failed, Unprocessed.";
        shop.get(&format!("{path}?outcome=some")).await.assert_refused(400, text);
        shop.get(&format!("{path}?format=xlsx")).await.assert_refused(400, "format must be one of csv, jsonl.");
        shop.get("/v1/BulkApi/Jobs/7/Results").await.assert_refused(404, "AccountUpload with id 7 not found.");
        shop.post(&format!("/v1/BulkApi/Cancel/{}", job["id"]), "").await.ok();
        assert_eq!(shop.get(&path).await.status, 200);
        server.clock.advance_millis(DAY_MS);
        server.app.wake_workers();
        // The results themselves would break off when the records go while they are sent.
        let read = format!("/v1/BulkApi/Jobs/{}", job["id"]);
        while shop.get(&read).await.ok()["recordsDeletedTimestamp"].is_null() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let text = format!("The records of bulk job {} were deleted for their age.", job["id"]);
        shop.get(&path).await.assert_refused(404, &text);
    })
    .await;
}
