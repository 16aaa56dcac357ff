//! Replace a coupon.

use billing::{
    account::Session,
    coupon::{Coupon, CouponFields},
    event::{Event, EventType},
    id::CouponId,
    problem::Problems,
};
use db::Tx;

use super::{check_references, keep_ids};
use crate::Error;

/// A coupon as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which coupon.
    pub id: CouponId,
    /// Replaces all fields.
    pub fields: CouponFields,
}

/// Replaces a coupon. Purchases that it was applied to keep the discounts that it brought.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Coupon, Error> {
    let account = session.account.id;
    if !store::coupon::lock(tx, account, order.id)? {
        return Err(Error::not_found("Coupon", order.id.0));
    }
    let stored = super::find::run(tx, session, order.id)?;
    let mut problems = Problems::new();
    let fields = keep_ids(&order.fields, &stored, &mut problems);
    check_references(tx, session, Some(order.id), &fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    store::coupon::update(tx, account, &stored, &fields, session.now)?;
    let event = Event { event_type: EventType::CouponUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    super::find::run(tx, session, order.id)
}
