//! Cards and bank accounts at Stripe: a `PaymentMethod`, and for a stored one a `Customer` of its own that it is attached to.

use billing::{
    collect::BankAccountType,
    country::Country,
    instrument::{BankAccount, Card, Expiration, ExposeSecret, Holder, Instrument, SecretString},
    payment::PaymentMethod,
    payment_method::{CardBrand, Face},
};
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use super::{
    form::Form,
    http::{Client, Trouble},
};
use crate::{Failure, Token, Vaulted};

/// What is charged.
pub(super) struct Method {
    /// `pm_…`.
    pub(super) id: String,
    /// `cus_…` of a stored one.
    pub(super) customer: Option<String>,
    /// A card, or a bank account.
    pub(super) kind: PaymentMethod,
}

impl Method {
    /// One that is used once. Stripe keeps no way to use it again.
    pub(super) fn provided(client: &Client, key: &str, instrument: &Instrument) -> Result<Self, Failure> {
        let object = create(client, key, instrument)?;
        Ok(Self { id: id(&object)?, customer: None, kind: kind(instrument) })
    }

    /// A stored one.
    pub(super) fn stored(token: &Token, kind: PaymentMethod) -> Result<Self, Failure> {
        let Some((customer, method)) = token.0.expose_secret().split_once(':') else {
            let text = "The payment method is not stored at Stripe.".to_owned();
            return Err(Failure::Declined { code: "resource_missing".to_owned(), text });
        };
        Ok(Self { id: method.to_owned(), customer: Some(customer.to_owned()), kind })
    }
}

/// Attaching a card asks its issuer whether it is good. A bank account has to be verified by Stripe, which takes its owner days;
/// one that is not verified is refused.
pub(super) fn store(client: &Client, key: &str, instrument: &Instrument) -> Result<Vaulted, Failure> {
    let object = create(client, key, instrument)?;
    let (method, face) = (id(&object)?, face(&object)?);
    let form = Form::new()
        .with_some("name", Some(&name(instrument.holder())))
        .with("payment_method", &method)
        .with("metadata[billfold_key]", key);
    let customer = id(&client.post("customers", Some(&format!("{key}:customer")), &form)?.object)?;
    let token = token(&customer, &method);
    if kind(instrument) == PaymentMethod::Ach {
        set_up(client, key, &customer, &method).inspect_err(|_| drop(forget(client, &token)))?;
    }
    Ok(Vaulted { token, face })
}

/// One that is attached to a customer already, whoever made them.
pub(super) fn adopt(client: &Client, customer: &str, method: &str) -> Result<Vaulted, Failure> {
    let missing = || {
        let text = format!("No such source: '{method}'");
        Failure::Declined { code: "resource_missing".to_owned(), text }
    };
    // Both become part of a URL.
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name(customer) || !is_name(method) || customer.is_empty() || method.is_empty() {
        return Err(missing());
    }
    let object = client.get(&format!("payment_methods/{method}"))?.object;
    if object["customer"] != *customer {
        return Err(missing());
    }
    Ok(Vaulted { token: token(customer, method), face: face(&object)? })
}

fn token(customer: &str, method: &str) -> Token {
    Token(SecretString::from(format!("{customer}:{method}")))
}

/// A bank account may be charged when its owner's mandate is there and it is verified.
fn set_up(client: &Client, key: &str, customer: &str, method: &str) -> Result<(), Failure> {
    let form = Form::new()
        .with("customer", customer)
        .with("payment_method", method)
        .with("payment_method_types[0]", "us_bank_account")
        .with("mandate_data[customer_acceptance][type]", "offline")
        .with("confirm", "true");
    let object = client.post("setup_intents", Some(&format!("{key}:set-up")), &form)?.object;
    if object["status"] == "succeeded" { Ok(()) } else { Err(not_verified()) }
}

pub(super) fn not_verified() -> Failure {
    let text = "Stripe has to verify this bank account before it can be charged.".to_owned();
    Failure::Declined { code: "verification_required".to_owned(), text }
}

/// Detaches it, which is for good. Its customer stays: somebody else may have made it.
pub(super) fn forget(client: &Client, token: &Token) -> Result<(), Failure> {
    let method = Method::stored(token, PaymentMethod::CreditCard)?.id;
    match client.post(&format!("payment_methods/{method}/detach"), None, &Form::new()) {
        Ok(_) => Ok(()),
        Err(Trouble::Refused { code, text, .. }) => match client.get(&format!("payment_methods/{method}")) {
            Ok(answer) if !answer.object["customer"].is_null() => Err(Failure::Declined { code, text }),
            Ok(_) | Err(Trouble::Refused { .. }) => Ok(()),
            Err(trouble @ (Trouble::Misconfigured(_) | Trouble::Unclear(_))) => Err(trouble.into()),
        },
        Err(trouble @ (Trouble::Misconfigured(_) | Trouble::Unclear(_))) => Err(trouble.into()),
    }
}

