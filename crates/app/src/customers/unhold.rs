//! Take a customer off hold.

use billing::{
    account::Session,
    customer::{Customer, ServiceStartOption, StatusChange},
    id::CustomerId,
    problem::Problem,
};
use db::Tx;

use super::{find, find_setting, status};
use crate::Error;

/// Who goes on, and what is charged for the time on hold.
#[derive(Debug, Clone)]
pub struct Order {
    /// A customer on hold.
    pub customer: CustomerId,
    /// Which periods of subscriptions that were missed are charged; the customer's own setting when absent.
    pub start: Option<ServiceStartOption>,
}

/// Makes the customer active again. Every option charges subscriptions; there are none, so nothing is charged
/// (customers.md §2.10).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Customer, Error> {
    status::change(tx, session, order.customer, StatusChange::Unhold)?;
    if order.start.is_none() {
        let setting = find_setting::run(tx, session, order.customer)?;
        let missing = || Error::Invalid(vec![Problem::required("ServiceStartOption")]);
        setting.customer_service_start_option.ok_or_else(missing)?;
    }
    find::run(tx, session, order.customer)
}

/// The customer as it stands, if it could be taken off hold; for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Customer, Error> {
    let customer = find::run(tx, session, order.customer)?;
    run(tx, session, order)?;
    Ok(customer)
}
