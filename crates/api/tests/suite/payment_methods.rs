//! Cards and bank accounts: stored, listed, shared, replaced, deleted, and never to be found again.

#[cfg(test)]
mod collecting;
#[cfg(test)]
mod importing;

use serde_json::{Value, json};
use testkit::{Client, TestAccount, TestServer, each_server};

/// Pays, and the test gateway stores it.
const GOOD: &str = "4242424242424242";
/// Refused, when it is stored too.
const DECLINED: &str = "4000000000000002";

/// An account with the test gateway.
async fn shop(server: &TestServer) -> (TestAccount, Client) {
    let account = server.account().await;
    server.add_gateway(&account).await;
    let client = server.client(&account.key);
    (account, client)
}

fn card(customer: i64, number: &str) -> Value {
    json!({ "customerId": customer, "cardNumber": number, "cvv": "987", "expirationMonth": 2, "expirationYear": 30,
            "firstName": "Ada", "lastName": "Lovelace", "address1": "1 Engine Way", "countryId": 124, "stateId": 9,
            "city": "Toronto", "postalZip": "M5V 1A1", "source": "Manual" })
}

fn bank_account(customer: i64) -> Value {
    json!({ "customerId": customer, "accountNumber": "000123456789", "transitNumber": "011000015",
            "bankAccountType": "CHQ", "firstName": "Ada", "lastName": "Lovelace", "source": "Automatic" })
}

async fn store(shop: &Client, customer: i64) -> i64 {
    shop.post("/v1/paymentMethods/creditCard", card(customer, GOOD)).await.id()
}

async fn all(shop: &Client, customer: i64) -> Vec<(i64, bool, bool)> {
    let methods = shop.get(&format!("/v1/customers/{customer}/paymentMethods/all")).await.ok();
    let flag = |method: &Value, name: &str| method[name].as_bool().unwrap();
    let seen = |method: &Value| (method["id"].as_i64().unwrap(), flag(method, "isDefault"), flag(method, "isParent"));
    methods.as_array().unwrap().iter().map(seen).collect()
}

