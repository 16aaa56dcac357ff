//! Change a draft purchase.

use billing::{
    account::Session,
    id::PurchaseId,
    problem::{Problem, Problems},
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
    let draft = LockedDraft::find(tx, session, order.purchase)?;
    changed(draft, &order.change, Problems::new())?.save(tx, session)
}

/// Everything that is wrong with an order that was `found` to have these problems already. Where they are, it holds
/// placeholders, and nothing else is said of them.
pub fn refuse(tx: &mut Tx<'_>, session: &Session, order: &Order, found: &[Problem]) -> Error {
    let problems = Problems::after(found.to_vec());
    if problems.has_failed("Id") {
        return Error::Invalid(problems.into_found());
    }
    match LockedDraft::find(tx, session, order.purchase) {
        Ok(draft) => changed(draft, &order.change, problems).err().unwrap_or_else(|| Error::Invalid(found.to_vec())),
        Err(error) => error.among("Id", problems.into_found()),
    }
}

fn changed(mut draft: LockedDraft, change: &PurchaseChange, mut problems: Problems) -> Result<LockedDraft, Error> {
    let changed = draft.purchase.change(change, &draft.product, draft.customer.currency, &mut problems);
    let found = problems.into_found();
    match changed {
        Err(refusal) => Err(Error::from(refusal).among("OverridePriceRanges", found)),
        Ok(()) if found.is_empty() => Ok(draft),
        Ok(()) => Err(Error::Invalid(found)),
    }
}
