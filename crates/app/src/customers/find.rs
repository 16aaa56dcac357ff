//! Read one customer.

use billing::{account::Session, customer::Customer, id::CustomerId};
use db::Tx;

use crate::Error;

/// The customer as it stands.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomerId) -> Result<Customer, Error> {
    store::customer::find(tx, session.account.id, id)?.ok_or(Error::not_found("Customer", id.0))
}
