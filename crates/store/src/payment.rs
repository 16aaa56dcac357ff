//! Payments, the attempts that brought them, and where they went.

use std::collections::HashMap;

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
    many::each_of,
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
    insert_received(tx, account, payment, allocations, now)
}

/// Stores a payment whose attempt was stored before, what it is in that, and its allocations.
pub fn insert_collected(
    tx: &mut Tx<'_>,
    account: AccountId,
    payment: &Payment,
    allocations: &[Allocation],
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_activity SET payment_id = $3, effective_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, payment.activity.0, payment.id.0, at(payment.effective_at)],
    )?;
    insert_received(tx, account, payment, allocations, now)
}

fn insert_received(
    tx: &mut Tx<'_>,
    account: AccountId,
    payment: &Payment,
    allocations: &[Allocation],
    now: Instant,
) -> Result<(), Error> {
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
    Ok(list(tx, account, &[id.0])?.pop())
}

/// These payments with their refunds, and with what their invoices owe now.
pub(crate) fn list(tx: &mut Tx<'_>, account: AccountId, ids: &[i64]) -> Result<Vec<Payment>, Error> {
    let mut payments = Vec::new();
    each_of(tx, account, ids, SELECT, |_, columns| {
        payments.push(payment(columns)?);
        Ok(())
    })?;
    let ids: Vec<_> = payments.iter().map(|payment| payment.id.0).collect();
    let mut allocations = allocation::list(tx, account, Owner::Payment, &ids)?;
    let mut refunds: HashMap<_, Vec<_>> = HashMap::new();
    for refund in refund::list_of_payments(tx, account, &ids)? {
        refunds.entry(refund.payment).or_default().push(refund);
    }
    for payment in &mut payments {
        payment.allocations = allocations.remove(&payment.id.0).unwrap_or_default();
        payment.refunds = refunds.remove(&payment.id).unwrap_or_default();
    }
    Ok(payments)
}

const SELECT: &str =
    "SELECT id, id, activity_id, customer_id, source, method, amount, currency, reference, reference_date,
        effective_at, unallocated, refundable
    FROM payment WHERE account_id = $1 AND id IN ({owners})";

fn payment(columns: &mut Columns<'_, '_>) -> Result<Payment, Error> {
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
}
