//! What a cancellation or reversal takes back of a charge with its discounts and taxes: which part was still deferred,
//! which was earned already, and what becomes of the rest (purchases.md §3.11, receivables.md §10).

mod choice;
mod standing;

use money::{Amount, NumberError};

pub use self::{
    choice::Choice,
    standing::{Part, Standing},
};
use crate::named::named;

named! {
    /// What becomes of the charges of a cancelled purchase.
    pub enum CancellationOption {
        /// Nothing is reversed; the rest is earned at once.
        None => "None",
        /// What is not yet earned is reversed.
        Unearned => "Unearned",
        /// Everything is reversed, earned or not.
        Full => "Full",
    }
}

named! {
    /// How much of a charge a caller takes back (receivables.md §10).
    pub enum ReverseChargeOption {
        /// What is not yet earned.
        Unearned => "Unearned",
        /// All that is left.
        Full => "Full",
        /// So much before discounts and taxes.
        Amount => "Amount",
        /// So much after discounts and taxes.
        NetAmount => "NetAmount",
    }
}

/// How much of a charge is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing; what is left is earned at once.
    Nothing,
    /// What is not yet earned.
    Unearned,
    /// All that is left.
    Full,
    /// So much before discounts and taxes, first of what is not yet earned.
    Amount(Amount),
    /// So much after discounts and taxes or, when no amount in whole minor units makes it, the nearest that one does.
    NetAmount(Amount),
}

impl From<CancellationOption> for Extent {
    fn from(option: CancellationOption) -> Self {
        match option {
            CancellationOption::None => Self::Nothing,
            CancellationOption::Unearned => Self::Unearned,
            CancellationOption::Full => Self::Full,
        }
    }
}

/// Why nothing can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReversalError {
    /// Earlier reversals took everything.
    #[error("Nothing is left to be reversed.")]
    NothingLeft,
    /// Nothing or less, more than what earlier reversals left, or finer than the currency.
    #[error("An amount above 0 and up to {0} can be reversed, in whole minor units of the currency.")]
    NotLeft(Amount),
    /// A charge below zero, one that earned or gave back what it never charged, or discounts of more than the charge.
    #[error("What is earned or reversed is not a part of the charge.")]
    NotAPart,
    /// A number that cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
}

/// What one reversal does to the gross amount of a charge, or to its discounts. The four add up to what was left, less
/// what was earned and stays so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Split {
    /// Taken from what is not yet earned.
    pub from_deferred: Amount,
    /// Taken from what was earned, which is so no longer.
    pub from_earned: Amount,
    /// Earned at once, because nothing will follow.
    pub earn_now: Amount,
    /// Still deferred, and earned as the schedule goes on.
    pub stays_deferred: Amount,
}

impl Split {
    /// All that is taken back.
    pub fn reversed(&self) -> Result<Amount, NumberError> {
        self.from_deferred.checked_add(self.from_earned)
    }
}

/// What one reversal does to a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// To its gross amount.
    pub gross: Split,
    /// To its discounts.
    pub discount: Split,
    /// The tax that goes back.
    pub tax: Amount,
    /// The net amount that was asked for could not be reached; this is the nearest to it.
    pub is_nearest: bool,
}

impl Taken {
    /// Nothing goes back.
    pub fn is_nothing(&self) -> bool {
        self.gross.from_deferred.is_zero() && self.gross.from_earned.is_zero()
    }

    /// What the customer gets back: gross less discounts with tax.
    pub fn net(&self) -> Result<Amount, NumberError> {
        self.gross.reversed()?.checked_sub(self.discount.reversed()?)?.checked_add(self.tax)
    }
}
