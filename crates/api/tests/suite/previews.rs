//! What previews and side effects show: prices for nobody in particular, taxes of any place, and the parts of tiered prices.

use serde_json::{Value, json};
use testkit::{Client, each_server, fixtures};

/// A product of two tiers, which costs as much in euros as in dollars and ten more.
async fn tiered(shop: &Client) -> i64 {
    let mut product = fixtures::product("T", "1");
    let range = |min: i64, max: Option<i64>, amount: i64| {
        let prices =
            [("USD", amount), ("EUR", amount + 10)].map(|(code, amount)| json!({ "amount": amount, "currency": code }));
        json!({ "min": min, "max": max, "prices": prices })
    };
    product["orderToCashCycle"]["pricingModel"] =
        json!({ "pricingModelType": "Tiered", "quantityRanges": [range(0, Some(2), 5), range(2, None, 3)] });
    shop.post("/v1/products", product).await.id()
}

async fn tax(shop: &Client, name: &str, percentage: i64, country: i64, state: Option<&str>) {
    let rate = json!({ "name": name, "percentage": percentage, "countryId": country, "stateId": state });
    shop.post("/v1/taxRates", rate).await.id();
}

fn figures(preview: &Value) -> Value {
    let lines = preview["draftCharges"].as_array().unwrap().iter();
    let lines: Vec<_> =
        lines.map(|line| json!([line["quantity"], line["unitPrice"], line["amount"], line["taxableAmount"]])).collect();
    json!([lines, preview["totalTaxes"], preview["total"]])
}

#[tokio::test]
async fn what_a_preview_shows_does_not_exist() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let mut tracked = fixtures::product("TRACKED", "1");
        tracked["isTrackingItems"] = json!(true);
        let tracked = shop.post("/v1/products", tracked).await.id();
        let discounts = json!([{ "discountType": "Percentage", "amount": 10 }]);
        let purchase = json!({ "productId": tracked, "name": "x", "discounts": discounts, "productItems": [{ "reference": "A" }] });
        let bulk = json!({ "customerId": customer, "purchases": [purchase.clone()] });
        let mut single = purchase;
        single["customerId"] = json!(customer);
        let shown = shop.post("/v1/Purchases/BulkCreate?preview=true", bulk.clone()).await.ok()["purchases"][0].clone();
        for shown in [shown, shop.post("/v1/Purchases?preview=true", single).await.ok()] {
            for thing in [&shown, &shown["discounts"][0], &shown["productItems"][0]] {
                assert_eq!((&thing["id"], &thing["uri"]), (&json!(0), &Value::Null), "{thing}");
            }
            assert_eq!((&shown["discounts"][0]["purchaseId"], &shown["productItems"][0]["purchaseId"]), (&json!(0), &json!(0)));
        }
        let made = shop.post("/v1/Purchases/BulkCreate", bulk).await.ok()["purchases"][0].clone();
        for thing in [&made, &made["discounts"][0], &made["productItems"][0]] {
            assert!(thing["uri"].as_str().unwrap().ends_with(&format!("/{}", thing["id"])), "{thing}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_preview_needs_no_customer() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = tiered(&shop).await;
        tax(&shop, "GST", 5, 124, None).await;
        tax(&shop, "PST", 7, 124, Some("BC")).await;
        let customers = shop.get("/v1/customers").await.ok();
        let body = |more: Value| {
            let mut body = json!({ "productId": product, "name": "x", "quantity": 3 });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let preview = async |query: &str, more: Value| {
            shop.post(&format!("/v1/Purchases?preview=true{query}"), body(more)).await
        };
        let address = |state: &str| json!({ "line1": "1 Main St", "city": "V", "postalZip": "V5", "countryId": 124, "stateId": state });

        let shown = preview("", json!({})).await.ok();
        assert_eq!((&shown["customerId"], &shown["amount"]), (&json!(0), &json!(13.0)));
        let untaxed = json!([[[2.0, 5.0, 10.0, 10.0], [1.0, 3.0, 3.0, 3.0]], 0.0, 13.0]);
        assert_eq!(figures(&shown["invoicePreview"]), untaxed);
        let euros = preview("&currency=EUR", json!({ "taxationAddress": address("BC") })).await.ok();
        let taxed = json!([[[2.0, 15.0, 30.0, 30.0], [1.0, 13.0, 13.0, 13.0]], 5.16, 48.16]);
        assert_eq!(figures(&euros["invoicePreview"]), taxed);
        assert_eq!(euros["invoicePreview"]["draftTaxes"].as_array().map(Vec::len), Some(2));

        let customer = shop.create_customer().await;
        assert_eq!(figures(&preview("", json!({ "customerId": customer })).await.ok()["invoicePreview"]), untaxed);
        let elsewhere = json!({ "customerId": customer, "taxationAddress": address("QC") });
        let shown = preview("", elsewhere).await.ok();
        assert_eq!((&shown["customerId"], &shown["invoicePreview"]["total"]), (&json!(customer), &json!(13.65)));

        let in_vain = "currency is only valid in a preview without customerId.";
        let refused = preview("&currency=EUR", json!({ "customerId": customer })).await;
        refused.assert_error(400, "purchase.Currency", in_vain);
        let refused = shop.post("/v1/Purchases?currency=EUR", body(json!({ "customerId": customer }))).await;
        refused.assert_error(400, "purchase.Currency", in_vain);
        let refused = preview("&currency=XYZ", json!({})).await;
        assert!(refused.errors()[0].1.starts_with("currency must be one of "), "{}", refused.text());
        let refused = preview("&currency=JPY", json!({})).await;
        refused.assert_error(400, "purchase.ProductId", &format!("Product with id {product} has no price in JPY."));
        let refused = preview("", json!({ "taxationAddress": { "countryId": 124, "stateId": "XX", "city": "x".repeat(51) } })).await;
        let keys: Vec<_> = refused.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["purchase.TaxationAddress.StateId", "purchase.TaxationAddress.City"]);
        let stored = json!({ "customerId": customer, "taxationAddress": address("BC") });
        let refused = shop.post("/v1/Purchases", body(stored)).await;
        refused.assert_error(400, "purchase.TaxationAddress", "TaxationAddress is only valid in a preview.");
        let refused = shop.post("/v1/Purchases", body(json!({}))).await;
        refused.assert_error(400, "purchase.CustomerId", "The CustomerId field is required.");

        let purchases = shop.get(&format!("/v1/customers/{customer}/purchases")).await;
        assert_eq!((customers, purchases.ok()), (json!([]), json!([])));
        assert_eq!(shop.get("/v1/customers").await.ok().as_array().map(Vec::len), Some(1), "nobody was kept");
    })
    .await;
}

