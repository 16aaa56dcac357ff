//! The tour through what becomes of a customer.

use serde_json::json;

use super::Tour;

impl Tour<'_> {
    /// Pauses a customer, lets it go on, cancels it and brings it back; and makes one that is deleted.
    pub(super) async fn customers_come_and_go(&mut self) {
        let customer = self.client.create_customer().await;
        let path = format!("/v1/CustomerHold/{customer}");
        self.call("POST /v1/CustomerHold/{customerId}", &path, "").await;
        let order = json!({ "customerId": customer, "serviceStartOption": "ChargeForCurrentFullPeriod", "preview": true,
                            "showZeroDollarCharges": true, "temporarilyDisableAutoPost": true, "prorate": true });
        self.call("POST /v1/Customers/UnHold", "/v1/Customers/UnHold", order).await;
        let order = json!({ "customerId": customer, "serviceStartOption": "ChargeForAllMissedPeriods" });
        self.call("POST /v1/Customers/UnHold", "/v1/Customers/UnHold", order).await;
        let order = json!({ "customerId": customer, "cancellationOption": "Unearned" });
        self.call("POST /v1/CustomerCancellation", "/v1/CustomerCancellation", order).await;
        let path = format!("/v1/Customers/Uncancel/{customer}");
        self.call("POST /v1/Customers/Uncancel/{customerId}", &path, "").await;
        self.notes_and_mail(customer).await;
        self.rows(customer).await;
        let draft = self.client.create_draft_customer().await;
        self.call("DELETE /v1/Customers/{id}", &format!("/v1/Customers/{draft}"), "").await;
    }

    /// The same customer at a glance and as a flat row.
    async fn rows(&mut self, customer: i64) {
        let product = self.client.create_product("SEEN", "80").await;
        self.client.create_invoice(customer, product, 1).await;
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 100 });
        self.client.post("/v1/payments", payment).await.ok();
        let path = format!("/v1/Customers/{customer}/Overview");
        self.call("GET /v1/Customers/{id}/Overview", &path, "").await;
        let path = format!("/v1/CustomerSummary?query=id:{customer}");
        self.call("GET /v1/CustomerSummary", &path, "").await;
    }

    async fn notes_and_mail(&mut self, customer: i64) {
        let note = json!({ "customerId": customer, "note": "Rang", "editable": true, "sourceApplication": "Desk" });
        let note = self.call("POST /v1/CustomerNotes", "/v1/CustomerNotes", note).await["id"].clone();
        let changed = json!({ "id": note, "customerId": customer, "note": "Rang twice" });
        self.call("PUT /v1/CustomerNotes", "/v1/CustomerNotes", changed).await;
        let path = format!("/v1/CustomerNotes/{note}");
        self.call("GET /v1/CustomerNotes/{noteId}", &path, "").await;
        let list = format!("/v1/Customers/{customer}/CustomerNotes?quickSearch=rang");
        self.call("GET /v1/Customers/{id}/CustomerNotes", &list, "").await;
        self.call("DELETE /v1/CustomerNotes/{noteId}", &path, "").await;
        let wanted =
            json!({ "customerId": customer, "preferences": [{ "emailType": "InvoicePost", "enabled": false }] });
        self.call("PUT /v1/CustomerEmailPreferences", "/v1/CustomerEmailPreferences", wanted).await;
        let path = format!("/v1/Customers/{customer}/CustomerEmailPreferences");
        self.call("GET /v1/Customers/{id}/CustomerEmailPreferences", &path, "").await;
    }
}
