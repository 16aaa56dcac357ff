//! Create an address of a customer.

use billing::{
    account::Session,
    address::{Address, AddressFields, AddressType, BILLING_FIRST},
    id::{AddressId, CustomerId},
};
use db::Tx;

use super::{lock, tell};
use crate::Error;

/// An address as a caller asks for it; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is for.
    pub address_type: AddressType,
    /// The address.
    pub fields: AddressFields,
}

/// Stores an address; the customer has none of its type yet, and a billing address first (customers.md §3.4).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Address, Error> {
    let Order { customer, address_type, fields } = order.clone();
    lock(tx, session, customer)?;
    let current = store::address::find_preference(tx, session.account.id, customer)?.unwrap_or_default();
    if let Some(held) = current.address(address_type) {
        let text = format!("The customer already has a {address_type} address, with id {}.", held.id);
        return Err(Error::invalid("AddressType", text));
    }
    if address_type == AddressType::Shipping && current.billing.is_none() {
        return Err(Error::invalid("AddressType", BILLING_FIRST));
    }
    let address = Address { id: AddressId(tx.next_id()?), customer, address_type, fields };
    store::address::insert(tx, session.account.id, &address)?;
    tell(tx, session, customer)?;
    Ok(address)
}
