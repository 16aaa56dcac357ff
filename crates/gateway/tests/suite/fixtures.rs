//! Cards, bank accounts and charges for the tests.

use billing::{
    collect::BankAccountType,
    instrument::{BankAccount, Card, Expiration, Holder, Instrument, SecretString},
};
use calendar::Instant;
use gateway::{Charge, Refund, Source, Vaulted};
use money::{Amount, Currency};

pub(crate) fn card(number: &str) -> Instrument {
    Instrument::Card(Card {
        number: SecretString::from(number),
        cvv: Some(SecretString::from("123")),
        expiration: Expiration { year: 34, month: 12 },
        holder: holder(),
    })
}

pub(crate) fn bank_account(number: &str) -> Instrument {
    Instrument::BankAccount(BankAccount {
        account_number: SecretString::from(number),
        transit_number: SecretString::from("110000000"),
        account_type: BankAccountType::Chequing,
        holder: holder(),
    })
}

fn holder() -> Holder {
    Holder { first_name: "Ada".to_owned(), last_name: "Lovelace".to_owned(), ..Holder::default() }
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("an amount")
}

pub(crate) fn day(text: &str) -> Instant {
    Instant::parse(text).expect("a day")
}

pub(crate) fn charge(key: &str, dollars: &str, source: Source) -> Charge {
    Charge {
        key: key.to_owned(),
        amount: amount(dollars),
        currency: Currency::USD,
        source,
        description: "Invoice 7".to_owned(),
        at: day("2026-03-31"),
    }
}

pub(crate) fn provided(number: &str) -> Source {
    Source::Provided(card(number))
}

pub(crate) fn stored(vaulted: Vaulted) -> Source {
    Source::Stored { token: vaulted.token, face: vaulted.face }
}

pub(crate) fn refund(key: &str, charge: &str, dollars: &str) -> Refund {
    Refund { key: key.to_owned(), charge: charge.to_owned(), amount: amount(dollars), currency: Currency::USD }
}
