//! List the plans of the account.

use billing::{
    account::Session,
    listing::{Page, Slice},
    plan::Plan,
};
use db::Tx;
pub use store::plan::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of plans, in any status, with their frequencies.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Plan>, Error> {
    Ok(store::plan::list(tx, session.account.id, page)?)
}
