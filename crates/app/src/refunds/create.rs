//! Give money back, from available funds and from the invoices that it went to.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{PaymentActivityId, RefundId},
    payment::{Allocation, Payment},
    refund::{Refund, RefundOrder},
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use ledger::Transaction;
use money::Amount;

use crate::{
    Error,
    allocations::{check_decimals, effective_at, left_of, open_invoices, take},
    books::Books,
    invoices::balance::{Reopening, reopen},
};

/// Refunds a payment without a gateway: invoices owe again what is taken back from them, and no charge is reversed
/// (receivables.md §7).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &RefundOrder) -> Result<Refund, Error> {
    let Judged { mut books, payment, unallocated, effective_at } = judge(tx, session, order)?;
    let ids = tx.next_ids(2)?;
    let refund = Refund {
        id: RefundId(ids.start),
        activity: PaymentActivityId(ids.start + 1),
        payment: order.payment,
        original_activity: payment.activity,
        customer: payment.customer,
        method: order.method.of(payment.method)?,
        amount: order.amount,
        currency: payment.currency,
        reference: order.reference.clone(),
        effective_at,
        is_return: false,
        allocations: Vec::new(),
    };
    store::refund::insert(tx, session.account.id, &refund, &order.allocations, unallocated, session.now)?;
    post(tx, session, &mut books, &refund, &order.allocations)?;
    books.close(tx)?;
    super::find::run(tx, session, refund.id)
}

/// A refund that may be made.
pub(super) struct Judged<'s> {
    /// The books of the payer.
    pub(super) books: Books<'s>,
    /// The payment, with what is left of it.
    pub(super) payment: Payment,
    /// How much of the refund comes from what no invoice has.
    pub(super) unallocated: Amount,
    /// When the money goes.
    pub(super) effective_at: Instant,
}

/// Opens the books and refuses what is more than is left.
pub(super) fn judge<'s>(tx: &mut Tx<'_>, session: &'s Session, order: &RefundOrder) -> Result<Judged<'s>, Error> {
    let customer = crate::payments::find::run(tx, session, order.payment)?.customer;
    let books = Books::open(tx, session, customer)?;
    check_decimals(books.customer().currency, order.amount, "RefundAllocations", &order.allocations)?;
    open_invoices(tx, session, customer, &order.allocations)?;
    if let Some(open) = store::collection::find_open(tx, session.account.id, customer)?
        && open.plan.refunds == Some(order.payment)
    {
        return Err(Refusal::Collecting(open.activity).into());
    }
    // What is left of it is read after the lock.
    let payment = crate::payments::find::run(tx, session, order.payment)?;
    let left = left_of(payment.refundable, payment.unallocated, &payment.allocations);
    let unallocated = take(&left, order.amount, "RefundAllocations", &order.allocations)?;
    let effective_at = effective_at(session, order.effective_at)?;
    if effective_at < payment.effective_at {
        return Err(Error::invalid("EffectiveTimestamp", "A payment cannot be given back before it was received."));
    }
    Ok(Judged { books, payment, unallocated, effective_at })
}

/// Posts a refund that is stored, and reopens the invoices that it was taken back from.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    refund: &Refund,
    allocations: &[Allocation],
) -> Result<(), Error> {
    books.post(refund.id.0, Transaction::refund(refund.effective_at, refund.currency, refund.amount)?)?;
    for part in allocations {
        reopen(tx, session, part.invoice, Reopening::Payment(part.amount))?;
    }
    let (event_type, subject_id) = if refund.is_return {
        (EventType::PaymentFailed, refund.activity.0)
    } else {
        (EventType::RefundCreated, refund.id.0)
    };
    let event = Event { event_type, customer: Some(refund.customer), subject_id };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
