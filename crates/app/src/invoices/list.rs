//! List posted invoices, of the account or of one customer.

use billing::{
    account::Session,
    id::CustomerId,
    invoice::Invoice,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::invoice::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of the account's invoices, without charges.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Invoice>, Error> {
    Ok(store::invoice::list(tx, session.account.id, page)?)
}

/// A page of a customer's invoices, with charges.
pub fn of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<Invoice>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::invoice::list_of_customer(tx, session.account.id, customer, page)?)
}
