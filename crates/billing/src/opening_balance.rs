//! What customers owed, or had on deposit, before they were billed here (receivables.md §13, bulk-jobs.md §7.12).

use calendar::Instant;
use money::{Amount, Currency};

use crate::{
    id::{CustomerId, InvoiceId, OpeningBalanceId},
    term::Term,
};

/// Longest name and longest description of what was owed, in characters.
pub const TEXT_LENGTH_MAX: usize = 2000;
/// Longest note on the invoice, in characters.
pub const NOTE_LENGTH_MAX: usize = 256;
/// What a debt from before is called when the caller does not say.
pub const NAME: &str = "Opening balance";

/// An opening balance as the caller asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningBalanceOrder {
    /// Whose it is.
    pub customer: CustomerId,
    /// How much; positive, at most two decimals.
    pub amount: Amount,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// How it is owed; `None` for money on deposit.
    pub owing: Option<Owing>,
}

/// The invoice that an amount is owed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The customer's terms when absent.
    pub term: Option<Term>,
    /// The customer's standing number when absent.
    pub po_number: Option<String>,
    /// Name of the only charge; [`NAME`] when absent.
    pub name: Option<String>,
    /// Description of the only charge.
    pub description: Option<String>,
    /// Printed on the invoice.
    pub note: Option<String>,
}

/// An opening balance as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningBalance {
    /// Its id, which is also its ledger transaction's.
    pub id: OpeningBalanceId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The invoice on which it is owed; `None` for money on deposit.
    pub invoice: Option<InvoiceId>,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// Name of the charge.
    pub name: Option<String>,
    /// Description of the charge.
    pub description: Option<String>,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// When it counts.
    pub effective_at: Instant,
    /// Of money on deposit what no invoice has.
    pub unallocated: Amount,
}
