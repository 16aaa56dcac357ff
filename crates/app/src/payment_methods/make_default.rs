//! Choose what a customer is collected from when nobody says otherwise.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    event::EventType,
    id::{CustomerId, PaymentMethodId},
};
use db::Tx;

use super::{Seen, find_usable, get, keep::tell, still_of, usable};
use crate::Error;

/// Makes a method the default of a customer: its own, or one that an ancestor shares (customers.md §4.6). Without a customer,
/// its owner is meant.
pub fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: Option<CustomerId>,
    id: PaymentMethodId,
) -> Result<Seen, Error> {
    let account = session.account.id;
    let owner = get(tx, account, id, None)?.customer;
    let customer = customer.unwrap_or(owner);
    if !store::customer::exists(tx, account, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    // Whoever deletes the method locks its owner, so it stays while it becomes the default.
    store::customer::lock_many(tx, account, &BTreeSet::from([customer, owner]))?;
    let locked = store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    locked.status.may_be_changed()?;
    let method = find_usable(tx, session, customer, id)?;
    still_of(&method, owner)?;
    set(tx, session, customer, id)?;
    Ok(Seen::of(method, customer, Some(id)))
}

/// Makes a method that the locked customer may use its default, and tells of it when it was not.
pub fn set(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, id: PaymentMethodId) -> Result<(), Error> {
    let account = session.account.id;
    if store::payment_method::find_default(tx, account, customer)? == Some(id) {
        return Ok(());
    }
    store::payment_method::set_default(tx, account, customer, id)?;
    tell(tx, session, EventType::PaymentMethodUpdated, customer, id)
}

/// Gives a new child the default of its parent, as far as that is shared (customers.md §3.6).
pub(crate) fn inherit(tx: &mut Tx<'_>, session: &Session, child: CustomerId, parent: CustomerId) -> Result<(), Error> {
    let account = session.account.id;
    let Some(method) = usable::default_of(tx, account, parent)? else { return Ok(()) };
    let ancestors = usable::ancestors(tx, account, child)?;
    if method.is_usable(child, &ancestors) {
        store::payment_method::set_default(tx, account, child, method.id)?;
    }
    Ok(())
}
