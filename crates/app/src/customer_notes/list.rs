//! List the notes about a customer.

use billing::{
    account::Session,
    customer::Note,
    id::CustomerId,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::customer_note::COLUMNS;

use crate::Error;

/// A page of the notes about a customer, oldest first unless another order is asked for.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, page: &Page) -> Result<Slice<Note>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::customer_note::list(tx, session.account.id, customer, page)?)
}
