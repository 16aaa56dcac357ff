//! Writes that named an `Idempotency-Key`, and their answers.

use billing::id::AccountId;
use calendar::Instant;
use db::{Error, Tx, values};

use crate::row::{Columns, at};

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Hash of the request.
    pub request_hash: String,
    /// What it has left.
    pub kept: Kept,
}

/// What the request under a key has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Its answer.
    Answer {
        /// HTTP status.
        status: i64,
        /// Body.
        body: String,
    },
    /// Its effect; the answer is rendered later.
    Awaited {
        /// What the effect was about.
        subject_id: i64,
    },
}

/// The status of a row without an answer: fresh, or with the id of its subject in the place of the body.
const NO_ANSWER: i64 = 0;

/// Claims a key for this transaction: `None` when it is ours, the earlier answer when it was used. Another transaction
/// that holds the same claim is waited for.
pub fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &str,
    request_hash: &str,
    now: Instant,
) -> Result<Option<Used>, Error> {
    let claimed = tx.execute(
        "INSERT INTO idempotency (account_id, idempotency_key, request_hash, status, body, created_at)
         VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING",
        &values![account.0, key, request_hash, NO_ANSWER, at(now)],
    )?;
    if claimed == 1 {
        return Ok(None);
    }
    tx.query_one(
        "SELECT request_hash, status, body FROM idempotency WHERE account_id = $1 AND idempotency_key = $2",
        &values![account.0, key],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Used { request_hash: columns.next()?, kept: kept(columns.next()?, columns.next()?)? })
        },
    )
    .map(Some)
}

fn kept(status: i64, body: String) -> Result<Kept, Error> {
    if status != NO_ANSWER {
        return Ok(Kept::Answer { status, body });
    }
    let subject_id = body.parse().map_err(|_| Error::Value(format!("'{body}' is not the id of a key's subject")))?;
    Ok(Kept::Awaited { subject_id })
}

/// Remembers what the write that claimed the key was about, until its answer is known.
pub fn await_answer(tx: &mut Tx<'_>, account: AccountId, key: &str, subject_id: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE idempotency SET body = $3 WHERE account_id = $1 AND idempotency_key = $2",
        &values![account.0, key, subject_id.to_string()],
    )?;
    Ok(())
}

/// Stores the answer of the write that claimed the key; `false` when it has one, which stays.
pub fn answer(tx: &mut Tx<'_>, account: AccountId, key: &str, status: i64, body: &str) -> Result<bool, Error> {
    let stored = tx.execute(
        "UPDATE idempotency SET status = $3, body = $4
         WHERE account_id = $1 AND idempotency_key = $2 AND status = $5",
        &values![account.0, key, status, body, NO_ANSWER],
    )?;
    Ok(stored == 1)
}
