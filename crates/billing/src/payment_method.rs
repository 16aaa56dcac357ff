//! Payment methods: what is kept of a card or a bank account (customers.md §4.1).

use crate::{collect::BankAccountType, instrument::Expiration, named::named, payment::PaymentMethod};

named! {
    /// Who issued a card.
    pub enum CardBrand {
        /// Visa.
        Visa => "Visa",
        /// Mastercard.
        MasterCard => "MasterCard",
        /// American Express.
        Amex => "Amex",
        /// Discover.
        Discover => "Discover",
        /// JCB.
        Jcb => "JCB",
        /// Diners Club.
        DinersClub => "DinersClub",
        /// Another, or one that the gateway does not tell.
        Unknown => "Unknown",
    }
}

/// What may be shown of a card or a bank account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Face {
    /// A card.
    Card {
        /// Who issued it.
        brand: CardBrand,
        /// The last four digits of its number.
        last_four: String,
        /// Until when it is good.
        expiration: Expiration,
        /// Takes money from an account at once.
        is_debit: bool,
    },
    /// A bank account.
    BankAccount {
        /// The last four digits of its number.
        account_last_four: String,
        /// The last four digits of the bank's routing number.
        transit_last_four: String,
        /// What kind of account.
        account_type: BankAccountType,
    },
}

impl Face {
    /// How it pays.
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::Card { .. } => PaymentMethod::CreditCard,
            Self::BankAccount { .. } => PaymentMethod::Ach,
        }
    }

    /// As payments and attempts name it, such as `Visa ending in 1111` (receivables.md §6).
    pub fn label(&self) -> String {
        match self {
            Self::Card { brand, last_four, .. } => format!("{brand} ending in {last_four}"),
            Self::BankAccount { account_last_four, .. } => format!("account ending in {account_last_four}"),
        }
    }
}
