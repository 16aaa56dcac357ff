//! Single purchases: made, changed, split, and all drafts of a customer finalized.

use serde_json::{Value, json};
use testkit::{Client, Reply, TestServer, each_server};

const NOT_DRAFT: &str = "Only purchases in status Draft may be modified.";

async fn create(shop: &Client, customer: i64, product: i64, more: Value) -> Reply {
    let mut order = json!({ "customerId": customer, "productId": product, "name": "Purchase" });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shop.post("/v1/Purchases", order).await
}

async fn update(shop: &Client, id: i64, change: Value) -> Reply {
    let mut change = change;
    change["id"] = json!(id);
    shop.put("/v1/Purchases", change).await
}

async fn finalize(shop: &Client, customer: i64, purchase: i64) {
    let order = json!({ "customerId": customer, "purchaseIds": [purchase] });
    shop.post("/v1/Purchases/Purchase", order).await.ok();
}

/// How many events of this type there are about a purchase.
async fn events(server: &TestServer, event_type: &'static str, purchase: i64) -> i64 {
    let count = format!("SELECT COUNT(*) FROM event WHERE event_type = '{event_type}' AND subject_id = {purchase}");
    server.app.db().read(move |tx| tx.scalar::<i64>(&count, &[])).await.unwrap()
}

#[tokio::test]
async fn one_purchase_is_a_draft_in_the_full_form() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2.50").await);
        let created = create(&shop, customer, product, json!({ "quantity": 3, "autoPurchase": true })).await.ok();
        assert_eq!(created["status"], "Draft");
        assert_eq!((&created["amount"], &created["taxableAmount"]), (&json!(7.5), &json!(7.5)));
        let id = created["id"].as_i64().unwrap();
        assert_eq!(shop.get(&format!("/v1/Purchases/{id}")).await.ok(), created);
        assert_eq!(events(server, "PurchaseCreated", id).await, 1);

        let order = || json!({ "customerId": customer, "productId": product, "name": "x", "quantity": 3 });
        let stored = async || {
            shop.get(&format!("/v1/Customers/{customer}/Purchases")).await.header("x-count").map(str::to_owned)
        };
        let before = stored().await;
        let preview = shop.post("/v1/Purchases?preview=true", order()).await.ok();
        assert_eq!((&preview["status"], &preview["invoicePreview"]["total"]), (&json!("Draft"), &json!(7.5)));
        assert_eq!(stored().await, before, "a preview stores nothing");
        let created = shop.post("/v1/Purchases?view=sideEffects", order()).await.ok();
        assert_eq!(created["sideEffects"]["draftInvoices"][0]["total"], json!(7.5));
        assert_eq!(created["invoicePreview"], serde_json::Value::Null);
        assert_ne!(stored().await, before);
    })
    .await;
}

#[tokio::test]
async fn an_update_keeps_what_is_left_out_and_clears_what_is_null() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_service("P", "10").await);
        let earning = json!({ "earningInterval": "Monthly", "earningNumberOfIntervals": 3,
                              "earningTimingInterval": "Monthly", "earningTimingType": "StartOfInterval" });
        let details = json!({
            "quantity": 2, "description": "By hand", "netsuiteLocationId": "7", "earningSettings": earning,
            "overridePriceRanges": [{ "min": 0, "max": null, "amount": 8 }],
            "discounts": [{ "discountType": "Percentage", "amount": 50 }]
        });
        let created = create(&shop, customer, product, details).await.ok();
        let id = created["id"].as_i64().unwrap();
        assert_eq!(created["amount"], json!(8.0));

        server.clock.advance_millis(1_000);
        let kept = update(&shop, id, json!({})).await.ok();
        let mut expected = created.clone();
        expected["modifiedTimestamp"] = json!("2024-01-15T10:00:01");
        assert_eq!(kept, expected, "nothing was named, so nothing but the time is another");
        let sent_back = shop.put("/v1/Purchases", &created).await.ok();
        assert_eq!(sent_back, expected, "what was read can be written");

        let changed = update(
            &shop,
            id,
            json!({ "name": "Other", "quantity": 12, "pricingModelType": "Tiered",
                    "overridePriceRanges": [{ "min": 0, "max": 10, "amount": 5 }, { "min": 10, "max": null, "amount": 4 }] }),
        );
        let changed = changed.await.ok();
        assert_eq!((&changed["name"], &changed["amount"]), (&json!("Other"), &json!(29.0)), "half of 10·5 + 2·4");
        let volume = update(&shop, id, json!({ "pricingModelType": "Volume" })).await.ok();
        assert_eq!(volume["amount"], json!(24.0), "half of 12·4, with the ranges that it has");

        let cleared = json!({ "description": null, "earningSettings": null, "netsuiteLocationId": null,
                              "overridePriceRanges": null, "quantity": null, "name": null });
        let cleared = update(&shop, id, cleared).await.ok();
        for member in ["description", "earningSettings", "netsuiteLocationId"] {
            assert_eq!(cleared[member], Value::Null, "{member}");
        }
        assert_eq!((&cleared["name"], &cleared["quantity"]), (&json!("Other"), &json!(12.0)));
        assert_eq!((&cleared["pricingModelType"], &cleared["amount"]), (&json!("Standard"), &json!(60.0)));
        assert_eq!(events(server, "PurchaseUpdated", id).await, 5);
    })
    .await;
}

