//! Create a coupon.

use billing::{
    account::Session,
    coupon::{Coupon, CouponFields},
    event::{Event, EventType},
    id::CouponId,
    problem::Problems,
};
use db::Tx;

use super::check_references;
use crate::Error;

/// Stores a coupon whose fields are within their own limits; its codes must be free in the account, its discounts must be
/// there.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &CouponFields) -> Result<Coupon, Error> {
    let account = session.account.id;
    let mut fields = fields.clone();
    // A new coupon has no codes and windows yet, so whatever they call themselves is not theirs.
    fields.codes.iter_mut().for_each(|code| code.id = None);
    fields.eligibilities.iter_mut().for_each(|window| window.id = None);
    let mut problems = Problems::new();
    check_references(tx, session, None, &fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    let id = CouponId(tx.next_id()?);
    store::coupon::insert(tx, account, id, &fields, session.now)?;
    let event = Event { event_type: EventType::CouponCreated, customer: None, subject_id: id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    super::find::run(tx, session, id)
}
