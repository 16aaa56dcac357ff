//! Stop the processing of a job between two records, and have it go on.

use billing::{account::Session, bulk::BulkJob, event::EventType, id::BulkJobId};
use db::Tx;

use super::{PROCESS, not_found, tell};
use crate::Error;

/// Pauses a job that is being processed; one that is paused already stays so. A worker on the job ends its transaction first.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_paused()?;
    if locked.job.paused_at.is_none() {
        jobs::remove(tx, PROCESS, id.0)?;
        locked.job.paused_at = Some(now);
        store::bulk::update(tx, account, &locked)?;
        tell(tx, account, EventType::BulkJobPaused, id, now)?;
    }
    Ok(locked.job)
}

/// Has a paused job go on where it is.
pub fn resume(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_resumed()?;
    locked.job.paused_at = None;
    store::bulk::update(tx, account, &locked)?;
    jobs::enqueue(tx, account.0, PROCESS, id.0, now)?;
    tell(tx, account, EventType::BulkJobResumed, id, now)?;
    Ok(locked.job)
}
