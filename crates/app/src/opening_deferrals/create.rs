//! Record what a customer had been charged for elsewhere and is not yet earned.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::OpeningDeferralId,
    opening_deferral::{DAYS_MAX, OpeningDeferral, OpeningDeferralOrder},
    problem::Problems,
};
use calendar::{Date, add_days};
use db::Tx;
use ledger::Transaction;
use money::{Amount, Currency};
use store::terms;

use super::{earn, find};
use crate::{Error, allocations::check_amount, books::Books, earning};

/// Records an opening deferral and earns what falls on today. Days that have passed are not earned again: the amount is what
/// is left for the days from today on.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &OpeningDeferralOrder) -> Result<OpeningDeferral, Error> {
    let mut books = Books::open(tx, session, order.customer)?;
    books.customer().status.may_have_opening_balance()?;
    let (account, now, currency) = (session.account.id, session.now, books.customer().currency);
    let today = session.account.zone.date_of(now);
    check(order, currency, today)?;
    if let Some(product) = order.product {
        store::product::share(tx, account, product)?.ok_or(Error::not_found("Product", product.0))?;
        store::product::mark_used(tx, account, product)?;
    }
    let starts_on = order.starts_on.map_or(today, |on| on.max(today));
    let mut deferral = OpeningDeferral {
        id: OpeningDeferralId(tx.next_id()?),
        customer: order.customer,
        product: order.product,
        amount: order.amount,
        currency,
        starts_on,
        ends_on: order.ends_on,
        earned: Amount::ZERO,
        next_due_on: Some(starts_on),
        reversed: None,
        reference: order.reference.clone(),
        description: order.description.clone(),
        effective_at: now,
    };
    let opened = Transaction::opening_deferral(now, currency, deferral.amount)?.on(terms::of_deferral(&deferral));
    books.post_of_deferral(deferral.id, deferral.id.0, opened)?;
    earn::post_some_due(tx, session, &mut books, &mut deferral, today, usize::MAX)?;
    books.close(tx)?;
    store::opening_deferral::insert(tx, account, &deferral, now)?;
    earning::ensure_round(tx, session)?;
    let event_type = EventType::OpeningDeferralCreated;
    let event = Event { event_type, customer: Some(order.customer), subject_id: deferral.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    find::run(tx, session, deferral.id)
}

/// Finds everything that is wrong with an order.
fn check(order: &OpeningDeferralOrder, currency: Currency, today: Date) -> Result<(), Error> {
    let mut problems = Problems::new();
    check_amount(&mut problems, "Amount", currency, order.amount);
    if order.ends_on < today {
        problems.push("EndDate", "EndDate must not be in the past: what ended before today is earned.");
    } else if order.ends_on > add_days(today, DAYS_MAX) {
        problems.push("EndDate", "EndDate must be within a century.");
    }
    if order.starts_on.is_some_and(|starts_on| starts_on > order.ends_on) {
        problems.push("StartDate", "StartDate must not be after EndDate.");
    }
    problems.into_result().map_err(Error::Invalid)
}
