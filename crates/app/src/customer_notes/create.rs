//! Write a note about a customer.

use billing::{
    account::Session,
    customer::Note,
    event::EventType,
    id::{CustomerId, CustomerNoteId},
};
use db::Tx;

use super::{find, tell};
use crate::Error;

/// A note as a caller writes it; every text is within its limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whom it is about, in any status.
    pub customer: CustomerId,
    /// The note.
    pub text: String,
    /// Where it was written.
    pub source_application: Option<String>,
    /// It may be changed and deleted later.
    pub is_editable: bool,
}

/// Stores the note under the name of the key that wrote it.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Note, Error> {
    let Order { customer, text, source_application, is_editable } = order.clone();
    store::customer::lock(tx, session.account.id, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let note = Note {
        id: CustomerNoteId(tx.next_id()?),
        customer,
        text,
        source_application,
        is_editable,
        author: None,
        created_at: session.now,
        modified_at: session.now,
    };
    store::customer_note::insert(tx, session.account.id, &note, session.key)?;
    tell(tx, session, &note, EventType::CustomerNoteCreated)?;
    find::run(tx, session, note.id)
}
