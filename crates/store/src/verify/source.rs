//! Payments, credits and deposits with where they went and what was taken back of them; opening balances.

use billing::id::{AccountId, CustomerId, InvoiceId};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

use super::{each, unknown_part};
use crate::row::Columns;

/// What gives to invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// Payments, which refunds take back.
    Payment,
    /// Credits, which debits take back.
    Credit,
    /// Deposits, which nothing takes back.
    Deposit,
}

/// What a payment, a credit or a deposit says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSource {
    /// Whose it is.
    pub customer: CustomerId,
    /// What no invoice has.
    pub unallocated: Amount,
    /// What may be taken back.
    pub left: Amount,
    /// When it counts.
    pub effective_at: Instant,
}

/// A payment, refund, credit or debit beside what must agree with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredMovement<'r> {
    /// How much.
    pub amount: Amount,
    /// Of payments and refunds the amount of the attempt that names it and that it names, none when there is no such
    /// attempt; of credits and debits their own amount.
    pub attempted: Option<Amount>,
    /// The first column that does not agree with the attempt, with the credit or with the customer; empty when all do.
    pub differs_in: &'r str,
}

/// What an invoice has of a payment, a credit or a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAllocation {
    /// The invoice.
    pub invoice: InvoiceId,
    /// What it was given.
    pub allocated: Amount,
    /// What it still has.
    pub amount: Amount,
    /// Whose invoice it is; none when there is no such invoice.
    pub debtor: Option<CustomerId>,
    /// Since when.
    pub effective_at: Instant,
}

