//! Edit the text of a tracked item, whatever the status of its purchase.

use billing::{
    account::Session,
    id::ProductItemId,
    purchase::{ItemOrder, TrackedItem},
};
use db::Tx;

use super::find;
use crate::{
    Error,
    books::Books,
    purchases::{self, draft, references},
};

/// Which item, and what it becomes.
#[derive(Debug, Clone)]
pub struct Order {
    /// An active item.
    pub id: ProductItemId,
    /// Replaces what the caller named before.
    pub item: ItemOrder,
}

/// Replaces reference, name and description (purchases.md §2 and §3.14).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<TrackedItem, Error> {
    let customer = find::run(tx, session, order.id)?.customer;
    Books::open(tx, session, customer)?;
    let mut tracked = find::run(tx, session, order.id)?;
    tracked.item.may_be_modified()?;
    if tracked.item.order.reference != order.item.reference {
        references::check(tx, session, tracked.product, &order.item.reference)?;
    }
    tracked.item.order = order.item.clone();
    tracked.item.modified_at = session.now;
    store::product_item::update(tx, session.account.id, &tracked.item)?;
    let purchase = purchases::find::run(tx, session, tracked.purchase)?;
    draft::updated(tx, session, &purchase)?;
    Ok(tracked)
}
