//! Read a customer at a glance.

use billing::{
    account::Session,
    customer::{Customer, Position},
    id::CustomerId,
};
use db::Tx;

use super::find;
use crate::Error;

/// The customer, and where it stands with its money: its balance is what its invoices owe less the funds and the credit.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomerId) -> Result<(Customer, Position), Error> {
    let customer = find::run(tx, session, id)?;
    let position = store::customer::position(tx, session.account.id, id)?;
    Ok((customer, position))
}
