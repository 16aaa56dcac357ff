//! Bad input for every member of a purchase, alone and in bulk: refused by key and value, and nothing is stored.

use serde_json::{Value, json};
use testkit::{Client, TestServer, each_server, fixtures};

/// A member, a bad value of it, the part of the error's key below the purchase, and the error's value.
type Row = (&'static str, Value, &'static str, String);

fn too_long(name: &str, max: usize) -> String {
    format!("The field {name} must be a string with a maximum length of {max}.")
}

fn negative(name: &str) -> String {
    format!("{name} must be a positive number and cannot exceed six decimal places")
}

fn row(member: &'static str, value: Value, key: &'static str, error: impl Into<String>) -> Row {
    (member, value, key, error.into())
}

/// Bad values of the purchase's own members.
fn members() -> Vec<Row> {
    let long = |length: usize| json!("x".repeat(length));
    let decimal = " must be a number with at most six decimal places.";
    vec![
        row("productId", json!(null), "ProductId", "The ProductId field is required."),
        row("productId", json!("one"), "ProductId", "ProductId must be a whole number."),
        row("productId", json!(1.5), "ProductId", "ProductId must be a whole number."),
        row("name", json!(null), "Name", "The Name field is required."),
        row("name", json!("  "), "Name", "The Name field is required."),
        row("name", json!(["x"]), "Name", "Name must be a string."),
        row("name", long(2001), "Name", too_long("Name", 2000)),
        row("description", json!({}), "Description", "Description must be a string."),
        row("description", long(2001), "Description", too_long("Description", 2000)),
        row("quantity", json!("many"), "Quantity", "Quantity must be a number."),
        row("quantity", json!(-1), "Quantity", negative("Quantity")),
        row("quantity", json!(0.000_000_1), "Quantity", format!("Quantity{decimal}")),
        row("quantity", json!("9999999999999"), "Quantity", "Quantity is too large."),
        row("targetOrderQuantity", json!([]), "TargetOrderQuantity", "TargetOrderQuantity must be a number."),
        row("targetOrderQuantity", json!(-1), "TargetOrderQuantity", negative("TargetOrderQuantity")),
        row("targetOrderQuantity", json!("1.0000001"), "TargetOrderQuantity", format!("TargetOrderQuantity{decimal}")),
        row("targetOrderQuantity", json!(1), "", "Target order quantity is only valid when tracking items."),
        row(
            "pricingModelType",
            json!("Formula"),
            "PricingModelType",
            "PricingModelType must be one of Standard, Tiered, Volume, Stairstep.",
        ),
        row("netsuiteLocationId", long(101), "NetsuiteLocationId", too_long("NetsuiteLocationId", 100)),
        row("netsuiteClassId", long(101), "NetsuiteClassId", too_long("NetsuiteClassId", 100)),
        row("netsuiteClassId", json!([]), "NetsuiteClassId", "NetsuiteClassId must be a string."),
        row("pricingFormulaType", long(101), "PricingFormulaType", too_long("PricingFormulaType", 100)),
    ]
}

