//! The members of a hierarchy above and below a customer.

use billing::{
    customer::{LEVELS_MAX, Relative},
    id::{AccountId, CustomerId},
};
use db::{Error, Tx, values};

use crate::row::Columns;

/// A member of a hierarchy, as far as its place in it is concerned.
pub fn find_relative(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Option<Relative>, Error> {
    tx.query_opt(
        "SELECT id, status, currency, parent_id FROM customer WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Relative {
                id: CustomerId(columns.next()?),
                status: columns.named()?,
                currency: columns.currency()?,
                parent: columns.next::<Option<i64>>()?.map(CustomerId),
            })
        },
    )
}

/// How many levels of descendants a customer has, counted up to [`LEVELS_MAX`].
pub fn levels_below(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<usize, Error> {
    let levels: i64 = tx.scalar(
        "WITH RECURSIVE below (id, level) AS (
             SELECT c.id, CAST(1 AS BIGINT) FROM customer c WHERE c.account_id = $1 AND c.parent_id = $2
             UNION ALL
             SELECT c.id, b.level + 1 FROM below b
             JOIN customer c ON c.account_id = $1 AND c.parent_id = b.id
             WHERE b.level < $3)
         SELECT COALESCE(MAX(level), 0) FROM below",
        &values![account.0, id.0, i64::try_from(LEVELS_MAX).unwrap_or(i64::MAX)],
    )?;
    Ok(usize::try_from(levels).unwrap_or(LEVELS_MAX))
}