#[tokio::test]
async fn an_update_that_breaks_a_rule_changes_nothing() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let tracked = shop.create_tracked_product("T", "10").await;
        let plain = create(&shop, customer, product, json!({ "quantity": 2 })).await.id();
        let items = json!({ "productItems": [{ "reference": "a" }, { "reference": "b" }], "targetOrderQuantity": 3 });
        let counted = create(&shop, customer, tracked, items).await.id();
        let before = shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok();

        let tiers = json!([{ "min": 0, "max": 2, "amount": 5 }, { "min": 2, "max": null, "amount": 4 }]);
        let gap = json!([{ "min": 0, "max": 2, "amount": 5 }, { "min": 3, "max": null, "amount": 4 }]);
        let rows = [
            (plain, json!({ "name": " " }), "purchase.Name", "The Name field is required."),
            (
                plain,
                json!({ "name": "x".repeat(2001) }),
                "purchase.Name",
                "The field Name must be a string with a maximum length of 2000.",
            ),
            (
                plain,
                json!({ "description": "x".repeat(2001) }),
                "purchase.Description",
                "The field Description must be a string with a maximum length of 2000.",
            ),
            (
                plain,
                json!({ "quantity": -1 }),
                "purchase.Quantity",
                "Quantity must be a positive number and cannot exceed six decimal places",
            ),
            (
                plain,
                json!({ "targetOrderQuantity": 1 }),
                "purchase",
                "Target order quantity is only valid when tracking items.",
            ),
            (counted, json!({ "quantity": 3 }), "purchase", "Quantity is not valid when tracking items."),
            (
                plain,
                json!({ "overridePriceRanges": gap }),
                "purchase",
                "Price ranges must cover zero to infinity with no gaps.",
            ),
            (
                plain,
                json!({ "overridePriceRanges": tiers }),
                "purchase",
                "Standard pricing takes exactly one price range, from zero to infinity.",
            ),
            (
                plain,
                json!({ "earningSettings": { "earningTimingInterval": "Monthly" } }),
                "purchase.EarningSettings",
                "earningInterval and earningNumberOfIntervals are required for this earningTimingInterval.",
            ),
            (
                plain,
                json!({ "netsuiteLocationId": "x".repeat(101) }),
                "purchase.NetsuiteLocationId",
                "The field NetsuiteLocationId must be a string with a maximum length of 100.",
            ),
        ];
        for (purchase, change, key, value) in rows {
            update(&shop, purchase, change).await.assert_error(400, key, value);
        }
        shop.put("/v1/Purchases", "{}").await.assert_error(400, "purchase.Id", "The Id field is required.");
        update(&shop, 900_000_001, json!({})).await.assert_refused(404, "Purchase with id 900000001 not found.");
        assert_eq!(shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok(), before);

        for quantity in [json!(0), json!(2), json!(null)] {
            let kept = update(&shop, counted, json!({ "quantity": quantity })).await.ok();
            assert_eq!(kept["quantity"], json!(2.0), "items are counted, whatever is sent back");
        }
        finalize(&shop, customer, plain).await;
        update(&shop, plain, json!({ "name": "late" })).await.assert_refused(400, NOT_DRAFT);
    })
    .await;
}

