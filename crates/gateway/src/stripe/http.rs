//! One call of Stripe: what is sent, and which kind of answer it is.

use secrecy::{ExposeSecret as _, zeroize::Zeroizing};
use serde_json::Value;
use ureq::{
    Agent, Body,
    http::{HeaderValue, Response},
};

use super::{Settings, SettingsError, form::Form};
use crate::Failure;

/// The version of the interface that the requests and answers here are of.
const VERSION: &str = "2024-06-20";

/// More than any answer that is read here.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

/// Calls Stripe with the key of one account.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    url: String,
    authorization: HeaderValue,
}

/// What Stripe did.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) object: Value,
}

/// Why there is no answer to use.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A clear no.
    Refused {
        code: String,
        text: String,
        /// Of the bank that issued the card or keeps the account.
        is_of_bank: bool,
    },
    /// The key is wrong, or may not do this.
    Misconfigured(String),
    /// Anything may have happened.
    Unclear(String),
}

impl Client {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let key = settings.secret_key.expose_secret();
        if !["sk_", "rk_"].iter().any(|prefix| key.starts_with(prefix)) {
            return Err(SettingsError::SecretKey);
        }
        let text = Zeroizing::new(format!("Bearer {key}"));
        let mut authorization = HeaderValue::from_str(&text).map_err(|_| SettingsError::SecretKey)?;
        // Its `Debug` shows nothing from here on.
        authorization.set_sensitive(true);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("Billfold")
            .timeout_connect(Some(settings.connect_time_max))
            .timeout_global(Some(settings.time_max));
        Ok(Self { agent: config.build().new_agent(), url: base(&settings.url)?, authorization })
    }

    /// Reads an object or a list.
    pub(super) fn get(&self, path: &str) -> Result<Answer, Trouble> {
        let request = self.agent.get(format!("{}/v1/{path}", self.url));
        answer(request.header("Authorization", &self.authorization).header("Stripe-Version", VERSION).call())
    }

    /// Whether there is such an object in the account of the key.
    pub(super) fn has(&self, path: &str) -> Result<bool, Failure> {
        match self.get(path) {
            Ok(_) => Ok(true),
            Err(Trouble::Refused { .. }) => Ok(false),
            Err(trouble @ (Trouble::Misconfigured(_) | Trouble::Unclear(_))) => Err(trouble.into()),
        }
    }

    /// Does something; under the same key once, and with the first answer again.
    pub(super) fn post(&self, path: &str, key: Option<&str>, form: &Form) -> Result<Answer, Trouble> {
        let mut request = self.agent.post(format!("{}/v1/{path}", self.url));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.header("Authorization", &self.authorization).header("Stripe-Version", VERSION);
        answer(request.content_type("application/x-www-form-urlencoded").send(form.as_str()))
    }
}

impl Trouble {
    /// That nothing is known, whatever the trouble was: for questions about what happened earlier.
    pub(super) fn unclear(self) -> Failure {
        match self {
            Self::Refused { text, .. } | Self::Misconfigured(text) | Self::Unclear(text) => Failure::Unclear(text),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused { code, text, .. } => Self::Declined { code, text },
            Trouble::Misconfigured(text) => Self::Misconfigured(text),
            Trouble::Unclear(text) => Self::Unclear(text),
        }
    }
}

/// A URL without the slash at its end. Secrets travel encrypted, or not at all.
fn base(url: &str) -> Result<String, SettingsError> {
    let is_here = |rest: &str| {
        let authority = rest.split('/').next().unwrap_or_default();
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|host| authority.strip_prefix(host).is_some_and(|port| port.is_empty() || port.starts_with(':')))
    };
    let is_safe = match url.split_once("://") {
        Some(("https", rest)) => !rest.is_empty(),
        Some(("http", rest)) => is_here(rest),
        Some(_) | None => false,
    };
    if is_safe { Ok(url.trim_end_matches('/').to_owned()) } else { Err(SettingsError::Url) }
}

fn answer(result: Result<Response<Body>, ureq::Error>) -> Result<Answer, Trouble> {
    let mut response = result.map_err(|error| Trouble::Unclear(error.to_string()))?;
    let status = response.status().as_u16();
    let read = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    let body = read.map_err(|error| Trouble::Unclear(error.to_string()))?;
    let object: Value = serde_json::from_slice(&body).unwrap_or_default();
    match status {
        200..=299 if object.is_object() => Ok(Answer { object }),
        401 | 403 => Err(Trouble::Misconfigured(text(&object, status))),
        // Under the same key the same request is still on its way, or it came too often: it may yet be carried out.
        408 | 409 | 425 | 429 => Err(Trouble::Unclear(text(&object, status))),
        400..=499 => {
            let (code, text) = (code(&object["error"]), text(&object, status));
            Err(Trouble::Refused { code, text, is_of_bank: status == 402 })
        }
        _ => Err(Trouble::Unclear(text(&object, status))),
    }
}

/// The most exact name that Stripe has for an error, such as `insufficient_funds`.
pub(super) fn code(error: &Value) -> String {
    let exact = error["decline_code"].as_str().filter(|code| *code != "generic_decline");
    let name = exact.or(error["code"].as_str()).or(error["type"].as_str());
    name.unwrap_or("unknown").to_owned()
}

fn text(object: &Value, status: u16) -> String {
    let message = object["error"]["message"].as_str().filter(|text| !text.is_empty());
    message.map_or_else(|| format!("the answer was of status {status}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_travel_encrypted_or_on_this_machine() {
        for (url, expected) in [
            ("https://api.stripe.com", Some("https://api.stripe.com")),
            ("https://stripe.internal:8443/", Some("https://stripe.internal:8443")),
            ("http://127.0.0.1:8420/", Some("http://127.0.0.1:8420")),
            ("http://localhost", Some("http://localhost")),
            ("http://[::1]:80", Some("http://[::1]:80")),
            ("http://api.stripe.com", None),
            ("http://127.0.0.1.example.com", None),
            ("http://localhost@example.com", None),
            ("https://", None),
            ("api.stripe.com", None),
            ("ftp://localhost", None),
        ] {
            assert_eq!(base(url).ok().as_deref(), expected, "{url}");
        }
    }
}
