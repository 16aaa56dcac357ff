//! A part of a job in one transaction: its records, their effects and results, and the place reached.

use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkRecord, BulkRecordStatus, CUT_OFF},
    event::EventType,
    id::{AccountId, BulkJobId, BulkRecordId},
};
use calendar::{Clock, Instant};
use db::Tx;
use jobs::Lease;
use store::bulk::{LockedJob, RecordResult};

use super::{
    EXPIRE, Limits, START,
    pace::Pace,
    process,
    record::{self, RecordParser, Verdict},
    tell, whole,
};
use crate::{App, Error};

/// What a chunk leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// There may be more records.
    More,
    /// The phase has ended, or the job had.
    Nothing,
    /// Another worker has the job.
    Lost,
}

/// What every chunk of a worker has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) parser: RecordParser,
    pub(super) limits: Limits,
}

impl Rules {
    pub(super) fn record_count(self, pace: Pace) -> i64 {
        match pace {
            Pace::Full => self.limits.chunk_record_count.max(1),
            Pace::Single { .. } | Pace::StepOver => 1,
        }
    }
}

/// Does the next records of the phase that the job is in. The lease counts from when the job is locked: the wait for it may
/// have been longer than a lease.
pub(super) fn run(tx: &mut Tx<'_>, lease: &Lease, rules: Rules, pace: Pace, clock: &Clock) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    let under_way = locked.filter(|LockedJob { job, .. }| {
        matches!(job.status, BulkJobStatus::Validating | BulkJobStatus::Processing) && job.paused_at.is_none()
    });
    let Some(mut locked) = under_way else {
        lease.finish(tx)?;
        return Ok(Left::Nothing);
    };
    let session = App::own_session(tx, account, now)?;
    if locked.job.status == BulkJobStatus::Processing && locked.job.options.is_whole() {
        whole::run(tx, &session, rules, pace, &mut locked)?;
        lease.finish(tx)?;
        store::bulk::update(tx, account, &locked)?;
        return Ok(Left::Nothing);
    }
    let count_max = locked.job.left_before_pause().unwrap_or(i64::MAX).min(rules.record_count(pace));
    let records = store::bulk::records_from(tx, account, &locked.job, locked.next_record, count_max)?;
    let results = judge(tx, &session, rules, pace, &locked.job, &records)?;
    for (_, verdict) in &results {
        count(&mut locked.job.counts, verdict.status);
    }
    if let Some(last) = records.last() {
        locked.next_record = BulkRecordId(last.id.0 + 1);
    }
    store_results(tx, account, id, &results)?;
    let is_last = i64::try_from(records.len()).is_ok_and(|count| count < count_max);
    if is_last {
        end(tx, &session, rules.limits, &mut locked)?;
    } else if locked.job.is_at_pause() && locked.job.may_be_paused().is_ok() {
        locked.job.paused_at = Some(now);
        tell(tx, account, EventType::BulkJobPaused, id, now)?;
    }
    let is_over = is_last || locked.job.paused_at.is_some();
    if is_over {
        lease.finish(tx)?;
    }
    store::bulk::update(tx, account, &locked)?;
    Ok(if is_over { Left::Nothing } else { Left::More })
}

/// What becomes of the records that have a part in this phase.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    session: &Session,
    rules: Rules,
    pace: Pace,
    job: &BulkJob,
    records: &[BulkRecord],
) -> Result<Vec<(BulkRecordId, Verdict)>, Error> {
    let (waiting, failed) = if job.status == BulkJobStatus::Validating {
        (BulkRecordStatus::NotStarted, BulkRecordStatus::FailedValidation)
    } else {
        (BulkRecordStatus::PassedValidation, BulkRecordStatus::FailedProcessing)
    };
    let records: Vec<_> = records.iter().filter(|record| record.status == waiting).collect();
    let verdicts = if pace == Pace::StepOver {
        records.iter().map(|_| record::broken(failed)).collect()
    } else if waiting == BulkRecordStatus::NotStarted {
        record::validate_all(tx, session, rules.parser, job.job_type, &records)?
    } else {
        record::apply_all(tx, session, rules.parser, job.job_type, &records)?
    };
    Ok(records.iter().map(|record| record.id).zip(verdicts).collect())
}

