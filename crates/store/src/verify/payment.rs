//! Payments with the attempts that brought them and with where they went.

use billing::id::{AccountId, CustomerId, PaymentId};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

use super::unknown_part;
use crate::row::Columns;

/// What a payment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPayment<'r> {
    /// Who paid.
    pub customer: CustomerId,
    /// How much.
    pub amount: Amount,
    /// What no invoice has.
    pub unallocated: Amount,
    /// What may be given back.
    pub refundable: Amount,
    /// The amount of the attempt that names this payment and that it names; none when there is no such attempt.
    pub attempted: Option<Amount>,
    /// The first column in which that attempt is not the success of this payment; empty when there is none.
    pub differs_in: &'r str,
    /// When it counts.
    pub effective_at: Instant,
}

/// One of the rows of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentRow<'r> {
    /// The payment, before its parts.
    Payment(StoredPayment<'r>),
    /// The part of it that an invoice has, and since when; `None` for the invoice's customer when there is no such invoice.
    Allocation(Amount, Option<CustomerId>, Instant),
}

/// Visits the payments of an account in order of id, each followed by its allocations.
pub fn each_payment_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(PaymentId, PaymentRow<'_>),
) -> Result<(), Error> {
    tx.each(
        "SELECT p.id, 0, p.amount, p.customer_id, p.unallocated, p.refundable, v.amount,
             CASE WHEN v.activity_type <> 'Collect' THEN 'activity_type'
                 WHEN v.status <> 'Successful' THEN 'status'
                 WHEN v.customer_id <> p.customer_id THEN 'customer_id'
                 WHEN v.source <> p.source THEN 'source'
                 WHEN v.method <> p.method THEN 'method'
                 WHEN v.currency <> p.currency THEN 'currency'
                 WHEN v.effective_at <> p.effective_at THEN 'effective_at'
                 WHEN v.created_at <> p.created_at THEN 'created_at'
                 ELSE '' END,
             p.effective_at
         FROM payment p
         LEFT JOIN payment_activity v ON v.account_id = p.account_id AND v.id = p.activity_id AND v.payment_id = p.id
         WHERE p.account_id = $1
         UNION ALL
         SELECT a.payment_id, 1, a.amount, i.customer_id, 0, 0, 0, '', a.effective_at
         FROM payment_allocation a
         LEFT JOIN invoice i ON i.account_id = a.account_id AND i.id = a.invoice_id
         WHERE a.account_id = $1
         ORDER BY 1, 2",
        &values![account.0],
        |row| {
            visit(PaymentId(row.get(0)?), payment_row(row)?);
            Ok::<_, Error>(())
        },
    )
}

fn payment_row<'r>(row: &'r Row<'_>) -> Result<PaymentRow<'r>, Error> {
    let effective_at = Columns::at(row, 8).instant()?;
    let amount = Amount::from_millionths(row.get(2)?);
    Ok(match row.get(1)? {
        0 => PaymentRow::Payment(StoredPayment {
            customer: CustomerId(row.get(3)?),
            amount,
            unallocated: Amount::from_millionths(row.get(4)?),
            refundable: Amount::from_millionths(row.get(5)?),
            attempted: row.get::<Option<i64>>(6)?.map(Amount::from_millionths),
            differs_in: row.text(7)?,
            effective_at,
        }),
        1 => PaymentRow::Allocation(amount, row.get::<Option<i64>>(3)?.map(CustomerId), effective_at),
        part => return Err(unknown_part(part)),
    })
}
