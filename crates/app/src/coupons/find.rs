//! Read one coupon.

use billing::{account::Session, coupon::Coupon, id::CouponId};
use db::Tx;

use crate::Error;

/// The coupon with its codes, discounts, windows and plans.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CouponId) -> Result<Coupon, Error> {
    store::coupon::find(tx, session.account.id, id)?.ok_or(Error::not_found("Coupon", id.0))
}
