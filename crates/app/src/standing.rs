//! The accounting status of customers, true at any time: it moves with the money, and with the days by a nightly round.

pub mod round;

use billing::{
    account::{Account, Session},
    customer::StatusChange,
    event::{Event, EventType},
    id::{CustomerId, InvoiceId},
    standing::Standing,
};
use calendar::Instant;
use db::Tx;

use crate::{Error, customers::status, rounds::next_round};

/// The nightly round of an account.
pub(crate) const STANDING: &str = "standing";

/// Sees to it that the nightly round of an account takes place, from the next midnight of its zone on.
pub(crate) fn ensure_round(tx: &mut Tx<'_>, account: &Account, now: Instant) -> Result<(), Error> {
    Ok(jobs::ensure(tx, account.id.0, STANDING, account.id.0, next_round(account, now))?)
}

/// Judges a locked customer anew: poor while an invoice is overdue, or while there is less in advance than its threshold.
/// One that is suspended goes on as soon as it is good (customers.md §1.4).
pub(crate) fn refresh(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    let (account, zone, now) = (session.account.id, &session.account.zone, session.now);
    let stored = store::standing::find(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let is_below = stored.threshold.is_some_and(|threshold| stored.balance.negated() < threshold);
    let is_poor = is_below || !overdue(tx, session, customer)?.is_empty();
    let standing = stored.standing.on(zone.date_of(now), is_poor);
    if standing != stored.standing {
        store::standing::set(tx, account, customer, &standing)?;
        tell(tx, session, customer, stored.standing, standing)?;
    }
    if standing.may_resume() {
        status::change(tx, session, customer, StatusChange::Resume)?;
    }
    Ok(())
}

/// In how many days an active customer in poor standing is suspended unless it pays; nothing when it is not going to be.
pub fn days_until_suspension(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Option<i64>, Error> {
    let (account, today) = (session.account.id, session.account.zone.date_of(session.now));
    let stored = store::standing::find(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let own = store::customer::find_setting(tx, account, customer)?.unwrap_or_default();
    let patience = store::collection_setting::find(tx, account)?.patience(&own);
    Ok(stored.standing.days_until_suspension(today, patience))
}

/// The overdue invoices of a customer, oldest first. What is due on the day on which it was posted is overdue from the next
/// midnight on only, so that nobody is in poor standing between an invoice and its payment.
pub(crate) fn overdue(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<Vec<InvoiceId>, Error> {
    Ok(store::standing::overdue(tx, session.account.id, customer, session.now, today_at(session))?)
}

/// The first instant of today.
pub(crate) fn today_at(session: &Session) -> Instant {
    let zone = &session.account.zone;
    zone.start_of(zone.date_of(session.now))
}

fn tell(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    before: Standing,
    after: Standing,
) -> Result<(), Error> {
    let (was, is) = (before.account_status.is_poor(), after.account_status.is_poor());
    if was == is {
        return Ok(());
    }
    let event_type = if is { EventType::CustomerPoorStanding } else { EventType::CustomerGoodStanding };
    let event = Event { event_type, customer: Some(customer), subject_id: customer.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
