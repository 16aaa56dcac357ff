//! The one way to take from what an invoice owes and to give back to it: invoice, instalments and the standing of the
//! customer move together. Write-offs of many invoices have a way of their own.

use billing::{account::Session, allocation, customer::AccountStatus, id::InvoiceId, invoice};
use db::Tx;
use money::Amount;
use store::invoice::Taken;

use crate::{Error, standing};

/// What takes from an invoice's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settlement {
    /// Money received, now or before the customer was billed here.
    Payment(Amount),
    /// Goodwill.
    Credit(Amount),
    /// Charges taken back.
    CreditNote(Amount),
}

/// What gives back to an invoice's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reopening {
    /// Money that is on the invoice no longer.
    Payment(Amount),
    /// Goodwill that is on the invoice no longer.
    Credit(Amount),
}

/// Takes from what an invoice of a locked customer owes; its instalments are filled in the order in which they fall due.
/// It owes as much.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    settlement: Settlement,
) -> Result<(), Error> {
    let none = Taken::default();
    let (taken, amount) = match settlement {
        Settlement::Payment(amount) => (Taken { payments: amount, ..none }, amount),
        Settlement::Credit(amount) => (Taken { credits: amount, ..none }, amount),
        Settlement::CreditNote(amount) => (Taken { credit_notes: amount, ..none }, amount),
    };
    let account = session.account.id;
    let owner = store::invoice::change(tx, account, invoice, taken, session.now)?;
    let schedules = store::invoice::schedules(tx, account, invoice)?;
    set_schedules(tx, session, invoice, &invoice::settle(&schedules, amount)?)?;
    match owner {
        Some((customer, AccountStatus::PoorStanding)) => standing::refresh(tx, session, customer),
        Some((_, AccountStatus::Good | AccountStatus::Collection)) | None => Ok(()),
    }
}

/// Gives back to what an invoice of a locked customer owes; its instalments are emptied from the one that was filled last.
/// As much was taken.
pub(crate) fn reopen(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    reopening: Reopening,
) -> Result<(), Error> {
    let none = Taken::default();
    let (taken, amount) = match reopening {
        Reopening::Payment(amount) => (Taken { payments: amount.negated(), ..none }, amount),
        Reopening::Credit(amount) => (Taken { credits: amount.negated(), ..none }, amount),
    };
    let account = session.account.id;
    let owner = store::invoice::change(tx, account, invoice, taken, session.now)?;
    let schedules = store::invoice::schedules(tx, account, invoice)?;
    set_schedules(tx, session, invoice, &invoice::reopen(&schedules, amount)?)?;
    owner.map_or(Ok(()), |(customer, _)| standing::refresh(tx, session, customer))
}

/// Makes what an invoice was given of payments, credits and deposits available again, the latest first, until it owes `net` again,
/// and not only the amount that it does. What was written off stays so, and what of it would have to come back is refused.
pub(crate) fn free(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    net: Amount,
    outstanding: Amount,
) -> Result<(), Error> {
    let account = session.account.id;
    let allocated = store::allocation::list_of_invoice(tx, account, invoice)?;
    for freed in allocation::free(invoice, &allocated, net, outstanding)? {
        let id = tx.next_id()?;
        store::allocation::free(tx, account, id, invoice, freed, session.now)?;
        let reopening = match freed.source {
            allocation::Source::Payment(_) | allocation::Source::Deposit(_) => Reopening::Payment(freed.amount),
            allocation::Source::Credit(_) => Reopening::Credit(freed.amount),
        };
        reopen(tx, session, invoice, reopening)?;
    }
    Ok(())
}

fn set_schedules(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    changes: &[(i64, Amount)],
) -> Result<(), Error> {
    let changes = changes.iter().map(|(schedule, outstanding)| (invoice, *schedule, *outstanding));
    Ok(store::invoice::set_outstanding_of_schedules(tx, session.account.id, changes)?)
}
