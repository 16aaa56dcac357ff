//! Bulk jobs with how many of their records stand where.

use billing::{
    bulk::BulkCounts,
    id::{AccountId, BulkJobId},
};
use db::{Error, Tx, values};
use money::{Amount, MILLIONTHS};

use super::each;
use crate::row::{Columns, sum_of};

/// The counters of a job, and what its records say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRow {
    /// The job.
    pub id: BulkJobId,
    /// What the job and its lanes say.
    pub stored: BulkCounts,
    /// What its records say.
    pub counted: BulkCounts,
    /// What they have moved by its totals, of all currencies together; nothing where those were not counted yet.
    pub stored_moved: Amount,
    /// What they have moved by what each of them says.
    pub counted_moved: Amount,
}

/// Visits the jobs of an account that still have their records, in order of id. Records that were given up with their job
/// count as failed.
pub fn each_job(tx: &mut Tx<'_>, account: AccountId, mut visit: impl FnMut(JobRow)) -> Result<(), Error> {
    let moved = sum_of("(CASE WHEN r.status = 'Processed' AND j.has_totals THEN COALESCE(r.amount, 0) ELSE 0 END)");
    let sql = format!(
        "SELECT j.id, j.total, j.successful + COALESCE(MIN(l.successful), 0), j.failed + COALESCE(MIN(l.failed), 0),
             j.processed + COALESCE(MIN(l.processed), 0), j.failed_processed + COALESCE(MIN(l.failed_processed), 0),
             COUNT(r.id),
             CAST(SUM(CASE WHEN r.status IN ('PassedValidation', 'Processed', 'FailedProcessing')
                 OR (r.status = 'NotStarted' AND j.given_up IS NOT NULL) THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'FailedValidation' THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'Processed' THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN r.status = 'FailedProcessing'
                 OR (r.status IN ('NotStarted', 'PassedValidation') AND j.given_up IS NOT NULL) THEN 1 ELSE 0 END)
                 AS BIGINT),
             COALESCE(MIN(t.units), 0), COALESCE(MIN(t.millionths), 0), {moved}
         FROM bulk_job j
         LEFT JOIN (
             SELECT account_id, job_id, CAST(SUM(successful) AS BIGINT) AS successful, CAST(SUM(failed) AS BIGINT) AS failed,
                 CAST(SUM(processed) AS BIGINT) AS processed, CAST(SUM(failed_processed) AS BIGINT) AS failed_processed
             FROM bulk_lane WHERE account_id = $1 GROUP BY account_id, job_id
         ) l ON l.account_id = j.account_id AND l.job_id = j.id
         LEFT JOIN (
             SELECT job_id, CAST(SUM(moved / {MILLIONTHS}) AS BIGINT) AS units, CAST(SUM(moved % {MILLIONTHS}) AS BIGINT) AS millionths
             FROM bulk_total WHERE account_id = $1 GROUP BY job_id
         ) t ON t.job_id = j.id
         LEFT JOIN bulk_record r ON r.account_id = j.account_id AND r.job_id = j.id
         WHERE j.account_id = $1 AND j.records_deleted_at IS NULL GROUP BY j.account_id, j.id ORDER BY j.id"
    );
    each(tx, &sql, &values![account.0], |row| {
        let mut columns = Columns::of(row);
        visit(JobRow {
            id: BulkJobId(columns.next()?),
            stored: counts(&mut columns)?,
            counted: counts(&mut columns)?,
            stored_moved: columns.sum()?,
            counted_moved: columns.sum()?,
        });
        Ok(())
    })
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
