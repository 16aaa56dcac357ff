//! Refunds and the attempts that made them.

use billing::{
    allocation::Source,
    id::{AccountId, CustomerId, PaymentActivityId, PaymentId, RefundId},
    named::Named,
    payment::{Allocation, PaymentSource},
    payment_activity::ActivityType,
    refund::Refund,
};
use calendar::Instant;
use db::{Error, Tx, values};
use money::Amount;

use crate::{
    allocation::{self, Owner},
    many::each_of,
    row::{Columns, at, text_opt},
};

/// Stores a refund with its attempt and its allocations, and takes it from the payment: `unallocated` from the part that no
/// invoice has.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: &Refund,
    allocations: &[Allocation],
    unallocated: Amount,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_activity (account_id, id, customer_id, refund_id, activity_type, status, source, method,
             amount, currency, effective_at, created_at)
         VALUES ($1, $2, $3, $4, 'Refund', 'Successful', $5, $6, $7, $8, $9, $10)",
        &values![
            account.0,
            refund.activity.0,
            refund.customer.0,
            refund.id.0,
            PaymentSource::Manual.name(),
            refund.method.name(),
            refund.amount.millionths(),
            refund.currency.code(),
            at(refund.effective_at),
            at(now)
        ],
    )?;
    insert_given(tx, account, refund, allocations, unallocated, now)
}

/// Stores that a bank took a payment back, as an attempt that failed in the words of `text`; otherwise as [`insert`].
pub fn insert_returned(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: &Refund,
    allocations: &[Allocation],
    unallocated: Amount,
    text: &str,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_activity (account_id, id, customer_id, refund_id, activity_type, status, source, method,
             amount, currency, effective_at, created_at, method_label, gateway_name, gateway_text)
         SELECT account_id, $2, customer_id, $3, 'NSF', 'Failed', 'Automatic', method, $4, currency, $5, $6, method_label,
             gateway_name, $7
         FROM payment_activity WHERE account_id = $1 AND id = $8",
        &values![
            account.0,
            refund.activity.0,
            refund.id.0,
            refund.amount.millionths(),
            at(refund.effective_at),
            at(now),
            text,
            refund.original_activity.0
        ],
    )?;
    insert_given(tx, account, refund, allocations, unallocated, now)
}

/// Stores a refund whose attempt was stored before, and what it is in that; otherwise as [`insert`].
pub fn insert_collected(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: &Refund,
    allocations: &[Allocation],
    unallocated: Amount,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_activity SET refund_id = $3, effective_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, refund.activity.0, refund.id.0, at(refund.effective_at)],
    )?;
    insert_given(tx, account, refund, allocations, unallocated, now)
}

fn insert_given(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: &Refund,
    allocations: &[Allocation],
    unallocated: Amount,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO refund (account_id, id, customer_id, payment_id, activity_id, method, amount, currency, reference,
             effective_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &values![
            account.0,
            refund.id.0,
            refund.customer.0,
            refund.payment.0,
            refund.activity.0,
            refund.method.name(),
            refund.amount.millionths(),
            refund.currency.code(),
            text_opt(refund.reference.as_ref()),
            at(refund.effective_at),
            at(now)
        ],
    )?;
    allocation::insert_refunded(tx, account, refund.id, allocations)?;
    for part in allocations {
        allocation::take(tx, account, Source::Payment(refund.payment), part.invoice, part.amount)?;
    }
    tx.execute(
        "UPDATE payment SET refundable = refundable - $3, unallocated = unallocated - $4
         WHERE account_id = $1 AND id = $2",
        &values![account.0, refund.payment.0, refund.amount.millionths(), unallocated.millionths()],
    )?;
    Ok(())
}

/// One refund, with what its invoices owe now.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: RefundId) -> Result<Option<Refund>, Error> {
    Ok(list(tx, account, &[id.0])?.pop())
}

/// These refunds, with what their invoices owe now.
pub(crate) fn list(tx: &mut Tx<'_>, account: AccountId, ids: &[i64]) -> Result<Vec<Refund>, Error> {
    collect(tx, account, &format!("SELECT r.id, {SELECT} WHERE r.account_id = $1 AND r.id IN ({{owners}})"), ids)
}

/// The refunds of these payments, oldest first.
pub(crate) fn list_of_payments(tx: &mut Tx<'_>, account: AccountId, payments: &[i64]) -> Result<Vec<Refund>, Error> {
    let sql =
        format!("SELECT r.payment_id, {SELECT} WHERE r.account_id = $1 AND r.payment_id IN ({{owners}}) ORDER BY r.id");
    collect(tx, account, &sql, payments)
}

fn collect(tx: &mut Tx<'_>, account: AccountId, sql: &str, owners: &[i64]) -> Result<Vec<Refund>, Error> {
    let mut refunds = Vec::new();
    each_of(tx, account, owners, sql, |_, columns| {
        refunds.push(refund(columns)?);
        Ok(())
    })?;
    let ids: Vec<_> = refunds.iter().map(|refund| refund.id.0).collect();
    let mut allocations = allocation::list(tx, account, Owner::Refund, &ids)?;
    for refund in &mut refunds {
        refund.allocations = allocations.remove(&refund.id.0).unwrap_or_default();
    }
    Ok(refunds)
}

const SELECT: &str = "r.id, r.activity_id, r.payment_id, p.activity_id, r.customer_id, r.method, r.amount, r.currency,
    r.reference, r.effective_at, v.activity_type
    FROM refund r JOIN payment p ON p.account_id = r.account_id AND p.id = r.payment_id
    JOIN payment_activity v ON v.account_id = r.account_id AND v.id = r.activity_id";

fn refund(columns: &mut Columns<'_, '_>) -> Result<Refund, Error> {
    Ok(Refund {
        id: RefundId(columns.next()?),
        activity: PaymentActivityId(columns.next()?),
        payment: PaymentId(columns.next()?),
        original_activity: PaymentActivityId(columns.next()?),
        customer: CustomerId(columns.next()?),
        method: columns.named()?,
        amount: columns.amount()?,
        currency: columns.currency()?,
        reference: columns.next()?,
        effective_at: columns.instant()?,
        is_return: columns.named::<ActivityType>()? == ActivityType::Nsf,
        allocations: Vec::new(),
    })
}
