//! Collect what falls due from default payment methods, without anybody asking, and try again on the account's dunning days.
//! Each customer with something to collect has a task, which the nightly round queues.

mod worker;

use billing::{
    account::Session,
    collection::Automatic,
    collection_setting::CollectionSetting,
    dunning::{Attempt, Debts, Rules},
    id::{CustomerId, PaymentActivityId},
    payment::Allocation,
};
use db::Tx;

pub use self::worker::start_worker;
use crate::{Error, standing::today_at};

/// The task of a customer of whom something is to be collected.
pub(crate) const DUNNING: &str = "dunning";

/// Whether something is to be collected of a locked customer now.
pub(crate) fn is_due(
    tx: &mut Tx<'_>,
    session: &Session,
    setting: &CollectionSetting,
    customer: CustomerId,
) -> Result<bool, Error> {
    Ok(next(tx, session, setting, customer)?.is_some())
}

/// Locks the customer and decides what is to be collected now. It is kept with the attempt's activity in the transaction of
/// the intent, so that two workers never make the same attempt.
fn decide(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    activity: PaymentActivityId,
) -> Result<Option<Automatic>, Error> {
    let account = session.account.id;
    store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let setting = store::collection_setting::find(tx, account)?;
    let Some(attempt) = next(tx, session, &setting, customer)? else { return Ok(None) };
    store::dunning::record(tx, account, customer, &attempt, activity)?;
    let Attempt { amount, invoices, number, .. } = attempt;
    Ok(Some(Automatic { customer, amount, invoices, attempt: number }))
}

fn next(
    tx: &mut Tx<'_>,
    session: &Session,
    setting: &CollectionSetting,
    customer: CustomerId,
) -> Result<Option<Attempt>, Error> {
    let (account, today) = (session.account.id, session.account.zone.date_of(session.now));
    let Some(stored) = store::standing::find(tx, account, customer)? else { return Ok(None) };
    let own = store::customer::find_setting(tx, account, customer)?.unwrap_or_default();
    let Some(rules) = Rules::of(stored.standing.status, &own, setting) else { return Ok(None) };
    let open = store::invoice::list_open(tx, account, customer)?;
    let debts = Debts {
        due: store::dunning::due(tx, account, customer, session.now, today_at(session))?,
        open: open.iter().map(|open| Allocation { invoice: open.id, amount: open.outstanding }).collect(),
        in_advance: stored.balance.negated(),
    };
    let tried = store::dunning::tried(tx, account, customer)?;
    Ok(rules.next(customer, &debts, &tried, today)?)
}
