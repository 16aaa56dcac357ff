//! Notes about customers: write, change, delete, read.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;

use billing::{
    account::Session,
    customer::Note,
    event::{Event, EventType},
    id::CustomerNoteId,
};
use db::Tx;

use crate::Error;

/// Locks the customer of a note and reads the note as it stays; one that was written to stay is refused.
fn lock(tx: &mut Tx<'_>, session: &Session, id: CustomerNoteId) -> Result<Note, Error> {
    let customer = find::run(tx, session, id)?.customer;
    store::customer::lock(tx, session.account.id, customer)?;
    let note = find::run(tx, session, id)?;
    note.may_be_modified()?;
    Ok(note)
}

fn tell(tx: &mut Tx<'_>, session: &Session, note: &Note, event_type: EventType) -> Result<(), Error> {
    let event = Event { event_type, customer: Some(note.customer), subject_id: note.id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
