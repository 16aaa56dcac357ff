//! Payments, the attempts that brought them, and where they went.

use billing::{
    id::{AccountId, CustomerId, InvoiceId, PaymentActivityId, PaymentId},
    named::Named,
    payment::{Allocation, InvoiceAllocation, Payment},
};
use calendar::Instant;
use db::{Error, Tx, values};
use money::Amount;

use crate::row::{Columns, at, day_opt, text_opt};

/// Stores a payment that succeeded, the attempt that brought it and its allocations.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    payment: &Payment,
    allocations: &[Allocation],
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_activity (account_id, id, customer_id, payment_id, activity_type, status, source, method,
             amount, currency, effective_at, created_at)
         VALUES ($1, $2, $3, $4, 'Collect', 'Successful', $5, $6, $7, $8, $9, $10)",
        &values![
            account.0,
            payment.activity.0,
            payment.customer.0,
            payment.id.0,
            payment.source.name(),
            payment.method.name(),
            payment.amount.millionths(),
            payment.currency.code(),
            at(payment.effective_at),
            at(now)
        ],
    )?;
    tx.execute(
        "INSERT INTO payment (account_id, id, customer_id, activity_id, source, method, amount, currency, reference,
             reference_date, effective_at, unallocated, refundable, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &values![
            account.0,
            payment.id.0,
            payment.customer.0,
            payment.activity.0,
            payment.source.name(),
            payment.method.name(),
            payment.amount.millionths(),
            payment.currency.code(),
            text_opt(payment.reference.as_ref()),
            day_opt(payment.reference_date),
            at(payment.effective_at),
            payment.unallocated.millionths(),
            payment.refundable.millionths(),
            at(now)
        ],
    )?;
    let rows = allocations.iter().map(|allocation| {
        values![account.0, payment.id.0, allocation.invoice.0, allocation.amount.millionths(), at(payment.effective_at)]
    });
    tx.insert("payment_allocation", &["account_id", "payment_id", "invoice_id", "amount", "effective_at"], rows)
}

/// Takes so much of an invoice's payments back into available funds, the latest allocation first, and reopens that much
/// of the invoice. There must be as much.
pub fn free(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoice: InvoiceId,
    amount: Amount,
    now: Instant,
) -> Result<(), Error> {
    let allocations = tx.query(
        "SELECT payment_id, amount FROM payment_allocation WHERE account_id = $1 AND invoice_id = $2
         ORDER BY payment_id DESC",
        &values![account.0, invoice.0],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    let mut left = amount.millionths();
    for (payment, allocated) in allocations {
        let part = left.min(allocated);
        if part == 0 {
            break;
        }
        if part == allocated {
            tx.execute(
                "DELETE FROM payment_allocation WHERE account_id = $1 AND payment_id = $2 AND invoice_id = $3",
                &values![account.0, payment, invoice.0],
            )?;
        } else {
            tx.execute(
                "UPDATE payment_allocation SET amount = amount - $4
                 WHERE account_id = $1 AND payment_id = $2 AND invoice_id = $3",
                &values![account.0, payment, invoice.0, part],
            )?;
        }
        tx.execute(
            "UPDATE payment SET unallocated = unallocated + $3 WHERE account_id = $1 AND id = $2",
            &values![account.0, payment, part],
        )?;
        left -= part;
    }
    if left > 0 {
        return Err(Error::Value(format!("invoice {invoice} has less payments than are to be freed")));
    }
    tx.execute(
        "UPDATE invoice SET payments = payments - $3, outstanding = outstanding + $3, modified_at = $4, paid_at = NULL
         WHERE account_id = $1 AND id = $2",
        &values![account.0, invoice.0, amount.millionths(), at(now)],
    )?;
    Ok(())
}

/// One payment, with what its invoices owe now.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Option<Payment>, Error> {
    let found = tx.query_opt(
        "SELECT id, activity_id, customer_id, source, method, amount, currency, reference, reference_date, effective_at,
             unallocated, refundable
         FROM payment WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Payment {
                id: PaymentId(columns.next()?),
                activity: PaymentActivityId(columns.next()?),
                customer: CustomerId(columns.next()?),
                source: columns.named()?,
                method: columns.named()?,
                amount: columns.amount()?,
                currency: columns.currency()?,
                reference: columns.next()?,
                reference_date: columns.date_opt()?,
                effective_at: columns.instant()?,
                unallocated: columns.amount()?,
                refundable: columns.amount()?,
                allocations: Vec::new(),
            })
        },
    )?;
    let Some(mut payment) = found else { return Ok(None) };
    payment.allocations = allocations(tx, account, id)?;
    Ok(Some(payment))
}

fn allocations(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Vec<InvoiceAllocation>, Error> {
    tx.query(
        "SELECT i.id, i.invoice_number, a.amount, i.outstanding, i.subtotal - i.discount + i.tax, i.po_number, i.notes
         FROM payment_allocation a JOIN invoice i ON i.account_id = a.account_id AND i.id = a.invoice_id
         WHERE a.account_id = $1 AND a.payment_id = $2 ORDER BY i.id",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(InvoiceAllocation {
                invoice: InvoiceId(columns.next()?),
                number: columns.next()?,
                amount: columns.amount()?,
                outstanding: columns.amount()?,
                total: columns.amount()?,
                po_number: columns.next()?,
                notes: columns.next()?,
            })
        },
    )
}
