//! Money given back: what is asked for, and how it goes.

use calendar::Instant;
use money::{Amount, Currency};

use crate::{
    id::{CustomerId, PaymentActivityId, PaymentId, RefundId},
    named::named,
    payment::{Allocation, InvoiceAllocation, PaymentMethod},
    refusal::Refusal,
};

named! {
    /// How money is given back.
    pub enum RefundMethod {
        /// The way it was paid.
        PaymentMethod => "PaymentMethod",
        /// By check; only recorded.
        Check => "Check",
        /// In cash; only recorded.
        Cash => "Cash",
        /// By a transfer; only recorded.
        DirectDeposit => "DirectDeposit",
    }
}

impl RefundMethod {
    /// How the money of a payment goes back. What went through a gateway needs one to go back the same way.
    pub fn of(self, paid_by: PaymentMethod) -> Result<PaymentMethod, Refusal> {
        match self {
            Self::PaymentMethod if paid_by.is_recorded_only() => Ok(paid_by),
            Self::PaymentMethod => Err(Refusal::NotSupported(
                "What came through a payment gateway goes back through it, in a call of its own.",
            )),
            Self::Check => Ok(PaymentMethod::Check),
            Self::Cash => Ok(PaymentMethod::Cash),
            Self::DirectDeposit => Ok(PaymentMethod::DirectDeposit),
        }
    }
}

/// A refund as the caller asks for it (receivables.md §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOrder {
    /// What is given back.
    pub payment: PaymentId,
    /// How much of it; positive, at most two decimals.
    pub amount: Amount,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// Which invoices it is taken back from; the rest comes from available funds.
    pub allocations: Vec<Allocation>,
    /// How it goes.
    pub method: RefundMethod,
    /// When it counts; now when absent.
    pub effective_at: Option<Instant>,
}

/// A refund as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id, which is also its ledger transaction's.
    pub id: RefundId,
    /// The attempt that made it.
    pub activity: PaymentActivityId,
    /// What was given back.
    pub payment: PaymentId,
    /// The attempt that brought the payment.
    pub original_activity: PaymentActivityId,
    /// Who got it.
    pub customer: CustomerId,
    /// How it went.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// When it went.
    pub effective_at: Instant,
    /// Nobody gave it: a bank took it back.
    pub is_return: bool,
    /// Which invoices it was taken back from.
    pub allocations: Vec<InvoiceAllocation>,
}
