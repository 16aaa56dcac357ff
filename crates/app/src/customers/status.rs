//! Move a customer to another service status: the one door, whoever goes through it.

use billing::{
    account::Session,
    customer::{CustomerStatus, StatusChange},
    event::Event,
    id::CustomerId,
};
use db::Tx;

use crate::{Error, collection::refuse_while_reserved};

/// Locks the customer, moves it if the status machine has such a move and nothing is being paid for that depends on it, and
/// tells of it (customers.md §5).
pub(crate) fn change(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    change: StatusChange,
) -> Result<(), Error> {
    let (account, now) = (session.account.id, session.now);
    let locked = store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let status = locked.status.after(change)?;
    // Who is in good standing again goes on, also while something is being paid for.
    if change != StatusChange::Resume {
        refuse_while_reserved(tx, session, customer)?;
    }
    store::customer::set_status(tx, account, customer, status, now)?;
    if [locked.status, status].contains(&CustomerStatus::Suspended) {
        let today = session.account.zone.date_of(now);
        let suspended_on = (status == CustomerStatus::Suspended).then_some(today);
        store::standing::set_suspended_on(tx, account, customer, suspended_on)?;
    }
    let event = Event { event_type: change.event(), customer: Some(customer), subject_id: customer.0 };
    Ok(store::event::insert(tx, account, &[event], now)?)
}
