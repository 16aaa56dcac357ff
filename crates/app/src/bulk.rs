//! Bulk jobs: many write-offs or payments, validated first and processed by a second call (bulk-jobs.md).
//!
//! Calls only change the job's row and queue a task; the worker of [`start_worker`] does the records, a chunk in a transaction.
//! Whoever writes a job locks its row first and its task after it.

pub mod cancel;
mod chunk;
pub mod find;
pub mod process;
mod record;
pub mod submit;
pub mod wait;
mod worker;

use billing::{bulk::BulkJobStatus, id::BulkJobId};

pub use self::{record::RecordParser, worker::start_worker};
use crate::Error;

/// Check the records.
pub(crate) const VALIDATE: &str = "bulk-validate";
/// Apply the records.
pub(crate) const PROCESS: &str = "bulk-process";
/// End a validated job that nobody processed.
pub(crate) const EXPIRE: &str = "bulk-expire";

/// How large and how old jobs may get, and in what portions they are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records of one job. The original takes 1,000.
    pub record_count_max: usize,
    /// How long a validated job waits to be processed, in milliseconds (bulk-jobs.md §5).
    pub expires_after_ms: i64,
    /// Records of one transaction: enough to make its commit cheap, few enough not to keep others waiting; at least 1.
    pub chunk_record_count: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record_count_max: 1_000_000, expires_after_ms: 24 * 60 * 60 * 1_000, chunk_record_count: 500 }
    }
}

/// The task that brings a job in this status further.
fn task_of(status: BulkJobStatus) -> Option<&'static str> {
    match status {
        BulkJobStatus::Validating => Some(VALIDATE),
        BulkJobStatus::Validated | BulkJobStatus::ValidatedWithErrors => Some(EXPIRE),
        BulkJobStatus::Processing => Some(PROCESS),
        BulkJobStatus::NotStarted
        | BulkJobStatus::Done
        | BulkJobStatus::Processed
        | BulkJobStatus::ProcessedWithErrors
        | BulkJobStatus::Expired
        | BulkJobStatus::Failed => None,
    }
}

fn not_found(id: BulkJobId) -> Error {
    Error::not_found("AccountUpload", id.0)
}
