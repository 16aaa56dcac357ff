//! Jobs on standard output, and what they mean to a script.

use serde_json::Value;

use crate::{failure::Failure, print};

/// A job in a few lines, or as the server tells it.
pub(super) fn job(job: &Value, is_json: bool) {
    if is_json {
        return print::json(job);
    }
    println!("{}", lines(job));
}

/// Jobs in a line each, or as the server tells them.
pub(super) fn jobs(jobs: &Value, is_json: bool) {
    if is_json {
        return print::json(jobs);
    }
    for job in jobs.as_array().into_iter().flatten() {
        let created = text(job, "createdTimestamp").split('.').next().unwrap_or_default();
        println!(
            "{:>12}  {created}  {:<28} {:<20} {:>9} records  {:>9} failed  {}",
            job["id"],
            text(job, "type"),
            text(job, "status"),
            count(job, "totalRecords"),
            failed(job),
            text(job, "reference"),
        );
    }
}

fn lines(job: &Value) -> String {
    let is_so = |member: &str| job[member] == true;
    let mut status = text(job, "status").to_owned();
    if is_so("isPaused") {
        status.push_str(", paused");
    }
    if is_so("isDryRun") {
        status.push_str(", a dry run");
    }
    let mut lines = vec![format!("job {}  {}  {status}", job["id"], text(job, "type"))];
    let (total, passed) = (count(job, "totalRecords"), count(job, "successfulRecords"));
    lines.push(format!("{total} records: {passed} passed validation, {} failed it", count(job, "failedRecords")));
    if job["totalProcessedRecords"].is_number() {
        let (processed, failed) = (count(job, "processedRecords"), count(job, "failedProcessedRecords"));
        lines.push(format!("{processed} processed, {failed} failed in processing"));
    }
    if let Some(reason) = job["givenUp"].as_str() {
        lines.push(format!("given up: {reason}"));
    }
    lines.join("\n")
}

/// Whether all is well with a job as far as it has come.
pub(super) fn verdict(job: &Value) -> Result<(), Failure> {
    let (id, status) = (count(job, "id"), text(job, "status"));
    if matches!(status, "Failed" | "Expired") {
        return Err(Failure::Job { id, status: status.to_owned() });
    }
    match failed(job) {
        0 => Ok(()),
        count => Err(Failure::Records { id, count }),
    }
}

fn failed(job: &Value) -> i64 {
    count(job, "failedRecords") + count(job, "failedProcessedRecords")
}

fn text<'j>(job: &'j Value, member: &str) -> &'j str {
    job[member].as_str().unwrap_or_default()
}

fn count(job: &Value, member: &str) -> i64 {
    job[member].as_i64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_is_told_in_a_few_lines() {
        let validated = json!({ "id": 7, "type": "BulkWriteOff", "status": "Validated", "isDryRun": true, "totalRecords": 3,
                                "successfulRecords": 3, "failedRecords": 0, "totalProcessedRecords": null });
        assert_eq!(
            lines(&validated),
            "job 7  BulkWriteOff  Validated, a dry run\n3 records: 3 passed validation, 0 failed it"
        );
        let cancelled = json!({ "id": 7, "type": "BulkWriteOff", "status": "ProcessedWithErrors", "totalRecords": 3,
                                "successfulRecords": 2, "failedRecords": 1, "totalProcessedRecords": 2,
                                "processedRecords": 1, "failedProcessedRecords": 1, "givenUp": "By hand." });
        assert_eq!(
            lines(&cancelled),
            "job 7  BulkWriteOff  ProcessedWithErrors\n3 records: 2 passed validation, 1 failed it\n\
             1 processed, 1 failed in processing\ngiven up: By hand."
        );
    }

    #[test]
    fn scripts_tell_a_failed_job_from_failed_records() {
        let status = |job: &Value| verdict(job).err().map(|failure| failure.exit_status());
        assert_eq!(status(&json!({ "status": "Processed", "failedRecords": 0, "failedProcessedRecords": 0 })), None);
        assert_eq!(status(&json!({ "status": "Processed", "failedRecords": 1 })), Some(3));
        assert_eq!(status(&json!({ "status": "ProcessedWithErrors", "failedProcessedRecords": 1 })), Some(3));
        for broken in ["Failed", "Expired"] {
            assert_eq!(status(&json!({ "status": broken, "failedProcessedRecords": 1 })), Some(1));
        }
    }
}
