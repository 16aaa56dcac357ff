//! What payment methods offer to another account.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    card: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids { card: 900_000_701 };

impl Ids {
    /// One card.
    pub(super) async fn create(shop: &Client, customer: i64) -> Self {
        Self { card: shop.post("/v1/paymentMethods/creditCard", card(customer)).await.id() }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.card, "card");
    }
}

fn card(customer: i64) -> Value {
    json!({ "customerId": customer, "cardNumber": "4242424242424242", "expirationMonth": 2, "expirationYear": 30,
            "firstName": "Ada", "lastName": "Lovelace", "source": "Manual" })
}

fn bank_account(customer: i64) -> Value {
    json!({ "customerId": customer, "accountNumber": "000123456789", "transitNumber": "011000015",
            "bankAccountType": "CHQ", "firstName": "Ada", "lastName": "Lovelace", "source": "Manual" })
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let super::Ids { customer, .. } = ids;
    let Ids { card: theirs } = ids.payment_methods;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    let of = |mut body: Value| {
        body["id"] = json!(theirs);
        body
    };
    let import = json!({ "customerId": customer, "stripeCustomerId": "cus_1", "stripeCardId": "card_1" });
    let own_customer = own.customer;
    match operation {
        "POST /v1/PaymentMethods/CreditCard" => write("/v1/paymentMethods/creditCard", vec![card(customer)]),
        "POST /v1/PaymentMethods" => write("/v1/paymentMethods", vec![card(customer)]),
        "POST /v1/PaymentMethods/AchCard" => write("/v1/paymentMethods/achCard", vec![bank_account(customer)]),
        "PUT /v1/PaymentMethods/CreditCard" => write("/v1/paymentMethods/creditCard", vec![of(card(own_customer))]),
        "PUT /v1/PaymentMethods" => write("/v1/paymentMethods", vec![of(card(own_customer))]),
        "PUT /v1/PaymentMethods/AchCard" => write("/v1/paymentMethods/achCard", vec![of(bank_account(own_customer))]),
        "POST /v1/PaymentMethods/MakeDefault" => Some(vec![
            (format!("/v1/paymentMethods/makeDefault?id={theirs}"), String::new()),
            (format!("/v1/paymentMethods/makeDefault?id={theirs}&customerId={own_customer}"), String::new()),
            (
                format!("/v1/paymentMethods/makeDefault?id={}&customerId={customer}", own.payment_methods.card),
                String::new(),
            ),
        ]),
        "GET /v1/PaymentMethods/{id}" | "DELETE /v1/PaymentMethods/{id}" => {
            read(format!("/v1/paymentMethods/{theirs}"))
        }
        "GET /v1/PaymentMethods/{id}/CreditCard" | "DELETE /v1/PaymentMethods/{id}/CreditCard" => {
            read(format!("/v1/paymentMethods/{theirs}/creditCard"))
        }
        "GET /v1/PaymentMethods/{id}/AchCard" | "DELETE /v1/PaymentMethods/{id}/AchCard" => {
            read(format!("/v1/paymentMethods/{theirs}/achCard"))
        }
        "GET /v1/Customers/{id}/PaymentMethods/All" => read(format!("/v1/customers/{customer}/paymentMethods/all")),
        "GET /v1/Customers/{id}/PaymentMethods" => read(format!("/v1/customers/{customer}/paymentMethods")),
        "GET /v1/Customers/{id}/PaymentMethods/CreditCard" => {
            read(format!("/v1/customers/{customer}/paymentMethods/creditCard"))
        }
        "GET /v1/Customers/{id}/CreditCards" => read(format!("/v1/customers/{customer}/creditCards")),
        "GET /v1/Customers/{id}/PaymentMethods/AchCard" => {
            read(format!("/v1/customers/{customer}/paymentMethods/achCard"))
        }
        "POST /v1/PaymentMethodImport/Stripe" => write("/v1/paymentMethodImport/stripe", vec![import]),
        "POST /v1/AchCardImport/Stripe" => write("/v1/achCardImport/stripe", vec![import]),
        _ => None,
    }
}
