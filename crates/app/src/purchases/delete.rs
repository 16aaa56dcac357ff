//! Delete a draft purchase.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::PurchaseId,
};
use db::Tx;

use crate::{Error, books::Books};

/// Deletes the draft and everything that hangs on it; a purchase that was finalized stays.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PurchaseId) -> Result<(), Error> {
    let customer = super::find::run(tx, session, id)?.customer;
    Books::open(tx, session, customer)?;
    super::find::run(tx, session, id)?.may_be_deleted()?;
    store::purchase::delete(tx, session.account.id, id)?;
    let event = Event { event_type: EventType::PurchaseDeleted, customer: Some(customer), subject_id: id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
