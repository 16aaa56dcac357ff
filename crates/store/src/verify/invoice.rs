//! Invoices with all that their totals are made of.

use billing::{
    id::{AccountId, InvoiceId},
    invoice::Totals,
};
use db::{Error, Row, Tx, values};
use money::Amount;

use super::unknown_part;
use crate::row::Columns;

/// What an invoice says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTotals {
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
}

/// One of the rows of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceRow {
    /// The invoice.
    Invoice(StoredTotals),
    /// A charge.
    Charge(Amount),
    /// An instalment.
    Schedule {
        /// What it is for.
        amount: Amount,
        /// What it still owes.
        outstanding: Amount,
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
}

/// Visits the invoices of an account in order of id, each among what belongs to it.
pub fn each_invoice_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(InvoiceId, InvoiceRow),
) -> Result<(), Error> {
    tx.each(
        "SELECT id, 0, subtotal, outstanding, discount, tax, payments, credits, credit_notes, write_offs, opening_balance,
             closing_balance, CASE WHEN paid_at IS NULL THEN 0 ELSE 1 END
         FROM invoice WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 1, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM charge WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 2, amount, outstanding, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM payment_schedule WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 3, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM payment_allocation WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 4, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM write_off WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 5, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM credit_note WHERE account_id = $1
         UNION ALL
         SELECT invoice_id, 6, amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM charge_tax WHERE account_id = $1
         UNION ALL
         SELECT c.invoice_id, 7, d.amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
         FROM charge_discount d JOIN charge c ON c.account_id = d.account_id AND c.id = d.charge_id
         WHERE d.account_id = $1
         ORDER BY 1",
        &values![account.0],
        |row| {
            visit(InvoiceId(row.get(0)?), invoice_row(row)?);
            Ok::<_, Error>(())
        },
    )
}

fn invoice_row(row: &Row<'_>) -> Result<InvoiceRow, Error> {
    let amount = Amount::from_millionths(row.get(2)?);
    Ok(match row.get(1)? {
        0 => InvoiceRow::Invoice(stored_totals(row)?),
        1 => InvoiceRow::Charge(amount),
        2 => InvoiceRow::Schedule { amount, outstanding: Amount::from_millionths(row.get(3)?) },
        3 => InvoiceRow::Allocation(amount),
        4 => InvoiceRow::WriteOff(amount),
        5 => InvoiceRow::CreditNote(amount),
        6 => InvoiceRow::Tax(amount),
        7 => InvoiceRow::Discount(amount),
        part => return Err(unknown_part(part)),
    })
}

fn stored_totals(row: &Row<'_>) -> Result<StoredTotals, Error> {
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
    Ok(StoredTotals {
        totals,
        outstanding,
        opening_balance: columns.amount()?,
        closing_balance: columns.amount()?,
        is_paid: columns.next::<i64>()? == 1,
    })
}

/// Visits the invoices of an account by number.
pub fn each_invoice_number(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(InvoiceId, i64),
) -> Result<(), Error> {
    tx.each(
        "SELECT id, invoice_number FROM invoice WHERE account_id = $1 ORDER BY invoice_number",
        &values![account.0],
        |row| {
            visit(InvoiceId(row.get(0)?), row.get(1)?);
            Ok::<_, Error>(())
        },
    )
}

/// The number that the next invoice will take; none when the series is missing.
pub fn next_invoice_number(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<i64>, Error> {
    let sql = "SELECT next FROM number_series WHERE account_id = $1 AND series = 'invoice'";
    tx.query_opt(sql, &values![account.0], |row| row.get(0))
}
