//! Tracked items: what they do to their purchase, and that a reference is held by one of them at a time.

use app::accounts::create;
use calendar::Zone;
use money::Currency;
use serde_json::{Value, json};
use testkit::{Client, Reply, TestServer, each_server};
use tokio::task::JoinSet;

const ITEMS: &str = "/v1/purchaseProductItems";
const NOT_DRAFT: &str = "Only purchases in status Draft may be modified.";

fn in_use(reference: &str) -> String {
    format!("Reference {reference} is already in use for this product.")
}

/// A draft of a tracked product with these items.
async fn draft(shop: &Client, customer: i64, product: i64, references: &[&str]) -> Reply {
    let items: Vec<Value> = references.iter().map(|reference| json!({ "reference": reference })).collect();
    let order = json!({ "customerId": customer, "productId": product, "name": "Routers", "productItems": items });
    shop.post("/v1/Purchases", order).await
}

async fn add(shop: &Client, purchase: i64, reference: &str) -> Reply {
    shop.post(ITEMS, json!({ "purchaseId": purchase, "reference": reference })).await
}

async fn finalize(shop: &Client, customer: i64) {
    shop.post(&format!("/v1/customers/purchase/{customer}"), "").await.ok();
}

/// The owner of a new account that lets references be used again.
async fn reusing_shop(server: &TestServer) -> Client {
    let order = create::Order {
        name: "Shop".to_owned(),
        currency: Currency::USD,
        zone: Zone::utc(),
        may_write_off: false,
        may_reuse_references: true,
        drafts_invoices: false,
    };
    let (key, now) = (api::key_of(&"s".repeat(64)), server.app.now());
    let own = key.clone();
    server.app.db().write(move |tx| create::run(tx, &order, &own, now)).await.unwrap();
    server.client(&key)
}

#[tokio::test]
async fn quantity_and_amount_follow_the_items() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        let purchase = draft(&shop, customer, product, &[]).await.id();
        let held = async || {
            let read = shop.get(&format!("/v1/Purchases/{purchase}")).await.ok();
            let references: Vec<_> =
                read["productItems"].as_array().unwrap().iter().map(|i| i["reference"].clone()).collect();
            (read["quantity"].clone(), read["amount"].clone(), json!(references))
        };
        assert_eq!(held().await, (json!(0.0), json!(0.0), json!([])));
        let item = json!({ "purchaseId": purchase, "reference": 1234, "name": "Router", "description": "Black" });
        let first = shop.post(ITEMS, item).await.ok();
        let id = first["id"].as_i64().unwrap();
        assert_eq!(shop.get(&format!("{ITEMS}/{id}")).await.ok(), first);
        assert_eq!((&first["reference"], &first["purchaseId"]), (&json!("1234"), &json!(purchase)));
        add(&shop, purchase, "b").await.ok();
        assert_eq!(held().await, (json!(2.0), json!(20.0), json!(["1234", "b"])));

        server.clock.advance_millis(1_000);
        assert_eq!(shop.delete(&format!("{ITEMS}/{id}")).await.status, 204);
        assert_eq!(held().await, (json!(1.0), json!(10.0), json!(["b"])));
        let deleted = shop.get(&format!("{ITEMS}/{id}")).await.ok();
        assert_eq!((&deleted["status"], &deleted["modifiedDate"]), (&json!("Deleted"), &json!("2024-01-15T10:00:01")));
        let gone = "Only product items in status Active may be modified.";
        shop.delete(&format!("{ITEMS}/{id}")).await.assert_refused(400, gone);
        shop.put(ITEMS, json!({ "id": id, "reference": "x" })).await.assert_refused(400, gone);
        add(&shop, purchase, "1234").await.ok();
        assert_eq!(held().await.0, json!(2.0), "a deleted item does not hold its reference");

        assert_eq!(shop.delete(&format!("/v1/Purchases/{purchase}")).await.status, 204);
        assert_eq!(shop.get("/v1/ProductItems").await.text(), "[]", "items go with their draft");
        shop.get(&format!("{ITEMS}/{id}")).await.assert_refused(404, &format!("ProductItem with id {id} not found."));
    })
    .await;
}

