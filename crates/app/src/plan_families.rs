//! Plan families: create, read, replace, delete.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{PlanFamilyId, PlanFrequencyId, PlanId, RelationshipId},
    plan::{
        Plan,
        family::{PlanFamily, PlanFamilyFields},
    },
    problem::Problems,
};
use db::Tx;

use crate::Error;

/// Records what is wrong beyond the family's own limits: a code that another family has, plans and frequencies that the
/// account does not have.
fn check(
    tx: &mut Tx<'_>,
    session: &Session,
    family: Option<PlanFamilyId>,
    fields: &PlanFamilyFields,
) -> Result<(), Error> {
    let mut problems = Problems::new();
    let holder = store::plan::family::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder) != family) {
        problems.push("Code", format!("Code {} is already in use.", fields.code));
    }
    let mut plans = Vec::with_capacity(fields.plans.len());
    for id in &fields.plans {
        plans.push(crate::plans::find::run(tx, session, *id)?);
    }
    for (index, of) in fields.relationships.iter().enumerate() {
        problems.item("Relationships", index, |problems| {
            let ends = [
                ("SourcePlanFrequencyId", of.source_plan, of.source_frequency),
                ("DestinationPlanFrequencyId", of.destination_plan, of.destination_frequency),
            ];
            for (name, plan, frequency) in ends {
                if !has_frequency(&plans, plan, frequency) {
                    problems.push(name, "The plan has no such frequency.");
                }
            }
        });
    }
    problems.into_result().map_err(Error::Invalid)
}

fn has_frequency(plans: &[Plan], plan: PlanId, frequency: PlanFrequencyId) -> bool {
    let plan = plans.iter().find(|of| of.id == plan);
    plan.is_some_and(|plan| plan.frequency(frequency).is_some())
}

/// The family as it is to be stored, its relationships with ids of their own.
fn with_ids(tx: &mut Tx<'_>, id: PlanFamilyId, fields: &PlanFamilyFields) -> Result<PlanFamily, Error> {
    let ids = tx.next_ids(i64::try_from(fields.relationships.len()).unwrap_or(i64::MAX))?;
    Ok(PlanFamily { id, fields: fields.clone(), relationship_ids: ids.map(RelationshipId).collect() })
}

fn record(tx: &mut Tx<'_>, session: &Session, event_type: EventType, id: PlanFamilyId) -> Result<(), Error> {
    let event = Event { event_type, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
