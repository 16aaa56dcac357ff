//! Where localstripe differs from Stripe: parameters that it does not know are left out, and what it does not check or cannot
//! answer is checked and answered here.

mod bank_account;

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bank_account::BankAccounts;

use serde_json::{Value, json};

use super::{
    form::{Form, decoded},
    http::{Request, Response},
};

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
    bank_accounts: Mutex<BankAccounts>,
}

impl Localstripe {
    pub(super) fn new(authority: String) -> Self {
        Self { authority, made: Mutex::default(), bank_accounts: Mutex::default() }
    }

    pub(super) fn answer(&self, request: &Request) -> io::Result<Response> {
        let path = request.path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["payment_intents", "search"]) => self.search(request),
            ("GET", ["disputes"]) => {
                let query = Form::read(request.path.split_once('?').map_or("", |(_, query)| query).as_bytes());
                let answer = self.bank_accounts().disputes(query.get("payment_intent").unwrap_or_default());
                Ok(Response::json(200, &answer))
            }
            ("GET", ["payment_intents", _]) => self.marked(request, request.send(&self.authority)),
            ("POST", ["payment_intents", _]) => self.marked(request, self.update(request)),
            ("POST", ["payment_intents", _, "confirm" | "cancel"]) => self.marked(request, self.forward(request, &[])),
            ("POST", ["payment_intents"]) => {
                self.noted("payment_intents", self.forward(request, &["amount", "currency", "metadata"]))
            }
            ("POST", ["payment_methods"]) => self.keep(request),
            ("POST", ["setup_intents"]) => {
                let answer = self.bank_accounts().set_up(&Form::read(&request.body));
                Ok(Response::json(200, &answer))
            }
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
        let form = Form::read(&request.body);
        if let Some(method) = form.get("payment_method") {
            let intent = self.read(request, &request.path)?;
            if !intent["status"].as_str().unwrap_or_default().starts_with("requires_") {
                let text = "This PaymentIntent could not be updated because it has a status that allows no changes.";
                return Ok(Response::error(400, "invalid_request_error", text));
            }
            let attached = self.read(request, &format!("/v1/payment_methods/{method}"))?;
            if attached["customer"].as_str() != form.get("customer") {
                let text = "The PaymentMethod you provided was detached from a Customer. It may not be used again.";
                return Ok(Response::error(400, "invalid_request_error", text));
            }
        }
        self.forward(request, &["amount", "currency", "customer", "payment_method", "metadata"])
    }

    fn keep(&self, request: &Request) -> io::Result<Response> {
        let form = Form::read(&request.body);
        if form.get("type") != Some("us_bank_account") {
            return self.forward(request, &["type", "card", "billing_details", "metadata"]);
        }
        let answer = request.with_body(BankAccounts::stand_in(&form).into_bytes()).send(&self.authority)?;
        let mut object = serde_json::from_slice(&answer.body)?;
        self.bank_accounts().show(&mut object, &form);
        Ok(Response::json(answer.status, &object))
    }

    /// An answer about an intent, with what it is paid with.
    fn marked(&self, request: &Request, answer: io::Result<Response>) -> io::Result<Response> {
        let answer = answer?;
        let mut object = serde_json::from_slice(&answer.body)?;
        self.bank_accounts().mark(&mut object, &Form::read(&request.body));
        Ok(Response::json(answer.status, &object))
    }

    fn bank_accounts(&self) -> MutexGuard<'_, BankAccounts> {
        self.bank_accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Localstripe gives back more than was taken.
    fn refund(&self, request: &Request) -> io::Result<Response> {
        let form = Form::read(&request.body);
        let asked = form.get("amount").and_then(|amount| amount.parse::<i64>().ok()).unwrap_or_default();
        let intent = form.get("payment_intent").unwrap_or_default();
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
