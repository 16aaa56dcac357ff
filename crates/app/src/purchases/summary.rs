//! List purchases with their customer and invoice (purchases.md §3.7).

use billing::{
    account::Session,
    listing::{Page, Slice},
    purchase::PurchaseSummary,
};
use db::Tx;
pub use store::purchase::SUMMARY_COLUMNS as COLUMNS;

use crate::Error;

/// A page of the account's purchases, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<PurchaseSummary>, Error> {
    Ok(store::purchase::summary(tx, session.account.id, page)?)
}
