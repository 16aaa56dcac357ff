//! List the discounts of the catalogue.

use billing::{
    account::Session,
    catalogue_discount::CatalogueDiscount,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::discount::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of discounts, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<CatalogueDiscount>, Error> {
    Ok(store::discount::list(tx, session.account.id, page)?)
}
