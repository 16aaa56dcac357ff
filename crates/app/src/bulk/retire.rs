//! Delete the records of old jobs, where the owner of the server wants that; the jobs themselves stay, with their counters.

use billing::id::AccountId;
use calendar::{Clock, Instant};
use db::Tx;
use jobs::Lease;

use super::{Limits, RETIRE, chunk::Left};
use crate::Error;

/// Records that are deleted in one transaction.
const STEP_RECORD_COUNT: i64 = 1_000;

/// When an unfinished job is looked at again, in milliseconds.
const PAUSE_MS: i64 = 24 * 60 * 60 * 1_000;

/// Has somebody look at the records of an account when those of a job that begins now are old: whoever looks at them now, and finds
/// no job, does so before or after this transaction.
pub(super) fn ensure(tx: &mut Tx<'_>, account: AccountId, limits: Limits, now: Instant) -> Result<(), db::Error> {
    match limits.records_kept_ms {
        Some(kept_ms) => jobs::ensure_locked(tx, account.0, RETIRE, account.0, now.plus_millis(kept_ms)),
        None => Ok(()),
    }
}

/// Deletes some records of the oldest job, if it is old enough; otherwise comes back when it is.
pub(super) fn step(tx: &mut Tx<'_>, lease: &Lease, limits: Limits, clock: &Clock) -> Result<Left, Error> {
    let (account, now) = (AccountId(lease.task.account_id), clock.now());
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    let oldest = match limits.records_kept_ms {
        Some(kept_ms) => store::bulk::oldest_with_records(tx, account)?.map(|job| (job, kept_ms)),
        None => None,
    };
    let Some((job, kept_ms)) = oldest else {
        if limits.records_kept_ms.is_some() && store::bulk::has_unended(tx, account)? {
            lease.again(tx, now.plus_millis(PAUSE_MS))?;
        } else {
            lease.finish(tx)?;
        }
        return Ok(Left::Nothing);
    };
    let due_at = job.created_at.plus_millis(kept_ms);
    if due_at > now {
        lease.again(tx, due_at)?;
        return Ok(Left::Nothing);
    }
    if let Some(mut locked) = store::bulk::lock(tx, account, job.id)? {
        if store::bulk::delete_records(tx, account, job.id, STEP_RECORD_COUNT)? < STEP_RECORD_COUNT.unsigned_abs() {
            store::bulk::set_without_records(tx, account, job.id)?;
        }
        locked.job.records_deleted_at.get_or_insert(now);
        store::bulk::update(tx, account, &locked)?;
    }
    Ok(Left::More)
}
