//! Post a draft invoice.

use billing::{
    account::Session,
    draft_invoice::{DraftInvoice, DraftInvoiceStatus},
    event::EventType,
    id::{ChargeId, DraftInvoiceId, InvoiceId},
    problem::Problems,
};
use db::Tx;

use super::post;
use crate::{
    Error,
    books::Books,
    draft_invoices::{ENTITY, lock, save},
};

/// Which draft, and which of its charges.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub draft: DraftInvoiceId,
    /// At least one charge; all when nothing is named.
    pub only: Option<Vec<ChargeId>>,
}

/// Posts the charges on an invoice of the draft's terms. Charges that are not named stay on the draft, which ends with its
/// last one (receivables.md §3.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<InvoiceId, Error> {
    let (books, draft) = lock(tx, session, order.draft)?.ok_or(Error::not_found(ENTITY, order.draft.0))?;
    post_locked(tx, session, books, draft, order.only.as_deref())
}

pub(super) fn post_locked(
    tx: &mut Tx<'_>,
    session: &Session,
    books: Books<'_>,
    mut draft: DraftInvoice,
    only: Option<&[ChargeId]>,
) -> Result<InvoiceId, Error> {
    draft.may_be_posted()?;
    books.customer().status.may_be_billed()?;
    let mut problems = Problems::new();
    let charges = draft.take(only, &mut problems);
    problems.into_result().map_err(Error::Invalid)?;
    let (terms, instalments) = (draft.terms.clone(), draft.instalments.clone());
    let is_whole = draft.charges.is_empty();
    if is_whole {
        draft.status = DraftInvoiceStatus::Posted;
        draft.instalments.clear();
    }
    // What is left of the draft is told of; of one that ended the invoice tells.
    if is_whole {
        draft.modified_at = session.now;
        store::draft_invoice::update(tx, session.account.id, &draft)?;
    } else {
        save(tx, session, draft, EventType::DraftInvoiceUpdated)?;
    }
    let billing = store::customer::billing(tx, session.account.id, books.customer().id)?;
    post::run(tx, session, books, billing, post::Order { charges, terms, instalments, region: None })
}
