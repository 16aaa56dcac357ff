//! Members and parameters of the calls about money that clients send, and that nothing drops silently.

use serde_json::json;
use testkit::{Contents, each_server};

#[tokio::test]
async fn an_opening_balance_is_owed_or_on_deposit() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let path = "/v1/openingBalances";
        let refused = shop.post(path, json!({ "customerId": customer })).await;
        refused.assert_error(400, "openingBalance.AmountOwing", "AmountOwing or AmountOnDeposit is required.");
        let both = json!({ "customerId": customer, "amountOwing": 1, "amountOnDeposit": 1 });
        let together = "AmountOwing and AmountOnDeposit cannot be given together.";
        shop.post(path, both).await.assert_error(400, "openingBalance.AmountOnDeposit", together);
        let yen = shop.post("/v1/customers", json!({ "currency": "JPY" })).await.id();
        let activation = json!({
            "customerId": yen, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
            "temporarilyDisableAutoPost": false
        });
        shop.post("/v1/customerActivation", activation).await.ok();
        for (member, key) in [("amountOwing", "AmountOwing"), ("amountOnDeposit", "AmountOnDeposit")] {
            let refused = shop.post(path, json!({ "customerId": yen, member: 1.5 })).await;
            let key = format!("openingBalance.{key}");
            refused.assert_error(400, &key, "The amount has more decimals than JPY has.");
        }
    })
    .await;
}

#[tokio::test]
async fn calls_about_money_that_are_refused_change_nothing() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let customer = shop.create_customer().await;
        let product = shop.create_product("P", "10").await;
        let invoice = shop.create_invoice(customer, product, 1).await;
        let charge = &shop.get(&format!("/v1/invoices/{invoice}")).await.ok()["charges"][0]["id"];
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 6,
                              "paymentAllocations": [{ "invoiceId": invoice, "amount": 4 }] });
        let payment = shop.post("/v1/payments", payment).await.id();
        let credit = shop.post("/v1/credits", json!({ "customerId": customer, "amount": 5 })).await.id();
        let too_many = vec![json!({ "invoiceId": invoice, "amount": 1 }); 1_001];
        let before = Contents::read(server.app.db()).await;
        let calls = [
            ("refunds", json!({ "originalPaymentId": payment, "amount": 6.01, "method": "Cash" })),
            ("refunds", json!({ "originalPaymentId": payment, "amount": 3 })),
            ("refunds", json!({ "originalPaymentId": credit, "amount": 1 })),
            ("refunds", json!({ "originalPaymentId": payment, "amount": -1 })),
            ("refunds", json!({ "originalPaymentId": payment, "amount": 1, "effectiveTimestamp": "1969-01-01" })),
            ("debits", json!({ "originalCreditId": credit, "amount": 5.01 })),
            ("debits", json!({ "originalCreditId": credit, "amount": 1, "debitAllocations": [{ "invoiceId": invoice, "amount": 1 }] })),
            ("debits", json!({ "originalCreditId": payment, "amount": 1 })),
            ("debits", json!({ "originalCreditId": credit, "amount": 2_000, "debitAllocations": too_many })),
            ("reverseCharges", json!({ "chargeId": charge, "reverseChargeOption": "Amount", "reverseChargeAmount": 10.01 })),
            ("reverseCharges", json!({ "chargeId": charge, "reverseChargeOption": "Unearned" })),
            ("reverseCharges", json!({ "chargeId": invoice, "reverseChargeOption": "Full" })),
            ("invoices/reverse", json!({ "invoiceId": invoice, "reverseChargeOption": "Unearned" })),
            ("invoices/reverse", json!({ "invoiceId": payment, "reverseChargeOption": "Full" })),
            ("invoices/writeOff", json!({ "invoiceId": invoice, "amount": 5 })),
            ("invoices/writeOff", json!({ "invoiceId": invoice, "amount": 6.01, "isPartial": true })),
            ("invoices/writeOff", json!({ "invoiceId": charge, "amount": 6 })),
        ];
        for (index, (path, body)) in calls.into_iter().enumerate() {
            let keyed = shop.with("idempotency-key", &index.to_string());
            for caller in [&shop, &keyed] {
                let refused = caller.post(&format!("/v1/{path}"), body.clone()).await;
                assert!(matches!(refused.status, 400 | 404), "{path} {body}: {}", refused.text());
                let told = refused.json()["Errors"][0]["Value"].as_str().map(str::len);
                assert!(told.is_some_and(|length| length > 10), "{path} {body}: {}", refused.text());
            }
        }
        Contents::read(server.app.db()).await.assert_same(&before, "all of it was refused");
    })
    .await;
}

