//! Take back one charge, or a part of it (receivables.md §10).

use billing::{
    account::Session,
    credit_note::Reversal,
    id::ChargeId,
    invoice::Invoice,
    reversal::{Choice, Extent},
};
use db::Tx;

use super::{mark_purchases, open};
use crate::Error;

/// Which charge, and how much of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The charge.
    pub charge: ChargeId,
    /// How much.
    pub extent: Extent,
    /// At most 500 characters.
    pub reference: Option<String>,
}

/// A charge that was taken back.
#[derive(Debug, Clone)]
pub struct Reversed {
    /// What went back.
    pub reversal: Reversal,
    /// A net amount was asked for that could not be reached; the nearest one went back.
    pub is_nearest: bool,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// The invoice afterwards.
    pub invoice: Invoice,
}

/// Takes it back, with a credit note of its own. A preview is the same, undone.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Reversed, Error> {
    let account = session.account.id;
    let not_found = || Error::not_found("Charge", order.charge.0);
    let invoice = store::charge::find_invoice(tx, account, order.charge)?.ok_or_else(not_found)?;
    let (mut books, invoice) = open(tx, session, invoice)?;
    let choice = Choice::These(vec![order.charge]);
    let charges = choice.of(&invoice)?;
    let (extent, reference) = (order.extent, order.reference.clone());
    let asked = super::Order { invoice: &invoice, charges: &charges, extent, reference };
    let outcome = super::run(tx, session, &mut books, asked)?;
    choice.check(&invoice, extent, &outcome.taken)?;
    mark_purchases(tx, session, &invoice, &charges, &outcome.taken)?;
    books.close(tx)?;
    let is_nearest = outcome.taken.iter().any(|taken| taken.is_nearest);
    let reversal = outcome.note.and_then(|mut note| note.reversals.pop());
    let reversal = reversal.ok_or_else(|| Error::defect("a charge was taken back without a reversal"))?;
    let invoice = crate::invoices::find::run(tx, session, invoice.id)?;
    Ok(Reversed { reversal, is_nearest, reference: order.reference.clone(), invoice })
}
