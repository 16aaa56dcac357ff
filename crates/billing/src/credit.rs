//! Goodwill: credits that lower what a customer owes, and debits that take them back.

use calendar::Instant;
use money::{Amount, Currency};

use crate::{
    id::{CreditId, CustomerId, DebitId},
    payment::{AllocateOrder, Allocation, InvoiceAllocation},
};

/// A credit as the caller asks for it (receivables.md §8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditOrder {
    /// Who gets it.
    pub customer: CustomerId,
    /// How much; positive, at most two decimals.
    pub amount: Amount,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// Which invoices it goes to; the rest is available credit.
    pub allocations: Vec<Allocation>,
    /// Give the rest to outstanding invoices, in this order.
    pub auto_allocate: Option<AllocateOrder>,
    /// When it counts; now when absent.
    pub effective_at: Option<Instant>,
}

/// A debit as the caller asks for it (receivables.md §8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebitOrder {
    /// What is taken back.
    pub credit: CreditId,
    /// How much of it; positive, at most two decimals.
    pub amount: Amount,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// Which invoices it is taken back from; the rest comes from available credit.
    pub allocations: Vec<Allocation>,
    /// When it counts; now when absent.
    pub effective_at: Option<Instant>,
}

/// A credit as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Its id, which is also its ledger transaction's.
    pub id: CreditId,
    /// Who got it.
    pub customer: CustomerId,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// When it counts.
    pub effective_at: Instant,
    /// Neither debited nor allocated.
    pub unallocated: Amount,
    /// Not yet debited.
    pub reversable: Amount,
    /// Where it went.
    pub allocations: Vec<InvoiceAllocation>,
    /// What was taken back.
    pub debits: Vec<Debit>,
}

/// A debit as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debit {
    /// Its id, which is also its ledger transaction's.
    pub id: DebitId,
    /// What was taken back.
    pub credit: CreditId,
    /// Who had it.
    pub customer: CustomerId,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// When it counts.
    pub effective_at: Instant,
    /// Which invoices it was taken back from.
    pub allocations: Vec<InvoiceAllocation>,
}
