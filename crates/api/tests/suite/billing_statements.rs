//! Statements over the wire: figures, groups, tracked items, files, and what is wrong with an order.

use serde_json::{Value, json};
use testkit::{Client, each_server};

const GENERATE: &str = "/v1/billingStatements/generate";
const GROUPED: &str = "/v1/billingStatements/bySubscription/generate";
const SUMMARY: &str = "/v1/billingStatementSummary/pdf";

/// A customer who bought two tracked items and one thing, and paid a part.
async fn trade(shop: &Client) -> i64 {
    let customer = shop.create_customer().await;
    let tracked = shop.create_tracked_product("ROUTER", "40").await;
    let items = json!([{ "reference": "SN-1", "name": "Core" }, { "reference": "SN-2" }]);
    let order = json!({ "customerId": customer, "productId": tracked, "name": "Routers", "productItems": items });
    shop.post("/v1/purchases", order).await.ok();
    shop.post(&format!("/v1/customers/purchase/{customer}"), "").await.ok();
    let plain = shop.create_product("PLAIN", "10").await;
    shop.create_invoice(customer, plain, 1).await;
    let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Check", "amount": 100,
                          "reference": "chk 91", "autoAllocate": true });
    shop.post("/v1/payments", payment).await.ok();
    customer
}

fn order(customer: i64, more: &Value) -> Value {
    let mut order = json!({ "customerId": customer, "startDate": "2020-01-01", "endDate": "2040-01-01" });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order
}

fn display(place: &str) -> Value {
    json!({ "trackedItemDisplay": {
        "trackedItemDisplayFormat": place, "showTrackedItemName": true, "showTrackedItemReference": true,
        "showTrackedItemDescription": true, "showTrackedItemCreatedDate": false } })
}

fn references(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["reference"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_statement_runs_from_balance_to_balance() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = trade(&shop).await;
        let told = shop.post(GENERATE, order(customer, &json!({}))).await.ok();
        let figures = ["openingBalance", "totalDebits", "totalCredits", "closingBalance", "unappliedAmount"];
        assert_eq!(figures.map(|name| told[name].as_f64().unwrap().to_string()), ["0", "90", "100", "-10", "10"]);
        let rows: Vec<_> = told["transactions"].as_array().unwrap().iter().collect();
        let told_of = |row: &&Value| (row["transactionType"].as_str().unwrap().to_owned(), row["balance"].to_string());
        let expected = [("Charge", "80.0"), ("Charge", "90.0"), ("Payment", "-10.0")];
        let expected = expected.map(|(kind, balance)| (kind.to_owned(), balance.to_owned()));
        assert_eq!(rows.iter().map(told_of).collect::<Vec<_>>(), expected);
        assert_eq!((rows[2]["manualReference"].as_str(), &rows[0]["trackedItems"]), (Some("chk 91"), &Value::Null));
        let before = json!({ "customerId": customer, "startDate": "2019-01-01", "endDate": "2020-01-01" });
        assert_eq!(shop.post(GENERATE, before).await.ok()["transactions"], json!([]));
        let bare = shop
            .send(
                "POST",
                "/v1//BillingStatements/generate/",
                &format!(
                    "{{customerID:{customer},startDate:'2020-01-01',endDate:'2040-01-01',trackedItemDisplay:null}}"
                ),
            )
            .await;
        assert_eq!(bare.ok(), told, "as the original's samples spell it");
    })
    .await;
}

#[tokio::test]
async fn groups_are_purchases_and_what_is_about_none() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = trade(&shop).await;
        let told = shop.post(GROUPED, order(customer, &display("Inline"))).await.ok();
        let groups = told["groups"].as_array().unwrap();
        let totals: Vec<_> = groups.iter().map(|group| group["total"].to_string()).collect();
        assert_eq!(totals, ["80.0", "10.0", "-100.0"]);
        assert_eq!((groups[0]["name"].as_str(), &groups[2]["name"]), (Some("Routers"), &Value::Null));
        assert!(groups[0]["purchaseId"].is_i64() && groups[2]["purchaseId"].is_null());
        assert_eq!(references(&groups[0]["transactions"][0]["trackedItems"]), ["SN-1", "SN-2"]);
        assert_eq!(
            (references(&groups[1]["transactions"][0]["trackedItems"]).len(), &told["trackedItems"]),
            (0, &Value::Null)
        );
    })
    .await;
}

#[tokio::test]
async fn tracked_items_are_shown_as_far_as_they_are_asked_for() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = trade(&shop).await;
        let told = shop.post(GENERATE, order(customer, &display("separatePage"))).await.ok();
        assert_eq!(told["transactions"][0]["trackedItems"], Value::Null);
        assert_eq!(references(&told["trackedItems"]), ["SN-1", "SN-2"]);
        let first = &told["trackedItems"][0];
        assert_eq!((first["name"].as_str(), &first["createdDate"]), (Some("Core"), &Value::Null));
        let mut nameless = display("SeparatePage");
        let flags = nameless["trackedItemDisplay"].as_object_mut().unwrap();
        flags.remove("trackedItemDisplayFormat");
        flags.insert("showTrackedItemName".to_owned(), json!(false));
        let told = shop.post(GENERATE, order(customer, &nameless)).await.ok();
        assert_eq!((references(&told["trackedItems"]).len(), &told["trackedItems"][0]["name"]), (2, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn the_summary_is_a_file_and_nothing_is_written() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = trade(&shop).await;
        let keyed = shop.with("idempotency-key", "a key");
        let file = keyed.post(SUMMARY, order(customer, &json!({}))).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
        let name = file.header("content-disposition").unwrap();
        assert!(name.starts_with(&format!("inline; filename=\"Statement-{customer}-to-")), "{name}");
        assert!(file.body.starts_with(b"%PDF-"));
        let with_items = shop.post(SUMMARY, order(customer, &display("SeparatePage"))).await;
        assert!(with_items.body.len() > file.body.len());
        let again = keyed.post(GENERATE, order(customer, &json!({}))).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, None), "no effect has that name");
        let looked_at = shop.post(&format!("{GENERATE}?preview=true"), order(customer, &json!({}))).await;
        assert_eq!(looked_at.status, 200, "nothing happens either way");
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_an_order_is_told_at_once() {
    each_server(async |server| {
        let shop = server.shop().await;
        for path in [GENERATE, GROUPED, SUMMARY] {
            let unknown = order(17, &json!({}));
            shop.post(path, unknown).await.assert_refused(404, "Customer with id 17 not found.");
            let refused = shop.post(path, json!({ "trackedItemDisplay": { "showTrackedItemName": true } })).await;
            assert_eq!(refused.status, 400);
            let told = refused.json();
            let keys = told["Errors"].as_array().unwrap().iter().map(|error| error["Key"].as_str().unwrap());
            let of = |name: &str| format!("billingStatement.{name}");
            let expected = [
                "CustomerId",
                "StartDate",
                "EndDate",
                "TrackedItemDisplay.ShowTrackedItemReference",
                "TrackedItemDisplay.ShowTrackedItemDescription",
                "TrackedItemDisplay.ShowTrackedItemCreatedDate",
            ];
            assert_eq!(keys.collect::<Vec<_>>(), expected.map(of));
            let empty = json!({ "customerId": 17, "startDate": "2024-02-01", "endDate": "2024-02-01" });
            let refused = shop.post(path, empty).await;
            assert!(refused.text().contains("EndDate must be later than StartDate."), "{}", refused.text());
        }
    })
    .await;
}
