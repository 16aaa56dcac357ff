//! Payments by card and bank account in bulk jobs: each record is charged once, waits for the end of its attempt, and tells it.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Client, TestServer, each_server};
use tokio::time::sleep;

/// Pays.
const GOOD: &str = "4242424242424242";
/// Is stored, and refuses every charge.
const DECLINED_LATER: &str = "4000000000000341";
/// Pays, and tells so to the second who asks.
const TELLS_LATE: &str = "4000000000000275";

/// A customer with a card, and the card's id.
async fn with_card(shop: &Client, number: &str) -> (i64, i64) {
    let customer = shop.create_customer().await;
    let card = json!({ "customerId": customer, "cardNumber": number, "expirationMonth": 2, "expirationYear": 34,
                       "firstName": "Ada", "lastName": "Byron", "source": "Manual" });
    (customer, shop.post("/v1/paymentMethods/creditCard", card).await.id())
}

fn record(customer: i64, amount: i64, how: &Value) -> Value {
    let mut record = json!({ "customerId": customer, "source": "Import", "amount": amount });
    record.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
    record
}

fn card(id: i64) -> Value {
    json!({ "paymentMethod": "CreditCard", "paymentMethodId": id })
}

fn default() -> Value {
    json!({ "paymentMethod": "CreditCard", "useDefaultPaymentMethod": true })
}

fn cash() -> Value {
    json!({ "paymentMethod": "Cash" })
}

async fn read(shop: &Client, job: &Value) -> Value {
    shop.get(&format!("/v1/BulkApi/{job}?view=Full")).await.ok()
}

/// How each record stands, and what it tells.
fn told(job: &Value) -> Vec<(&str, &str)> {
    let records = job["records"].as_array().unwrap().iter();
    records.map(|record| (record["status"].as_str().unwrap(), record["details"].as_str().unwrap_or_default())).collect()
}

