//! Replace how a customer is addressed.

use billing::{
    account::Session,
    address::{Address, AddressFields, AddressPreference, AddressType, PreferenceOrder},
    id::{AddressId, CustomerId},
    problem::Problems,
};
use db::Tx;

use super::{find_preference, lock, tell};
use crate::Error;

/// How a customer shall be addressed; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which customer.
    pub customer: CustomerId,
    /// Names, instructions and addresses.
    pub preference: PreferenceOrder,
}

/// Replaces how a customer is addressed; an address that the order leaves out stays (customers.md §3.3).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<AddressPreference, Error> {
    lock(tx, session, order.customer)?;
    let current = find_preference::run(tx, session, order.customer)?;
    let mut problems = Problems::new();
    order.preference.check_order(current.billing.is_some(), &mut problems);
    problems.into_result().map_err(Error::Invalid)?;
    apply(tx, session, order.customer, &current, &order.preference)?;
    tell(tx, session, order.customer)?;
    find_preference::run(tx, session, order.customer)
}

/// Stores an order that was checked, over what a locked or new customer has.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    current: &AddressPreference,
    order: &PreferenceOrder,
) -> Result<(), Error> {
    store::address::set_preference(tx, session.account.id, customer, &order.fields)?;
    for (address_type, fields) in [(AddressType::Billing, &order.billing), (AddressType::Shipping, &order.shipping)] {
        if let Some(fields) = fields {
            put(tx, session, customer, address_type, current.address(address_type), fields)?;
        }
    }
    Ok(())
}

/// Replaces the address of a type, or makes the first.
fn put(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    address_type: AddressType,
    current: Option<&Address>,
    fields: &AddressFields,
) -> Result<(), Error> {
    let account = session.account.id;
    let address = |id| Address { id, customer, address_type, fields: fields.clone() };
    if let Some(current) = current {
        store::address::update(tx, account, &address(current.id))?;
    } else {
        let id = AddressId(tx.next_id()?);
        store::address::insert(tx, account, &address(id))?;
    }
    Ok(())
}
