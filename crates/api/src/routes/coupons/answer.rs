//! What callers are shown of coupons (catalog.md §8.1).

use billing::{
    account::Session,
    coupon::{
        Coupon as Stored, CouponCode as StoredCode, CouponPlan as StoredPlan, CouponStatus,
        Eligibility as StoredWindow, Ineligible,
    },
    id::DiscountId,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::At};

/// A coupon.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Coupon {
    /// Discounts that it brings.
    discounts: Vec<Link>,
    /// Times in which they hold; none means always.
    eligibilities: Vec<Eligibility>,
    /// Plans that get it.
    plans: Vec<Plan>,
    /// A name.
    name: String,
    /// A description.
    description: Option<String>,
    /// The start of the first window; null when there is none.
    eligibility_start_date: Option<At>,
    /// The end of the last window; null when there is none.
    eligibility_end_date: Option<At>,
    /// What it may be used for now.
    status: Name<CouponStatus>,
    /// All frequencies of all plans get it.
    apply_to_all_plans: bool,
    /// Each customer may use it once.
    one_time_use: bool,
    /// Codes by which it is asked for.
    coupon_codes: Vec<CouponCode>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// Something that is read on its own.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Link {
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A time in which discounts hold.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    /// The first instant; null is ever since.
    start_date: Option<At>,
    /// The last instant; null is for ever.
    end_date: Option<At>,
    /// Which discounts; none means all of the coupon.
    discounts: Vec<Link>,
    /// Its id.
    id: i64,
    /// Always null: it is read with its coupon.
    uri: Option<String>,
}

/// A plan that gets the coupon.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CouponPlan")]
struct Plan {
    /// All of its products get it.
    apply_to_all_products: bool,
    /// Otherwise these.
    plan_products: Vec<PlanProduct>,
    /// The plan.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A plan product that gets the coupon.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CouponPlanProduct")]
struct PlanProduct {
    /// The plan product.
    plan_product_id: i64,
    /// The same.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A code by which a coupon is asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CouponCode {
    /// Unique in the account.
    code: String,
    /// How many more purchases may use it; null is any number.
    remaining_usages: Option<i64>,
    /// Its id.
    id: i64,
    /// Always null: it is read with its coupon.
    uri: Option<String>,
}

pub(in crate::routes) fn render(links: &Links, session: &Session, stored: Stored) -> Coupon {
    let Stored { id, fields } = stored;
    Coupon {
        eligibility_start_date: fields.first_start().map(At),
        eligibility_end_date: fields.last_end().map(At),
        status: Name(fields.status(session.now)),
        discounts: discounts(links, &fields.discounts),
        eligibilities: fields.eligibilities.iter().map(|window| Eligibility::of(links, window)).collect(),
        plans: fields.plans.iter().map(|plan| Plan::of(links, plan)).collect(),
        name: fields.name,
        description: fields.description,
        apply_to_all_plans: fields.applies_to_all_plans,
        one_time_use: fields.is_one_time_use,
        coupon_codes: fields.codes.into_iter().map(CouponCode::of).collect(),
        id: id.0,
        uri: links.coupon(id.0),
    }
}

fn discounts(links: &Links, discounts: &[DiscountId]) -> Vec<Link> {
    discounts.iter().map(|discount| Link { id: discount.0, uri: links.discount(discount.0) }).collect()
}

impl Eligibility {
    fn of(links: &Links, window: &StoredWindow) -> Self {
        Self {
            start_date: window.starts_at.map(At),
            end_date: window.ends_at.map(At),
            discounts: discounts(links, &window.discounts),
            id: window.id.map_or(0, |id| id.0),
            uri: None,
        }
    }
}

impl Plan {
    fn of(links: &Links, plan: &StoredPlan) -> Self {
        let products = plan.plan_products.iter();
        let products = products.map(|id| PlanProduct { plan_product_id: *id, id: *id, uri: links.plan_product(*id) });
        Self {
            apply_to_all_products: plan.applies_to_all_products,
            plan_products: products.collect(),
            id: plan.plan,
            uri: links.plan(plan.plan),
        }
    }
}

impl CouponCode {
    fn of(code: StoredCode) -> Self {
        let id = code.id.map_or(0, |id| id.0);
        Self { code: code.code, remaining_usages: code.remaining_usages, id, uri: None }
    }
}

/// Whether a code may be used.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Validity {
    /// It may.
    valid: bool,
    /// Why not; null when it may.
    reason: Option<String>,
}

impl Validity {
    pub(super) fn of(reason: Option<Ineligible>) -> Self {
        Self { valid: reason.is_none(), reason: reason.map(|reason| reason.to_string()) }
    }
}
