//! List the purchases of a product.

use billing::{
    account::Session,
    id::ProductId,
    listing::{Page, Slice},
    purchase::Purchase,
};
use db::Tx;
pub use store::purchase::PRODUCT_LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of a product's purchases by anybody, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, product: ProductId, page: &Page) -> Result<Slice<Purchase>, Error> {
    crate::products::find::run(tx, session, product)?;
    Ok(store::purchase::list_of_product(tx, session.account.id, product, page)?)
}
