//! Payments, the attempts that brought them, and where they went.

use billing::{
    allocation::Source,
    id::{AccountId, CustomerId, PaymentActivityId, PaymentId},
    named::Named,
    payment::{Allocation, Payment},
};
use calendar::Instant;
use db::{Error, Tx, values};

use crate::{
    allocation::{self, Owner},
    refund,
    row::{Columns, at, day_opt, text_opt},
};

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
    allocation::insert(tx, account, Source::Payment(payment.id), allocations, payment.effective_at)
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
                refunds: Vec::new(),
            })
        },
    )?;
    let Some(mut payment) = found else { return Ok(None) };
    payment.allocations = allocation::list(tx, account, Owner::Source(Source::Payment(id)))?;
    payment.refunds = refund::list_of_payment(tx, account, id)?;
    Ok(Some(payment))
}
