//! Which invoices money and goodwill went to, and which ones they were taken back from.

use std::collections::HashMap;

use billing::{
    allocation::{Allocated, CreditAllocation, PaymentAllocation, Source},
    id::{
        AccountId, CreditId, CustomerId, DebitId, InvoiceId, OpeningBalanceId, PaymentActivityId, PaymentId, RefundId,
    },
    payment::{Allocation, InvoiceAllocation},
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};
use money::Amount;

use crate::{
    many::each_of,
    row::{Columns, at, unknown},
};

/// What has allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A payment: gave to invoices.
    Payment,
    /// A credit: gave to invoices.
    Credit,
    /// A refund: took back what a payment gave.
    Refund,
    /// A debit: took back what a credit gave.
    Debit,
}

impl Owner {
    /// Table, and column of the owner.
    fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Payment => ("payment_allocation", "payment_id"),
            Self::Credit => ("credit_allocation", "credit_id"),
            Self::Refund => ("refund_allocation", "refund_id"),
            Self::Debit => ("debit_allocation", "debit_id"),
        }
    }
}

/// Table, column of the source, and its id.
fn place(source: Source) -> (&'static str, &'static str, i64) {
    let ((table, column), id) = match source {
        Source::Payment(id) => (Owner::Payment.place(), id.0),
        Source::Credit(id) => (Owner::Credit.place(), id.0),
        Source::Deposit(id) => (("deposit_allocation", "opening_balance_id"), id.0),
    };
    (table, column, id)
}

/// The table that says what of a source is available, and the columns by which later facts name their source, of which all
/// but one are empty.
fn named(source: Source) -> (&'static str, i64, [Option<i64>; 3]) {
    match source {
        Source::Payment(id) => ("payment", id.0, [Some(id.0), None, None]),
        Source::Credit(id) => ("credit", id.0, [None, Some(id.0), None]),
        Source::Deposit(id) => ("opening_balance", id.0, [None, None, Some(id.0)]),
    }
}

/// How freed and spent parts are stored.
const LATER: &[&str] =
    &["account_id", "id", "invoice_id", "payment_id", "credit_id", "opening_balance_id", "amount", "created_at"];

/// Stores what a payment or a credit gives to invoices.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    source: Source,
    allocations: &[Allocation],
    effective_at: Instant,
) -> Result<(), Error> {
    let (table, _, id) = place(source);
    let columns = match source {
        Source::Payment(_) => &["account_id", "payment_id", "invoice_id", "allocated", "amount", "effective_at"],
        Source::Credit(_) => &["account_id", "credit_id", "invoice_id", "allocated", "amount", "effective_at"],
        Source::Deposit(_) => {
            &["account_id", "opening_balance_id", "invoice_id", "allocated", "amount", "effective_at"]
        }
    };
    let rows = allocations.iter().map(|allocation| {
        let amount = allocation.amount.millionths();
        values![account.0, id, allocation.invoice.0, amount, amount, at(effective_at)]
    });
    tx.insert(table, columns, rows)
}

