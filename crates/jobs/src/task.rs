//! The rows of the queue: who may take one, for how long, and when it is tried again.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use calendar::Instant;
use db::{Error, Millis, Row, Tx, Value, values};

/// How often a task is tried without any progress before it is parked.
pub const ATTEMPT_COUNT_MAX: i64 = 10;

/// The pause after the first failure; it doubles with each further one.
const PAUSE_MIN_MS: i64 = 1_000;

/// The longest pause between two attempts.
const PAUSE_MAX_MS: i64 = 60_000;

/// The longest time that a claim has because those before it made no progress.
const LEASE_MAX_MS: i64 = 60_000;

/// Work to be done: at most one of a kind for a subject is queued at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: i64,
    /// The account that it belongs to.
    pub account_id: i64,
    /// What is to be done.
    pub kind: String,
    /// What it is to be done to.
    pub subject_id: i64,
}

/// A worker's claim of a task, which others may take over when it has run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The task.
    pub task: Task,
    /// Which attempt this is since the last progress, counting those that were cut off; the first is 1.
    pub attempt: i64,
    owner: String,
    length_ms: i64,
}

/// What becomes of a task that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It is tried again then.
    At(Instant),
    /// It was tried often enough: it stays in the queue for somebody to look at, and is not tried again.
    Parked,
    /// Somebody else holds it, or it was removed.
    Lost,
}

/// Queues a task. A second one of the same kind and subject is refused with [`Error::Conflict`].
pub fn enqueue(
    tx: &mut Tx<'_>,
    account_id: i64,
    kind: &'static str,
    subject_id: i64,
    due_at: Instant,
) -> Result<(), Error> {
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO task (id, account_id, kind, subject_id, due_at, attempt_count) VALUES ($1, $2, $3, $4, $5, 0)",
        &values![id, account_id, kind, subject_id, at(due_at)],
    )?;
    Ok(())
}

/// Queues a task unless one of the same kind and subject is queued already; the usual case is one look.
pub fn ensure(
    tx: &mut Tx<'_>,
    account_id: i64,
    kind: &'static str,
    subject_id: i64,
    due_at: Instant,
) -> Result<(), Error> {
    let queued =
        tx.query_opt("SELECT id FROM task WHERE kind = $1 AND subject_id = $2", &values![kind, subject_id], |row| {
            row.get::<i64>(0)
        })?;
    if queued.is_none() {
        let id = tx.next_id()?;
        tx.execute(
            "INSERT INTO task (id, account_id, kind, subject_id, due_at, attempt_count) VALUES ($1, $2, $3, $4, $5, 0)
             ON CONFLICT DO NOTHING",
            &values![id, account_id, kind, subject_id, at(due_at)],
        )?;
    }
    Ok(())
}

/// Like [`ensure`], and whoever works on the task that is queued ends it only when this transaction has: so a task that ends itself
/// when nothing is left to do sees what this transaction leaves to it. Nothing is locked afterwards.
pub fn ensure_locked(
    tx: &mut Tx<'_>,
    account_id: i64,
    kind: &'static str,
    subject_id: i64,
    due_at: Instant,
) -> Result<(), Error> {
    if lock(tx, kind, subject_id)? { Ok(()) } else { ensure(tx, account_id, kind, subject_id, due_at) }
}

/// Lets a task that nobody holds be due at this time, if it is due later. Nothing happens when there is none.
pub fn hasten(tx: &mut Tx<'_>, kind: &'static str, subject_id: i64, due_at: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE task SET due_at = $3 WHERE kind = $1 AND subject_id = $2 AND due_at > $3 AND lease_owner IS NULL",
        &values![kind, subject_id, at(due_at)],
    )?;
    Ok(())
}

/// Like [`hasten`], and waits for a transaction of whoever works on the task: that has not seen what this one does, and would put
/// the task off. Whoever has only claimed it waits for this transaction in turn.
pub fn hasten_locked(tx: &mut Tx<'_>, kind: &'static str, subject_id: i64, due_at: Instant) -> Result<(), Error> {
    lock(tx, kind, subject_id)?;
    hasten(tx, kind, subject_id, due_at)
}

/// Locks the row of a task; whether there is one.
fn lock(tx: &mut Tx<'_>, kind: &'static str, subject_id: i64) -> Result<bool, Error> {
    let sql = "SELECT id FROM task WHERE kind = $1 AND subject_id = $2";
    Ok(tx.lock(sql, &values![kind, subject_id], |row| row.get::<i64>(0))?.is_some())
}

/// Lets a task that nobody holds be due at this time, if it is due earlier. Nothing happens when there is none.
pub fn postpone(tx: &mut Tx<'_>, kind: &'static str, subject_id: i64, due_at: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE task SET due_at = $3 WHERE kind = $1 AND subject_id = $2 AND due_at < $3 AND lease_owner IS NULL",
        &values![kind, subject_id, at(due_at)],
    )?;
    Ok(())
}

/// Takes a task out of the queue, whoever holds it: its holder's next [`Lease::keep`] fails. Whether there was one.
pub fn remove(tx: &mut Tx<'_>, kind: &'static str, subject_id: i64) -> Result<bool, Error> {
    let removed = tx.execute("DELETE FROM task WHERE kind = $1 AND subject_id = $2", &values![kind, subject_id])?;
    Ok(removed == 1)
}

