//! What is read beside the rows of invoices: instalments, taxes, addresses and charges.

use std::collections::HashMap;

use billing::{
    id::{AccountId, InvoiceId},
    invoice::{Invoice, PaymentSchedule, Revision},
};
use db::{Error, Tx};

use crate::{address, charge, many::each_of, opening_balance, row::Columns, tax};

/// The instalments of an invoice, in order of their ids.
pub fn schedules(tx: &mut Tx<'_>, account: AccountId, id: InvoiceId) -> Result<Vec<PaymentSchedule>, Error> {
    let mut schedules = Vec::new();
    each_schedule(tx, account, &[id.0], |_, schedule| schedules.push(schedule))?;
    Ok(schedules)
}

/// Visits the instalments of invoices, each invoice's in order of their ids.
pub(super) fn each_schedule(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[i64],
    mut visit: impl FnMut(InvoiceId, PaymentSchedule),
) -> Result<(), Error> {
    each_of(tx, account, invoices, SCHEDULES, |invoice, columns| {
        visit(InvoiceId(invoice), schedule(columns)?);
        Ok(())
    })
}

const SCHEDULES: &str = "SELECT invoice_id, id, due_at, amount, outstanding, days_due_after_term FROM payment_schedule
    WHERE account_id = $1 AND invoice_id IN ({owners}) ORDER BY id";

const REVISIONS: &str = "SELECT invoice_id, id, po_number, notes, created_at FROM invoice_revision
    WHERE account_id = $1 AND invoice_id IN ({owners}) ORDER BY id";

/// An instalment, from the columns of [`SCHEDULES`] after the invoice.
fn schedule(columns: &mut Columns<'_, '_>) -> Result<PaymentSchedule, Error> {
    Ok(PaymentSchedule {
        id: columns.next()?,
        due_at: columns.instant()?,
        amount: columns.amount()?,
        outstanding: columns.amount()?,
        days_due_after_term: columns.next()?,
    })
}

/// Reads what every view of an invoice shows beside its row.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, invoices: &mut [Invoice]) -> Result<(), Error> {
    fill_schedules(tx, account, invoices)?;
    let all = ids(invoices.iter());
    let with_tax = ids(invoices.iter().filter(|invoice| !invoice.totals.tax.is_zero()));
    let mut by_id: HashMap<_, _> = invoices.iter_mut().map(|invoice| (invoice.id.0, invoice)).collect();
    each_of(tx, account, &all, REVISIONS, |id, columns| {
        let revision = Revision {
            id: columns.next()?,
            po_number: columns.next()?,
            notes: columns.next()?,
            at: columns.instant()?,
        };
        by_id.entry(id).and_modify(|invoice| invoice.revisions.push(revision));
        Ok(())
    })?;
    let mut addresses = address::list_of_invoices(tx, account, &all)?;
    let mut taxes = tax::list_of(tx, account, &with_tax)?;
    for invoice in by_id.into_values() {
        invoice.addresses = addresses.remove(&invoice.id);
        invoice.taxes = taxes.remove(&invoice.id).unwrap_or_default();
    }
    Ok(())
}

/// Reads the instalments.
pub(super) fn fill_schedules(tx: &mut Tx<'_>, account: AccountId, invoices: &mut [Invoice]) -> Result<(), Error> {
    let all = ids(invoices.iter());
    let mut by_id: HashMap<_, _> = invoices.iter_mut().map(|invoice| (invoice.id.0, invoice)).collect();
    each_schedule(tx, account, &all, |invoice, schedule| {
        by_id.entry(invoice.0).and_modify(|invoice| invoice.schedules.push(schedule));
    })
}

/// Reads the charges, and what was owed before.
pub(super) fn fill_charges(tx: &mut Tx<'_>, account: AccountId, invoices: &mut [Invoice]) -> Result<(), Error> {
    let mut charges = charge::list(tx, account, &ids(invoices.iter()))?;
    // Whatever an invoice asks for beside charges was owed before.
    let without_charges = ids(invoices.iter().filter(|invoice| !charges.contains_key(&invoice.id)));
    let mut owed = HashMap::new();
    opening_balance::each_of_invoices(tx, account, &without_charges, |opening| {
        owed.insert(opening.invoice, opening);
    })?;
    for invoice in invoices {
        invoice.charges = charges.remove(&invoice.id).unwrap_or_default();
        invoice.owed_before = owed.remove(&Some(invoice.id));
    }
    Ok(())
}

fn ids<'i>(invoices: impl Iterator<Item = &'i Invoice>) -> Vec<i64> {
    invoices.map(|invoice| invoice.id.0).collect()
}
