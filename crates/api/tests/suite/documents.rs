//! Invoices, drafts and credit notes as files: what they say, their headers, their limit.

use api::{Config, Limits};
use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

use crate::account_profile::LOGO;

/// An invoice with a discount and a tracked item, and its id.
async fn sell(shop: &Client) -> i64 {
    let customer = shop.create_customer().await;
    let tracked = shop.create_tracked_product("ROUTER", "40").await;
    let order = json!({ "customerId": customer, "productId": tracked, "name": "Routers <b>&</b>",
                        "productItems": [{ "reference": "SN-1", "name": "Core" }, { "reference": "SN-2" }] });
    let purchase = shop.post("/v1/purchases", order).await.id();
    let discount = json!({ "purchaseId": purchase, "discountType": "Percentage", "amount": 25 });
    shop.post("/v1/purchaseDiscounts", discount).await.ok();
    shop.post(&format!("/v1/customers/purchase/{customer}"), "").await.ok();
    shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok()[0]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn an_invoice_is_read_as_html_under_the_accounts_profile() {
    each_server(async |server| {
        let shop = server.shop().await;
        let profile = json!({ "name": "Northwind Traders Ltd.", "invoiceSignature": "Thank you.", "logo": { "data": LOGO },
                              "address": { "line1": "1 Main St", "countryId": 276, "city": "Berlin" } });
        shop.put("/v1/accountProfile", profile).await.ok();
        let invoice = sell(&shop).await;
        let page = shop.get(&format!("/v1/Invoices/html/{invoice}")).await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("content-disposition"), Some("inline; filename=\"Invoice-1.html\""));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        for part in ["Northwind Traders Ltd.", "1 Main St", "Berlin", "Thank you.", "Routers &lt;b&gt;&amp;&lt;/b&gt;",
                     "Discount 25%", "80.00", "-20.00", "USD 60.00", "data:image/png;base64,", "size: A4"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        assert!(!page.text().contains("SN-1"));
        let page = shop.get(&format!("/v1/invoices/html/{invoice}?showTrackedItems=true")).await;
        for part in ["Tracked items", "SN-1", "Core", "SN-2"] {
            assert!(page.text().contains(part), "{part}");
        }
    })
    .await;
}

#[tokio::test]
async fn json_shows_tracked_items_and_the_signature_when_it_is_read() {
    each_server(async |server| {
        let shop = server.shop().await;
        shop.put("/v1/accountProfile", json!({ "invoiceSignature": "Thanks <3\nBye" })).await.ok();
        let invoice = sell(&shop).await;
        let path = format!("/v1/invoices/{invoice}");
        let read = shop.get(&path).await.ok();
        assert_eq!(read["invoiceSignature"], "Thanks &lt;3<br />Bye");
        assert_eq!(read["charges"][0].get("trackedItems"), None);
        let of = |charge: &Value| -> Vec<String> {
            let items = charge["trackedItems"].as_array().unwrap().iter();
            items.map(|item| item["reference"].as_str().unwrap().to_owned()).collect()
        };
        let read = shop.get(&format!("{path}?showTrackedItems=true")).await.ok();
        assert_eq!(of(&read["charges"][0]), ["SN-1", "SN-2"]);
        assert_eq!(read["charges"][0]["trackedItems"][0]["name"], "Core");
        let read = shop.get(&format!("{path}?showTrackedItems=true&groupCharges=true")).await.ok();
        assert_eq!(of(&read["chargeGroups"][0]["charges"][0]), ["SN-1", "SN-2"]);
        let list = format!("/v1/customers/{}/invoices?showTrackedItems=true", read["customerId"]);
        assert_eq!(of(&shop.get(&list).await.ok()[0]["charges"][0]), ["SN-1", "SN-2"]);
        let all = shop.get("/v1/invoices?showTrackedItems=true").await.ok();
        assert_eq!(all[0]["invoiceSignature"], "Thanks &lt;3<br />Bye");
    })
    .await;
}

#[tokio::test]
async fn an_invoice_is_read_as_pdf() {
    each_server(async |server| {
        let shop = server.shop().await;
        let invoice = sell(&shop).await;
        let path = format!("/v1/Invoices/pdf/{invoice}");
        let file = shop.get(&path).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
        assert_eq!(file.header("content-disposition"), Some("inline; filename=\"Invoice-1.pdf\""));
        assert!(file.body.starts_with(b"%PDF-"));
        assert_eq!(shop.get(&path).await.body, file.body, "the same invoice is the same file");
        let with_items = shop.get(&format!("{path}?showTrackedItems=true")).await;
        assert!(with_items.body.len() > file.body.len());
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_read_as_what_posting_would_make_of_it() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let tracked = shop.create_tracked_product("ROUTER", "40").await;
        let order = json!({ "customerId": customer, "productId": tracked, "name": "Routers", "description": "For the roof",
                            "productItems": [{ "reference": "SN-1" }] });
        let purchase = shop.post("/v1/purchases", order).await.id();
        let order = json!({ "customerId": customer, "purchaseIds": [purchase] });
        let path = "/v1/purchases/purchase?temporarilyDisableAutoPost=true&view=sideeffects";
        let draft = shop.post(path, order).await.ok()["sideEffects"]["draftInvoices"][0]["id"].clone();
        let page = shop.get(&format!("/v1/draftInvoices/html/{draft}")).await;
        let name = format!("inline; filename=\"Draft-invoice-{draft}.html\"");
        assert_eq!(page.header("content-disposition"), Some(name.as_str()));
        for part in ["<h1 dir=\"auto\">Draft invoice</h1>", "Routers", "USD 40.00", "Terms"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        for part in ["SN-1", "Balance due", "<tr class=\"group\">"] {
            assert!(!page.text().contains(part), "{part}: {}", page.text());
        }
        let page = shop.get(&format!("/v1/draftInvoices/html/{draft}?showTrackedItems=true&groupCharges=true")).await;
        for part in ["SN-1", "<tr class=\"group\"><th colspan=\"4\" dir=\"auto\">Routers</th>"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        let file = shop.get(&format!("/v1/draftInvoices/pdf/{draft}")).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
        shop.post(&format!("/v1/invoices?draftInvoiceId={draft}"), "").await.ok();
        let text = format!("Draft Invoice with id {draft} not found.");
        shop.get(&format!("/v1/draftInvoices/pdf/{draft}")).await.assert_refused(404, &text);
    })
    .await;
}

#[tokio::test]
async fn documents_say_what_is_void_or_cancelled_and_look_as_the_billing_setting_says() {
    each_server(async |server| {
        let shop = server.shop().await;
        let invoice = sell(&shop).await;
        let customer = shop.get(&format!("/v1/invoices/{invoice}")).await.ok()["customerId"].clone();
        let html = async |path: &str| shop.get(path).await.text().to_owned();
        let path = format!("/v1/invoices/html/{invoice}");
        assert!(html(&path).await.contains("Discount 25%") && !html(&path).await.contains("class=\"mark\""));
        let setting = json!({ "id": customer, "rollUpDiscounts": true, "showZeroDollarCharges": true });
        shop.put("/v1/customerBillingSetting", setting).await.ok();
        let page = html(&path).await;
        assert!(!page.contains("Discount 25%") && page.matches("-20.00").count() == 1, "{page}");
        shop.post("/v1/invoices/reverse", json!({ "invoiceId": invoice, "reverseChargeOption": "Full" })).await.ok();
        let page = html(&path).await;
        assert!(page.contains("<p class=\"mark\" dir=\"auto\">Void</p>"), "{page}");

        let free = shop.create_product("FREE", "0").await;
        let sale = json!({ "productId": free, "name": "A gift", "quantity": 1 });
        let order = json!({ "customerId": customer, "purchases": [sale] });
        let gift = &shop.post("/v1/purchases/bulkCreate", order).await.ok()["purchases"][0]["id"];
        let order = json!({ "customerId": customer, "purchaseIds": [gift] });
        let path = "/v1/purchases/purchase?temporarilyDisableAutoPost=true&view=sideeffects";
        let draft = shop.post(path, order).await.ok()["sideEffects"]["draftInvoices"][0]["id"].clone();
        let path = format!("/v1/draftInvoices/html/{draft}");
        assert!(html(&path).await.contains("A gift"));
        assert_eq!(shop.post(&format!("/v1/draftInvoices/cancel/{draft}"), "").await.status, 204);
        let page = html(&path).await;
        assert!(page.contains("<p class=\"mark\" dir=\"auto\">Cancelled</p>"), "{page}");
        shop.put("/v1/customerBillingSetting", json!({ "id": customer })).await.ok();
        assert!(!html(&path).await.contains("A gift"));
    })
    .await;
}

#[tokio::test]
async fn what_was_owed_before_is_sent_to_an_address_and_cannot_be_reversed() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let address = json!({ "customerAddressPreferenceId": customer, "addressType": "Billing", "line1": "1 Rideau St",
                              "city": "Ottawa", "countryId": 124 });
        shop.post("/v1/addresses", address).await.ok();
        let order = json!({ "customerId": customer, "amountOwing": 30, "chargeName": "Balance of 2025" });
        let invoice = shop.post("/v1/openingBalances", order).await.ok()["invoiceId"].clone();
        let page = shop.get(&format!("/v1/invoices/html/{invoice}")).await;
        for part in ["Balance of 2025", "1 Rideau St", "Ottawa", "Canada"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        let reverse = json!({ "invoiceId": invoice, "reverseChargeOption": "Full" });
        let text = format!(
            "Invoice with id {invoice} is an opening balance and cannot be reversed. Write it off, or give a credit for it."
        );
        shop.post("/v1/invoices/reverse", reverse).await.assert_refused(400, &text);
    })
    .await;
}

#[tokio::test]
async fn a_credit_note_is_read_as_a_file() {
    each_server(async |server| {
        let shop = server.shop().await;
        let invoice = sell(&shop).await;
        let order = json!({ "invoiceId": invoice, "reverseChargeOption": "Full", "reference": "sent back" });
        shop.post("/v1/invoices/reverse", order).await.ok();
        let note = shop.get("/v1/creditNotes").await.ok()[0]["id"].clone();
        let page = shop.get(&format!("/v1/creditNotes/html/{note}")).await;
        assert_eq!(page.header("content-disposition"), Some("inline; filename=\"Credit-note-01-CR-01.html\""));
        for part in ["Routers &lt;b&gt;", "80.00", "-20.00", "USD 60.00", "sent back", "Invoice number"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        let file = shop.get(&format!("/v1/creditNotes/pdf/{note}")).await;
        assert_eq!(file.header("content-disposition"), Some("inline; filename=\"Credit-note-01-CR-01.pdf\""));
        assert!(file.body.starts_with(b"%PDF-"));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_has_no_document() {
    each_server(async |server| {
        let shop = server.shop().await;
        for form in ["html", "pdf"] {
            for (path, entity) in
                [("invoices", "Invoice"), ("draftInvoices", "Draft Invoice"), ("creditNotes", "CreditNote")]
            {
                let reply = shop.get(&format!("/v1/{path}/{form}/17")).await;
                reply.assert_refused(404, &format!("{entity} with id 17 not found."));
                assert_eq!(shop.get(&format!("/v1/{path}/{form}/x")).await.status, 404);
            }
            assert_eq!(shop.get(&format!("/v1/invoices/{form}/17?showTrackedItems=maybe")).await.status, 400);
        }
    })
    .await;
}

#[tokio::test]
async fn pdf_reads_have_a_limit_of_their_own() {
    let limits = Limits { per_minute: 1_000, per_day: 1_000 };
    on_server(Config { limits, pdf_per_minute: 2, ..config() }, async |server| {
        let (shop, other) = (server.shop().await, server.shop().await);
        let invoice = sell(&shop).await;
        let path = format!("/v1/invoices/pdf/{invoice}");
        assert_eq!(shop.get(&path).await.status, 200);
        assert_eq!(shop.get(&path).await.status, 200);
        let refused = shop.get(&path).await;
        refused.assert_refused(429, "API rate limit of 2 PDF files per minute exceeded. HTML is not limited.");
        assert!(refused.header("x-rate-limit-remaining-minute").is_some());
        assert_eq!(shop.get(&format!("/v1/invoices/html/{invoice}")).await.status, 200);
        assert_eq!(other.get(&path).await.status, 404, "every account has its own");
        server.clock.advance_millis(60_000);
        assert_eq!(shop.get(&path).await.status, 200);
    })
    .await;
}
