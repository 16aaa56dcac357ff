//! Credit notes with the reversals that they consist of.

use billing::id::AccountId;
use db::{Error, Row, Tx, values};
use money::Amount;

use super::unknown_part;

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
    tx.each(
        "SELECT id, 0, amount, 0, 0 FROM credit_note WHERE account_id = $1
         UNION ALL
         SELECT credit_note_id, 1, amount, discount, tax FROM reversal WHERE account_id = $1
         ORDER BY 1, 2",
        &values![account.0],
        |row| {
            visit(row.get(0)?, credit_note_row(row)?);
            Ok::<_, Error>(())
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
