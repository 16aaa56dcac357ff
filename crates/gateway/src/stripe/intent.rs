//! Charges: a `PaymentIntent` is created, told what to take, and confirmed. The first step asks for the same whatever is to be
//! taken, so that anybody who has the key can repeat it and be told which intent it is.

use billing::payment::PaymentMethod;
use serde_json::Value;

use super::{
    form::Form,
    http::{Client, Trouble},
    method::{Method, id, not_verified},
};
use crate::{Charge, Failure, Receipt, Settled, minor};

/// Where the key of a charge or refund stands in what Stripe keeps of it.
pub(super) const KEY: &str = "billfold_key";

/// What an intent is for until it is told; it is never confirmed so.
const PLACEHOLDER: (&str, &str) = ("1000", "usd");

/// Where an intent stands.
enum Standing {
    /// The money was taken. A bank account counts as charged when its bank was asked: a return comes days later, and is then one.
    Moved(Receipt),
    /// Nothing was taken, and nothing will be.
    Canceled,
    /// Nothing was taken, and it can be cancelled.
    Open,
    /// Stripe is at it.
    Busy,
}

pub(super) fn charge(client: &Client, charge: &Charge, method: &Method) -> Result<Receipt, Failure> {
    let units = minor::units(charge.amount, charge.currency).filter(|units| *units > 0);
    let units = units.ok_or_else(|| refusal("invalid_amount", "The amount must be positive, in whole minor units."))?;
    let intent = create(client, &charge.key)?;
    let form = Form::new()
        .with("amount", &units.to_string())
        .with("currency", &charge.currency.code().to_lowercase())
        .with("payment_method_types[0]", type_of(method.kind))
        .with("payment_method", &method.id)
        .with_some("customer", method.customer.as_deref())
        .with_some("description", Some(&charge.description));
    let told = client.post(&format!("payment_intents/{intent}"), Some(&format!("{}:update", charge.key)), &form);
    let confirmed = told.and_then(|_| confirm(client, &charge.key, &intent, method.kind));
    match confirmed {
        Ok(object) => match standing(&object) {
            Standing::Moved(receipt) => Ok(receipt),
            Standing::Busy => Err(Failure::Unclear("Stripe is still at it".to_owned())),
            // Its owner would have to do something, and is not there.
            Standing::Open | Standing::Canceled => given_up(client, &intent, needs_owner(method.kind)),
        },
        Err(Trouble::Refused { code, text, is_of_bank: true }) => Err(Failure::Declined { code, text }),
        Err(Trouble::Refused { code, text, is_of_bank: false }) => {
            given_up(client, &intent, Failure::Declined { code, text })
        }
        Err(trouble @ (Trouble::Misconfigured(_) | Trouble::Unclear(_))) => Err(trouble.unclear()),
    }
}

/// What became of the charge with this key. Its first step, repeated, tells its intent, or makes one that nobody else can use
/// under this key any more. Stripe remembers keys for a day; what is older is found by searching.
pub(super) fn settle(client: &Client, key: &str) -> Result<Settled, Failure> {
    let own = create(client, key).map_err(Trouble::unclear)?;
    let settled = end(client, &own)?;
    if matches!(settled, Settled::Moved(_)) {
        return Ok(settled);
    }
    for older in search(client, key)?.into_iter().filter(|older| *older != own) {
        if let moved @ Settled::Moved(_) = end(client, &older)? {
            return Ok(moved);
        }
    }
    Ok(settled)
}

/// A charge that could not be made is not made later either. Should another call under the same key have taken the money, then that
/// is the answer.
fn given_up(client: &Client, intent: &str, failure: Failure) -> Result<Receipt, Failure> {
    match end(client, intent)? {
        Settled::Moved(receipt) => Ok(receipt),
        Settled::Failed { .. } => Err(failure),
    }
}

