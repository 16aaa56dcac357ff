//! Read one posted invoice.

use billing::{account::Session, id::InvoiceId, invoice::Invoice};
use db::Tx;

use crate::Error;

/// The invoice with charges and instalments.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: InvoiceId) -> Result<Invoice, Error> {
    store::invoice::find(tx, session.account.id, id)?.ok_or(Error::not_found("Invoice", id.0))
}
