//! How a job comes into being, whichever way its records arrive: opened, filled a portion in a transaction, complete.

use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkJobType, BulkOptions, Mark, lane_count},
    event::EventType,
    id::{BulkJobId, BulkRecordId},
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use store::bulk::LockedJob;

use super::{ABANDON, Limits, phase, retire, tell};
use crate::{App, Caller, Error};

/// How long after its last portion a submission is taken for cut off: far longer than any portion takes, and not so long
/// that the account waits for its place.
pub const CUT_OFF_AFTER_MS: i64 = 30_000;

/// Text of the records that share a transaction; one record may be longer.
pub const PORTION_BYTES_MAX: usize = 1 << 20;

/// Records that are worth a further lane.
const LANE_RECORD_COUNT: i64 = 500;

/// What is told of a submission without records.
pub(super) const NO_RECORD: &str = "At least one record is required.";

/// What is told of a submission with more records than a job can have.
pub(super) fn too_many(count_max: usize) -> String {
    format!("A job can have at most {count_max} records.")
}

/// What a new job is, beside its records.
#[derive(Debug, Clone)]
pub struct Header {
    /// What the records are.
    pub job_type: BulkJobType,
    /// How it is to be done.
    pub options: BulkOptions,
    /// A label; the type's own when absent.
    pub reference: Option<String>,
    /// Name of the file; made of type and day when absent.
    pub file_name: Option<String>,
    /// The columns of the file, as a JSON array.
    pub columns: Option<String>,
}

impl Header {
    /// A job as the original has it.
    pub fn of(job_type: BulkJobType) -> Self {
        Self { job_type, options: BulkOptions::default(), reference: None, file_name: None, columns: None }
    }
}

/// `BulkWriteOff` does not exist until the account may write off over the API (bulk-jobs.md §2.1).
pub(super) fn require_enabled(session: &Session, job_type: BulkJobType) -> Result<(), Error> {
    if job_type == BulkJobType::BulkWriteOff && !session.account.may_write_off {
        return Err(Error::NotEnabled("BulkWriteOff is not enabled for this account."));
    }
    Ok(())
}

/// Stores a job without records, of which there will be `count_max` at most: their ids follow each other. Refused while
/// another job of the account is unfinished.
pub(super) fn open(
    tx: &mut Tx<'_>,
    session: &Session,
    header: &Header,
    count_max: usize,
    limits: Limits,
) -> Result<LockedJob, Error> {
    let (account, now) = (session.account.id, session.now);
    if let Some(open) = store::bulk::find_open(tx, account)? {
        return Err(Refusal::JobOpen(open).into());
    }
    let Header { job_type, options, reference, file_name, columns } = header.clone();
    let job = BulkJob {
        id: BulkJobId(tx.next_id()?),
        job_type,
        status: BulkJobStatus::NotStarted,
        counts: BulkCounts::default(),
        created_at: now,
        validated_at: None,
        processing_at: None,
        processed_at: None,
        file_name: file_name.unwrap_or_else(|| own_file_name(job_type, now)),
        reference: reference.unwrap_or_else(|| job_type.reference().to_owned()),
        related_id: None,
        is_internal: false,
        given_up: None,
        given_up_count: 0,
        options,
        paused_at: None,
        content_hash: None,
        columns,
        records_deleted_at: None,
    };
    let ids = tx.next_ids(i64::try_from(count_max).unwrap_or(i64::MAX))?;
    let last = Mark { at: now, id: job.id.0 };
    let next_record = BulkRecordId(ids.start);
    let mut locked = LockedJob { job, next_record, lane_count: 1, last, lanes: Vec::new() };
    tell(tx, account, EventType::BulkJobCreated, &mut locked, now)?;
    store::bulk::insert(tx, account, &locked)?;
    retire::ensure(tx, account, limits, now)?;
    Ok(locked)
}

/// Stores further records, and has the job validated when they are the last.
pub(super) fn append(
    tx: &mut Tx<'_>,
    session: &Session,
    locked: &mut LockedJob,
    (records, is_last): (&[String], bool),
    limits: Limits,
) -> Result<(), Error> {
    let (account, now, id) = (session.account.id, session.now, locked.job.id);
    jobs::remove(tx, ABANDON, id.0)?;
    store::bulk::insert_records(tx, account, id, locked.next_record, records)?;
    let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
    locked.job.counts.total += count;
    locked.next_record.0 += count;
    if is_last {
        locked.job.status = BulkJobStatus::Validating;
        let least = limits.chunk_record_count.min(LANE_RECORD_COUNT);
        locked.lane_count = lane_count(locked.job.counts.total, least, limits.lane_count);
        phase::begin(tx, account, locked, now)?;
    } else {
        jobs::enqueue(tx, account.0, ABANDON, id.0, now.plus_millis(CUT_OFF_AFTER_MS))?;
    }
    Ok(store::bulk::update(tx, account, locked)?)
}

/// Ends a job whose submission has failed. Not in the caller's name, whose key may be what failed; and when this fails, too, the
/// job's own end by age remains.
pub(super) async fn give_up(app: &App, caller: &Caller, id: BulkJobId, reason: &str) {
    let (account, now, reason) = (caller.account, app.now(), reason.to_owned());
    let unit = move |tx: &mut Tx<'_>| {
        let locked = store::bulk::lock(tx, account, id)?;
        let Some(mut locked) = locked.filter(|locked| locked.job.status == BulkJobStatus::NotStarted) else {
            return Ok(());
        };
        phase::give_up(tx, account, &mut locked, (BulkJobStatus::Failed, &reason), now)
    };
    if let Err(error) = app.db().write(unit).await {
        tracing::warn!(job = id.0, %error, "a submission that failed waits for its end by age");
    }
}

/// `BulkWriteOff-20201207.csv`, by the day in UTC.
fn own_file_name(job_type: BulkJobType, now: Instant) -> String {
    let day = now.utc_date();
    format!("{job_type}-{:04}{:02}{:02}.csv", day.year(), day.month(), day.day())
}
