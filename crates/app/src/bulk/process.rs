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

use super::{moment, not_found, phase, tell};
use crate::Error;

/// Puts a validated job into `Processing`; of two calls at the same time one is refused (bulk-jobs.md §5). A job of which no
/// record passed ends at once: it has given its place up, and another may be under way in it. So does an atomic one of which a
/// record failed: none can be applied.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_processed()?;
    phase::stop(tx, &locked)?;
    start(tx, account, &mut locked, session.now)?;
    Ok(locked.job)
}

/// Does so with a validated job that has no task any more.
pub(super) fn start(tx: &mut Tx<'_>, account: AccountId, locked: &mut LockedJob, now: Instant) -> Result<(), Error> {
    let moment = moment(tx, locked, now)?;
    tell(tx, account, EventType::BulkJobStarted, locked, moment)?;
    locked.job.processing_at = Some(moment);
    if locked.job.has_nothing_to_process() {
        if locked.job.counts.successful > 0 {
            locked.job.give_up(BulkJobStatus::ProcessedWithErrors, UNDONE, moment);
        } else {
            locked.job.status = BulkJob::processed(locked.job.counts);
            locked.job.processed_at = Some(moment);
        }
        tell(tx, account, EventType::BulkJobProcessed, locked, moment)?;
    } else {
        locked.job.status = BulkJobStatus::Processing;
        phase::begin(tx, account, locked, now)?;
    }
    Ok(store::bulk::update(tx, account, locked)?)
}
