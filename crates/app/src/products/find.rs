//! Read one product.

use billing::{account::Session, id::ProductId, product::Product};
use db::Tx;

use crate::Error;

/// The product with its prices and custom fields.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: ProductId) -> Result<Product, Error> {
    store::product::find(tx, session.account.id, id)?.ok_or(Error::not_found("Product", id.0))
}
