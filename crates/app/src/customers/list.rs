//! List the customers of the account.

use billing::{
    account::Session,
    customer::Customer,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::customer::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of customers, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Customer>, Error> {
    Ok(store::customer::list(tx, session.account.id, page)?)
}
