//! The tour through cards and bank accounts.

use serde_json::{Value, json};

use super::Tour;

fn card(customer: i64) -> Value {
    json!({ "customerId": customer, "cardNumber": "4242424242424242", "cvv": "123", "expirationMonth": 2,
            "expirationYear": 30, "firstName": "Ada", "lastName": "Reyes", "address1": "1 Main Street",
            "address2": "Floor 2", "countryId": 124, "stateId": "ON", "city": "Toronto", "postalZip": "M5X 1A9",
            "source": "Manual" })
}

fn bank_account(customer: i64) -> Value {
    json!({ "customerId": customer, "accountNumber": "000123456789", "transitNumber": "011000015",
            "bankAccountType": "SAV", "firstName": "Ada", "lastName": "Reyes", "source": "SelfServicePortal",
            "makeDefault": true, "sharing": false })
}

impl Tour<'_> {
    /// Stores cards and bank accounts, reads and replaces them, and lets them go.
    pub(super) async fn payment_methods(&mut self) {
        let customer = self.client.create_customer().await;
        let path = "/v1/PaymentMethods/CreditCard";
        let first = self.call("POST /v1/PaymentMethods/CreditCard", path, card(customer)).await["id"].clone();
        let second = self.call("POST /v1/PaymentMethods", "/v1/PaymentMethods", card(customer)).await["id"].clone();
        let path = "/v1/PaymentMethods/AchCard";
        let third = self.call("POST /v1/PaymentMethods/AchCard", path, bank_account(customer)).await["id"].clone();
        for (operation, path) in [
            ("GET /v1/PaymentMethods/{id}", format!("/v1/PaymentMethods/{first}")),
            ("GET /v1/PaymentMethods/{id}/CreditCard", format!("/v1/PaymentMethods/{first}/CreditCard")),
            ("GET /v1/PaymentMethods/{id}/AchCard", format!("/v1/PaymentMethods/{third}/AchCard")),
            ("GET /v1/Customers/{id}/PaymentMethods/All", format!("/v1/Customers/{customer}/PaymentMethods/All")),
            ("GET /v1/Customers/{id}/PaymentMethods", format!("/v1/Customers/{customer}/PaymentMethods")),
            (
                "GET /v1/Customers/{id}/PaymentMethods/CreditCard",
                format!("/v1/Customers/{customer}/PaymentMethods/CreditCard"),
            ),
            ("GET /v1/Customers/{id}/CreditCards", format!("/v1/Customers/{customer}/CreditCards")),
            (
                "GET /v1/Customers/{id}/PaymentMethods/AchCard",
                format!("/v1/Customers/{customer}/PaymentMethods/AchCard"),
            ),
        ] {
            self.call(operation, &path, "").await;
        }
        let path = format!("/v1/PaymentMethods/MakeDefault?id={first}&customerId={customer}");
        self.call("POST /v1/PaymentMethods/MakeDefault", &path, "").await;
        self.replaced(customer, [first, second, third]).await;
    }

    async fn replaced(&mut self, customer: i64, [first, second, third]: [Value; 3]) {
        let of = |mut body: Value, id: &Value| {
            body["id"] = id.clone();
            body
        };
        let (card, account) = (of(card(customer), &first), of(bank_account(customer), &third));
        let new = self.call("PUT /v1/PaymentMethods/CreditCard", "/v1/PaymentMethods/CreditCard", &card).await;
        let other = self.call("PUT /v1/PaymentMethods/AchCard", "/v1/PaymentMethods/AchCard", &account).await;
        let any = of(account, &other["id"]);
        let any = self.call("PUT /v1/PaymentMethods", "/v1/PaymentMethods", &any).await;
        let path = format!("/v1/PaymentMethods/{second}/CreditCard");
        self.call("DELETE /v1/PaymentMethods/{id}/CreditCard", &path, "").await;
        let path = format!("/v1/PaymentMethods/MakeDefault?id={}", new["id"]);
        self.call("POST /v1/PaymentMethods/MakeDefault", &path, "").await;
        let path = format!("/v1/PaymentMethods/{}/AchCard", any["id"]);
        self.call("DELETE /v1/PaymentMethods/{id}/AchCard", &path, "").await;
        self.call("DELETE /v1/PaymentMethods/{id}", &format!("/v1/PaymentMethods/{}", new["id"]), "").await;
    }
}
