//! Give up what an invoice owes.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{InvoiceId, WriteOffId},
    write_off::{Extent, decide},
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::write_off::WriteOff;

use super::balance::{Settlement, settle};
use crate::{Error, allocations::check_decimals, books::Books};

/// Which invoice, and what the caller believes it owes.
#[derive(Debug, Clone)]
pub struct Order {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much of its balance.
    pub extent: Extent,
    /// At most 500 characters.
    pub reference: Option<String>,
}

/// What may be written off of an invoice now, without doing it: what a bulk job's validation asks.
pub fn check(tx: &mut Tx<'_>, session: &Session, invoice: InvoiceId) -> Result<(), Error> {
    let (books, outstanding) = gather(tx, session, invoice)?;
    decide(invoice, outstanding, books.customer().status, Extent::Whole)?;
    Ok(())
}

/// Writes off the balance or a part of it: irreversible (receivables.md §9).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<WriteOffId, Error> {
    let (mut books, outstanding) = gather(tx, session, order.invoice)?;
    let amount = decide(order.invoice, outstanding, books.customer().status, order.extent)?;
    check_decimals(books.customer().currency, amount, "", &[])?;
    let (account, now) = (session.account.id, session.now);
    let write_off = WriteOff {
        id: WriteOffId(tx.next_id()?),
        customer: books.customer().id,
        invoice: order.invoice,
        amount,
        reference: order.reference.clone(),
    };
    let event = Event {
        event_type: EventType::InvoiceWrittenOff,
        customer: Some(write_off.customer),
        subject_id: order.invoice.0,
    };
    books.post(write_off.id.0, Transaction::write_off(now, books.customer().currency, amount)?)?;
    store::write_off::insert(tx, account, &write_off, now)?;
    settle(tx, session, order.invoice, Settlement::WriteOff(amount))?;
    store::event::insert(tx, account, &[event], now)?;
    books.close(tx)?;
    Ok(write_off.id)
}

fn gather<'s>(tx: &mut Tx<'_>, session: &'s Session, invoice: InvoiceId) -> Result<(Books<'s>, Amount), Error> {
    let not_found = || Error::not_found("Invoice", invoice.0);
    let account = session.account.id;
    let customer = store::invoice::find_customer(tx, account, invoice)?.ok_or_else(not_found)?;
    let books = Books::open(tx, session, customer)?;
    let open = store::invoice::find_open(tx, account, customer, invoice)?.ok_or_else(not_found)?;
    Ok((books, open.outstanding))
}
