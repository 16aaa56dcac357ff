//! List the tracked items of the account.

use billing::{
    account::Session,
    listing::{Page, Slice},
    purchase::TrackedItem,
};
use db::Tx;
pub use store::product_item::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of the account's items, active and deleted.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<TrackedItem>, Error> {
    Ok(store::product_item::list(tx, session.account.id, page)?)
}
