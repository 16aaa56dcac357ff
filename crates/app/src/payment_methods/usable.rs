//! Which methods a customer may use: its own, and what its ancestors share (customers.md §3.6).

use std::collections::HashMap;

use billing::{
    account::Session,
    customer::LEVELS_MAX,
    id::{AccountId, CustomerId, PaymentMethodId},
    payment_method::StoredMethod,
};
use db::Tx;

use crate::Error;

/// The customers above a customer, its parent first.
pub fn ancestors(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<CustomerId>, Error> {
    let mut ancestors = Vec::new();
    let mut next = customer;
    while let Some(parent) = store::customer::find_relative(tx, account, next)?.and_then(|relative| relative.parent) {
        ancestors.push(parent);
        if ancestors.len() >= LEVELS_MAX {
            break;
        }
        next = parent;
    }
    Ok(ancestors)
}

/// The methods that a customer may use: its own first, then what the nearest ancestor shares, and so on.
pub fn list_usable(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<StoredMethod>, Error> {
    let ancestors = ancestors(tx, account, customer)?;
    let family: Vec<_> = [customer].into_iter().chain(ancestors.iter().copied()).collect();
    let mut methods = store::payment_method::list(tx, account, &family)?;
    methods.retain(|method| method.is_usable(customer, &ancestors));
    methods.sort_by_key(|method| (family.iter().position(|member| *member == method.customer), method.id));
    Ok(methods)
}

/// A method that a customer may use.
pub fn find_usable(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    id: PaymentMethodId,
) -> Result<StoredMethod, Error> {
    let account = session.account.id;
    let found = store::payment_method::find(tx, account, id)?.ok_or(absent(id))?;
    let ancestors = ancestors(tx, account, customer)?;
    if found.is_usable(customer, &ancestors) { Ok(found) } else { Err(absent(id)) }
}

/// The method that a customer is collected from when nobody says otherwise; none when it may not use it any more.
pub fn default_of(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Option<StoredMethod>, Error> {
    let Some(id) = store::payment_method::find_default(tx, account, customer)? else { return Ok(None) };
    let Some(found) = store::payment_method::find(tx, account, id)? else { return Ok(None) };
    let ancestors = ancestors(tx, account, customer)?;
    Ok(Some(found).filter(|method| method.is_usable(customer, &ancestors)))
}

/// What these customers are collected from when nobody says otherwise, of those that have such a method.
pub(crate) fn defaults_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, StoredMethod>, Error> {
    let mut usable = HashMap::new();
    for (customer, method) in store::payment_method::list_defaults(tx, account, customers)? {
        let ancestors = if method.customer == customer { Vec::new() } else { ancestors(tx, account, customer)? };
        if method.is_usable(customer, &ancestors) {
            usable.insert(customer, method);
        }
    }
    Ok(usable)
}

/// A method whatever its state, for whoever began something with it.
pub fn of_any_state(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<StoredMethod, Error> {
    store::payment_method::find(tx, account, id)?.ok_or(absent(id))
}

/// In the reference's words (conventions.md §6).
pub(super) fn absent(id: PaymentMethodId) -> Error {
    Error::not_found("Payment method", id.0)
}
