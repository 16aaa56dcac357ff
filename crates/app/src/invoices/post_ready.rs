//! Post every draft invoice of a customer that is ready, and collect the invoices if that is asked for.

use billing::{
    account::Session,
    collect::CollectOrder,
    collection::{Collection, CollectionPurpose, Plan},
    id::{CustomerId, DraftInvoiceId, InvoiceId},
};
use db::Tx;

use super::post_draft::post_locked;
use crate::{
    Error,
    books::Books,
    collection::{Invoicing, Started, of_invoices},
    draft_invoices::ENTITY,
};

/// Whose drafts.
#[derive(Debug, Clone)]
pub struct Order {
    /// The customer.
    pub customer: CustomerId,
    /// Collect the invoices at once.
    pub collect: Option<CollectOrder>,
}

/// Posts each draft on an invoice of its own, the oldest first; a draft without charges is passed over. For orders that
/// collect nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<InvoiceId>, Error> {
    begin(tx, session, order)?.done()
}

/// Posts the drafts as [`run`] does, and begins to collect their invoices in one payment if that is asked for; with roll-back
/// they are posted when the money moved.
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Started<Vec<InvoiceId>>, Error> {
    let (account, customer) = (session.account.id, order.customer);
    Books::open(tx, session, customer)?.customer().status.may_be_billed()?;
    let drafts = store::draft_invoice::list_ready(tx, account, customer)?;
    let Some(collect) = &order.collect else {
        return post_all(tx, session, customer, &drafts).map(Started::Done);
    };
    let plan = Plan { drafts: drafts.clone(), ..Plan::new(CollectionPurpose::PostDrafts) };
    of_invoices(tx, session, Invoicing { customer, collect, plan }, |tx| post_all(tx, session, customer, &drafts))
}

/// The invoices of a collection.
pub fn end(collection: &Collection) -> Vec<InvoiceId> {
    collection.plan.allocations.iter().map(|part| part.invoice).collect()
}

/// Posts these drafts of a locked customer.
pub(crate) fn post_all(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    drafts: &[DraftInvoiceId],
) -> Result<Vec<InvoiceId>, Error> {
    let mut invoices = Vec::with_capacity(drafts.len());
    for id in drafts {
        // Each invoice goes on from the balance and the chain that the one before it left.
        let books = Books::open(tx, session, customer)?;
        let draft = store::draft_invoice::find(tx, session.account.id, *id)?.ok_or(Error::not_found(ENTITY, id.0))?;
        invoices.push(post_locked(tx, session, books, draft, None)?);
    }
    Ok(invoices)
}
