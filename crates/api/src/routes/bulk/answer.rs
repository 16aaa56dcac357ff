//! What callers are shown of bulk jobs (bulk-jobs.md §3–4).

use app::bulk::find::Told;
use billing::{
    bulk::{BulkJob, BulkJobStatus, BulkJobType, BulkMode, BulkRecord, BulkRecordStatus, BulkTotal},
    id::AccountId,
};
use calendar::Instant;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    name::Name,
    wire::scalar::{At, Four},
};

/// A bulk job: a set of records that is validated first and processed by a second call.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    /// Only where they were asked for, and in the answer to a cancellation.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<Record>>,
    /// The account.
    account_id: i64,
    /// What the records are.
    r#type: Name<BulkJobType>,
    /// Where the job stands.
    status: Name<BulkJobStatus>,
    /// Submission.
    created_timestamp: At,
    /// End of validation.
    completed_timestamp: Option<At>,
    /// Records supplied.
    total_records: i64,
    /// Records that passed validation.
    successful_records: i64,
    /// Records that failed validation.
    failed_records: i64,
    /// Records processed, whatever came of it; null before processing.
    total_processed_records: Option<i64>,
    /// Records processed with success; null before processing.
    processed_records: Option<i64>,
    /// Records that failed in processing or were given up; null before processing.
    failed_processed_records: Option<i64>,
    /// Start of processing.
    importing_timestamp: Option<At>,
    /// End of processing.
    processed_timestamp: Option<At>,
    /// Name of the file that the job stands for.
    file_name: String,
    /// A label.
    reference: String,
    /// The entity that the job belongs to, if any.
    related_id: Option<i64>,
    /// The system started the job itself.
    internal_automated_flag: bool,
    /// Never set.
    modified_timestamp: At,
    /// Its id.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

/// One input of a job and what became of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Record {
    /// The job.
    account_upload_id: i64,
    /// Where the record stands.
    status: Name<BulkRecordStatus>,
    /// The input as text.
    data: String,
    /// Why it failed.
    details: Option<String>,
    /// What it created.
    created_entity_id: Option<i64>,
    /// Its id; consecutive within a job, in input order.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

/// A bulk job with what the original does not know of jobs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullJob {
    #[serde(flatten)]
    job: Job,
    /// What a record that fails means to the others.
    mode: Name<BulkMode>,
    /// Its records are processed to see what comes of it, and taken back.
    is_dry_run: bool,
    /// Processing pauses after so many records.
    pause_after: Option<i64>,
    /// When processing begins by itself; null where it waits for a call.
    start_timestamp: Option<At>,
    /// Processing is paused.
    is_paused: bool,
    /// Since when it is.
    paused_timestamp: Option<At>,
    /// When somebody cancelled it.
    cancelled_timestamp: Option<At>,
    /// Why records that had not ended were given up with the job; null where none were.
    given_up: Option<String>,
    /// How many records were: they are among those that failed in processing.
    given_up_records: i64,
    /// The money that the records move, by currency; null where the job was submitted before this was counted.
    amounts: Option<Vec<Total>>,
    /// When the records of the job were deleted for their age.
    records_deleted_timestamp: Option<At>,
}

/// The money of the records in one currency, without signs: what customers owe and what they pay both count in full.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Total {
    /// The currency of the customers.
    currency: &'static str,
    /// What the records that passed validation are to move, each by itself.
    amount_to_move: Four,
    /// What those that were processed have moved, or would have in a dry run; null before processing.
    amount_moved: Option<Four>,
}

impl FullJob {
    pub(super) fn of(account: AccountId, Told { job, totals }: Told) -> Self {
        let is_processing = job.is_in_processing();
        let total = |BulkTotal { currency, expected, moved }: BulkTotal| Total {
            currency: currency.code(),
            amount_to_move: Four(expected),
            amount_moved: is_processing.then_some(Four(moved)),
        };
        Self {
            mode: Name(job.options.mode),
            is_dry_run: job.options.is_dry_run,
            pause_after: job.options.pause_after,
            start_timestamp: job.options.starts_at.map(At),
            is_paused: job.paused_at.is_some(),
            paused_timestamp: job.paused_at.map(At),
            cancelled_timestamp: job.cancelled_at().map(At),
            given_up: job.given_up.clone(),
            given_up_records: job.given_up_count,
            amounts: totals.map(|totals| totals.into_iter().map(total).collect()),
            records_deleted_timestamp: job.records_deleted_at.map(At),
            job: Job::of(account, job, None),
        }
    }
}

