//! Give a payment method to another customer. The gateway is not asked: it knows the method by a token that is nobody's, so it
//! charges and refunds as before.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    event::EventType,
    id::{CustomerId, PaymentMethodId},
    payment_method::StoredMethod,
    refusal::Refusal,
};
use db::Tx;

use super::{Seen, ancestors, default_of, find, get, keep::tell, still_of};
use crate::{Error, gateways};

/// Which method is whose from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The method.
    pub method: PaymentMethodId,
    /// Who gets it.
    pub to: CustomerId,
    /// Becomes the default of the new owner, whatever that has.
    pub becomes_default: bool,
}

/// Gives a method to another customer. Whoever may not use it any more has no default in its place; payments that were made with
/// it stay whose they are. A charge that is under way ends first.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Seen, Error> {
    let (account, Order { method: id, to, becomes_default }) = (session.account.id, *order);
    let from = get(tx, account, id, None)?.customer;
    store::customer::lock_many(tx, account, &BTreeSet::from([from, to]))?;
    let method = get(tx, account, id, None)?;
    still_of(&method, from)?;
    check(tx, session, &method, to)?;
    store::payment_method::set_customer(tx, account, id, to, session.now)?;
    drop_foreign_overrides(tx, session, &method, to)?;
    clear_defaults(tx, session, id)?;
    if becomes_default || default_of(tx, account, to)?.is_none() {
        store::payment_method::set_default(tx, account, to, id)?;
    }
    for customer in [from, to] {
        tell(tx, session, EventType::PaymentMethodUpdated, customer, id)?;
    }
    find::run(tx, session, id, None)
}

/// Refuses what a new owner could not use, and what would be taken from somebody who is charged at this moment.
fn check(tx: &mut Tx<'_>, session: &Session, method: &StoredMethod, to: CustomerId) -> Result<(), Error> {
    let account = session.account.id;
    let mut locked = |customer: CustomerId| {
        let locked = store::customer::lock(tx, account, customer)?;
        locked.ok_or(Error::not_found("Customer", customer.0))
    };
    let (owner, new_owner) = (locked(method.customer)?, locked(to)?);
    owner.status.may_be_changed()?;
    new_owner.status.may_be_changed()?;
    let charged_by = if new_owner.currency == owner.currency {
        method.gateway
    } else {
        gateways::for_currency(tx, account, new_owner.currency)?.id
    };
    method.may_be_given(to, new_owner.currency, charged_by)?;
    if gateways::get(tx, account, method.gateway)?.removed_at.is_some() {
        return Err(Refusal::GatewayUnusable(method.gateway).into());
    }
    match store::collection::find_open_with(tx, account, method.id)? {
        Some(activity) => Err(Refusal::Collecting(activity).into()),
        None => Ok(()),
    }
}

/// Forgets what was said of descendants of the former owner who are none of the new one.
fn drop_foreign_overrides(
    tx: &mut Tx<'_>,
    session: &Session,
    method: &StoredMethod,
    to: CustomerId,
) -> Result<(), Error> {
    for own in &method.sharing.overrides {
        if !ancestors(tx, session.account.id, own.customer)?.contains(&to) {
            store::payment_method::delete_override(tx, session.account.id, method.id, own.customer)?;
        }
    }
    Ok(())
}

/// Leaves without a default whoever may not use the method any more.
fn clear_defaults(tx: &mut Tx<'_>, session: &Session, id: PaymentMethodId) -> Result<(), Error> {
    let account = session.account.id;
    let method = get(tx, account, id, None)?;
    for customer in store::payment_method::list_defaulting(tx, account, id)? {
        if !method.is_usable(customer, &ancestors(tx, account, customer)?) {
            store::payment_method::clear_default_of(tx, account, customer)?;
        }
    }
    Ok(())
}