#[tokio::test]
async fn items_are_added_to_and_removed_from_tracked_drafts_only() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        let plain = shop.create_product("P", "1").await;
        let plain = shop.create_purchase(customer, plain, 1).await;
        add(&shop, plain, "a").await.assert_refused(400, "Product items are only valid when tracking items.");
        add(&shop, 900_000_001, "a").await.assert_refused(404, "Purchase with id 900000001 not found.");
        let unknown = "ProductItem with id 900000001 not found.";
        shop.delete(&format!("{ITEMS}/900000001")).await.assert_refused(404, unknown);
        shop.put(ITEMS, json!({ "id": 900_000_001, "reference": "a" })).await.assert_refused(404, unknown);

        let created = draft(&shop, customer, product, &["a", "b"]).await.ok();
        let (purchase, a) = (created["id"].as_i64().unwrap(), created["productItems"][0]["id"].as_i64().unwrap());
        finalize(&shop, customer).await;
        add(&shop, purchase, "c").await.assert_refused(400, NOT_DRAFT);
        shop.delete(&format!("{ITEMS}/{a}")).await.assert_refused(400, NOT_DRAFT);
        let edited = json!({ "id": a, "reference": "z", "name": "New" });
        assert_eq!(shop.put(ITEMS, edited).await.ok()["reference"], "z", "text is edited in any status");
        let taken = shop.put(ITEMS, json!({ "id": a, "reference": "b" })).await;
        taken.assert_error(400, "purchaseProductItem.Reference", &in_use("b"));
        let same = shop.put(ITEMS, json!({ "id": a, "reference": "z" })).await.ok();
        assert_eq!(same["name"], Value::Null, "what is left out becomes null");

        let long = json!({ "reference": "x".repeat(256), "name": "x".repeat(101), "description": "x".repeat(256) });
        let text = |name: &str, max: i64| format!("The field {name} must be a string with a maximum length of {max}.");
        let expected = |id: &str| {
            let key = |name: &str| format!("purchaseProductItem.{name}");
            vec![
                (key(id), format!("The {id} field is required.")),
                (key("Reference"), text("Reference", 255)),
                (key("Name"), text("Name", 100)),
                (key("Description"), text("Description", 255)),
            ]
        };
        assert_eq!(shop.post(ITEMS, &long).await.errors(), expected("PurchaseId"));
        assert_eq!(shop.put(ITEMS, &long).await.errors(), expected("Id"));
        let wrong = shop.post(ITEMS, json!({ "purchaseId": "x", "reference": ["a"], "name": {} })).await;
        let keys: Vec<_> = wrong.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["PurchaseId", "Reference", "Name"].map(|name| format!("purchaseProductItem.{name}")));
    })
    .await;
}

#[tokio::test]
async fn items_are_found_by_what_they_belong_to() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        let other = shop.create_tracked_product("U", "1").await;
        let created = draft(&shop, customer, product, &["a", "b"]).await.ok();
        let purchase = created["id"].as_i64().unwrap();
        finalize(&shop, customer).await;
        draft(&shop, customer, other, &["c", "d"]).await.ok();
        let last = shop.get("/v1/ProductItems?query=reference:d").await.ok()[0]["id"].clone();
        shop.delete(&format!("{ITEMS}/{last}")).await;
        for (query, expected) in [
            ("", "a b c d"),
            (&format!("customerId:{customer}"), "a b c d"),
            (&format!("productId:{product}"), "a b"),
            (&format!("purchaseId:{purchase}"), "a b"),
            ("status:Deleted", "d"),
            ("status:Active", "a b c"),
            ("reference:B", "b"),
            ("name:[empty]", "a b c d"),
            ("createdTimestamp:2024-01-15|2024-01-16", "a b c d"),
            ("modifiedTimestamp:|2024-01-15", ""),
            ("Product.Code:U", "c d"),
            ("Product.Name:Product T", "a b"),
            ("Purchase.Status:Purchased", "a b"),
            ("Purchase.PurchaseTimestamp:2024-01-15|", "a b"),
            ("Purchase.Name:Rout*", "a b c d"),
            ("Customer.Status:Draft", ""),
            ("Customer.LastName:Lovelace;Customer.CurrencyId:24", "a b c d"),
            ("Customer.AccountStatus:Good;Customer.Arbalance:20", "a b c d"),
        ] {
            let reply = shop.get(&format!("/v1/ProductItems?query={}", query.replace(' ', "%20"))).await;
            let found = reply.ok();
            let found: Vec<_> =
                found.as_array().unwrap().iter().map(|item| item["reference"].as_str().unwrap()).collect();
            assert_eq!(found.join(" "), expected, "{query}");
        }
        let newest = "/v1/ProductItems?sortExpression=Product.Code&sortOrder=Descending&pageSize=1";
        assert_eq!(shop.get(newest).await.ok()[0]["reference"], "c");
    })
    .await;
}

