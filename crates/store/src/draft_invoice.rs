//! Draft invoices, their charges and instalments.

mod charges;
mod list;

use billing::{
    draft_invoice::{DraftInvoice, DraftTerms, Instalment},
    id::{AccountId, CustomerId, DraftInvoiceId, PaymentActivityId, PurchaseId},
    named::Named,
};
use db::{Error, Row, Tx, values};

pub use self::list::{LIST_COLUMNS, list, list_of_customer};
use crate::row::{Columns, at, day_opt, name_opt, text_opt};

/// Stores a new draft.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    let terms = &draft.terms;
    let row = values![
        account.0,
        draft.id.0,
        draft.customer.0,
        draft.status.name(),
        name_opt(terms.term),
        text_opt(terms.po_number.as_ref()),
        text_opt(terms.notes.as_ref()),
        day_opt(terms.reference_date),
        at(draft.created_at),
        at(draft.modified_at)
    ];
    tx.insert("draft_invoice", COLUMNS, [row])?;
    insert_parts(tx, account, draft)
}

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "customer_id",
    "status",
    "term",
    "po_number",
    "notes",
    "reference_date",
    "created_at",
    "modified_at",
];

/// Stores a draft in place of what was stored of it.
pub fn update(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    let terms = &draft.terms;
    tx.execute(
        "UPDATE draft_invoice SET status = $3, term = $4, po_number = $5, notes = $6, reference_date = $7, modified_at = $8
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            draft.id.0,
            draft.status.name(),
            name_opt(terms.term),
            text_opt(terms.po_number.as_ref()),
            text_opt(terms.notes.as_ref()),
            day_opt(terms.reference_date),
            at(draft.modified_at)
        ],
    )?;
    charges::delete(tx, account, draft.id)?;
    tx.execute(
        "DELETE FROM draft_schedule WHERE account_id = $1 AND draft_invoice_id = $2",
        &values![account.0, draft.id.0],
    )?;
    insert_parts(tx, account, draft)
}

fn insert_parts(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    charges::insert(tx, account, draft)?;
    let instalments = draft.instalments.iter().map(|Instalment { id, amount, days_due_after_term }| {
        values![account.0, draft.id.0, *id, amount.millionths(), *days_due_after_term]
    });
    let columns = &["account_id", "draft_invoice_id", "id", "amount", "days_due_after_term"];
    tx.insert("draft_schedule", columns, instalments)
}

/// Whose a draft is.
pub fn find_customer(tx: &mut Tx<'_>, account: AccountId, id: DraftInvoiceId) -> Result<Option<CustomerId>, Error> {
    tx.query_opt(
        "SELECT customer_id FROM draft_invoice WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| row.get(0).map(CustomerId),
    )
}

/// The draft on which the charge of a purchase waits.
pub fn find_of_purchase(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
) -> Result<Option<DraftInvoiceId>, Error> {
    tx.query_opt(
        "SELECT draft_invoice_id FROM draft_charge WHERE account_id = $1 AND purchase_id = $2",
        &values![account.0, purchase.0],
        |row| row.get(0).map(DraftInvoiceId),
    )
}

/// The drafts of a customer that may be posted, oldest first.
pub fn list_ready(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<DraftInvoiceId>, Error> {
    tx.query(
        "SELECT id FROM draft_invoice d
         WHERE d.account_id = $1 AND d.customer_id = $2 AND d.status = 'Ready' AND EXISTS (
             SELECT 1 FROM draft_charge c WHERE c.account_id = d.account_id AND c.draft_invoice_id = d.id)
         ORDER BY d.id",
        &values![account.0, customer.0],
        |row| row.get(0).map(DraftInvoiceId),
    )
}

/// One draft in whatever status, with its charges and instalments.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: DraftInvoiceId) -> Result<Option<DraftInvoice>, Error> {
    let sql = "SELECT id, customer_id, status, term, po_number, notes, reference_date, created_at, modified_at,
             reserved_by
         FROM draft_invoice WHERE account_id = $1 AND id = $2";
    let Some(mut draft) = tx.query_opt(sql, &values![account.0, id.0], draft)? else { return Ok(None) };
    draft.charges = charges::list(tx, account, id)?;
    draft.instalments = tx.query(
        "SELECT id, amount, days_due_after_term FROM draft_schedule
         WHERE account_id = $1 AND draft_invoice_id = $2 ORDER BY id",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Instalment { id: columns.next()?, amount: columns.amount()?, days_due_after_term: columns.next()? })
        },
    )?;
    Ok(Some(draft))
}

fn draft(row: &Row<'_>) -> Result<DraftInvoice, Error> {
    let mut columns = Columns::of(row);
    Ok(DraftInvoice {
        id: DraftInvoiceId(columns.next()?),
        customer: CustomerId(columns.next()?),
        status: columns.named()?,
        terms: DraftTerms {
            term: columns.named_opt()?,
            po_number: columns.next()?,
            notes: columns.next()?,
            reference_date: columns.date_opt()?,
        },
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
        reserved_by: columns.next::<Option<i64>>()?.map(PaymentActivityId),
        charges: Vec::new(),
        instalments: Vec::new(),
    })
}
