//! Bulk jobs and their records.

use std::ops::RangeInclusive;

use billing::{
    bulk::{BulkCounts, BulkJob, BulkRecord, BulkRecordStatus},
    id::{AccountId, BulkJobId, BulkRecordId},
    named::Named,
};
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at, at_opt, text_opt};

/// A job as its worker sees it: with the place that the current phase has reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedJob {
    /// The job.
    pub job: BulkJob,
    /// Every record before this one has been stored, or has ended the current phase.
    pub next_record: BulkRecordId,
}

impl LockedJob {
    /// The first record of a job that has passed its last one: ids follow each other.
    pub fn first_record(&self) -> BulkRecordId {
        BulkRecordId(self.next_record.0 - self.job.counts.total)
    }
}

/// Stores a new job, still without records; its place is where the first one goes.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, job: &LockedJob) -> Result<(), Error> {
    let LockedJob { job, next_record } = job;
    tx.execute(
        "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed, failed_processed,
             created_at, file_name, reference, related_id, is_internal, next_record_id)
         VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, $6, $7, $8, $9, $10, $11)",
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
            next_record.0
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

const SELECT: &str = "SELECT id, job_type, status, total, successful, failed, processed, failed_processed, created_at,
    validated_at, processing_at, processed_at, file_name, reference, related_id, is_internal, given_up, next_record_id
    FROM bulk_job WHERE account_id = $1 AND id = $2";

/// One job.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: BulkJobId) -> Result<Option<BulkJob>, Error> {
    let found = tx.query_opt(SELECT, &values![account.0, id.0], locked_job)?;
    Ok(found.map(|found| found.job))
}

/// Locks a job until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: BulkJobId) -> Result<Option<LockedJob>, Error> {
    tx.lock(SELECT, &values![account.0, id.0], locked_job)
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
    };
    Ok(LockedJob { job, next_record: BulkRecordId(columns.next()?) })
}

/// The job that takes the account's place for one, if there is one: [`BulkJob::takes_place`].
pub fn find_open(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<BulkJobId>, Error> {
    tx.query_opt(
        "SELECT id FROM bulk_job WHERE account_id = $1
         AND (status IN ('NotStarted', 'Validating', 'Validated', 'Processing')
             OR (status = 'ValidatedWithErrors' AND successful > 0))",
        &values![account.0],
        |row| row.get(0).map(BulkJobId),
    )
}

/// Stores where a job stands: status, counters, times and the place reached.
pub fn update(tx: &mut Tx<'_>, account: AccountId, job: &LockedJob) -> Result<(), Error> {
    let LockedJob { job, next_record } = job;
    tx.execute(
        "UPDATE bulk_job SET status = $3, total = $4, successful = $5, failed = $6, processed = $7, failed_processed = $8,
             validated_at = $9, processing_at = $10, processed_at = $11, given_up = $12, next_record_id = $13
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            job.id.0,
            job.status.name(),
            job.counts.total,
            job.counts.successful,
            job.counts.failed,
            job.counts.processed,
            job.counts.failed_processed,
            at_opt(job.validated_at),
            at_opt(job.processing_at),
            at_opt(job.processed_at),
            text_opt(job.given_up.as_ref()),
            next_record.0
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
        "SELECT id, status, data, details, created_id FROM bulk_record
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

/// Stores what became of a record.
pub fn set_result(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    id: BulkRecordId,
    status: BulkRecordStatus,
    details: Option<&String>,
    created_id: Option<i64>,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE bulk_record SET status = $4, details = $5, created_id = $6
         WHERE account_id = $1 AND job_id = $2 AND id = $3",
        &values![account.0, job.0, id.0, status.name(), text_opt(details), created_id],
    )?;
    Ok(())
}
