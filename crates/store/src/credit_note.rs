//! Credit notes and the reversals that they consist of.

use billing::id::{AccountId, ChargeId, CustomerId, InvoiceId};
use calendar::Instant;
use db::{Error, Tx, values};
use money::Amount;

use crate::row::{at, text_opt};

/// What took back charges of one invoice in one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// The number shown, such as `360-CR-02`.
    pub number: String,
    /// Net of discounts, with taxes.
    pub amount: Amount,
    /// As the caller gave it.
    pub reference: Option<String>,
}

/// What was taken back of one charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversal {
    /// Its id, which is also the ledger transaction's of the gross part.
    pub id: i64,
    /// The charge.
    pub charge: ChargeId,
    /// Gross.
    pub amount: Amount,
    /// Discounts on that.
    pub discount: Amount,
    /// Taxes on that.
    pub tax: Amount,
}

/// Stores a credit note and its reversals, and adds them to what was reversed of each charge.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    note: &CreditNote,
    reversals: &[Reversal],
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO credit_note (account_id, id, customer_id, invoice_id, credit_note_number, amount, reference, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![
            account.0,
            note.id,
            note.customer.0,
            note.invoice.0,
            note.number.as_str(),
            note.amount.millionths(),
            text_opt(note.reference.as_ref()),
            at(now)
        ],
    )?;
    let rows = reversals.iter().map(|reversal| {
        values![
            account.0,
            reversal.id,
            note.id,
            reversal.charge.0,
            reversal.amount.millionths(),
            reversal.discount.millionths(),
            reversal.tax.millionths()
        ]
    });
    let columns = &["account_id", "id", "credit_note_id", "charge_id", "amount", "discount", "tax"];
    tx.insert("reversal", columns, rows)?;
    for reversal in reversals {
        tx.execute(
            "UPDATE charge SET reversed = reversed + $3, reversed_discount = reversed_discount + $4,
                 reversed_tax = reversed_tax + $5
             WHERE account_id = $1 AND id = $2",
            &values![
                account.0,
                reversal.charge.0,
                reversal.amount.millionths(),
                reversal.discount.millionths(),
                reversal.tax.millionths()
            ],
        )?;
    }
    Ok(())
}

/// How many credit notes an invoice has.
pub fn count(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<i64, Error> {
    tx.scalar(
        "SELECT COUNT(*) FROM credit_note WHERE account_id = $1 AND invoice_id = $2",
        &values![account.0, invoice.0],
    )
}
