//! Jobs on standard output, and what they mean to a script.

use money::Amount;
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
    let jobs = jobs.as_array().map(Vec::as_slice).unwrap_or_default();
    if jobs.is_empty() {
        eprintln!("there are no jobs yet");
    }
    for job in jobs {
        println!("{}", line(job));
    }
}

fn line(job: &Value) -> String {
    let (total, failed) = (count(job, "totalRecords"), failed(job));
    let line = format!(
        "{:>12}  {}  {:<28} {:<32} {:>17}  {failed:>9} failed{}  {}",
        job["id"],
        time(job, "createdTimestamp"),
        text(job, "type"),
        status(job),
        records(total),
        and_given_up(job),
        text(job, "reference"),
    );
    line.trim_end().to_owned()
}

fn lines(job: &Value) -> String {
    let mut lines = vec![format!("job {}  {}  {}", job["id"], text(job, "type"), status(job))];
    let (total, failed) = (records(count(job, "totalRecords")), count(job, "failedRecords"));
    let is_checked = job["completedTimestamp"].is_string() || job["processedTimestamp"].is_null();
    lines.push(if is_checked {
        format!("{total}: {} passed validation, {failed} failed it", count(job, "successfulRecords"))
    } else {
        format!("{total}: {failed} failed validation, which was not completed")
    });
    if job["totalProcessedRecords"].is_number() {
        let (processed, failed) = (count(job, "processedRecords"), failed_processed(job));
        lines.push(format!("{processed} processed, {failed} failed in processing{}", and_given_up(job)));
    }
    lines.extend(job["amounts"].as_array().into_iter().flatten().map(|total| money(job, total)));
    if let Some(reason) = job["givenUp"].as_str() {
        lines.push(format!("given up: {reason}"));
    }
    lines.join("\n")
}

/// The control total of a currency.
fn money(job: &Value, total: &Value) -> String {
    let amount = |member: &str| {
        let amount = Amount::parse(&total[member].to_string()).ok()?;
        Some(amount.with_scale(2))
    };
    let to_move = format!("{}: {} to move", text(total, "currency"), amount("amountToMove").unwrap_or_default());
    let verb = if is_so(job, "isDryRun") { "would be moved" } else { "moved" };
    amount("amountMoved").map_or_else(|| to_move.clone(), |moved| format!("{to_move}, {moved} {verb}"))
}

/// Where a job stands, with what its status does not say.
fn status(job: &Value) -> String {
    let mut told = vec![text(job, "status").to_owned()];
    let mut add = |is_so: bool, what: &str| told.extend(is_so.then(|| what.to_owned()));
    add(job["cancelledTimestamp"].is_string(), "cancelled");
    add(is_so(job, "isPaused"), "paused");
    add(is_so(job, "isDryRun"), "a dry run");
    let is_scheduled = is_validated(job) && job["startTimestamp"].is_string();
    add(is_scheduled, &format!("starts {}", time(job, "startTimestamp")));
    told.join(", ")
}

/// What can be done with a job next, for the person who waits for nothing more; on standard error.
pub(super) fn next(job: &Value, is_json: bool) {
    if !is_json && let Some(step) = step(job) {
        eprintln!("{step}");
    }
}

fn step(job: &Value) -> Option<String> {
    let id = &job["id"];
    match text(job, "status") {
        "Processing" if is_so(job, "isPaused") => Some(format!("`billfold bulk resume {id}` has it go on")),
        "NotStarted" | "Validating" | "Processing" => Some(format!("`billfold bulk status {id}` shows how far it is")),
        "Validated" | "ValidatedWithErrors" if has_nothing_to_process(job) => None,
        "Validated" | "ValidatedWithErrors" if job["startTimestamp"].is_string() => {
            Some(format!("`billfold bulk process {id}` processes it now, `billfold bulk cancel {id}` gives it up"))
        }
        "Validated" | "ValidatedWithErrors" => {
            Some(format!("`billfold bulk process {id}` processes it, `billfold bulk cancel {id}` gives it up"))
        }
        "Processed" if is_so(job, "isDryRun") => {
            Some("nothing was changed; submitted without `--dry-run`, the file is processed in earnest".to_owned())
        }
        _ => None,
    }
}

/// Whether all is well with a job as far as it has come.
pub(super) fn verdict(job: &Value) -> Result<(), Failure> {
    let (id, status) = (count(job, "id"), text(job, "status"));
    if matches!(status, "Failed" | "Expired") {
        return Err(Failure::Job { id, status: status.to_owned() });
    }
    match (failed(job), given_up(job)) {
        (0, 0) => Ok(()),
        (failed, given_up) => Err(Failure::Records { id, failed, given_up }),
    }
}

fn is_validated(job: &Value) -> bool {
    matches!(text(job, "status"), "Validated" | "ValidatedWithErrors")
}

/// How many records were given up, behind those that failed; nothing where there are none.
fn and_given_up(job: &Value) -> String {
    match given_up(job) {
        0 => String::new(),
        count => format!(", {count} given up"),
    }
}

/// No record passed, or one failed of those that are applied all or none.
fn has_nothing_to_process(job: &Value) -> bool {
    count(job, "successfulRecords") == 0 || (text(job, "mode") == "Atomic" && count(job, "failedRecords") > 0)
}

/// Records that were refused, of those that were checked or tried.
fn failed(job: &Value) -> i64 {
    count(job, "failedRecords") + failed_processed(job)
}

fn failed_processed(job: &Value) -> i64 {
    count(job, "failedProcessedRecords") - given_up(job)
}

fn given_up(job: &Value) -> i64 {
    count(job, "givenUpRecords")
}

