//! What callers are told when they are refused, byte for byte and the same on both databases.

use std::time::Duration;

use api::{Config, Limits};
use db::Backend;
use serde_json::json;
use testkit::{TestServer, each_server, on_server, server::config};
use tokio::time::sleep;

use crate::transcript::Transcript;

#[tokio::test]
async fn refusals_of_the_frame_are_as_recorded() {
    let limits = Limits { per_minute: 5, per_day: 1_000 };
    on_server(Config { limits, body_bytes_max: 60, ..config() }, async |server| {
        let shop = server.shop().await;
        let mut transcript = Transcript::default();
        let anonymous = server.anonymous();
        transcript.call(&anonymous, "GET", "/v1/customers", "").await;
        transcript.call(&anonymous.with("authorization", "Bearer abc"), "GET", "/v1/customers", "").await;
        transcript.call(&server.client("unknown"), "GET", "/v1/customers", "").await;
        transcript.call(&shop, "GET", "/v1/nothing/here", "").await;
        transcript.call(&shop, "GET", "/v1/customers/abc", "").await;
        transcript.call(&shop, "PATCH", "/v1/customers", "").await;
        transcript.call(&shop, "POST", "/v1/customers", &format!("{{firstName:'{}'}}", "x".repeat(60))).await;
        transcript.call(&shop, "POST", "/v1/customers", "{customerId:1,\n  'a':}").await;
        transcript.call(&shop, "GET", "/v1/customers?pageSize=none&sortOrder=up&query=a:b", "").await;
        transcript.call(&shop.with("idempotency-key", &"x".repeat(256)), "POST", "/v1/customers", "{}").await;
        transcript.call(&shop, "GET", "/v1/customers", "").await;
        insta::assert_snapshot!("frame", transcript.take());
    })
    .await;
}

/// Runs a statement on the server's database.
async fn run(server: &TestServer, sql: &'static str) {
    server.app.db().write(move |tx| tx.execute(sql, &[])).await.unwrap();
}

