//! Cancel a draft invoice.

use billing::{account::Session, draft_invoice::DraftInvoiceStatus, event::EventType, id::DraftInvoiceId};
use db::Tx;

use super::{ENTITY, lock, save};
use crate::Error;

/// Keeps the draft, which is neither changed nor posted until it is restored.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DraftInvoiceId) -> Result<(), Error> {
    let (_, mut draft) = lock(tx, session, id)?.ok_or(Error::not_found(ENTITY, id.0))?;
    draft.may_be_cancelled()?;
    draft.status = DraftInvoiceStatus::Cancelled;
    save(tx, session, draft, EventType::DraftInvoiceCancelled)
}