#[tokio::test]
async fn methods_are_stored_listed_and_deleted() {
    each_server(async |server| {
        let (account, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let stored = shop.post("/v1/paymentMethods/creditCard", card(customer, GOOD)).await.ok();
        let first = stored["id"].as_i64().unwrap();
        assert_eq!(stored["maskedCardNumber"], "************4242");
        assert_eq!((&stored["isDefault"], &stored["cardType"]), (&json!(true), &json!("Visa")));
        assert_eq!((&stored["state"], &stored["maskedAccountNumber"]), (&json!("Ontario"), &Value::Null));
        let second = shop.post("/v1/paymentmethods", card(customer, GOOD)).await.id();
        let account_id = shop.post("/v1/paymentMethods/achCard", bank_account(customer)).await.ok();
        assert_eq!(account_id["maskedAccountNumber"], "****6789");
        let third = account_id["id"].as_i64().unwrap();
        assert_eq!(all(&shop, customer).await, [(first, true, false), (second, false, false), (third, false, false)]);
        for (path, count) in
            [("paymentMethods/creditCard", 2), ("CreditCards", 2), ("paymentMethods/achCard", 1), ("paymentMethods", 3)]
        {
            let list = shop.get(&format!("/v1/customers/{customer}/{path}")).await.ok();
            assert_eq!(list.as_array().unwrap().len(), count, "{path}");
        }
        let absent = |id: i64| format!("Payment method with id {id} not found.");
        shop.get(&format!("/v1/paymentMethods/{first}/achCard")).await.assert_error(404, "Api Error", &absent(first));
        assert_eq!(shop.get(&format!("/v1/paymentMethods/{first}")).await.ok()["id"], first);

        let text = "Cannot delete a default payment method. Please mark another payment method as default first.";
        shop.delete(&format!("/v1/paymentMethods/{first}/creditCard")).await.assert_error(400, "Api Error", text);
        let path = format!("/v1/paymentMethods/makeDefault?id={second}&customerId={customer}");
        assert_eq!(shop.post(&path, "").await.ok()["isDefault"], true);
        let path = format!("/v1/paymentMethods/makeDefault?id={third}&type=ACH");
        assert_eq!(shop.post(&path, "").await.ok()["id"], third);
        for id in [first, second] {
            assert_eq!(shop.delete(&format!("/v1/paymentMethods/{id}/creditCard")).await.status, 204);
            shop.get(&format!("/v1/paymentMethods/{id}")).await.assert_error(404, "Api Error", &absent(id));
        }
        // A sole method may go, though it is the default.
        assert_eq!(shop.delete(&format!("/v1/paymentMethods/{third}")).await.status, 204);
        assert_eq!(all(&shop, customer).await, []);
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_stores_nothing_and_is_kept_as_an_attempt() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let reply = shop.post("/v1/paymentMethods/creditCard", card(customer, DECLINED)).await;
        assert_eq!((reply.status, reply.errors()[0].0.as_str()), (400, "Api Error"));
        assert_eq!(all(&shop, customer).await, []);
        store(&shop, customer).await;
        let path = format!("/v1/customers/{customer}/paymentActivities");
        let attempts = shop.get(&path).await.ok();
        let ends: Vec<_> = attempts.as_array().unwrap().iter().map(|attempt| attempt["status"].clone()).collect();
        assert_eq!(ends, ["Failed", "Successful"], "{attempts}");

        let wrong = json!({ "customerId": customer, "cardNumber": ["4111111111111111"], "source": "Nobody" });
        let reply = shop.post("/v1/paymentMethods/creditCard", wrong).await;
        assert!(reply.status == 400 && !reply.text().contains("4111"), "{}", reply.text());
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_stores_one_method() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let once = shop.with("idempotency-key", "card-1");
        let first = once.post("/v1/paymentMethods/creditCard", card(customer, GOOD)).await;
        let again = once.post("/v1/paymentMethods/creditCard", card(customer, GOOD)).await;
        assert_eq!((first.ok(), again.header("idempotent-replayed")), (again.ok(), Some("true")));
        assert_eq!(all(&shop, customer).await.len(), 1);
        let other = once.post("/v1/paymentMethods/creditCard", card(customer, "5555555555554444")).await;
        assert_eq!(other.status, 400, "{}", other.text());
        // A refusal by the gateway is an answer, too.
        let once = shop.with("idempotency-key", "card-2");
        let declined = once.post("/v1/paymentMethods/creditCard", card(customer, DECLINED)).await;
        let again = once.post("/v1/paymentMethods/creditCard", card(customer, DECLINED)).await;
        assert_eq!((declined.text(), again.header("idempotent-replayed")), (again.text(), Some("true")));
        let at_once = shop.with("idempotency-key", "card-3");
        let body = card(customer, GOOD);
        let (left, right) = tokio::join!(
            at_once.post("/v1/paymentMethods/creditCard", &body),
            at_once.post("/v1/paymentMethods/creditCard", &body)
        );
        assert_eq!(left.id(), right.id());
        assert_eq!(all(&shop, customer).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_replacement_keeps_the_place_of_what_it_replaces() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let (first, second) = (store(&shop, customer).await, store(&shop, customer).await);
        let mut body = card(customer, "5555555555554444");
        body["id"] = json!(first);
        let replaced = shop.put("/v1/paymentMethods/creditCard", &body).await.ok();
        let new = replaced["id"].as_i64().unwrap();
        assert_eq!((&replaced["originalPaymentMethodId"], &replaced["isDefault"]), (&json!(first), &json!(true)));
        assert_eq!(all(&shop, customer).await, [(second, false, false), (new, true, false)]);
        // What is gone cannot be replaced, and what was refused leaves the old one.
        assert_eq!(shop.put("/v1/paymentMethods/creditCard", &body).await.status, 404);
        body = card(customer, DECLINED);
        body["id"] = json!(new);
        assert_eq!(shop.put("/v1/paymentMethods/creditCard", &body).await.status, 400);
        assert_eq!(all(&shop, customer).await, [(second, false, false), (new, true, false)]);
        let mut any = bank_account(customer);
        any["id"] = json!(new);
        assert_eq!(shop.put("/v1/paymentMethods", any).await.status, 404, "a card does not become a bank account");
    })
    .await;
}

#[tokio::test]
async fn children_use_what_their_ancestors_share() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let parent = shop.create_customer().await;
        let shared = store(&shop, parent).await;
        let child = shop.post("/v1/customers", json!({ "parentId": parent })).await.id();
        let stranger = shop.create_customer().await;
        assert_eq!(all(&shop, child).await, [(shared, true, true)], "a new child inherits the default");
        let own = store(&shop, child).await;
        assert_eq!(all(&shop, child).await, [(own, false, false), (shared, true, true)]);
        let default = |id: i64, customer: i64| format!("/v1/paymentMethods/makeDefault?id={id}&customerId={customer}");
        shop.post(&default(own, child), "").await.ok();
        assert_eq!(shop.post(&default(shared, child), "").await.ok()["isParent"], true);
        let absent = |id: i64| format!("Payment method with id {id} not found.");
        for (id, customer) in [(own, parent), (shared, stranger)] {
            shop.post(&default(id, customer), "").await.assert_error(404, "Api Error", &absent(id));
        }
        let mut private = card(parent, GOOD);
        private["sharing"] = json!(true);
        private["descendantOverrides"] = json!([{ "customerId": child, "sharing": false }]);
        let private = shop.post("/v1/paymentMethods/creditCard", private).await.ok();
        assert_eq!(private["descendantOverrides"][0]["customerId"], child);
        assert_eq!(all(&shop, child).await.len(), 2, "what is not shared with a child is not there for it");
        let mut wrong = card(parent, GOOD);
        wrong["descendantOverrides"] = json!([{ "customerId": stranger, "sharing": false }]);
        assert_eq!(shop.post("/v1/paymentMethods/creditCard", wrong).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_stored_without_a_gateway() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let text = "No payment gateway is configured for USD.";
        shop.post("/v1/paymentMethods/creditCard", card(customer, GOOD)).await.assert_error(400, "Api Error", text);
        let import = json!({ "customerId": customer, "stripeCustomerId": "cus_1", "stripeCardId": "card_1" });
        shop.post("/v1/paymentMethodImport/Stripe", import).await.assert_error(400, "Api Error", text);
    })
    .await;
}

#[tokio::test]
async fn a_file_moves_methods_to_other_customers() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let (from, to) = (shop.create_customer().await, shop.create_customer().await);
        let (first, second, own) = (store(&shop, from).await, store(&shop, from).await, store(&shop, to).await);
        let file = format!("PaymentMethodId,StaxBillId,MakeDefault\n{first},{to},\n{second},{to},yes\n{own},7,\n");
        let job = shop.upload("/v1/BulkApi/Upload?type=MovePaymentMethods", "text/csv", file).await.ok();
        let done = shop.post("/v1/BulkApi/Process", json!({ "id": job["id"] })).await.ok();
        assert_eq!((&done["failedRecords"], &done["processedRecords"]), (&json!(1), &json!(2)), "{done}");
        assert_eq!(all(&shop, from).await, []);
        assert_eq!(all(&shop, to).await, [(first, false, false), (second, true, false), (own, false, false)]);
        let moved = shop.get(&format!("/v1/paymentMethods/{first}/creditCard")).await;
        assert_eq!(moved.ok()["customerId"], to);
    })
    .await;
}