impl Job {
    pub(super) fn of(account: AccountId, job: BulkJob, records: Option<Vec<BulkRecord>>) -> Self {
        let counts = job.counts;
        let is_processing = job.is_in_processing();
        let since_processing = |count: i64| is_processing.then_some(count);
        Self {
            records: records.map(|records| records.into_iter().map(|record| Record::of(job.id.0, record)).collect()),
            account_id: account.0,
            r#type: Name(job.job_type),
            status: Name(job.status),
            created_timestamp: At(job.created_at),
            completed_timestamp: job.validated_at.map(At),
            total_records: counts.total,
            successful_records: counts.successful,
            failed_records: counts.failed,
            total_processed_records: since_processing(counts.processed + counts.failed_processed),
            processed_records: since_processing(counts.processed),
            failed_processed_records: since_processing(counts.failed_processed),
            importing_timestamp: job.processing_at.map(At),
            processed_timestamp: job.processed_at.map(At),
            file_name: job.file_name,
            reference: job.reference,
            related_id: job.related_id,
            internal_automated_flag: job.is_internal,
            modified_timestamp: At(Instant::NEVER_SET),
            id: job.id.0,
            uri: None,
        }
    }
}

impl Record {
    fn of(job: i64, record: BulkRecord) -> Self {
        Self {
            account_upload_id: job,
            status: Name(record.status),
            data: record.data,
            details: record.details,
            created_entity_id: record.created_id,
            id: record.id.0,
            uri: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use billing::{
        bulk::{BulkCounts, BulkOptions},
        id::{BulkJobId, BulkRecordId},
    };

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// The sample of the reference (bulk-jobs.md §2.1), with the milliseconds that are kept.
    fn validated() -> BulkJob {
        BulkJob {
            id: BulkJobId(9001),
            job_type: BulkJobType::BulkWriteOff,
            status: BulkJobStatus::Validated,
            counts: BulkCounts { total: 2, successful: 2, ..BulkCounts::default() },
            created_at: at("2024-03-05T09:10:11"),
            validated_at: Some(at("2024-03-05T09:10:11.4")),
            processing_at: None,
            processed_at: None,
            file_name: "BulkWriteOff-20240305.csv".to_owned(),
            reference: "Bulk write off".to_owned(),
            related_id: None,
            is_internal: false,
            given_up: None,
            given_up_count: 0,
            options: BulkOptions::default(),
            paused_at: None,
            content_hash: None,
            columns: None,
            records_deleted_at: None,
        }
    }

    fn json(job: BulkJob, records: Option<Vec<BulkRecord>>) -> String {
        serde_json::to_string(&Job::of(AccountId(5120), job, records)).unwrap()
    }

    #[test]
    fn a_validated_job_has_no_records_and_no_processing_counters() {
        assert_eq!(
            json(validated(), None),
            "{\"accountId\":5120,\"type\":\"BulkWriteOff\",\"status\":\"Validated\",\
             \"createdTimestamp\":\"2024-03-05T09:10:11\",\"completedTimestamp\":\"2024-03-05T09:10:11.4\",\
             \"totalRecords\":2,\"successfulRecords\":2,\"failedRecords\":0,\
             \"totalProcessedRecords\":null,\"processedRecords\":null,\"failedProcessedRecords\":null,\
             \"importingTimestamp\":null,\"processedTimestamp\":null,\
             \"fileName\":\"BulkWriteOff-20240305.csv\",\"reference\":\"Bulk write off\",\
             \"relatedId\":null,\"internalAutomatedFlag\":false,\"modifiedTimestamp\":\"0001-01-01T00:00:00\",\
             \"id\":9001,\"uri\":null}"
        );
    }

    #[test]
    fn counters_are_numbers_from_processing_on() {
        let started = BulkJob { processing_at: Some(at("2024-03-05T09:11:00")), ..validated() };
        assert!(json(started, None).contains(
            "\"totalProcessedRecords\":0,\"processedRecords\":0,\"failedProcessedRecords\":0,\
             \"importingTimestamp\":\"2024-03-05T09:11:00\",\"processedTimestamp\":null"
        ));
        let counts = BulkCounts { total: 2, successful: 2, failed: 0, processed: 0, failed_processed: 2 };
        let cancelled = BulkJob { counts, processed_at: Some(at("2024-03-05T09:11:00")), ..validated() };
        assert!(json(cancelled, None).contains(
            "\"totalProcessedRecords\":2,\"processedRecords\":0,\"failedProcessedRecords\":2,\"importingTimestamp\":null"
        ));
    }

    #[test]
    fn records_come_first_and_hold_text() {
        let record = BulkRecord {
            id: BulkRecordId(3_456_499),
            status: BulkRecordStatus::FailedProcessing,
            data: "13789624".to_owned(),
            details: Some("Manually marked as Failed.".to_owned()),
            created_id: None,
            amount: None,
        };
        assert!(json(validated(), Some(vec![record])).starts_with(
            "{\"records\":[{\"accountUploadId\":9001,\"status\":\"FailedProcessing\",\"data\":\"13789624\",\
             \"details\":\"Manually marked as Failed.\",\"createdEntityId\":null,\"id\":3456499,\"uri\":null}],\
             \"accountId\":5120,"
        ));
    }
}
