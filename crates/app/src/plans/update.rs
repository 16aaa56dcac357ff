//! Replace a plan.

use billing::{
    account::Session,
    id::PlanId,
    plan::{Plan, PlanFields},
    problem::Problems,
};
use db::Tx;

use super::{check_code, new_frequency};
use crate::Error;

/// A plan as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which plan.
    pub id: PlanId,
    /// Replaces all fields; frequencies that are left out are retired.
    pub fields: PlanFields,
}

/// Replaces what callers write of a plan.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Plan, Error> {
    super::lock(tx, session, order.id)?;
    let current = super::find::run(tx, session, order.id)?;
    let mut problems = Problems::new();
    check_code(tx, session, Some(order.id), &order.fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    let frequencies = current.replace_frequencies(&order.fields.frequencies, || new_frequency(tx))?;
    store::plan::update(tx, session.account.id, &current, &order.fields, &frequencies, session.now)?;
    super::record_change(tx, session, order.id)?;
    super::find::run(tx, session, order.id)
}
