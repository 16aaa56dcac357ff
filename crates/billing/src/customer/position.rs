//! Where a customer stands with its money, beside what it owes (customers.md §2.5).

use calendar::Instant;
use money::Amount;

/// What is there to be spent, what is still to be invoiced, and what was paid last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// What no invoice has of its payments and deposits.
    pub available_funds: Amount,
    /// What no invoice has of its credits.
    pub available_credit: Amount,
    /// Charges less discounts on draft invoices that are ready to be posted, before tax.
    pub unbilled: Amount,
    /// The payment that was received last.
    pub last_payment: Option<LastPayment>,
}

/// One payment at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPayment {
    /// When it was received.
    pub effective_at: Instant,
    /// How much.
    pub amount: Amount,
}