/// Waits until so many records have been processed, and the job stands so.
async fn until_processed(server: &TestServer, shop: &Client, job: &Value, (count, status): (i64, &str)) -> Value {
    for _ in 0..500 {
        let read = read(shop, job).await;
        if read["totalProcessedRecords"] == count && read["status"] == status {
            return read;
        }
        // A lane whose record waits looks again after a second.
        server.clock.advance_millis(1_000);
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{}", read(shop, job).await);
}

#[tokio::test]
async fn each_record_is_charged_once_and_tells_how_it_ended() {
    each_server(async |server| {
        let account = server.account().await;
        server.add_gateway(&account).await;
        let shop = server.client(&account.key);
        let ((ada, visa), (poor, declined), (late, _)) =
            (with_card(&shop, GOOD).await, with_card(&shop, DECLINED_LATER).await, with_card(&shop, TELLS_LATE).await);
        let nobody = shop.create_customer().await;
        let records = [
            record(ada, 10, &card(visa)),
            record(ada, 1, &cash()),
            record(ada, 11, &default()),
            record(poor, 12, &card(declined)),
            record(late, 13, &default()),
            record(late, 2, &cash()),
            record(nobody, 14, &default()),
            record(ada, 15, &card(declined)),
        ];
        let job = shop.post("/v1/BulkApi", json!({ "accountUploadType": "BulkPayment", "data": records })).await.ok();
        let id = &job["id"];
        let validated = read(&shop, id).await;
        let refused = &told(&validated)[6..];
        let text = format!("Payment method with id {declined} not found.");
        let expected =
            [("FailedValidation", "The customer has no default payment method."), ("FailedValidation", text.as_str())];
        assert_eq!(refused, expected);

        // It answers when the job has ended, or after long.
        let process = shop.post("/v1/BulkApi/Process", json!({ "id": id }));
        let story = async {
            let waiting = until_processed(server, &shop, id, (4, "Processing")).await;
            let (paid, waits) = (("Processed", ""), ("PassedValidation", ""));
            let failed = ("FailedProcessing", "Your card was declined.");
            assert_eq!(told(&waiting)[..6], [paid, paid, paid, failed, waits, waits]);
            server.clock.advance_millis(10_000);
            sleep(Duration::from_millis(200)).await;
            assert_eq!(read(&shop, id).await["totalProcessedRecords"], 4, "nobody knows how the next one ended");

            let attempts = shop.get(&format!("/v1/customers/{late}/paymentActivities")).await.ok();
            let unknown = attempts.as_array().unwrap().iter().find(|attempt| attempt["status"] == "Unknown").unwrap();
            let resolved = shop.post("/v1/payments/autoResolve", unknown).await.ok();
            assert_eq!(resolved["status"], "Successful");
            let ended = until_processed(server, &shop, id, (6, "ProcessedWithErrors")).await;
            assert_eq!(told(&ended)[..6], [paid, paid, paid, failed, paid, paid]);
            ended
        };
        let (processed, ended) = tokio::join!(process, story);
        assert_eq!(processed.ok()["status"], "ProcessedWithErrors");

        let charged = server.gateway.entries().unwrap().into_iter().filter_map(|entry| {
            let text = format!("{entry:?}");
            text.starts_with("Charged(").then_some(text)
        });
        let keys: Vec<_> = charged.collect();
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert!(keys.iter().all(|entry| entry.contains(&format!("billfold-bulk-{id}-"))), "{keys:?}");
        let payment = shop.get(&format!("/v1/payments/{}", ended["records"][2]["createdEntityId"])).await;
        assert_eq!(payment.status, 200, "{}", payment.text());
        server.assert_clean(&account).await;
    })
    .await;
}

/// A customer with a bank account, and the account's id.
async fn with_account(shop: &Client, number: &str) -> (i64, i64) {
    let customer = shop.create_customer().await;
    let account = json!({ "customerId": customer, "accountNumber": number, "transitNumber": "011000015",
                          "bankAccountType": "CHQ", "firstName": "Ada", "lastName": "Byron", "source": "Manual" });
    (customer, shop.post("/v1/paymentMethods/achCard", account).await.id())
}

#[tokio::test]
async fn bank_accounts_on_file_pay_and_are_no_cards() {
    each_server(async |server| {
        let account = server.account().await;
        server.add_gateway(&account).await;
        let shop = server.client(&account.key);
        let ((ada, good), (poor, closed)) =
            (with_account(&shop, "000123456789").await, with_account(&shop, "000111111113").await);
        let ach = |id: i64| json!({ "paymentMethod": "ACH", "paymentMethodId": id });
        let records = [record(ada, 10, &ach(good)), record(poor, 11, &ach(closed)), record(ada, 12, &card(good))];
        let job = shop.post("/v1/BulkApi", json!({ "accountUploadType": "BulkPayment", "data": records })).await.ok();
        let id = &job["id"];
        let _ = shop.post("/v1/BulkApi/Process", json!({ "id": id })).await;
        let ended = until_processed(server, &shop, id, (2, "ProcessedWithErrors")).await;
        let expected = [
            ("Processed", ""),
            ("FailedProcessing", "The bank account has been closed."),
            ("FailedValidation", "The payment method to charge is of type ACH."),
        ];
        assert_eq!(told(&ended), expected);
        let payment = shop.get(&format!("/v1/payments/{}", ended["records"][0]["createdEntityId"])).await.ok();
        assert_eq!(payment["amount"], 10.0, "{payment}");
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn a_row_of_a_file_charges_what_is_on_file() {
    each_server(async |server| {
        let account = server.account().await;
        server.add_gateway(&account).await;
        let shop = server.client(&account.key);
        let ((ada, visa), (poor, declined)) = (with_card(&shop, GOOD).await, with_card(&shop, DECLINED_LATER).await);
        let file = format!(
            "StaxBillID,Amount,PaymentMethod,PaymentMethodId,UseDefaultPaymentMethod\n\
             {ada},10,CreditCard,{visa},\n\
             {ada},11,creditcard,,Yes\n\
             {ada},1,,,\n\
             {poor},12,CreditCard,{declined},No\n\
             {ada},13,CreditCard,,\n\
             {ada},14,CreditCard,{visa},Yes\n\
             {ada},15,Check,{visa},\n\
             {ada},16,Card,{visa},\n\
             {ada},17,ACH,{visa},\n"
        );
        let job = shop.upload("/v1/BulkApi/Upload?type=PaymentImport", "text/csv", file).await.ok();
        let id = &job["id"];
        let validated = read(&shop, id).await;
        let wrong = [
            "One of PaymentMethodId and UseDefaultPaymentMethod is required for CreditCard.",
            "Only one of PaymentMethodId and UseDefaultPaymentMethod is valid.",
            "PaymentMethodId and UseDefaultPaymentMethod are only valid with CreditCard and ACH.",
            "The field PaymentMethod must be one of CreditCard, Cash, Check, DirectDeposit, ACH.",
            "The payment method to charge is of type CreditCard.",
        ];
        assert_eq!(told(&validated)[4..], wrong.map(|text| ("FailedValidation", text)));
        let _ = shop.post("/v1/BulkApi/Process", json!({ "id": id })).await;
        let ended = until_processed(server, &shop, id, (4, "ProcessedWithErrors")).await;
        let paid = ("Processed", "");
        assert_eq!(told(&ended)[..4], [paid, paid, paid, ("FailedProcessing", "Your card was declined.")]);
        let payment = shop.get(&format!("/v1/payments/{}", ended["records"][1]["createdEntityId"])).await.ok();
        assert_eq!(payment["amount"], 11.0, "{payment}");
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_or_taken_back_as_a_whole_does_not_collect() {
    each_server(async |server| {
        let account = server.account().await;
        server.add_gateway(&account).await;
        let shop = server.client(&account.key);
        let (ada, visa) = with_card(&shop, GOOD).await;
        let lines = format!("{}\n{}\n", record(ada, 1, &cash()), record(ada, 10, &card(visa)));
        let text = "CreditCard and ACH are not collected in atomic jobs and dry runs: what a gateway did cannot be taken back.";
        for option in ["mode=Atomic", "dryRun=true"] {
            let path = format!("/v1/BulkApi/Upload?type=BulkPayment&allowRepeat=true&{option}");
            let job = shop.upload(&path, "application/jsonl", lines.clone()).await.ok();
            assert_eq!(told(&read(&shop, &job["id"]).await)[1], ("FailedValidation", text));
            let _ = shop.post(&format!("/v1/BulkApi/Cancel/{}", job["id"]), "").await;
        }
        assert!(server.gateway.entries().unwrap().iter().all(|entry| !format!("{entry:?}").starts_with("Charged(")));
    })
    .await;
}
