//! Delete a plan family.

use billing::{account::Session, event::EventType, id::PlanFamilyId};
use db::Tx;

use crate::Error;

/// Deletes a family; its plans stay.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanFamilyId) -> Result<(), Error> {
    if !store::plan::family::lock(tx, session.account.id, id)? {
        return Err(Error::not_found("PlanFamily", id.0));
    }
    store::plan::family::delete(tx, session.account.id, id)?;
    super::record(tx, session, EventType::PlanFamilyDeleted, id)
}
