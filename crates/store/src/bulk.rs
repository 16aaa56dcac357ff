//! Bulk jobs and their records.

use billing::{
    bulk::{BulkCounts, BulkJob, BulkRecord, BulkRecordStatus, GIVEN_UP},
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
    /// Every record before this one has ended the current phase.
    pub next_record: BulkRecordId,
}

/// Stores a new job with its records; their ids follow each other in input order.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, job: &BulkJob, records: &[String]) -> Result<(), Error> {
    let ids = tx.next_ids(job.counts.total)?;
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
            ids.start
        ],
    )?;
    let rows = records
        .iter()
        .zip(ids)
        .map(|(data, id)| values![account.0, job.id.0, id, BulkRecordStatus::NotStarted.name(), data.as_str()]);
    tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], rows)
}

const SELECT: &str = "SELECT id, job_type, status, total, successful, failed, processed, failed_processed, created_at,
    validated_at, processing_at, processed_at, file_name, reference, related_id, is_internal, next_record_id
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
    };
    Ok(LockedJob { job, next_record: BulkRecordId(columns.next()?) })
}

/// The unfinished job of the account, if there is one.
pub fn find_open(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<BulkJobId>, Error> {
    tx.query_opt(
        "SELECT id FROM bulk_job WHERE account_id = $1
         AND status IN ('NotStarted', 'Validating', 'Validated', 'ValidatedWithErrors', 'Processing')",
        &values![account.0],
        |row| row.get(0).map(BulkJobId),
    )
}

/// Stores where a job stands: status, counters, times and the place reached.
pub fn update(tx: &mut Tx<'_>, account: AccountId, job: &LockedJob) -> Result<(), Error> {
    let LockedJob { job, next_record } = job;
    tx.execute(
        "UPDATE bulk_job SET status = $3, successful = $4, failed = $5, processed = $6, failed_processed = $7,
             validated_at = $8, processing_at = $9, processed_at = $10, next_record_id = $11
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            job.id.0,
            job.status.name(),
            job.counts.successful,
            job.counts.failed,
            job.counts.processed,
            job.counts.failed_processed,
            at_opt(job.validated_at),
            at_opt(job.processing_at),
            at_opt(job.processed_at),
            next_record.0
        ],
    )?;
    Ok(())
}

/// Up to `limit` records from `from` on, in input order.
pub fn records_from(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    from: BulkRecordId,
    limit: i64,
) -> Result<Vec<BulkRecord>, Error> {
    tx.query(
        "SELECT id, status, data, details, created_id FROM bulk_record
         WHERE account_id = $1 AND job_id = $2 AND id >= $3 ORDER BY id LIMIT $4",
        &values![account.0, job.0, from.0, limit],
        record,
    )
}

/// Id of a job's first record.
pub fn first_record(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId) -> Result<Option<BulkRecordId>, Error> {
    tx.query_opt(
        "SELECT id FROM bulk_record WHERE account_id = $1 AND job_id = $2 ORDER BY id LIMIT 1",
        &values![account.0, job.0],
        |row| row.get(0).map(BulkRecordId),
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

/// Gives up every record that has not ended: the number that changed.
pub fn give_up(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId) -> Result<u64, Error> {
    tx.execute(
        "UPDATE bulk_record SET status = 'FailedProcessing', details = $3
         WHERE account_id = $1 AND job_id = $2 AND status IN ('NotStarted', 'PassedValidation')",
        &values![account.0, job.0, GIVEN_UP],
    )
}
