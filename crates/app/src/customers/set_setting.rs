//! Replace the billing settings of a customer.

use billing::{
    account::Session,
    customer::BillingSetting,
    event::{Event, EventType},
    id::CustomerId,
};
use db::Tx;

use super::find_setting;
use crate::{Error, standing};

/// Where a customer shall differ from the account; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which customer.
    pub customer: CustomerId,
    /// All its settings: what is absent is the account's.
    pub setting: BillingSetting,
}

/// Replaces the settings; invoices that are posted already stay as they are (customers.md §3.1).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<BillingSetting, Error> {
    let (account, customer) = (session.account.id, order.customer);
    let locked = store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    locked.status.may_be_changed()?;
    check_auto_collect(tx, session, order)?;
    store::customer::set_setting(tx, account, customer, &order.setting)?;
    standing::refresh(tx, session, customer)?;
    let event = Event { event_type: EventType::CustomerUpdated, customer: Some(customer), subject_id: customer.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    find_setting::run(tx, session, customer)
}

/// Automatic collection is turned on for customers who have something to collect from; where it is on it may stay
/// (customers.md §3.1).
fn check_auto_collect(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(), Error> {
    let is_on = find_setting::run(tx, session, order.customer)?.auto_collect == Some(true);
    if order.setting.auto_collect != Some(true) || is_on {
        return Ok(());
    }
    if find_setting::has_payment_method(tx, session, order.customer)? {
        return Ok(());
    }
    Err(Error::invalid("AutoCollect", "AutoCollect can be turned on for customers with a default payment method only."))
}
