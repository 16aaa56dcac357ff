//! Read one credit note.

use billing::{account::Session, credit_note::CreditNote, id::CreditNoteId, invoice::Invoice};
use db::Tx;

use crate::{Error, invoices};

/// The credit note with its reversals, and its invoice with its charges.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CreditNoteId) -> Result<(CreditNote, Invoice), Error> {
    let found = store::credit_note::find(tx, session.account.id, id)?;
    let note = found.ok_or(Error::not_found("CreditNote", id.0))?;
    let invoice = invoices::find::run(tx, session, note.invoice)?;
    Ok((note, invoice))
}
