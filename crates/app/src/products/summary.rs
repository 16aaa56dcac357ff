//! List the core fields of the account's products.

use billing::{
    account::Session,
    listing::{Page, Slice},
    product::Product,
};
use db::Tx;
pub use store::product::SUMMARY_COLUMNS as COLUMNS;

use crate::Error;

/// A page of products, in any status, without prices and custom fields.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Product>, Error> {
    Ok(store::product::summary(tx, session.account.id, page)?)
}
