//! Bulk jobs and their records.

pub mod attempt;
mod events;
pub mod lane;
mod results;
pub mod total;

use std::ops::{Range, RangeInclusive};

use billing::{
    bulk::{
        BulkCounts, BulkJob, BulkJobStatus, BulkJobType, BulkMode, BulkOptions, BulkRecord, BulkRecordStatus, Lane,
        Mark,
    },
    id::{AccountId, BulkJobId, BulkRecordId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

pub use self::{events::events, results::results_from};
use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    row::{Columns, at, at_opt, text_opt},
};

/// A job as whoever changes it sees it: with all its lanes, and nobody works on them meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedJob {
    /// The job; it counts what its lanes count.
    pub job: BulkJob,
    /// Where the submission has come to: behind the last record.
    pub next_record: BulkRecordId,
    /// In how many lanes it may be done.
    pub lane_count: i64,
    /// Where its own events have come to.
    pub last: Mark,
    /// The parts of the phase that it is in, by id.
    pub lanes: Vec<Lane>,
}

impl LockedJob {
    /// All records: their ids follow each other.
    pub fn records(&self) -> Range<BulkRecordId> {
        BulkRecordId(self.next_record.0 - self.job.counts.total)..self.next_record
    }

    /// Where the events of the job and of all its lanes have come to.
    pub fn last_of_all(&self) -> Mark {
        self.lanes.iter().map(|lane| lane.last).fold(self.last, Mark::max)
    }
}

/// Stores a new job, still without records; its place is where the first one goes.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, job: &LockedJob) -> Result<(), Error> {
    let LockedJob { job, next_record, lane_count, last, lanes: _ } = job;
    tx.execute(
        "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed, failed_processed,
             created_at, file_name, reference, related_id, is_internal, next_record_id, mode, is_dry_run, pause_after,
             starts_at, columns, lane_count, last_at, last_id, has_totals)
         VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, TRUE)",
        &values![
            account.0,
            job.id.0,
            job.job_type.name(),
            job.status.name(),
            job.counts.total,
            at(job.created_at),
            job.file_name.as_str(),
            job.reference.as_str(),
            job.related_id,
            job.is_internal,
            next_record.0,
            job.options.mode.name(),
            job.options.is_dry_run,
            job.options.pause_after,
            at_opt(job.options.starts_at),
            text_opt(job.columns.as_ref()),
            *lane_count,
            at(last.at),
            last.id
        ],
    )?;
    Ok(())
}

/// Stores records whose ids follow each other from `first` on, in input order.
pub fn insert_records(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    first: BulkRecordId,
    records: &[String],
) -> Result<(), Error> {
    let rows = records
        .iter()
        .zip(first.0..)
        .map(|(data, id)| values![account.0, job.0, id, BulkRecordStatus::NotStarted.name(), data.as_str()]);
    tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], rows)
}

const SELECT: &str = "j.id, j.job_type, j.status, j.total, j.successful + COALESCE(l.successful, 0),
    j.failed + COALESCE(l.failed, 0), j.processed + COALESCE(l.processed, 0),
    j.failed_processed + COALESCE(l.failed_processed, 0), j.created_at, j.validated_at, j.processing_at, j.processed_at,
    j.file_name, j.reference, j.related_id, j.is_internal, j.given_up, j.given_up_count, j.mode, j.is_dry_run, j.pause_after, j.starts_at,
    j.paused_at, j.content_hash, j.columns, j.records_deleted_at, j.next_record_id, j.lane_count,
    COALESCE(j.last_at, j.processed_at, j.processing_at, j.validated_at, j.created_at), COALESCE(j.last_id, j.id)";

/// Jobs of the account `$1` with what their lanes count, of which there are few.
const FROM: &str = "bulk_job j LEFT JOIN (
    SELECT account_id, job_id, CAST(SUM(successful) AS BIGINT) AS successful, CAST(SUM(failed) AS BIGINT) AS failed,
        CAST(SUM(processed) AS BIGINT) AS processed, CAST(SUM(failed_processed) AS BIGINT) AS failed_processed
    FROM bulk_lane WHERE account_id = $1 GROUP BY account_id, job_id
) l ON l.account_id = j.account_id AND l.job_id = j.id";

/// Names that jobs can be filtered and sorted by.
pub const COLUMNS: &[Column] = &[
    column("id", Kind::Id, "j.id"),
    column("type", Kind::Enum(BulkJobType::NAMES), "j.job_type"),
    column("status", Kind::Enum(BulkJobStatus::NAMES), "j.status"),
    searched("reference", Kind::Text, "j.reference"),
    searched("fileName", Kind::Text, "j.file_name"),
    column("mode", Kind::Enum(BulkMode::NAMES), "j.mode"),
    column("isDryRun", Kind::Boolean, "j.is_dry_run"),
    column("totalRecords", Kind::Integer, "j.total"),
    column("failedRecords", Kind::Integer, "j.failed + COALESCE(l.failed, 0)"),
    column("failedProcessedRecords", Kind::Integer, "j.failed_processed + COALESCE(l.failed_processed, 0)"),
    column("createdTimestamp", Kind::Instant, "j.created_at"),
    column("processedTimestamp", Kind::Instant, "j.processed_at"),
];

