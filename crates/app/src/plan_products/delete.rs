//! Take a product out of a plan.

use billing::{account::Session, id::PlanProductId};
use db::Tx;

use crate::{Error, plans};

/// Marks a plan product as deleted: it stays readable, and no new subscription has it. Doing so twice changes nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanProductId) -> Result<(), Error> {
    let plan = super::find::run(tx, session, id)?.plan;
    plans::lock(tx, session, plan)?;
    store::plan::product::delete(tx, session.account.id, id, session.now)?;
    store::plan::touch(tx, session.account.id, plan, session.now)?;
    plans::record_change(tx, session, plan)
}
