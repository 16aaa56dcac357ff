//! Put an active customer on hold.

use billing::{
    account::Session,
    customer::{Customer, StatusChange},
    id::CustomerId,
};
use db::Tx;

use super::{find, status};
use crate::Error;

/// Pauses the customer: nothing is sold to it, activated or invoiced until it is taken off hold. What it owes stays due
/// (customers.md §2.9).
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Customer, Error> {
    status::change(tx, session, customer, StatusChange::Hold)?;
    find::run(tx, session, customer)
}
