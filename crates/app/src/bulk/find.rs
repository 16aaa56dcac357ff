//! Read a job, with or without its records.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkRecord},
    id::{BulkJobId, BulkRecordId},
};
use db::Tx;

use super::not_found;
use crate::Error;

/// One job of any type and status.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<BulkJob, Error> {
    store::bulk::find(tx, session.account.id, id)?.ok_or_else(|| not_found(id))
}

/// All records of a job, in input order.
pub fn records(tx: &mut Tx<'_>, session: &Session, job: &BulkJob) -> Result<Vec<BulkRecord>, Error> {
    Ok(store::bulk::records_from(tx, session.account.id, job, BulkRecordId(0), job.counts.total)?)
}
