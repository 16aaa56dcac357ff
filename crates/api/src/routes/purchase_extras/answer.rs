//! What callers are shown of discounts and coupons on purchases.

use app::{purchase_coupons::create::Applied, purchase_discounts::Placed};
use billing::{account::Session, discount::DiscountType, id::PurchaseId, purchase::PurchaseDiscount as StoredDiscount};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::Six};

/// A discount on a purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct PurchaseDiscount {
    /// The purchase.
    purchase_id: i64,
    /// What the number means.
    discount_type: Name<DiscountType>,
    /// Percent or money.
    amount: Six,
    /// Its id; 0 in a preview.
    id: i64,
    /// Where it is read; null in a preview.
    uri: Option<String>,
}

impl PurchaseDiscount {
    pub(in crate::routes) fn of(links: &Links, purchase: PurchaseId, stored: &StoredDiscount) -> Self {
        Self {
            purchase_id: purchase.0,
            discount_type: Name(stored.discount.discount_type),
            amount: Six(stored.discount.amount),
            id: stored.id.0,
            uri: links.made(stored.id.0, Links::purchase_discount),
        }
    }
}

pub(super) fn render(links: &Links, _: &Session, placed: Placed) -> PurchaseDiscount {
    PurchaseDiscount::of(links, placed.purchase, &placed.discount)
}

/// A coupon on a purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PurchaseCoupon {
    /// The purchase.
    purchase_id: i64,
    /// The coupon's code.
    coupon_code: String,
    /// Its id.
    id: i64,
    /// Always null: it is read with its purchase.
    uri: Option<String>,
}

impl PurchaseCoupon {
    pub(super) fn of(applied: Applied) -> Self {
        Self { purchase_id: applied.purchase.0, coupon_code: applied.code, id: applied.id, uri: None }
    }
}
