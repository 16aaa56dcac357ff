//! Rates of tax and what they come to on invoices (purchases.md §9).

use serde_json::{Value, json};
use testkit::{Client, Reply, each_server, on_server};

/// Creates an active customer who is addressed and billed so.
async fn customer(shop: &Client, addresses: Value, setting: Value) -> i64 {
    let order = json!({ "customerAddressPreference": addresses, "billingSetting": setting });
    let id = shop.post("/v1/customers", order).await.id();
    let activation = json!({ "customerId": id, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
                             "temporarilyDisableAutoPost": false });
    shop.post("/v1/customerActivation", activation).await.ok();
    id
}

async fn create(shop: &Client, name: &str, percentage: &str, state: Value) -> i64 {
    let percentage: serde_json::Number = percentage.parse().unwrap();
    let rate = json!({ "name": name, "percentage": percentage, "countryId": 124, "stateId": state,
                       "registrationCode": format!("{name}-1") });
    shop.post("/v1/taxRates", rate).await.id()
}

/// Names and sums of the taxes of a new invoice over so many units at 10.15, and its amount.
async fn taxes_of(shop: &Client, customer: i64, product: i64, quantity: i64) -> Value {
    let invoice = shop.create_invoice(customer, product, quantity).await;
    let invoice = shop.get(&format!("/v1/invoices/{invoice}")).await.ok();
    let taxes = invoice["taxes"].as_array().unwrap().iter().map(|tax| json!([tax["name"], tax["total"]]));
    json!([taxes.collect::<Vec<_>>(), invoice["invoiceAmount"]])
}

fn billed_in(state: &str) -> Value {
    json!({ "billingAddress": { "countryId": 124, "stateId": state } })
}

#[tokio::test]
async fn rates_of_country_and_state_are_lines_of_their_own() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        create(&shop, "PST", "7", json!("BC")).await;
        create(&shop, "GST", "5", json!(null)).await;
        create(&shop, "QST", "9.975", json!("QC")).await;
        let product = shop.create_product("P", "10.15").await;
        let vancouver = customer(&shop, billed_in("BC"), json!({})).await;
        // 5 % of 10.15 is 0.5075, 7 % is 0.7105: rounded each by itself; the country's rate comes first.
        assert_eq!(taxes_of(&shop, vancouver, product, 1).await, json!([[["GST", 0.51], ["PST", 0.71]], 11.37]));
        let expected = [
            "2024-01-15T10:00:00 Charge: AccountsReceivable / DeferredRevenue 10.15",
            "2024-01-15T10:00:00 Tax: AccountsReceivable / TaxPayable 0.51",
            "2024-01-15T10:00:00 Tax: AccountsReceivable / TaxPayable 0.71",
        ];
        let ledger = server.ledger(&account).await;
        for line in expected {
            assert!(ledger.iter().any(|posted| posted == line), "{line} is not in {ledger:#?}");
        }
        let montreal = customer(&shop, billed_in("QC"), json!({})).await;
        assert_eq!(taxes_of(&shop, montreal, product, 2).await, json!([[["GST", 1.02], ["QST", 2.02]], 23.34]));
        let nowhere = shop.create_customer().await;
        assert_eq!(taxes_of(&shop, nowhere, product, 1).await, json!([[], 10.15]));
        let abroad = customer(&shop, json!({ "billingAddress": { "countryId": 276 } }), json!({})).await;
        assert_eq!(taxes_of(&shop, abroad, product, 1).await, json!([[], 10.15]));
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn charges_are_taxed_and_rounded_one_by_one() {
    each_server(async |server| {
        let shop = server.shop().await;
        create(&shop, "GST", "5", json!(null)).await;
        let buyer = customer(&shop, billed_in("ON"), json!({})).await;
        let (product, mut exempt) = (shop.create_product("P", "0.10").await, testkit::fixtures::product("E", "100"));
        exempt["taxExempt"] = json!(true);
        let exempt = shop.post("/v1/products", exempt).await.id();
        let one = |product: i64| json!({ "productId": product, "name": "x", "quantity": 1 });
        let mut discounted = json!({ "productId": product, "name": "x", "quantity": 10 });
        discounted["discounts"] = json!([{ "discountType": "Percentage", "amount": 50 }]);
        let order = json!({ "customerId": buyer, "autoPurchase": true,
                            "purchases": [one(product), one(product), one(exempt), discounted] });
        shop.post("/v1/purchases/bulkCreate", order).await.ok();
        let invoice = &shop.get(&format!("/v1/customers/{buyer}/invoices")).await.ok()[0];
        // Twice 0.005 is 0.01 each, half of 1.00 is taxed by 0.03 (0.025), and the exempt charge not at all.
        assert_eq!(invoice["taxes"][0]["total"], json!(0.05));
        assert_eq!((&invoice["subtotal"], &invoice["totalDiscount"]), (&json!(101.2), &json!(0.5)));
        assert_eq!(invoice["invoiceAmount"], json!(100.75));
        assert_eq!(invoice["paymentSchedules"][0]["amount"], json!(100.75));
    })
    .await;
}

