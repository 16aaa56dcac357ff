//! What callers are shown of the lines of an invoice (receivables.md §2.3).

use billing::{
    discount::DiscountType,
    invoice::{Charge as Stored, ChargeDiscount},
    opening_balance::OpeningBalance,
    priced::Tier,
    purchase::TrackedItem,
};
use money::{Price, Quantity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    wire::scalar::{At, Four, One, Six},
};

/// A line of an invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Charge {
    /// Units.
    quantity: One,
    /// Price of one.
    unit_price: Six,
    /// Price of all, before discounts.
    amount: Four,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// General-ledger label.
    gl_code: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// Subscriptions only.
    prorated_unit_price: Option<Six>,
    /// Subscriptions only.
    start_service_date: Option<At>,
    /// Subscriptions only.
    end_service_date: Option<At>,
    /// The quantity that chose the price; non-standard pricing only.
    range_quantity: Option<One>,
    /// Whether anything of it is left to reverse.
    is_reversable: bool,
    /// Deprecated by the original; always null.
    discount: Option<()>,
    /// Discounts on it.
    discounts: Vec<Discount>,
    /// Subscriptions only.
    subscription_product: Option<()>,
    /// The purchase it charges; null for what was owed before.
    purchase: Option<Reference>,
    /// The ranges that made the amount; tiered pricing only.
    charge_tiers: Vec<ChargeTier>,
    /// NetSuite only.
    netsuite_charge_item: Option<()>,
    /// The active tracked items of the purchase; only with `showTrackedItems`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracked_items: Option<Vec<Item>>,
    /// Its id, which is its transaction's.
    id: i64,
    /// Always null: a charge is read with its invoice.
    uri: Option<String>,
}

/// An object named by its id.
#[derive(Serialize, JsonSchema)]
pub(in crate::routes) struct Reference {
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A discount as it was posted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Discount {
    /// The charge.
    charge_id: i64,
    /// Percent or money, as it was entered.
    configured_discount_amount: Six,
    /// What it took.
    amount: Four,
    /// What the entered number means.
    discount_type: Name<DiscountType>,
    /// When it counts.
    effective_timestamp: At,
    /// Its id, which is its transaction's.
    id: i64,
    /// Always null: a discount is read with its charge.
    uri: Option<String>,
}

/// A range that a tiered charge was priced by.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChargeTier {
    /// Price of one unit in it.
    unit_price: Six,
    /// Always null.
    label: Option<String>,
    /// Units in it.
    quantity: One,
    /// What they cost.
    amount: Four,
    /// Its place, from zero.
    sort_order: usize,
}

/// A tracked item.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ChargeTrackedItem")]
struct Item {
    /// As the caller named it.
    reference: String,
    /// Its name.
    name: Option<String>,
    /// Its description.
    description: Option<String>,
    /// When it was added.
    created_timestamp: At,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl Item {
    fn of(links: &Links, tracked: &TrackedItem) -> Self {
        let item = &tracked.item;
        Self {
            reference: item.order.reference.clone(),
            name: item.order.name.clone(),
            description: item.order.description.clone(),
            created_timestamp: At(item.created_at),
            id: item.id.0,
            uri: links.product_item(item.id.0),
        }
    }
}

impl Reference {
    /// To a purchase.
    pub(in crate::routes) fn to_purchase(links: &Links, id: i64) -> Self {
        Self { id, uri: links.purchase(id) }
    }
}

impl Charge {
    pub(super) fn of(links: &Links, charge: &Stored) -> Self {
        Self {
            quantity: One(charge.quantity),
            unit_price: Six(charge.unit_price),
            amount: Four(charge.amount),
            name: charge.name.clone(),
            description: charge.description.clone(),
            gl_code: charge.gl_code.clone(),
            effective_timestamp: At(charge.effective_at),
            prorated_unit_price: None,
            start_service_date: None,
            end_service_date: None,
            range_quantity: charge.range_quantity.map(One),
            is_reversable: charge.is_reversible(),
            discount: None,
            discounts: charge.discounts.iter().map(|discount| Discount::of(charge, discount)).collect(),
            subscription_product: None,
            purchase: Some(Reference::to_purchase(links, charge.purchase.0)),
            charge_tiers: charge.tiers.iter().enumerate().map(ChargeTier::of).collect(),
            netsuite_charge_item: None,
            tracked_items: None,
            id: charge.id.0,
            uri: None,
        }
    }

    /// Shows those of the items that belong to the purchase.
    pub(super) fn track(&mut self, links: &Links, items: &[TrackedItem]) {
        let own = items.iter().filter(|item| Some(item.purchase.0) == self.purchase_id());
        self.tracked_items = Some(own.map(|item| Item::of(links, item)).collect());
    }

    /// What was owed before, as the one charge of its invoice. It is corrected by credits, and never reversed.
    pub(super) fn of_opening(opening: &OpeningBalance) -> Self {
        Self {
            quantity: One(Quantity::ONE),
            unit_price: Six(Price::from_millionths(opening.amount.millionths())),
            amount: Four(opening.amount),
            name: opening.name.clone().unwrap_or_default(),
            description: opening.description.clone(),
            gl_code: None,
            effective_timestamp: At(opening.effective_at),
            prorated_unit_price: None,
            start_service_date: None,
            end_service_date: None,
            range_quantity: None,
            is_reversable: false,
            discount: None,
            discounts: Vec::new(),
            subscription_product: None,
            purchase: None,
            charge_tiers: Vec::new(),
            netsuite_charge_item: None,
            tracked_items: None,
            id: opening.id.0,
            uri: None,
        }
    }

    pub(super) fn purchase_id(&self) -> Option<i64> {
        self.purchase.as_ref().map(|purchase| purchase.id)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

impl Discount {
    fn of(charge: &Stored, discount: &ChargeDiscount) -> Self {
        Self {
            charge_id: charge.id.0,
            configured_discount_amount: Six(discount.configured.amount),
            amount: Four(discount.amount),
            discount_type: Name(discount.configured.discount_type),
            effective_timestamp: At(charge.effective_at),
            id: discount.id,
            uri: None,
        }
    }
}

impl ChargeTier {
    fn of((sort_order, tier): (usize, &Tier)) -> Self {
        Self {
            unit_price: Six(tier.unit_price),
            label: None,
            quantity: One(tier.quantity),
            amount: Four(tier.amount),
            sort_order,
        }
    }
}
