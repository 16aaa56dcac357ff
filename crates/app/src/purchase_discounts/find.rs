//! Read one discount on a purchase.

use billing::{account::Session, id::PurchaseDiscountId};
use db::Tx;

use super::Placed;
use crate::Error;

/// The discount, whatever the status of its purchase.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PurchaseDiscountId) -> Result<Placed, Error> {
    let not_found = || Error::not_found("PurchaseDiscount", id.0);
    let purchase = store::purchase::find_discount(tx, session.account.id, id)?.ok_or_else(not_found)?;
    let discounts = crate::purchases::find::run(tx, session, purchase)?.discounts;
    let discount = discounts.into_iter().find(|discount| discount.id == id).ok_or_else(not_found)?;
    Ok(Placed { purchase, discount })
}