#[tokio::test]
async fn one_call_gives_to_a_thousand_invoices() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let parts = |count: i64| (1..=count).map(|id| json!({ "invoiceId": id, "amount": 1 })).collect::<Vec<_>>();
        let order = |member: &str, count: i64| {
            json!({ "customerId": customer, "originalPaymentId": 1, "originalCreditId": 1, "source": "Manual",
                    "paymentMethod": "Cash", "amount": 5_000, member: parts(count) })
        };
        for (path, key) in [
            ("payments", "payment.PaymentAllocations"),
            ("credits", "credit.CreditAllocations"),
            ("refunds", "refund.RefundAllocations"),
            ("debits", "debit.DebitAllocations"),
        ] {
            let member = key.split_once('.').unwrap().1;
            let refused = shop.post(&format!("/v1/{path}"), order(member, 1_001)).await;
            refused.assert_error(400, key, "One call may name at most 1000 invoices.");
            assert_eq!(shop.post(&format!("/v1/{path}"), order(member, 1_000)).await.status, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn refunds_have_dates_and_credits_go_by_themselves() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let product = shop.create_product("P", "10").await;
        let sale = json!({ "productId": product, "name": "x", "quantity": 1 });
        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": [sale] });
        shop.post("/v1/purchases/bulkCreate", order).await.ok();
        let credit = json!({ "customerId": customer, "amount": 4, "autoAllocate": true });
        let credit = shop.post("/v1/credits", credit).await.ok();
        assert_eq!((&credit["unallocatedAmount"], &credit["invoiceAllocations"][0]["amount"]), (&json!(0.0), &json!(4.0)));
        let day = "2020-02-03T00:00:00";
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 5, "effectiveTimestamp": day });
        let payment = shop.post("/v1/payments", payment).await.id();
        let refund = |day: &str| json!({ "originalPaymentId": payment, "amount": 1, "effectiveTimestamp": day });
        let made = shop.post("/v1/refunds", refund("2020-02-04T00:00:00")).await.ok();
        assert_eq!(made["effectiveTimestamp"], "2020-02-04T00:00:00");
        let early = shop.post("/v1/refunds", refund("2020-02-02T00:00:00")).await;
        early.assert_error(400, "refund.EffectiveTimestamp", "A payment cannot be given back before it was received.");
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_by_a_wrong_name_is_not_answered_by_everything() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let product = shop.create_product("P", "10").await;
        let sale = json!({ "productId": product, "name": "x", "quantity": 1 });
        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": [sale] });
        for _ in 0..2 {
            shop.post("/v1/purchases/bulkCreate", order.clone()).await.ok();
        }
        let invoices = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
        for invoice in invoices.as_array().unwrap() {
            let body = json!({ "invoiceId": invoice["id"], "reverseChargeOption": "Full" });
            shop.post("/v1/invoices/reverse", body).await.ok();
        }
        let invoice = invoices[0]["id"].as_i64().unwrap();
        let asked = shop.get(&format!("/v1/creditNotes?invoiceId={invoice}")).await.ok();
        assert_eq!(asked, shop.get(&format!("/v1/creditNotes?query=invoiceId:{invoice}")).await.ok());
        assert_eq!(asked.as_array().map(Vec::len), Some(1));
        let refused = shop.get("/v1/Revenue?groupBy=product").await;
        refused.assert_error(400, "Api Error", "The parameter 'groupBy' is not one of asOf, by.");
        let refused = shop.get("/v1/AgingReport?on=2024-01-01").await;
        refused.assert_error(400, "Api Error", "The parameter 'on' is not one of asOf.");
    })
    .await;
}
