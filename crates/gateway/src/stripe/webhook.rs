//! What Stripe tells by itself. A message only says that it is time to ask: nothing is posted because of it.

use billing::instrument::{ExposeSecret as _, SecretString};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::intent::KEY;

/// How much older or younger than now a message may be.
const AGE_SECONDS_MAX: u64 = 300;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Money was taken.
    Charged,
    /// It was not; also when a bank returned it days later.
    Failed,
    /// It was taken, and its owner or a bank disputes it; so Stripe tells of bank payments that come back late.
    Disputed,
    /// Money was given back, here or in Stripe's console.
    Refunded,
}

/// A message about a charge of Billfold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stripe's name of the message: a repeated one has the same.
    pub id: String,
    /// What happened.
    pub kind: Kind,
    /// The key of the charge; disputes do not name it.
    pub key: Option<String>,
    /// Stripe's name of it, as a receipt has it.
    pub transaction: String,
}

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// There is no signature that could be checked.
    #[error("the header Stripe-Signature has no time or no signature")]
    Malformed,
    /// Somebody else wrote it, or the secret is another one.
    #[error("the signature is wrong")]
    Forged,
    /// It was signed long ago: somebody may repeat it.
    #[error("the signature is older than five minutes, or from the future")]
    Stale,
    /// Signed, and unreadable.
    #[error("the message is not one of Stripe")]
    Unreadable,
}

/// Reads a message with the header `Stripe-Signature` that came with it, at `now` in seconds since 1970. `None` for messages
/// about something else, or about charges that are not Billfold's.
pub fn read(body: &[u8], signature: &str, secret: &SecretString, now: i64) -> Result<Option<Event>, Rejected> {
    verify(body, signature, secret, now)?;
    let message: Value = serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)?;
    let name = message["type"].as_str().ok_or(Rejected::Unreadable)?;
    let kind = match name {
        "payment_intent.succeeded" => Kind::Charged,
        "payment_intent.payment_failed" | "charge.failed" => Kind::Failed,
        "charge.dispute.created" | "charge.dispute.closed" => Kind::Disputed,
        "charge.refunded" => Kind::Refunded,
        _ => return Ok(None),
    };
    let object = &message["data"]["object"];
    // A charge has the metadata of its intent; a dispute has its own.
    let intent = if name.starts_with("payment_intent.") { &object["id"] } else { &object["payment_intent"] };
    let key = object["metadata"][KEY].as_str().map(str::to_owned);
    let event = || {
        let (id, transaction) = (message["id"].as_str()?.to_owned(), intent.as_str()?.to_owned());
        Some(Event { id, kind, key, transaction })
    };
    Ok(event().filter(|event| event.key.is_some() || event.kind == Kind::Disputed))
}

/// The scheme `v1`: HMAC-SHA256 of the time, a point and the body. There is more than one signature while a secret is replaced.
fn verify(body: &[u8], signature: &str, secret: &SecretString, now: i64) -> Result<(), Rejected> {
    let member = |name: &'static str| {
        let members = signature.split(',').filter_map(|member| member.trim().split_once('='));
        members.filter(move |(own, _)| *own == name).map(|(_, value)| value)
    };
    let time = member("t").next().ok_or(Rejected::Malformed)?;
    let at: i64 = time.parse().map_err(|_| Rejected::Malformed)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_err(|_| Rejected::Forged)?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    let mut signatures = member("v1").filter_map(bytes).peekable();
    signatures.peek().ok_or(Rejected::Malformed)?;
    if !signatures.any(|signature| mac.clone().verify_slice(&signature).is_ok()) {
        return Err(Rejected::Forged);
    }
    if now.abs_diff(at) > AGE_SECONDS_MAX { Err(Rejected::Stale) } else { Ok(()) }
}

/// From hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    });
    pairs.collect()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
