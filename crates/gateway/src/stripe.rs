//! Stripe. A charge is made in steps, so that what became of it can be found out for good by its key alone
//! (docs/decisions/0010-charges-at-stripe.md).

mod form;
mod http;
mod intent;
mod method;
mod refund;
mod returned;
pub mod webhook;

use std::time::Duration;

use billing::{
    instrument::{BankAccount, Card, ExposeSecret as _, Instrument, SecretString},
    payment::PaymentMethod,
};
use calendar::Instant;
use http::Client;
use method::Method;

use crate::{Charge, Failure, Gateway, Receipt, Refund, Settled, Source, Token, Trace, Vaulted};

/// Where Stripe is reached.
pub const URL: &str = "https://api.stripe.com";

/// How Stripe is used.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The secret key (`sk_…`) or a restricted one (`rk_…`).
    pub secret_key: SecretString,
    /// [`URL`], or where a stand-in is reached; without encryption only on this machine.
    pub url: String,
    /// How long a connection may take.
    pub connect_time_max: Duration,
    /// How long a call may take, with its connection and its answer. A charge needs four, and more when it goes wrong.
    pub time_max: Duration,
}

impl Settings {
    /// Stripe itself with this key: 10 seconds for a connection, 60 for a call.
    pub fn new(secret_key: SecretString) -> Self {
        let (connect_time_max, time_max) = (Duration::from_secs(10), Duration::from_mins(1));
        Self { secret_key, url: URL.to_owned(), connect_time_max, time_max }
    }
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The key is none.
    #[error("a secret key of Stripe begins with `sk_` or `rk_`")]
    SecretKey,
    /// The URL is none, or secrets would travel in the open.
    #[error("Stripe's URL must begin with `https://`; `http://` is only for a stand-in on this machine")]
    Url,
}

/// Stripe with the key of one account.
#[derive(Debug)]
pub struct Stripe {
    client: Client,
}

impl Stripe {
    /// Opens no connection yet.
    pub fn open(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self { client: Client::new(settings)? })
    }
}

impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        "Stripe"
    }

    fn store(&self, key: &str, instrument: &Instrument) -> Result<Vaulted, Failure> {
        method::store(&self.client, key, instrument).map_err(|failure| without_numbers(failure, instrument))
    }

    fn adopt(&self, owner: &str, method: &str) -> Result<Vaulted, Failure> {
        method::adopt(&self.client, owner, method)
    }

    fn forget(&self, token: &Token) -> Result<(), Failure> {
        method::forget(&self.client, token)
    }

    fn charge(&self, charge: &Charge) -> Result<Receipt, Failure> {
        match &charge.source {
            Source::Provided(instrument) => Method::provided(&self.client, &charge.key, instrument)
                .and_then(|method| intent::charge(&self.client, charge, &method))
                .map_err(|failure| without_numbers(failure, instrument)),
            Source::Stored { token, face } => {
                intent::charge(&self.client, charge, &Method::stored(token, face.method())?)
            }
        }
    }

    fn settle(&self, charge_key: &str) -> Result<Settled, Failure> {
        intent::settle(&self.client, charge_key)
    }

    fn returned(&self, charge: &str, _now: Instant) -> Result<Option<String>, Failure> {
        if !is_name(charge) {
            let text = "Stripe has no payment of this name.".to_owned();
            return Err(Failure::Declined { code: "resource_missing".to_owned(), text });
        }
        returned::find(&self.client, charge)
    }

    fn keeps(&self, trace: &Trace) -> Result<bool, Failure> {
        match trace {
            Trace::Charge(intent) if !is_name(intent) => Ok(false),
            Trace::Charge(intent) => self.client.has(&format!("payment_intents/{intent}")),
            // Of a card or a bank account alike.
            Trace::Stored(token) => {
                let method = Method::stored(token, PaymentMethod::CreditCard)?;
                self.client.has(&format!("payment_methods/{}", method.id))
            }
        }
    }

    fn refund(&self, refund: &Refund) -> Result<Receipt, Failure> {
        refund::refund(&self.client, refund)
    }

    fn settle_refund(&self, refund: &Refund) -> Result<Settled, Failure> {
        refund::settle(&self.client, refund)
    }
}

/// Whether Stripe may call something so. A person may have named a charge otherwise, and no such name belongs in a path.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Stripe repeats no numbers. Should it ever, nobody reads them.
fn without_numbers(failure: Failure, instrument: &Instrument) -> Failure {
    let number = match instrument {
        Instrument::Card(Card { number, .. }) | Instrument::BankAccount(BankAccount { account_number: number, .. }) => {
            number
        }
    };
    let hide = |text: String| match number.expose_secret() {
        "" => text,
        number => text.replace(number, "…"),
    };
    match failure {
        Failure::Declined { code, text } => Failure::Declined { code: hide(code), text: hide(text) },
        Failure::Misconfigured(text) => Failure::Misconfigured(hide(text)),
        Failure::Unclear(text) => Failure::Unclear(hide(text)),
    }
}

#[cfg(test)]
mod tests {
    use billing::instrument::{Expiration, Holder};

    use super::*;

    #[test]
    fn a_number_that_stripe_repeats_is_cut_out() {
        let card = Card {
            number: SecretString::from("4242424242424242"),
            cvv: None,
            expiration: Expiration { year: 34, month: 12 },
            holder: Holder::default(),
        };
        let instrument = Instrument::Card(card);
        let text = || "4242424242424242 is no good.".to_owned();
        for failure in [
            Failure::Declined { code: "card_declined".to_owned(), text: text() },
            Failure::Misconfigured(text()),
            Failure::Unclear(text()),
        ] {
            let told = without_numbers(failure, &instrument).to_string();
            assert!(told.ends_with("… is no good."), "{told}");
        }
    }
}
