//! Read one plan product.

use billing::{account::Session, id::PlanProductId, plan::product::PlanProduct};
use db::Tx;

use crate::Error;

/// The plan product with its cycles, also when it was deleted from its plan.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanProductId) -> Result<PlanProduct, Error> {
    store::plan::product::find(tx, session.account.id, id)?.ok_or(Error::not_found("PlanProduct", id.0))
}