/// A page of the jobs of an account.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<BulkJob>, Error> {
    let source = Source { select: SELECT, from: FROM, scope: "j.account_id = $1", id: "j.id", columns: COLUMNS };
    list_page(tx, &source, &values![account.0], page, |row| locked_job(row).map(|found| found.job))
}

fn select_one() -> String {
    format!("SELECT {SELECT} FROM {FROM} WHERE j.account_id = $1 AND j.id = $2")
}

/// One job.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: BulkJobId) -> Result<Option<BulkJob>, Error> {
    let found = tx.query_opt(&select_one(), &values![account.0, id.0], locked_job)?;
    Ok(found.map(|found| found.job))
}

/// Locks a job without its lanes, on which others go on: enough to end one of them. Whether there is one.
pub fn lock_row(tx: &mut Tx<'_>, account: AccountId, id: BulkJobId) -> Result<bool, Error> {
    let sql = "SELECT id FROM bulk_job WHERE account_id = $1 AND id = $2";
    Ok(tx.lock(sql, &values![account.0, id.0], |row| row.get::<i64>(0))?.is_some())
}

/// Locks a job and then its lanes until the transaction ends, so that nobody works on it. It is read when all are locked: the
/// counters move until then.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: BulkJobId) -> Result<Option<LockedJob>, Error> {
    if !lock_row(tx, account, id)? {
        return Ok(None);
    }
    let lanes = lane::lock_all(tx, account, id)?;
    let found = tx.query_opt(&select_one(), &values![account.0, id.0], locked_job)?;
    Ok(found.map(|found| LockedJob { lanes, ..found }))
}

fn locked_job(row: &Row<'_>) -> Result<LockedJob, Error> {
    let mut columns = Columns::of(row);
    let job = BulkJob {
        id: BulkJobId(columns.next()?),
        job_type: columns.named()?,
        status: columns.named()?,
        counts: BulkCounts {
            total: columns.next()?,
            successful: columns.next()?,
            failed: columns.next()?,
            processed: columns.next()?,
            failed_processed: columns.next()?,
        },
        created_at: columns.instant()?,
        validated_at: columns.instant_opt()?,
        processing_at: columns.instant_opt()?,
        processed_at: columns.instant_opt()?,
        file_name: columns.next()?,
        reference: columns.next()?,
        related_id: columns.next()?,
        is_internal: columns.next()?,
        given_up: columns.next()?,
        given_up_count: columns.next()?,
        options: BulkOptions {
            mode: columns.named()?,
            is_dry_run: columns.next()?,
            pause_after: columns.next()?,
            starts_at: columns.instant_opt()?,
        },
        paused_at: columns.instant_opt()?,
        content_hash: columns.next()?,
        columns: columns.next()?,
        records_deleted_at: columns.instant_opt()?,
    };
    Ok(LockedJob {
        job,
        next_record: BulkRecordId(columns.next()?),
        lane_count: columns.next()?,
        last: Mark { at: columns.instant()?, id: columns.next()? },
        lanes: Vec::new(),
    })
}

/// The job that takes the account's place for one, if there is one: [`BulkJob::takes_place`].
pub fn find_open(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<BulkJobId>, Error> {
    tx.query_opt(
        "SELECT id FROM bulk_job WHERE account_id = $1
         AND (status IN ('NotStarted', 'Validating')
             OR (starts_at IS NULL AND (status IN ('Validated', 'Processing')
                 OR (status = 'ValidatedWithErrors' AND successful > 0 AND mode <> 'Atomic'))))",
        &values![account.0],
        |row| row.get(0).map(BulkJobId),
    )
}

/// The jobs since `since` that had the same type and records, the newest first.
pub fn with_content(tx: &mut Tx<'_>, account: AccountId, hash: &str, since: Instant) -> Result<Vec<BulkJob>, Error> {
    tx.query(
        &format!(
            "SELECT {SELECT} FROM {FROM} WHERE j.account_id = $1 AND j.content_hash = $2 AND j.created_at > $3
             ORDER BY j.created_at DESC, j.id DESC"
        ),
        &values![account.0, hash, at(since)],
        |row| locked_job(row).map(|found| found.job),
    )
}

/// Stores where a job stands: status, counters, times and the place of its submission. What its lanes count stays theirs.
pub fn update(tx: &mut Tx<'_>, account: AccountId, job: &LockedJob) -> Result<(), Error> {
    let LockedJob { job, next_record, lane_count, last, lanes } = job;
    let counts = lanes.iter().fold(job.counts, |counts, lane| counts.minus(lane.counts));
    tx.execute(
        "UPDATE bulk_job SET status = $3, total = $4, successful = $5, failed = $6, processed = $7, failed_processed = $8,
             validated_at = $9, processing_at = $10, processed_at = $11, given_up = $12, next_record_id = $13,
             paused_at = $14, content_hash = $15, records_deleted_at = $16, lane_count = $17, last_at = $18, last_id = $19,
             given_up_count = $20
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            job.id.0,
            job.status.name(),
            counts.total,
            counts.successful,
            counts.failed,
            counts.processed,
            counts.failed_processed,
            at_opt(job.validated_at),
            at_opt(job.processing_at),
            at_opt(job.processed_at),
            text_opt(job.given_up.as_ref()),
            next_record.0,
            at_opt(job.paused_at),
            text_opt(job.content_hash.as_ref()),
            at_opt(job.records_deleted_at),
            *lane_count,
            at(last.at),
            last.id,
            job.given_up_count
        ],
    )?;
    Ok(())
}

