//! Every type of file from its template to its effect: filled, uploaded, validated, processed, seen where the API shows it, and told
//! by the file of results.

mod customers;
mod money;

use serde_json::{Value, json};
use testkit::{Client, on_server, server::config};

/// The types that the stories here are about.
const TOLD: &[&str] = &[
    "BulkPayment",
    "BulkWriteOff",
    "CreatePurchaseProductItem",
    "CustomerActivationImport",
    "CustomerDraftCancelImport",
    "CustomerImport",
    "CustomerImportBasic",
    "CustomerImportEdit",
    "DeletePaymentMethods",
    "MovePaymentMethods",
    "OpeningBalanceImport",
    "OpeningDeferredRevenueBalance",
    "PaymentImport",
    "PurchaseActivationImport",
    "PurchaseImport",
];

/// Where the wrong row of a file is: between good ones, where there are several.
const WRONG: usize = 1;

/// What a row has in its columns; nothing in the others.
type Row = Vec<(&'static str, String)>;

fn row<const N: usize>(cells: [(&'static str, &dyn ToString); N]) -> Row {
    cells.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

/// The text of a cell, with quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The head of an empty file of a type.
async fn template(shop: &Client, job_type: &str) -> String {
    let templates = shop.get(&format!("/v1/BulkApi/Templates?type={job_type}")).await.ok();
    templates[0]["csv"].as_str().unwrap().to_owned()
}

/// A template with rows below its head, and one after the first of which every cell is wrong.
fn filled(template: &str, rows: &[Row]) -> String {
    let names: Vec<&str> = template.trim_end().split(',').collect();
    let line = |row: &Row| {
        assert!(row.iter().all(|(name, _)| names.contains(name)), "{row:?} in {names:?}");
        let cell = |name: &&str| row.iter().find(|(of, _)| of == name).map_or(String::new(), |(_, text)| quoted(text));
        names.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
    };
    let mut lines: Vec<_> = rows.iter().map(line).collect();
    lines.insert(WRONG, vec!["?"; names.len()].join(",") + "\r\n");
    template.to_owned() + &lines.concat()
}

/// Uploads a file, has it processed, and reads what became of each record.
async fn run(shop: &Client, path: &str, file: &str) -> (Value, Vec<Value>) {
    let job = shop.upload(path, "text/csv", file.to_owned()).await.ok();
    assert_eq!(job["status"], "ValidatedWithErrors", "{job}");
    let done = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
    assert_eq!(done["status"], "Processed", "{done}");
    (
        done,
        results(shop, &job["id"], "format=jsonl")
            .await
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

async fn results(shop: &Client, job: &Value, query: &str) -> String {
    let reply = shop.get(&format!("/v1/BulkApi/Jobs/{job}/Results?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text().to_owned()
}

/// Sends rows by the file of their type, as a trial first: the results of all that were applied, which are all but the wrong one.
async fn import(shop: &Client, job_type: &str, rows: &[Row]) -> Vec<Value> {
    let template = template(shop, job_type).await;
    let file = filled(&template, rows);
    let path = format!("/v1/BulkApi/Upload?type={job_type}");
    let (_, mut tried) = run(shop, &format!("{path}&dryRun=true"), &file).await;
    let (job, mut told) = run(shop, &path, &file).await;
    let count = rows.len();
    assert_eq!((&job["type"], &job["totalRecords"]), (&json!(job_type), &json!(count + 1)));
    assert_eq!((&job["failedRecords"], &job["processedRecords"]), (&json!(1), &json!(count)));

    let failed = results(shop, &job["id"], "outcome=failed").await;
    let head = format!("{},Status,Details,CreatedId,AmountMoved\r\n", template.trim_end());
    let wrong = failed.strip_prefix(&head).unwrap_or_else(|| panic!("{failed}"));
    assert!(wrong.starts_with('?') && wrong.contains(",FailedValidation,"), "{wrong}");
    let mut applied = told.clone();
    applied.remove(WRONG);
    for result in &applied {
        assert_eq!((&result["status"], &result["details"]), (&json!("Processed"), &Value::Null));
    }
    // The trial tells the same of every record, but that it has created nothing.
    for result in tried.iter_mut().chain(&mut told) {
        result["createdId"].take();
    }
    assert_eq!(tried, told);
    applied
}

/// Reads what a record created.
async fn created(shop: &Client, what: &str, result: &Value) -> Value {
    assert!(result["createdId"].is_i64(), "{result}");
    shop.get(&format!("/v1/{what}/{}", result["createdId"])).await.ok()
}

/// What a customer owes.
async fn balance(shop: &Client, customer: i64) -> Value {
    shop.get(&format!("/v1/customers/{customer}/overview")).await.ok()["arBalance"].clone()
}

#[tokio::test]
async fn every_type_of_file_has_its_story() {
    on_server(config(), async |server| {
        let templates = server.shop().await.get("/v1/BulkApi/Templates").await.ok();
        let mut types: Vec<&str> =
            templates.as_array().unwrap().iter().map(|template| template["type"].as_str().unwrap()).collect();
        types.sort_unstable();
        assert_eq!(types, TOLD);
    })
    .await;
}
