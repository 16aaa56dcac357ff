//! Record money that was received, and give it to invoices.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{PaymentActivityId, PaymentId},
    payment::{OpenInvoice, Payment, PaymentOrder, Split},
    refusal::Refusal,
};
use db::Tx;
use ledger::Transaction;

use crate::{
    Error,
    allocations::{candidates, check_decimals, effective_at},
    books::Books,
    invoices::balance::{Settlement, settle},
};

/// Whether the payment could be made now, without making it: what a bulk job's validation asks.
pub fn check(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<(), Error> {
    let books = open(tx, session, order)?;
    order.split(&gather(tx, session, &books, order)?)?;
    Ok(())
}

/// Records a payment: explicit allocations first, then automatic ones, the rest is available funds
/// (receivables.md §5.1).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<Payment, Error> {
    let books = open(tx, session, order)?;
    let split = order.split(&gather(tx, session, &books, order)?)?;
    let ids = tx.next_ids(2)?;
    let payment = Payment {
        id: PaymentId(ids.start),
        activity: PaymentActivityId(ids.start + 1),
        customer: order.customer,
        source: order.source,
        method: order.method,
        amount: order.amount,
        currency: books.customer().currency,
        reference: order.reference.clone(),
        reference_date: order.reference_date,
        effective_at: effective_at(session, order.effective_at)?,
        unallocated: split.unallocated,
        refundable: order.amount,
        allocations: Vec::new(),
        refunds: Vec::new(),
    };
    store::payment::insert(tx, session.account.id, &payment, &split.allocations, session.now)?;
    post(tx, session, books, &payment, &split)?;
    super::find::run(tx, session, payment.id)
}

/// Posts a payment that is stored, and settles what its invoices owe.
pub(super) fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    mut books: Books<'_>,
    payment: &Payment,
    split: &Split,
) -> Result<(), Error> {
    books.post(payment.id.0, Transaction::payment(payment.effective_at, payment.currency, payment.amount)?)?;
    for allocation in &split.allocations {
        settle(tx, session, allocation.invoice, Settlement::Payment(allocation.amount))?;
    }
    let event =
        Event { event_type: EventType::PaymentCreated, customer: Some(payment.customer), subject_id: payment.id.0 };
    store::event::insert(tx, session.account.id, &[event], session.now)?;
    books.close(tx)
}

fn open<'s>(tx: &mut Tx<'_>, session: &'s Session, order: &PaymentOrder) -> Result<Books<'s>, Error> {
    if !order.method.is_recorded_only() {
        return Err(Refusal::NotSupported(
            "CreditCard and ACH are collected by single payments; bulk jobs record money that was received.",
        )
        .into());
    }
    check_terms(tx, session, order)
}

/// Opens the books of the payer, and refuses what no payment can be.
pub(crate) fn check_terms<'s>(tx: &mut Tx<'_>, session: &'s Session, order: &PaymentOrder) -> Result<Books<'s>, Error> {
    let books = Books::open(tx, session, order.customer)?;
    check_decimals(books.customer().currency, order.amount, "PaymentAllocations", &order.allocations)?;
    effective_at(session, order.effective_at)?;
    Ok(books)
}

pub(super) fn gather(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &Books<'_>,
    order: &PaymentOrder,
) -> Result<Vec<OpenInvoice>, Error> {
    candidates(tx, session, books.customer().id, &order.allocations, order.auto_allocate)
}
