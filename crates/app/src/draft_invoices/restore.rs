//! Restore a draft invoice that was cancelled.

use billing::{account::Session, draft_invoice::DraftInvoiceStatus, event::EventType, id::DraftInvoiceId};
use db::Tx;

use super::{lock, save};
use crate::Error;

/// Makes the draft ready again.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DraftInvoiceId) -> Result<(), Error> {
    let locked = lock(tx, session, id)?;
    let (_, mut draft) = locked.ok_or_else(|| Error::Absent(format!("Invoice id {id} not found.")))?;
    draft.may_be_restored()?;
    draft.status = DraftInvoiceStatus::Ready;
    save(tx, session, draft, EventType::DraftInvoiceReady)
}
