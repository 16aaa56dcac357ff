//! Remove a coupon from a draft purchase.

use billing::{account::Session, id::PurchaseId, refusal::Refusal};
use db::Tx;

use crate::{Error, purchases::draft::LockedDraft};

/// Which coupon, from which draft.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub purchase: PurchaseId,
    /// The coupon's code.
    pub code: String,
    /// The discounts that it brought go too; otherwise they stay.
    pub removes_discounts: bool,
}

/// Takes the coupon off the draft and prices it again (purchases.md §3.16).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(), Error> {
    let account = session.account.id;
    let draft = LockedDraft::find(tx, session, order.purchase)?;
    let coupon = store::purchase::find_coupon(tx, account, order.purchase, &order.code)?;
    let coupon = coupon.ok_or_else(|| Refusal::CouponNotApplied(order.code.clone()))?;
    if order.removes_discounts {
        store::purchase::delete_discounts_of(tx, account, order.purchase, coupon)?;
    }
    store::purchase::delete_coupon(tx, account, order.purchase, coupon, &order.code)?;
    draft.changed(tx, session)
}
