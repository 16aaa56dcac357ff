//! Read how a customer is addressed.

use billing::{account::Session, address::AddressPreference, id::CustomerId};
use db::Tx;

use crate::Error;

/// How the customer is addressed; empty while nothing of it is kept.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<AddressPreference, Error> {
    let account = session.account.id;
    match store::address::find_preference(tx, account, customer)? {
        Some(preference) => Ok(preference),
        None if store::customer::exists(tx, account, customer)? => Ok(AddressPreference::default()),
        None => Err(Error::not_found("Customer", customer.0)),
    }
}