/// Ends the connection whose commit waits for the trigger of the test.
async fn kill_commit(server: &TestServer) {
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = current_schema() AND query = 'COMMIT'";
    let killed = move |tx: &mut app::Tx<'_>| tx.query_opt(kill, &[], |row| row.get::<bool>(0));
    while server.app.db().write::<_, db::Error>(killed).await.unwrap().is_none() {
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_commit_without_an_answer_is_told_as_one_that_may_have_been() {
    each_server(async |server| {
        // Only a server can go away while others go on.
        if server.app.db().backend() != Backend::Postgres {
            return;
        }
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        run(
            server,
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
                 PERFORM set_config(''application_name'', current_schema(), false), pg_sleep(20); RETURN NULL;
             END'",
        )
        .await;
        run(
            server,
            "CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON payment DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION linger()",
        )
        .await;
        let payment = json!({ "customerId": customer, "source": "Manual", "amount": 5, "paymentMethod": "Cash" });
        let named = shop.with("idempotency-key", "rent of May");
        let (reply, ()) = tokio::join!(named.post("/v1/Payments", &payment), kill_commit(server));
        let text = "The outcome of the request is not known: it may have taken effect. Read what it was to change before you \
                    repeat it, or repeat it under the same Idempotency-Key.";
        reply.assert_refused(500, text);
        assert_eq!(reply.header("retry-after"), None);
        run(server, "DROP TRIGGER linger ON payment").await;
        for _ in 0..2 {
            named.post("/v1/Payments", &payment).await.ok();
        }
        let count = server.app.db().read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM payment", &[])).await;
        assert_eq!(count, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn refusals_of_bodies_tell_all_problems_at_once() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let mut transcript = Transcript::default();
        for (path, body) in [
            ("/v1/Purchases/BulkCreate", "{}"),
            (
                "/v1/Purchases/BulkCreate",
                "{customerId:'x',autoPurchase:'maybe',purchases:[{productId:1.5,name:'a',quantity:'abc',pricingModelType:'Cheap'},\
                 {discounts:[{discountType:'Half',amount:1e99}]}]}",
            ),
            (
                "/v1/Purchases/BulkCreate",
                "{customerId:1,purchases:[{name:'',quantity:-1,overridePriceRanges:[{max:1}],customFields:[{key:'k'},{key:'k'}],\
                 discounts:[{discountType:'Percentage',amount:101}],productItems:[{name:'x'}]}],\
                 invoiceCollectOptions:{paymentMethod:'UseExistingPaymentMethod'}}",
            ),
            ("/v1/Purchases/Purchase", "{purchaseIds:[]}"),
            ("/v1/Payments", "{customerId:1,source:'Dream',amount:0.001,paymentMethod:'CreditCard',pendingSettlement:true}"),
            ("/v1/Payments", "{amount:-1,paymentAllocations:[{},{invoiceId:1,amount:0}]}"),
            ("/v1/Invoices/WriteOff", "{}"),
            ("/v1/Customers", "{primaryEmail:'nobody',title:'King',billingSetting:{term:'Net9'}}"),
            ("/v1/CustomerActivation", "{}"),
            ("/v1/Products", "{}"),
            ("/v1/BulkApi", "{accountUploadType:'CustomerImport',data:[]}"),
            ("/v1/BulkApi/Process", "{}"),
        ] {
            let reply = transcript.call(&shop, "POST", path, body).await;
            assert_eq!(reply.status, 400, "{path} {body}");
        }
        insta::assert_snapshot!("bodies", transcript.take());
    })
    .await;
}

#[tokio::test]
async fn refusals_of_rules_are_as_recorded() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let draft = shop.create_draft_customer().await;
        let product = shop.create_product("P", "2").await;
        let purchase = shop.create_purchase(customer, product, 1).await;
        let sold = shop.create_invoice(customer, product, 1).await;
        let mut transcript = Transcript::default();
        let mut post = async |path: &str, body: serde_json::Value| {
            let reply = transcript.call(&shop, "POST", path, &body.to_string()).await;
            assert!(matches!(reply.status, 400 | 404), "{path} {body}: {}", reply.text());
        };
        let finalize = |customer: i64, purchases: &[i64]| json!({ "customerId": customer, "purchaseIds": purchases });
        post("/v1/Purchases/Purchase", finalize(customer, &[purchase, purchase])).await;
        post("/v1/Purchases/Purchase", finalize(draft, &[purchase])).await;
        shop.post("/v1/Purchases/Purchase", finalize(customer, &[purchase])).await.ok();
        post("/v1/Purchases/Purchase", finalize(customer, &[purchase])).await;
        let pay = |amount: i64, allocations: serde_json::Value| {
            json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": amount, "paymentAllocations": allocations })
        };
        post("/v1/Payments", pay(9, json!([{ "invoiceId": sold, "amount": 9 }]))).await;
        post("/v1/Payments", pay(1, json!([{ "invoiceId": sold, "amount": 2 }]))).await;
        post("/v1/Payments", pay(2, json!([{ "invoiceId": sold, "amount": 1 }, { "invoiceId": sold, "amount": 1 }]))).await;
        post("/v1/Invoices/WriteOff", json!({ "invoiceId": sold, "amount": 1 })).await;
        post("/v1/CustomerActivation", json!({ "customerId": customer, "activateAllSubscriptions": false,
            "activateAllDraftPurchases": false, "temporarilyDisableAutoPost": false })).await;
        post("/v1/Products", testkit::fixtures::product("P", "1")).await;
        let card = json!({ "customerId": customer, "autoPurchase": true, "purchases": [{ "productId": product, "name": "x", "quantity": 1 }],
                           "invoiceCollectOptions": { "paymentMethod": "useDefaultPaymentMethod" } });
        post("/v1/Purchases/BulkCreate", card).await;
        let delete = transcript.call(&shop, "DELETE", &format!("/v1/Purchases/{purchase}"), "").await;
        delete.assert_refused(400, "Only purchases in status Draft may be deleted.");
        for path in ["customers", "products", "purchases", "invoices", "payments", "BulkApi"] {
            transcript.call(&shop, "GET", &format!("/v1/{path}/5"), "").await;
        }
        insta::assert_snapshot!("rules", transcript.take());
    })
    .await;
}
