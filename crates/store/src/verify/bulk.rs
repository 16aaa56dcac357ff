//! Bulk jobs with how many of their records stand where.

use billing::{
    bulk::BulkCounts,
    id::{AccountId, BulkJobId},
};
use db::{Error, Tx, values};

use super::each;
use crate::row::Columns;

/// The counters of a job, and what its records say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRow {
    /// The job.
    pub id: BulkJobId,
    /// What the job and its lanes say.
    pub stored: BulkCounts,
    /// What its records say.
    pub counted: BulkCounts,
}

/// Visits the jobs of an account that still have their records, in order of id. Records that were given up with their job
/// count as failed.
pub fn each_job(tx: &mut Tx<'_>, account: AccountId, mut visit: impl FnMut(JobRow)) -> Result<(), Error> {
    each(
        tx,
        "SELECT j.id, j.total, j.successful + COALESCE(MIN(l.successful), 0), j.failed + COALESCE(MIN(l.failed), 0),
             j.processed + COALESCE(MIN(l.processed), 0), j.failed_processed + COALESCE(MIN(l.failed_processed), 0),
             COUNT(r.id),
             CAST(SUM(CASE WHEN r.status IN ('PassedValidation', 'Processed', 'FailedProcessing')
                 OR (r.status = 'NotStarted' AND j.given_up IS NOT NULL) THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'FailedValidation' THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'Processed' THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'FailedProcessing'
                 OR (r.status IN ('NotStarted', 'PassedValidation') AND j.given_up IS NOT NULL) THEN 1 ELSE 0 END)
                 AS BIGINT)
         FROM bulk_job j
         LEFT JOIN (
             SELECT account_id, job_id, CAST(SUM(successful) AS BIGINT) AS successful, CAST(SUM(failed) AS BIGINT) AS failed,
                 CAST(SUM(processed) AS BIGINT) AS processed, CAST(SUM(failed_processed) AS BIGINT) AS failed_processed
             FROM bulk_lane GROUP BY account_id, job_id
         ) l ON l.account_id = j.account_id AND l.job_id = j.id
         LEFT JOIN bulk_record r ON r.account_id = j.account_id AND r.job_id = j.id
         WHERE j.account_id = $1 AND j.records_deleted_at IS NULL GROUP BY j.account_id, j.id ORDER BY j.id",
        &values![account.0],
        |row| {
            let mut columns = Columns::of(row);
            let id = BulkJobId(columns.next()?);
            visit(JobRow { id, stored: counts(&mut columns)?, counted: counts(&mut columns)? });
            Ok(())
        },
    )
}

fn counts(columns: &mut Columns<'_, '_>) -> Result<BulkCounts, Error> {
    Ok(BulkCounts {
        total: columns.next()?,
        successful: columns.next()?,
        failed: columns.next()?,
        processed: columns.next()?,
        failed_processed: columns.next()?,
    })
}
