//! Read one plan family.

use billing::{account::Session, id::PlanFamilyId, plan::family::PlanFamily};
use db::Tx;

use crate::Error;

/// The family with its plans and relationships.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanFamilyId) -> Result<PlanFamily, Error> {
    store::plan::family::find(tx, session.account.id, id)?.ok_or(Error::not_found("PlanFamily", id.0))
}
