//! Apply a coupon to a draft purchase.

use billing::{account::Session, id::PurchaseId, refusal::Refusal};
use db::Tx;

use crate::{Error, coupons::Coupons, purchases::draft::LockedDraft};

/// Which coupon, to which draft.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub purchase: PurchaseId,
    /// The coupon's code.
    pub code: String,
    /// Whatever the coupon's status, time and usages are.
    pub skips_validation: bool,
}

/// A coupon on a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its id there.
    pub id: i64,
    /// The purchase.
    pub purchase: PurchaseId,
    /// The coupon's code.
    pub code: String,
}

/// Puts the coupon and the discounts that it brings on the draft, and prices it again (purchases.md §3.16). A coupon is
/// applied to a purchase once.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
    let account = session.account.id;
    let draft = LockedDraft::find(tx, session, order.purchase)?;
    let not_valid = || Refusal::CouponNotValid(order.code.clone());
    let codes = [&order.code].into_iter();
    let coupons = Coupons::share(tx, session, draft.customer.id, codes, order.skips_validation)?;
    let coupon = coupons.find(&order.code).ok_or_else(not_valid)?;
    let applied = store::purchase::find_coupons(tx, account, order.purchase)?;
    if applied.iter().any(|one| one.coupon == coupon.coupon) {
        return Err(not_valid().into());
    }
    let id = tx.next_id()?;
    store::purchase::insert_coupon(tx, account, id, order.purchase, coupon)?;
    draft.changed(tx, session)?;
    Ok(Applied { id, purchase: order.purchase, code: coupon.code.clone() })
}
