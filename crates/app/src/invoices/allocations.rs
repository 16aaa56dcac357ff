//! Read what an invoice has of payments and of credits.

use billing::{
    account::Session,
    allocation::{CreditAllocation, PaymentAllocation},
    id::InvoiceId,
};
use db::Tx;

use crate::Error;

/// What it has of payments (receivables.md §2.5).
pub fn of_payments(tx: &mut Tx<'_>, session: &Session, id: InvoiceId) -> Result<Vec<PaymentAllocation>, Error> {
    require(tx, session, id)?;
    Ok(store::allocation::payments_of(tx, session.account.id, id)?)
}

/// What it has of credits (receivables.md §2.5).
pub fn of_credits(tx: &mut Tx<'_>, session: &Session, id: InvoiceId) -> Result<Vec<CreditAllocation>, Error> {
    require(tx, session, id)?;
    Ok(store::allocation::credits_of(tx, session.account.id, id)?)
}

fn require(tx: &mut Tx<'_>, session: &Session, id: InvoiceId) -> Result<(), Error> {
    let found = store::invoice::find_customer(tx, session.account.id, id)?;
    found.map(|_| ()).ok_or(Error::not_found("Invoice", id.0))
}
