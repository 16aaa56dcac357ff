//! Charges taken back and the credit notes of that, in an account and at a time of their own.

use std::mem;

use calendar::Instant;
use serde_json::json;

use super::Tour;

impl Tour<'_> {
    pub(super) async fn reversals(&mut self) {
        let transcript = mem::take(&mut self.transcript);
        let client = mem::replace(&mut self.client, self.server.shop().await);
        self.server.clock.set(Instant::parse("2024-01-15T09:00:00").unwrap());
        for (name, percentage) in [("GST", "5"), ("QST", "9.975")] {
            let rate = json!({ "name": name, "registrationCode": "R-1", "percentage": percentage, "countryId": 124 });
            self.client.post("/v1/taxRates", rate).await.ok();
        }
        let customer = self.client.create_customer().await;
        let address = json!({ "customerAddressPreferenceId": customer, "countryId": 124, "addressType": "Billing" });
        self.client.post("/v1/addresses", address).await.ok();
        let product = self.client.create_product("SENSOR", "20").await;
        let discounts = json!([{ "discountType": "Percentage", "amount": 10 }]);
        let purchases = json!([
            { "productId": product, "name": "Sensors", "description": "For the roof", "quantity": 5, "discounts": discounts },
            { "productId": product, "name": "Spare", "quantity": 1 }
        ]);
        let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases });
        self.client.post("/v1/Purchases/BulkCreate", order).await.ok();
        let invoice = self.client.get(&format!("/v1/Customers/{customer}/Invoices")).await.ok()[0].clone();
        let (sensors, spare) = (&invoice["charges"][0]["id"], &invoice["charges"][1]["id"]);
        let part = json!({ "chargeId": sensors, "reverseChargeOption": "NetAmount", "reverseChargeAmount": 33.33,
                           "reference": "one was broken" });
        self.call("POST /v1/ReverseCharges", "/v1/ReverseCharges?preview=true", &part).await;
        self.call("POST /v1/ReverseCharges", "/v1/ReverseCharges", part).await;
        let some = json!({ "invoiceId": invoice["id"], "chargeIds": [spare], "reverseChargeOption": "Full" });
        self.call("POST /v1/Invoices/ReverseSpecificCharges", "/v1/Invoices/ReverseSpecificCharges", some).await;
        let all = json!({ "invoiceId": invoice["id"], "reverseChargeOptions": "Full", "reference": "the rest" });
        self.call("POST /v1/Invoices/Reverse", "/v1/Invoices/Reverse/", all).await;
        let listed = self.call("GET /v1/CreditNotes", "/v1/CreditNotes?query=Number:*-CR-*", "").await;
        self.call("GET /v1/CreditNotes/{id}", &format!("/v1/CreditNotes/{}", listed[0]["id"]), "").await;
        (self.transcript, self.client) = (transcript, client);
    }
}
