//! Read a job, with or without its records.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkRecord, BulkTotal},
    id::{BulkJobId, BulkRecordId},
};
use db::Tx;

use super::not_found;
use crate::Error;

/// One job of any type and status.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    store::bulk::find(tx, session.account.id, id)?.ok_or_else(|| not_found(id))
}

/// A job and the money that its records move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The job.
    pub job: BulkJob,
    /// By currency; absent where the job was submitted before this was counted.
    pub totals: Option<Vec<BulkTotal>>,
}

/// One job with the money that its records move.
pub fn with_totals(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<Told, Error> {
    let job = run(tx, session, id)?;
    let totals = store::bulk::total::of_jobs(tx, session.account.id, &[id])?.remove(&id);
    Ok(Told { job, totals })
}

/// All records of a job, in input order.
pub fn records(tx: &mut Tx<'_>, session: &Session, job: &BulkJob) -> Result<Vec<BulkRecord>, Error> {
    Ok(store::bulk::records_from(tx, session.account.id, job, BulkRecordId(0), job.counts.total)?)
}
