//! Read the billing settings of a customer.

use billing::{account::Session, customer::BillingSetting, id::CustomerId};
use db::Tx;

use crate::{Error, payment_methods};

/// Where the customer differs from the account; nowhere while nothing of it is kept.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<BillingSetting, Error> {
    let account = session.account.id;
    match store::customer::find_setting(tx, account, customer)? {
        Some(setting) => Ok(setting),
        None if store::customer::exists(tx, account, customer)? => Ok(BillingSetting::default()),
        None => Err(Error::not_found("Customer", customer.0)),
    }
}

/// Whether there is anything to collect from automatically: a default payment method, the customer's own or an ancestor's.
pub fn has_payment_method(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<bool, Error> {
    Ok(payment_methods::default_of(tx, session.account.id, customer)?.is_some())
}
