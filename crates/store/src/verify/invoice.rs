//! Invoices with all that their totals are made of.

use billing::{
    id::{AccountId, InvoiceId},
    invoice::Totals,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

use super::{each, unknown_part};
use crate::row::Columns;

/// What an invoice says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredInvoice {
    /// What it is made of.
    pub totals: Totals,
    /// What it is said to owe.
    pub outstanding: Amount,
    /// What the customer owed before it.
    pub opening_balance: Amount,
    /// What the customer owed with it.
    pub closing_balance: Amount,
    /// Whether it has a time of payment.
    pub is_paid: bool,
    /// When it was posted.
    pub posted_at: Instant,
}

/// Names of an invoice as they lie in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredNames<'r> {
    /// Its term.
    pub term: &'r str,
    /// Code of its currency.
    pub currency: &'r str,
    /// Code of its customer's currency; empty when there is no such customer.
    pub customer_currency: &'r str,
}

/// One of the rows of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceRow<'r> {
    /// The invoice.
    Invoice(StoredInvoice, StoredNames<'r>),
    /// A charge, and when it took effect.
    Charge(Amount, Instant),
    /// An instalment.
    Schedule {
        /// What it is for.
        amount: Amount,
        /// What it still owes.
        outstanding: Amount,
        /// When it falls due.
        due_at: Instant,
        /// How many days after the invoice.
        days_due_after_term: i64,
    },
    /// A part of a payment.
    Allocation(Amount),
    /// A write-off.
    WriteOff(Amount),
    /// A credit note.
    CreditNote(Amount),
    /// A tax on a charge.
    Tax(Amount),
    /// A discount on a charge.
    Discount(Amount),
    /// A part of a credit.
    Credit(Amount),
    /// What the customer owed before, and since when.
    Opening(Amount, Instant),
    /// A part of a deposit.
    Deposit(Amount),
}

/// Visits the invoices of an account in order of id, each among what belongs to it.
pub fn each_invoice_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(InvoiceId, InvoiceRow<'_>),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT i.id, 0, i.subtotal, i.outstanding, i.discount, i.tax, i.payments, i.credits, i.credit_notes, i.write_offs,
             i.opening_balance, i.closing_balance, CASE WHEN i.paid_at IS NULL THEN 0 ELSE 1 END, i.posted_at, i.term,
             i.currency, COALESCE(u.currency, '')
         FROM invoice i LEFT JOIN customer u ON u.account_id = i.account_id AND u.id = i.customer_id
         WHERE i.account_id = $1
         UNION ALL
         SELECT invoice_id, 1, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, effective_at, '', '', '' FROM charge
         WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 2, amount, outstanding, days_due_after_term, 0, 0, 0, 0, 0, 0, 0, 0, due_at, '', '', ''
         FROM payment_schedule WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 3, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM payment_allocation
         WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 4, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM write_off
         WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 5, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM credit_note
         WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 6, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM charge_tax
         WHERE account_id = $1
         UNION ALL
         SELECT c.invoice_id, 7, d.amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', ''
         FROM charge_discount d JOIN charge c ON c.account_id = d.account_id AND c.id = d.charge_id
         WHERE d.account_id = $1
         UNION ALL
         SELECT invoice_id, 8, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM credit_allocation
         WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 9, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, effective_at, '', '', '' FROM opening_balance
         WHERE account_id = $1 AND invoice_id IS NOT NULL
         UNION ALL
         SELECT invoice_id, 10, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', '', '' FROM deposit_allocation
         WHERE account_id = $1
         ORDER BY 1",
        &values![account.0],
        |row| {
            visit(InvoiceId(row.get(0)?), invoice_row(row)?);
            Ok(())
        },
    )
}

fn invoice_row<'r>(row: &'r Row<'_>) -> Result<InvoiceRow<'r>, Error> {
    let amount = Amount::from_millionths(row.get(2)?);
    Ok(match row.get(1)? {
        0 => InvoiceRow::Invoice(stored_invoice(row)?, stored_names(row)?),
        1 => InvoiceRow::Charge(amount, Columns::at(row, 13).instant()?),
        2 => InvoiceRow::Schedule {
            amount,
            outstanding: Amount::from_millionths(row.get(3)?),
            due_at: Columns::at(row, 13).instant()?,
            days_due_after_term: row.get(4)?,
        },
        3 => InvoiceRow::Allocation(amount),
        4 => InvoiceRow::WriteOff(amount),
        5 => InvoiceRow::CreditNote(amount),
        6 => InvoiceRow::Tax(amount),
        7 => InvoiceRow::Discount(amount),
        8 => InvoiceRow::Credit(amount),
        9 => InvoiceRow::Opening(amount, Columns::at(row, 13).instant()?),
        10 => InvoiceRow::Deposit(amount),
        part => return Err(unknown_part(part)),
    })
}

fn stored_invoice(row: &Row<'_>) -> Result<StoredInvoice, Error> {
    let mut columns = Columns::at(row, 2);
    let (subtotal, outstanding) = (columns.amount()?, columns.amount()?);
    let totals = Totals {
        subtotal,
        discount: columns.amount()?,
        tax: columns.amount()?,
        payments: columns.amount()?,
        credits: columns.amount()?,
        credit_notes: columns.amount()?,
        write_offs: columns.amount()?,
    };
    Ok(StoredInvoice {
        totals,
        outstanding,
        opening_balance: columns.amount()?,
        closing_balance: columns.amount()?,
        is_paid: columns.next::<i64>()? == 1,
        posted_at: columns.instant()?,
    })
}

fn stored_names<'r>(row: &'r Row<'_>) -> Result<StoredNames<'r>, Error> {
    Ok(StoredNames { term: row.text(14)?, currency: row.text(15)?, customer_currency: row.text(16)? })
}

/// Visits the invoices of an account by number.
pub fn each_invoice_number(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(InvoiceId, i64),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT id, invoice_number FROM invoice WHERE account_id = $1 ORDER BY invoice_number",
        &values![account.0],
        |row| {
            visit(InvoiceId(row.get(0)?), row.get(1)?);
            Ok(())
        },
    )
}

/// The number that the next invoice will take; none when the series is missing.
pub fn next_invoice_number(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<i64>, Error> {
    let sql = "SELECT next FROM number_series WHERE account_id = $1 AND series = 'invoice'";
    tx.query_opt(sql, &values![account.0], |row| row.get(0))
}
