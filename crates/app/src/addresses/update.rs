//! Replace an address.

use billing::{
    account::Session,
    address::{Address, AddressFields, AddressType},
    id::{AddressId, CustomerId},
    problem::Problems,
};
use db::Tx;

use super::{find, lock, tell};
use crate::Error;

/// An address as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which address.
    pub id: AddressId,
    /// Whose it is, for a caller who wants it checked: it never changes.
    pub customer: Option<CustomerId>,
    /// What it is for, for a caller who wants it checked: it never changes.
    pub address_type: Option<AddressType>,
    /// Replaces all fields.
    pub fields: AddressFields,
}

/// Replaces what callers write of an address. Invoices that were posted keep theirs.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Address, Error> {
    let customer = find::run(tx, session, order.id)?.customer;
    lock(tx, session, customer)?;
    let current = find::run(tx, session, order.id)?;
    let mut problems = Problems::new();
    if order.customer.is_some_and(|customer| customer != current.customer) {
        problems.push("CustomerAddressPreferenceId", "An address cannot be given to another customer.");
    }
    if order.address_type.is_some_and(|address_type| address_type != current.address_type) {
        problems.push("AddressType", format!("A {} address cannot become another.", current.address_type));
    }
    problems.into_result().map_err(Error::Invalid)?;
    let address = Address { fields: order.fields.clone(), ..current };
    store::address::update(tx, session.account.id, &address)?;
    tell(tx, session, customer)?;
    Ok(address)
}
