//! Take back all charges of an invoice, or some of them, on one credit note (receivables.md §10).

use billing::{
    account::Session,
    id::{ChargeId, InvoiceId},
    invoice::Invoice,
    refusal::Refusal,
    reversal::{Choice, Extent},
};
use db::Tx;

use super::{mark_purchases, open};
use crate::Error;

/// Which invoice, which of its charges, and how much of each.
#[derive(Debug, Clone)]
pub struct Order {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Charges of it.
    pub choice: Choice,
    /// How much of each.
    pub extent: Extent,
    /// At most 500 characters.
    pub reference: Option<String>,
}

/// Takes them back: all of them or, when one of them may not be, none. The invoice afterwards.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Invoice, Error> {
    let (mut books, invoice) = open(tx, session, order.invoice)?;
    let charges = match order.choice.of(&invoice) {
        Err(Refusal::ChargeNotOnInvoice(charge, _)) if !exists(tx, session, charge)? => {
            return Err(Error::not_found("Charge", charge.0));
        }
        chosen => chosen?,
    };
    let reference = order.reference.clone();
    let asked = super::Order { invoice: &invoice, charges: &charges, extent: order.extent, reference };
    let outcome = super::run(tx, session, &mut books, asked)?;
    order.choice.check(&invoice, order.extent, &outcome.taken)?;
    mark_purchases(tx, session, &invoice, &charges, &outcome.taken)?;
    books.close(tx)?;
    crate::invoices::find::run(tx, session, order.invoice)
}

fn exists(tx: &mut Tx<'_>, session: &Session, charge: ChargeId) -> Result<bool, Error> {
    Ok(store::charge::find_invoice(tx, session.account.id, charge)?.is_some())
}
