//! Delete a coupon.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::CouponId,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Deletes a coupon that was never applied; others are retired instead (catalog.md §8.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CouponId) -> Result<(), Error> {
    let account = session.account.id;
    if !store::coupon::lock(tx, account, id)? {
        return Err(Error::not_found("Coupon", id.0));
    }
    if store::coupon::is_applied(tx, account, id)? {
        return Err(Refusal::CouponNotDeletable.into());
    }
    store::coupon::delete(tx, account, id)?;
    let event = Event { event_type: EventType::CouponDeleted, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, account, &[event], session.now)?)
}
