//! Change when a posted invoice falls due, who sees it, and what is printed on it.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::InvoiceId,
    invoice::{Invoice, InvoiceChange},
};
use db::Tx;

use crate::{Error, books::Books, standing};

/// Which invoice, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The invoice.
    pub invoice: InvoiceId,
    /// What is changed.
    pub change: InvoiceChange,
}

/// Amends the invoice: its amounts stay as they were posted (receivables.md §2.6). Whether it is overdue decides where its
/// customer stands, so that is judged anew.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Invoice, Error> {
    let (account, id) = (session.account.id, order.invoice);
    let not_found = || Error::not_found("Invoice", id.0);
    let customer = store::invoice::find_customer(tx, account, id)?.ok_or_else(not_found)?;
    Books::open(tx, session, customer)?;
    let mut invoice = super::find::run(tx, session, id)?;
    if order.change == InvoiceChange::default() {
        return Ok(invoice);
    }
    let stored_count = invoice.revisions.len();
    invoice.amend(&order.change, tx.next_id()?, &session.account.zone, session.now);
    store::invoice::amend(tx, account, &invoice, &invoice.revisions[stored_count..])?;
    let event = Event { event_type: EventType::InvoiceUpdated, customer: Some(customer), subject_id: id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    standing::refresh(tx, session, customer)?;
    Ok(invoice)
}