/// Stores what became of records. Neighbours share a statement where there is nothing to tell but where they stand, which in a
/// good job is everywhere.
pub(super) fn store_results(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    results: &[(BulkRecordId, Verdict)],
) -> Result<(), Error> {
    let are_alike = |(id, verdict): &(BulkRecordId, Verdict), (next_id, next): &(BulkRecordId, Verdict)| {
        next_id.0 == id.0 + 1 && next.status == verdict.status && verdict.is_plain() && next.is_plain()
    };
    let mut results_to_tell = Vec::new();
    for alike in results.chunk_by(are_alike) {
        match alike {
            [(first, verdict), .., (last, _)] => {
                store::bulk::set_status(tx, account, job, *first..=*last, verdict.status)?;
            }
            [(id, Verdict { status, details, created_id, amount })] => results_to_tell.push(RecordResult {
                id: *id,
                status: *status,
                details: details.as_ref(),
                created_id: *created_id,
                amount: *amount,
            }),
            [] => {}
        }
    }
    Ok(store::bulk::set_results(tx, account, job, &results_to_tell)?)
}

/// Counts a record where it stands.
pub(super) fn count(counts: &mut BulkCounts, status: BulkRecordStatus) {
    match status {
        BulkRecordStatus::NotStarted => {}
        BulkRecordStatus::PassedValidation => counts.successful += 1,
        BulkRecordStatus::FailedValidation => counts.failed += 1,
        BulkRecordStatus::Processed => counts.processed += 1,
        BulkRecordStatus::FailedProcessing => counts.failed_processed += 1,
    }
}

/// Ends the phase.
pub(super) fn end(tx: &mut Tx<'_>, session: &Session, limits: Limits, locked: &mut LockedJob) -> Result<(), Error> {
    let (account, now, job) = (session.account.id, session.now, &mut locked.job);
    let event_type = if job.status == BulkJobStatus::Validating {
        job.status = BulkJob::validated(job.counts);
        job.validated_at = Some(now);
        let (kind, due_at) = match job.options.starts_at {
            Some(starts_at) => (START, starts_at.max(now)),
            None => (EXPIRE, now.plus_millis(limits.expires_after_ms)),
        };
        jobs::enqueue(tx, account.0, kind, job.id.0, due_at)?;
        EventType::BulkJobValidated
    } else {
        job.status = BulkJob::processed(job.counts);
        job.processed_at = Some(now);
        EventType::BulkJobProcessed
    };
    Ok(tell(tx, account, event_type, job.id, now)?)
}

/// Begins to process a validated job whose time has come.
pub(super) fn start(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    lease.finish(tx)?;
    if let Some(mut locked) = locked.filter(|locked| locked.job.status.is_validated()) {
        process::start(tx, account, &mut locked, now)?;
    }
    Ok(Left::Nothing)
}

/// Ends a validated job that nobody processed in time. Its records stay what their validation made of them.
pub(super) fn expire(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    let expired = |job: &mut BulkJob, _: Instant| {
        job.status = BulkJobStatus::Expired;
        EventType::BulkJobExpired
    };
    end_overdue(tx, lease, clock, BulkJobStatus::is_validated, expired)
}

/// Ends a job whose submission was cut off before its last record was stored.
pub(super) fn abandon(tx: &mut Tx<'_>, lease: &Lease, clock: &Clock) -> Result<Left, Error> {
    let failed = |job: &mut BulkJob, now: Instant| {
        job.give_up(BulkJobStatus::Failed, CUT_OFF, now);
        EventType::BulkJobFailed
    };
    end_overdue(tx, lease, clock, |status| status == BulkJobStatus::NotStarted, failed)
}

fn end_overdue(
    tx: &mut Tx<'_>,
    lease: &Lease,
    clock: &Clock,
    is_overdue: impl Fn(BulkJobStatus) -> bool,
    end: impl FnOnce(&mut BulkJob, Instant) -> EventType,
) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkJobId(lease.task.subject_id));
    let locked = store::bulk::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    if let Some(mut locked) = locked.filter(|locked| is_overdue(locked.job.status)) {
        let event_type = end(&mut locked.job, now);
        store::bulk::update(tx, account, &locked)?;
        tell(tx, account, event_type, id, now)?;
    }
    lease.finish(tx)?;
    Ok(Left::Nothing)
}
