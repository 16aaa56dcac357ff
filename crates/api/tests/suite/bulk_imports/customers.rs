//! Files of customers: created, changed, activated, deleted.

use serde_json::{Value, json};
use testkit::each_server;

use super::{balance, created, import, row};

fn shown(of: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| of[*name].clone()).collect()
}

#[tokio::test]
async fn customers_are_created_with_all_that_a_row_says() {
    each_server(async |server| {
        let shop = server.shop().await;
        let head = shop.create_customer().await;
        let whole = row([
            ("Reference", &"A-1"),
            ("Currency", &"USD"),
            ("CompanyName", &"Acme, \"Inc\""),
            ("FirstName", &"Ada"),
            ("Title", &"Dr"),
            ("PrimaryEmail", &"ada@acme.example"),
            ("Parent", &head),
            ("Reference2", &"two"),
            ("Campaign", &"spring"),
            ("Terms", &"Net15"),
            ("TaxExempt", &"Yes"),
            ("StandingPoNumber", &"PO-7"),
            ("ContactName", &"Ada L."),
            ("BillingAddress.Line1", &"1 Bank St"),
            ("BillingAddress.City", &"Ottawa"),
            ("BillingAddress.State", &"ON"),
            ("BillingAddress.PostalZip", &"K1P 1A1"),
            ("BillingAddress.Country", &"CA"),
            ("ShippingAddress.City", &"Berlin"),
            ("ShippingAddress.Country", &"Germany"),
        ]);
        let results = import(&shop, "CustomerImport", &[whole]).await;
        let customer = created(&shop, "customers", &results[0]).await;
        assert_eq!(
            shown(&customer, &["reference", "companyName", "firstName", "title", "primaryEmail", "parentId", "status"]),
            json!(["A-1", "Acme, \"Inc\"", "Ada", "Dr", "ada@acme.example", head, "Draft"])
        );
        let setting = created(&shop, "customerBillingSetting", &results[0]).await;
        assert_eq!(shown(&setting, &["term", "taxExempt", "standingPoNumber"]), json!(["Net15", true, "PO-7"]));
        let addressed = created(&shop, "customerAddressPreferences", &results[0]).await;
        assert_eq!(addressed["contactName"], "Ada L.");
        assert_eq!(
            shown(&addressed["billingAddress"], &["line1", "city", "state", "postalZip", "country"]),
            json!(["1 Bank St", "Ottawa", "Ontario", "K1P 1A1", "Canada"])
        );
        assert_eq!(shown(&addressed["shippingAddress"], &["city", "country"]), json!(["Berlin", "Germany"]));
    })
    .await;
}

#[tokio::test]
async fn customers_are_created_basically_and_edited() {
    each_server(async |server| {
        let shop = server.shop().await;
        let rows = [
            row([("Reference", &"A-1"), ("CompanyName", &"Acme"), ("LastName", &"Lovelace")]),
            row([("Reference", &"B-1"), ("FirstName", &"Bob"), ("Currency", &"CAD")]),
        ];
        let results = import(&shop, "CustomerImportBasic", &rows).await;
        let (ada, bob) =
            (created(&shop, "customers", &results[0]).await, created(&shop, "customers", &results[1]).await);
        assert_eq!(shown(&ada, &["reference", "companyName", "lastName"]), json!(["A-1", "Acme", "Lovelace"]));
        assert_eq!(shown(&bob, &["reference", "firstName", "currency"]), json!(["B-1", "Bob", "CAD"]));

        let edits = [
            row([("StaxBillId", &ada["id"]), ("Reference", &"A-2"), ("LastName", &"clear"), ("Terms", &"Net60")]),
            row([("Reference", &"B-1"), ("CompanyName", &"Bob's"), ("Email.InvoicePost", &"No")]),
        ];
        import(&shop, "CustomerImportEdit", &edits).await;
        let ada = created(&shop, "customers", &results[0]).await;
        assert_eq!(shown(&ada, &["reference", "companyName", "lastName"]), json!(["A-2", "Acme", null]));
        assert_eq!(created(&shop, "customerBillingSetting", &results[0]).await["term"], "Net60");
        let bob = created(&shop, "customers", &results[1]).await;
        assert_eq!(shown(&bob, &["companyName", "firstName"]), json!(["Bob's", "Bob"]));
        let mail = shop.get(&format!("/v1/customers/{}/customerEmailPreferences", bob["id"])).await.ok();
        let posted =
            mail["preferences"].as_array().unwrap().iter().find(|mail| mail["emailType"] == "InvoicePost").unwrap();
        assert_eq!(posted["enabled"], false, "{posted}");
    })
    .await;
}

#[tokio::test]
async fn drafts_are_activated_and_deleted() {
    each_server(async |server| {
        let shop = server.shop().await;
        let product = shop.create_product("P", "10").await;
        let (kept, gone) = (shop.create_draft_customer().await, shop.create_draft_customer().await);
        let gone = [gone, shop.create_draft_customer().await, shop.create_draft_customer().await];
        shop.create_purchase(kept, product, 3).await;
        let activation = row([("StaxBillId", &kept), ("ActivateAllDraftPurchases", &"Yes")]);
        let results = import(&shop, "CustomerActivationImport", &[activation]).await;
        assert_eq!(shop.get(&format!("/v1/customers/{kept}")).await.ok()["status"], "Active");
        let invoice = created(&shop, "invoices", &results[0]).await;
        assert_eq!(shown(&invoice, &["customerId", "invoiceAmount"]), json!([kept, 30.0]));
        assert_eq!(balance(&shop, kept).await, 30.0);

        import(&shop, "CustomerDraftCancelImport", &gone.map(|customer| row([("StaxBillId", &customer)]))).await;
        for customer in gone {
            assert_eq!(shop.get(&format!("/v1/customers/{customer}")).await.status, 404);
        }
    })
    .await;
}