/// One of the rows of a payment, a credit or a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceRow<'r> {
    /// Itself, before its parts.
    Source(StoredSource, StoredMovement<'r>),
    /// What an invoice has of it.
    Allocation(StoredAllocation),
    /// What a refund or a debit took from an invoice.
    Taken(InvoiceId, Amount),
    /// What a credit note took from an invoice, and whether one was made of that invoice then.
    Freed(InvoiceId, Amount, bool),
    /// What an invoice was given of it later, and whether that was after it was recorded.
    Spent(InvoiceId, Amount, bool),
    /// A refund or a debit of it, by its id.
    Taking(i64, StoredMovement<'r>),
}

/// Visits the payments, the credits or the deposits of an account in order of id, each followed by what belongs to it.
pub fn each_source_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: SourceKind,
    mut visit: impl FnMut(i64, SourceRow<'_>),
) -> Result<(), Error> {
    let sql = match kind {
        SourceKind::Payment => with_invoices(PAYMENTS, "payment", "payment_id", "payment_allocation"),
        SourceKind::Credit => with_invoices(CREDITS, "credit", "credit_id", "credit_allocation"),
        SourceKind::Deposit => with_invoices(DEPOSITS, "opening_balance", "opening_balance_id", "deposit_allocation"),
    };
    each(tx, &sql, &values![account.0], |row| {
        visit(row.get(0)?, source_row(row)?);
        Ok(())
    })
}

/// What is said of sources of a kind, and what invoices got of them, gave back and got later, which is said of all kinds alike.
fn with_invoices(own: &str, table: &str, source_id: &str, allocations: &str) -> String {
    format!(
        "{own}
    UNION ALL
    SELECT a.{source_id}, 1, a.invoice_id, a.amount, i.customer_id, a.allocated, 0, 0, '', a.effective_at
    FROM {allocations} a LEFT JOIN invoice i ON i.account_id = a.account_id AND i.id = a.invoice_id
    WHERE a.account_id = $1
    UNION ALL
    SELECT f.{source_id}, 3, f.invoice_id, f.amount, NULL,
        CASE WHEN EXISTS (SELECT 1 FROM credit_note n WHERE n.account_id = f.account_id AND n.invoice_id = f.invoice_id
            AND n.created_at = f.created_at) THEN 1 ELSE 0 END, 0, 0, '', NULL
    FROM freed_allocation f WHERE f.account_id = $1 AND f.{source_id} IS NOT NULL
    UNION ALL
    SELECT s.{source_id}, 5, s.invoice_id, s.amount, NULL, CASE WHEN s.created_at >= o.created_at THEN 1 ELSE 0 END, 0, 0,
        '', NULL
    FROM spent_allocation s LEFT JOIN {table} o ON o.account_id = s.account_id AND o.id = s.{source_id}
    WHERE s.account_id = $1 AND s.{source_id} IS NOT NULL
    ORDER BY 1, 2"
    )
}

/// Owner, part, invoice or taking, amount, customer, three numbers, text, time.
const PAYMENTS: &str = "SELECT p.id, 0, 0, p.amount, p.customer_id, p.unallocated, p.refundable, v.amount,
        CASE WHEN v.activity_type <> 'Collect' THEN 'activity_type'
            WHEN v.status <> 'Successful' THEN 'status'
            WHEN v.customer_id <> p.customer_id THEN 'customer_id'
            WHEN v.source <> p.source THEN 'source'
            WHEN v.method <> p.method THEN 'method'
            WHEN v.currency <> p.currency THEN 'currency'
            WHEN v.effective_at <> p.effective_at THEN 'effective_at'
            WHEN COALESCE(v.ended_at, v.created_at) <> p.created_at THEN 'created_at'
            ELSE '' END,
        p.effective_at
    FROM payment p
    LEFT JOIN payment_activity v ON v.account_id = p.account_id AND v.id = p.activity_id AND v.payment_id = p.id
    WHERE p.account_id = $1
    UNION ALL
    SELECT r.payment_id, 2, a.invoice_id, a.amount, NULL, 0, 0, 0, '', NULL
    FROM refund_allocation a JOIN refund r ON r.account_id = a.account_id AND r.id = a.refund_id
    WHERE a.account_id = $1
    UNION ALL
    SELECT r.payment_id, 4, r.id, r.amount, r.customer_id, 0, 0, v.amount,
        CASE WHEN v.activity_type NOT IN ('Refund', 'NSF') THEN 'activity_type'
            WHEN v.status <> CASE v.activity_type WHEN 'NSF' THEN 'Failed' ELSE 'Successful' END THEN 'status'
            WHEN v.source <> CASE v.activity_type WHEN 'NSF' THEN 'Automatic' ELSE 'Manual' END THEN 'source'
            WHEN v.customer_id <> r.customer_id THEN 'customer_id'
            WHEN v.method <> r.method THEN 'method'
            WHEN v.currency <> r.currency THEN 'currency'
            WHEN v.effective_at <> r.effective_at THEN 'effective_at'
            WHEN COALESCE(v.ended_at, v.created_at) <> r.created_at THEN 'created_at'
            ELSE '' END,
        NULL
    FROM refund r
    LEFT JOIN payment_activity v ON v.account_id = r.account_id AND v.id = r.activity_id AND v.refund_id = r.id
    WHERE r.account_id = $1";

/// The same of credits.
const CREDITS: &str = "SELECT c.id, 0, 0, c.amount, c.customer_id, c.unallocated, c.reversable, c.amount,
        CASE WHEN u.currency <> c.currency THEN 'currency' ELSE '' END, c.effective_at
    FROM credit c LEFT JOIN customer u ON u.account_id = c.account_id AND u.id = c.customer_id
    WHERE c.account_id = $1
    UNION ALL
    SELECT d.credit_id, 2, a.invoice_id, a.amount, NULL, 0, 0, 0, '', NULL
    FROM debit_allocation a JOIN debit d ON d.account_id = a.account_id AND d.id = a.debit_id
    WHERE a.account_id = $1
    UNION ALL
    SELECT d.credit_id, 4, d.id, d.amount, d.customer_id, 0, 0, d.amount,
        CASE WHEN c.currency <> d.currency THEN 'currency'
            WHEN c.customer_id <> d.customer_id THEN 'customer_id'
            ELSE '' END,
        NULL
    FROM debit d LEFT JOIN credit c ON c.account_id = d.account_id AND c.id = d.credit_id
    WHERE d.account_id = $1";

/// The same of deposits.
const DEPOSITS: &str =
    "SELECT o.id, 0, 0, o.amount, o.customer_id, o.unallocated, o.amount, o.amount, '', o.effective_at
    FROM opening_balance o WHERE o.account_id = $1 AND o.invoice_id IS NULL";

fn source_row<'r>(row: &'r Row<'_>) -> Result<SourceRow<'r>, Error> {
    let amount = Amount::from_millionths(row.get(3)?);
    let invoice = InvoiceId(row.get(2)?);
    Ok(match row.get(1)? {
        0 => SourceRow::Source(source(row)?, movement(row)?),
        1 => SourceRow::Allocation(StoredAllocation {
            invoice,
            allocated: Amount::from_millionths(row.get(5)?),
            amount,
            debtor: row.get::<Option<i64>>(4)?.map(CustomerId),
            effective_at: Columns::at(row, 9).instant()?,
        }),
        2 => SourceRow::Taken(invoice, amount),
        3 => SourceRow::Freed(invoice, amount, row.get::<i64>(5)? == 1),
        4 => SourceRow::Taking(invoice.0, movement(row)?),
        5 => SourceRow::Spent(invoice, amount, row.get::<i64>(5)? == 1),
        part => return Err(unknown_part(part)),
    })
}

fn source(row: &Row<'_>) -> Result<StoredSource, Error> {
    let mut columns = Columns::at(row, 4);
    let (customer, unallocated, left) = (CustomerId(columns.next()?), columns.amount()?, columns.amount()?);
    Ok(StoredSource { customer, unallocated, left, effective_at: Columns::at(row, 9).instant()? })
}

fn movement<'r>(row: &'r Row<'_>) -> Result<StoredMovement<'r>, Error> {
    Ok(StoredMovement {
        amount: Amount::from_millionths(row.get(3)?),
        attempted: row.get::<Option<i64>>(7)?.map(Amount::from_millionths),
        differs_in: row.text(8)?,
    })
}

/// An opening balance beside its invoice and its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredOpening<'r> {
    /// Its id.
    pub id: i64,
    /// How much.
    pub amount: Amount,
    /// What no invoice has.
    pub unallocated: Amount,
    /// Whether it is on an invoice, and so owed.
    pub is_owed: bool,
    /// The first column that does not agree with the invoice or with the customer; empty when all do.
    pub differs_in: &'r str,
}

/// Visits the opening balances of an account in order of id.
pub fn each_opening_balance(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(StoredOpening<'_>),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT o.id, o.amount, o.unallocated, CASE WHEN o.invoice_id IS NULL THEN 0 ELSE 1 END,
             CASE WHEN u.currency <> o.currency THEN 'currency'
                 WHEN i.customer_id <> o.customer_id THEN 'customer_id'
                 ELSE '' END
         FROM opening_balance o
         LEFT JOIN customer u ON u.account_id = o.account_id AND u.id = o.customer_id
         LEFT JOIN invoice i ON i.account_id = o.account_id AND i.id = o.invoice_id
         WHERE o.account_id = $1 ORDER BY o.id",
        &values![account.0],
        |row| {
            visit(StoredOpening {
                id: row.get(0)?,
                amount: Amount::from_millionths(row.get(1)?),
                unallocated: Amount::from_millionths(row.get(2)?),
                is_owed: row.get::<i64>(3)? == 1,
                differs_in: row.text(4)?,
            });
            Ok(())
        },
    )
}
