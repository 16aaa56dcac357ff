//! Give goodwill, and let it lower what invoices owe.

use billing::{
    account::Session,
    credit::{Credit, CreditOrder},
    event::{Event, EventType},
    id::CreditId,
    payment::split,
};
use db::Tx;
use ledger::Transaction;

use crate::{
    Error,
    allocations::{candidates, check_decimals, effective_at},
    books::Books,
    invoices::balance::{Settlement, settle},
};

/// Creates a credit: explicit allocations first, then automatic ones; what no invoice gets is available credit (receivables.md §8.1).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &CreditOrder) -> Result<Credit, Error> {
    let mut books = Books::open(tx, session, order.customer)?;
    check_decimals(books.customer().currency, order.amount, "CreditAllocations", &order.allocations)?;
    let open = candidates(tx, session, order.customer, &order.allocations, order.auto_allocate)?;
    let split = split(order.amount, &order.allocations, order.auto_allocate, &open)?;
    let credit = Credit {
        id: CreditId(tx.next_id()?),
        customer: order.customer,
        amount: order.amount,
        currency: books.customer().currency,
        reference: order.reference.clone(),
        effective_at: effective_at(session, order.effective_at)?,
        unallocated: split.unallocated,
        reversable: order.amount,
        allocations: Vec::new(),
        debits: Vec::new(),
    };
    let (account, now) = (session.account.id, session.now);
    books.post(credit.id.0, Transaction::credit(credit.effective_at, credit.currency, credit.amount)?)?;
    store::credit::insert(tx, account, &credit, &split.allocations, now)?;
    for allocation in &split.allocations {
        settle(tx, session, allocation.invoice, Settlement::Credit(allocation.amount))?;
    }
    let event = Event { event_type: EventType::CreditCreated, customer: Some(order.customer), subject_id: credit.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    books.close(tx)?;
    super::find::run(tx, session, credit.id)
}
