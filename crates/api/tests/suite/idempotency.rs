//! `Idempotency-Key`: one effect, one answer, however often and at whatever time it is sent.

use futures_util::future::join_all;
use serde_json::json;
use testkit::{each_server, on_server, server::config};

const CALL_COUNT: usize = 200;

fn order(customer: i64, product: i64, quantity: i64) -> String {
    let purchases = json!([{ "productId": product, "name": "one", "quantity": quantity }]);
    json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases }).to_string()
}

#[tokio::test]
async fn two_hundred_equal_calls_at_once_have_one_effect_and_one_answer() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let named = shop.with("idempotency-key", "order 1");
        let body = order(customer, product, 3);
        let calls = (0..CALL_COUNT).map(|_| named.post("/v1/Purchases/BulkCreate", &body));
        let replies = join_all(calls).await;
        let first = replies[0].text().to_owned();
        for reply in &replies {
            assert_eq!((reply.status, reply.text()), (200, first.as_str()));
        }
        let fresh = replies.iter().filter(|reply| reply.header("idempotent-replayed").is_none()).count();
        assert_eq!(fresh, 1, "all but the first call are told that they did nothing");
        for (list, count) in [("purchases", "1"), ("invoices", "1")] {
            let list = shop.get(&format!("/v1/customers/{customer}/{list}")).await;
            assert_eq!(list.header("x-maxcount"), Some(count));
        }

        let reply = named.post("/v1/Purchases/BulkCreate", order(customer, product, 4)).await;
        reply.assert_refused(400, "Idempotency-Key `order 1` was already used with a different request.");
        let reply = named.post("/v1/Purchases/BulkCreate?preview=false", &body).await;
        reply.assert_refused(400, "Idempotency-Key `order 1` was already used with a different request.");
        let reply = named.post("/v1/customers", "{}").await;
        reply.assert_refused(400, "Idempotency-Key `order 1` was already used with a different request.");
        server.clock.advance_days(400);
        assert_eq!(named.post("/v1/Purchases/BulkCreate", &body).await.text(), first, "the answer is kept for good");
        assert_eq!(shop.get("/v1/invoices").await.header("x-maxcount"), Some("1"));
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    each_server(async |server| {
        let (one, two) = (server.shop().await, server.shop().await);
        let first = one.with("idempotency-key", "k").post("/v1/customers", "{firstName:'A'}").await;
        let second = two.with("idempotency-key", "k").post("/v1/customers", "{firstName:'B'}").await;
        assert_ne!(first.id(), second.id());
        assert_eq!(second.header("idempotent-replayed"), None);
    })
    .await;
}

#[tokio::test]
async fn a_refused_call_leaves_its_key_free() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = shop.create_product("P", "1").await;
        let named = shop.with("idempotency-key", "k");
        assert_eq!(named.post("/v1/Purchases/BulkCreate", order(1, product, 1)).await.status, 404);
        let customer = shop.create_customer().await;
        assert_eq!(named.post("/v1/Purchases/BulkCreate", order(customer, product, 1)).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_job_is_answered_with_the_same_job() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let invoice = shop.create_invoice(customer, product, 1).await;
        let named = shop.with("idempotency-key", "job");
        let body = json!({ "accountUploadType": "BulkWriteOff", "data": [invoice] }).to_string();
        let replies = join_all((0..20).map(|_| named.post("/v1/BulkApi", &body))).await;
        let ids: Vec<i64> = replies.iter().map(testkit::Reply::id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let process = shop.with("idempotency-key", "process");
        for replayed in [None, Some("true")] {
            let reply = process.post("/v1/BulkApi/Process", json!({ "id": ids[0] })).await;
            assert_eq!(reply.ok()["status"], "Processed");
            assert_eq!(reply.header("idempotent-replayed"), replayed);
        }
    })
    .await;
}

#[tokio::test]
async fn the_answers_of_a_job_stay_what_they_were() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let invoice = shop.create_invoice(customer, product, 1).await;
        let named = |key| shop.with("idempotency-key", key);
        let submit = |data| json!({ "accountUploadType": "BulkWriteOff", "data": data }).to_string();
        let first = submit(json!([invoice, 1]));
        let submitted = named("submit").post("/v1/BulkApi", &first).await;
        let process = json!({ "id": submitted.id() }).to_string();
        server.clock.advance_millis(1_000);
        let processed = named("process").post("/v1/BulkApi/Process", &process).await;
        assert_eq!(
            (&submitted.ok()["status"], &processed.ok()["status"]),
            (&json!("ValidatedWithErrors"), &json!("Processed"))
        );
        let second = submit(json!([shop.create_invoice(customer, product, 2).await, "x"]));
        let job = named("submit 2").post("/v1/BulkApi", &second).await.id();
        let cancel = format!("/v1/BulkApi/Cancel/{job}");
        let cancelled = named("cancel").post(&cancel, "").await;
        assert_eq!(cancelled.ok()["records"][0]["details"], "Manually marked as Failed.");

        server.clock.advance_days(400);
        shop.post("/v1/customers", "{}").await.ok();
        for (key, path, body, answer) in [
            ("submit", "/v1/BulkApi", first.as_str(), submitted),
            ("process", "/v1/BulkApi/Process", process.as_str(), processed),
            ("cancel", cancel.as_str(), "", cancelled),
        ] {
            assert_eq!(answer.header("idempotent-replayed"), None);
            let replayed = named(key).post(path, body).await;
            assert_eq!((replayed.status, replayed.text()), (answer.status, answer.text()), "{key}");
            assert_eq!(replayed.header("idempotent-replayed"), Some("true"), "{key}");
            assert_eq!(replayed.header("content-type"), answer.header("content-type"), "{key}");
        }
    })
    .await;
}

#[tokio::test]
async fn keys_have_a_length_and_reading_calls_ignore_them() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let text = "Idempotency-Key must have 1 to 255 visible ASCII characters.";
        let too_long = shop.with("idempotency-key", &"x".repeat(256));
        too_long.post("/v1/customers", "{}").await.assert_refused(400, text);
        for empty in ["", " "] {
            let named = shop.with("idempotency-key", empty);
            let (first, second) = (named.post("/v1/customers", "{}").await, named.post("/v1/customers", "{}").await);
            assert_ne!(first.id(), second.id(), "an empty key is none");
        }
        shop.with("idempotency-key", &"x".repeat(255)).post("/v1/customers", "{}").await.ok();
        let named = shop.with("idempotency-key", "read");
        assert_eq!(named.get("/v1/customers").await.header("x-count"), Some("5"));
        shop.post("/v1/customers", "{}").await.ok();
        assert_eq!(named.get("/v1/customers").await.header("x-count"), Some("6"));
    })
    .await;
}
