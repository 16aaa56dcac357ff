//! Read which mail a customer wants.

use billing::{account::Session, customer::EmailPreferences, id::CustomerId};
use db::Tx;

use crate::Error;

/// What the customer wants where it differs from the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<EmailPreferences, Error> {
    let account = session.account.id;
    if !store::customer::exists(tx, account, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::customer::email_preferences(tx, account, customer)?)
}
