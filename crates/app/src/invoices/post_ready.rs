//! Post every draft invoice of a customer that is ready.

use billing::{
    account::Session,
    collect::CollectMethod,
    id::{CustomerId, InvoiceId},
};
use db::Tx;

use super::post_draft::post_locked;
use crate::{Error, books::Books, purchases::finalize::refuse_collection};

/// Whose drafts.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The customer.
    pub customer: CustomerId,
    /// Collect the invoices at once.
    pub collect: Option<CollectMethod>,
}

/// Posts each draft on an invoice of its own, the oldest first; a draft without charges is passed over.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<InvoiceId>, Error> {
    let (account, customer) = (session.account.id, order.customer);
    Books::open(tx, session, customer)?.customer().status.may_be_billed()?;
    refuse_collection(order.collect)?;
    let mut invoices = Vec::new();
    for id in store::draft_invoice::list_ready(tx, account, customer)? {
        // Each invoice goes on from the balance and the chain that the one before it left.
        let books = Books::open(tx, session, customer)?;
        if let Some(draft) = store::draft_invoice::find(tx, account, id)? {
            invoices.push(post_locked(tx, session, books, draft, None)?);
        }
    }
    Ok(invoices)
}
