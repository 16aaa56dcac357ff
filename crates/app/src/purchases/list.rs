//! List the purchases of a customer.

use billing::{
    account::Session,
    id::CustomerId,
    listing::{Page, Slice},
    purchase::Purchase,
};
use db::Tx;
pub use store::purchase::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of a customer's purchases, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, page: &Page) -> Result<Slice<Purchase>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::purchase::list(tx, session.account.id, customer, page)?)
}
