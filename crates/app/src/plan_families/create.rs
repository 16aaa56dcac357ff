//! Create a plan family.

use billing::{
    account::Session,
    event::EventType,
    id::PlanFamilyId,
    plan::family::{PlanFamily, PlanFamilyFields},
};
use db::Tx;

use super::{check, record, with_ids};
use crate::Error;

/// Stores a family whose fields are within their own limits; its code must be free in the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &PlanFamilyFields) -> Result<PlanFamily, Error> {
    check(tx, session, None, fields)?;
    let id = PlanFamilyId(tx.next_id()?);
    let family = with_ids(tx, id, fields)?;
    store::plan::family::insert(tx, session.account.id, &family, session.now)?;
    record(tx, session, EventType::PlanFamilyCreated, id)?;
    super::find::run(tx, session, id)
}