#[tokio::test]
async fn of_a_thousand_who_want_a_reference_one_has_it() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = shop.create_tracked_product("T", "10").await;
        let (mut customers, mut drafts) = (Vec::new(), Vec::new());
        for _ in 0..10 {
            let customer = shop.create_customer().await;
            customers.push(customer);
            drafts.push(draft(&shop, customer, product, &[]).await.id());
        }
        let mut calls = JoinSet::new();
        for number in 0..1_000 {
            let (shop, customer, purchase) = (shop.clone(), customers[number % 10], drafts[number % 10]);
            calls.spawn(async move {
                if number % 20 < 10 {
                    draft(&shop, customer, product, &["only"]).await
                } else {
                    add(&shop, purchase, "only").await
                }
            });
        }
        let mut winners = 0;
        while let Some(reply) = calls.join_next().await {
            let reply = reply.unwrap();
            if reply.status == 200 {
                winners += 1;
            } else {
                assert_eq!((reply.status, &reply.errors()[0].1), (400, &in_use("only")));
            }
        }
        assert_eq!(winners, 1);
        let holders = shop.get("/v1/ProductItems").await;
        assert_eq!(holders.header("x-maxcount"), Some("1"), "{}", holders.text());
    })
    .await;
}

#[tokio::test]
async fn a_reference_is_unique_in_its_product_and_account() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        draft(&shop, customer, product, &["a"]).await.ok();
        let taken = draft(&shop, customer, product, &["b", "a"]).await;
        taken.assert_error(400, "purchase", &in_use("a"));
        let twice = draft(&shop, customer, product, &["b", "b"]).await;
        twice.assert_error(400, "purchase", &in_use("b"));
        finalize(&shop, customer).await;
        draft(&shop, customer, product, &["a"]).await.assert_error(400, "purchase", &in_use("a"));

        let other = shop.create_tracked_product("U", "10").await;
        draft(&shop, customer, other, &["a"]).await.ok();
        let stranger = server.shop().await;
        let (customer, product) = (stranger.create_customer().await, stranger.create_tracked_product("T", "1").await);
        draft(&stranger, customer, product, &["a"]).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_reference_may_be_used_again_when_its_purchases_are_finalized() {
    each_server(async |server| {
        let shop = reusing_shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        let sold = draft(&shop, customer, product, &["a", "b"]).await.ok();
        draft(&shop, customer, product, &["a"]).await.assert_error(400, "purchase", &in_use("a"));
        finalize(&shop, customer).await;

        let again = draft(&shop, customer, product, &["a"]).await.id();
        draft(&shop, customer, product, &["a"]).await.assert_error(400, "purchase", &in_use("a"));
        let item = sold["productItems"][1]["id"].as_i64().unwrap();
        let edit = shop.put(ITEMS, json!({ "id": item, "reference": "a" })).await;
        edit.assert_error(400, "purchaseProductItem.Reference", &in_use("a"));
        finalize(&shop, customer).await;
        assert_eq!(shop.get(&format!("/v1/Purchases/{again}")).await.ok()["status"], "Purchased");
        add(&shop, draft(&shop, customer, product, &["b"]).await.id(), "a").await.ok();

        let sold = sold["id"].as_i64().unwrap();
        let read = shop.get(&format!("/v1/Purchases/{sold}")).await.ok();
        assert_eq!(read["productItems"].as_array().unwrap().len(), 2, "what was sold stays as it was sold");
        let holders = shop.get("/v1/ProductItems?query=reference:a;status:Active").await;
        assert_eq!(holders.header("x-count"), Some("3"));
    })
    .await;
}
