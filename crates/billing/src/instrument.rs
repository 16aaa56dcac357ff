//! What a caller pays with, as it is provided: a card or a bank account. Its numbers go to a payment gateway and nowhere
//! else; nothing here can be written, and `Debug` shows none of them.

use calendar::Instant;
pub use secrecy::{ExposeSecret, SecretString};

use crate::{collect::BankAccountType, payment::PaymentMethod, payment_method::CardBrand, tax::Region};

/// Whose card or account it is, and where its bills go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    /// At most 50 characters.
    pub first_name: String,
    /// At most 50 characters.
    pub last_name: String,
    /// First line of the billing address; at most 50 characters.
    pub address1: Option<String>,
    /// Second line; at most 50 characters.
    pub address2: Option<String>,
    /// At most 50 characters.
    pub city: Option<String>,
    /// At most 10 characters.
    pub postal_zip: Option<String>,
    /// A country and, of that country, a state.
    pub region: Option<Region>,
}

/// The last month in which a card is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiration {
    /// Two digits, of this century.
    pub year: u8,
    /// 1 to 12.
    pub month: u8,
}

impl Expiration {
    /// Whether a card was good for the last time in a month before this one, by UTC.
    pub fn has_passed(self, now: Instant) -> bool {
        let today = now.utc_date();
        let last_month = (2_000 + i16::from(self.year), i16::from(self.month));
        last_month < (today.year(), i16::from(today.month()))
    }
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The number on it.
    pub number: SecretString,
    /// The code on its back. It is never kept, by nobody.
    pub cvv: Option<SecretString>,
    /// Until when it is good.
    pub expiration: Expiration,
    /// Whose it is.
    pub holder: Holder,
}

/// A bank account.
#[derive(Debug, Clone)]
pub struct BankAccount {
    /// Its number, with leading zeros.
    pub account_number: SecretString,
    /// The bank's routing number, with leading zeros.
    pub transit_number: SecretString,
    /// What kind of account.
    pub account_type: BankAccountType,
    /// Whose it is.
    pub holder: Holder,
}

/// What a caller provides to pay with.
#[derive(Debug, Clone)]
pub enum Instrument {
    /// A card.
    Card(Card),
    /// A bank account.
    BankAccount(BankAccount),
}

impl Instrument {
    /// As an attempt to charge it is shown, such as `Visa ending in 1111` (receivables.md §6).
    pub fn label(&self) -> String {
        let last_four = |number: &SecretString| {
            let number = number.expose_secret();
            number
                .len()
                .checked_sub(4)
                .filter(|place| *place > 0)
                .and_then(|place| number.get(place..))
                .map(str::to_owned)
        };
        match self {
            Self::Card(Card { number, .. }) => {
                let brand = CardBrand::of(number.expose_secret());
                format!("{brand} ending in {}", last_four(number).unwrap_or_default())
            }
            Self::BankAccount(account) => {
                format!("account ending in {}", last_four(&account.account_number).unwrap_or_default())
            }
        }
    }

    /// How it pays.
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::Card(_) => PaymentMethod::CreditCard,
            Self::BankAccount(_) => PaymentMethod::Ach,
        }
    }

    /// Whose it is.
    pub fn holder(&self) -> &Holder {
        match self {
            Self::Card(card) => &card.holder,
            Self::BankAccount(account) => &account.holder,
        }
    }
}
