//! Give money back, from available funds and from the invoices that it went to.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{PaymentActivityId, RefundId},
    refund::{Refund, RefundOrder},
};
use db::Tx;
use ledger::Transaction;

use crate::{
    Error,
    allocations::{check_decimals, effective_at, left_of, open_invoices},
    books::Books,
    invoices::balance::{Reopening, reopen},
};

/// Refunds a payment: invoices owe again what is taken back from them, and no charge is reversed (receivables.md §7).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &RefundOrder) -> Result<Refund, Error> {
    let (account, now) = (session.account.id, session.now);
    let customer = crate::payments::find::run(tx, session, order.payment)?.customer;
    let mut books = Books::open(tx, session, customer)?;
    check_decimals(books.customer().currency, order.amount, "RefundAllocations", &order.allocations)?;
    open_invoices(tx, session, customer, &order.allocations)?;
    // What is left of it is read after the lock.
    let payment = crate::payments::find::run(tx, session, order.payment)?;
    let method = order.method.of(payment.method)?;
    let left = left_of(payment.refundable, payment.unallocated, &payment.allocations);
    let unallocated = left.take(order.amount, &order.allocations)?;
    let effective_at = effective_at(session, order.effective_at)?;
    if effective_at < payment.effective_at {
        return Err(Error::invalid("EffectiveTimestamp", "A payment cannot be given back before it was received."));
    }
    let ids = tx.next_ids(2)?;
    let refund = Refund {
        id: RefundId(ids.start),
        activity: PaymentActivityId(ids.start + 1),
        payment: order.payment,
        original_activity: payment.activity,
        customer,
        method,
        amount: order.amount,
        currency: payment.currency,
        reference: order.reference.clone(),
        effective_at,
        allocations: Vec::new(),
    };
    books.post(refund.id.0, Transaction::refund(refund.effective_at, refund.currency, refund.amount)?)?;
    store::refund::insert(tx, account, &refund, &order.allocations, unallocated, now)?;
    for part in &order.allocations {
        reopen(tx, session, part.invoice, Reopening::Payment(part.amount))?;
    }
    let event = Event { event_type: EventType::RefundCreated, customer: Some(customer), subject_id: refund.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    books.close(tx)?;
    super::find::run(tx, session, refund.id)
}
