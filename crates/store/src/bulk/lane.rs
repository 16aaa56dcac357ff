//! The lanes in which a phase of a job is done. A lane is changed under its own lock; a job is changed under its lock and those of
//! all its lanes, so whoever holds a lane finds the job as it stays.

use billing::{
    bulk::{BulkCounts, BulkJob, BulkRecord, Lane, Mark, Share},
    id::{AccountId, BulkJobId, BulkLaneId, BulkRecordId},
};
use db::{Error, Row, Tx, values};

use super::record;
use crate::row::{Columns, at};

const COLUMNS: &[&str] = &[
    "account_id",
    "job_id",
    "id",
    "share_number",
    "share_count",
    "next_record_id",
    "end_record_id",
    "successful",
    "failed",
    "processed",
    "failed_processed",
    "is_ordered",
    "pause_in",
    "last_at",
    "last_id",
];

const SELECT: &str =
    "SELECT id, job_id, share_number, share_count, next_record_id, end_record_id, successful, failed, processed,
    failed_processed, is_ordered, pause_in, last_at, last_id FROM bulk_lane";

/// Stores new lanes.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, lanes: &[Lane]) -> Result<(), Error> {
    let rows = lanes.iter().map(|lane| {
        values![
            account.0,
            lane.job.0,
            lane.id.0,
            lane.share.map(|share| share.number),
            lane.share.map(|share| share.of),
            lane.next_record.0,
            lane.end_record.0,
            lane.counts.successful,
            lane.counts.failed,
            lane.counts.processed,
            lane.counts.failed_processed,
            lane.is_ordered,
            lane.pause_in,
            at(lane.last.at),
            lane.last.id
        ]
    });
    tx.insert("bulk_lane", COLUMNS, rows)
}

/// Whose part a lane is, without a lock.
pub fn find_job(tx: &mut Tx<'_>, account: AccountId, id: BulkLaneId) -> Result<Option<BulkJobId>, Error> {
    let sql = "SELECT job_id FROM bulk_lane WHERE account_id = $1 AND id = $2";
    tx.query_opt(sql, &values![account.0, id.0], |row| row.get(0).map(BulkJobId))
}

/// Locks a lane until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: BulkLaneId) -> Result<Option<Lane>, Error> {
    tx.lock(&format!("{SELECT} WHERE account_id = $1 AND id = $2"), &values![account.0, id.0], lane)
}

/// Locks all lanes of a job, which is locked already, in the order of their ids.
pub(super) fn lock_all(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId) -> Result<Vec<Lane>, Error> {
    tx.lock_all(
        &format!("{SELECT} WHERE account_id = $1 AND job_id = $2 ORDER BY id"),
        &values![account.0, job.0],
        lane,
    )
}

/// Stores where a lane stands.
pub fn update(tx: &mut Tx<'_>, account: AccountId, lane: &Lane) -> Result<(), Error> {
    tx.execute(
        "UPDATE bulk_lane SET next_record_id = $3, successful = $4, failed = $5, processed = $6, failed_processed = $7,
             is_ordered = $8, pause_in = $9, last_at = $10, last_id = $11
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            lane.id.0,
            lane.next_record.0,
            lane.counts.successful,
            lane.counts.failed,
            lane.counts.processed,
            lane.counts.failed_processed,
            lane.is_ordered,
            lane.pause_in,
            at(lane.last.at),
            lane.last.id
        ],
    )?;
    Ok(())
}

/// Ends a lane: its job, whose row is locked, counts from then on what it counted. Whether it was the last one.
pub fn end(tx: &mut Tx<'_>, account: AccountId, lane: &Lane) -> Result<bool, Error> {
    delete(tx, account, lane.id)?;
    tx.execute(
        "UPDATE bulk_job SET successful = successful + $3, failed = failed + $4, processed = processed + $5,
             failed_processed = failed_processed + $6, lane_count = CASE WHEN $7 THEN 1 ELSE lane_count END
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            lane.job.0,
            lane.counts.successful,
            lane.counts.failed,
            lane.counts.processed,
            lane.counts.failed_processed,
            lane.is_ordered
        ],
    )?;
    tx.execute(
        "UPDATE bulk_job SET last_at = $3, last_id = $4 WHERE account_id = $1 AND id = $2
             AND (last_at IS NULL OR last_at < $3 OR (last_at = $3 AND last_id < $4))",
        &values![account.0, lane.job.0, at(lane.last.at), lane.last.id],
    )?;
    let left = "SELECT COUNT(*) FROM bulk_lane WHERE account_id = $1 AND job_id = $2";
    Ok(tx.scalar::<i64>(left, &values![account.0, lane.job.0])? == 0)
}

/// Removes a lane.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: BulkLaneId) -> Result<(), Error> {
    tx.execute("DELETE FROM bulk_lane WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// Up to `limit` records of a lane from its place on, in input order, none of them beyond its reach.
pub fn records(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: &BulkJob,
    lane: &Lane,
    limit: i64,
) -> Result<Vec<BulkRecord>, Error> {
    let range = "SELECT id, status, data, details, created_id, amount FROM bulk_record
         WHERE account_id = $1 AND job_id = $2 AND id >= $3 AND id < $4";
    let (from, end) = (lane.next_record.0, lane.reach(limit).0);
    let map = |row: &Row<'_>| record(row).map(|record| job.outcome(record));
    match lane.share {
        None => {
            tx.query(&format!("{range} ORDER BY id LIMIT $5"), &values![account.0, job.id.0, from, end, limit], map)
        }
        Some(Share { number, of }) => tx.query(
            &format!("{range} AND lane % $6 = $7 ORDER BY id LIMIT $5"),
            &values![account.0, job.id.0, from, end, limit, of, number],
            map,
        ),
    }
}

fn lane(row: &Row<'_>) -> Result<Lane, Error> {
    let mut columns = Columns::of(row);
    Ok(Lane {
        id: BulkLaneId(columns.next()?),
        job: BulkJobId(columns.next()?),
        share: columns.next::<Option<i64>>()?.zip(columns.next()?).map(|(number, of)| Share { number, of }),
        next_record: BulkRecordId(columns.next()?),
        end_record: BulkRecordId(columns.next()?),
        counts: BulkCounts {
            total: 0,
            successful: columns.next()?,
            failed: columns.next()?,
            processed: columns.next()?,
            failed_processed: columns.next()?,
        },
        is_ordered: columns.next()?,
        pause_in: columns.next()?,
        last: Mark { at: columns.instant()?, id: columns.next()? },
    })
}