/// Bad price ranges and earning settings.
fn prices_and_earning() -> Vec<Row> {
    let ranges = |range: Value| json!([range]);
    let gaps = "Price ranges must cover zero to infinity with no gaps.";
    let timings = "Daily, Monthly, Yearly, Interval, DoesNotEarn, EarnImmediately";
    vec![
        row("overridePriceRanges", json!("x"), "OverridePriceRanges", "OverridePriceRanges must be a list."),
        row("overridePriceRanges", json!([]), "", gaps),
        row("overridePriceRanges", ranges(json!({ "min": 1, "amount": 5 })), "", gaps),
        row("overridePriceRanges", ranges(json!({ "min": 0, "max": 5, "amount": 5 })), "", gaps),
        row(
            "overridePriceRanges",
            ranges(json!({ "min": 0, "amount": -5 })),
            "",
            "Price range amounts must not be negative.",
        ),
        row(
            "overridePriceRanges",
            ranges(json!({ "amount": 5 })),
            "OverridePriceRanges[0].Min",
            "The Min field is required.",
        ),
        row(
            "overridePriceRanges",
            ranges(json!({ "min": 0 })),
            "OverridePriceRanges[0].Amount",
            "The Amount field is required.",
        ),
        row(
            "overridePriceRanges",
            ranges(json!({ "min": 0, "amount": "0.0000001" })),
            "OverridePriceRanges[0].Amount",
            "Amount must be a number with at most six decimal places.",
        ),
        row(
            "overridePriceRanges",
            ranges(json!({ "min": 0, "amount": 1, "conditionAmount": 2, "variableAmount": null })),
            "OverridePriceRanges[0].ConditionAmount",
            "ConditionAmount belongs to formula pricing, which is not supported.",
        ),
        row(
            "overridePriceRanges",
            ranges(json!({ "min": 0, "amount": 1, "variableAmount": "x" })),
            "OverridePriceRanges[0].VariableAmount",
            "VariableAmount belongs to formula pricing, which is not supported.",
        ),
        row(
            "earningSettings",
            json!({ "earningTimingInterval": "DoesNotEarn" }),
            "EarningSettings.EarningTimingInterval",
            "Products of type PhysicalGood are always earned immediately.",
        ),
        row("earningSettings", json!("x"), "EarningSettings", "EarningSettings must be an object."),
        row(
            "earningSettings",
            json!({ "earningTimingInterval": "Weekly" }),
            "EarningSettings.EarningTimingInterval",
            format!("EarningTimingInterval must be one of {timings}."),
        ),
        row(
            "earningSettings",
            json!({ "earningInterval": "Weekly" }),
            "EarningSettings.EarningInterval",
            "EarningInterval must be one of Monthly, Yearly.",
        ),
        row(
            "earningSettings",
            json!({ "earningTimingType": "Middle" }),
            "EarningSettings.EarningTimingType",
            "EarningTimingType must be one of StartOfInterval, EndOfInterval, DoesNotEarn.",
        ),
        row(
            "earningSettings",
            json!({ "earningNumberOfIntervals": 1.5 }),
            "EarningSettings.EarningNumberOfIntervals",
            "EarningNumberOfIntervals must be a whole number.",
        ),
        row(
            "earningSettings",
            json!({ "earningTimingInterval": "Daily", "earningInterval": "Monthly", "earningNumberOfIntervals": 0 }),
            "EarningSettings",
            "earningNumberOfIntervals must be between 1 and 1200.",
        ),
        row(
            "earningSettings",
            json!({ "earningTimingInterval": "Daily" }),
            "EarningSettings",
            "earningInterval and earningNumberOfIntervals are required for this earningTimingInterval.",
        ),
        row(
            "earningSettings",
            json!({ "earningTimingInterval": "Daily", "earningSchedules": [{}] }),
            "EarningSettings.EarningSchedules",
            "Earning schedules are not supported yet.",
        ),
    ]
}

