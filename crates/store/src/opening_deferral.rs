//! What customers had been charged for before they were billed here, and how far it has been earned.

use billing::{
    id::{AccountId, CustomerId, OpeningDeferralId, ProductId},
    opening_deferral::{OpeningDeferral, Reversed},
};
use calendar::{Date, Instant};
use db::{Error, Row, Tx, Value, values};

use crate::row::{Columns, at, at_opt, day_opt, text_opt};

/// Stores a new one.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, deferral: &OpeningDeferral, now: Instant) -> Result<(), Error> {
    let mut row = values![
        account.0,
        deferral.id.0,
        deferral.customer.0,
        deferral.product.map(|product| product.0),
        deferral.amount.millionths(),
        day_opt(Some(deferral.starts_on)),
        day_opt(Some(deferral.ends_on)),
        text_opt(deferral.reference.as_ref()),
        text_opt(deferral.description.as_ref()),
        at(deferral.effective_at),
        at(now)
    ]
    .to_vec();
    row.extend(place(deferral));
    tx.execute(
        "INSERT INTO opening_deferral (account_id, id, customer_id, product_id, amount, starts_on, ends_on, reference,
             description, effective_at, created_at, earned, next_due_on, reversed, reversal_id, reversed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        &row,
    )?;
    Ok(())
}

/// Stores what changed of one: what is earned, what comes next, and what was taken back.
pub fn update(tx: &mut Tx<'_>, account: AccountId, deferral: &OpeningDeferral) -> Result<(), Error> {
    let mut row = values![account.0, deferral.id.0].to_vec();
    row.extend(place(deferral));
    tx.execute(
        "UPDATE opening_deferral SET earned = $3, next_due_on = $4, reversed = $5, reversal_id = $6, reversed_at = $7
         WHERE account_id = $1 AND id = $2",
        &row,
    )?;
    Ok(())
}

/// The values from `earned` to `reversed_at`.
fn place(deferral: &OpeningDeferral) -> [Value<'static>; 5] {
    let reversed = deferral.reversed;
    values![
        deferral.earned.millionths(),
        day_opt(deferral.next_due_on),
        reversed.map_or(0, |reversed| reversed.amount.millionths()),
        reversed.map(|reversed| reversed.id),
        at_opt(reversed.map(|reversed| reversed.at))
    ]
}

const SELECT: &str = "SELECT d.id, d.customer_id, d.product_id, d.amount, u.currency, d.starts_on, d.ends_on, d.earned,
        d.next_due_on, d.reversal_id, d.reversed, d.reversed_at, d.reference, d.description, d.effective_at
    FROM opening_deferral d JOIN customer u ON u.account_id = d.account_id AND u.id = d.customer_id";

/// One of them.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: OpeningDeferralId) -> Result<Option<OpeningDeferral>, Error> {
    let sql = format!("{SELECT} WHERE d.account_id = $1 AND d.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], deferral)
}

/// Those of a customer, oldest first.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
) -> Result<Vec<OpeningDeferral>, Error> {
    let sql = format!("{SELECT} WHERE d.account_id = $1 AND d.customer_id = $2 ORDER BY d.id");
    tx.query(&sql, &values![account.0, customer.0], deferral)
}

/// Customers with a part due on or before a day, at most `limit`, in order of id from `after` on.
pub fn customers_due(
    tx: &mut Tx<'_>,
    account: AccountId,
    on: Date,
    after: CustomerId,
    limit: i64,
) -> Result<Vec<CustomerId>, Error> {
    tx.query(
        "SELECT DISTINCT customer_id FROM opening_deferral
         WHERE account_id = $1 AND next_due_on <= $2 AND customer_id > $3 ORDER BY customer_id LIMIT $4",
        &values![account.0, day_opt(Some(on)), after.0, limit],
        |row| row.get(0).map(CustomerId),
    )
}

/// A customer's that have a part due on or before a day, at most `limit`, the longest due first.
pub fn due(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    on: Date,
    limit: i64,
) -> Result<Vec<OpeningDeferral>, Error> {
    let sql = format!(
        "{SELECT} WHERE d.account_id = $1 AND d.customer_id = $2 AND d.next_due_on <= $3
         ORDER BY d.next_due_on, d.id LIMIT $4"
    );
    tx.query(&sql, &values![account.0, customer.0, day_opt(Some(on)), limit], deferral)
}

/// Visits those of an account that have anything left to earn, in order of id.
pub fn each_open<E: From<Error>>(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(OpeningDeferral) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("{SELECT} WHERE d.account_id = $1 AND d.next_due_on IS NOT NULL ORDER BY d.id");
    tx.each(&sql, &values![account.0], |row| visit(deferral(row)?))
}

fn deferral(row: &Row<'_>) -> Result<OpeningDeferral, Error> {
    let mut columns = Columns::of(row);
    Ok(OpeningDeferral {
        id: OpeningDeferralId(columns.next()?),
        customer: CustomerId(columns.next()?),
        product: columns.next::<Option<i64>>()?.map(ProductId),
        amount: columns.amount()?,
        currency: columns.currency()?,
        starts_on: columns.date()?,
        ends_on: columns.date()?,
        earned: columns.amount()?,
        next_due_on: columns.date_opt()?,
        reversed: {
            let (id, amount, at) = (columns.next::<Option<i64>>()?, columns.amount()?, columns.instant_opt()?);
            id.zip(at).map(|(id, at)| Reversed { id, amount, at })
        },
        reference: columns.next()?,
        description: columns.next()?,
        effective_at: columns.instant()?,
    })
}
