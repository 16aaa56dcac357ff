//! Credit notes, the reversals that they consist of, and the taxes that went back with those.

use std::collections::HashMap;

use billing::{
    credit_note::{CreditNote, Reversal, ReversedTax},
    id::{AccountId, ChargeId, CreditNoteId, CustomerId, InvoiceId, ReversalId},
    listing::{Kind, Page, Slice},
};
use db::{Error, Row, Tx, values};
use money::Amount;

use crate::{
    listing::{Column, NO_NUMBER, Source, column, list as list_page, searched},
    row::{Columns, at, text_opt},
};

/// Stores a credit note with its reversals, and adds them to what was reversed of each charge.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, note: &CreditNote) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO credit_note (account_id, id, customer_id, invoice_id, credit_note_number, amount, reference, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![
            account.0,
            note.id.0,
            note.customer.0,
            note.invoice.0,
            note.number.as_str(),
            note.amount.millionths(),
            text_opt(note.reference.as_ref()),
            at(note.created_at)
        ],
    )?;
    let rows = note.reversals.iter().map(|reversal| {
        values![
            account.0,
            reversal.id.0,
            note.id.0,
            reversal.charge.0,
            reversal.amount.millionths(),
            reversal.discount.millionths(),
            reversal.tax.millionths()
        ]
    });
    tx.insert("reversal", &["account_id", "id", "credit_note_id", "charge_id", "amount", "discount", "tax"], rows)?;
    let taxes = note.reversals.iter().flat_map(|reversal| {
        let of = |part: &ReversedTax| values![account.0, reversal.id.0, part.tax, part.amount.millionths()];
        reversal.taxes.iter().map(of)
    });
    tx.insert("reversal_tax", &["account_id", "reversal_id", "charge_tax_id", "amount"], taxes)?;
    for reversal in &note.reversals {
        add_to_charge(tx, account, reversal)?;
    }
    Ok(())
}

fn add_to_charge(tx: &mut Tx<'_>, account: AccountId, reversal: &Reversal) -> Result<(), Error> {
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
    Ok(())
}

/// How many credit notes an invoice has.
pub fn count(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<i64, Error> {
    tx.scalar(
        "SELECT COUNT(*) FROM credit_note WHERE account_id = $1 AND invoice_id = $2",
        &values![account.0, invoice.0],
    )
}

/// What credit notes took back of the taxes of an invoice, by the id of the tax; those of which it is nothing are left out.
pub fn reversed_taxes(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<HashMap<i64, Amount>, Error> {
    let rows = tx.query(
        "SELECT t.charge_tax_id, CAST(SUM(t.amount) AS BIGINT)
         FROM credit_note n
         JOIN reversal r ON r.account_id = n.account_id AND r.credit_note_id = n.id
         JOIN reversal_tax t ON t.account_id = r.account_id AND t.reversal_id = r.id
         WHERE n.account_id = $1 AND n.invoice_id = $2 GROUP BY t.charge_tax_id",
        &values![account.0, invoice.0],
        |row| Ok((row.get(0)?, Amount::from_millionths(row.get(1)?))),
    )?;
    Ok(rows.into_iter().collect())
}

const SELECT: &str = "n.id, n.customer_id, n.invoice_id, n.credit_note_number, n.amount, n.reference, n.created_at";

/// One credit note with its reversals, in the order of their charges.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CreditNoteId) -> Result<Option<CreditNote>, Error> {
    let sql = format!("SELECT {SELECT} FROM credit_note n WHERE n.account_id = $1 AND n.id = $2");
    let Some(mut found) = tx.query_opt(&sql, &values![account.0, id.0], note)? else { return Ok(None) };
    found.reversals = reversals(tx, account, id)?;
    Ok(Some(found))
}

fn reversals(tx: &mut Tx<'_>, account: AccountId, note: CreditNoteId) -> Result<Vec<Reversal>, Error> {
    let mut reversals: Vec<Reversal> = Vec::new();
    tx.each(
        "SELECT r.id, r.charge_id, r.amount, r.discount, r.tax, t.charge_tax_id, COALESCE(t.amount, 0)
         FROM reversal r LEFT JOIN reversal_tax t ON t.account_id = r.account_id AND t.reversal_id = r.id
         WHERE r.account_id = $1 AND r.credit_note_id = $2 ORDER BY r.charge_id, t.charge_tax_id",
        &values![account.0, note.0],
        |row| {
            let mut columns = Columns::of(row);
            let reversal = Reversal {
                id: ReversalId(columns.next()?),
                charge: ChargeId(columns.next()?),
                amount: columns.amount()?,
                discount: columns.amount()?,
                tax: columns.amount()?,
                taxes: Vec::new(),
            };
            if reversals.last().is_none_or(|last| last.id != reversal.id) {
                reversals.push(reversal);
            }
            let tax: Option<i64> = columns.next()?;
            let amount = columns.amount()?;
            if let (Some(tax), Some(last)) = (tax, reversals.last_mut()) {
                last.taxes.push(ReversedTax { tax, amount });
            }
            Ok::<_, Error>(())
        },
    )?;
    Ok(reversals)
}

/// Names that credit notes can be filtered and sorted by (conventions.md §8).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "n.id"),
    column("invoiceId", Kind::Integer, "n.invoice_id"),
    searched("Number", Kind::Text, "n.credit_note_number"),
    column("Invoice.CustomerId", Kind::Integer, "i.customer_id"),
    searched("Invoice.InvoiceNumber", Kind::Integer, "i.invoice_number"),
    column("Invoice.PostedTimestamp", Kind::Instant, "i.posted_at"),
    column("Invoice.QuickBooksId", Kind::Integer, NO_NUMBER),
];

/// A page of credit notes, without their reversals.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<CreditNote>, Error> {
    let source = Source {
        select: SELECT,
        from: "credit_note n JOIN invoice i ON i.account_id = n.account_id AND i.id = n.invoice_id",
        scope: "n.account_id = $1",
        id: "n.id",
        columns: LIST_COLUMNS,
    };
    list_page(tx, &source, &values![account.0], page, note)
}

/// A credit note, from the columns of [`SELECT`].
fn note(row: &Row<'_>) -> Result<CreditNote, Error> {
    let mut columns = Columns::of(row);
    Ok(CreditNote {
        id: CreditNoteId(columns.next()?),
        customer: CustomerId(columns.next()?),
        invoice: InvoiceId(columns.next()?),
        number: columns.next()?,
        amount: columns.amount()?,
        reference: columns.next()?,
        created_at: columns.instant()?,
        reversals: Vec::new(),
    })
}
