//! The attempts to charge for records of bulk jobs, until a record tells how its attempt ended.

use std::ops::RangeInclusive;

use billing::{
    bulk::BulkRecordStatus,
    collection::CollectionState,
    id::{AccountId, BulkJobId, BulkRecordId, PaymentActivityId},
};
use db::{Error, Tx, values};

use crate::row::Columns;

/// An attempt for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The record.
    pub record: BulkRecordId,
    /// Where the record stands.
    pub status: BulkRecordStatus,
    /// The attempt.
    pub activity: PaymentActivityId,
    /// It is known whether the money moved.
    pub has_ended: bool,
}

/// Stores that a record has begun its attempt.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    record: BulkRecordId,
    activity: PaymentActivityId,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO bulk_attempt (account_id, job_id, record_id, activity_id) VALUES ($1, $2, $3, $4)",
        &values![account.0, job.0, record.0, activity.0],
    )?;
    Ok(())
}

/// The attempts of a range of records whose ends are not told yet, in input order.
pub fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    records: RangeInclusive<BulkRecordId>,
) -> Result<Vec<Attempt>, Error> {
    tx.query(
        "SELECT t.record_id, r.status, t.activity_id, l.state FROM bulk_attempt t
         JOIN bulk_record r ON r.account_id = t.account_id AND r.job_id = t.job_id AND r.id = t.record_id
         JOIN collection l ON l.account_id = t.account_id AND l.activity_id = t.activity_id
         WHERE t.account_id = $1 AND t.job_id = $2 AND t.record_id BETWEEN $3 AND $4 ORDER BY t.record_id",
        &values![account.0, job.0, records.start().0, records.end().0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Attempt {
                record: BulkRecordId(columns.next()?),
                status: columns.named()?,
                activity: PaymentActivityId(columns.next()?),
                has_ended: columns.named::<CollectionState>()? == CollectionState::Ended,
            })
        },
    )
}

/// The job that waits for the end of an attempt.
pub fn find_job(tx: &mut Tx<'_>, account: AccountId, activity: PaymentActivityId) -> Result<Option<BulkJobId>, Error> {
    tx.query_opt(
        "SELECT job_id FROM bulk_attempt WHERE account_id = $1 AND activity_id = $2",
        &values![account.0, activity.0],
        |row| row.get(0).map(BulkJobId),
    )
}

/// Forgets the attempt of a record that tells how it ended.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId, record: BulkRecordId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM bulk_attempt WHERE account_id = $1 AND job_id = $2 AND record_id = $3",
        &values![account.0, job.0, record.0],
    )?;
    Ok(())
}
