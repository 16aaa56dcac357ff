//! List the jobs of an account.

use billing::{
    account::Session,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::bulk::COLUMNS;

use super::find::Told;
use crate::Error;

/// A page of the jobs, oldest first unless another order is asked for.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Told>, Error> {
    let Slice { rows, matching, total } = store::bulk::list(tx, session.account.id, page)?;
    let ids: Vec<_> = rows.iter().map(|job| job.id).collect();
    let mut totals = store::bulk::total::of_jobs(tx, session.account.id, &ids)?;
    let rows = rows.into_iter().map(|job| Told { totals: totals.remove(&job.id), job }).collect();
    Ok(Slice { rows, matching, total })
}
