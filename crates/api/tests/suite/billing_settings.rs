//! How a customer is billed where that differs from the account (customers.md §3.1).

use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

/// Something in every member that can be written, in the order of an answer.
fn complete(customer: i64) -> Value {
    json!({
        "id": customer, "term": "Net15", "autoCollect": false, "autoCollectSettingType": "Threshold", "dunningExempt": true,
        "rechargeType": "BringBalanceBackToTarget", "rechargeThresholdAmount": 10.5, "rechargeTargetAmount": 20.25,
        "statusOnThreshold": true, "autoPostDraftInvoice": true, "customerGracePeriod": 5, "gracePeriodExtension": 6,
        "standingPoNumber": "PO-7", "acquisitionCost": 99.99, "showZeroDollarCharges": true, "taxExempt": true,
        "taxExemptCode": "T", "useCustomerBillingAddress": true, "avalaraUsageType": "U", "vatIdentificationNumber": "V",
        "customerServiceStartOption": "NoChargesForMissedPeriods", "rollUpTaxes": true, "rollUpDiscounts": false
    })
}

async fn setting(shop: &Client, customer: i64) -> Value {
    shop.get(&format!("/v1/customerBillingSetting/{customer}")).await.ok()
}

#[tokio::test]
async fn every_setting_is_kept_shown_and_replaced() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let unset = setting(&shop, customer).await;
        let shown = unset.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
        let shown: Vec<_> = shown.map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(shown[0], format!("id {customer}"));
        assert_eq!(
            shown[1..shown.len() - 1],
            [
                "invoiceDay -1",
                "dunningExempt false",
                "rechargeType \"\"",
                "hasPaymentMethod false",
                "acquisitionCost 0.0",
                "taxExempt false"
            ]
        );

        let wanted = complete(customer);
        let answered = shop.put("/v1/customerBillingSetting", &wanted).await.ok();
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(answered[name].as_f64(), value.as_f64(), "{name}");
            if !value.is_f64() {
                assert_eq!(&answered[name], value, "{name}");
            }
        }
        assert_eq!(setting(&shop, customer).await, answered);
        // What is read can be sent back; what is left out is the account's again.
        assert_eq!(shop.put("/v1/customerBillingSetting", &answered).await.ok(), answered);
        assert_eq!(shop.put("/v1/customerBillingSetting", json!({ "id": customer })).await.ok(), unset);
    })
    .await;
}

#[tokio::test]
async fn the_next_invoice_follows_the_settings() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let rate = json!({ "name": "GST", "percentage": 5, "countryId": 124 });
        shop.post("/v1/taxRates", rate).await.ok();
        let address = json!({ "customerAddressPreferenceId": customer, "countryId": 124, "addressType": "Billing" });
        shop.post("/v1/addresses", address).await.ok();
        let seen = async || {
            let invoice = shop.create_invoice(customer, product, 2).await;
            let invoice = shop.get(&format!("/v1/invoices/{invoice}")).await.ok();
            (invoice["terms"].clone(), invoice["poNumber"].clone(), invoice["taxes"].as_array().unwrap().len())
        };
        assert_eq!(seen().await, (json!("Net30"), json!(null), 1));
        let changed = json!({ "id": customer, "term": "Net7", "standingPo": "PO-7", "taxExempt": true });
        shop.put("/v1/customerBillingSetting", changed).await.ok();
        assert_eq!(seen().await, (json!("Net7"), json!("PO-7"), 0));
    })
    .await;
}

#[tokio::test]
async fn wrong_settings_are_refused_all_at_once() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let wrong = json!({ "rechargeTargetAmount": -1, "customerGracePeriod": -1, "taxExemptCode": "x".repeat(256),
                            "trackedItemDisplay": { "trackedItemDisplayFormat": "List" } });
        let reply = shop.put("/v1/customerBillingSetting", wrong).await;
        let keys: Vec<_> = reply.errors().into_iter().map(|(key, _)| key).collect();
        let keys: Vec<_> = keys.iter().map(|key| key.trim_start_matches("customerBillingSetting.")).collect();
        assert_eq!(keys, ["Id", "TrackedItemDisplay", "TaxExemptCode", "RechargeTargetAmount", "CustomerGracePeriod"]);
        let word = shop.put("/v1/customerBillingSetting", json!({ "id": customer, "term": "Net33" })).await;
        assert_eq!(word.status, 400, "{}", word.text());
        let nobodys = shop.put("/v1/customerBillingSetting", json!({ "id": 7 })).await;
        nobodys.assert_refused(404, "Customer with id 7 not found.");
        shop.get("/v1/customerBillingSetting/7").await.assert_refused(404, "Customer with id 7 not found.");
        assert_eq!(setting(&shop, customer).await["term"], json!(null), "nothing was kept");
    })
    .await;
}

#[tokio::test]
async fn collection_is_turned_on_where_there_is_something_to_collect_from() {
    each_server(async |server| {
        let shop = server.shop().await;
        let text = "AutoCollect can be turned on for customers with a default payment method only.";
        let without = shop.create_customer().await;
        let wanted = json!({ "id": without, "autoCollect": true });
        let refused = shop.put("/v1/customerBillingSetting", &wanted).await;
        refused.assert_error(400, "customerBillingSetting.AutoCollect", text);
        assert_eq!(setting(&shop, without).await["autoCollect"], Value::Null);
        // A new customer waits for its first method, and what is on may stay on.
        let order = json!({ "billingSetting": { "autoCollect": true } });
        let waiting = shop.post("/v1/customers", order).await.id();
        let kept = setting(&shop, waiting).await;
        assert_eq!((&kept["autoCollect"], &kept["hasPaymentMethod"]), (&json!(true), &json!(false)));
        assert_eq!(shop.put("/v1/customerBillingSetting", &kept).await.ok(), kept);
    })
    .await;
}
