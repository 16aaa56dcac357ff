//! List draft invoices, of the account or of one customer.

use billing::{
    account::Session,
    draft_invoice::DraftInvoiceSummary,
    id::CustomerId,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::draft_invoice::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of the account's drafts.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<DraftInvoiceSummary>, Error> {
    Ok(store::draft_invoice::list(tx, session.account.id, page)?)
}

/// A page of a customer's drafts.
pub fn of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<DraftInvoiceSummary>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::draft_invoice::list_of_customer(tx, session.account.id, customer, page)?)
}
