//! Have the records of a validated job applied.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus},
    event::EventType,
    id::BulkJobId,
};
use db::Tx;

use super::{EXPIRE, PROCESS, not_found, tell};
use crate::Error;

/// Puts a validated job into `Processing`; of two calls at the same time one is refused (bulk-jobs.md §5). A job of which no
/// record passed ends at once: it has given its place up, and another may be under way in it.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_processed()?;
    jobs::remove(tx, EXPIRE, id.0)?;
    tell(tx, account, EventType::BulkJobStarted, id, now)?;
    locked.next_record = locked.first_record();
    locked.job.processing_at = Some(now);
    if locked.job.has_nothing_to_process() {
        locked.job.status = BulkJob::processed(locked.job.counts);
        locked.job.processed_at = Some(now);
        tell(tx, account, EventType::BulkJobProcessed, id, now)?;
    } else {
        locked.job.status = BulkJobStatus::Processing;
        jobs::enqueue(tx, account.0, PROCESS, id.0, now)?;
    }
    store::bulk::update(tx, account, &locked)?;
    Ok(locked.job)
}
