//! What became of records, a page at a time.

use billing::{
    bulk::{BulkJob, BulkOutcome, BulkRecord},
    id::{AccountId, BulkRecordId},
    named::Named as _,
};
use db::{Error, Tx, values};

/// Records of a job that have come to `outcome`, from `from` on, in input order, as their job leaves them. There are at most
/// `count_max`, and only the last one goes beyond `length_max` characters of input altogether.
pub fn results_from(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: &BulkJob,
    outcome: BulkOutcome,
    from: BulkRecordId,
    (count_max, length_max): (i64, i64),
) -> Result<Vec<BulkRecord>, Error> {
    let names: Vec<_> = outcome.statuses().iter().map(|status| format!("'{}'", status.name())).collect();
    let scope = format!("account_id = $1 AND job_id = $2 AND id >= $3 AND status IN ({})", names.join(", "));
    // How long a record is, is known without holding it.
    let sql = format!(
        "SELECT id, status, data, details, created_id, amount FROM bulk_record
         WHERE {scope} AND id <= (
             SELECT MAX(sized.id) FROM (
                 SELECT page.id, SUM(page.length) OVER (ORDER BY page.id) - page.length AS length_before FROM (
                     SELECT id, LENGTH(data) AS length FROM bulk_record WHERE {scope} ORDER BY id LIMIT $4
                 ) page
             ) sized WHERE sized.length_before < $5
         ) ORDER BY id"
    );
    let values = values![account.0, job.id.0, from.0, count_max, length_max];
    tx.query(&sql, &values, |row| super::record(row).map(|record| job.outcome(record)))
}
