//! Read one draft invoice.

use billing::{
    account::Session,
    draft_invoice::{DraftInvoice, DraftInvoiceStatus},
    id::DraftInvoiceId,
    invoice::Invoice,
};
use db::Tx;

use super::ENTITY;
use crate::{Error, invoices::post};

/// A draft, and the invoice that posting it now would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The draft.
    pub draft: DraftInvoice,
    /// Its totals, taxes, terms and instalments; without an id and a number.
    pub invoice: Invoice,
}

/// The draft with its charges. One that was posted is no longer there: it is an invoice.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DraftInvoiceId) -> Result<Found, Error> {
    let found = store::draft_invoice::find(tx, session.account.id, id)?;
    let found = found.filter(|draft| draft.status != DraftInvoiceStatus::Posted);
    let draft = found.ok_or(Error::not_found(ENTITY, id.0))?;
    let invoice = post::foresee(tx, session, &draft)?;
    Ok(Found { draft, invoice })
}
