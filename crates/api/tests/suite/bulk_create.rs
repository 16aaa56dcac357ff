//! `POST /v1/Purchases/BulkCreate` as the seed's page shows it, byte for byte.

use serde_json::{Value, json};
use testkit::{Client, Redaction, each_server, fixtures};

async fn described_product(shop: &Client) -> i64 {
    let mut product = fixtures::product("CABLE", "1");
    product["description"] = json!("Patch cable");
    shop.post("/v1/products", product).await.id()
}

/// A draft of the answer, as the seed prints it; ids and links stand for themselves.
const DRAFT: &str = r#"{"productId":#product,"name":"NAME","description":"Patch cable","status":"Draft","quantity":0.0,"targetOrderQuantity":null,"isTrackingItems":false,"pricingModelType":"Standard","customFields":[],"discounts":[],"priceRanges":[{"min":0.000000,"max":null,"amount":1.000000}],"productItems":[],"couponCodes":[],"earningSettings":null,"id":#ID,"uri":"https://billing.test/v1/Purchases/#ID"}"#;

#[tokio::test]
async fn two_drafts_are_answered_as_in_the_sample() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, described_product(&shop).await);
        let body = format!(
            "{{customerId:{customer},autoPurchase:false,purchases:[{{productId:{product},name:'purchase1'}},{{productId:{product},name:'purchase2'}}]}}"
        );
        let reply = shop.post("/v1/Purchases/BulkCreate", body).await;
        assert_eq!(reply.status, 200);
        let mut redaction = Redaction::default();
        redaction.name(customer, "customer");
        redaction.name(product, "product");
        let created = reply.ok();
        for (purchase, name) in [(0, "one"), (1, "two")] {
            redaction.name(created["purchases"][purchase]["id"].as_i64().unwrap(), name);
        }
        let one = DRAFT.replace("NAME", "purchase1").replace("#ID", "#one");
        let two = DRAFT.replace("NAME", "purchase2").replace("#ID", "#two");
        assert_eq!(redaction.text(reply.text()), format!(r#"{{"customerId":#customer,"purchases":[{one},{two}]}}"#));
    })
    .await;
}

#[tokio::test]
async fn a_tracked_product_takes_no_quantity_and_nothing_is_stored() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let tracked = shop.create_tracked_product("T", "1").await;
        let plain = shop.create_product("P", "1").await;
        let text = "Quantity is not valid when tracking items.";
        let body = json!({ "customerId": customer, "purchases": [{ "productId": tracked, "name": "a", "quantity": 2 }] });
        let reply = shop.post("/v1/Purchases/BulkCreate", body).await;
        assert_eq!(
            reply.text(),
            format!(
                r#"{{"ErrorId":0,"HttpStatusCode":400,"Errors":[{{"Key":"bulkPurchase.Purchases[0]","Value":"{text}"}}]}}"#
            )
        );
        assert_eq!(reply.status, 400);

        let body = json!({ "customerId": customer, "purchases": [
            { "productId": plain, "name": "good" },
            { "productId": tracked, "name": "bad", "quantity": 1 },
            { "productId": tracked, "name": "good", "quantity": 0 },
            { "productId": tracked, "name": "bad", "quantity": 0.5 }
        ]});
        let reply = shop.post("/v1/Purchases/BulkCreate", body).await;
        let key = |index| (format!("bulkPurchase.Purchases[{index}]"), text.to_owned());
        assert_eq!(reply.errors(), [key(1), key(3)]);
        let stored = shop.get(&format!("/v1/customers/{customer}/purchases")).await;
        assert_eq!((stored.text(), stored.header("x-maxcount")), ("[]", Some("0")));
    })
    .await;
}

#[tokio::test]
async fn auto_purchase_charges_everything_on_one_invoice() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2.50").await);
        let body = json!({ "customerId": customer, "autoPurchase": true, "purchases": [
            { "productId": product, "name": "a", "quantity": 2 },
            { "productId": product, "name": "b", "quantity": 1 }
        ]});
        let created = shop.post("/v1/Purchases/BulkCreate", body).await.ok();
        let statuses: Vec<&Value> =
            created["purchases"].as_array().unwrap().iter().map(|purchase| &purchase["status"]).collect();
        assert_eq!(statuses, ["Purchased", "Purchased"]);
        let invoices = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
        assert_eq!(invoices.as_array().unwrap().len(), 1);
        assert_eq!(invoices[0]["charges"].as_array().unwrap().len(), 2);
        assert_eq!(invoices[0]["invoiceAmount"], json!(7.5));
    })
    .await;
}

#[tokio::test]
async fn one_bad_purchase_stores_none_and_all_problems_are_told() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let body = json!({ "customerId": customer, "autoPurchase": true, "purchases": [
            { "productId": product, "name": "good", "quantity": 1 },
            { "productId": product, "name": "", "quantity": -1 },
            { "name": "x".repeat(2001) }
        ]});
        let reply = shop.post("/v1/Purchases/BulkCreate", body).await;
        let keys: Vec<String> = reply.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            [
                "bulkPurchase.Purchases[1].Name",
                "bulkPurchase.Purchases[1].Quantity",
                "bulkPurchase.Purchases[2].ProductId",
                "bulkPurchase.Purchases[2].Name",
            ]
        );
        assert_eq!(shop.get(&format!("/v1/customers/{customer}/purchases")).await.text(), "[]");
        assert_eq!(shop.get("/v1/invoices").await.text(), "[]");
    })
    .await;
}
