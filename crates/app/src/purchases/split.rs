//! Split a tracked draft at the number of its items.

use billing::{
    account::Session,
    discount::DiscountType,
    event::{Event, EventType},
    id::PurchaseId,
    purchase::Purchase,
};
use db::Tx;
use store::purchase::Draft;

use super::draft::LockedDraft;
use crate::Error;

/// Which draft, and whether a second one is made.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// A tracked draft with fewer items than its target.
    pub purchase: PurchaseId,
    /// Lower the target only.
    pub only_lowers_target: bool,
}

/// The draft keeps its items and its target becomes their number; a new draft waits for the rest (purchases.md §3.13).
/// Both keep what coupons brought, and use them once together. Answers the original.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Purchase, Error> {
    let mut draft = LockedDraft::find(tx, session, order.purchase)?;
    let missing = draft.purchase.missing_items()?;
    if !order.only_lowers_target {
        draft.customer.status.may_draft_purchases()?;
        let (rest, terms) = draft.purchase.split_off(missing);
        let id = PurchaseId(tx.next_id()?);
        let (account, customer) = (session.account.id, draft.customer.id);
        store::purchase::share_coupon_uses(tx, account, order.purchase)?;
        let mut coupons = store::purchase::find_coupons(tx, account, order.purchase)?;
        for coupon in &mut coupons {
            coupon.discounts.retain(|discount| discount.discount_type != DiscountType::Amount);
        }
        let new = Draft { id, order: &rest, terms: &terms, coupons: &coupons };
        store::purchase::insert(tx, account, customer, &[new], None, session.now)?;
        let event = Event { event_type: EventType::PurchaseCreated, customer: Some(customer), subject_id: id.0 };
        store::event::insert(tx, account, &[event], session.now)?;
    }
    draft.purchase.terms.target_order_quantity = Some(draft.purchase.terms.quantity);
    draft.save(tx, session)
}
