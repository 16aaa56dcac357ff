//! Charges taken back over the API: what is refused, what is foreseen, and what the credit notes say.

use serde_json::{Value, json};
use testkit::{Client, TestServer, each_server};

/// An invoice of 100 at 10 % off, 20 and a free sample, taxed by 5 % and 9.975 %.
struct Sale {
    shop: Client,
    invoice: i64,
    charges: [i64; 3],
}

impl Sale {
    async fn make(server: &TestServer) -> Self {
        let shop = server.shop().await;
        for (name, percentage) in [("GST", "5"), ("QST", "9.975")] {
            let percentage: serde_json::Number = percentage.parse().unwrap();
            let rate = json!({ "name": name, "percentage": percentage, "countryId": 124 });
            shop.post("/v1/taxRates", rate).await.ok();
        }
        let customer = shop.create_customer().await;
        let address = json!({ "customerAddressPreferenceId": customer, "countryId": 124, "addressType": "Billing" });
        shop.post("/v1/addresses", address).await.ok();
        let product = shop.create_product("P", "20").await;
        let free = shop.create_product("F", "0").await;
        let purchases = json!([
            { "productId": product, "name": "Five", "quantity": 5,
              "discounts": [{ "discountType": "Percentage", "amount": 10 }] },
            { "productId": product, "name": "One", "quantity": 1 },
            { "productId": free, "name": "Sample", "quantity": 1 }
        ]);
        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases });
        shop.post("/v1/purchases/bulkCreate", order).await.ok();
        let path = format!("/v1/customers/{customer}/invoices?showZeroDollarCharges=true");
        let invoice = shop.get(&path).await.ok()[0].clone();
        let id = |value: &Value| value["id"].as_i64().unwrap();
        let charges = [0, 1, 2].map(|index| id(&invoice["charges"][index]));
        Self { shop, invoice: id(&invoice), charges }
    }

    async fn shown(&self) -> Value {
        self.shop.get(&format!("/v1/invoices/{}", self.invoice)).await.ok()
    }

    async fn notes(&self) -> Vec<Value> {
        let path = format!("/v1/creditNotes?query=invoiceId:{}", self.invoice);
        self.shop.get(&path).await.ok().as_array().unwrap().clone()
    }

    /// The invoice, its credit notes and every purchase.
    async fn everything(&self) -> Value {
        json!([self.shown().await, self.notes().await, self.shop.get("/v1/purchaseSummary").await.ok()])
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_refused_and_changes_nothing() {
    each_server(async |server| {
        let sale = Sale::make(server).await;
        let (shop, invoice, [five, one, free]) = (&sale.shop, sale.invoice, sale.charges);
        let other = shop.create_invoice(shop.create_customer().await, shop.create_product("O", "1").await, 1).await;
        let elsewhere = shop.get(&format!("/v1/invoices/{other}")).await.ok()["charges"][0]["id"].clone();
        let before = sale.everything().await;
        let amount = |field: &str, amount: &str| {
            format!("{{\"chargeId\":{one},\"reverseChargeOption\":\"{field}\",\"reverseChargeAmount\":{amount}}}")
        };
        let key = "reverseCharge.ReverseChargeAmount";
        let limits = |left: &str| {
            format!("An amount above 0 and up to {left} can be reversed, in whole minor units of the currency.")
        };
        let positive = "ReverseChargeAmount must be a positive number and cannot exceed two decimal places";
        for (body, key, text) in [
            (amount("Amount", "20.01"), key, limits("20")),
            (amount("NetAmount", "23.01"), key, limits("23")),
            (amount("Amount", "0"), key, positive.to_owned()),
            (amount("NetAmount", "-1"), key, positive.to_owned()),
            (amount("Amount", "0.001"), key, positive.to_owned()),
            (amount("Full", "1"), key, "ReverseChargeAmount is only valid with Amount and NetAmount.".to_owned()),
            (amount("Unearned", "1"), key, "ReverseChargeAmount is only valid with Amount and NetAmount.".to_owned()),
            (
                json!({ "chargeId": one, "reverseChargeOption": "Amount" }).to_string(),
                key,
                "The ReverseChargeAmount field is required.".to_owned(),
            ),
            (
                json!({ "chargeId": free, "reverseChargeOption": "Full" }).to_string(),
                "Api Error",
                format!("Nothing of charge with id {free} is left to be reversed."),
            ),
            (
                json!({ "chargeId": one, "reverseChargeOption": "Unearned" }).to_string(),
                "Api Error",
                format!("Nothing of charge with id {one} is unearned."),
            ),
            (
                json!({ "chargeId": one, "reverseChargeOption": "Full", "reference": "x".repeat(501) }).to_string(),
                "reverseCharge.Reference",
                "The field Reference must be a string with a maximum length of 500.".to_owned(),
            ),
        ] {
            for path in ["/v1/reverseCharges", "/v1/reverseCharges?preview=true"] {
                shop.post(path, &body).await.assert_error(400, key, &text);
            }
        }
        let missing = shop.post("/v1/reverseCharges", json!({ "chargeId": 1, "reverseChargeOption": "Full" })).await;
        missing.assert_refused(404, "Charge with id 1 not found.");
        let problems = shop.post("/v1/reverseCharges", "{}").await.errors();
        assert_eq!(problems.len(), 2, "{problems:?}");
        let some =
            |charges: Value| json!({ "invoiceId": invoice, "chargeIds": charges, "reverseChargeOption": "Full" });
        for (body, status, text) in [
            (some(json!([five, one, five])), 400, format!("Charge with id {five} is listed more than once.")),
            (some(json!([five, free])), 400, format!("Nothing of charge with id {free} is left to be reversed.")),
            (
                some(json!([five, elsewhere])),
                400,
                format!("Charge with id {elsewhere} is not on invoice with id {invoice}."),
            ),
            (some(json!([five, 1])), 404, "Charge with id 1 not found.".to_owned()),
            (
                json!({ "invoiceId": 1, "chargeIds": [five], "reverseChargeOption": "Full" }),
                404,
                "Invoice with id 1 not found.".to_owned(),
            ),
        ] {
            shop.post("/v1/invoices/reverseSpecificCharges", body).await.assert_refused(status, &text);
        }
        let empty = shop.post("/v1/invoices/reverseSpecificCharges", some(json!([]))).await;
        empty.assert_error(400, "reverseSpecificCharges.ChargeIds", "The ChargeIds field is required.");
        let whole = |option: &str| json!({ "invoiceId": invoice, "reverseChargeOption": option });
        for option in ["Amount", "NetAmount"] {
            let text = format!("{option} is not valid for several charges; reverse them one by one.");
            let refused = shop.post("/v1/invoices/reverse", whole(option)).await;
            refused.assert_error(400, "reverseInvoice.ReverseChargeOption", &text);
        }
        let unearned = shop.post("/v1/invoices/reverse", whole("Unearned")).await;
        unearned.assert_refused(400, &format!("Nothing of invoice with id {invoice} is unearned."));
        let both = json!({ "invoiceId": invoice, "reverseChargeOption": "Full", "reverseChargeOptions": "Unearned" });
        let text = "reverseChargeOption and reverseChargeOptions are not the same.";
        shop.post("/v1/invoices/reverse", both).await.assert_error(400, "reverseInvoice.ReverseChargeOption", text);
        shop.get("/v1/creditNotes/1").await.assert_refused(404, "CreditNote with id 1 not found.");
        assert_eq!(sale.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_preview_is_what_then_happens_and_every_partial_kind_reaches_the_end() {
    each_server(async |server| {
        let sale = Sale::make(server).await;
        let (shop, [five, ..]) = (&sale.shop, sale.charges);
        for (option, amount) in
            [("Amount", Some(33.33)), ("NetAmount", Some(1.01)), ("NetAmount", Some(20.0)), ("Full", None)]
        {
            let body = json!({ "chargeId": five, "reverseChargeOption": option, "reverseChargeAmount": amount });
            let before = sale.everything().await;
            let mut in_body = body.clone();
            in_body["preview"] = json!(true);
            let foreseen = shop.post("/v1/reverseCharges?preview=true", &body).await.ok();
            assert_eq!(shop.post("/v1/reverseCharges", in_body).await.ok(), foreseen);
            assert_eq!((&foreseen["id"], sale.everything().await), (&json!(0), before), "a preview changes nothing");
            let mut done = shop.post("/v1/reverseCharges", body).await.ok();
            assert_ne!(done["id"], 0);
            done["id"] = json!(0);
            assert_eq!(done, foreseen, "{option}");
            let invoice = sale.shown().await;
            assert_eq!(done["reverseChargePreview"]["outstandingBalance"], invoice["outstandingBalance"]);
            assert_eq!(invoice["charges"][0]["isReversable"], json!(option != "Full"), "{option}");
        }
        let again = shop.post("/v1/reverseCharges", json!({ "chargeId": five, "reverseChargeOption": "Full" })).await;
        again.assert_refused(400, &format!("Nothing of charge with id {five} is left to be reversed."));
        let numbers: Vec<_> = sale.notes().await.iter().map(|note| note["creditNotesNumber"].clone()).collect();
        assert_eq!(numbers, ["01-CR-01", "01-CR-02", "01-CR-03", "01-CR-04"]);
    })
    .await;
}

#[tokio::test]
async fn a_whole_invoice_is_one_credit_note_however_it_is_asked_for() {
    each_server(async |server| {
        for (path, body) in [
            ("/v1/invoices/reverse?", json!({ "reverseChargeOptions": "full", "reference": "all" })),
            ("/v1/Invoices/Reverse/?", json!({ "reverseChargeOption": "Full", "reference": "all" })),
            ("/v1/invoices/reverse?reverseChargeOptions=Full&reference=all", Value::Null),
            ("/v1/invoices/reverse?reverseChargeOption=full&reference=all", json!({})),
        ] {
            let sale = Sale::make(server).await;
            let invoice = if body.is_null() {
                sale.shop.post(&format!("{path}&invoiceId={}", sale.invoice), "").await.ok()
            } else {
                let mut body = body;
                body["invoiceId"] = json!(sale.invoice);
                sale.shop.post(path, body).await.ok()
            };
            assert_eq!(invoice, sale.shown().await);
            // 90 and 20 with 4.5 and 8.98, and 1 and 2 of tax.
            assert_eq!((&invoice["invoiceAmount"], &invoice["sumOfCreditNotes"]), (&json!(126.48), &json!(126.48)));
            assert_eq!(invoice["paymentSchedules"][0]["status"], "Void");
            let notes = sale.notes().await;
            assert_eq!(notes.len(), 1);
            let note = sale.shop.get(&format!("/v1/creditNotes/{}", notes[0]["id"])).await.ok();
            assert_eq!((&note["netAmount"], &note["reversalReference"]), (&json!(126.48), &json!("all")));
            let lines = note["lineItems"].as_array().unwrap().iter().map(|group| {
                let line = &group["lineItems"][0];
                let taxes: Vec<_> = line["taxes"].as_array().unwrap().iter().map(|tax| tax["total"].clone()).collect();
                json!([
                    group["chargeGroupName"],
                    line["lineItem"]["amount"],
                    line["discount"],
                    taxes,
                    line["netAmount"]
                ])
            });
            let expected = json!([["Five", 100.0, 10.0, [4.5, 8.98], 103.48], ["One", 20.0, 0.0, [1.0, 2.0], 23.0]]);
            assert_eq!(json!(lines.collect::<Vec<_>>()), expected);
            let mut brief = note.clone();
            brief.as_object_mut().unwrap().remove("lineItems");
            assert_eq!(brief, notes[0], "the summary is the credit note without its lines");
            let again = json!({ "invoiceId": sale.invoice, "reverseChargeOption": "Full" });
            let refused = sale.shop.post("/v1/invoices/reverse", again).await;
            refused
                .assert_refused(400, &format!("Nothing of invoice with id {} is left to be reversed.", sale.invoice));
        }
    })
    .await;
}

#[tokio::test]
async fn who_asks_for_a_preview_changes_nothing() {
    each_server(async |server| {
        let sale = Sale::make(server).await;
        let before = sale.everything().await;
        let all = json!({ "invoiceId": sale.invoice, "reverseChargeOption": "Full", "preview": true });
        let customer = sale.shown().await["customerId"].clone();
        let some = json!({ "invoiceId": sale.invoice, "chargeIds": [sale.charges[0]], "reverseChargeOption": "Full" });
        for (path, body) in [("/v1/Invoices/Reverse", all), ("/v1/Invoices/ReverseSpecificCharges?Preview=TRUE", some)]
        {
            let shown = sale.shop.post(path, body).await.ok();
            assert_ne!(shown["sumOfCreditNotes"], json!(0.0), "{path}");
            assert_eq!(sale.everything().await, before, "{path}");
        }
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 1 });
        for (path, body) in [("/v1/Payments?preview=true", payment), ("/v1/Purchases/Cancel?preview=1", json!({}))] {
            sale.shop.post(path, body).await.assert_refused(400, "This call has no preview; nothing was done.");
        }
        assert_eq!(sale.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_takes_back_once() {
    each_server(async |server| {
        let sale = Sale::make(server).await;
        let body = json!({ "chargeId": sale.charges[0], "reverseChargeOption": "Amount", "reverseChargeAmount": 60 });
        let keyed = sale.shop.with("idempotency-key", "once");
        let first = keyed.post("/v1/reverseCharges", &body).await.ok();
        assert_eq!(keyed.post("/v1/reverseCharges", &body).await.ok(), first);
        assert_eq!(sale.notes().await.len(), 1);
    })
    .await;
}
