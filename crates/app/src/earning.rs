//! Earn revenue: post the parts of schedules that have fallen due. Nothing is posted twice: the place reached is stored in
//! the same transaction.

pub mod run;

use billing::{
    account::Session,
    earning::{EarningError, Schedule},
};
use calendar::{Date, Instant, add_days};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::earning::{EarningSchedule, Recalculated};

use crate::{Error, books::Books, rounds::next_round};

/// The daily round of an account.
pub(crate) const EARN: &str = "earning";

/// Sees to it that the account's daily round takes place, from the next midnight of its zone on.
pub(crate) fn ensure_round(tx: &mut Tx<'_>, session: &Session) -> Result<(), Error> {
    Ok(jobs::ensure(tx, session.account.id.0, EARN, session.account.id.0, next_round(&session.account, session.now))?)
}

/// Posts every part of a schedule that falls due on or before `through` and has not been posted, as [`post_some_due`]
/// does. One charge has at most as many parts as its period has days.
pub(crate) fn post_due(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    place: &mut EarningSchedule,
    through: Date,
) -> Result<(), Error> {
    post_some_due(tx, session, books, place, through, usize::MAX).map(|_| ())
}

/// Posts the parts of a schedule that fall due on or before `through` and have not been posted, earliest first and at most
/// so many, each dated on its day; how many they were. A part is posted with that of the discount. The schedule's new place
/// is not stored here.
pub(crate) fn post_some_due(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    place: &mut EarningSchedule,
    through: Date,
    part_count_max: usize,
) -> Result<usize, Error> {
    let Some(next) = place.next_due_on else { return Ok(0) };
    let (amount, discount) = schedules(place)?;
    let after = Some(add_days(next, -1));
    let (mut part_count, mut posted_through) = (0, through);
    let parts = amount.parts_due(after, through).zip(discount.parts_due(after, through));
    for (part, of_discount) in parts.take(part_count_max) {
        post(tx, session, books, place, part.on, part.amount, of_discount.amount)?;
        part_count += 1;
        posted_through = part.on;
    }
    let has_all = part_count < part_count_max;
    place.next_due_on = amount.next_due_after(if has_all { through } else { posted_through });
    Ok(part_count)
}

/// Earns an amount and its discount on a day, whatever the schedule says.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    place: &mut EarningSchedule,
    on: Date,
    amount: Amount,
    discount: Amount,
) -> Result<(), Error> {
    let at = effective_at(session, on);
    if amount.is_positive() {
        books.post_of(place.charge, tx.next_id()?, Transaction::earning(at, place.currency, amount)?)?;
        place.earned = place.earned.checked_add(amount)?;
    }
    if discount.is_positive() {
        books.post_of(place.charge, tx.next_id()?, Transaction::discount_earning(at, place.currency, discount)?)?;
        place.earned_discount = place.earned_discount.checked_add(discount)?;
    }
    Ok(())
}

/// The schedules of a charge and of its discounts, as the last reversal left them.
pub(crate) fn schedules(place: &EarningSchedule) -> Result<(Schedule, Schedule), Error> {
    let rule = place.settings.rule().map_err(refuse)?;
    let of = |amount| Schedule::new(rule, place.starts_on, amount, place.currency);
    let (amount, discount) = (of(place.amount)?, of(place.discount)?);
    Ok(match place.recalculated {
        Some(Recalculated { on, earned, earned_discount }) => {
            (amount.recalculated(on, earned), discount.recalculated(on, earned_discount))
        }
        None => (amount, discount),
    })
}

/// Settings that mean nothing cannot be charged by.
pub(crate) fn refuse(error: EarningError) -> Error {
    Error::invalid("EarningSettings", error.to_string())
}

/// Today's parts count from now, so that nothing is earned before it is charged; others from the first instant of their
/// day.
pub(crate) fn effective_at(session: &Session, on: Date) -> Instant {
    let zone = &session.account.zone;
    if zone.date_of(session.now) == on { session.now } else { zone.start_of(on) }
}
