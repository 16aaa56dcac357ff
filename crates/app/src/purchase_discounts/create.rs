//! Put a discount on a draft purchase.

use billing::{
    account::Session,
    discount::Discount,
    id::{PurchaseDiscountId, PurchaseId},
};
use db::Tx;

use super::{Placed, entered};
use crate::{Error, purchases::draft::LockedDraft};

/// Which discount, on which draft.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The draft.
    pub purchase: PurchaseId,
    /// The discount.
    pub discount: Discount,
}

/// Adds the discount and prices the draft again (purchases.md §3.15).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Placed, Error> {
    let mut draft = LockedDraft::find(tx, session, order.purchase)?;
    let id = PurchaseDiscountId(tx.next_id()?);
    store::purchase::insert_discount(tx, session.account.id, id, order.purchase, &order.discount)?;
    let discount = entered(id, order.discount);
    draft.purchase.discounts.push(discount);
    draft.save(tx, session)?;
    Ok(Placed { purchase: order.purchase, discount })
}
