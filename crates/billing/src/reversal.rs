//! What a cancellation or reversal takes back of a charge: which part was still deferred, which was earned already,
//! and what becomes of the rest (purchases.md §3.11).

use money::{Amount, Currency, NumberError};

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

/// How much of a charge is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing.
    Nothing,
    /// What is not yet earned.
    Unearned,
    /// All that is left.
    Full,
    /// So much, first of what is not yet earned.
    Amount(Amount),
}

/// Why nothing can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReversalError {
    /// More than what earlier reversals left, or less than nothing.
    #[error("An amount from 0 to {0} can be reversed.")]
    NotLeft(Amount),
    /// A charge below zero, or one that earned what it never charged.
    #[error("The earned amount is not a part of the charge.")]
    NotAPart,
}

/// A charge, or one of its discounts, before it is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    amount: Amount,
    earned: Amount,
}

/// What one reversal does. The four add up to what was left of the charge, less what was earned and stays so.
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

impl From<CancellationOption> for Extent {
    fn from(option: CancellationOption) -> Self {
        match option {
            CancellationOption::None => Self::Nothing,
            CancellationOption::Unearned => Self::Unearned,
            CancellationOption::Full => Self::Full,
        }
    }
}

impl Standing {
    /// `amount` is what was posted less what earlier reversals took back, and `earned` the part of it that is earned;
    /// for a discount both are what it takes, not below zero either.
    pub fn new(amount: Amount, earned: Amount) -> Result<Self, ReversalError> {
        let is_part = !earned.is_negative() && earned <= amount;
        is_part.then_some(Self { amount, earned }).ok_or(ReversalError::NotAPart)
    }

    /// What taking back so much does.
    pub fn split(self, extent: Extent) -> Result<Split, ReversalError> {
        let deferred = less(self.amount, self.earned);
        let none = Split::default();
        match extent {
            Extent::Nothing => Ok(Split { earn_now: deferred, ..none }),
            Extent::Unearned => Ok(Split { from_deferred: deferred, ..none }),
            Extent::Full => Ok(Split { from_deferred: deferred, from_earned: self.earned, ..none }),
            Extent::Amount(amount) if amount.is_negative() || amount > self.amount => {
                Err(ReversalError::NotLeft(self.amount))
            }
            Extent::Amount(amount) => {
                let from_deferred = amount.min(deferred);
                let from_earned = less(amount, from_deferred);
                Ok(Split { from_deferred, from_earned, stays_deferred: less(deferred, from_deferred), ..none })
            }
        }
    }
}

impl Split {
    /// All that is taken back.
    pub fn reversed(&self) -> Result<Amount, NumberError> {
        self.from_deferred.checked_add(self.from_earned)
    }
}

/// The share of a tax or discount that goes back with `reversed` of `whole`: all of it with the whole, and in
/// proportion before. Several reversals of one charge take the differences of growing shares, which add up exactly.
pub fn share(of: Amount, reversed: Amount, whole: Amount, currency: Currency) -> Result<Amount, NumberError> {
    if reversed == whole {
        return Ok(of);
    }
    of.portion(reversed.millionths(), whole.millionths(), currency)
}

/// The difference of two amounts that are not below zero, which always fits.
fn less(from: Amount, other: Amount) -> Amount {
    Amount::from_millionths(from.millionths() - other.millionths())
}
