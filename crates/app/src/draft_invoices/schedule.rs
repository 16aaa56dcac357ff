//! Pay a draft invoice in parts, or at once again.

use billing::{
    account::Session,
    draft_invoice::{DraftInvoice, Instalment, check_sum},
    event::EventType,
    id::DraftInvoiceId,
};
use db::Tx;
use money::Amount;

use super::{
    find::{self, Found},
    lock, save,
};
use crate::{Error, invoices::post};

/// Which draft, and in which parts.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub draft: DraftInvoiceId,
    /// At least one: how much, and how many days after the invoice's own terms.
    pub parts: Vec<(Amount, i64)>,
}

/// Replaces the instalments of the draft; they add up to its total (receivables.md §4.3).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Found, Error> {
    let mut draft = locked(tx, session, order.draft)?;
    let ids = tx.next_ids(i64::try_from(order.parts.len()).unwrap_or(i64::MAX))?;
    draft.instalments = ids
        .zip(&order.parts)
        .map(|(id, (amount, days))| Instalment { id, amount: *amount, days_due_after_term: *days })
        .collect();
    let total = post::foresee(tx, session, &draft)?.totals.amount()?;
    check_sum(total, &draft.instalments)?;
    save(tx, session, draft, EventType::DraftInvoiceUpdated)?;
    find::run(tx, session, order.draft)
}

/// Removes all instalments.
pub fn clear(tx: &mut Tx<'_>, session: &Session, id: DraftInvoiceId) -> Result<(), Error> {
    let mut draft = locked(tx, session, id)?;
    draft.instalments.clear();
    save(tx, session, draft, EventType::DraftInvoiceUpdated)
}

fn locked(tx: &mut Tx<'_>, session: &Session, id: DraftInvoiceId) -> Result<DraftInvoice, Error> {
    let (_, draft) = lock(tx, session, id)?.ok_or(Error::not_found("DraftInvoice", id.0))?;
    draft.may_be_modified()?;
    Ok(draft)
}
