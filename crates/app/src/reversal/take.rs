//! Take back one charge: decide by what is earned and reversed of it, post, and spread what is left.

use std::collections::HashMap;

use billing::{
    account::Session,
    charge_tax::{self, ChargeTax},
    credit_note::{Reversal, split_tax},
    id::{ChargeId, ReversalId},
    invoice::{Charge, Invoice},
    reversal::{Extent, Part, ReversalError, Standing, Taken},
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::earning::{EarningSchedule, Recalculated};

use crate::{Error, books::Books, earning};

/// The taxes of an invoice, and what earlier credit notes took back of them.
pub(super) struct Taxes {
    of_charges: HashMap<ChargeId, Vec<ChargeTax>>,
    reversed: HashMap<i64, Amount>,
}

impl Taxes {
    pub(super) fn gather(tx: &mut Tx<'_>, session: &Session, invoice: &Invoice) -> Result<Self, Error> {
        let mut of_charges: HashMap<_, Vec<_>> = HashMap::new();
        for tax in &invoice.taxes {
            of_charges.entry(tax.charge).or_default().push(tax.clone());
        }
        let reversed = if invoice.taxes.is_empty() {
            HashMap::new()
        } else {
            store::credit_note::reversed_taxes(tx, session.account.id, invoice.id)?
        };
        Ok(Self { of_charges, reversed })
    }

    fn of(&self, charge: ChargeId) -> &[ChargeTax] {
        self.of_charges.get(&charge).map_or(&[], Vec::as_slice)
    }
}

/// Takes back so much of a charge; what that was, and the reversal unless it is nothing.
pub(super) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
    extent: Extent,
    taxes: &Taxes,
) -> Result<(Taken, Option<Reversal>), Error> {
    let mut place = place(tx, session, books, charge)?;
    let taken = decide(charge, taxes.of(charge.id), &place, extent)?;
    let id = tx.next_id()?;
    post(tx, session, books, charge, id, &taken)?;
    let today = session.account.zone.date_of(session.now);
    earning::post(tx, session, books, &mut place, today, taken.gross.earn_now, taken.discount.earn_now)?;
    let currency = place.currency;
    recalculate(tx, session, place, &taken)?;
    if taken.is_nothing() {
        return Ok((taken, None));
    }
    let reversed = |tax| taxes.reversed.get(&tax).copied().unwrap_or(Amount::ZERO);
    let reversal = Reversal {
        id: ReversalId(id),
        charge: charge.id,
        amount: taken.gross.reversed()?,
        discount: taken.discount.reversed()?,
        tax: taken.tax,
        taxes: split_tax(taxes.of(charge.id), reversed, taken.tax, currency)?,
    };
    Ok((taken, Some(reversal)))
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

fn decide(charge: &Charge, taxes: &[ChargeTax], place: &EarningSchedule, extent: Extent) -> Result<Taken, Error> {
    let (tax, discount, reversed) = (charge_tax::total(taxes)?, charge.discount()?, charge.reversed);
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