#[tokio::test]
async fn settings_of_the_customer_act_on_tax() {
    each_server(async |server| {
        let shop = server.shop().await;
        create(&shop, "BC", "7", json!("BC")).await;
        create(&shop, "ON", "13", json!("ON")).await;
        let product = shop.create_product("P", "100").await;
        let addresses = |more: Value| {
            let mut addresses = billed_in("BC");
            addresses["shippingAddress"] = json!({ "countryId": 124, "stateId": "ON" });
            addresses.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            addresses
        };
        let shipped = customer(&shop, addresses(json!({})), json!({})).await;
        assert_eq!(taxes_of(&shop, shipped, product, 1).await, json!([[["ON", 13.0]], 113.0]));
        let billed = customer(&shop, addresses(json!({})), json!({ "useCustomerBillingAddress": true })).await;
        assert_eq!(taxes_of(&shop, billed, product, 1).await, json!([[["BC", 7.0]], 107.0]));
        let same = json!({ "useBillingAddressAsShippingAddress": true });
        let same = customer(&shop, addresses(same), json!({ "useCustomerBillingAddress": false })).await;
        assert_eq!(taxes_of(&shop, same, product, 1).await, json!([[["BC", 7.0]], 107.0]));
        let setting = json!({ "taxExempt": true, "taxExemptCode": "CHARITY" });
        let exempt = customer(&shop, addresses(json!({})), setting).await;
        assert_eq!(taxes_of(&shop, exempt, product, 1).await, json!([[], 100.0]));
    })
    .await;
}

#[tokio::test]
async fn rates_hold_on_their_days_and_until_they_are_retired() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = shop.create_product("P", "100").await;
        let buyer = customer(&shop, billed_in("ON"), json!({})).await;
        let days = json!({ "name": "HST", "percentage": 13, "countryId": 124, "stateId": 9,
                           "validFrom": "2024-01-16T00:00:00+02:00", "validTo": "2024-01-17T20:00:00-05:00" });
        let rate = shop.post("/v1/taxRates", days).await.ok();
        let mut seen = Vec::new();
        for _ in 15..=18 {
            seen.push(taxes_of(&shop, buyer, product, 1).await[1].clone());
            server.clock.advance_days(1);
        }
        assert_eq!(json!(seen), json!([100.0, 113.0, 113.0, 100.0]));

        let mut forever = rate.clone();
        forever["validTo"] = json!(null);
        forever["percentage"] = json!(12);
        shop.put("/v1/taxRates", forever).await.ok();
        assert_eq!(taxes_of(&shop, buyer, product, 1).await[1], json!(112.0));
        let uri = format!("/v1/taxRates/{}", rate["id"]);
        assert_eq!(shop.delete(&uri).await.status, 204);
        assert_eq!(taxes_of(&shop, buyer, product, 1).await[1], json!(100.0));
        assert_eq!(shop.get(&uri).await.ok()["status"], "Retired");
        // What was posted stays as it was posted.
        let list = shop.get(&format!("/v1/customers/{buyer}/invoices?sortExpression=invoiceNumber")).await.ok();
        assert_eq!(
            list[1]["taxes"],
            json!([{ "name": "HST", "registrationCode": null, "percent": 13.0, "total": 13.0 }])
        );
    })
    .await;
}

#[tokio::test]
async fn an_invoice_keeps_the_addresses_that_it_was_posted_with() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = shop.create_product("P", "100").await;
        let mut addresses = billed_in("ON");
        addresses["contactName"] = json!("Ada");
        let buyer = customer(&shop, addresses, json!({})).await;
        let path = format!("/v1/customerAddressPreferences/{buyer}");
        let before = shop.get(&path).await.ok();
        let invoice = shop.create_invoice(buyer, product, 1).await;
        let moved = json!({ "id": buyer, "contactName": "Grace", "billingAddress": { "countryId": 276 } });
        shop.put("/v1/customerAddressPreferences", moved).await.ok();
        let invoice = shop.get(&format!("/v1/invoices/{invoice}")).await.ok();
        assert_eq!(invoice["invoiceCustomerAddressPreference"], before);
        assert_ne!(shop.get(&path).await.ok(), before);
    })
    .await;
}

#[tokio::test]
async fn wrong_members_of_a_rate_are_reported_at_once() {
    on_server(testkit::server::config(), async |server| {
        let shop = server.shop().await;
        let keys = |reply: Reply| reply.errors().into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let refused = shop.post("/v1/taxRates", "{}").await;
        assert_eq!(keys(refused), ["taxRate.Name", "taxRate.Percentage", "taxRate.CountryId"]);
        let long = "x".repeat(256);
        let wrong = json!({ "name": long, "registrationCode": long, "percentage": -1, "countryId": 124, "stateId": "NY",
                            "validFrom": "2024-02-01", "validTo": "2024-01-31" });
        let fields = ["StateId", "Name", "RegistrationCode", "Percentage", "ValidTo"];
        assert_eq!(keys(shop.post("/v1/taxRates", &wrong).await), fields.map(|field| format!("taxRate.{field}")));
        assert_eq!(keys(shop.put("/v1/taxRates", "{}").await)[0], "taxRate.Id");
        let above = json!({ "name": "x", "percentage": "100.000001", "countryId": 124 });
        let refused = shop.post("/v1/taxRates", above).await;
        refused.assert_error(400, "taxRate.Percentage", "Percentage must be from 0 to 100.");
        assert_eq!(shop.get("/v1/taxRates").await.text(), "[]", "nothing was stored");
    })
    .await;
}

#[tokio::test]
async fn every_listed_name_filters_and_sorts_rates() {
    each_server(async |server| {
        let shop = server.shop().await;
        create(&shop, "GST", "5", json!(null)).await;
        let ontario = create(&shop, "HST", "13", json!("ON")).await;
        for column in app::tax_rates::list::COLUMNS {
            let sorted = shop.get(&format!("/v1/taxRates?sortExpression={}", column.field.name)).await;
            assert_eq!(sorted.ok().as_array().unwrap().len(), 2, "{}", column.field.name);
        }
        for query in ["name:hst", "percentage:10|20", "stateId:9", "countryId:124;stateId:9", "registrationCode:HST*"] {
            let found = shop.get(&format!("/v1/taxRates?query={query}")).await.ok();
            assert_eq!((found.as_array().unwrap().len(), &found[0]["id"]), (1, &json!(ontario)), "{query}");
        }
    })
    .await;
}