fn create(client: &Client, key: &str, instrument: &Instrument) -> Result<Value, Trouble> {
    let form = match instrument {
        Instrument::Card(card) => card_form(card),
        Instrument::BankAccount(account) => bank_account_form(account),
    };
    let form = with_holder(form, instrument.holder());
    Ok(client.post("payment_methods", Some(&format!("{key}:method")), &form)?.object)
}

fn card_form(card: &Card) -> Form {
    let number = digits(&card.number);
    Form::new()
        .with("type", "card")
        .with("card[number]", &number)
        .with("card[exp_month]", &card.expiration.month.to_string())
        .with("card[exp_year]", &format!("20{:02}", card.expiration.year))
        .with_some("card[cvc]", card.cvv.as_ref().map(ExposeSecret::expose_secret))
}

fn bank_account_form(account: &BankAccount) -> Form {
    let account_type = match account.account_type {
        BankAccountType::Chequing => "checking",
        BankAccountType::Savings => "savings",
    };
    Form::new()
        .with("type", "us_bank_account")
        .with("us_bank_account[account_number]", &digits(&account.account_number))
        .with("us_bank_account[routing_number]", &digits(&account.transit_number))
        .with("us_bank_account[account_type]", account_type)
        .with("us_bank_account[account_holder_type]", "individual")
}

/// Without the blanks and dashes that people write.
fn digits(number: &SecretString) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(number.expose_secret().len()));
    kept.extend(number.expose_secret().chars().filter(|character| !matches!(character, ' ' | '-')));
    kept
}

fn with_holder(form: Form, holder: &Holder) -> Form {
    let country = holder.region.and_then(|region| Country::find(region.country));
    let state = country.zip(holder.region.and_then(|region| region.state)).and_then(|(country, id)| country.state(id));
    form.with_some("billing_details[name]", Some(&name(holder)))
        .with_some("billing_details[address][line1]", holder.address1.as_deref())
        .with_some("billing_details[address][line2]", holder.address2.as_deref())
        .with_some("billing_details[address][city]", holder.city.as_deref())
        .with_some("billing_details[address][postal_code]", holder.postal_zip.as_deref())
        .with_some("billing_details[address][state]", state.map(|state| state.code))
        .with_some("billing_details[address][country]", country.map(|country| country.iso))
}

fn name(holder: &Holder) -> String {
    format!("{} {}", holder.first_name, holder.last_name).trim().to_owned()
}

fn kind(instrument: &Instrument) -> PaymentMethod {
    match instrument {
        Instrument::Card(_) => PaymentMethod::CreditCard,
        Instrument::BankAccount(_) => PaymentMethod::Ach,
    }
}

/// What Stripe shows of a card or bank account.
fn face(object: &Value) -> Result<Face, Failure> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (card, account) = (&object["card"], &object["us_bank_account"]);
    if card.is_object() {
        let brand = match card["brand"].as_str().unwrap_or_default() {
            "visa" => CardBrand::Visa,
            "mastercard" => CardBrand::MasterCard,
            "amex" => CardBrand::Amex,
            "discover" => CardBrand::Discover,
            "jcb" => CardBrand::Jcb,
            "diners" => CardBrand::DinersClub,
            _ => CardBrand::Unknown,
        };
        let number = |value: &Value, modulus| value.as_u64().and_then(|number| u8::try_from(number % modulus).ok());
        let expiration = number(&card["exp_year"], 100).zip(number(&card["exp_month"], 100));
        let (year, month) = expiration.ok_or_else(|| unreadable("a card without an expiration"))?;
        let expiration = Expiration { year, month };
        Ok(Face::Card { brand, last_four: text(&card["last4"]), expiration, is_debit: card["funding"] == "debit" })
    } else if account.is_object() {
        let routing = text(&account["routing_number"]);
        Ok(Face::BankAccount {
            account_last_four: text(&account["last4"]),
            transit_last_four: routing.get(routing.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
            account_type: if account["account_type"] == "savings" {
                BankAccountType::Savings
            } else {
                BankAccountType::Chequing
            },
        })
    } else {
        Err(unreadable("neither a card nor a bank account"))
    }
}

/// Stripe's name of an object.
pub(super) fn id(object: &Value) -> Result<String, Failure> {
    object["id"].as_str().map(str::to_owned).ok_or_else(|| unreadable("an object without an id"))
}

fn unreadable(what: &str) -> Failure {
    Failure::Unclear(format!("Stripe answered with {what}"))
}
