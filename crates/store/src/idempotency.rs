//! Writes that named an `Idempotency-Key`, and their answers.

use billing::id::AccountId;
use calendar::Instant;
use db::{Error, Tx, values};

use crate::row::{Columns, at};

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Hash of the request.
    pub request_hash: String,
    /// HTTP status of the answer.
    pub status: i64,
    /// Body of the answer.
    pub body: String,
}

/// Claims a key for this transaction: `None` when it is ours, the earlier answer when it was used. Another transaction
/// that holds the same claim is waited for.
pub fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &str,
    request_hash: &str,
    now: Instant,
) -> Result<Option<Answered>, Error> {
    let claimed = tx.execute(
        "INSERT INTO idempotency (account_id, idempotency_key, request_hash, status, body, created_at)
         VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT DO NOTHING",
        &values![account.0, key, request_hash, at(now)],
    )?;
    if claimed == 1 {
        return Ok(None);
    }
    tx.query_one(
        "SELECT request_hash, status, body FROM idempotency WHERE account_id = $1 AND idempotency_key = $2",
        &values![account.0, key],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Answered { request_hash: columns.next()?, status: columns.next()?, body: columns.next()? })
        },
    )
    .map(Some)
}

/// Stores the answer of the write that claimed the key.
pub fn answer(tx: &mut Tx<'_>, account: AccountId, key: &str, status: i64, body: &str) -> Result<(), Error> {
    tx.execute(
        "UPDATE idempotency SET status = $3, body = $4 WHERE account_id = $1 AND idempotency_key = $2",
        &values![account.0, key, status, body],
    )?;
    Ok(())
}
