//! A job in one transaction: an atomic one is kept when every record succeeds, a dry run never.

use billing::{
    account::Session,
    bulk::{BROKEN_OFF, BulkJobStatus, BulkMode, BulkRecordStatus, UNDONE},
    id::{AccountId, BulkJobId, BulkLaneId, BulkRecordId},
};
use calendar::Clock;
use db::Tx;
use jobs::Lease;
use store::bulk::LockedJob;

use super::{
    chunk::{self, Left, Rules},
    moment,
    pace::Pace,
    phase,
    record::Verdict,
};
use crate::{App, Error, engine::kept_if};

/// Does all of a job at once. The lease counts from when the job is locked.
pub(super) fn step(tx: &mut Tx<'_>, lease: &Lease, rules: Rules, pace: Pace, clock: &Clock) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    lease.finish(tx)?;
    if let Some(mut locked) = locked.filter(|locked| locked.job.status == BulkJobStatus::Processing) {
        let moment = moment(tx, &locked, now)?;
        let session = App::own_session(tx, account, moment)?;
        if pace.is_hunting() {
            let failed = (BulkJobStatus::Failed, BROKEN_OFF);
            phase::give_up(tx, account, &mut locked, failed, session.now)?;
        } else {
            run(tx, &session, rules, pace, &mut locked)?;
        }
    }
    Ok(Left::Nothing)
}

/// Applies all records and stores what became of each. A dry run is the run itself, taken back: neither can tell anything
/// that the other would not.
fn run(tx: &mut Tx<'_>, session: &Session, rules: Rules, pace: Pace, locked: &mut LockedJob) -> Result<(), Error> {
    let account = session.account.id;
    let options = locked.job.options;
    let first = locked.records().start;
    let records = store::bulk::records_from(tx, account, &locked.job, first, locked.job.counts.total)?;
    let mut verdicts = kept_if(
        tx,
        |tx| chunk::judge(tx, session, rules, pace, &locked.job, &records),
        |verdicts| !options.is_dry_run && verdicts.iter().all(has_succeeded),
    )?;
    if options.is_dry_run {
        for (_, verdict) in &mut verdicts {
            verdict.created_id = None;
        }
    }
    let is_undone = options.mode == BulkMode::Atomic && !verdicts.iter().all(has_succeeded);
    if is_undone {
        verdicts.retain(|verdict| !has_succeeded(verdict));
    }
    chunk::store_results(tx, session, &locked.job, BulkLaneId(locked.job.id.0), &verdicts, false)?;
    for (_, verdict) in &verdicts {
        locked.job.counts.count(verdict.status);
    }
    if is_undone {
        let undone = (BulkJobStatus::ProcessedWithErrors, UNDONE);
        return Ok(phase::give_up(tx, account, locked, undone, session.now)?);
    }
    phase::end(tx, session, rules.limits, locked)?;
    Ok(store::bulk::update(tx, account, locked)?)
}

fn has_succeeded((_, verdict): &(BulkRecordId, Verdict)) -> bool {
    verdict.status == BulkRecordStatus::Processed
}
