//! Attempts to charge that end after their records: those of a job that was given up meanwhile, and those of which nobody knew
//! for long. The record tells the end all the same, so that whoever sends failed records again charges nobody twice.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, BulkRecordStatus, Mark},
    id::{AccountId, BulkJobId, BulkLaneId, BulkRecordId, PaymentActivityId},
};
use calendar::{Clock, Instant};
use db::Tx;
use jobs::Lease;
use store::bulk::{
    LockedJob, RecordResult,
    attempt::{self, Attempt},
};

use super::{
    LATE,
    chunk::{self, Left, Verdicts},
    collecting::{self, TELLS_LATER},
    moment,
};
use crate::{App, Error};

/// How long an attempt is left alone that has not ended, in milliseconds: a tenth of the time since the end of its job, between
/// these. Whoever ends it calls at once.
const PAUSE_MS_MIN: i64 = 1_000;
const PAUSE_MS_MAX: i64 = 3_600_000;

/// Has somebody wait for the attempts of a job that ends before them. Records that were given up while theirs was under way say so.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    account: AccountId,
    locked: &mut LockedJob,
    now: Instant,
) -> Result<(), db::Error> {
    let attempts = list(tx, account, locked)?;
    if attempts.is_empty() {
        return Ok(());
    }
    if let Some(reason) = &locked.job.given_up {
        let under_way = attempts.iter().filter(|attempt| !attempt.status.has_ended());
        let texts: Vec<_> = under_way.map(|attempt| (attempt.record, given_up(reason, attempt.activity))).collect();
        let results: Vec<_> = texts.iter().map(|(id, text)| failed(*id, text)).collect();
        store::bulk::set_results(tx, account, locked.job.id, &results)?;
        // They have been tried.
        locked.job.given_up_count -= i64::try_from(results.len()).unwrap_or(i64::MAX);
    }
    jobs::enqueue(tx, account.0, LATE, locked.job.id.0, now)
}

fn given_up(reason: &str, activity: PaymentActivityId) -> String {
    format!("{reason} Payment activity {activity} was under way. {TELLS_LATER}")
}

fn failed(id: BulkRecordId, details: &String) -> RecordResult<'_> {
    let status = BulkRecordStatus::FailedProcessing;
    RecordResult { id, status, details: Some(details), created_id: None, amount: None }
}

fn list(tx: &mut Tx<'_>, account: AccountId, locked: &LockedJob) -> Result<Vec<Attempt>, db::Error> {
    let records = locked.records();
    attempt::list(tx, account, locked.job.id, records.start..=records.end)
}

/// Wakes whoever waits for the end of an attempt, and does not see it yet.
pub(crate) fn hasten(
    tx: &mut Tx<'_>,
    account: AccountId,
    activity: PaymentActivityId,
    now: Instant,
) -> Result<(), db::Error> {
    match attempt::find_job(tx, account, activity)? {
        Some(job) => jobs::hasten_locked(tx, LATE, job.0, now),
        None => Ok(()),
    }
}

/// Has records tell how their attempts ended, and comes back for those that have not.
pub(super) fn step(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    let Some(mut locked) = locked else {
        lease.finish(tx)?;
        return Ok(Left::Nothing);
    };
    let moment = moment(tx, &locked, now)?;
    let session = App::own_session(tx, account, moment)?;
    settle(tx, &session, &mut locked)?;
    if list(tx, account, &locked)?.is_empty() {
        lease.finish(tx)?;
    } else {
        let age_ms = locked.job.processed_at.map_or(0, |ended_at| now.since(ended_at));
        lease.again(tx, now.plus_millis((age_ms / 10).clamp(PAUSE_MS_MIN, PAUSE_MS_MAX)))?;
    }
    Ok(Left::Nothing)
}

/// Has the records of an ended job tell how their attempts ended, as far as they have, and counts those anew that were paid.
pub(super) fn settle(tx: &mut Tx<'_>, session: &Session, locked: &mut LockedJob) -> Result<(), Error> {
    let account = session.account.id;
    let mut verdicts = Verdicts::new();
    for Attempt { record, activity, .. } in list(tx, account, locked)?.into_iter().filter(|attempt| attempt.has_ended) {
        if let Some(verdict) = collecting::ended(tx, session, activity)? {
            verdicts.push((record, verdict));
            attempt::delete(tx, account, locked.job.id, record)?;
        }
    }
    let (paid, refused): (Verdicts, Verdicts) =
        verdicts.into_iter().partition(|(_, verdict)| verdict.status == BulkRecordStatus::Processed);
    // A failure was told already, or with the end of the job.
    let results: Vec<_> = refused.iter().map(|(record, verdict)| chunk::result(*record, verdict)).collect();
    store::bulk::set_results(tx, account, locked.job.id, &results)?;
    if paid.is_empty() {
        return Ok(());
    }
    chunk::store_results(tx, session, &locked.job, BulkLaneId(locked.job.id.0), &paid, false)?;
    recount(&mut locked.job, i64::try_from(paid.len()).unwrap_or(i64::MAX));
    locked.last = Mark { at: session.now, id: tx.next_id()? };
    Ok(store::bulk::update(tx, account, locked)?)
}

/// Counts failed records as processed.
fn recount(job: &mut BulkJob, count: i64) {
    job.counts.failed_processed -= count;
    job.counts.processed += count;
    if job.given_up.is_none() && job.status == BulkJobStatus::ProcessedWithErrors {
        job.status = BulkJob::processed(job.counts);
    }
}
