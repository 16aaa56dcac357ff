//! List attempts to move money, of the account, of a customer or of its children.

use billing::{
    account::Session,
    id::CustomerId,
    listing::{Page, Slice},
    payment_activity::PaymentActivity,
};
use db::Tx;
pub use store::payment_activity::{ACCOUNT_COLUMNS, COLUMNS};

use crate::Error;

/// A page of the account's attempts.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<PaymentActivity>, Error> {
    Ok(store::payment_activity::list(tx, session.account.id, page)?)
}

/// A page of a customer's attempts.
pub fn of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<PaymentActivity>, Error> {
    require(tx, session, customer)?;
    Ok(store::payment_activity::list_of_customer(tx, session.account.id, customer, page)?)
}

/// A page of the attempts of a customer's children.
pub fn of_children(
    tx: &mut Tx<'_>,
    session: &Session,
    parent: CustomerId,
    page: &Page,
) -> Result<Slice<PaymentActivity>, Error> {
    require(tx, session, parent)?;
    Ok(store::payment_activity::list_of_children(tx, session.account.id, parent, page)?)
}

fn require(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    if store::customer::exists(tx, session.account.id, customer)? {
        return Ok(());
    }
    Err(Error::not_found("Customer", customer.0))
}