#[tokio::test]
async fn tiers_are_lines_of_one_group_and_zero_lines_are_shown_when_asked_for() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let free_first = json!([{ "min": 0, "max": 2, "amount": 0 }, { "min": 2, "max": null, "amount": 3 }]);
        let order = json!({ "customerId": customer, "productId": product, "name": "x", "quantity": 5,
                            "pricingModelType": "Tiered", "overridePriceRanges": free_first,
                            "discounts": [{ "discountType": "Amount", "amount": 4 }] });
        let draft = shop.post("/v1/Purchases", order).await.id();
        let drafts = json!({ "customerId": customer, "purchaseIds": [draft] });
        let lines = async |query: &str| {
            let shown = shop.post(&format!("/v1/Purchases/Purchase?preview=true{query}"), drafts.clone()).await.ok();
            let preview = &shown["invoicePreview"];
            assert_eq!(preview["draftChargeGroups"].as_array().map(Vec::len), Some(1));
            assert_eq!(preview["draftChargeGroups"][0]["draftCharges"], preview["draftCharges"]);
            figures(preview)
        };
        assert_eq!(lines("").await, json!([[[3.0, 3.0, 9.0, 5.0]], 0.0, 5.0]));
        let with_zeros = lines("&showZeroDollarCharges=true").await;
        assert_eq!(with_zeros, json!([[[2.0, 0.0, 0.0, 0.0], [3.0, 3.0, 9.0, 5.0]], 0.0, 5.0]));
    })
    .await;
}

#[tokio::test]
async fn bulk_purchases_show_their_side_effects() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2.5").await);
        let sell = async |query: &str, auto_purchase: bool, view: Value| {
            let purchase = json!({ "productId": product, "name": "x", "quantity": 2 });
            let order = json!({ "customerId": customer, "autoPurchase": auto_purchase, "view": view,
                                "purchases": [purchase, purchase] });
            shop.post(&format!("/v1/Purchases/BulkCreate{query}"), order).await.ok()["sideEffects"].clone()
        };
        for (query, view) in [("", json!("SideEffects")), ("?view=sideeffects", json!(null))] {
            let drafts = sell(query, false, view.clone()).await;
            assert_eq!((&drafts["invoices"], &drafts["draftInvoices"][0]["total"]), (&json!([]), &json!(10.0)));
            let sold = sell(query, true, view).await;
            assert_eq!((&sold["draftInvoices"], &sold["invoices"][0]["invoiceAmount"]), (&json!([]), &json!(10.0)));
            let id = sold["invoices"][0]["id"].as_i64().unwrap();
            assert_eq!(shop.get(&format!("/v1/invoices/{id}")).await.ok(), sold["invoices"][0]);
        }
        assert_eq!(sell("", true, json!("default")).await, Value::Null);
    })
    .await;
}

