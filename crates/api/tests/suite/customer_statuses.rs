//! Holding, cancelling and deleting customers over the wire (customers.md §2.6 and §2.9–2.12).

use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

async fn status(shop: &Client, customer: i64) -> Value {
    shop.get(&format!("/v1/customers/{customer}")).await.ok()["status"].clone()
}

#[tokio::test]
async fn a_preview_of_the_end_of_a_hold_changes_nothing() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        shop.post(&format!("/v1/customerHold/{customer}"), "").await.ok();
        let order =
            json!({ "customerId": customer, "serviceStartOption": "noChargesForMissedPeriods", "preview": true });
        let by_body = shop.post("/v1/customers/unHold", &order).await.ok();
        let order = json!({ "customerId": customer, "serviceStartOption": "NoChargesForMissedPeriods" });
        let by_query = shop.post("/v1/customers/unHold?preview=true", &order).await.ok();
        assert_eq!(by_body, by_query);
        assert_eq!((&by_body["status"], &by_body["additionalInvoicesForPreview"]), (&json!("Hold"), &json!([])));
        assert_eq!(status(&shop, customer).await, "Hold");
        let going = shop.post("/v1/customers/unHold", &order).await.ok();
        assert_eq!((&going["status"], going.get("additionalInvoicesForPreview")), (&json!("Active"), None));
        let refused = shop.post("/v1/customers/unHold?preview=true", &order).await;
        refused.assert_refused(400, "Only customers in Hold status can be taken off hold.");
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_said_all_at_once() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let keys = |reply: &testkit::Reply| reply.errors().into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let reply = shop.post("/v1/customers/unhold", json!({})).await;
        assert_eq!(keys(&reply), ["customerUnHold.CustomerId", "customerUnHold.ServiceStartOption"]);
        let customer = shop.create_customer().await;
        shop.post(&format!("/v1/customerHold/{customer}"), "").await.ok();
        let reply = shop.post("/v1/customers/unhold", json!({ "customerId": customer })).await;
        reply.assert_error(400, "customerUnHold.ServiceStartOption", "The ServiceStartOption field is required.");
        let reply = shop.post("/v1/customerCancellation", json!({})).await;
        assert_eq!(keys(&reply), ["customerCancellation.CustomerId", "customerCancellation.CancellationOption"]);
        for option in ["None", "Unearned", "Full"] {
            let customer = shop.create_customer().await;
            let order = json!({ "customerId": customer, "cancellationOption": option });
            assert_eq!(shop.post("/v1/customerCancellation", order).await.ok()["status"], "Cancelled", "{option}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_names_one_hold() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let keyed = shop.with("idempotency-key", "hold-1");
        let path = format!("/v1/customerHold/{customer}");
        let first = keyed.post(&path, "").await;
        assert_eq!(first.ok()["status"], "Hold");
        let again = keyed.post(&path, "").await;
        assert_eq!((again.ok(), again.header("idempotent-replayed")), (first.ok(), Some("true")));
        shop.post(&path, "").await.assert_refused(400, "Only customers in Active status can be put on hold.");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_draft_is_gone() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let path = format!("/v1/customers/{customer}");
        let gone = format!("Customer with id {customer} not found.");
        assert_eq!(shop.delete(&path).await.status, 204);
        shop.get(&path).await.assert_refused(404, &gone);
        shop.delete(&path).await.assert_refused(404, &gone);
        let active = shop.create_customer().await;
        let refused = shop.delete(&format!("/v1/customers/{active}")).await;
        refused.assert_refused(400, "Only customers in Draft status can be deleted.");
    })
    .await;
}
