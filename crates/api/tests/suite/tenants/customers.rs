//! What the calls about a customer itself offer to another account.

use serde_json::{Value, json};

use super::Probe;

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, _own: super::Ids) -> Option<Vec<Probe>> {
    let super::Ids { customer, .. } = ids;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, body: Value| Some(vec![(path.to_owned(), body.to_string())]);
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
        _ => None,
    }
}
