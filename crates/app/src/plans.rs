//! Plans: create, read, replace, retire.

pub mod create;
pub mod find;
pub mod list;
pub mod retire;
pub mod update;

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{PlanFrequencyId, PlanId},
    plan::PlanFields,
    problem::Problems,
};
use db::Tx;

use crate::Error;

/// Records that another plan has the code already.
fn check_code(
    tx: &mut Tx<'_>,
    session: &Session,
    plan: Option<PlanId>,
    fields: &PlanFields,
    problems: &mut Problems,
) -> Result<(), Error> {
    let holder = store::plan::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder) != plan) {
        problems.push("Code", format!("Code {} is already in use.", fields.code));
    }
    Ok(())
}

/// Locks a plan with everything that is part of it.
pub(crate) fn lock(tx: &mut Tx<'_>, session: &Session, id: PlanId) -> Result<(), Error> {
    if store::plan::lock(tx, session.account.id, id)? { Ok(()) } else { Err(Error::not_found("Plan", id.0)) }
}

/// Tells that a plan, or a part of it, was changed.
pub(crate) fn record_change(tx: &mut Tx<'_>, session: &Session, id: PlanId) -> Result<(), Error> {
    let event = Event { event_type: EventType::PlanUpdated, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}

fn new_frequency(tx: &mut Tx<'_>) -> Result<PlanFrequencyId, Error> {
    Ok(PlanFrequencyId(tx.next_id()?))
}
