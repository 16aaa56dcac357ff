//! Payments from bank accounts that a bank takes back. Before Stripe has the money, the intent fails after all; afterwards
//! Stripe makes a dispute of it that is lost from the beginning.

use serde_json::Value;

use super::http::{Client, Trouble};
use crate::Failure;

/// What is said when Stripe gives no reason.
const RETURNED: &str = "The bank returned the payment.";

/// Why the payment of an intent was taken back, if it was; declined when Stripe has no such intent.
pub(super) fn find(client: &Client, intent: &str) -> Result<Option<String>, Failure> {
    let object = client.get(&format!("payment_intents/{intent}"))?.object;
    match object["status"].as_str() {
        Some("requires_payment_method" | "canceled") => {
            let reason = object["last_payment_error"]["message"].as_str();
            Ok(Some(reason.unwrap_or(RETURNED).to_owned()))
        }
        Some("succeeded") => dispute(client, intent),
        // On its way still.
        Some(_) | None => Ok(None),
    }
}

fn dispute(client: &Client, intent: &str) -> Result<Option<String>, Failure> {
    let path = format!("disputes?payment_intent={intent}&limit=100");
    let found = client.get(&path).map_err(Trouble::unclear)?.object;
    let lost = found["data"].as_array().into_iter().flatten().find(|dispute| dispute["status"] == "lost");
    Ok(lost.map(told))
}

/// Reasons are names such as `insufficient_funds`.
fn told(dispute: &Value) -> String {
    match dispute["reason"].as_str() {
        Some(reason) => format!("The bank returned the payment: {}.", reason.replace('_', " ")),
        None => RETURNED.to_owned(),
    }
}
