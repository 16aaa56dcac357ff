//! Addresses, rates of tax, and an invoice that shows both: in an account and at a time of their own, so that nothing
//! recorded before is in their answers.

use std::mem;

use calendar::Instant;
use serde_json::json;

use super::Tour;

impl Tour<'_> {
    pub(super) async fn addresses_and_taxes(&mut self) {
        let transcript = mem::take(&mut self.transcript);
        let client = mem::replace(&mut self.client, self.server.shop().await);
        self.server.clock.set(Instant::parse("2024-03-01T09:00:00").unwrap());
        let rate = self.rates().await;
        let customer = self.addresses().await;
        let product = self.client.create_product("TAXED", "12.50").await;
        let invoice = self.client.create_invoice(customer, product, 1).await;
        self.call("GET /v1/Invoices/{id}", &format!("/v1/Invoices/{invoice}"), "").await;
        self.call("DELETE /v1/TaxRates/{id}", &format!("/v1/TaxRates/{rate}"), "").await;
        (self.transcript, self.client) = (transcript, client);
    }

    /// Walks over the rates; the answer is the id of one that holds in Ontario.
    async fn rates(&mut self) -> i64 {
        let hst = json!({ "name": "HST", "registrationCode": "RT0001", "percentage": 13, "countryId": 124,
                          "stateId": "ON", "validFrom": "2024-01-01" });
        let rate = self.call("POST /v1/TaxRates", "/v1/TaxRates", &hst).await;
        let id = rate["id"].as_i64().unwrap();
        self.call("GET /v1/TaxRates", "/v1/TaxRates?query=stateId:9", "").await;
        self.call("GET /v1/TaxRates/{id}", &format!("/v1/TaxRates/{id}"), "").await;
        self.call("PUT /v1/TaxRates", "/v1/TaxRates", &rate).await;
        id
    }

    /// Walks over the addresses; the answer is a customer in Ontario.
    async fn addresses(&mut self) -> i64 {
        self.call("GET /v1/Countries", "/v1/Countries", "").await;
        let customer = self.client.create_customer().await;
        let billing = json!({ "customerAddressPreferenceId": customer, "companyName": "Northwind",
                              "line1": "1 Bank St", "countryId": 124, "stateId": 9, "city": "Ottawa",
                              "postalZip": "K1P 1A1", "addressType": "Billing", "enforceFullAddress": true });
        let billing = self.call("POST /v1/Addresses", "/v1/Addresses", billing).await;
        self.call("PUT /v1/Addresses", "/v1/Addresses", &billing).await;
        self.call("GET /v1/Addresses/{id}", &format!("/v1/Addresses/{}", billing["id"]), "").await;
        let preference = json!({ "id": customer, "contactName": "Ada", "shippingInstructions": "Ring twice",
                                 "useBillingAddressAsShippingAddress": true,
                                 "shippingAddress": { "countryId": 276, "city": "Berlin" } });
        let path = "/v1/CustomerAddressPreferences";
        self.call("PUT /v1/CustomerAddressPreferences", path, preference).await;
        let read = format!("{path}/{customer}");
        self.call("GET /v1/CustomerAddressPreferences/{customerId}", &read, "").await;
        customer
    }
}
