//! Give up what is left of a job, so that another may be submitted.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, CANCELLED},
    id::BulkJobId,
};
use db::Tx;

use super::{late, moment, not_found, phase};
use crate::Error;

/// Fails every record that has not ended (bulk-jobs.md §2.4), by one change of the job: it takes as long for a million
/// records as for one. Workers on the job end their transactions first and then find the job ended. What was charged by then is
/// processed; attempts that are under way tell their records later.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_cancelled()?;
    let cancelled = (BulkJobStatus::ProcessedWithErrors, CANCELLED);
    phase::give_up(tx, account, &mut locked, cancelled, session.now)?;
    let session = Session { now: moment(tx, &locked, session.now)?, ..session.clone() };
    late::settle(tx, &session, &mut locked)?;
    Ok(locked.job)
}
