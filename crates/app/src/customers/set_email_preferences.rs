//! Replace which mail a customer wants.

use billing::{
    account::Session,
    customer::EmailPreferences,
    event::{Event, EventType},
    id::CustomerId,
};
use db::Tx;

use crate::Error;

/// What a customer shall get.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which customer.
    pub customer: CustomerId,
    /// All that differs from the account.
    pub preferences: EmailPreferences,
}

/// Replaces what the customer wants; an occasion that the order leaves out follows the account again (customers.md §3.5).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<EmailPreferences, Error> {
    let (account, customer) = (session.account.id, order.customer);
    let locked = store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    locked.status.may_be_changed()?;
    store::customer::set_email_preferences(tx, account, customer, &order.preferences)?;
    let event = Event { event_type: EventType::CustomerUpdated, customer: Some(customer), subject_id: customer.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(order.preferences.clone())
}
