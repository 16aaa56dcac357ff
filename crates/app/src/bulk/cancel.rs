//! Give up what is left of a job, so that another may be submitted.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, CANCELLED},
    event::EventType,
    id::BulkJobId,
};
use db::Tx;

use super::{not_found, task_of, tell};
use crate::Error;

/// Fails every record that has not ended (bulk-jobs.md §2.4), by one change of the job: it takes as long for a million
/// records as for one. A worker on the job ends its transaction first and then finds the job ended.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_cancelled()?;
    if let Some(kind) = task_of(&locked.job) {
        jobs::remove(tx, kind, id.0)?;
    }
    locked.job.give_up(BulkJobStatus::ProcessedWithErrors, CANCELLED, session.now);
    store::bulk::update(tx, account, &locked)?;
    tell(tx, account, EventType::BulkJobProcessed, id, session.now)?;
    Ok(locked.job)
}
