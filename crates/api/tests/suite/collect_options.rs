//! Collecting on the way of a command: every member acts or is refused, and a refusal says what to do and what stays.

use serde_json::{Value, json};
use testkit::{Client, Reply, TestAccount, TestServer, each_server};

const BULK: &str = "/v1/Purchases/BulkCreate";
/// Pays.
const GOOD: &str = "4242424242424242";
/// Refused.
const DECLINED: &str = "4000000000000002";

const WITHOUT_POSTING: &str = "temporarilyDisableAutoPost is not valid with invoiceCollectOptions.";

async fn shop(server: &TestServer) -> (TestAccount, Client) {
    let account = server.account().await;
    server.add_gateway(&account).await;
    let client = server.client(&account.key);
    (account, client)
}

fn card(number: &str) -> Value {
    json!({ "cardNumber": number, "expirationMonth": 2, "expirationYear": 34, "firstName": "Ada", "lastName": "Byron" })
}

/// Collect with a card, and sell nothing unless it pays.
fn once(number: &str) -> Value {
    json!({ "paymentMethod": "UseProvidedPaymentMethodOnce", "creditCard": card(number), "rollbackOnFailedPayment": true })
}

fn sale(customer: i64, product: i64, more: &Value) -> Value {
    let mut body = json!({ "customerId": customer, "autoPurchase": true,
                           "purchases": [{ "productId": product, "name": "x", "quantity": 1 }] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn ids_of_drafts(shop: &Client, customer: i64) -> Vec<i64> {
    let drafts = shop.get(&format!("/v1/customers/{customer}/draftInvoices")).await.ok();
    drafts.as_array().unwrap().iter().map(|draft| draft["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn options_that_say_nothing_are_refused() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let draft = shop.create_purchase(customer, product, 1).await;
        let (nothing, text) = (json!({ "invoiceCollectOptions": {} }), "The PaymentMethod field is required.");
        let at = |model: &str| format!("{model}.InvoiceCollectOptions.PaymentMethod");
        let refused = |reply: Reply, model: &str| reply.assert_error(400, &at(model), text);
        refused(shop.post(BULK, sale(customer, product, &nothing)).await, "bulkPurchase");
        let order = json!({ "customerId": customer, "purchaseIds": [draft], "invoiceCollectOptions": {} });
        refused(shop.post("/v1/Purchases/Purchase", order).await, "purchase");
        let path = format!("/v1/Customers/Purchase/{customer}");
        refused(shop.post(&path, &nothing).await, "customerPurchase");
        let path = format!("/v1/DraftInvoices/PostReadyCharges?customerId={customer}");
        refused(shop.post(&path, &nothing).await, "postReadyCharges");
    })
    .await;
}

#[tokio::test]
async fn an_invoice_that_is_to_wait_is_a_draft_and_not_collected() {
    each_server(async |server| {
        let (account, shop) = shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let waits = json!({ "temporarilyDisableAutoPost": true });
        let by_query = format!("{BULK}?temporarilyDisableAutoPost=true");
        shop.post(BULK, sale(customer, product, &waits)).await.ok();
        shop.post(&by_query, sale(customer, product, &json!({}))).await.ok();
        let draft = shop.create_purchase(customer, product, 1).await;
        let order = json!({ "customerId": customer, "purchaseIds": [draft], "temporarilyDisableAutoPost": true });
        shop.post("/v1/Purchases/Purchase", order).await.ok();
        assert_eq!(ids_of_drafts(&shop, customer).await.len(), 3);

        let collects = json!({ "invoiceCollectOptions": once(GOOD) });
        let mut both = collects.clone();
        both["temporarilyDisableAutoPost"] = json!(true);
        shop.post(BULK, sale(customer, product, &both)).await.assert_refused(400, WITHOUT_POSTING);
        shop.post(&by_query, sale(customer, product, &collects)).await.assert_refused(400, WITHOUT_POSTING);
        shop.post(&format!("/v1/Customers/Purchase/{customer}"), &both).await.assert_refused(400, WITHOUT_POSTING);
        let mut activation = both.clone();
        activation["customerId"] = json!(shop.create_draft_customer().await);
        activation["activateAllSubscriptions"] = json!(true);
        activation["activateAllDraftPurchases"] = json!(true);
        shop.post("/v1/CustomerActivation", activation).await.assert_refused(400, WITHOUT_POSTING);
        assert!(server.gateway.entries().unwrap().is_empty());
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn a_decline_names_what_stays_a_draft() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let collects = json!({ "invoiceCollectOptions": once(DECLINED) });
        let declined = shop.post(BULK, sale(customer, product, &collects)).await.errors();
        let purchases = shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok();
        let stays = format!("Purchase {} stays a draft.", purchases[0]["id"]);
        let told = ["Your card was declined.".to_owned(), stays].map(|text| ("Api Error".to_owned(), text));
        assert_eq!(declined, told);

        shop.post(BULK, sale(customer, product, &json!({ "temporarilyDisableAutoPost": true }))).await.ok();
        let path = format!("/v1/DraftInvoices/PostReadyCharges?customerId={customer}");
        let declined = shop.post(&path, collects).await.errors();
        let stays = format!("Draft invoice {} stays a draft.", ids_of_drafts(&shop, customer).await[0]);
        assert_eq!(declined[1].1, stays);
    })
    .await;
}

#[tokio::test]
async fn refusals_name_the_member_that_helps() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        for (method, text) in [
            ("CreditCard", "One of paymentMethodId, useDefaultPaymentMethod and creditCard is required for CreditCard."),
            ("ACH", "One of paymentMethodId, useDefaultPaymentMethod and achCard is required for ACH."),
        ] {
            let payment = json!({ "customerId": customer, "source": "Manual", "amount": 5, "paymentMethod": method });
            shop.post("/v1/Payments", payment).await.assert_error(400, "payment.PaymentMethodId", text);
        }
        let invoice = shop.create_invoice(customer, product, 1).await;
        let given = json!([{ "invoiceId": invoice, "amount": 4 }]);
        let payment = json!({ "customerId": customer, "source": "Manual", "amount": 6, "paymentMethod": "Cash",
                              "paymentAllocations": given });
        let payment = shop.post("/v1/Payments", payment).await.id();
        let refund = shop.post("/v1/Refunds", json!({ "originalPaymentId": payment, "amount": 3 })).await;
        let text = "The allocations leave 3 of the amount, but only 2 is unallocated; say which invoices give back the rest.";
        refund.assert_error(400, "refund.RefundAllocations", text);
        let credit = json!({ "customerId": customer, "amount": 3, "creditAllocations": [{ "invoiceId": invoice, "amount": 3 }] });
        let credit = shop.post("/v1/Credits", credit).await.id();
        let debit = shop.post("/v1/Debits", json!({ "originalCreditId": credit, "amount": 3 })).await.errors();
        assert_eq!(debit[0].0, "debit.DebitAllocations");
    })
    .await;
}
