//! Read one tracked item.

use billing::{account::Session, id::ProductItemId, purchase::TrackedItem};
use db::Tx;

use crate::Error;

/// The item, active or deleted.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: ProductItemId) -> Result<TrackedItem, Error> {
    store::product_item::find(tx, session.account.id, id)?.ok_or(Error::not_found("ProductItem", id.0))
}
