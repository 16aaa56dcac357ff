//! Have the records of a validated job applied.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, UNDONE},
    event::EventType,
    id::{AccountId, BulkJobId},
};
use calendar::Instant;
use db::Tx;
use store::bulk::LockedJob;

use super::{PROCESS, not_found, task_of, tell};
use crate::Error;

/// Puts a validated job into `Processing`; of two calls at the same time one is refused (bulk-jobs.md §5). A job of which no
/// record passed ends at once: it has given its place up, and another may be under way in it. So does an atomic one of which a
/// record failed: none can be applied.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_processed()?;
    if let Some(kind) = task_of(&locked.job) {
        jobs::remove(tx, kind, id.0)?;
    }
    start(tx, account, &mut locked, session.now)?;
    Ok(locked.job)
}

/// Does so with a validated job that has no task any more.
pub(super) fn start(tx: &mut Tx<'_>, account: AccountId, locked: &mut LockedJob, now: Instant) -> Result<(), Error> {
    let id = locked.job.id;
    tell(tx, account, EventType::BulkJobStarted, id, now)?;
    locked.next_record = locked.first_record();
    locked.job.processing_at = Some(now);
    if locked.job.has_nothing_to_process() {
        if locked.job.counts.successful > 0 {
            locked.job.give_up(BulkJobStatus::ProcessedWithErrors, UNDONE, now);
        } else {
            locked.job.status = BulkJob::processed(locked.job.counts);
            locked.job.processed_at = Some(now);
        }
        tell(tx, account, EventType::BulkJobProcessed, id, now)?;
    } else {
        locked.job.status = BulkJobStatus::Processing;
        jobs::enqueue(tx, account.0, PROCESS, id.0, now)?;
    }
    Ok(store::bulk::update(tx, account, locked)?)
}
