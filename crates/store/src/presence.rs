//! Questions that are answered by whether there is a row.

use billing::id::AccountId;
use db::{Error, Row, Tx, Value, values};

/// Whether the question has a row for an answer.
pub(crate) fn is_any(tx: &mut Tx<'_>, sql: &str, parameters: &[Value<'_>]) -> Result<bool, Error> {
    Ok(tx.query_opt(sql, parameters, |_: &Row<'_>| Ok(()))?.is_some())
}

/// Locks the row of an account, which `sql` finds by the account as `$1` and the id as `$2`, against changes by others until
/// the transaction ends; `false` when there is none.
pub(crate) fn lock(tx: &mut Tx<'_>, sql: &str, account: AccountId, id: i64) -> Result<bool, Error> {
    Ok(tx.lock(sql, &values![account.0, id], |_: &Row<'_>| Ok(()))?.is_some())
}