/// Up to `limit` records from `from` on, in input order, as their job leaves them.
pub fn records_from(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: &BulkJob,
    from: BulkRecordId,
    limit: i64,
) -> Result<Vec<BulkRecord>, Error> {
    tx.query(
        "SELECT id, status, data, details, created_id, amount FROM bulk_record
         WHERE account_id = $1 AND job_id = $2 AND id >= $3 ORDER BY id LIMIT $4",
        &values![account.0, job.id.0, from.0, limit],
        |row| record(row).map(|record| job.outcome(record)),
    )
}

fn record(row: &Row<'_>) -> Result<BulkRecord, Error> {
    let mut columns = Columns::of(row);
    Ok(BulkRecord {
        id: BulkRecordId(columns.next()?),
        status: columns.named()?,
        data: columns.next()?,
        details: columns.next()?,
        created_id: columns.next()?,
        amount: columns.next::<Option<i64>>()?.map(Amount::from_millionths),
    })
}

/// Stores where all records of a range stand, of which there is nothing else to tell.
pub fn set_status(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    records: RangeInclusive<BulkRecordId>,
    status: BulkRecordStatus,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE bulk_record SET status = $5 WHERE account_id = $1 AND job_id = $2 AND id BETWEEN $3 AND $4",
        &values![account.0, job.0, records.start().0, records.end().0, status.name()],
    )?;
    Ok(())
}

/// Stores that records passed validation, with the slot of the customer whom each is about.
pub fn set_passed(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    records: &[(BulkRecordId, i64)],
) -> Result<(), Error> {
    let passed = BulkRecordStatus::PassedValidation.name();
    let rows = records.iter().map(|(id, slot)| values![account.0, job.0, id.0, passed, *slot]);
    tx.update("bulk_record", &["account_id", "job_id", "id"], &["status", "lane"], rows)
}

/// What became of a record.
#[derive(Debug, Clone, Copy)]
pub struct RecordResult<'r> {
    /// The record.
    pub id: BulkRecordId,
    /// Where it stands.
    pub status: BulkRecordStatus,
    /// Why it failed.
    pub details: Option<&'r String>,
    /// What it created.
    pub created_id: Option<i64>,
    /// How much it moved.
    pub amount: Option<Amount>,
}

/// Stores what became of records of which there is more to tell.
pub fn set_results(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    results: &[RecordResult<'_>],
) -> Result<(), Error> {
    let rows = results.iter().map(|result| {
        values![
            account.0,
            job.0,
            result.id.0,
            result.status.name(),
            text_opt(result.details),
            result.created_id,
            result.amount.map(Amount::millionths)
        ]
    });
    let columns = &["status", "details", "created_id", "amount"];
    tx.update("bulk_record", &["account_id", "job_id", "id"], columns, rows)
}

/// Deletes up to `limit` of the oldest records of a job; how many.
pub fn delete_records(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId, limit: i64) -> Result<u64, Error> {
    // Nobody is left to tell how they ended.
    tx.execute("DELETE FROM bulk_attempt WHERE account_id = $1 AND job_id = $2", &values![account.0, job.0])?;
    tx.execute(
        "DELETE FROM bulk_record WHERE account_id = $1 AND job_id = $2 AND id IN
             (SELECT id FROM bulk_record WHERE account_id = $1 AND job_id = $2 ORDER BY id LIMIT $3)",
        &values![account.0, job.0, limit],
    )
}

/// Whether there is a job that has not ended.
pub fn has_unended(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "SELECT id FROM bulk_job WHERE account_id = $1 AND has_records
         AND status IN ('NotStarted', 'Validating', 'Validated', 'ValidatedWithErrors', 'Processing') LIMIT 1",
        &values![account.0],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// Notes that no record of a job is left.
pub fn set_without_records(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId) -> Result<(), Error> {
    let sql = "UPDATE bulk_job SET has_records = FALSE WHERE account_id = $1 AND id = $2";
    tx.execute(sql, &values![account.0, job.0]).map(|_| ())
}

/// The oldest ended job of which records may be left.
pub fn oldest_with_records(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<BulkJob>, Error> {
    tx.query_opt(
        &format!(
            "SELECT {SELECT} FROM {FROM}
             WHERE j.account_id = $1 AND j.status IN ('Done', 'Processed', 'ProcessedWithErrors', 'Expired', 'Failed')
             AND j.has_records ORDER BY j.created_at, j.id LIMIT 1"
        ),
        &values![account.0],
        |row| locked_job(row).map(|found| found.job),
    )
}
