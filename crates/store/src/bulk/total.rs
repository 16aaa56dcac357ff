//! The money that records of jobs move, by currency. Each lane adds to rows of its own, which stay when it has ended.

use std::collections::HashMap;

use billing::{
    bulk::BulkTotal,
    id::{AccountId, BulkJobId, BulkLaneId},
};
use db::{Error, Tx, values};

use crate::{many::each_of, row::Columns};

/// Adds what a locked lane has done to what it had done before. A job that is done in one piece is a lane with its id.
pub fn add(
    tx: &mut Tx<'_>,
    account: AccountId,
    job: BulkJobId,
    lane: BulkLaneId,
    totals: &[BulkTotal],
) -> Result<(), Error> {
    let stored = "SELECT currency, expected, moved FROM bulk_total WHERE account_id = $1 AND job_id = $2 AND lane_id = $3 AND currency = $4";
    for total in totals {
        let mut total = *total;
        let key = values![account.0, job.0, lane.0, total.currency.code()];
        let stored = tx.query_opt(stored, &key, |row| one(&mut Columns::of(row)))?;
        if let Some(stored) = stored {
            total.add(stored);
        }
        tx.execute(
            "INSERT INTO bulk_total (account_id, job_id, lane_id, currency, expected, moved) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (account_id, job_id, lane_id, currency) DO UPDATE
             SET expected = excluded.expected, moved = excluded.moved",
            &values![
                account.0,
                job.0,
                lane.0,
                total.currency.code(),
                total.expected.millionths(),
                total.moved.millionths()
            ],
        )?;
    }
    Ok(())
}

/// What the records of jobs move, by currency; a job that was submitted before this was counted is left out.
pub fn of_jobs(
    tx: &mut Tx<'_>,
    account: AccountId,
    jobs: &[BulkJobId],
) -> Result<HashMap<BulkJobId, Vec<BulkTotal>>, Error> {
    let ids: Vec<_> = jobs.iter().map(|job| job.0).collect();
    let counted = "SELECT id FROM bulk_job WHERE account_id = $1 AND id IN ({owners}) AND has_totals";
    let mut totals = HashMap::<_, Vec<BulkTotal>>::new();
    each_of(tx, account, &ids, counted, |job, _| {
        totals.insert(BulkJobId(job), Vec::new());
        Ok(())
    })?;
    let lanes =
        "SELECT job_id, currency, expected, moved FROM bulk_total WHERE account_id = $1 AND job_id IN ({owners})
         ORDER BY currency COLLATE \"C\", lane_id";
    each_of(tx, account, &ids, lanes, |job, columns| {
        let (total, of_job) = (one(columns)?, totals.entry(BulkJobId(job)).or_default());
        match of_job.last_mut().filter(|last| last.currency == total.currency) {
            Some(last) => last.add(total),
            None => of_job.push(total),
        }
        Ok(())
    })?;
    Ok(totals)
}

fn one(columns: &mut Columns<'_, '_>) -> Result<BulkTotal, Error> {
    Ok(BulkTotal { currency: columns.currency()?, expected: columns.amount()?, moved: columns.amount()? })
}
