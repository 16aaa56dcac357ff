//! Read one note.

use billing::{account::Session, customer::Note, id::CustomerNoteId};
use db::Tx;

use crate::Error;

/// The note as it stands.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomerNoteId) -> Result<Note, Error> {
    store::customer_note::find(tx, session.account.id, id)?.ok_or(Error::not_found("Customer note", id.0))
}
