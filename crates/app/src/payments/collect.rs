//! Take money from a card or a bank account, and give it to invoices.

use std::collections::HashSet;

use billing::{
    account::Session,
    collect::CollectFrom,
    collection::{Collection, CollectionPurpose, Plan},
    id::{PaymentActivityId, PaymentId},
    payment::{OpenInvoice, Payment, PaymentMethod, PaymentOrder},
};
use db::Tx;

use super::create::{check_terms, gather, post};
use crate::{
    Error,
    books::Books,
    collection::{self, Call, Intent, Started, choose},
};

/// A payment that is to be collected.
#[derive(Debug, Clone)]
pub struct Order {
    /// The payment, by `CreditCard` or `ACH`.
    pub payment: PaymentOrder,
    /// With what.
    pub from: CollectFrom,
}

/// A payment as it was asked for: one that was received, or one to be collected.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Money that was received.
    Recorded(PaymentOrder),
    /// Money to be collected.
    Collected(Order),
}

impl Asked {
    /// The payment, wherever it comes from.
    pub fn payment(&self) -> &PaymentOrder {
        match self {
            Self::Recorded(payment) | Self::Collected(Order { payment, .. }) => payment,
        }
    }
}

/// Begins to collect a payment; what is refused of one that is only recorded is refused here, too (receivables.md §5.1).
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Started<Payment>, Error> {
    let intent = judge(tx, session, order)?;
    let activity = PaymentActivityId(tx.next_id()?);
    Ok(Started::Collects(collection::begin(tx, session, activity, intent)?))
}

/// The same under a name that the gateway knows the attempt by, and that names no other.
pub(crate) fn begin_as(tx: &mut Tx<'_>, session: &Session, order: &Order, key: String) -> Result<Box<Call>, Error> {
    let intent = judge(tx, session, order)?;
    let activity = PaymentActivityId(tx.next_id()?);
    collection::begin_as(tx, session, activity, key, intent)
}

/// Refuses what could not be collected now.
pub(crate) fn check(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(), Error> {
    judge(tx, session, order).map(|_| ())
}

fn judge(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Intent, Error> {
    let Order { payment, from } = order;
    let books = check_terms(tx, session, payment)?;
    payment.split(&gather(tx, session, &books, payment)?)?;
    let (customer, currency) = (books.customer().id, books.customer().currency);
    let chosen = choose(tx, session, customer, currency, from)?;
    check_method(payment.method, chosen.method)?;
    let plan = Plan {
        allocations: payment.allocations.clone(),
        auto_allocate: payment.auto_allocate,
        reference: payment.reference.clone(),
        reference_date: payment.reference_date,
        effective_at: payment.effective_at,
        ..Plan::new(CollectionPurpose::Pay)
    };
    let (amount, source) = (payment.amount, payment.source);
    Ok(Intent { customer, amount, currency, source, attempt: 1, chosen, plan })
}

/// A card is no bank account.
fn check_method(asked: PaymentMethod, chosen: PaymentMethod) -> Result<(), Error> {
    if asked == chosen {
        return Ok(());
    }
    Err(Error::invalid("PaymentMethod", format!("The payment method to charge is of type {chosen}.")))
}

/// The payment that a collection brought.
pub fn end(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<Payment, Error> {
    let activity = crate::payment_activities::find::run(tx, session, collection.activity)?;
    match activity.outcome {
        Some(billing::payment_activity::Outcome::Payment(payment)) => Ok(payment),
        Some(billing::payment_activity::Outcome::Refund(_)) | None => {
            Err(Error::defect("a collection that succeeded has no payment"))
        }
    }
}

/// Records money that a collection brought, as the plan says: as much to each invoice as it still owes.
pub(crate) fn received(tx: &mut Tx<'_>, session: &Session, collection: &Collection, plan: &Plan) -> Result<(), Error> {
    let books = Books::open(tx, session, collection.customer)?;
    let split = plan.split(collection.amount, &open_invoices(tx, session, collection, plan)?)?;
    let payment = Payment {
        id: PaymentId(tx.next_id()?),
        activity: collection.activity,
        customer: collection.customer,
        source: collection.source,
        method: collection.method,
        amount: collection.amount,
        currency: collection.currency,
        reference: collection.plan.reference.clone(),
        reference_date: collection.plan.reference_date,
        effective_at: collection.plan.effective_at.unwrap_or(session.now),
        unallocated: split.unallocated,
        refundable: collection.amount,
        allocations: Vec::new(),
        refunds: Vec::new(),
    };
    store::payment::insert_collected(tx, session.account.id, &payment, &split.allocations, session.now)?;
    post(tx, session, books, &payment, &split)
}

/// What the invoices of the plan owe by now and, for automatic allocation, all that owe.
fn open_invoices(
    tx: &mut Tx<'_>,
    session: &Session,
    collection: &Collection,
    plan: &Plan,
) -> Result<Vec<OpenInvoice>, Error> {
    let (account, customer) = (session.account.id, collection.customer);
    let mut open = match plan.auto_allocate {
        Some(_) => store::invoice::list_open(tx, account, customer)?,
        None => Vec::new(),
    };
    let owing: HashSet<_> = open.iter().map(|invoice| invoice.id).collect();
    let named = plan.allocations.iter().map(|part| part.invoice).filter(|id| !owing.contains(id));
    open.extend(store::invoice::find_each_open(tx, account, customer, &named.collect::<Vec<_>>())?.into_values());
    Ok(open)
}
