//! Write-offs.

use billing::id::{AccountId, CustomerId, InvoiceId, WriteOffId};
use calendar::Instant;
use db::{Error, Tx, values};
use money::Amount;

use crate::row::{at, text_opt};

/// What was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOff {
    /// Its id, which is also its ledger transaction's.
    pub id: WriteOffId,
    /// Who owed.
    pub customer: CustomerId,
    /// What was owed for.
    pub invoice: InvoiceId,
    /// How much.
    pub amount: Amount,
    /// As the caller gave it.
    pub reference: Option<String>,
}

const COLUMNS: &[&str] = &["account_id", "id", "customer_id", "invoice_id", "amount", "reference", "effective_at"];

/// Stores write-offs.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, write_offs: &[WriteOff], now: Instant) -> Result<(), Error> {
    let rows = write_offs.iter().map(|write_off| {
        values![
            account.0,
            write_off.id.0,
            write_off.customer.0,
            write_off.invoice.0,
            write_off.amount.millionths(),
            text_opt(write_off.reference.as_ref()),
            at(now)
        ]
    });
    tx.insert("write_off", COLUMNS, rows)
}
