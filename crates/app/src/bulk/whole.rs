//! A job in one transaction: an atomic one is kept when every record succeeds, a dry run never.

use billing::{
    account::Session,
    bulk::{BROKEN_OFF, BulkJobStatus, BulkMode, BulkRecordStatus, UNDONE},
    event::EventType,
    id::BulkRecordId,
};
use db::Tx;
use store::bulk::LockedJob;

use super::{
    chunk::{self, Rules},
    pace::Pace,
    record::Verdict,
    tell,
};
use crate::{Error, engine::kept_if};

/// Applies all records and stores what became of each. A dry run is the run itself, taken back: neither can tell anything
/// that the other would not.
pub(super) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    rules: Rules,
    pace: Pace,
    locked: &mut LockedJob,
) -> Result<(), Error> {
    if pace != Pace::Full {
        return break_off(tx, session, locked);
    }
    let account = session.account.id;
    let options = locked.job.options;
    let records = store::bulk::records_from(tx, account, &locked.job, locked.next_record, locked.job.counts.total)?;
    let mut results = kept_if(
        tx,
        |tx| chunk::judge(tx, session, rules, pace, &locked.job, &records),
        |results| !options.is_dry_run && results.iter().all(has_succeeded),
    )?;
    if options.is_dry_run {
        for (_, verdict) in &mut results {
            verdict.created_id = None;
        }
    }
    let is_undone = options.mode == BulkMode::Atomic && !results.iter().all(has_succeeded);
    if is_undone {
        results.retain(|result| !has_succeeded(result));
    }
    chunk::store_results(tx, account, locked.job.id, &results)?;
    if is_undone {
        locked.job.give_up(BulkJobStatus::ProcessedWithErrors, UNDONE, session.now);
        return Ok(tell(tx, account, EventType::BulkJobProcessed, locked.job.id, session.now)?);
    }
    for (_, verdict) in &results {
        chunk::count(&mut locked.job.counts, verdict.status);
    }
    locked.next_record.0 += locked.job.counts.total;
    chunk::end(tx, session, rules.limits, locked)
}

/// Ends a job of which a record breaks the transaction, and so all of it.
fn break_off(tx: &mut Tx<'_>, session: &Session, locked: &mut LockedJob) -> Result<(), Error> {
    locked.job.give_up(BulkJobStatus::Failed, BROKEN_OFF, session.now);
    Ok(tell(tx, session.account.id, EventType::BulkJobFailed, locked.job.id, session.now)?)
}

fn has_succeeded((_, verdict): &(BulkRecordId, Verdict)) -> bool {
    verdict.status == BulkRecordStatus::Processed
}
