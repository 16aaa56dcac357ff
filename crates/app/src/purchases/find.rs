//! Read one purchase.

use billing::{account::Session, id::PurchaseId, purchase::Purchase};
use db::Tx;

use crate::Error;

/// The purchase with everything that hangs on it.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PurchaseId) -> Result<Purchase, Error> {
    store::purchase::find(tx, session.account.id, id)?.ok_or(Error::not_found("Purchase", id.0))
}
