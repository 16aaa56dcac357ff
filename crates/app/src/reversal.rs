//! Take back a charge: reverse it in the ledger, write a credit note, and give freed money back to the customer's funds.

use billing::{
    account::Session,
    charge_tax::{self, ChargeTax},
    earning::EarningRule,
    id::{CustomerId, InvoiceId},
    invoice::Charge,
    refusal::Refusal,
    reversal::{Extent, ReversalError, Split, Standing, share},
};
use db::Tx;
use ledger::Transaction;
use money::{Amount, Currency};
use store::{
    credit_note::{CreditNote, Reversal},
    earning::EarningSchedule,
    invoice::Settlement,
};

use crate::{Error, books::Books, earning, invoices::write_off::settle};

/// Takes back so much of a charge of a customer whose books are open. What was earned until today stays earned before
/// the part that is taken back is decided; what is neither taken back nor earned later is earned now.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    invoice: InvoiceId,
    charge: &Charge,
    extent: Extent,
) -> Result<(), Error> {
    let account = session.account.id;
    let mut place = place(tx, session, books, charge)?;
    let left = charge.amount.checked_sub(charge.reversed.amount)?;
    let discount_left = charge.discount()?.checked_sub(charge.reversed.discount)?;
    let gross = split(left, place.earned, extent)?;
    let discount = split(discount_left, place.earned_discount, extent)?;
    let taxes: Vec<ChargeTax> = store::tax::list(tx, account, invoice)?;
    let taxes: Vec<_> = taxes.into_iter().filter(|tax| tax.charge == charge.id).collect();
    let tax = tax_share(charge, &taxes, &gross, &discount, books.customer().currency)?;
    let id = tx.next_id()?;
    let taken = Taken { gross, discount, tax };
    post(tx, session, books, charge, id, &taken)?;
    let today = session.account.zone.date_of(session.now);
    earning::post(tx, session, books, &mut place, today, gross.earn_now, discount.earn_now)?;
    close(tx, session, place, &gross, &discount)?;
    let reversal = Reversal { id, charge: charge.id, amount: gross.reversed()?, discount: discount.reversed()?, tax };
    let net = reversal.amount.checked_sub(reversal.discount)?.checked_add(tax)?;
    if reversal.amount.is_positive() {
        credit(tx, session, books.customer().id, invoice, net, reversal)?;
    }
    Ok(())
}

/// Where the charge stands in its schedule today; a charge without one was earned at once, or never is by itself.
fn place(tx: &mut Tx<'_>, session: &Session, books: &mut Books<'_>, charge: &Charge) -> Result<EarningSchedule, Error> {
    let today = session.account.zone.date_of(session.now);
    if let Some(mut place) = store::earning::find(tx, session.account.id, charge.id)? {
        earning::post_due(tx, session, books, &mut place, today)?;
        return Ok(place);
    }
    let amount = charge.amount.checked_sub(charge.reversed.amount)?;
    let discount = charge.discount()?.checked_sub(charge.reversed.discount)?;
    let is_earned = match charge.earning.rule().map_err(earning::refuse)? {
        EarningRule::Immediately | EarningRule::OverTime(_) => true,
        EarningRule::Never => false,
    };
    Ok(EarningSchedule {
        charge: charge.id,
        customer: books.customer().id,
        currency: books.customer().currency,
        settings: charge.earning,
        starts_on: session.account.zone.date_of(charge.effective_at),
        amount,
        discount,
        earned: if is_earned { amount } else { Amount::ZERO },
        earned_discount: if is_earned { discount } else { Amount::ZERO },
        next_due_on: None,
    })
}

fn split(left: Amount, earned: Amount, extent: Extent) -> Result<Split, Error> {
    let split = Standing::new(left, earned).and_then(|standing| standing.split(extent));
    split.map_err(|error| match error {
        ReversalError::NotLeft(_) => Error::invalid("ReverseChargeAmount", error.to_string()),
        ReversalError::NotAPart => Error::Database(db::Error::Value(error.to_string())),
    })
}

/// The tax that goes back: in proportion to the net amount taken back so far, less what went back before.
fn tax_share(
    charge: &Charge,
    taxes: &[ChargeTax],
    gross: &Split,
    discount: &Split,
    currency: Currency,
) -> Result<Amount, Error> {
    let whole = charge.amount.checked_sub(charge.discount()?)?;
    let before = charge.reversed.amount.checked_sub(charge.reversed.discount)?;
    let now = gross.reversed()?.checked_sub(discount.reversed()?)?;
    let so_far = share(charge_tax::total(taxes)?, before.checked_add(now)?, whole, currency)?;
    Ok(so_far.checked_sub(charge.reversed.tax)?)
}

/// What goes back of a charge, of its discounts and of its taxes.
struct Taken {
    gross: Split,
    discount: Split,
    tax: Amount,
}

fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
    id: i64,
    taken: &Taken,
) -> Result<(), Error> {
    let Taken { gross, discount, tax } = taken;
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

/// Nothing follows a reversal that leaves nothing deferred: the schedule ends with what was earned and not taken back.
fn close(
    tx: &mut Tx<'_>,
    session: &Session,
    mut place: EarningSchedule,
    gross: &Split,
    discount: &Split,
) -> Result<(), Error> {
    place.amount = place.amount.checked_sub(gross.reversed()?)?;
    place.discount = place.discount.checked_sub(discount.reversed()?)?;
    place.earned = place.earned.checked_sub(gross.from_earned)?;
    place.earned_discount = place.earned_discount.checked_sub(discount.from_earned)?;
    if gross.stays_deferred.is_zero() {
        place.next_due_on = None;
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
        let surplus = net.checked_sub(outstanding)?;
        if surplus > stored.totals.payments {
            return Err(Refusal::WrittenOff(invoice).into());
        }
        store::payment::free(tx, account, invoice, surplus, now)?;
    }
    settle(tx, session, invoice, Settlement::CreditNote(net), net.min(outstanding))?;
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
