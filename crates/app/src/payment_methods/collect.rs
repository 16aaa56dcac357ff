//! Store a card or bank account and collect with it at once: it is kept when the money moved, and only then.

use billing::{
    account::Session,
    collection::{Collection, CollectionPurpose, Plan},
    id::PaymentActivityId,
    payment::{AllocateOrder, PaymentOrder},
};
use db::Tx;
use money::Amount;

use super::{
    Seen,
    create::{Order, Provided, gather},
    find,
};
use crate::{
    Error,
    collection::{self, Intent, Started, of_provided},
    payments::create::check_terms,
};

/// Begins to store what is provided, and to collect an amount that goes to the oldest invoices; the rest is available funds
/// (customers.md §4.2).
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &Order, amount: Amount) -> Result<Started<Seen>, Error> {
    let (gateway, reservation) = gather(tx, session, order)?;
    let Provided::Instrument(instrument) = &order.provided else {
        return Err(Error::defect("money is collected from a number that was not provided"));
    };
    let (customer, source) = (reservation.customer, order.source);
    let payment = PaymentOrder {
        customer,
        source,
        amount,
        method: instrument.method(),
        reference: None,
        allocations: Vec::new(),
        auto_allocate: Some(AllocateOrder::OldestToNewest),
        effective_at: None,
        reference_date: None,
    };
    let currency = check_terms(tx, session, &payment)?.customer().currency;
    let chosen = of_provided(tx, session, &gateway, instrument, Some(reservation), order.becomes_default)?;
    let plan = Plan { auto_allocate: payment.auto_allocate, ..Plan::new(CollectionPurpose::Pay) };
    let activity = PaymentActivityId(tx.next_id()?);
    let intent = Intent { customer, amount, currency, source, attempt: 1, chosen, plan };
    Ok(Started::Collects(collection::begin(tx, session, activity, intent)?))
}

/// The method that was kept.
pub fn end(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<Seen, Error> {
    let stored = collection.via.stored.ok_or_else(|| Error::defect("a collection that keeps a method has none"))?;
    find::run(tx, session, stored, None)
}
