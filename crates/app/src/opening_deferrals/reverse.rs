//! Take back an opening deferral: what is not yet earned of it, or all of it.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::OpeningDeferralId,
    opening_deferral::{OpeningDeferral, ReverseDeferralOption, Reversed},
};
use db::Tx;
use ledger::Transaction;

use super::{earn, find};
use crate::{Error, books::Books};

/// Takes back what the option says and ends it. What has fallen due by today is earned first, so that it does not matter when the
/// daily round took place.
pub fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    id: OpeningDeferralId,
    option: ReverseDeferralOption,
) -> Result<OpeningDeferral, Error> {
    let (account, now) = (session.account.id, session.now);
    let customer = find::run(tx, session, id)?.customer;
    let mut books = Books::open(tx, session, customer)?;
    let mut deferral = find::run(tx, session, id)?;
    let today = session.account.zone.date_of(now);
    earn::post_some_due(tx, session, &mut books, &mut deferral, today, usize::MAX)?;
    let taken = deferral.reverse(option)?;
    let transaction = tx.next_id()?;
    let posted = Transaction::reverse_opening_deferral(now, deferral.currency, taken.deferred, taken.earned)?;
    let amount = taken.deferred.checked_add(taken.earned)?;
    books.post_of_deferral(id, transaction, posted)?;
    books.close(tx)?;
    deferral.earned = deferral.earned.checked_sub(taken.earned)?;
    deferral.reversed = Some(Reversed { id: transaction, amount, at: now });
    deferral.next_due_on = None;
    store::opening_deferral::update(tx, account, &deferral)?;
    let event_type = EventType::OpeningDeferralReversed;
    let event = Event { event_type, customer: Some(customer), subject_id: id.0 };
    store::event::insert(tx, account, &[event], now)?;
    Ok(deferral)
}
