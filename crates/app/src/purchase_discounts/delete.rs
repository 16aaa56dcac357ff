//! Take a discount off a draft purchase.

use billing::{account::Session, id::PurchaseDiscountId};
use db::Tx;

use super::lock;
use crate::Error;

/// Removes the discount and prices the draft again.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PurchaseDiscountId) -> Result<(), Error> {
    let (mut draft, place) = lock(tx, session, id)?;
    store::purchase::delete_discount(tx, session.account.id, id)?;
    draft.purchase.discounts.remove(place);
    draft.save(tx, session)?;
    Ok(())
}
