//! Refunds and the attempts that made them.

use billing::{
    allocation::Source,
    id::{AccountId, CustomerId, PaymentActivityId, PaymentId, RefundId},
    named::Named,
    payment::{Allocation, PaymentSource},
    refund::Refund,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

use crate::{
    allocation::{self, Owner},
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
    let sql = format!("SELECT {SELECT} WHERE r.account_id = $1 AND r.id = $2");
    let Some(mut refund) = tx.query_opt(&sql, &values![account.0, id.0], refund)? else { return Ok(None) };
    refund.allocations = allocation::list(tx, account, Owner::Refund(id))?;
    Ok(Some(refund))
}

/// The refunds of a payment, oldest first.
pub(crate) fn list_of_payment(tx: &mut Tx<'_>, account: AccountId, payment: PaymentId) -> Result<Vec<Refund>, Error> {
    let sql = format!("SELECT {SELECT} WHERE r.account_id = $1 AND r.payment_id = $2 ORDER BY r.id");
    let mut refunds = tx.query(&sql, &values![account.0, payment.0], refund)?;
    for refund in &mut refunds {
        refund.allocations = allocation::list(tx, account, Owner::Refund(refund.id))?;
    }
    Ok(refunds)
}

const SELECT: &str = "r.id, r.activity_id, r.payment_id, p.activity_id, r.customer_id, r.method, r.amount, r.currency,
    r.reference, r.effective_at
    FROM refund r JOIN payment p ON p.account_id = r.account_id AND p.id = r.payment_id";

fn refund(row: &Row<'_>) -> Result<Refund, Error> {
    let mut columns = Columns::of(row);
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
        allocations: Vec::new(),
    })
}
