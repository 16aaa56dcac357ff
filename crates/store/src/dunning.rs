//! What is due of customers, and what automatic collection has tried.

use billing::{
    dunning::{Attempt, Due, Tried},
    id::{AccountId, CustomerId, InvoiceId, PaymentActivityId},
};
use calendar::Instant;
use db::{Error, Tx, values};
use money::Amount;

use crate::row::{Columns, at, day_opt};

/// The overdue instalments of a customer, the earliest first, each with what is due of its invoice; `today_at` is the first
/// instant of today, before which the invoice was posted.
pub fn due(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    now: Instant,
    today_at: Instant,
) -> Result<Vec<Due>, Error> {
    let mut due: Vec<Due> = tx.query(
        "SELECT s.id, s.invoice_id, s.outstanding FROM payment_schedule s
         JOIN invoice i ON i.account_id = s.account_id AND i.id = s.invoice_id
         WHERE i.account_id = $1 AND i.customer_id = $2 AND i.outstanding > 0 AND i.posted_at < $4 AND s.outstanding > 0
             AND s.due_at <= $3
         ORDER BY s.due_at, s.id",
        &values![account.0, customer.0, at(now), at(today_at)],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Due { schedule: columns.next()?, invoice: InvoiceId(columns.next()?), due: columns.amount()? })
        },
    )?;
    let of_invoice = |invoice, parts: &[Due]| {
        Amount::sum(parts.iter().filter(|part| part.invoice == invoice).map(|part| part.due))
            .map_err(|error| Error::Value(error.to_string()))
    };
    let sums: Vec<Amount> = due.iter().map(|part| of_invoice(part.invoice, &due)).collect::<Result<_, _>>()?;
    for (part, sum) in due.iter_mut().zip(sums) {
        part.due = sum;
    }
    Ok(due)
}

/// What was tried for a customer, with what became of the last attempt at each: one whose money a bank took back has failed.
pub fn tried(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<Tried>, Error> {
    tx.query(
        "SELECT d.subject_id, d.attempt_count, d.first_attempt_on, d.next_attempt_on,
             CASE WHEN EXISTS (SELECT 1 FROM refund r
                 JOIN payment_activity n ON n.account_id = r.account_id AND n.id = r.activity_id
                 WHERE r.account_id = a.account_id AND r.payment_id = a.payment_id AND n.activity_type = 'NSF')
             THEN 'Failed' ELSE a.status END
         FROM dunning d
         JOIN payment_activity a ON a.account_id = d.account_id AND a.id = d.activity_id
         WHERE d.account_id = $1 AND d.customer_id = $2 ORDER BY d.subject_id",
        &values![account.0, customer.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Tried {
                subject: columns.next()?,
                attempt_count: columns.next()?,
                first_on: columns.date()?,
                next_on: columns.date_opt()?,
                last: columns.named()?,
            })
        },
    )
}

/// Keeps that an attempt is made, under the id of its activity.
pub fn record(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    attempt: &Attempt,
    activity: PaymentActivityId,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO dunning (account_id, subject_id, customer_id, attempt_count, first_attempt_on, next_attempt_on,
             activity_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account_id, subject_id) DO UPDATE SET attempt_count = excluded.attempt_count,
             first_attempt_on = excluded.first_attempt_on, next_attempt_on = excluded.next_attempt_on,
             activity_id = excluded.activity_id",
        &values![
            account.0,
            attempt.subject,
            customer.0,
            attempt.number,
            day_opt(Some(attempt.first_on)),
            day_opt(attempt.next_on),
            activity.0
        ],
    )?;
    Ok(())
}
