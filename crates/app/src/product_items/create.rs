//! Add a tracked item to a draft purchase.

use billing::{
    account::Session,
    id::{ProductItemId, PurchaseId},
    purchase::{ItemOrder, ProductItem, ProductItemStatus, TrackedItem},
    refusal::Refusal,
};
use db::Tx;

use crate::{
    Error,
    purchases::{draft::LockedDraft, references},
};

/// Which draft, and what is added to it.
#[derive(Debug, Clone)]
pub struct Order {
    /// A draft of a tracked product.
    pub purchase: PurchaseId,
    /// The new item.
    pub item: ItemOrder,
}

/// Adds the item and counts it; a reference that another item of the product holds is refused (purchases.md §3.14).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<TrackedItem, Error> {
    let mut draft = LockedDraft::find(tx, session, order.purchase)?;
    if !draft.purchase.terms.is_tracking_items {
        return Err(Refusal::ItemsNotTracked.into());
    }
    references::check(tx, session, draft.product.id, &order.item.reference)?;
    let item = ProductItem {
        id: ProductItemId(tx.next_id()?),
        order: order.item.clone(),
        status: ProductItemStatus::Active,
        created_at: session.now,
        modified_at: session.now,
    };
    draft.purchase.items.push(item.clone());
    let tracked =
        TrackedItem { item, purchase: order.purchase, customer: draft.customer.id, product: draft.product.id };
    store::product_item::insert(tx, session.account.id, &tracked)?;
    draft.save(tx, session)?;
    Ok(tracked)
}
