//! List the products of the account.

use billing::{
    account::Session,
    listing::{Page, Slice},
    product::Product,
};
use db::Tx;
pub use store::product::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of products, in any status, with prices and custom fields.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Product>, Error> {
    Ok(store::product::list(tx, session.account.id, page)?)
}
