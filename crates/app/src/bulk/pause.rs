//! Stop the processing of a job between two records, and have it go on.

use billing::{account::Session, bulk::BulkJob, event::EventType, id::BulkJobId};
use db::Tx;

use super::{moment, not_found, phase, tell};
use crate::Error;

/// Pauses a job that is being processed; one that is paused already stays so. Workers on the job end their transactions first.
/// The lanes keep their places.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let account = session.account.id;
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_paused()?;
    if locked.job.paused_at.is_none() {
        let moment = moment(tx, &locked, session.now)?;
        phase::stop(tx, &locked)?;
        locked.job.paused_at = Some(moment);
        tell(tx, account, EventType::BulkJobPaused, &mut locked, moment)?;
        phase::mark_lanes(tx, account, &mut locked)?;
        store::bulk::update(tx, account, &locked)?;
    }
    Ok(locked.job)
}

/// Has a paused job go on where it is.
pub fn resume(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut locked = store::bulk::lock(tx, account, id)?.ok_or_else(|| not_found(id))?;
    locked.job.may_be_resumed()?;
    let moment = moment(tx, &locked, now)?;
    locked.job.paused_at = None;
    tell(tx, account, EventType::BulkJobResumed, &mut locked, moment)?;
    phase::go_on(tx, account, &mut locked, now)?;
    store::bulk::update(tx, account, &locked)?;
    Ok(locked.job)
}
