//! Have the records of a validated job applied.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus},
    id::BulkJobId,
};
use db::Tx;

use super::{EXPIRE, PROCESS, not_found};
use crate::Error;

/// Puts a validated job into `Processing`; of two calls at the same time one is refused (bulk-jobs.md §5).
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_processed()?;
    locked.job.status = BulkJobStatus::Processing;
    locked.job.processing_at = Some(session.now);
    locked.next_record = store::bulk::first_record(tx, account, id)?.ok_or(db::Error::NoRow)?;
    store::bulk::update(tx, account, &locked)?;
    jobs::remove(tx, EXPIRE, id.0)?;
    jobs::enqueue(tx, account.0, PROCESS, id.0, session.now)?;
    Ok(locked.job)
}
