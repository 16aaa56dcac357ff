//! Jobs whose time has come: to be processed, or to end.

use billing::{
    bulk::{BulkJobStatus, CUT_OFF},
    event::EventType,
    id::{AccountId, BulkJobId},
};
use calendar::Clock;
use db::Tx;
use jobs::Lease;
use store::bulk::LockedJob;

use super::{chunk::Left, moment, phase, process, tell};
use crate::Error;

/// Begins to process a validated job whose time has come.
pub(super) fn start(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    end_task(tx, lease, clock, BulkJobStatus::is_validated, |tx, account, locked| {
        process::start(tx, account, locked, clock.now())
    })
}

/// Ends a validated job that nobody processed in time. Its records stay what their validation made of them.
pub(super) fn expire(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    end_task(tx, lease, clock, BulkJobStatus::is_validated, |tx, account, locked| {
        let moment = moment(tx, locked, clock.now())?;
        locked.job.status = BulkJobStatus::Expired;
        tell(tx, account, EventType::BulkJobExpired, locked, moment)?;
        Ok(store::bulk::update(tx, account, locked)?)
    })
}

/// Ends a job whose submission was cut off before its last record was stored.
pub(super) fn abandon(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    end_task(
        tx,
        lease,
        clock,
        |status| status == BulkJobStatus::NotStarted,
        |tx, account, locked| Ok(phase::give_up(tx, account, locked, (BulkJobStatus::Failed, CUT_OFF), clock.now())?),
    )
}

/// Does what a job's task is for, if the job still waits for it.
fn end_task(
    tx: &mut Tx<'_>,
    lease: &Lease,
    clock: &Clock,
    is_overdue: impl Fn(BulkJobStatus) -> bool,
    end: impl FnOnce(&mut Tx<'_>, AccountId, &mut LockedJob) -> Result<(), Error>,
) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    if !lease.keep(tx, clock.now())? {
        return Ok(Left::Lost);
    }
    lease.finish(tx)?;
    if let Some(mut locked) = locked.filter(|locked| is_overdue(locked.job.status)) {
        end(tx, account, &mut locked)?;
    }
    Ok(Left::Nothing)
}
