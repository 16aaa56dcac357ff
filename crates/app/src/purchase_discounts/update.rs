//! Change a discount on a draft purchase.

use billing::{account::Session, discount::Discount, id::PurchaseDiscountId};
use db::Tx;

use super::{Placed, lock};
use crate::Error;

/// Which discount, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The discount.
    pub id: PurchaseDiscountId,
    /// What it takes from now on.
    pub discount: Discount,
}

/// Replaces what the discount takes and prices the draft again. A discount that a coupon brought stays the coupon's.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Placed, Error> {
    let (mut draft, place) = lock(tx, session, order.id)?;
    store::purchase::update_discount(tx, session.account.id, order.id, &order.discount)?;
    draft.purchase.discounts[place].discount = order.discount;
    let discount = draft.purchase.discounts[place];
    let purchase = draft.save(tx, session)?.id;
    Ok(Placed { purchase, discount })
}