/// Claims the task that has been due longest, of `kinds`, which nobody holds. `worker` is for whoever reads the table;
/// every claim is told apart from every other, also from an earlier one of the same worker.
///
/// From the second attempt without progress on, each has twice the time of the one before: whoever was only too slow then comes far
/// enough to keep the lease, and what kills every worker is given up all the same.
pub fn claim(
    tx: &mut Tx<'_>,
    kinds: &[&'static str],
    worker: &str,
    now: Instant,
    length_ms: i64,
) -> Result<Option<Lease>, Error> {
    let Some((task, attempts)) = tx.claim(&select(kinds), &values![at(now)], due)? else { return Ok(None) };
    let owner = format!("{worker}/{:016x}", RandomState::new().build_hasher().finish());
    tx.execute(
        "UPDATE task SET lease_owner = $2, lease_until = $3, attempt_count = attempt_count + 1 WHERE id = $1",
        &values![task.id, owner.as_str(), at(now.plus_millis(claim_ms(length_ms, attempts)))],
    )?;
    Ok(Some(Lease { task, attempt: attempts + 1, owner, length_ms }))
}

/// Whether a task of another account is due, of `kinds`, which nobody has found the time for.
pub fn do_others_wait(tx: &mut Tx<'_>, kinds: &[&'static str], account_id: i64, now: Instant) -> Result<bool, Error> {
    let sql = format!("SELECT id FROM task WHERE {} AND account_id <> $2 LIMIT 1", free(kinds));
    let waiting = tx.query_opt(&sql, &values![at(now), account_id], |row| row.get::<i64>(0))?;
    Ok(waiting.is_some())
}

fn select(kinds: &[&'static str]) -> String {
    format!(
        "SELECT id, account_id, kind, subject_id, attempt_count FROM task WHERE {} ORDER BY due_at, id LIMIT 1",
        free(kinds)
    )
}

/// What is due and nobody holds. Kinds are words of the program, so there are few texts to prepare; an older program leaves
/// newer kinds alone.
fn free(kinds: &[&'static str]) -> String {
    format!("due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) AND kind IN ('{}')", kinds.join("', '"))
}

fn due(row: &Row<'_>) -> Result<(Task, i64), Error> {
    let task = Task { id: row.get(0)?, account_id: row.get(1)?, kind: row.get(2)?, subject_id: row.get(3)? };
    Ok((task, row.get(4)?))
}

impl Lease {
    /// Extends the lease from `now` on, if it is still held. It belongs in every transaction that the task's work
    /// commits: `false` means that somebody else has taken over and nothing may be written.
    ///
    /// What commits is progress, so the attempts are counted anew.
    pub fn keep(&self, tx: &mut Tx<'_>, now: Instant) -> Result<bool, Error> {
        let kept = tx.execute(
            "UPDATE task SET lease_until = $3, attempt_count = 1 WHERE id = $1 AND lease_owner = $2",
            &values![self.task.id, self.owner.as_str(), at(now.plus_millis(self.length_ms))],
        )?;
        Ok(kept == 1)
    }

    /// Removes the task, in the transaction that completes it. Nothing happens when the lease was lost.
    pub fn finish(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.execute("DELETE FROM task WHERE id = $1 AND lease_owner = $2", &values![self.task.id, self.owner.as_str()])?;
        Ok(())
    }

    /// Puts the task back until it is due again, in the transaction that completes this round. Nothing happens when the
    /// lease was lost.
    pub fn again(&self, tx: &mut Tx<'_>, due_at: Instant) -> Result<(), Error> {
        tx.execute(
            "UPDATE task SET due_at = $3, lease_owner = NULL, lease_until = NULL, attempt_count = 0
             WHERE id = $1 AND lease_owner = $2",
            &values![self.task.id, self.owner.as_str(), at(due_at)],
        )?;
        Ok(())
    }

    /// Gives the unfinished task back: another worker may take it at once, and this attempt does not count.
    pub fn release(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.execute(
            "UPDATE task SET lease_owner = NULL, lease_until = NULL, attempt_count = attempt_count - 1
             WHERE id = $1 AND lease_owner = $2",
            &values![self.task.id, self.owner.as_str()],
        )?;
        Ok(())
    }

    /// Gives the failed task back, to be tried again after a pause that doubles with each attempt without progress.
    pub fn retry(&self, tx: &mut Tx<'_>, now: Instant) -> Result<Retry, Error> {
        let attempts = tx.lock(
            "SELECT attempt_count FROM task WHERE id = $1 AND lease_owner = $2",
            &values![self.task.id, self.owner.as_str()],
            |row| row.get::<i64>(0),
        )?;
        let Some(attempts) = attempts else { return Ok(Retry::Lost) };
        let is_parked = attempts >= ATTEMPT_COUNT_MAX;
        let due_at = if is_parked { Instant::MAX } else { now.plus_millis(pause_ms(attempts)) };
        tx.execute(
            "UPDATE task SET due_at = $2, lease_owner = NULL, lease_until = NULL WHERE id = $1",
            &values![self.task.id, at(due_at)],
        )?;
        Ok(if is_parked { Retry::Parked } else { Retry::At(due_at) })
    }
}

/// The pause after so many attempts.
fn pause_ms(attempts: i64) -> i64 {
    doubled(PAUSE_MIN_MS, attempts.saturating_sub(1), PAUSE_MAX_MS)
}

/// How long a claim lasts that comes after so many attempts, until it is kept. After one it is not known whether that made progress
/// before it was cut off.
fn claim_ms(length_ms: i64, attempts: i64) -> i64 {
    doubled(length_ms, attempts.saturating_sub(1), LEASE_MAX_MS.max(length_ms))
}

fn doubled(ms: i64, times: i64, max_ms: i64) -> i64 {
    let times = u32::try_from(times).unwrap_or_default();
    2_i64.checked_pow(times).map_or(max_ms, |factor| ms.saturating_mul(factor).min(max_ms))
}

fn at(instant: Instant) -> Value<'static> {
    Millis(instant.millis()).into()
}
