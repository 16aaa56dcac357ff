//! Change a draft invoice.

use billing::{
    account::Session,
    draft_invoice::{DraftChange, DraftInvoice},
    event::{Event, EventType},
    id::{DraftInvoiceId, PurchaseId},
    problem::Problems,
    purchase::Purchase,
};
use db::Tx;

use super::{
    ENTITY,
    find::{self, Found},
    lock, save,
};
use crate::{Error, books::Books};

/// Which draft, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub draft: DraftInvoiceId,
    /// What is changed.
    pub change: DraftChange,
}

/// Changes the draft and computes its amounts again. A purchase sells what its charge has become, and is cancelled with a
/// charge that is taken out (receivables.md §3.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Found, Error> {
    let (books, mut draft) = lock(tx, session, order.draft)?.ok_or(Error::not_found(ENTITY, order.draft.0))?;
    draft.may_be_modified()?;
    let purchases = purchases(tx, session, &draft, &order.change)?;
    let mut problems = Problems::new();
    let removed = draft.change(&order.change, &purchases, books.customer().currency, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    follow(tx, session, &books, &draft, &order.change, &removed)?;
    save(tx, session, draft, EventType::DraftInvoiceUpdated)?;
    find::run(tx, session, order.draft)
}

/// The purchases of the charges that are named.
fn purchases(
    tx: &mut Tx<'_>,
    session: &Session,
    draft: &DraftInvoice,
    change: &DraftChange,
) -> Result<Vec<Purchase>, Error> {
    let named = draft.charges.iter().filter(|charge| change.charges.iter().any(|part| part.id == charge.id));
    let mut purchases = Vec::new();
    for charge in named {
        purchases.extend(store::purchase::find(tx, session.account.id, charge.purchase)?);
    }
    Ok(purchases)
}

fn follow(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &Books<'_>,
    draft: &DraftInvoice,
    change: &DraftChange,
    removed: &[PurchaseId],
) -> Result<(), Error> {
    let (account, customer) = (session.account.id, Some(books.customer().id));
    for charge in draft.charges.iter().filter(|charge| change.charges.iter().any(|part| part.id == charge.id)) {
        store::purchase::set_sold(tx, account, charge, session.now)?;
    }
    for purchase in removed {
        store::purchase::mark_cancelled(tx, account, *purchase, session.now)?;
    }
    let cancelled = |id: &PurchaseId| Event { event_type: EventType::PurchaseCancelled, customer, subject_id: id.0 };
    let events: Vec<_> = removed.iter().map(cancelled).collect();
    Ok(store::event::insert(tx, account, &events, session.now)?)
}