/// The calls that make an invoice of one draft, each with a body that does so.
fn finalizations(customer: i64, product: i64, draft: i64) -> [(String, Value); 3] {
    let purchase = json!({ "productId": product, "name": "x", "quantity": 2 });
    let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": [purchase] });
    [
        ("/v1/Purchases/Purchase".to_owned(), json!({ "customerId": customer, "purchaseIds": [draft] })),
        (format!("/v1/Customers/Purchase/{customer}"), json!({})),
        ("/v1/Purchases/BulkCreate".to_owned(), order),
    ]
}

#[tokio::test]
async fn a_preview_asked_for_in_the_query_charges_nothing() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2.5").await);
        let draft = shop.create_purchase(customer, product, 2).await;
        for (path, body) in finalizations(customer, product, draft) {
            for query in ["preview=true", "Preview=True&temporarilyDisableAutoPost=true"] {
                let shown = shop.post(&format!("{path}?{query}"), &body).await.ok();
                assert_eq!(shown["invoicePreview"]["total"], json!(5.0), "{path}?{query}");
            }
        }
        let path = format!("/v1/Customers/Purchase/{customer}");
        let shown = shop.post(&format!("{path}?preview=false"), json!({ "preview": true })).await.ok();
        assert_eq!(shown["invoicePreview"]["total"], json!(5.0), "what is on in either place is on");
        let refused = shop.post(&format!("{path}?preview=maybe"), "").await;
        refused.assert_refused(400, "The value 'maybe' is not valid for preview.");
        assert_eq!(shop.get("/v1/invoices").await.ok(), json!([]));
        let purchases = shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok();
        assert_eq!((purchases[0]["status"].as_str(), purchases[1].is_null()), (Some("Draft"), true));
    })
    .await;
}

#[tokio::test]
async fn a_preview_has_its_side_effects_when_they_are_asked_for() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2.5").await);
        let draft = shop.create_purchase(customer, product, 2).await;
        let one = json!({ "customerId": customer, "productId": product, "name": "x", "quantity": 2 });
        let [finalize, _, bulk] = finalizations(customer, product, draft);
        for (path, body) in [finalize, bulk, ("/v1/Purchases".to_owned(), one)] {
            let shown = shop.post(&format!("{path}?preview=true&view=SideEffects"), &body).await.ok();
            let effects = json!({ "invoices": [], "draftInvoices": [shown["invoicePreview"]] });
            assert_eq!((&shown["sideEffects"], shown["invoicePreview"].is_object()), (&effects, true), "{path}");
            let plain = shop.post(&format!("{path}?preview=true&view=default"), &body).await.ok();
            assert_eq!((&plain["sideEffects"], &plain["invoicePreview"]), (&Value::Null, &shown["invoicePreview"]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_view_that_a_call_does_not_know_is_refused_before_anything_is_done() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let draft = shop.create_purchase(customer, product, 2).await;
        let [(finalize, drafts), _, (bulk, order)] = finalizations(customer, product, draft);
        let text = "view must be one of default, sideeffects.";
        for (path, body) in [
            (finalize.as_str(), &drafts),
            (bulk.as_str(), &order),
            ("/v1/Purchases", &json!({ "customerId": customer, "productId": product, "name": "x" })),
            ("/v1/CustomerActivation", &json!({ "customerId": customer })),
        ] {
            shop.post(&format!("{path}?view=full"), body).await.assert_refused(400, text);
        }
        let mut order = order.clone();
        order["view"] = json!("full");
        let refused = shop.post(&bulk, &order).await;
        refused.assert_error(400, "bulkPurchase.View", "View must be one of default, sideeffects.");
        shop.get("/v1/BulkApi/1?view=all").await.assert_refused(400, "view must be one of Full.");
        shop.get("/v1/Plans/1?view=all").await.assert_refused(400, "view must be one of subscription.");
        assert_eq!(shop.get("/v1/invoices").await.ok(), json!([]));
    })
    .await;
}
