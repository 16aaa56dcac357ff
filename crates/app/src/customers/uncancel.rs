//! Bring a cancelled customer back.

use billing::{
    account::Session,
    customer::{Customer, StatusChange},
    id::CustomerId,
};
use db::Tx;

use super::{find, status};
use crate::Error;

/// Makes a cancelled customer active again, whatever it was before (customers.md §2.12).
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Customer, Error> {
    status::change(tx, session, customer, StatusChange::Uncancel)?;
    find::run(tx, session, customer)
}
