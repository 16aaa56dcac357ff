//! Take a plan off sale.

use billing::{account::Session, id::PlanId};
use db::Tx;

use crate::Error;

/// Retires a plan: it stays readable, and lives on where it was sold. Doing so twice changes nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PlanId) -> Result<(), Error> {
    super::lock(tx, session, id)?;
    store::plan::retire(tx, session.account.id, id, session.now)?;
    super::record_change(tx, session, id)
}
