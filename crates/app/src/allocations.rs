//! What commands share that give money or goodwill to invoices, or take it back from them.

use std::collections::HashSet;

use billing::{
    account::Session,
    allocation::Left,
    id::CustomerId,
    payment::{AllocateOrder, Allocation, InvoiceAllocation, OpenInvoice},
    problem::Problems,
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use money::{Amount, Currency};

use crate::Error;

/// Refuses amounts that have more decimals than the currency, each under its own name; `list` is that of the allocations.
pub(crate) fn check_decimals(
    currency: Currency,
    amount: Amount,
    list: &str,
    allocations: &[Allocation],
) -> Result<(), Error> {
    let mut problems = Problems::new();
    check_amount(&mut problems, "Amount", currency, amount);
    for (index, allocation) in allocations.iter().enumerate() {
        problems.item(list, index, |problems| check_amount(problems, "Amount", currency, allocation.amount));
    }
    problems.into_result().map_err(Error::Invalid)
}

/// As [`check_decimals`], of the member with this name.
pub(crate) fn check_amount(problems: &mut Problems, name: &str, currency: Currency, amount: Amount) {
    if !amount.is_whole(currency) {
        problems.push(name, format!("The amount has more decimals than {} has.", currency.code()));
    }
}

/// Dates before it were never set: programs begin to count at the year 1, or are mistaken by a century.
const EARLIEST_MILLIS: i64 = 0;

/// When a fact counts: now, unless the caller names another time, which is not of a day to come in the account's time zone.
/// History may be taken over, so that it may be long before the customer was created here.
pub(crate) fn effective_at(session: &Session, asked: Option<Instant>) -> Result<Instant, Error> {
    let (zone, at) = (&session.account.zone, asked.unwrap_or(session.now));
    if zone.date_of(at) > zone.date_of(session.now) {
        return Err(Error::invalid("EffectiveTimestamp", "The date must not be in the future."));
    }
    if at.millis() < EARLIEST_MILLIS {
        return Err(Error::invalid("EffectiveTimestamp", "The date must not be before 1970."));
    }
    Ok(at)
}

/// What the invoices owe that the allocations name; they are all of the locked customer, or not found.
pub(crate) fn open_invoices(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    allocations: &[Allocation],
) -> Result<Vec<OpenInvoice>, Error> {
    let mut seen = HashSet::with_capacity(allocations.len());
    let named: Vec<_> = allocations.iter().map(|part| part.invoice).filter(|invoice| seen.insert(*invoice)).collect();
    let mut found = store::invoice::find_each_open(tx, session.account.id, customer, &named)?;
    named.into_iter().map(|id| found.remove(&id).ok_or(Error::not_found("Invoice", id.0))).collect()
}

/// The invoices that may be given to: those that the allocations name and, for automatic allocation, all that owe.
pub(crate) fn candidates(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    allocations: &[Allocation],
    auto_allocate: Option<AllocateOrder>,
) -> Result<Vec<OpenInvoice>, Error> {
    let mut open = match auto_allocate {
        Some(_) => store::invoice::list_open(tx, session.account.id, customer)?,
        None => Vec::new(),
    };
    let owing: HashSet<_> = open.iter().map(|invoice| invoice.id).collect();
    let named = open_invoices(tx, session, customer, allocations)?;
    open.extend(named.into_iter().filter(|invoice| !owing.contains(&invoice.id)));
    Ok(open)
}

/// What of `amount` comes from the part that no invoice has; when that has not enough, the answer names `list`, the member
/// that says what invoices give back.
pub(crate) fn take(left: &Left, amount: Amount, list: &str, allocations: &[Allocation]) -> Result<Amount, Error> {
    left.take(amount, allocations).map_err(|refusal| match refusal {
        short @ Refusal::BeyondUnallocated { .. } => Error::invalid(list, short.to_string()),
        other => other.into(),
    })
}

/// What of a payment or a credit can be taken back.
pub(crate) fn left_of(amount: Amount, unallocated: Amount, given: &[InvoiceAllocation]) -> Left {
    let allocations = given.iter().map(|part| Allocation { invoice: part.invoice, amount: part.amount });
    Left { amount, unallocated, allocations: allocations.collect() }
}