/// Bad discounts, tracked items, coupons and custom fields.
fn details() -> Vec<Row> {
    let discount = |discount_type: &str, amount: Value| json!([{ "discountType": discount_type, "amount": amount }]);
    let long = |length: usize| "x".repeat(length);
    vec![
        row("discounts", json!({}), "Discounts", "Discounts must be a list."),
        row(
            "discounts",
            discount("Half", json!(1)),
            "Discounts[0].DiscountType",
            "DiscountType must be one of Percentage, Amount, AmountPerUnit.",
        ),
        row("discounts", json!([{ "amount": 1 }]), "Discounts[0].DiscountType", "The DiscountType field is required."),
        row("discounts", discount("Amount", json!(null)), "Discounts[0].Amount", "The Amount field is required."),
        row("discounts", discount("Amount", json!(-1)), "Discounts[0].Amount", negative("Amount")),
        row("discounts", discount("Percentage", json!(101)), "Discounts[0].Amount", "Percentage must not exceed 100."),
        row(
            "discounts",
            discount("Amount", json!("0.0000001")),
            "Discounts[0].Amount",
            "Amount must be a number with at most six decimal places.",
        ),
        row("productItems", json!([{}]), "ProductItems[0].Reference", "The Reference field is required."),
        row(
            "productItems",
            json!([{ "reference": long(256) }]),
            "ProductItems[0].Reference",
            too_long("Reference", 255),
        ),
        row(
            "productItems",
            json!([{ "reference": "a", "name": long(101) }]),
            "ProductItems[0].Name",
            too_long("Name", 100),
        ),
        row(
            "productItems",
            json!([{ "reference": "a", "description": long(256) }]),
            "ProductItems[0].Description",
            too_long("Description", 255),
        ),
        row("productItems", json!([{ "reference": "a" }]), "", "Product items are only valid when tracking items."),
        row("couponCodes", json!(["", ""]), "CouponCodes[0]", "Coupon code  is not valid."),
        row("couponCodes", json!([{}]), "CouponCodes[0]", "CouponCodes[0] must be a string."),
        row("customFields", json!([{ "value": 1 }]), "CustomFields[0].Key", "The Key field is required."),
        row("customFields", json!([{ "key": long(256) }]), "CustomFields[0].Key", too_long("Key", 255)),
        row(
            "customFields",
            json!([{ "key": "order", "value": long(1001) }]),
            "CustomFields[0].Value",
            too_long("Value", 1000),
        ),
        row(
            "customFields",
            json!([{ "key": "order", "value": 1 }, { "key": "order", "value": 2 }]),
            "CustomFields[1].Key",
            "The key order is given more than once.",
        ),
    ]
}

async fn assert_nothing_stored(shop: &Client, context: &str) {
    let stored = shop.get("/v1/ProductItems").await;
    assert_eq!(stored.text(), "[]", "{context}");
    for customer in shop.get("/v1/customers").await.ok().as_array().unwrap() {
        let stored = shop.get(&format!("/v1/customers/{}/purchases", customer["id"])).await;
        assert_eq!(stored.text(), "[]", "{context}");
    }
}

#[tokio::test]
async fn every_member_is_checked() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let good = json!({ "productId": product, "name": "x", "quantity": 1 });
        for (member, value, key, error) in members().into_iter().chain(prices_and_earning()).chain(details()) {
            let context = format!("{member}: {value}");
            let mut purchase = good.clone();
            purchase[member] = value;
            let below = |parameter: &str| [parameter, key].join(if key.is_empty() { "" } else { "." });
            let bulk = json!({ "customerId": customer, "autoPurchase": true, "purchases": [good, purchase] });
            let reply = shop.post("/v1/Purchases/BulkCreate", bulk).await;
            assert_eq!(reply.status, 400, "{context}");
            let expected = (below("bulkPurchase.Purchases[1]"), error.clone());
            assert_eq!(reply.errors().first(), Some(&expected), "{context}");

            purchase["customerId"] = json!(customer);
            let reply = shop.post("/v1/Purchases", purchase).await;
            assert_eq!(reply.status, 400, "{context}");
            assert_eq!(reply.errors().first(), Some(&(below("purchase"), error)), "{context}");
        }
        assert_nothing_stored(&shop, "after all of them").await;
    })
    .await;
}

