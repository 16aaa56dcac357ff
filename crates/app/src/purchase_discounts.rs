//! Discounts on draft purchases: add, change, read, remove.

pub mod create;
pub mod delete;
pub mod find;
pub mod update;

use billing::{
    account::Session,
    discount::Discount,
    id::{PurchaseDiscountId, PurchaseId},
    purchase::PurchaseDiscount,
};
use db::Tx;

use crate::{Error, purchases::draft::LockedDraft};

/// A discount with the purchase that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The purchase.
    pub purchase: PurchaseId,
    /// The discount.
    pub discount: PurchaseDiscount,
}

/// Locks the draft that a discount is on; the second is the discount's place on it.
fn lock(tx: &mut Tx<'_>, session: &Session, id: PurchaseDiscountId) -> Result<(LockedDraft, usize), Error> {
    let not_found = || Error::not_found("PurchaseDiscount", id.0);
    let purchase = store::purchase::find_discount(tx, session.account.id, id)?.ok_or_else(not_found)?;
    let draft = LockedDraft::find(tx, session, purchase)?;
    // Whoever had the lock before may have removed it.
    let place = draft.purchase.discounts.iter().position(|discount| discount.id == id).ok_or_else(not_found)?;
    Ok((draft, place))
}

/// A discount within its limits, as entered on a purchase.
fn entered(id: PurchaseDiscountId, discount: Discount) -> PurchaseDiscount {
    PurchaseDiscount { id, discount, coupon: None }
}
