//! List the rates of tax of the account.

use billing::{
    account::Session,
    listing::{Page, Slice},
    tax::TaxRate,
};
use db::Tx;
pub use store::tax::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of rates, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<TaxRate>, Error> {
    Ok(store::tax::list_rates(tx, session.account.id, page)?)
}
