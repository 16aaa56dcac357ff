//! Delete a draft customer.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::CustomerId,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Deletes a draft customer with its draft purchases and everything that is said of it; one whose money was moved, or was
/// tried to be, or who had a payment method, stays (customers.md §2.6).
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomerId) -> Result<(), Error> {
    let (account, customer) = (session.account.id, Some(id));
    let locked = store::customer::lock(tx, account, id)?.ok_or(Error::not_found("Customer", id.0))?;
    locked.status.may_be_deleted()?;
    if store::customer::has_transactions(tx, account, id)? {
        return Err(Refusal::CustomerHasTransactions(id).into());
    }
    let mut events = Vec::new();
    for purchase in store::purchase::list_ids(tx, account, id)? {
        store::purchase::delete(tx, account, purchase)?;
        events.push(Event { event_type: EventType::PurchaseDeleted, customer, subject_id: purchase.0 });
    }
    store::customer::delete(tx, account, id)?;
    events.push(Event { event_type: EventType::CustomerDeleted, customer, subject_id: id.0 });
    Ok(store::event::insert(tx, account, &events, session.now)?)
}