#[tokio::test]
async fn both_calls_check_what_surrounds_the_purchases() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let purchases = json!([{ "productId": product, "name": "x", "quantity": 1 }]);
        let required = |name: &str| format!("The {name} field is required.");
        let bulk = async |order: Value| shop.post("/v1/Purchases/BulkCreate", order).await;
        let no_buyer = bulk(json!({ "purchases": purchases })).await;
        no_buyer.assert_error(400, "bulkPurchase.CustomerId", &required("CustomerId"));
        for nothing in [json!(null), json!([])] {
            let reply = bulk(json!({ "customerId": customer, "purchases": nothing })).await;
            reply.assert_error(400, "bulkPurchase.Purchases", &required("Purchases"));
        }
        let switch = bulk(json!({ "customerId": customer, "autoPurchase": "maybe", "purchases": purchases })).await;
        switch.assert_error(400, "bulkPurchase.AutoPurchase", "AutoPurchase must be true or false.");
        let options = json!({ "paymentMethod": "Barter" });
        let options = json!({ "customerId": customer, "purchases": purchases, "invoiceCollectOptions": options });
        assert_eq!(bulk(options).await.errors()[0].0, "bulkPurchase.InvoiceCollectOptions.PaymentMethod");

        let single = json!({ "productId": product, "name": "x" });
        shop.post("/v1/Purchases", single).await.assert_error(400, "purchase.CustomerId", &required("CustomerId"));
        let single = json!({ "customerId": "Ada", "productId": "x" });
        let keys: Vec<_> = shop.post("/v1/Purchases", single).await.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["purchase.CustomerId", "purchase.ProductId", "purchase.Name"]);
        assert_eq!(shop.post("/v1/Purchases", "[1]").await.errors()[0].0, "purchase");
        assert_nothing_stored(&shop, "after all of them").await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sold_to_whom_is_refused() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let mut retired = fixtures::product("R", "1");
        retired["status"] = json!("Retired");
        let retired = shop.post("/v1/products", retired).await.id();
        let mut inside_plans = fixtures::product("I", "1");
        inside_plans["availableForPurchase"] = json!(false);
        let inside_plans = shop.post("/v1/products", inside_plans).await.id();
        let mut service = fixtures::product("S", "1");
        service["productType"] = json!("RecurringService");
        let service = shop.post("/v1/products", service).await.id();
        let euros = shop.post("/v1/customers", json!({ "currency": "EUR" })).await.id();
        let not_for_sale = |id: i64| format!("Product with id {id} is not available for purchase.");
        let mut rows = vec![
            (customer, 900_000_001, 404, "Product with id 900000001 not found.".to_owned()),
            (customer, retired, 400, not_for_sale(retired)),
            (customer, inside_plans, 400, not_for_sale(inside_plans)),
            (
                customer,
                service,
                400,
                format!("Product with id {service} is a recurring service, which only subscriptions sell; there are none yet."),
            ),
            (euros, product, 400, format!("Product with id {product} has no price in EUR.")),
            (900_000_001, product, 404, "Customer with id 900000001 not found.".to_owned()),
        ];
        for status in ["Suspended", "Cancelled"] {
            let id = shop.create_customer().await;
            let sql = format!("UPDATE customer SET status = '{status}' WHERE id = {id}");
            server.app.db().write(move |tx| tx.execute(&sql, &[])).await.unwrap();
            rows.push((id, product, 400, format!("Customer is in status {status} and cannot make purchases.")));
        }
        for (customer, product, status, error) in rows {
            let purchase = json!({ "productId": product, "name": "x", "quantity": 1 });
            let bulk = json!({ "customerId": customer, "purchases": [purchase] });
            let bulk = shop.post("/v1/Purchases/BulkCreate", bulk).await;
            let mut single = purchase;
            single["customerId"] = json!(customer);
            let single = shop.post("/v1/Purchases", single).await;
            if error.starts_with("Product") {
                bulk.assert_error(400, "bulkPurchase.Purchases[0].ProductId", &error);
                let key = if status == 404 { "Api Error" } else { "purchase.ProductId" };
                single.assert_error(status, key, &error);
            } else {
                bulk.assert_refused(status, &error);
                single.assert_refused(status, &error);
            }
        }
        assert_nothing_stored(&shop, "after all of them").await;
    })
    .await;
}

