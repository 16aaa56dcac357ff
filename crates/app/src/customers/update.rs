//! Replace a customer.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    customer::{AccountStatus, Customer, CustomerFields, CustomerStatus},
    event::{Event, EventType},
    id::CustomerId,
    problem::Problems,
};
use db::Tx;
use money::Currency;

use super::relations::{self, check_parent, check_portal_user_name};
use crate::{Error, standing};

/// A customer as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which customer.
    pub id: CustomerId,
    /// Its current status: an update does not change it.
    pub status: CustomerStatus,
    /// Sets or removes `Collection`.
    pub account_status: Option<AccountStatus>,
    /// Its currency; another one than it has only while nothing of it is in that one.
    pub currency: Option<Currency>,
    /// Replaces all fields.
    pub fields: CustomerFields,
}

/// Replaces what callers write of a customer; what the order leaves out becomes empty (customers.md §2.3).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Customer, Error> {
    let (account, now) = (session.account.id, session.now);
    let stored = store::customer::find_relative(tx, account, order.id)?;
    let stored = stored.ok_or(Error::not_found("Customer", order.id.0))?;
    let parent = order.fields.parent.filter(|parent| stored.parent != Some(*parent));
    let locked = relations::lock(tx, session, Some(order.id), parent)?;
    let current = super::find::run(tx, session, order.id)?;
    current.status.may_be_changed()?;
    check(tx, session, &current, order, &locked)?;
    store::customer::update(tx, account, order.id, &order.fields, now)?;
    if let Some(currency) = order.currency {
        store::customer::set_currency(tx, account, order.id, currency)?;
    }
    let account_status = current.account_status.after_update(order.account_status);
    store::customer::set_account_status(tx, account, order.id, account_status)?;
    if account_status != current.account_status {
        standing::refresh(tx, session, order.id)?;
    }
    let event = Event { event_type: EventType::CustomerUpdated, customer: Some(order.id), subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    super::find::run(tx, session, order.id)
}

fn check(
    tx: &mut Tx<'_>,
    session: &Session,
    current: &Customer,
    order: &Order,
    locked: &BTreeSet<CustomerId>,
) -> Result<(), Error> {
    let mut problems = Problems::new();
    if order.status != current.status {
        let status = current.status;
        problems.push("Status", format!("The customer is in status {status}; an update cannot change the status."));
    }
    let currency = order.currency.unwrap_or(current.currency);
    if currency != current.currency && !current.can_change_currency {
        let code = current.currency.code();
        problems.push("Currency", format!("The customer's currency is {code}; it cannot be changed."));
    }
    check_portal_user_name(tx, session, Some(current.id), &order.fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    match order.fields.parent {
        // A parent that was allowed once stays, whatever became of it since.
        Some(parent) if current.fields.parent != Some(parent) => {
            check_parent(tx, session, Some(current.id), currency, parent, locked)
        }
        Some(_) | None => Ok(()),
    }
}
