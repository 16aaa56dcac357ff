//! Read one plan.

use billing::{account::Session, id::PlanId, plan::Plan};
use db::Tx;

use crate::Error;

/// The plan with its frequencies.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanId) -> Result<Plan, Error> {
    store::plan::find(tx, session.account.id, id)?.ok_or(Error::not_found("Plan", id.0))
}
