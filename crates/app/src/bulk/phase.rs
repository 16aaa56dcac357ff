//! The phases of a job: how their lanes begin and end, and the tasks that bring it further.

use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, Lane, Part},
    event::EventType,
    id::{AccountId, BulkLaneId},
};
use calendar::Instant;
use db::Tx;
use store::bulk::LockedJob;

use super::{ABANDON, EXPIRE, Limits, PROCESS, PROCESS_WHOLE, START, VALIDATE, late, moment, tell, types};
use crate::Error;

/// Begins the phase that a job has come to: its lanes, each with a task that is due at once.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    account: AccountId,
    locked: &mut LockedJob,
    due_at: Instant,
) -> Result<(), db::Error> {
    let job = &locked.job;
    if let Some(kind) = whole_task(job) {
        return jobs::enqueue(tx, account.0, kind, job.id.0, due_at);
    }
    let pause_in = job.options.pause_after.filter(|_| job.status == BulkJobStatus::Processing);
    let parts = job.parts(locked.records(), locked.lane_count, pause_in);
    open_lanes(tx, account, locked, parts, due_at)
}

/// Goes on after a pause. Where the job has paused by itself, its only lane makes room for all.
pub(super) fn go_on(
    tx: &mut Tx<'_>,
    account: AccountId,
    locked: &mut LockedJob,
    due_at: Instant,
) -> Result<(), db::Error> {
    let at_pause = locked.lanes.iter().find(|lane| lane.pause_in == Some(0));
    let Some(lane) = at_pause else {
        mark_lanes(tx, account, locked)?;
        return enqueue_lanes(tx, account, locked, due_at);
    };
    let parts = locked.job.parts(lane.next_record..lane.end_record, locked.lane_count, None);
    close_lanes(tx, account, locked)?;
    open_lanes(tx, account, locked, parts, due_at)
}

fn open_lanes(
    tx: &mut Tx<'_>,
    account: AccountId,
    locked: &mut LockedJob,
    parts: Vec<Part>,
    due_at: Instant,
) -> Result<(), db::Error> {
    let ids = tx.next_ids(i64::try_from(parts.len()).unwrap_or(i64::MAX))?;
    let job = &locked.job;
    let is_ordered = locked.lane_count == 1 || !types::is_by_customer(job.job_type);
    let lane = |(part, id): (Part, i64)| Lane {
        id: BulkLaneId(id),
        job: job.id,
        share: part.share,
        next_record: part.records.start,
        end_record: part.records.end,
        counts: BulkCounts::default(),
        is_ordered,
        pause_in: part.pause_in,
        last: locked.last,
    };
    let lanes: Vec<_> = parts.into_iter().zip(ids).map(lane).collect();
    store::bulk::lane::insert(tx, account, &lanes)?;
    locked.lanes = lanes;
    enqueue_lanes(tx, account, locked, due_at)
}

fn enqueue_lanes(tx: &mut Tx<'_>, account: AccountId, locked: &LockedJob, due_at: Instant) -> Result<(), db::Error> {
    let Some(kind) = lane_task(&locked.job) else { return Ok(()) };
    for lane in &locked.lanes {
        jobs::enqueue(tx, account.0, kind, lane.id.0, due_at)?;
    }
    Ok(())
}

/// Lets the lanes of a job know that something was told of it: a reader goes as far as the lane that has come least far.
pub(super) fn mark_lanes(tx: &mut Tx<'_>, account: AccountId, locked: &mut LockedJob) -> Result<(), db::Error> {
    for lane in &mut locked.lanes {
        lane.last = locked.last;
        store::bulk::lane::update(tx, account, lane)?;
    }
    Ok(())
}

/// Removes the lanes of a job, which counts from then on what they counted.
fn close_lanes(tx: &mut Tx<'_>, account: AccountId, locked: &mut LockedJob) -> Result<(), db::Error> {
    locked.last = locked.last_of_all();
    for lane in std::mem::take(&mut locked.lanes) {
        store::bulk::lane::delete(tx, account, lane.id)?;
    }
    Ok(())
}

/// Takes a job from whoever works on it, and from the queue.
pub(super) fn stop(tx: &mut Tx<'_>, locked: &LockedJob) -> Result<(), db::Error> {
    if let Some(kind) = job_task(&locked.job) {
        jobs::remove(tx, kind, locked.job.id.0)?;
    }
    if let Some(kind) = lane_task(&locked.job) {
        for lane in &locked.lanes {
            jobs::remove(tx, kind, lane.id.0)?;
        }
    }
    Ok(())
}

/// Ends a job with every record that has not ended, and frees its place.
pub(super) fn give_up(
    tx: &mut Tx<'_>,
    account: AccountId,
    locked: &mut LockedJob,
    (status, reason): (BulkJobStatus, &str),
    now: Instant,
) -> Result<(), db::Error> {
    let moment = moment(tx, locked, now)?;
    stop(tx, locked)?;
    close_lanes(tx, account, locked)?;
    locked.job.give_up(status, reason, moment);
    let event_type =
        if status == BulkJobStatus::Failed { EventType::BulkJobFailed } else { EventType::BulkJobProcessed };
    tell(tx, account, event_type, locked, moment)?;
    late::begin(tx, account, locked, now)?;
    store::bulk::update(tx, account, locked)
}

/// Ends the phase: all of its records have ended it.
pub(super) fn end(tx: &mut Tx<'_>, session: &Session, limits: Limits, locked: &mut LockedJob) -> Result<(), Error> {
    let (account, now) = (session.account.id, session.now);
    let job = &mut locked.job;
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
        late::begin(tx, account, locked, now)?;
        EventType::BulkJobProcessed
    };
    Ok(tell(tx, account, event_type, locked, now)?)
}

/// The task that brings a job further which is in no lane.
pub(super) fn job_task(job: &BulkJob) -> Option<&'static str> {
    match job.status {
        BulkJobStatus::NotStarted => Some(ABANDON),
        BulkJobStatus::Validated | BulkJobStatus::ValidatedWithErrors => {
            Some(if job.options.starts_at.is_some() { START } else { EXPIRE })
        }
        BulkJobStatus::Processing => whole_task(job),
        BulkJobStatus::Validating
        | BulkJobStatus::Done
        | BulkJobStatus::Processed
        | BulkJobStatus::ProcessedWithErrors
        | BulkJobStatus::Expired
        | BulkJobStatus::Failed => None,
    }
}

fn whole_task(job: &BulkJob) -> Option<&'static str> {
    (job.status == BulkJobStatus::Processing && job.options.is_whole()).then_some(PROCESS_WHOLE)
}

/// The task of each lane of a job; those of a paused one wait without.
pub(super) fn lane_task(job: &BulkJob) -> Option<&'static str> {
    match job.status {
        BulkJobStatus::Validating => Some(VALIDATE),
        BulkJobStatus::Processing => Some(PROCESS),
        BulkJobStatus::NotStarted
        | BulkJobStatus::Validated
        | BulkJobStatus::ValidatedWithErrors
        | BulkJobStatus::Done
        | BulkJobStatus::Processed
        | BulkJobStatus::ProcessedWithErrors
        | BulkJobStatus::Expired
        | BulkJobStatus::Failed => None,
    }
}
