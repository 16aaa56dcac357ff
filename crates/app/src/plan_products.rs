//! Products within plans: create, read, replace, price, delete.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod price;
pub mod update;

use billing::{
    id::{ChargeModelId, CycleId},
    plan::{
        Plan,
        product::{Cycle, CycleFields, FrequencyName},
    },
};
use db::Tx;

use crate::Error;

/// Cycles with ids of their own; each names a frequency of the plan. One that was there for the same frequency keeps its
/// id.
fn with_ids(
    tx: &mut Tx<'_>,
    plan: &Plan,
    current: &[Cycle],
    cycles: &[(FrequencyName, CycleFields)],
) -> Result<Vec<Cycle>, Error> {
    let mut stored = Vec::with_capacity(cycles.len());
    for (name, fields) in cycles {
        let Some(frequency) = name.of(plan).and_then(|id| plan.frequency(id)) else { continue };
        let same = current.iter().find(|cycle| cycle.frequency == frequency.id).map(|cycle| cycle.id);
        let id = match same {
            Some(id) => id,
            None => CycleId(tx.next_id()?),
        };
        let models = tx.next_ids(i64::try_from(fields.charge_models.len()).unwrap_or(i64::MAX))?;
        stored.push(Cycle {
            id,
            frequency: frequency.id,
            period: frequency.fields.period,
            charge_model_ids: models.map(ChargeModelId).collect(),
            fields: fields.clone(),
        });
    }
    Ok(stored)
}
