//! Change a note about a customer.

use billing::{
    account::Session,
    customer::Note,
    event::EventType,
    id::{CustomerId, CustomerNoteId},
};
use db::Tx;

use super::{find, lock, tell};
use crate::Error;

/// A note as it shall be.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which note.
    pub id: CustomerNoteId,
    /// Whom it is about, for a caller who wants it checked: that never changes.
    pub customer: Option<CustomerId>,
    /// The text, within its limits.
    pub text: String,
}

/// Gives the note another text; where and by whom it was written stays.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Note, Error> {
    let note = lock(tx, session, order.id)?;
    if order.customer.is_some_and(|customer| customer != note.customer) {
        return Err(Error::invalid("CustomerId", "A note cannot be given to another customer."));
    }
    store::customer_note::update(tx, session.account.id, note.id, &order.text, session.now)?;
    tell(tx, session, &note, EventType::CustomerNoteUpdated)?;
    find::run(tx, session, note.id)
}
