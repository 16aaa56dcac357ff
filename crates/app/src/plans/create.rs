//! Create a plan.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::PlanId,
    plan::{Plan, PlanFields},
    problem::Problems,
};
use db::Tx;

use super::{check_code, new_frequency};
use crate::Error;

/// Stores a plan whose fields are within their own limits; its code must be free in the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &PlanFields) -> Result<Plan, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut problems = Problems::new();
    check_code(tx, session, None, fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    let plan = Plan { id: PlanId(tx.next_id()?), fields: fields.clone(), frequencies: Vec::new() };
    let frequencies = plan.replace_frequencies(&fields.frequencies, || new_frequency(tx))?;
    store::plan::insert(tx, account, plan.id, fields, &frequencies, now)?;
    let event = Event { event_type: EventType::PlanCreated, customer: None, subject_id: plan.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    super::find::run(tx, session, plan.id)
}
