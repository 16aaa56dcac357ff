//! Read what became of a job's records, a page at a time: a job may have more of them than fit into memory.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkOutcome, BulkRecord},
    id::{BulkJobId, BulkRecordId},
};
use db::Tx;

use super::find;
use crate::Error;

/// Most records of a page.
const COUNT_MAX: i64 = 500;

/// Input of a page, in characters; one record may be longer.
const LENGTH_MAX: i64 = 1 << 20;

/// Some records of a job, both as they stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// The job.
    pub job: BulkJob,
    /// Its next records; none when there are no more.
    pub records: Vec<BulkRecord>,
}

impl Results {
    /// Where the next page begins; `None` after the last one.
    pub fn next(&self) -> Option<BulkRecordId> {
        self.records.last().map(|last| BulkRecordId(last.id.0 + 1))
    }
}

/// The records that have come to `outcome`, from `from` on, in input order. Refused as soon as any of the job's records was
/// deleted for its age: nobody shall take a part for the whole.
pub fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    id: BulkJobId,
    outcome: BulkOutcome,
    from: BulkRecordId,
) -> Result<Results, Error> {
    let job = find::run(tx, session, id)?;
    if job.records_deleted_at.is_some() {
        return Err(Error::Absent(format!("The records of bulk job {id} were deleted for their age.")));
    }
    let records = store::bulk::results_from(tx, session.account.id, &job, outcome, from, (COUNT_MAX, LENGTH_MAX))?;
    Ok(Results { job, records })
}
