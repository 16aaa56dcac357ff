//! Give up what is left of a job, so that another may be submitted.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus},
    event::{Event, EventType},
    id::BulkJobId,
};
use db::Tx;

use super::{not_found, task_of};
use crate::Error;

/// Fails every record that has not ended (bulk-jobs.md §2.4). A worker on the job ends its transaction first and then
/// finds the job ended.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    let job = &mut locked.job;
    job.may_be_cancelled()?;
    if let Some(kind) = task_of(job.status) {
        jobs::remove(tx, kind, id.0)?;
    }
    store::bulk::give_up(tx, account, id)?;
    // Nothing is open any more: who has not failed validation counts as passed, and who was not applied as failed
    // (bulk-jobs.md §4).
    job.counts.successful = job.counts.total - job.counts.failed;
    job.counts.failed_processed = job.counts.successful - job.counts.processed;
    job.status = BulkJobStatus::ProcessedWithErrors;
    job.processed_at = Some(session.now);
    store::bulk::update(tx, account, &locked)?;
    let event = Event { event_type: EventType::BulkJobProcessed, customer: None, subject_id: id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(locked.job)
}
