//! Payments with the attempts that brought them and with where they went.

use billing::id::{AccountId, CustomerId, PaymentId};
use db::{Error, Row, Tx, values};
use money::Amount;

use super::unknown_part;

/// What a payment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPayment {
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
}

/// One of the rows of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentRow {
    /// The payment, before its parts.
    Payment(StoredPayment),
    /// The part of it that an invoice has; `None` for the invoice's customer when there is no such invoice.
    Allocation(Amount, Option<CustomerId>),
}

/// Visits the payments of an account in order of id, each followed by its allocations.
pub fn each_payment_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(PaymentId, PaymentRow),
) -> Result<(), Error> {
    tx.each(
        "SELECT p.id, 0, p.amount, p.customer_id, p.unallocated, p.refundable, v.amount
         FROM payment p
         LEFT JOIN payment_activity v ON v.account_id = p.account_id AND v.id = p.activity_id AND v.payment_id = p.id
         WHERE p.account_id = $1
         UNION ALL
         SELECT a.payment_id, 1, a.amount, i.customer_id, 0, 0, 0
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

fn payment_row(row: &Row<'_>) -> Result<PaymentRow, Error> {
    let amount = Amount::from_millionths(row.get(2)?);
    Ok(match row.get(1)? {
        0 => PaymentRow::Payment(StoredPayment {
            customer: CustomerId(row.get(3)?),
            amount,
            unallocated: Amount::from_millionths(row.get(4)?),
            refundable: Amount::from_millionths(row.get(5)?),
            attempted: row.get::<Option<i64>>(6)?.map(Amount::from_millionths),
        }),
        1 => PaymentRow::Allocation(amount, row.get::<Option<i64>>(3)?.map(CustomerId)),
        part => return Err(unknown_part(part)),
    })
}
