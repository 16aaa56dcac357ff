//! What customers owed or had before they were billed here.

use billing::{
    id::{AccountId, CustomerId, InvoiceId, OpeningBalanceId},
    opening_balance::OpeningBalance,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::{
    many::each_of,
    row::{Columns, at, text_opt},
};

/// Stores an opening balance, after the invoice on which it is owed.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, opening: &OpeningBalance, now: Instant) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO opening_balance (account_id, id, customer_id, invoice_id, amount, currency, name, description,
             reference, effective_at, unallocated, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &values![
            account.0,
            opening.id.0,
            opening.customer.0,
            opening.invoice.map(|invoice| invoice.0),
            opening.amount.millionths(),
            opening.currency.code(),
            text_opt(opening.name.as_ref()),
            text_opt(opening.description.as_ref()),
            text_opt(opening.reference.as_ref()),
            at(opening.effective_at),
            opening.unallocated.millionths(),
            at(now)
        ],
    )?;
    Ok(())
}

const SELECT: &str = "id, customer_id, invoice_id, amount, currency, name, description, reference, effective_at,
    unallocated FROM opening_balance";

/// One opening balance.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: OpeningBalanceId) -> Result<Option<OpeningBalance>, Error> {
    let sql = format!("SELECT {SELECT} WHERE account_id = $1 AND id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], |row: &Row<'_>| opening(&mut Columns::of(row)))
}

/// Visits what is owed on these invoices from before.
pub(crate) fn each_of_invoices(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[i64],
    mut visit: impl FnMut(OpeningBalance),
) -> Result<(), Error> {
    let sql = format!("SELECT invoice_id, {SELECT} WHERE account_id = $1 AND invoice_id IN ({{owners}})");
    each_of(tx, account, invoices, &sql, |_, columns| {
        visit(opening(columns)?);
        Ok(())
    })
}

fn opening(columns: &mut Columns<'_, '_>) -> Result<OpeningBalance, Error> {
    Ok(OpeningBalance {
        id: OpeningBalanceId(columns.next()?),
        customer: CustomerId(columns.next()?),
        invoice: columns.next::<Option<i64>>()?.map(InvoiceId),
        amount: columns.amount()?,
        currency: columns.currency()?,
        name: columns.next()?,
        description: columns.next()?,
        reference: columns.next()?,
        effective_at: columns.instant()?,
        unallocated: columns.amount()?,
    })
}
