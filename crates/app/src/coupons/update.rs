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
    /// Codes that the coupon has keep the usages that are left, whatever `fields` say.
    pub keeps_usages: bool,
}

/// Replaces a coupon. Purchases that it was applied to keep the discounts that it brought, and the usages that they took.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Coupon, Error> {
    let account = session.account.id;
    if !store::coupon::lock(tx, account, order.id)? {
        return Err(Error::not_found("Coupon", order.id.0));
    }
    let stored = super::find::run(tx, session, order.id)?;
    let mut problems = Problems::new();
    let mut fields = keep_ids(&order.fields, &stored, &mut problems);
    check_references(tx, session, Some(order.id), &fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    keep_usages(tx, session, order, &stored, &mut fields)?;
    store::coupon::update(tx, account, &stored, &fields, session.now)?;
    let event = Event { event_type: EventType::CouponUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    super::find::run(tx, session, order.id)
}

/// Leaves codes the usages that they have, where `order` says so or sends back what was read.
fn keep_usages(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    stored: &Coupon,
    fields: &mut CouponFields,
) -> Result<(), Error> {
    let limits = store::coupon::find_usages_set(tx, session.account.id, order.id)?;
    for code in &mut fields.codes {
        let Some(of_now) = stored.fields.codes.iter().find(|one| one.id == code.id) else { continue };
        let asked = order.fields.codes.iter().find(|one| one.code == code.code);
        let set_to = code.id.and_then(|id| limits.get(&id).copied());
        if order.keeps_usages || asked.is_some_and(|asked| asked.is_read_back(of_now, set_to)) {
            code.remaining_usages = of_now.remaining_usages;
        }
    }
    Ok(())
}
