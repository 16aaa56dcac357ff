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

/// Stores a write-off.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, write_off: &WriteOff, now: Instant) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO write_off (account_id, id, customer_id, invoice_id, amount, reference, effective_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![
            account.0,
            write_off.id.0,
            write_off.customer.0,
            write_off.invoice.0,
            write_off.amount.millionths(),
            text_opt(write_off.reference.as_ref()),
            at(now)
        ],
    )?;
    Ok(())
}