/// Brings an intent to its end: what was not taken by now is not taken at all.
fn end(client: &Client, intent: &str) -> Result<Settled, Failure> {
    let path = format!("payment_intents/{intent}");
    let mut object = client.get(&path).map_err(Trouble::unclear)?.object;
    if matches!(standing(&object), Standing::Open) {
        object = match client.post(&format!("{path}/cancel"), None, &Form::new()) {
            Ok(answer) => answer.object,
            // It has moved on in between.
            Err(Trouble::Refused { .. }) => client.get(&path).map_err(Trouble::unclear)?.object,
            Err(trouble @ (Trouble::Misconfigured(_) | Trouble::Unclear(_))) => return Err(trouble.unclear()),
        };
    }
    match standing(&object) {
        Standing::Moved(receipt) => Ok(Settled::Moved(receipt)),
        Standing::Canceled => {
            let reason = object["last_payment_error"]["message"].as_str();
            Ok(Settled::Failed { text: reason.unwrap_or("The charge was given up before it was made.").to_owned() })
        }
        Standing::Open | Standing::Busy => Err(Failure::Unclear("Stripe is still at it".to_owned())),
    }
}

fn create(client: &Client, key: &str) -> Result<String, Trouble> {
    let (amount, currency) = PLACEHOLDER;
    let form = Form::new()
        .with("amount", amount)
        .with("currency", currency)
        .with("payment_method_types[0]", type_of(PaymentMethod::CreditCard))
        .with(&format!("metadata[{KEY}]"), key);
    let object = client.post("payment_intents", Some(&format!("{key}:create")), &form)?.object;
    id(&object).map_err(|failure| Trouble::Unclear(failure.to_string()))
}

fn confirm(client: &Client, key: &str, intent: &str, kind: PaymentMethod) -> Result<Value, Trouble> {
    let form = Form::new().with("off_session", "true");
    let form = match type_of(kind) {
        "us_bank_account" => form.with("mandate_data[customer_acceptance][type]", "offline"),
        _ => form,
    };
    Ok(client.post(&format!("payment_intents/{intent}/confirm"), Some(&format!("{key}:confirm")), &form)?.object)
}

/// The intents with this key, as far as Stripe's index knows: it is a minute behind.
fn search(client: &Client, key: &str) -> Result<Vec<String>, Failure> {
    let quoted = key.replace('\\', "\\\\").replace('\'', "\\'");
    let query = Form::new().with("query", &format!("metadata['{KEY}']:'{quoted}'"));
    let found = client.get(&format!("payment_intents/search?{}", query.as_str())).map_err(Trouble::unclear)?.object;
    found["data"].as_array().into_iter().flatten().map(id).collect()
}

fn standing(object: &Value) -> Standing {
    let is_bank_account = object["payment_method_types"][0] == type_of(PaymentMethod::Ach);
    match object["status"].as_str() {
        Some("succeeded") => Standing::Moved(receipt(object)),
        Some("processing") if is_bank_account => Standing::Moved(receipt(object)),
        Some("canceled") => Standing::Canceled,
        Some("requires_payment_method" | "requires_confirmation" | "requires_action" | "requires_capture") => {
            Standing::Open
        }
        Some(_) | None => Standing::Busy,
    }
}

/// The intent is what refunds name; its charge is what Stripe's console and statements name.
fn receipt(object: &Value) -> Receipt {
    let charge = &object["latest_charge"];
    let authorization = charge.as_str().or(charge["id"].as_str()).map(str::to_owned);
    Receipt { transaction: object["id"].as_str().unwrap_or_default().to_owned(), authorization }
}

fn needs_owner(kind: PaymentMethod) -> Failure {
    match type_of(kind) {
        "us_bank_account" => not_verified(),
        _ => refusal("authentication_required", "The card's owner has to confirm this payment, and cannot from here."),
    }
}

/// As Stripe names kinds of payment methods.
fn type_of(kind: PaymentMethod) -> &'static str {
    if kind == PaymentMethod::Ach { "us_bank_account" } else { "card" }
}

fn refusal(code: &str, text: &str) -> Failure {
    Failure::Declined { code: code.to_owned(), text: text.to_owned() }
}
