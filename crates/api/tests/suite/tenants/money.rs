//! What refunds, credits, debits, opening balances, opening deferrals and attempts offer to another account.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A payment's attempt, a refund of it, a credit, a debit of that, an opening balance and an opening deferral.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    activity: i64,
    refund: i64,
    credit: i64,
    debit: i64,
    opening: i64,
    deferral: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids {
    activity: 900_000_501,
    refund: 900_000_502,
    credit: 900_000_503,
    debit: 900_000_504,
    opening: 900_000_505,
    deferral: 900_000_506,
};

impl Ids {
    /// One of everything.
    pub(super) async fn create(shop: &Client, customer: i64, payment: i64) -> Self {
        let activity = shop.get(&format!("/v1/payments/{payment}")).await.ok()["paymentActivityId"].as_i64().unwrap();
        let refund = json!({ "originalPaymentId": payment, "amount": 0.2 });
        let refund = shop.post("/v1/refunds", refund).await.id();
        let credit = shop.post("/v1/credits", json!({ "customerId": customer, "amount": 0.5 })).await.id();
        let debit = shop.post("/v1/debits", json!({ "originalCreditId": credit, "amount": 0.2 })).await.id();
        let opening = json!({ "customerId": customer, "amountOnDeposit": 0.1 });
        let opening = shop.post("/v1/openingBalances", opening).await.id();
        let deferral = json!({ "customerId": customer, "amount": 0.3, "endDate": "2099-12-31" });
        let deferral = shop.post("/v1/openingDeferrals", deferral).await.id();
        Self { activity, refund, credit, debit, opening, deferral }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.activity, "activity");
        redaction.name(self.refund, "refund");
        redaction.name(self.credit, "credit");
        redaction.name(self.debit, "debit");
        redaction.name(self.opening, "opening balance");
        redaction.name(self.deferral, "opening deferral");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let super::Ids { customer, invoice, payment, product, .. } = ids;
    let Ids { activity, refund, credit, debit, opening, deferral } = ids.money;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    let on_theirs = json!([{ "invoiceId": invoice, "amount": 0.1 }]);
    match operation {
        "GET /v1/Invoices/{id}/PaymentAllocations" => read(format!("/v1/invoices/{invoice}/paymentAllocations")),
        "GET /v1/Invoices/{id}/CreditAllocations" => read(format!("/v1/invoices/{invoice}/creditAllocations")),
        "GET /v1/PaymentActivities/GetByAccountID" => {
            read(format!("/v1/paymentActivities/getByAccountId?query=customerId:{customer}"))
        }
        "GET /v1/PaymentActivities/{id}" => read(format!("/v1/paymentActivities/{activity}")),
        "GET /v1/Customers/{id}/PaymentActivities" => read(format!("/v1/customers/{customer}/paymentActivities")),
        "GET /v1/Customers/{id}/ChildPaymentActivities" => {
            read(format!("/v1/customers/{customer}/childPaymentActivities"))
        }
        "POST /v1/Payments/AutoResolve" => {
            write("/v1/payments/autoResolve", vec![json!({ "id": activity, "method": "Cash" })])
        }
        "POST /v1/PaymentActivities/Resolve" => {
            write("/v1/paymentActivities/resolve", vec![json!({ "paymentId": activity, "paymentStatus": "Failed" })])
        }
        "POST /v1/Refunds" => write(
            "/v1/refunds",
            vec![
                json!({ "originalPaymentId": payment, "amount": 0.1 }),
                json!({ "originalPaymentId": own.payment, "amount": 0.1, "refundAllocations": on_theirs }),
            ],
        ),
        "GET /v1/Refunds/{transactionId}" => read(format!("/v1/refunds/{refund}")),
        "POST /v1/Credits" => write(
            "/v1/credits",
            vec![
                json!({ "customerId": customer, "amount": 1 }),
                json!({ "customerId": own.customer, "amount": 1, "creditAllocations": on_theirs }),
            ],
        ),
        "GET /v1/Credits/{transactionId}" => read(format!("/v1/credits/{credit}")),
        "POST /v1/Debits" => write(
            "/v1/debits",
            vec![
                json!({ "originalCreditId": credit, "amount": 0.1 }),
                json!({ "originalCreditId": own.money.credit, "amount": 0.1, "debitAllocations": on_theirs }),
            ],
        ),
        "GET /v1/Debits/{transactionId}" => read(format!("/v1/debits/{debit}")),
        "POST /v1/OpeningBalances" => {
            write("/v1/openingBalances", vec![json!({ "customerId": customer, "amountOwing": 1 })])
        }
        "GET /v1/OpeningBalances/{id}" => read(format!("/v1/openingBalances/{opening}")),
        "POST /v1/OpeningDeferrals" => {
            let of = |customer, product| json!({ "customerId": customer, "amount": 1, "endDate": "2099-12-31", "productId": product });
            write("/v1/openingDeferrals", vec![of(customer, Value::Null), of(own.customer, json!(product))])
        }
        "POST /v1/OpeningDeferrals/Reverse" => {
            write("/v1/openingDeferrals/reverse", vec![json!({ "id": deferral, "reverseOption": "Full" })])
        }
        "GET /v1/OpeningDeferrals/{id}" => read(format!("/v1/openingDeferrals/{deferral}")),
        "GET /v1/Customers/{id}/OpeningDeferrals" => read(format!("/v1/customers/{customer}/openingDeferrals")),
        _ => None,
    }
}

/// What an owner can see of these things.
pub(super) fn paths(ids: super::Ids) -> [String; 4] {
    let credit = ids.money.credit;
    [
        "/v1/paymentActivities/getByAccountId".to_owned(),
        format!("/v1/credits/{credit}"),
        format!("/v1/openingBalances/{}", ids.money.opening),
        format!("/v1/openingDeferrals/{}", ids.money.deferral),
    ]
}
