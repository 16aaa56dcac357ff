//! What was told of a job and its records, as far as nothing will be told before it any more.

use billing::{
    bulk::Mark,
    event::StoredEvent,
    id::{AccountId, BulkJobId},
};
use db::{Error, Tx, values};

use crate::{
    event::{SELECT, stored},
    row::{Columns, at},
};

/// Up to `limit` events of a job and its records that come after a mark, by time and id.
///
/// Lanes commit beside each other, and a slower one may tell what comes before that of others. So events are shown as far as the
/// slowest lane has come: whoever goes on after the last one that was shown misses none.
pub fn events(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    after: Mark,
    limit: i64,
) -> Result<Vec<StoredEvent>, Error> {
    let of_job = "SELECT next_record_id - total, next_record_id, last_at, last_id FROM bulk_job
         WHERE account_id = $1 AND id = $2";
    let found = tx.query_opt(of_job, &values![account.0, job.0], |row| {
        let mut columns = Columns::of(row);
        let records = columns.next::<i64>()?..columns.next::<i64>()?;
        Ok((records, columns.instant_opt()?.zip(columns.next()?).map(|(at, id)| Mark { at, id })))
    })?;
    let Some((records, own)) = found else { return Ok(Vec::new()) };
    // A job of a former version has no mark: what was told of it is all that will be.
    let horizon = slowest_lane(tx, account, job)?.or(own);
    let bound = if horizon.is_some() { "AND (created_at, id) <= ($8, $9)" } else { "" };
    let sql = format!(
        "{SELECT} WHERE account_id = $1 AND (created_at, id) > ($2, $3) {bound}
             AND (subject_id = $4 OR (subject_id >= $5 AND subject_id < $6))
         ORDER BY created_at, id LIMIT $7"
    );
    let asked = values![account.0, at(after.at), after.id, job.0, records.start, records.end, limit];
    let bound = horizon.map(|mark| values![at(mark.at), mark.id]);
    let values: Vec<_> = asked.into_iter().chain(bound.into_iter().flatten()).collect();
    tx.query(&sql, &values, stored)
}

/// How far the events of every lane have come; nothing where there is no lane.
fn slowest_lane(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId) -> Result<Option<Mark>, Error> {
    tx.query_opt(
        "SELECT last_at, last_id FROM bulk_lane WHERE account_id = $1 AND job_id = $2 ORDER BY last_at, last_id LIMIT 1",
        &values![account.0, job.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Mark { at: columns.instant()?, id: columns.next()? })
        },
    )
}
