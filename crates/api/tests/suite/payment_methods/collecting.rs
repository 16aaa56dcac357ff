//! `paymentCollectOptions` of a new card or bank account, and where customers show what they are collected from.

use serde_json::{Value, json};
use testkit::{Client, each_server};

use super::{GOOD, all, bank_account, card, shop};

/// Stored, but each charge is refused.
const DECLINED_LATER: &str = "4000000000000341";

const CARDS: &str = "/v1/paymentMethods/creditCard";

fn collecting(mut body: Value, amount: &Value) -> Value {
    body["paymentCollectOptions"] = json!({ "collectionAmount": amount });
    body
}

async fn payments(shop: &Client, customer: i64) -> Vec<(String, Value)> {
    let attempts = shop.get(&format!("/v1/customers/{customer}/paymentActivities")).await.ok();
    let attempt = |attempt: &Value| (attempt["status"].as_str().unwrap().to_owned(), attempt["amount"].clone());
    attempts.as_array().unwrap().iter().map(attempt).collect()
}

#[tokio::test]
async fn a_new_card_pays_the_oldest_invoices_at_once() {
    each_server(async |server| {
        let (account, shop) = shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P-1", "10").await);
        let (old, new) =
            (shop.create_invoice(customer, product, 2).await, shop.create_invoice(customer, product, 3).await);
        let once = shop.with("idempotency-key", "at-once");
        let mut body = collecting(card(customer, GOOD), &json!("25.00"));
        body["sharing"] = json!(false);
        let stored = once.post(CARDS, &body).await.ok();
        let id = stored["id"].as_i64().unwrap();
        assert_eq!((&stored["maskedCardNumber"], &stored["isDefault"]), (&json!("************4242"), &json!(true)));
        assert_eq!(stored["sharing"], false);
        assert_eq!(once.post(CARDS, &body).await.id(), id);
        let owed =
            async |invoice: i64| shop.get(&format!("/v1/invoices/{invoice}")).await.ok()["outstandingBalance"].clone();
        assert_eq!((owed(old).await, owed(new).await), (json!(0.0), json!(25.0)));
        shop.post("/v1/paymentMethods/achCard", collecting(bank_account(customer), &json!(30))).await.ok();
        assert_eq!((owed(new).await, all(&shop, customer).await.len()), (json!(0.0), 2));
        let paid = [("Successful".to_owned(), json!(25.0)), ("Successful".to_owned(), json!(30.0))];
        assert_eq!(payments(&shop, customer).await, paid);
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn a_card_that_does_not_pay_is_not_kept() {
    each_server(async |server| {
        let (account, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let once = shop.with("idempotency-key", "declined");
        let body = collecting(card(customer, DECLINED_LATER), &json!(12.5));
        let declined = once.post(CARDS, &body).await;
        assert_eq!((declined.status, declined.errors().len()), (400, 1), "{}", declined.text());
        assert_eq!(once.post(CARDS, &body).await.text(), declined.text());
        assert_eq!(all(&shop, customer).await, []);
        assert_eq!(payments(&shop, customer).await, [("Failed".to_owned(), json!(12.5))]);
        for (amount, count) in [(json!(0), 1), (json!(-1), 1), (json!(1.001), 1), (Value::Null, 0)] {
            let wrong = collecting(card(customer, "4242424242424241"), &amount);
            let problems = shop.post(CARDS, wrong).await.errors();
            let about = |key: &str| key == "creditCard.PaymentCollectOptions.CollectionAmount";
            assert_eq!(problems.iter().filter(|(key, _)| about(key)).count(), count, "{amount}: {problems:?}");
        }
        let mut replacement = collecting(card(customer, GOOD), &json!(5));
        replacement["id"] = json!(super::store(&shop, customer).await);
        let text = "Nothing is collected when a payment method is replaced.";
        shop.put(CARDS, replacement).await.assert_error(400, "creditCard.PaymentCollectOptions", text);
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn summaries_name_what_a_customer_is_collected_from() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let parent = shop.create_customer().await;
        super::store(&shop, parent).await;
        let child = shop.post("/v1/customers", json!({ "parentId": parent })).await.id();
        let alone = shop.create_customer().await;
        let shown = async |customer: i64| {
            let rows = shop.get("/v1/customerSummary").await.ok();
            let row = rows.as_array().unwrap().iter().find(|row| row["id"] == customer).cloned();
            row.unwrap()["paymentMethod"].clone()
        };
        let visa = json!("Visa ending in 4242");
        assert_eq!(
            (shown(parent).await, shown(child).await, shown(alone).await),
            (visa.clone(), visa.clone(), Value::Null)
        );
        // The parent's next card is its own: it is not shared, so the child has nothing to be collected from.
        let mut own = card(parent, "5555555555554444");
        own["id"] = json!(all(&shop, parent).await[0].0);
        own["sharing"] = json!(false);
        shop.put(CARDS, own).await.ok();
        assert_eq!((shown(parent).await, shown(child).await), (json!("MasterCard ending in 4444"), Value::Null));
    })
    .await;
}
