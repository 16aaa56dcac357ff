//! Take back a charge: reverse it in the ledger, write a credit note, and give freed money back to the customer's funds.

use billing::{
    account::Session,
    charge_tax,
    id::{CustomerId, InvoiceId},
    invoice::Charge,
    reversal::{Extent, Part, ReversalError, Standing, Taken},
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::{
    credit_note::{CreditNote, Reversal},
    earning::{EarningSchedule, Recalculated},
};

use crate::{
    Error,
    books::Books,
    earning,
    invoices::balance::{self, Settlement},
};

/// Takes back so much of a charge of a customer whose books are open; what that was. What was earned until today stays
/// earned before the part that is taken back is decided; what is neither taken back nor earned later is earned now.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    invoice: InvoiceId,
    charge: &Charge,
    extent: Extent,
) -> Result<Taken, Error> {
    let mut place = place(tx, session, books, charge)?;
    let taken = decide(tx, session, invoice, charge, &place, extent)?;
    let id = tx.next_id()?;
    post(tx, session, books, charge, id, &taken)?;
    let today = session.account.zone.date_of(session.now);
    earning::post(tx, session, books, &mut place, today, taken.gross.earn_now, taken.discount.earn_now)?;
    recalculate(tx, session, place, &taken)?;
    let (amount, discount) = (taken.gross.reversed()?, taken.discount.reversed()?);
    if amount.is_positive() {
        let reversal = Reversal { id, charge: charge.id, amount, discount, tax: taken.tax };
        credit(tx, session, books.customer().id, invoice, taken.net()?, reversal)?;
    }
    Ok(taken)
}

/// Where the charge stands in its schedule today; a charge without one was earned on the day of posting.
fn place(tx: &mut Tx<'_>, session: &Session, books: &mut Books<'_>, charge: &Charge) -> Result<EarningSchedule, Error> {
    if let Some(mut place) = store::earning::find(tx, session.account.id, charge.id)? {
        let today = session.account.zone.date_of(session.now);
        earning::post_due(tx, session, books, &mut place, today)?;
        return Ok(place);
    }
    let amount = charge.amount.checked_sub(charge.reversed.amount)?;
    let discount = charge.discount()?.checked_sub(charge.reversed.discount)?;
    Ok(EarningSchedule {
        charge: charge.id,
        customer: books.customer().id,
        currency: books.customer().currency,
        settings: charge.earning,
        starts_on: session.account.zone.date_of(charge.effective_at),
        amount,
        discount,
        earned: amount,
        earned_discount: discount,
        next_due_on: None,
        recalculated: None,
    })
}

fn decide(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    charge: &Charge,
    place: &EarningSchedule,
    extent: Extent,
) -> Result<Taken, Error> {
    let mut taxes = store::tax::list(tx, session.account.id, invoice)?;
    taxes.retain(|tax| tax.charge == charge.id);
    let (tax, discount, reversed) = (charge_tax::total(&taxes)?, charge.discount()?, charge.reversed);
    let standing = || {
        let gross = Part::new(charge.amount, reversed.amount, place.earned)?;
        let discount = Part::new(discount, reversed.discount, place.earned_discount)?;
        Standing::new(gross, discount, tax, reversed.tax, place.currency)
    };
    standing().and_then(|standing| standing.decide(extent)).map_err(refuse)
}

fn refuse(error: ReversalError) -> Error {
    match error {
        ReversalError::NothingLeft | ReversalError::NotLeft(_) => {
            Error::invalid("ReverseChargeAmount", error.to_string())
        }
        ReversalError::Number(error) => error.into(),
        ReversalError::NotAPart => Error::Database(db::Error::Value(error.to_string())),
    }
}

fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
    id: i64,
    taken: &Taken,
) -> Result<(), Error> {
    let Taken { gross, discount, tax, is_nearest: _ } = taken;
    let (at, currency) = (session.now, books.customer().currency);
    if gross.reversed()?.is_positive() {
        let reversed = Transaction::reverse_charge(at, currency, gross.from_deferred, gross.from_earned)?;
        books.post_of(charge.id, id, reversed)?;
    }
    if discount.reversed()?.is_positive() {
        let reversed = Transaction::reverse_discount(at, currency, discount.from_deferred, discount.from_earned)?;
        books.post_of(charge.id, tx.next_id()?, reversed)?;
    }
    if tax.is_positive() {
        books.post_of(charge.id, tx.next_id()?, Transaction::reverse_tax(at, currency, *tax)?)?;
    }
    Ok(())
}

/// Spreads what a reversal left over the parts to come. Nothing follows one that leaves nothing deferred: the schedule ends
/// with what was earned and not taken back.
fn recalculate(tx: &mut Tx<'_>, session: &Session, mut place: EarningSchedule, taken: &Taken) -> Result<(), Error> {
    let Taken { gross, discount, tax: _, is_nearest: _ } = taken;
    place.amount = place.amount.checked_sub(gross.reversed()?)?;
    place.discount = place.discount.checked_sub(discount.reversed()?)?;
    place.earned = place.earned.checked_sub(gross.from_earned)?;
    place.earned_discount = place.earned_discount.checked_sub(discount.from_earned)?;
    if gross.stays_deferred.is_zero() {
        place.next_due_on = None;
    }
    if gross.reversed()?.is_positive() {
        place.recalculated = Some(Recalculated {
            on: session.account.zone.date_of(session.now),
            earned: place.earned,
            earned_discount: place.earned_discount,
        });
    }
    Ok(store::earning::update(tx, session.account.id, &place)?)
}

/// Writes the credit note and takes it from the invoice's balance; what was paid already becomes available funds, the
/// latest allocation first, and no money goes back by itself (receivables.md §10).
fn credit(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    invoice: InvoiceId,
    net: Amount,
    reversal: Reversal,
) -> Result<(), Error> {
    let (account, now) = (session.account.id, session.now);
    let stored = store::invoice::find(tx, account, invoice)?.ok_or(Error::not_found("Invoice", invoice.0))?;
    let outstanding = stored.totals.outstanding()?;
    if net > outstanding {
        balance::free(tx, session, invoice, net.checked_sub(outstanding)?)?;
    }
    balance::settle(tx, session, invoice, Settlement::CreditNote(net))?;
    let count = store::credit_note::count(tx, account, invoice)? + 1;
    let note = CreditNote {
        id: tx.next_id()?,
        customer,
        invoice,
        number: format!("{:02}-CR-{count:02}", stored.number),
        amount: net,
        reference: None,
    };
    Ok(store::credit_note::insert(tx, account, &note, &[reversal], now)?)
}

#[cfg(test)]
mod tests;
