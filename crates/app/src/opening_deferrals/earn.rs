//! Earn what was deferred before: the parts that have fallen due, each dated on its day.

use billing::{account::Session, id::CustomerId, opening_deferral::OpeningDeferral};
use calendar::{Date, add_days};
use db::Tx;
use ledger::Transaction;

use crate::{Error, books::Books, earning::effective_at};

/// Posts the parts of a customer's opening deferrals that fall due on or before `through`, at most so many; how many they were.
pub(crate) fn round(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    customer: CustomerId,
    through: Date,
    part_count_max: usize,
) -> Result<usize, Error> {
    let account = session.account.id;
    let mut count_max = part_count_max;
    let limit = i64::try_from(part_count_max).unwrap_or(i64::MAX);
    for mut deferral in store::opening_deferral::due(tx, account, customer, through, limit)? {
        count_max -= post_some_due(tx, session, books, &mut deferral, through, count_max)?;
        store::opening_deferral::update(tx, account, &deferral)?;
        if count_max == 0 {
            break;
        }
    }
    Ok(part_count_max - count_max)
}

/// Posts the parts of one that fall due on or before `through`, earliest first and at most so many; how many they were. Its new
/// place is not stored here.
pub(super) fn post_some_due(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    deferral: &mut OpeningDeferral,
    through: Date,
    part_count_max: usize,
) -> Result<usize, Error> {
    let Some(next) = deferral.next_due_on else { return Ok(0) };
    let schedule = deferral.schedule()?;
    let (mut part_count, mut posted_through) = (0, through);
    for part in schedule.parts_due(Some(add_days(next, -1)), through).take(part_count_max) {
        if part.amount.is_positive() {
            let earned = Transaction::earning(effective_at(session, part.on), deferral.currency, part.amount)?;
            books.post_of_deferral(deferral.id, tx.next_id()?, earned)?;
            deferral.earned = deferral.earned.checked_add(part.amount)?;
        }
        part_count += 1;
        posted_through = part.on;
    }
    let has_all = part_count < part_count_max;
    deferral.next_due_on = schedule.next_due_after(if has_all { through } else { posted_through });
    Ok(part_count)
}
