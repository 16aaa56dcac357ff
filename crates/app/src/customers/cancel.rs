//! Cancel a customer.

use billing::{
    account::Session,
    customer::{Customer, StatusChange},
    id::CustomerId,
};
use db::Tx;

use super::{find, status};
use crate::Error;

/// Cancels the customer. Every subscription would be cancelled with it; there are none, and purchases stay as they are: what
/// is charged goes on to be earned, and drafts wait for the customer to come back (customers.md §2.11).
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Customer, Error> {
    status::change(tx, session, customer, StatusChange::Cancel)?;
    find::run(tx, session, customer)
}
