//! Bulk jobs: many write-offs or payments, validated first and processed by a second call (bulk-jobs.md).
//!
//! Records are stored, validated and applied a chunk in a transaction, so that other calls never wait long: a submission stores
//! them, the worker of [`start_worker`] does the rest. Whoever writes a job locks its row first and its task after it.

pub mod cancel;
mod chunk;
pub mod find;
mod intake;
pub mod list;
mod numbers;
mod pace;
pub mod pause;
pub mod process;
mod record;
mod retire;
pub mod submit;
pub mod types;
pub mod upload;
pub mod wait;
mod whole;
mod worker;

use std::time::Duration;

use billing::{
    bulk::{BulkJob, BulkJobStatus},
    event::{Event, EventType},
    id::{AccountId, BulkJobId},
};
use calendar::Instant;
use db::Tx;

pub use self::{
    intake::{Header, PORTION_BYTES_MAX},
    record::{Cells, RecordParser},
    worker::start_worker,
};
use crate::Error;

/// Check the records.
pub(crate) const VALIDATE: &str = "bulk-validate";
/// Apply the records.
pub(crate) const PROCESS: &str = "bulk-process";
/// Process a validated job at the time that was set for it.
pub(crate) const START: &str = "bulk-start";
/// End a validated job that nobody processed.
pub(crate) const EXPIRE: &str = "bulk-expire";
/// End a submission that nobody continues.
pub(crate) const ABANDON: &str = "bulk-abandon";
/// Delete the records of an account's old jobs.
pub(crate) const RETIRE: &str = "old-bulk-records";

/// How large and how old jobs may get, and in what portions they are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records of one job. The original takes 1,000.
    pub record_count_max: usize,
    /// Records of an atomic job or a dry run, which are done in one transaction: others wait as long as it takes.
    pub whole_record_count_max: usize,
    /// How long a validated job waits to be processed, in milliseconds (bulk-jobs.md §5).
    pub expires_after_ms: i64,
    /// How long the records of an ended job are kept, counted from its submission, in milliseconds; for good when absent.
    pub records_kept_ms: Option<i64>,
    /// Records of one transaction: enough to make its commit cheap, few enough not to keep others waiting; at least 1.
    pub chunk_record_count: i64,
    /// How long a call waits for its job before it answers with one that is still under way.
    pub wait_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_count_max: 1_000_000,
            whole_record_count_max: 10_000,
            expires_after_ms: 24 * 60 * 60 * 1_000,
            records_kept_ms: None,
            chunk_record_count: 500,
            wait_max: Duration::from_secs(2),
        }
    }
}

/// The task that brings a job further; a paused one waits without.
fn task_of(job: &BulkJob) -> Option<&'static str> {
    match job.status {
        BulkJobStatus::NotStarted => Some(ABANDON),
        BulkJobStatus::Validating => Some(VALIDATE),
        BulkJobStatus::Validated | BulkJobStatus::ValidatedWithErrors => {
            Some(if job.options.starts_at.is_some() { START } else { EXPIRE })
        }
        BulkJobStatus::Processing => Some(PROCESS),
        BulkJobStatus::Done
        | BulkJobStatus::Processed
        | BulkJobStatus::ProcessedWithErrors
        | BulkJobStatus::Expired
        | BulkJobStatus::Failed => None,
    }
}

/// Writes down what happened to a job.
fn tell(
    tx: &mut Tx<'_>,
    account: AccountId,
    event_type: EventType,
    id: BulkJobId,
    now: Instant,
) -> Result<(), db::Error> {
    let event = Event { event_type, customer: None, subject_id: id.0 };
    store::event::insert(tx, account, &[event], now)
}

fn not_found(id: BulkJobId) -> Error {
    Error::not_found("AccountUpload", id.0)
}
