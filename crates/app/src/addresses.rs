//! Addresses of customers: create, read, replace; and how a customer is addressed as a whole.

pub mod create;
pub mod find;
pub mod find_preference;
pub mod set_preference;
pub mod update;

use billing::{
    account::Session,
    event::{Event, EventType},
    id::CustomerId,
};
use db::Tx;

use crate::Error;

/// Locks the customer whose addresses are to change.
fn lock(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    let locked = store::customer::lock(tx, session.account.id, customer)?;
    Ok(locked.ok_or(Error::not_found("Customer", customer.0))?.status.may_be_changed()?)
}

/// Tells that something about the customer changed.
fn tell(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    let event = Event { event_type: EventType::CustomerUpdated, customer: Some(customer), subject_id: customer.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
