//! Delete a note about a customer.

use billing::{account::Session, event::EventType, id::CustomerNoteId};
use db::Tx;

use super::{lock, tell};
use crate::Error;

/// Deletes the note.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomerNoteId) -> Result<(), Error> {
    let note = lock(tx, session, id)?;
    store::customer_note::delete(tx, session.account.id, id)?;
    tell(tx, session, &note, EventType::CustomerNoteDeleted)
}
