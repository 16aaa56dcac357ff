//! The tour through what gives money and goodwill, and what takes them back.

use serde_json::json;

use super::Tour;

impl Tour<'_> {
    /// Pays, credits, refunds and debits an invoice, and looks at what is left of it.
    pub(super) async fn money_given_back(&mut self, customer: i64) {
        let product = self.client.create_product("PAID", "50").await;
        let invoice = self.client.create_invoice(customer, product, 1).await;
        let part = |amount: i64| json!([{ "invoiceId": invoice, "amount": amount }]);
        let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Check", "amount": 40,
                              "paymentAllocations": part(30) });
        let payment = self.client.post("/v1/payments", payment).await.ok();
        let refund = json!({ "originalPaymentId": payment["id"], "amount": 15, "reference": "Sorry",
                             "refundAllocations": part(10), "method": "Cash" });
        let refund = self.call("POST /v1/Refunds", "/v1/Refunds", refund).await;
        self.call("GET /v1/Refunds/{transactionId}", &format!("/v1/Refunds/{}", refund["id"]), "").await;
        let credit = json!({ "customerId": customer, "amount": 20, "reference": "Goodwill",
                             "creditAllocations": part(12) });
        let credit = self.call("POST /v1/Credits", "/v1/Credits", credit).await["id"].clone();
        let debit = json!({ "originalCreditId": credit, "amount": 9, "reference": "Too much",
                            "debitAllocations": part(1) });
        let debit = self.call("POST /v1/Debits", "/v1/Debits", debit).await["id"].clone();
        self.call("GET /v1/Debits/{transactionId}", &format!("/v1/Debits/{debit}"), "").await;
        self.call("GET /v1/Credits/{transactionId}", &format!("/v1/Credits/{credit}"), "").await;
        let path = format!("/v1/Payments/{}", payment["id"]);
        self.call("GET /v1/Payments/{id}", &path, "").await;
        let path = format!("/v1/invoices/{invoice}/paymentAllocations");
        self.call("GET /v1/Invoices/{id}/PaymentAllocations", &path, "").await;
        let path = format!("/v1/invoices/{invoice}/creditAllocations");
        self.call("GET /v1/Invoices/{id}/CreditAllocations", &path, "").await;
        let given_up = json!({ "invoiceId": invoice, "amount": 4, "isPartial": true });
        self.call("POST /v1/Invoices/WriteOff", "/v1/Invoices/WriteOff", given_up).await;
        self.attempts(customer, &refund["paymentActivityId"]).await;
    }

    async fn attempts(&mut self, customer: i64, of_refund: &serde_json::Value) {
        let path = format!("/v1/PaymentActivities/{of_refund}");
        self.call("GET /v1/PaymentActivities/{id}", &path, "").await;
        let path = "/v1/PaymentActivities/GetByAccountID?query=PaymentType:Collect;Customer.Status:Active;amount:40|";
        self.call("GET /v1/PaymentActivities/GetByAccountID", path, "").await;
        let path =
            format!("/v1/customers/{customer}/paymentactivities?query=PaymentType:Refund;PaymentMethodType:Cash");
        self.call("GET /v1/Customers/{id}/PaymentActivities", &path, "").await;
        let child = self.client.create_customer().await;
        self.client.put("/v1/customers", json!({ "id": child, "status": "Active", "parentId": customer })).await.ok();
        let payment = json!({ "customerId": child, "source": "Manual", "paymentMethod": "Cash", "amount": 3 });
        self.client.post("/v1/payments", payment).await.ok();
        let path = format!("/v1/customers/{customer}/childPaymentActivities");
        self.call("GET /v1/Customers/{id}/ChildPaymentActivities", &path, "").await;
    }

    /// What a customer owed and had before.
    pub(super) async fn opening_balances(&mut self) {
        let customer = self.client.create_customer().await;
        let owed = json!({ "customerId": customer, "amountOwing": 120.50, "reference": "Old books", "terms": "Net60",
                           "poNumber": "PO-1", "chargeName": "Brought forward", "chargeDescription": "As of May",
                           "invoiceNote": "From before" });
        let owed = self.call("POST /v1/OpeningBalances", "/v1/OpeningBalances", owed).await;
        let had = json!({ "customerId": customer, "amountOnDeposit": 20 });
        self.call("POST /v1/OpeningBalances", "/v1/OpeningBalances", had).await;
        let path = format!("/v1/OpeningBalances/{}", owed["id"]);
        self.call("GET /v1/OpeningBalances/{id}", &path, "").await;
        self.call("GET /v1/Invoices/{id}", &format!("/v1/Invoices/{}", owed["invoiceId"]), "").await;
        let deferral = json!({ "customerId": customer, "amount": 365, "startDate": "2020-01-01", "endDate": "2099-12-31",
                               "reference": "Old books", "description": "Support" });
        let deferral = self.call("POST /v1/OpeningDeferrals", "/v1/OpeningDeferrals", deferral).await;
        self.call("GET /v1/OpeningDeferrals/{id}", &format!("/v1/OpeningDeferrals/{}", deferral["id"]), "").await;
        let path = format!("/v1/customers/{customer}/openingDeferrals");
        self.call("GET /v1/Customers/{id}/OpeningDeferrals", &path, "").await;
        let reversal = json!({ "id": deferral["id"], "reverseOption": "Unearned" });
        self.call("POST /v1/OpeningDeferrals/Reverse", "/v1/OpeningDeferrals/Reverse", reversal).await;
    }
}
