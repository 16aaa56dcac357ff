//! Bulk jobs: the counters and control totals against the records.

use billing::{bulk::BulkCounts, id::AccountId};
use db::{Error, Tx};

use super::{
    Rule,
    findings::{Findings, place},
};

/// Compares every counter of every job, and the money that its records have moved.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    store::verify::each_job(tx, account, |job| {
        for ((column, expected), (_, found)) in counters(job.counted).into_iter().zip(counters(job.stored)) {
            findings.compare(Rule::BulkCounters, place("bulk_job", job.id.0, column), expected, found);
        }
        let place = place("bulk_total", job.id.0, "moved");
        findings.compare(Rule::BulkCounters, place, job.counted_moved, job.stored_moved);
    })
}

fn counters(counts: BulkCounts) -> [(&'static str, i64); 5] {
    let BulkCounts { total, successful, failed, processed, failed_processed } = counts;
    [
        ("total", total),
        ("successful", successful),
        ("failed", failed),
        ("processed", processed),
        ("failed_processed", failed_processed),
    ]
}
