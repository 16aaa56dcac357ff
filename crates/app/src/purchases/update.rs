//! Change a draft purchase.

use billing::{
    account::Session,
    id::PurchaseId,
    problem::Problems,
    purchase::{Purchase, PurchaseChange},
};
use db::Tx;

use super::draft::LockedDraft;
use crate::Error;

/// Which draft, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub purchase: PurchaseId,
    /// What is changed.
    pub change: PurchaseChange,
}

/// Changes the draft and computes its amounts again (purchases.md §3.3).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Purchase, Error> {
    let mut draft = LockedDraft::find(tx, session, order.purchase)?;
    let mut problems = Problems::new();
    draft.purchase.change(&order.change, &draft.product, draft.customer.currency, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    draft.save(tx, session)
}
