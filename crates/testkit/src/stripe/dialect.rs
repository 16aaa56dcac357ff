//! Where localstripe differs from Stripe: parameters that it does not know are left out, and what it does not check or cannot
//! answer is checked and answered here.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

use super::http::{Request, Response};

/// Where Billfold's key stands in the metadata of what it makes.
const KEY: &str = "billfold_key";

/// Money that moved, as Stripe has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Billfold's key.
    pub key: String,
    /// How much, in minor units of its currency.
    pub units: i64,
}

pub(super) struct Localstripe {
    authority: String,
    /// What was made on this line under a key of Billfold: the kind in the path, the key and the id. Localstripe takes a long
    /// time to list everything.
    made: Mutex<Vec<(&'static str, String, String)>>,
}

impl Localstripe {
    pub(super) fn new(authority: String) -> Self {
        Self { authority, made: Mutex::default() }
    }

    pub(super) fn answer(&self, request: &Request) -> io::Result<Response> {
        let path = request.path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["payment_intents", "search"]) => self.search(request),
            ("POST", ["payment_intents", _]) => self.update(request),
            ("POST", ["payment_intents", _, "confirm" | "cancel"]) => self.forward(request, &[]),
            ("POST", ["payment_intents"]) => {
                self.noted("payment_intents", self.forward(request, &["amount", "currency", "metadata"]))
            }
            ("POST", ["payment_methods"]) => self.forward(request, &["type", "card", "billing_details", "metadata"]),
            ("POST", ["customers"]) => self.forward(request, &["name", "payment_method", "metadata"]),
            ("POST", ["refunds"]) => self.noted("refunds", self.refund(request)),
            _ => request.send(&self.authority),
        }
    }

    /// Every charge under a key that begins so.
    pub(super) fn charged(&self, prefix: &str) -> io::Result<Vec<Moved>> {
        let mut intents = self.made(&Request::trusted(), "payment_intents", |key| key.starts_with(prefix))?;
        intents.retain(|intent| intent["status"] == "succeeded");
        Ok(intents.iter().filter_map(moved).collect())
    }

    /// Every refund under a key that begins so.
    pub(super) fn refunded(&self, prefix: &str) -> io::Result<Vec<Moved>> {
        let refunds = self.made(&Request::trusted(), "refunds", |key| key.starts_with(prefix))?;
        Ok(refunds.iter().filter_map(moved).collect())
    }

    /// Localstripe changes an intent whatever state it is in, and takes methods that were detached.
    fn update(&self, request: &Request) -> io::Result<Response> {
        let form = form(request);
        if let Some(method) = value(&form, "payment_method") {
            let intent = self.read(request, &request.path)?;
            if !intent["status"].as_str().unwrap_or_default().starts_with("requires_") {
                let text = "This PaymentIntent could not be updated because it has a status that allows no changes.";
                return Ok(Response::error(400, "invalid_request_error", text));
            }
            let attached = self.read(request, &format!("/v1/payment_methods/{method}"))?;
            if attached["customer"].as_str() != value(&form, "customer") {
                let text = "The PaymentMethod you provided was detached from a Customer. It may not be used again.";
                return Ok(Response::error(400, "invalid_request_error", text));
            }
        }
        self.forward(request, &["amount", "currency", "customer", "payment_method", "metadata"])
    }

    /// Localstripe gives back more than was taken.
    fn refund(&self, request: &Request) -> io::Result<Response> {
        let form = form(request);
        let asked = value(&form, "amount").and_then(|amount| amount.parse::<i64>().ok()).unwrap_or_default();
        let intent = value(&form, "payment_intent").unwrap_or_default();
        let taken = units(&self.read(request, &format!("/v1/payment_intents/{intent}"))?["amount"]);
        let earlier = self.read(request, &format!("/v1/refunds?payment_intent={intent}&limit=1000"))?;
        let given_back: i64 =
            earlier["data"].as_array().into_iter().flatten().map(|refund| units(&refund["amount"])).sum();
        if asked > taken - given_back {
            let text = "Refund amount is greater than unrefunded amount on charge.";
            return Ok(Response::error(400, "invalid_request_error", text));
        }
        self.forward(request, &["payment_intent", "amount", "metadata"])
    }

    /// `query=metadata['name']:'value'`, which localstripe has not.
    fn search(&self, request: &Request) -> io::Result<Response> {
        let query = decoded(request.path.split_once("query=").map_or("", |(_, query)| query));
        let quoted = query.strip_prefix("metadata['").and_then(|rest| rest.strip_suffix('\''));
        let Some((name, wanted)) = quoted.and_then(|rest| rest.split_once("']:'")) else {
            return Ok(Response::error(400, "invalid_request_error", "We were unable to parse your search query."));
        };
        let wanted = wanted.replace("\\'", "'").replace("\\\\", "\\");
        let mut found = self.made(request, "payment_intents", |key| key == wanted)?;
        found.retain(|intent| intent["metadata"][name] == wanted);
        Ok(Response::json(200, &json!({"object": "search_result", "data": found, "has_more": false})))
    }

    /// Passes a request on with the parameters that localstripe knows.
    fn forward(&self, request: &Request, known: &[&str]) -> io::Result<Response> {
        let text = String::from_utf8_lossy(&request.body).into_owned();
        let root = |pair: &str| decoded(pair).split(['[', '=']).next().unwrap_or_default().to_owned();
        let kept: Vec<&str> = text.split('&').filter(|pair| known.contains(&root(pair).as_str())).collect();
        let mut kept = kept.join("&");
        if known.contains(&"card") && kept.contains("card%5Bnumber") && !kept.contains("card%5Bcvc") {
            kept.push_str("&card%5Bcvc%5D=123");
        }
        request.with_body(kept.into_bytes()).send(&self.authority)
    }

    /// Remembers what an answer says was made.
    fn noted(&self, kind: &'static str, answer: io::Result<Response>) -> io::Result<Response> {
        let answer = answer?;
        let object: Value = serde_json::from_slice(&answer.body)?;
        if let (Some(id), Some(key)) = (object["id"].as_str(), object["metadata"][KEY].as_str()) {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.push((kind, key.to_owned(), id.to_owned()));
        }
        Ok(answer)
    }

    /// As they are now.
    fn made(&self, request: &Request, kind: &str, is_meant: impl Fn(&str) -> bool) -> io::Result<Vec<Value>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let meant = made.iter().filter(|(own, key, _)| *own == kind && is_meant(key));
        meant.map(|(_, _, id)| self.read(request, &format!("/v1/{kind}/{id}"))).collect()
    }

    fn read(&self, request: &Request, path: &str) -> io::Result<Value> {
        let response = request.get(path).send(&self.authority)?;
        Ok(serde_json::from_slice(&response.body)?)
    }
}

fn moved(object: &Value) -> Option<Moved> {
    let key = object["metadata"][KEY].as_str()?.to_owned();
    Some(Moved { key, units: units(&object["amount"]) })
}

/// Localstripe keeps a changed amount as the text that it was sent.
fn units(amount: &Value) -> i64 {
    amount.as_i64().or_else(|| amount.as_str()?.parse().ok()).unwrap_or_default()
}

fn form(request: &Request) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&request.body);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