#[tokio::test]
async fn a_split_leaves_the_items_and_waits_for_the_rest() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_tracked_product("T", "10").await);
        let order = |reference: &str, target: i64| {
            json!({
                "targetOrderQuantity": target, "description": "Routers", "netsuiteLocationId": "7",
                "overridePriceRanges": [{ "min": 0, "max": null, "amount": 8 }],
                "productItems": [{ "reference": format!("{reference}1") }, { "reference": format!("{reference}2") }],
                "discounts": [{ "discountType": "Amount", "amount": 1 }, { "discountType": "Percentage", "amount": 25 }]
            })
        };
        let split = async |id: i64, dont_split: bool| {
            shop.post("/v1/purchases/split", json!({ "purchaseId": id, "dontSplit": dont_split })).await
        };
        let list = format!("/v1/customers/{customer}/purchases");

        let lowered = create(&shop, customer, product, order("a", 5)).await.id();
        let answer = split(lowered, true).await.ok();
        assert_eq!((&answer["quantity"], &answer["targetOrderQuantity"]), (&json!(2.0), &json!(2.0)));
        assert_eq!(shop.get(&list).await.ok().as_array().unwrap().len(), 1);

        let original = create(&shop, customer, product, order("b", 5)).await.id();
        let answer = split(original, false).await.ok();
        assert_eq!(answer["id"], json!(original));
        assert_eq!((&answer["quantity"], &answer["targetOrderQuantity"]), (&json!(2.0), &json!(2.0)));
        assert_eq!(answer["amount"], json!(11.0), "16, less 1, less 4");
        let all = shop.get(&list).await.ok();
        let rest = &all.as_array().unwrap()[2];
        assert_eq!((&rest["quantity"], &rest["targetOrderQuantity"]), (&json!(0.0), &json!(3.0)));
        assert_eq!(
            (&rest["status"], &rest["amount"], &rest["productItems"]),
            (&json!("Draft"), &json!(0.0), &json!([]))
        );
        for member in ["productId", "name", "description", "netsuiteLocationId", "priceRanges", "pricingModelType"] {
            assert_eq!(rest[member], answer[member], "{member}");
        }
        let discounts = rest["discounts"].as_array().unwrap();
        assert_eq!((discounts.len(), &discounts[0]["discountType"]), (1, &json!("Percentage")));
        assert_eq!(events(server, "PurchaseCreated", rest["id"].as_i64().unwrap()).await, 1);
        assert_eq!(events(server, "PurchaseUpdated", original).await, 1);

        let rest = rest["id"].as_i64().unwrap();
        split(rest, false).await.assert_refused(400, "Purchases without product items cannot be split.");
        split(original, false).await.assert_refused(400, "Target order quantity has already been reached.");
        let plain = shop.create_product("P", "1").await;
        let plain = create(&shop, customer, plain, json!({ "quantity": 1 })).await.id();
        split(plain, false).await.assert_refused(400, "Only purchases with a target order quantity may be split.");
        finalize(&shop, customer, plain).await;
        split(plain, false).await.assert_refused(400, NOT_DRAFT);
        split(900_000_001, true).await.assert_refused(404, "Purchase with id 900000001 not found.");
        let missing = shop.post("/v1/purchases/split", "{}").await;
        missing.assert_error(400, "purchaseSplit.PurchaseId", "The PurchaseId field is required.");
    })
    .await;
}

#[tokio::test]
async fn drafts_of_a_customer_are_finalized_together_or_by_name() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let path = format!("/v1/customers/purchase/{customer}");
        let nothing = json!({ "invoicePreview": null, "additionalInvoicesForPreview": [] });
        assert_eq!(shop.post(&path, "").await.ok(), nothing, "there is nothing to charge");
        let mut drafts = Vec::new();
        for _ in 0..4 {
            drafts.push(shop.create_purchase(customer, product, 1).await);
        }
        let statuses = async || {
            let all = shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok();
            let statuses =
                all.as_array().unwrap().iter().map(|purchase| purchase["status"].as_str().unwrap().to_owned());
            statuses.collect::<Vec<_>>().join(" ")
        };
        for untouched in [json!({ "specificPurchaseIds": [] }), json!({ "specificSubscriptionIds": [] })] {
            assert_eq!(shop.post(&path, untouched).await.ok(), nothing);
        }
        let preview = shop.post(&path, json!({ "preview": true })).await.ok();
        assert_eq!(preview["invoicePreview"]["draftCharges"].as_array().map(Vec::len), Some(4));
        let subscription = json!({ "specificSubscriptionIds": [900_000_001], "specificPurchaseIds": [drafts[0]] });
        shop.post(&path, subscription).await.assert_refused(404, "Subscription with id 900000001 not found.");
        let unknown = json!({ "specificPurchaseIds": [drafts[0], 900_000_001] });
        shop.post(&path, unknown).await.assert_refused(404, "Purchase with id 900000001 not found.");
        assert_eq!(statuses().await, "Draft Draft Draft Draft");

        assert_eq!(shop.post(&path, json!({ "specificPurchaseIds": [drafts[2]] })).await.ok(), nothing);
        assert_eq!(statuses().await, "Draft Draft Purchased Draft");
        assert_eq!(shop.post(&path, "").await.ok(), nothing);
        assert_eq!(statuses().await, "Purchased Purchased Purchased Purchased");
        let invoices = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
        let charges: Vec<_> =
            invoices.as_array().unwrap().iter().map(|invoice| invoice["charges"].as_array().unwrap().len()).collect();
        assert_eq!(charges, [1, 3]);

        let draft = shop.create_draft_customer().await;
        let refused = shop.post(&format!("/v1/customers/purchase/{draft}"), "").await;
        refused.assert_refused(400, "Customer is in status Draft and cannot make purchases.");
        let unknown = shop.post("/v1/customers/purchase/900000001", "").await;
        unknown.assert_refused(404, "Customer with id 900000001 not found.");
    })
    .await;
}
