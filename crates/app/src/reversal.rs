//! Take back charges of one invoice: reverse them in the ledger, write a credit note, and give freed money back to the
//! customer's funds.

pub mod charge;
pub mod invoice;
mod take;

use billing::{
    account::Session,
    credit_note::{self, CreditNote, Reversal},
    event::{Event, EventType},
    id::{CreditNoteId, InvoiceId},
    invoice::{Charge, Invoice},
    reversal::{Extent, Taken},
};
use db::Tx;
use money::Amount;

use self::take::Taxes;
use crate::{
    Error,
    books::Books,
    invoices::balance::{self, Settlement},
};

/// What is to be taken back of one invoice.
pub(crate) struct Order<'o> {
    /// The invoice, as it stands behind the customer's lock.
    pub(crate) invoice: &'o Invoice,
    /// Charges of it, none twice.
    pub(crate) charges: &'o [&'o Charge],
    /// How much of each.
    pub(crate) extent: Extent,
    /// At most 500 characters.
    pub(crate) reference: Option<String>,
}

/// What was taken back.
pub(crate) struct Outcome {
    /// Of each charge, in the order in which they were given.
    pub(crate) taken: Vec<Taken>,
    /// `None` when it is nothing of any.
    pub(crate) note: Option<CreditNote>,
}

/// Takes back charges of a customer whose books are open, on one credit note. What was earned until today stays earned
/// before the part that is taken back is decided; what is neither taken back nor earned later is earned now.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    order: Order<'_>,
) -> Result<Outcome, Error> {
    let taxes = Taxes::gather(tx, session, order.invoice)?;
    let (mut taken, mut reversals) = (Vec::with_capacity(order.charges.len()), Vec::new());
    for charge in order.charges {
        let (part, reversal) = take::run(tx, session, books, charge, order.extent, &taxes)?;
        taken.push(part);
        reversals.extend(reversal);
    }
    let note =
        if reversals.is_empty() { None } else { Some(credit(tx, session, order.invoice, order.reference, reversals)?) };
    Ok(Outcome { taken, note })
}

/// Opens the books of an invoice's customer, and reads the invoice behind the lock.
fn open<'s>(tx: &mut Tx<'_>, session: &'s Session, id: InvoiceId) -> Result<(Books<'s>, Invoice), Error> {
    let not_found = || Error::not_found("Invoice", id.0);
    let account = session.account.id;
    let customer = store::invoice::find_customer(tx, account, id)?.ok_or_else(not_found)?;
    let books = Books::open(tx, session, customer)?;
    let invoice = store::invoice::find(tx, account, id)?.ok_or_else(not_found)?;
    Ok((books, invoice))
}

/// Writes the credit note and takes it from the invoice's balance; what was paid already becomes available funds, the
/// latest allocation first, and no money goes back by itself (receivables.md §10).
fn credit(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: &Invoice,
    reference: Option<String>,
    reversals: Vec<Reversal>,
) -> Result<CreditNote, Error> {
    let (account, now) = (session.account.id, session.now);
    let parts = reversals.iter().map(Reversal::net).collect::<Result<Vec<_>, _>>()?;
    let (net, outstanding) = (Amount::sum(parts)?, invoice.totals.outstanding()?);
    if net > outstanding {
        balance::free(tx, session, invoice.id, net, outstanding)?;
    }
    balance::settle(tx, session, invoice.id, Settlement::CreditNote(net))?;
    // An invoice that was paid stays so: what is freed of its payments paid for what is taken back.
    let given = invoice.totals.payments.checked_add(invoice.totals.credits)?;
    if let Some(paid_at) = invoice.paid_at.filter(|_| net < given) {
        store::invoice::set_paid_at(tx, account, invoice.id, paid_at)?;
    }
    let note = CreditNote {
        id: CreditNoteId(tx.next_id()?),
        customer: invoice.customer,
        invoice: invoice.id,
        number: credit_note::number(invoice.number, store::credit_note::count(tx, account, invoice.id)? + 1),
        amount: net,
        reference,
        created_at: now,
        reversals,
    };
    store::credit_note::insert(tx, account, &note)?;
    let event =
        Event { event_type: EventType::CreditNoteCreated, customer: Some(note.customer), subject_id: note.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    Ok(note)
}

/// Purchases of which these charges were everything, and nothing is left, are reversed (purchases.md §2); those that were
/// cancelled stay so.
fn mark_purchases(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: &Invoice,
    charges: &[&Charge],
    taken: &[Taken],
) -> Result<(), Error> {
    let (account, now) = (session.account.id, session.now);
    for (charge, taken) in charges.iter().zip(taken) {
        let is_whole = charge.reversed.amount.checked_add(taken.gross.reversed()?)? == charge.amount;
        if is_whole && store::purchase::mark_reversed(tx, account, charge.purchase, now)? {
            let customer = Some(invoice.customer);
            let event = Event { event_type: EventType::PurchaseReversed, customer, subject_id: charge.purchase.0 };
            store::event::insert(tx, account, &[event], now)?;
        }
    }
    Ok(())
}
