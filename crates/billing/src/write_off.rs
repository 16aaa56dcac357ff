//! Giving up what an invoice owes.

use money::Amount;

use crate::{customer::CustomerStatus, id::InvoiceId, refusal::Refusal};

/// What may be written off of an invoice: its whole balance, which the caller may have to name
/// (receivables.md §9: `amount` must equal the full outstanding balance).
pub fn decide(
    invoice: InvoiceId,
    outstanding: Amount,
    customer: CustomerStatus,
    named: Option<Amount>,
) -> Result<Amount, Refusal> {
    customer.may_be_written_off()?;
    if !outstanding.is_positive() {
        return Err(Refusal::NothingOutstanding(invoice));
    }
    if named.is_some_and(|named| named != outstanding) {
        return Err(Refusal::WriteOffNotWhole(outstanding));
    }
    Ok(outstanding)
}
