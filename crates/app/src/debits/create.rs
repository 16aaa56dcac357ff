//! Take a credit back, from available credit and from the invoices that it went to.

use billing::{
    account::Session,
    credit::{Debit, DebitOrder},
    event::{Event, EventType},
    id::DebitId,
};
use db::Tx;
use ledger::Transaction;

use crate::{
    Error,
    allocations::{check_decimals, effective_at, left_of, open_invoices, take},
    books::Books,
    invoices::balance::{Reopening, reopen},
};

/// Debits a credit: invoices owe again what is taken back from them (receivables.md §8.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &DebitOrder) -> Result<Debit, Error> {
    let (account, now) = (session.account.id, session.now);
    let customer = crate::credits::find::run(tx, session, order.credit)?.customer;
    let mut books = Books::open(tx, session, customer)?;
    check_decimals(books.customer().currency, order.amount, "DebitAllocations", &order.allocations)?;
    open_invoices(tx, session, customer, &order.allocations)?;
    // What is left of it is read after the lock.
    let credit = crate::credits::find::run(tx, session, order.credit)?;
    let left = left_of(credit.reversable, credit.unallocated, &credit.allocations);
    let unallocated = take(&left, order.amount, "DebitAllocations", &order.allocations)?;
    let effective_at = effective_at(session, order.effective_at)?;
    if effective_at < credit.effective_at {
        return Err(Error::invalid("EffectiveTimestamp", "A credit cannot be taken back before it was given."));
    }
    let debit = Debit {
        id: DebitId(tx.next_id()?),
        credit: order.credit,
        customer,
        amount: order.amount,
        currency: credit.currency,
        reference: order.reference.clone(),
        effective_at,
        allocations: Vec::new(),
    };
    books.post(debit.id.0, Transaction::debit(debit.effective_at, debit.currency, debit.amount)?)?;
    store::credit::insert_debit(tx, account, &debit, &order.allocations, unallocated, now)?;
    for part in &order.allocations {
        reopen(tx, session, part.invoice, Reopening::Credit(part.amount))?;
    }
    let event = Event { event_type: EventType::DebitCreated, customer: Some(customer), subject_id: debit.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    books.close(tx)?;
    super::find::run(tx, session, debit.id)
}