/// What an invoice has of payments, credits and deposits, latest first.
pub fn list_of_invoice(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<Vec<Allocated>, Error> {
    tx.query(
        "SELECT 0, a.payment_id, a.amount, p.created_at FROM payment_allocation a
         JOIN payment p ON p.account_id = a.account_id AND p.id = a.payment_id
         WHERE a.account_id = $1 AND a.invoice_id = $2 AND a.amount > 0
         UNION ALL
         SELECT 1, a.credit_id, a.amount, c.created_at FROM credit_allocation a
         JOIN credit c ON c.account_id = a.account_id AND c.id = a.credit_id
         WHERE a.account_id = $1 AND a.invoice_id = $2 AND a.amount > 0
         UNION ALL
         SELECT 2, a.opening_balance_id, a.amount, o.created_at FROM deposit_allocation a
         JOIN opening_balance o ON o.account_id = a.account_id AND o.id = a.opening_balance_id
         WHERE a.account_id = $1 AND a.invoice_id = $2 AND a.amount > 0
         ORDER BY 4 DESC, 2 DESC",
        &values![account.0, invoice.0],
        part_of_source,
    )
}

/// What of a customer's payments, credits and deposits no invoice has, oldest first.
pub fn available(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<Allocated>, Error> {
    tx.query(
        "SELECT 0, id, unallocated, effective_at FROM payment
         WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0
         UNION ALL
         SELECT 1, id, unallocated, effective_at FROM credit
         WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0
         UNION ALL
         SELECT 2, id, unallocated, effective_at FROM opening_balance
         WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0
         ORDER BY 4, 2",
        &values![account.0, customer.0],
        part_of_source,
    )
}

/// The kind of a source, its id, and so much of it.
fn part_of_source(row: &Row<'_>) -> Result<Allocated, Error> {
    let id = row.get(1)?;
    let source = match row.get(0)? {
        0 => Source::Payment(PaymentId(id)),
        1 => Source::Credit(CreditId(id)),
        2 => Source::Deposit(OpeningBalanceId(id)),
        kind => return Err(unknown(&i64::to_string(&kind))),
    };
    Ok(Allocated { source, amount: Amount::from_millionths(row.get(2)?) })
}

/// Takes so much of an allocation back. There must be as much.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    account: AccountId,
    source: Source,
    invoice: InvoiceId,
    amount: Amount,
) -> Result<(), Error> {
    let (table, owner, id) = place(source);
    let sql =
        format!("UPDATE {table} SET amount = amount - $4 WHERE account_id = $1 AND {owner} = $2 AND invoice_id = $3");
    tx.execute(&sql, &values![account.0, id, invoice.0, amount.millionths()])?;
    Ok(())
}

/// Stores what a refund takes back from invoices.
pub(crate) fn insert_refunded(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: RefundId,
    allocations: &[Allocation],
) -> Result<(), Error> {
    let columns = &["account_id", "refund_id", "invoice_id", "amount"];
    tx.insert("refund_allocation", columns, allocations.iter().map(|part| taken(account, refund.0, *part)))
}

/// Stores what a debit takes back from invoices.
pub(crate) fn insert_debited(
    tx: &mut Tx<'_>,
    account: AccountId,
    debit: DebitId,
    allocations: &[Allocation],
) -> Result<(), Error> {
    let columns = &["account_id", "debit_id", "invoice_id", "amount"];
    tx.insert("debit_allocation", columns, allocations.iter().map(|part| taken(account, debit.0, *part)))
}

fn taken(account: AccountId, taker: i64, part: Allocation) -> [Value<'static>; 4] {
    values![account.0, taker, part.invoice.0, part.amount.millionths()]
}

/// Makes part of an allocation available again, and keeps that it happened under `id`.
pub fn free(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: i64,
    invoice: InvoiceId,
    freed: Allocated,
    now: Instant,
) -> Result<(), Error> {
    take(tx, account, freed.source, invoice, freed.amount)?;
    let (table, source, [payment, credit, deposit]) = named(freed.source);
    let amount = freed.amount.millionths();
    let sql = format!("UPDATE {table} SET unallocated = unallocated + $3 WHERE account_id = $1 AND id = $2");
    tx.execute(&sql, &values![account.0, source, amount])?;
    tx.insert("freed_allocation", LATER, [values![account.0, id, invoice.0, payment, credit, deposit, amount, at(now)]])
}

/// Gives an invoice part of what is available, and keeps that it happened under `id`. An invoice that had some of the same
/// source before has more of it then; the allocation counts since the source does, as all of its allocations do.
pub fn spend(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: i64,
    invoice: InvoiceId,
    spent: Allocated,
    now: Instant,
) -> Result<(), Error> {
    let (table, source, [payment, credit, deposit]) = named(spent.source);
    let (allocations, owner, _) = place(spent.source);
    let amount = spent.amount.millionths();
    let sql = format!("UPDATE {table} SET unallocated = unallocated - $3 WHERE account_id = $1 AND id = $2");
    tx.execute(&sql, &values![account.0, source, amount])?;
    let sql = format!(
        "INSERT INTO {allocations} (account_id, {owner}, invoice_id, allocated, amount, effective_at)
         SELECT account_id, id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($4 AS BIGINT), effective_at FROM {table} WHERE account_id = $1 AND id = $2
         ON CONFLICT (account_id, {owner}, invoice_id) DO UPDATE SET
             allocated = {allocations}.allocated + excluded.allocated, amount = {allocations}.amount + excluded.amount"
    );
    tx.execute(&sql, &values![account.0, source, invoice.0, amount])?;
    tx.insert("spent_allocation", LATER, [values![account.0, id, invoice.0, payment, credit, deposit, amount, at(now)]])
}

/// Where each of them gave, or took back, with what those invoices owe now; nothing that is used up.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    owner: Owner,
    owners: &[i64],
) -> Result<HashMap<i64, Vec<InvoiceAllocation>>, Error> {
    let (table, column) = owner.place();
    let sql = format!(
        "SELECT a.{column}, i.id, i.invoice_number, a.amount, i.outstanding, i.subtotal - i.discount + i.tax, i.po_number,
             i.notes
         FROM {table} a JOIN invoice i ON i.account_id = a.account_id AND i.id = a.invoice_id
         WHERE a.account_id = $1 AND a.{column} IN ({{owners}}) AND a.amount > 0 ORDER BY i.id"
    );
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    each_of(tx, account, owners, &sql, |id, columns| {
        found.entry(id).or_default().push(InvoiceAllocation {
            invoice: InvoiceId(columns.next()?),
            number: columns.next()?,
            amount: columns.amount()?,
            outstanding: columns.amount()?,
            total: columns.amount()?,
            po_number: columns.next()?,
            notes: columns.next()?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// What an invoice has of payments, oldest payment first.
pub fn payments_of(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<Vec<PaymentAllocation>, Error> {
    tx.query(
        "SELECT a.payment_id, a.amount, a.effective_at, p.method, p.reference, p.activity_id
         FROM payment_allocation a JOIN payment p ON p.account_id = a.account_id AND p.id = a.payment_id
         WHERE a.account_id = $1 AND a.invoice_id = $2 AND a.amount > 0 ORDER BY a.payment_id",
        &values![account.0, invoice.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(PaymentAllocation {
                payment: PaymentId(columns.next()?),
                invoice,
                amount: columns.amount()?,
                effective_at: columns.instant()?,
                method: columns.named()?,
                reference: columns.next()?,
                activity: PaymentActivityId(columns.next()?),
            })
        },
    )
}

/// What an invoice has of credits, oldest credit first.
pub fn credits_of(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<Vec<CreditAllocation>, Error> {
    tx.query(
        "SELECT credit_id, amount FROM credit_allocation
         WHERE account_id = $1 AND invoice_id = $2 AND amount > 0 ORDER BY credit_id",
        &values![account.0, invoice.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(CreditAllocation { credit: CreditId(columns.next()?), invoice, amount: columns.amount()? })
        },
    )
}
