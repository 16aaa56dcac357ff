//! List the plan families of the account, or of one plan.

use billing::{
    account::Session,
    id::PlanId,
    listing::{Page, Slice},
    plan::family::PlanFamily,
};
use db::Tx;
pub use store::plan::family::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of the account's families.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<PlanFamily>, Error> {
    Ok(store::plan::family::list(tx, session.account.id, None, page)?)
}

/// A page of the families that a plan is in.
pub fn of_plan(tx: &mut Tx<'_>, session: &Session, plan: PlanId, page: &Page) -> Result<Slice<PlanFamily>, Error> {
    crate::plans::find::run(tx, session, plan)?;
    Ok(store::plan::family::list(tx, session.account.id, Some(plan), page)?)
}
