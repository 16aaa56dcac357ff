//! How an invoice is to be paid at once.

use crate::{id::PaymentMethodId, instrument::Instrument, named::named};

named! {
    /// What to collect with (purchases.md §7.1).
    pub enum CollectMethod {
        /// The customer's default payment method.
        UseDefaultPaymentMethod => "UseDefaultPaymentMethod",
        /// A stored payment method.
        UseExistingPaymentMethod => "UseExistingPaymentMethod",
        /// A stored payment method, which becomes the default.
        UseExistingPaymentMethodAndMakeDefault => "UseExistingPaymentMethodAndMakeDefault",
        /// A card or bank account, not to be kept.
        UseProvidedPaymentMethodOnce => "UseProvidedPaymentMethodOnce",
        /// A card or bank account, to be kept as the default.
        UseProvidedPaymentMethodAndMakeDefault => "UseProvidedPaymentMethodAndMakeDefault",
        /// A card or bank account, to be kept.
        UseProvidedPaymentMethodAndSave => "UseProvidedPaymentMethodAndSave",
        /// No money: a credit for what is due.
        CreateAndApplyCredit => "CreateAndApplyCredit",
    }
}

named! {
    /// What kind of bank account.
    pub enum BankAccountType {
        /// Chequing.
        Chequing => "CHQ",
        /// Savings.
        Savings => "SAV",
    }
}

impl CollectMethod {
    /// Needs the id of a stored payment method.
    pub fn needs_stored_method(self) -> bool {
        match self {
            Self::UseExistingPaymentMethod | Self::UseExistingPaymentMethodAndMakeDefault => true,
            Self::UseDefaultPaymentMethod
            | Self::UseProvidedPaymentMethodOnce
            | Self::UseProvidedPaymentMethodAndMakeDefault
            | Self::UseProvidedPaymentMethodAndSave
            | Self::CreateAndApplyCredit => false,
        }
    }

    /// Needs a card or a bank account in the request.
    pub fn needs_provided_method(self) -> bool {
        match self {
            Self::UseProvidedPaymentMethodOnce
            | Self::UseProvidedPaymentMethodAndMakeDefault
            | Self::UseProvidedPaymentMethodAndSave => true,
            Self::UseDefaultPaymentMethod
            | Self::UseExistingPaymentMethod
            | Self::UseExistingPaymentMethodAndMakeDefault
            | Self::CreateAndApplyCredit => false,
        }
    }
}

/// What becomes of a card or bank account whose number was provided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing of it is kept.
    Nothing,
    /// It is stored.
    Method,
    /// It is stored and becomes the default.
    Default,
}

/// With what to collect.
#[derive(Debug, Clone)]
pub enum CollectFrom {
    /// The customer's default payment method.
    Default,
    /// A stored payment method.
    Stored {
        /// Which one.
        method: PaymentMethodId,
        /// It becomes the default when the money moved.
        becomes_default: bool,
    },
    /// A card or bank account of the caller's.
    Provided {
        /// Its numbers.
        instrument: Box<Instrument>,
        /// What becomes of it when the money moved.
        keeps: Keeps,
    },
}

/// How an invoice is to be paid at once (purchases.md §7).
#[derive(Debug, Clone)]
pub struct CollectOrder {
    /// With what; `None` is a credit for what is due.
    pub from: Option<CollectFrom>,
    /// Available funds are spent first.
    pub uses_funds_first: bool,
    /// Nothing is posted unless the money comes.
    pub rolls_back: bool,
}