/// So many records.
pub(super) fn records(count: impl Into<i64>) -> String {
    let count = count.into();
    format!("{count} {}", if count == 1 { "record" } else { "records" })
}

/// A time to the second.
fn time<'j>(job: &'j Value, member: &str) -> &'j str {
    text(job, member).split('.').next().unwrap_or_default()
}

fn is_so(job: &Value, member: &str) -> bool {
    job[member] == true
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
        let validated = json!({ "id": 7, "type": "BulkWriteOff", "status": "Validated", "isDryRun": true, "totalRecords": 1,
                                "successfulRecords": 1, "failedRecords": 0, "totalProcessedRecords": null,
                                "processedTimestamp": null, "amounts": [] });
        assert_eq!(
            lines(&validated),
            "job 7  BulkWriteOff  Validated, a dry run\n1 record: 1 passed validation, 0 failed it"
        );
        let undone = json!({ "id": 7, "type": "BulkWriteOff", "status": "ProcessedWithErrors", "totalRecords": 4,
                             "successfulRecords": 3, "failedRecords": 1, "totalProcessedRecords": 3,
                             "processedRecords": 0, "failedProcessedRecords": 3, "givenUpRecords": 2, "givenUp": "Undone.",
                             "completedTimestamp": "2024-01-31T00:00:00", "processedTimestamp": "2024-01-31T00:00:00",
                             "amounts": [{ "currency": "USD", "amountToMove": 1234.5, "amountMoved": 0.0 }] });
        assert_eq!(
            lines(&undone),
            "job 7  BulkWriteOff  ProcessedWithErrors\n4 records: 3 passed validation, 1 failed it\n\
             0 processed, 1 failed in processing, 2 given up\nUSD: 1234.50 to move, 0.00 moved\ngiven up: Undone."
        );
    }

    #[test]
    fn a_job_that_was_cancelled_says_so_and_not_that_its_records_were_checked() {
        let cancelled = json!({ "id": 7, "type": "BulkPayment", "status": "ProcessedWithErrors", "totalRecords": 9,
                                "successfulRecords": 8, "failedRecords": 1, "totalProcessedRecords": 8,
                                "processedRecords": 0, "failedProcessedRecords": 8, "givenUpRecords": 8,
                                "completedTimestamp": null, "processedTimestamp": "2024-01-31T00:00:00",
                                "cancelledTimestamp": "2024-01-31T00:00:00", "givenUp": "By hand.", "amounts": null });
        assert_eq!(
            lines(&cancelled),
            "job 7  BulkPayment  ProcessedWithErrors, cancelled\n9 records: 1 failed validation, which was not completed\n\
             0 processed, 0 failed in processing, 8 given up\ngiven up: By hand."
        );
        assert!(
            line(&cancelled)
                .ends_with("ProcessedWithErrors, cancelled           9 records          1 failed, 8 given up")
        );
    }

    #[test]
    fn control_totals_have_cents() {
        let total = json!({ "currency": "CAD", "amountToMove": 9_000_000_000_000.01_f64, "amountMoved": null });
        assert_eq!(money(&json!({}), &total), "CAD: 9000000000000.01 to move");
        let total = json!({ "currency": "CAD", "amountToMove": 7, "amountMoved": 6.5 });
        assert_eq!(money(&json!({ "isDryRun": true }), &total), "CAD: 7.00 to move, 6.50 would be moved");
    }

    #[test]
    fn the_next_step_is_told() {
        let told = |job: Value| step(&job).unwrap_or_default();
        let job = |status: &str| json!({ "id": 7, "status": status, "successfulRecords": 1, "failedRecords": 1 });
        let with = |status: &str, member: &str, value: Value| {
            let mut job = job(status);
            job[member] = value;
            job
        };
        for status in ["NotStarted", "Validating", "Processing"] {
            assert_eq!(told(job(status)), "`billfold bulk status 7` shows how far it is");
        }
        assert_eq!(told(with("Processing", "isPaused", json!(true))), "`billfold bulk resume 7` has it go on");
        for status in ["Validated", "ValidatedWithErrors"] {
            assert!(told(job(status)).starts_with("`billfold bulk process 7` processes it, "));
            let scheduled = with(status, "startTimestamp", json!("2024-01-31T00:00:00"));
            assert!(told(scheduled.clone()).starts_with("`billfold bulk process 7` processes it now, "));
            assert_eq!(super::status(&scheduled), format!("{status}, starts 2024-01-31T00:00:00"));
            assert_eq!(told(with(status, "successfulRecords", json!(0))), "");
            assert_eq!(told(with(status, "mode", json!("Atomic"))), "");
        }
        assert_eq!(told(job("Processed")), "");
        assert!(told(with("Processed", "isDryRun", json!(true))).starts_with("nothing was changed; "));
    }

    #[test]
    fn scripts_tell_a_failed_job_from_failed_records() {
        let status = |job: &Value| verdict(job).err().map(|failure| failure.exit_status());
        assert_eq!(status(&json!({ "status": "Processed", "failedRecords": 0, "failedProcessedRecords": 0 })), None);
        assert_eq!(status(&json!({ "status": "Processed", "failedRecords": 1 })), Some(3));
        assert_eq!(status(&json!({ "status": "ProcessedWithErrors", "failedProcessedRecords": 1 })), Some(3));
        let given_up = json!({ "status": "ProcessedWithErrors", "failedProcessedRecords": 2, "givenUpRecords": 2 });
        assert_eq!(status(&given_up), Some(3));
        for broken in ["Failed", "Expired"] {
            assert_eq!(status(&json!({ "status": broken, "failedProcessedRecords": 1 })), Some(1));
        }
    }
}
