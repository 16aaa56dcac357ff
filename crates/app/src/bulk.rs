//! Bulk jobs: many write-offs or payments, validated first and processed by a second call (bulk-jobs.md).
//!
//! Records are stored, validated and applied a chunk in a transaction, so that other calls never wait long: a submission stores
//! them, the workers of [`start_worker`] do the rest, each in a lane of its own. Whoever writes a job locks it, then its lanes,
//! then their tasks; a chunk locks its lane only (docs/decisions/0006).

pub mod cancel;
mod chunk;
mod collecting;
pub mod events;
pub mod find;
mod intake;
pub(crate) mod late;
pub mod list;
mod numbers;
mod overdue;
mod pace;
pub mod pause;
mod phase;
pub mod process;
mod record;
pub mod results;
mod retire;
pub mod submit;
pub mod types;
pub mod upload;
pub mod wait;
mod whole;
mod worker;

use std::time::Duration;

use billing::{
    bulk::Mark,
    event::{Event, EventType},
    id::{AccountId, BulkJobId},
};
use calendar::Instant;
use db::{Backend, Tx};
use store::bulk::LockedJob;

pub use self::{
    intake::{Header, PORTION_BYTES_MAX},
    record::{Cells, RecordParser},
    worker::start_worker,
};
use crate::Error;

/// Check the records of a lane.
pub(crate) const VALIDATE: &str = "bulk-validate";
/// Apply the records of a lane.
pub(crate) const PROCESS: &str = "bulk-process";
/// Apply all records of a job in one piece.
pub(crate) const PROCESS_WHOLE: &str = "bulk-process-whole";
/// Process a validated job at the time that was set for it.
pub(crate) const START: &str = "bulk-start";
/// End a validated job that nobody processed.
pub(crate) const EXPIRE: &str = "bulk-expire";
/// End a submission that nobody continues.
pub(crate) const ABANDON: &str = "bulk-abandon";
/// Have the records of an ended job tell how their attempts to charge ended.
pub(crate) const LATE: &str = "bulk-late";
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
    /// Most records of one transaction: enough to make its commit cheap, few enough not to keep others waiting; at least 1.
    pub chunk_record_count: i64,
    /// Most lanes of a job, which are worked on at the same time; at least 1. A database with one writer has one.
    pub lane_count: i64,
    /// How long a call waits for its job before it answers with one that is still under way.
    pub wait_max: Duration,
    /// How long a job stays with a process that shows no sign of life, in milliseconds.
    pub lease_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_count_max: 1_000_000,
            whole_record_count_max: 10_000,
            expires_after_ms: 24 * 60 * 60 * 1_000,
            records_kept_ms: None,
            chunk_record_count: 4_000,
            lane_count: 4,
            wait_max: Duration::from_secs(2),
            lease_ms: 5_000,
        }
    }
}

impl Limits {
    /// As they are on a database.
    fn on(self, backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self { lane_count: 1, ..self },
            Backend::Postgres => self,
        }
    }
}

/// The time of what happens to a job now: whatever is told of it is read after what was told of it and of its lanes before, whose
/// clocks may have been ahead.
fn moment(tx: &mut Tx<'_>, locked: &LockedJob, now: Instant) -> Result<Instant, db::Error> {
    Ok(locked.last_of_all().next(now, tx.next_id()?))
}

/// Writes down what happened to a job at its [`moment`].
fn tell(
    tx: &mut Tx<'_>,
    account: AccountId,
    event_type: EventType,
    locked: &mut LockedJob,
    moment: Instant,
) -> Result<(), db::Error> {
    let event = Event { event_type, customer: None, subject_id: locked.job.id.0 };
    store::event::insert(tx, account, &[event], moment)?;
    locked.last = Mark { at: moment, id: tx.next_id()? };
    Ok(())
}

fn not_found(id: BulkJobId) -> Error {
    Error::not_found("AccountUpload", id.0)
}
