//! Delete a discount of the catalogue.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::DiscountId,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Deletes a discount that no coupon includes. Purchases hold copies, which stay.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DiscountId) -> Result<(), Error> {
    let account = session.account.id;
    if !store::discount::lock(tx, account, id)? {
        return Err(Error::not_found("Discount", id.0));
    }
    if store::discount::is_in_coupon(tx, account, id)? {
        return Err(Refusal::DiscountNotDeletable.into());
    }
    store::discount::delete(tx, account, id)?;
    let event = Event { event_type: EventType::DiscountDeleted, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, account, &[event], session.now)?)
}
