//! Refunds: made under an idempotency key, and settled by taking that key away for good.

use serde_json::Value;

use super::{
    form::Form,
    http::{Client, Trouble, code},
    intent::KEY,
    method::id,
};
use crate::{Failure, Receipt, Refund, Settled, minor};

/// How many refunds are read at once; Stripe's most.
const PAGE: usize = 100;

pub(super) fn refund(client: &Client, refund: &Refund) -> Result<Receipt, Failure> {
    let Some(units) = minor::units(refund.amount, refund.currency).filter(|units| *units > 0) else {
        let text = "The amount must be positive, in whole minor units.".to_owned();
        return Err(Failure::Declined { code: "invalid_amount".to_owned(), text });
    };
    let form = Form::new()
        .with("payment_intent", &refund.charge)
        .with("amount", &units.to_string())
        .with(&format!("metadata[{KEY}]"), &refund.key);
    let object = client.post("refunds", Some(&idempotency_key(refund)), &form)?.object;
    match outcome(&object)? {
        Settled::Moved(receipt) => Ok(receipt),
        Settled::Failed { text } => Err(Failure::Declined { code: code(&object), text }),
    }
}

/// A request that changes nothing of the money takes the refund's idempotency key. From then on either the refund was made
/// before, and is listed, or it is refused as another request under the same key.
pub(super) fn settle(client: &Client, refund: &Refund) -> Result<Settled, Failure> {
    let form = Form::new().with("metadata[billfold_settled]", &refund.key);
    match client.post(&format!("payment_intents/{}", refund.charge), Some(&idempotency_key(refund)), &form) {
        Ok(_) => {}
        Err(Trouble::Refused { code, .. }) if code == "idempotency_error" => {}
        Err(trouble) => return Err(trouble.unclear()),
    }
    match find(client, refund)? {
        Some(object) => outcome(&object),
        None => Ok(Settled::Failed { text: "The refund was given up before it was made.".to_owned() }),
    }
}

fn find(client: &Client, refund: &Refund) -> Result<Option<Value>, Failure> {
    let mut after = None;
    loop {
        let query = Form::new()
            .with("payment_intent", &refund.charge)
            .with("limit", &PAGE.to_string())
            .with_some("starting_after", after.as_deref());
        let mut page = client.get(&format!("refunds?{}", query.as_str())).map_err(Trouble::unclear)?.object;
        let Value::Array(refunds) = page["data"].take() else {
            return Err(Failure::Unclear("Stripe answered with no list of refunds".to_owned()));
        };
        after = refunds.last().map(id).transpose()?;
        if let Some(found) = refunds.into_iter().find(|object| object["metadata"][KEY] == *refund.key) {
            return Ok(Some(found));
        }
        if after.is_none() || page["has_more"] != true {
            return Ok(None);
        }
    }
}

/// A refund that is on its way counts as made.
fn outcome(object: &Value) -> Result<Settled, Failure> {
    match object["status"].as_str() {
        Some("succeeded" | "pending" | "requires_action") => {
            Ok(Settled::Moved(Receipt { transaction: id(object)?, authorization: None }))
        }
        Some("failed" | "canceled") => {
            let reason = object["failure_reason"].as_str().unwrap_or("The refund failed.");
            Ok(Settled::Failed { text: reason.to_owned() })
        }
        Some(_) | None => Err(Failure::Unclear("Stripe answered with a refund in no known state".to_owned())),
    }
}

fn idempotency_key(refund: &Refund) -> String {
    format!("{}:refund", refund.key)
}
