//! How the account collects: kept, shown, replaced, checked.

use serde_json::json;
use testkit::each_server;

const PATH: &str = "/v1/collectionSettings";

#[tokio::test]
async fn settings_are_kept_shown_and_replaced() {
    each_server(async |server| {
        let shop = server.shop().await;
        let unset = shop.get(PATH).await.ok();
        let expected = json!({ "term": "Net0", "autoCollect": false, "autoCollectSettingType": "CurrentInvoice",
                               "dunningDays": [1, 3, 5], "gracePeriod": 30, "autoSuspend": false,
                               "cancelAfterDays": null });
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&unset[member], value, "{member}");
        }
        let order = json!({ "term": "Net30", "autoCollect": "true", "autoCollectSettingType": "OutstandingBalance",
                            "dunningDays": [2, 9], "gracePeriod": 0, "autoSuspend": true, "cancelAfterDays": 7 });
        let set = shop.put(PATH, &order).await.ok();
        assert_eq!((&set["term"], &set["autoCollect"]), (&json!("Net30"), &json!(true)));
        assert_eq!((&set["dunningDays"], &set["cancelAfterDays"]), (&json!([2, 9]), &json!(7)));
        assert_eq!(shop.get(PATH).await.ok(), set);
        assert_eq!(shop.put(PATH, &set).await.ok(), set, "what is read can be written");
        assert_eq!(shop.put(PATH, json!({})).await.ok(), unset);
        let other = server.shop().await;
        assert_eq!(other.get(PATH).await.ok()["term"], json!("Net0"), "they are the account's own");
    })
    .await;
}

#[tokio::test]
async fn new_invoices_fall_due_by_the_terms_of_the_account() {
    each_server(async |server| {
        let shop = server.shop().await;
        shop.put(PATH, json!({ "term": "Net30" })).await.ok();
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let invoice = shop.create_invoice(customer, product, 1).await;
        assert_eq!(shop.get(&format!("/v1/invoices/{invoice}")).await.ok()["terms"], json!("Net30"));
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    each_server(async |server| {
        let shop = server.shop().await;
        let order = json!({ "autoCollectSettingType": "Threshold", "dunningDays": [3, 1], "gracePeriod": -1,
                            "cancelAfterDays": 0 });
        let reply = shop.put(PATH, &order).await;
        let expected = [
            (
                "AutoCollectSettingType",
                "Threshold needs amounts, which only customers have: set it in their billing settings.",
            ),
            ("DunningDays", "The field DunningDays takes up to 10 ascending days from 1 to 365."),
            ("GracePeriod", "The field GracePeriod must be between 0 and 3650."),
            ("CancelAfterDays", "The field CancelAfterDays must be between 1 and 3650."),
        ];
        let expected = expected.map(|(member, text)| (format!("collectionSettings.{member}"), text.to_owned()));
        assert_eq!((reply.status, reply.errors()), (400, expected.to_vec()));
    })
    .await;
}
