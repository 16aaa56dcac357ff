//! Draft invoices on the wire: what is wrong with a request is said at once, and previews change nothing.

use serde_json::{Value, json};
use testkit::{Client, each_server};

async fn draft(shop: &Client) -> (i64, Value) {
    let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
    let purchase = shop.create_purchase(customer, product, 2).await;
    let path = format!("/v1/customers/purchase/{customer}");
    let order = json!({ "specificPurchaseIds": [purchase], "temporarilyDisableAutoPost": true });
    shop.post(&path, order).await.ok();
    let drafts = shop.get(&format!("/v1/customers/{customer}/draftInvoices")).await.ok();
    (customer, shop.get(&format!("/v1/draftInvoices/{}", drafts[0]["id"])).await.ok())
}

#[tokio::test]
async fn every_wrong_member_is_told() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (_, draft) = draft(&shop).await;
        let change = json!({
            "poNumber": "x".repeat(256), "notes": "x".repeat(2001), "draftCharges": [
                { "name": " ", "quantity": -1, "proratedUnitPrice": 1, "startServiceDate": "2024-01-01",
                  "endServiceDate": "2024-01-01", "draftDiscounts": [{ "configuredDiscountAmount": -1 }],
                  "draftChargeTiers": [{ "quantity": 0 }] }
            ]
        });
        let refused = shop.send("PATCH", "/v1/draftInvoices", &change.to_string()).await;
        assert_eq!(refused.status, 400);
        let keys: Vec<_> = refused.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            [
                "draftInvoice.Id",
                "draftInvoice.PoNumber",
                "draftInvoice.Notes",
                "draftInvoice.DraftCharges[0].ProratedUnitPrice",
                "draftInvoice.DraftCharges[0].StartServiceDate",
                "draftInvoice.DraftCharges[0].EndServiceDate",
                "draftInvoice.DraftCharges[0].Id",
                "draftInvoice.DraftCharges[0].Name",
                "draftInvoice.DraftCharges[0].Quantity",
                "draftInvoice.DraftCharges[0].DraftDiscounts[0].Id",
                "draftInvoice.DraftCharges[0].DraftDiscounts[0].ConfiguredDiscountAmount",
                "draftInvoice.DraftCharges[0].DraftChargeTiers[0].UnitPrice",
                "draftInvoice.DraftCharges[0].DraftChargeTiers[0].Quantity",
            ]
        );
        let id = &draft["id"];
        let parts = json!([{ "invoiceId": id, "amount": 1.001, "daysDueAfterTerm": -1 }, { "invoiceId": 1 }]);
        let refused = shop.post("/v1/draftPaymentSchedules", parts).await;
        let keys: Vec<_> = refused.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            [
                "draftPaymentSchedules[0].Amount",
                "draftPaymentSchedules[0].DaysDueAfterTerm",
                "draftPaymentSchedules[1].InvoiceId",
                "draftPaymentSchedules[1].Amount",
                "draftPaymentSchedules[1].DaysDueAfterTerm",
            ]
        );
        assert_eq!(shop.get(&format!("/v1/draftInvoices/{id}")).await.ok(), draft);
    })
    .await;
}

#[tokio::test]
async fn a_preview_posts_nothing_and_members_count_only_when_they_are_set() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, draft) = draft(&shop).await;
        let id = &draft["id"];
        let post = format!("/v1/invoices?draftInvoiceId={id}");
        for (path, body) in [(format!("{post}&preview=true"), ""), (post.clone(), "{preview:true}")] {
            let shown = shop.post(&path, body).await.ok();
            assert_eq!((&shown["invoiceInMemoryOnly"], &shown["invoiceAmount"]), (&json!(true), &json!(20.0)));
        }
        let change = json!({ "id": id, "netTerms": "Net5", "referenceDate": "2024-01-01" });
        let kept = shop.send("PATCH", "/v1/draftInvoices", &change.to_string()).await.ok();
        assert_eq!((&kept["terms"], &kept["referenceDate"]), (&json!("Net30"), &Value::Null));
        let posted = shop.post(&post, "").await.ok();
        assert_eq!((&posted["invoiceInMemoryOnly"], &posted["invoiceNumber"]), (&json!(false), &json!(1)));
        let ignored = json!({ "id": posted["id"], "netTerms": "Net5", "hideOnSSP": true });
        let kept = shop.send("PATCH", "/v1/invoices", &ignored.to_string()).await.ok();
        assert_eq!((&kept["terms"], &kept["hideOnSSP"]), (&json!("Net30"), &json!(false)));
        let found = shop.get(&format!("/v1/draftInvoices/{id}")).await;
        found.assert_refused(404, &format!("Draft Invoice with id {id} not found."));
        assert_eq!(shop.get(&format!("/v1/customers/{customer}/draftInvoices")).await.text(), "[]");
        shop.post("/v1/invoices", "").await.assert_refused(400, "The draftInvoiceId parameter is required.");
    })
    .await;
}
