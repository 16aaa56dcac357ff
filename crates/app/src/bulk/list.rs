//! List the jobs of an account.

use billing::{
    account::Session,
    bulk::BulkJob,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::bulk::COLUMNS;

use crate::Error;

/// A page of the jobs, oldest first unless another order is asked for.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<BulkJob>, Error> {
    Ok(store::bulk::list(tx, session.account.id, page)?)
}
