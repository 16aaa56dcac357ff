//! Summarise posted invoices, of the account or of one customer, by where they stand now.

use billing::{
    account::Session,
    id::CustomerId,
    invoice::Invoice,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::invoice::summary::{CUSTOMER_COLUMNS, LIST_COLUMNS as COLUMNS};

use crate::Error;

/// A page of the account's invoices, with instalments and without anything else that hangs on them.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Invoice>, Error> {
    Ok(store::invoice::summary::list(tx, session.account.id, session.now, page)?)
}

/// The same of a customer.
pub fn of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<Invoice>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::invoice::summary::list_of_customer(tx, session.account.id, customer, session.now, page)?)
}
