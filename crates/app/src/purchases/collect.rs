//! Finalize purchases and collect their invoice at once (purchases.md §7).

use billing::{
    account::Session,
    collect::CollectOrder,
    collection::{Collection, CollectionPurpose, Plan},
    id::{CustomerId, InvoiceId, PurchaseId},
};
use db::Tx;

use super::finalize::{self, Billed, Order, Purpose};
use crate::{
    Error,
    collection::{Invoicing, Started, of_invoices},
    customers::activate,
};

/// What is sold and collected for.
pub(crate) struct Sale<'o> {
    /// The buyer.
    pub(crate) customer: CustomerId,
    /// How it is paid.
    pub(crate) collect: &'o CollectOrder,
    /// Drafts of the buyer.
    pub(crate) purchases: Vec<PurchaseId>,
    /// The buyer is made active with it.
    pub(crate) activates_customer: bool,
}

/// Charges the drafts on an invoice that is posted and collected; with roll-back they are charged when the money moved.
pub(crate) fn begin(tx: &mut Tx<'_>, session: &Session, sale: Sale<'_>) -> Result<Started<Billed>, Error> {
    let Sale { customer, collect, purchases, activates_customer } = sale;
    let plan = Plan { purchases: purchases.clone(), activates_customer, ..Plan::new(CollectionPurpose::Finalize) };
    let started = of_invoices(tx, session, Invoicing { customer, collect, plan }, |tx| {
        if activates_customer {
            activate::open(tx, session, customer)?;
        }
        paid(tx, session, customer, &purchases).map(|invoice| vec![invoice])
    })?;
    started.try_map(|invoices| {
        let invoice = invoices.first().ok_or_else(|| Error::defect("a sale has no invoice"))?;
        Ok(Billed::Posted(*invoice))
    })
}

/// Charges drafts on an invoice that is posted because it is paid at once.
pub(crate) fn paid(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    purchases: &[PurchaseId],
) -> Result<InvoiceId, Error> {
    let order = Order { customer, purchases: purchases.to_vec(), collect: None };
    let billed = finalize::finalize(tx, session, &order, Purpose::Collect)?;
    billed.posted().ok_or_else(|| Error::defect("an invoice to be collected waits as a draft"))
}

/// What a collection charged: the invoice that it is for.
pub fn end(collection: &Collection) -> Result<Billed, Error> {
    let part = collection.plan.allocations.first();
    Ok(Billed::Posted(part.ok_or_else(|| Error::defect("a sale that was collected has no invoice"))?.invoice))
}
