//! What the calls about a customer itself offer to another account.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A note about a customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    note: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids { note: 900_000_601 };

impl Ids {
    /// One of everything.
    pub(super) async fn create(shop: &Client, customer: i64) -> Self {
        let note = shop.post("/v1/customerNotes", json!({ "customerId": customer, "note": "Rang" })).await.id();
        Self { note }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.note, "note");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let super::Ids { customer, .. } = ids;
    let Ids { note } = ids.customers;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, body: Value| Some(vec![(path.to_owned(), body.to_string())]);
    let email = "/v1/customerEmailPreferences";
    match operation {
        "POST /v1/CustomerHold/{customerId}" => read(format!("/v1/customerHold/{customer}")),
        "POST /v1/Customers/UnHold" => {
            let option = "NoChargesForMissedPeriods";
            write("/v1/customers/unhold", json!({ "customerId": customer, "serviceStartOption": option }))
        }
        "POST /v1/CustomerCancellation" => {
            write("/v1/customerCancellation", json!({ "customerId": customer, "cancellationOption": "None" }))
        }
        "POST /v1/Customers/Uncancel/{customerId}" => read(format!("/v1/customers/uncancel/{customer}")),
        "DELETE /v1/Customers/{id}" => read(format!("/v1/customers/{customer}")),
        "GET /v1/Customers/{id}/Overview" => read(format!("/v1/customers/{customer}/overview")),
        "GET /v1/CustomerSummary" => read(format!("/v1/customerSummary?query=id:{customer},{}", customer + 1)),
        "POST /v1/CustomerNotes" => write("/v1/customerNotes", json!({ "customerId": customer, "note": "Mallory" })),
        "PUT /v1/CustomerNotes" => Some(
            [
                json!({ "id": note, "note": "Mallory" }),
                json!({ "id": own.customers.note, "customerId": customer, "note": "Mallory" }),
            ]
            .map(|body| ("/v1/customerNotes".to_owned(), body.to_string()))
            .into(),
        ),
        "GET /v1/CustomerNotes/{noteId}" | "DELETE /v1/CustomerNotes/{noteId}" => {
            read(format!("/v1/customerNotes/{note}"))
        }
        "GET /v1/Customers/{id}/CustomerNotes" => read(format!("/v1/customers/{customer}/customerNotes")),
        "GET /v1/Customers/{id}/CustomerEmailPreferences" => {
            read(format!("/v1/customers/{customer}/customerEmailPreferences"))
        }
        "PUT /v1/CustomerEmailPreferences" => {
            let preference = json!({ "emailType": "Refund", "enabled": true });
            write(email, json!({ "customerId": customer, "preferences": [preference] }))
        }
        _ => None,
    }
}

/// What an owner can see of these things.
pub(super) fn paths(ids: super::Ids) -> [String; 3] {
    let customer = ids.customer;
    [
        format!("/v1/customers/{customer}/overview"),
        format!("/v1/customers/{customer}/customerNotes"),
        format!("/v1/customers/{customer}/customerEmailPreferences"),
    ]
}
