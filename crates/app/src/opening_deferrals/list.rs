//! The opening deferrals of a customer.

use billing::{account::Session, id::CustomerId, opening_deferral::OpeningDeferral};
use db::Tx;

use crate::Error;

/// All of a customer's, oldest first: as many as were imported for it, which are few.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Vec<OpeningDeferral>, Error> {
    let account = session.account.id;
    if !store::customer::exists(tx, account, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::opening_deferral::list_of_customer(tx, account, customer)?)
}
