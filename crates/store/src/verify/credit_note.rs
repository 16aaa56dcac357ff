//! Credit notes with the reversals that they consist of, and reversals with their taxes.

use billing::id::{AccountId, ChargeId, InvoiceId};
use db::{Error, Row, Tx, values};
use money::Amount;

use super::{each, unknown_part};

/// One of the rows of a credit note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditNoteRow {
    /// The amount of the credit note, before its reversals.
    Amount(Amount),
    /// A reversal: gross, discounts, taxes.
    Reversal(Amount, Amount, Amount),
}

/// Visits the credit notes of an account in order of id, each followed by its reversals.
pub fn each_credit_note_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(i64, CreditNoteRow),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT id, 0, amount, 0, 0 FROM credit_note WHERE account_id = $1
         UNION ALL
         SELECT credit_note_id, 1, amount, discount, tax FROM reversal WHERE account_id = $1
         ORDER BY 1, 2",
        &values![account.0],
        |row| {
            visit(row.get(0)?, credit_note_row(row)?);
            Ok(())
        },
    )
}

fn credit_note_row(row: &Row<'_>) -> Result<CreditNoteRow, Error> {
    let amount_at = |index| row.get(index).map(Amount::from_millionths);
    Ok(match row.get(1)? {
        0 => CreditNoteRow::Amount(amount_at(2)?),
        1 => CreditNoteRow::Reversal(amount_at(2)?, amount_at(3)?, amount_at(4)?),
        part => return Err(unknown_part(part)),
    })
}

/// A credit note as it is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberedNote<'r> {
    /// Its id.
    pub id: i64,
    /// Its invoice.
    pub invoice: InvoiceId,
    /// The number of that; `None` when there is no such invoice.
    pub invoice_number: Option<i64>,
    /// Its own.
    pub number: &'r str,
}

/// Visits the credit notes of an account by invoice, and those of an invoice by number.
pub fn each_credit_note_number(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(NumberedNote<'_>),
) -> Result<(), Error> {
    each(
        tx,
        r#"SELECT n.id, n.invoice_id, i.invoice_number, n.credit_note_number
         FROM credit_note n LEFT JOIN invoice i ON i.account_id = n.account_id AND i.id = n.invoice_id
         WHERE n.account_id = $1
         ORDER BY n.invoice_id, LENGTH(n.credit_note_number), n.credit_note_number COLLATE "C""#,
        &values![account.0],
        |row| {
            let (invoice, invoice_number) = (InvoiceId(row.get(1)?), row.get(2)?);
            visit(NumberedNote { id: row.get(0)?, invoice, invoice_number, number: row.text(3)? });
            Ok(())
        },
    )
}

/// One of the rows of a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReversalRow {
    /// The tax and the charge of the reversal, before its parts.
    Whole(Amount, ChargeId),
    /// A part of the tax, and the charge of the tax that it is a part of; `None` when there is no such tax.
    Part(Amount, Option<ChargeId>),
}

/// Visits the reversals of an account in order of id, each followed by the parts of its tax.
pub fn each_reversal_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(i64, ReversalRow),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT id, 0, tax, charge_id FROM reversal WHERE account_id = $1
         UNION ALL
         SELECT t.reversal_id, 1, t.amount, x.charge_id FROM reversal_tax t
         LEFT JOIN charge_tax x ON x.account_id = t.account_id AND x.id = t.charge_tax_id
         WHERE t.account_id = $1
         ORDER BY 1, 2",
        &values![account.0],
        |row| {
            let amount = Amount::from_millionths(row.get(2)?);
            visit(
                row.get(0)?,
                match row.get(1)? {
                    0 => ReversalRow::Whole(amount, ChargeId(row.get(3)?)),
                    1 => ReversalRow::Part(amount, row.get::<Option<i64>>(3)?.map(ChargeId)),
                    part => return Err(unknown_part(part)),
                },
            );
            Ok(())
        },
    )
}
