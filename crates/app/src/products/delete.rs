//! Delete a product that nothing uses.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::ProductId,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Deletes a product with its prices and custom fields; one that purchases or plans use stays.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: ProductId) -> Result<(), Error> {
    let account = session.account.id;
    if !store::product::lock(tx, account, id)? {
        return Err(Error::not_found("Product", id.0));
    }
    if !super::find::run(tx, session, id)?.deletable {
        return Err(Refusal::ProductInUse(id).into());
    }
    store::product::delete(tx, account, id)?;
    let event = Event { event_type: EventType::ProductDeleted, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, account, &[event], session.now)?)
}
