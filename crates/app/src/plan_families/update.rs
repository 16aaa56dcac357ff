//! Replace a plan family.

use billing::{
    account::Session,
    event::EventType,
    id::PlanFamilyId,
    plan::family::{PlanFamily, PlanFamilyFields},
};
use db::Tx;

use super::{check, record, with_ids};
use crate::Error;

/// A family as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which family.
    pub id: PlanFamilyId,
    /// Replaces all fields, plans and relationships included.
    pub fields: PlanFamilyFields,
}

/// Replaces a family.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<PlanFamily, Error> {
    if !store::plan::family::lock(tx, session.account.id, order.id)? {
        return Err(Error::not_found("PlanFamily", order.id.0));
    }
    check(tx, session, Some(order.id), &order.fields)?;
    let family = with_ids(tx, order.id, &order.fields)?;
    store::plan::family::update(tx, session.account.id, &family, session.now)?;
    record(tx, session, EventType::PlanFamilyUpdated, order.id)?;
    super::find::run(tx, session, order.id)
}
