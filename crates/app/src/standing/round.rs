//! The nightly round: what is available goes to what is overdue, and customers stand as the new day finds them.

use billing::{account::Session, collection_setting::CollectionSetting, id::CustomerId};
use db::Tx;

use super::{overdue, refresh, today_at};
use crate::{
    Error,
    customers::status,
    dunning::{self, DUNNING},
    error::is_temporary,
    funds,
};

/// Customers of one transaction of a round.
const CUSTOMER_COUNT_MAX: i64 = 50;

/// Goes through customers after `after` for whom the day makes a difference; the customer to go on after, or `None` when none
/// is left. Doing it twice changes nothing twice.
pub fn step(tx: &mut Tx<'_>, session: &Session, after: CustomerId) -> Result<Option<CustomerId>, Error> {
    let account = session.account.id;
    let setting = store::collection_setting::find(tx, account)?;
    let today_at = today_at(session);
    let customers = store::standing::customers_due(tx, account, session.now, today_at, after, CUSTOMER_COUNT_MAX)?;
    for customer in &customers {
        match tx.savepoint(|tx| one(tx, session, &setting, *customer)) {
            Ok(()) => {}
            Err(Error::Database(error)) if is_temporary(&error) => return Err(error.into()),
            // One customer must not keep the others from their day; it is looked at again tomorrow.
            Err(error) => {
                tracing::error!(%customer, %error, "the standing of a customer could not be brought up to date");
            }
        }
    }
    Ok(customers.last().copied())
}

/// Available funds and credit go to overdue invoices whatever the settings (customers.md §3.1). Then the rest is collected, if
/// there is something to collect, or the customer is judged.
fn one(tx: &mut Tx<'_>, session: &Session, setting: &CollectionSetting, customer: CustomerId) -> Result<(), Error> {
    store::customer::lock(tx, session.account.id, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    for invoice in overdue(tx, session, customer)? {
        if funds::spend(tx, session, invoice)?.is_zero() {
            break;
        }
    }
    if dunning::is_due(tx, session, setting, customer)? {
        // What can be collected tonight is no poor standing: the worker judges when it is done.
        return Ok(jobs::ensure(tx, session.account.id.0, DUNNING, customer.0, session.now)?);
    }
    judge(tx, session, setting, customer)
}

/// Judges a locked customer as of today, and suspends or cancels it when its time has come.
pub(crate) fn judge(
    tx: &mut Tx<'_>,
    session: &Session,
    setting: &CollectionSetting,
    customer: CustomerId,
) -> Result<(), Error> {
    refresh(tx, session, customer)?;
    let (account, today) = (session.account.id, session.account.zone.date_of(session.now));
    let own = store::customer::find_setting(tx, account, customer)?.unwrap_or_default();
    let Some(stored) = store::standing::find(tx, account, customer)? else { return Ok(()) };
    match stored.standing.due(today, setting.patience(&own)) {
        Some(change) => match status::change(tx, session, customer, change) {
            // Something of the customer is being collected; the next night asks again.
            Err(Error::Refused(refusal)) => {
                tracing::warn!(%customer, %refusal, "a customer stays as it is for another day");
                Ok(())
            }
            changed => changed,
        },
        None => Ok(()),
    }
}
