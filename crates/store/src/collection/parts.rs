//! What attempts are for: invoices, purchases and drafts, and the reservation of the latter two.

use billing::{
    collection::{Collection, Plan},
    id::{AccountId, DraftInvoiceId, InvoiceId, PaymentActivityId, PurchaseId},
    payment::Allocation,
};
use db::{Error, Tx, values};

use crate::row::Columns;

/// Stores what a new attempt is for.
pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, collection: &Collection) -> Result<(), Error> {
    let (id, plan) = (collection.activity, &collection.plan);
    insert_invoices(tx, account, id, &plan.allocations)?;
    let rows = (0_i64..).zip(&plan.purchases).map(|(position, part)| values![account.0, id.0, position, part.0]);
    tx.insert("collection_purchase", &["account_id", "activity_id", "position", "purchase_id"], rows)?;
    let rows = (0_i64..).zip(&plan.drafts).map(|(position, part)| values![account.0, id.0, position, part.0]);
    tx.insert("collection_draft", &["account_id", "activity_id", "position", "draft_invoice_id"], rows)
}

/// Names the invoices that an attempt brought about.
pub fn set_invoices(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentActivityId,
    invoices: &[Allocation],
) -> Result<(), Error> {
    tx.execute("DELETE FROM collection_invoice WHERE account_id = $1 AND activity_id = $2", &values![account.0, id.0])?;
    insert_invoices(tx, account, id, invoices)
}

fn insert_invoices(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentActivityId,
    invoices: &[Allocation],
) -> Result<(), Error> {
    let rows = (0_i64..).zip(invoices).map(|(position, Allocation { invoice, amount })| {
        values![account.0, id.0, position, invoice.0, amount.millionths()]
    });
    tx.insert("collection_invoice", &["account_id", "activity_id", "position", "invoice_id", "amount"], rows)
}

/// Reserves what is to be posted when the money moved.
pub(super) fn reserve(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId, plan: &Plan) -> Result<(), Error> {
    for purchase in &plan.purchases {
        tx.execute(
            "UPDATE purchase SET reserved_by = $3 WHERE account_id = $1 AND id = $2",
            &values![account.0, purchase.0, id.0],
        )?;
    }
    for draft in &plan.drafts {
        tx.execute(
            "UPDATE draft_invoice SET reserved_by = $3 WHERE account_id = $1 AND id = $2",
            &values![account.0, draft.0, id.0],
        )?;
    }
    Ok(())
}

pub(super) fn release(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId) -> Result<(), Error> {
    tx.execute(
        "UPDATE purchase SET reserved_by = NULL WHERE account_id = $1 AND reserved_by = $2 AND id IN (
             SELECT purchase_id FROM collection_purchase WHERE account_id = $1 AND activity_id = $2)",
        &values![account.0, id.0],
    )?;
    tx.execute(
        "UPDATE draft_invoice SET reserved_by = NULL WHERE account_id = $1 AND reserved_by = $2 AND id IN (
             SELECT draft_invoice_id FROM collection_draft WHERE account_id = $1 AND activity_id = $2)",
        &values![account.0, id.0],
    )?;
    Ok(())
}

/// Reads what an attempt is for.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, collection: &mut Collection) -> Result<(), Error> {
    let (id, plan) = (collection.activity.0, &mut collection.plan);
    plan.allocations = tx.query(
        "SELECT invoice_id, amount FROM collection_invoice WHERE account_id = $1 AND activity_id = $2 ORDER BY position",
        &values![account.0, id],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Allocation { invoice: InvoiceId(columns.next()?), amount: columns.amount()? })
        },
    )?;
    plan.purchases = tx.query(
        "SELECT purchase_id FROM collection_purchase WHERE account_id = $1 AND activity_id = $2 ORDER BY position",
        &values![account.0, id],
        |row| row.get(0).map(PurchaseId),
    )?;
    plan.drafts = tx.query(
        "SELECT draft_invoice_id FROM collection_draft WHERE account_id = $1 AND activity_id = $2 ORDER BY position",
        &values![account.0, id],
        |row| row.get(0).map(DraftInvoiceId),
    )?;
    Ok(())
}
