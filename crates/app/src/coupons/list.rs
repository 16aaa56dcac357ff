//! List the coupons of the account.

use billing::{
    account::Session,
    coupon::Coupon,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::coupon::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of coupons, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Coupon>, Error> {
    Ok(store::coupon::list(tx, session.account.id, session.now, page)?)
}