/// Ten thousand purchases; a hundred of them with something hanging on them.
fn ten_thousand(product: i64, tracked: i64) -> Vec<Value> {
    let mut purchases = vec![json!({ "productId": product, "name": "x", "quantity": 1 }); 10_000];
    for index in (0..10_000).step_by(100) {
        purchases[index] = json!({ "productId": tracked, "name": "x", "productItems": [{ "reference": format!("R{index}") }],
            "discounts": [{ "discountType": "Percentage", "amount": 25 }], "couponCodes": ["HALF"] });
    }
    purchases
}

/// How many rows an account has in each table that a sale writes.
async fn rows_of(server: &TestServer, account: i64) -> Vec<i64> {
    let tables =
        ["purchase", "product_item", "purchase_coupon", "coupon_use", "event", "invoice", "ledger_transaction"];
    let count = async |table: &str| {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE account_id = {account}");
        server.app.db().read(move |tx| tx.scalar(&sql, &[])).await.unwrap()
    };
    let mut rows = Vec::new();
    for table in tables {
        rows.push(count(table).await);
    }
    rows
}

#[tokio::test]
async fn ten_thousand_purchases_are_one_act() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "2").await);
        let tracked = shop.create_tracked_product("T", "2").await;
        let half = json!({ "name": "Half", "code": "HALF", "discountType": "Percentage", "amount": 50 });
        let half = shop.post("/v1/discounts", half).await.id();
        let codes = json!([{ "code": "HALF", "remainingUsages": 100 }]);
        shop.post("/v1/coupons", json!({ "name": "Half", "couponCodes": codes, "discounts": [half] })).await.ok();
        let before = rows_of(server, account.id).await;
        let mut purchases = ten_thousand(product, tracked);
        let order =
            |purchases: &[Value]| json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases });
        let last = purchases[9_999].clone();
        purchases[9_999]["quantity"] = json!(-1);
        let refused = shop.post("/v1/Purchases/BulkCreate", order(&purchases)).await;
        refused.assert_error(400, "bulkPurchase.Purchases[9999].Quantity", &negative("Quantity"));
        purchases[9_999] = json!({ "productId": 900_000_001, "name": "x" });
        let refused = shop.post("/v1/Purchases/BulkCreate", order(&purchases)).await;
        let text = "Product with id 900000001 not found.";
        refused.assert_error(400, "bulkPurchase.Purchases[9999].ProductId", text);
        // Each of them can be charged, but no balance holds both: that is known when everything is stored.
        let most = json!([{ "min": 0, "amount": 9_000_000_000_000_i64 }]);
        for index in [9_998, 9_999] {
            purchases[index] = last.clone();
            purchases[index]["overridePriceRanges"] = most.clone();
        }
        let refused = shop.post("/v1/Purchases/BulkCreate", order(&purchases)).await;
        refused.assert_refused(400, "The amount is too large.");
        assert_eq!(rows_of(server, account.id).await, before, "nothing is left behind");

        purchases[9_998] = last.clone();
        purchases[9_999] = last;
        let created = shop.post("/v1/Purchases/BulkCreate", order(&purchases)).await.ok();
        assert_eq!(created["purchases"].as_array().unwrap().len(), 10_000);
        assert_eq!(created["purchases"][100]["couponCodes"], json!(["HALF"]));
        assert_eq!(created["purchases"][9_900]["productItems"][0]["reference"], json!("R9900"));
        let stored = rows_of(server, account.id).await;
        let added: Vec<_> = stored.iter().zip(&before).map(|(after, before)| after - before).collect();
        // A charge is posted and earned at once; of a hundred of them two discounts are posted, and earned together.
        assert_eq!(added, [10_000, 100, 100, 100, 20_001, 1, 20_000 + 200 + 100]);
        let invoices = shop.get("/v1/invoices").await.ok();
        assert_eq!((invoices.as_array().unwrap().len(), &invoices[0]["invoiceAmount"]), (1, &json!(19_850.0)));
        let id = billing::id::AccountId(account.id);
        let report = server.app.db().read(move |tx| app::verify::run(tx, id)).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.disagreements().collect::<Vec<_>>());
    })
    .await;
}
