//! Coupons: create, read, replace, delete, validate; and what purchases ask of them.

mod apply;
mod consume;
pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;
pub mod validate;

use std::collections::HashSet;

use billing::{
    account::Session,
    coupon::{Coupon, CouponFields, CouponPlan},
    id::{CouponId, DiscountId, PlanId, PlanProductId},
    problem::Problems,
};
use db::Tx;

pub(crate) use self::{apply::Coupons, consume::consume};
use crate::Error;

/// Refuses codes that other coupons have already, and discounts, plans and plan products that are not there. The discounts stay
/// as they are until the transaction ends.
fn check_references(
    tx: &mut Tx<'_>,
    session: &Session,
    coupon: Option<CouponId>,
    fields: &CouponFields,
    problems: &mut Problems,
) -> Result<(), Error> {
    let account = session.account.id;
    for (index, code) in fields.codes.iter().enumerate() {
        let holder = store::coupon::find_by_code(tx, account, &code.code)?;
        if holder.is_some_and(|holder| Some(holder) != coupon) {
            let text = format!("Code {} is already in use.", code.code);
            problems.item("CouponCodes", index, |problems| problems.push("Code", text));
        }
    }
    let mut included = fields.included();
    included.sort_unstable();
    let mut known = HashSet::new();
    for discount in included {
        if store::discount::lock(tx, account, discount)? {
            known.insert(discount);
        }
    }
    check_discounts(&fields.discounts, &known, problems);
    for (index, window) in fields.eligibilities.iter().enumerate() {
        problems.item("Eligibilities", index, |problems| check_discounts(&window.discounts, &known, problems));
    }
    for (index, plan) in fields.plans.iter().enumerate() {
        problems.item("Plans", index, |problems| check_plan(tx, session, plan, problems))?;
    }
    Ok(())
}

/// Plans and plan products are never deleted, only retired, so they need no lock.
fn check_plan(tx: &mut Tx<'_>, session: &Session, named: &CouponPlan, problems: &mut Problems) -> Result<(), Error> {
    let (account, plan) = (session.account.id, PlanId(named.plan));
    if store::plan::find(tx, account, plan)?.is_none() {
        problems.push("Id", format!("Plan with id {plan} not found."));
        return Ok(());
    }
    for (index, product) in named.plan_products.iter().enumerate() {
        let found = store::plan::product::find(tx, account, PlanProductId(*product))?;
        if found.is_none_or(|found| found.plan != plan) {
            let text = format!("PlanProduct with id {product} not found.");
            problems.item("PlanProducts", index, |problems| problems.push("", text));
        }
    }
    Ok(())
}

fn check_discounts(discounts: &[DiscountId], known: &HashSet<DiscountId>, problems: &mut Problems) {
    for (index, discount) in discounts.iter().enumerate() {
        if !known.contains(discount) {
            let text = format!("Discount with id {discount} not found.");
            problems.item("Discounts", index, |problems| problems.push("", text));
        }
    }
}

/// `fields` with the ids of what `stored` has already. A code is known by its text. Ids that are named must be the coupon's.
fn keep_ids(fields: &CouponFields, stored: &Coupon, problems: &mut Problems) -> CouponFields {
    let mut kept = fields.clone();
    for (index, code) in kept.codes.iter_mut().enumerate() {
        if let Some(id) = code.id
            && stored.fields.codes.iter().all(|one| one.id != Some(id))
        {
            let text = format!("CouponCode with id {id} not found.");
            problems.item("CouponCodes", index, |problems| problems.push("Id", text));
        }
        let same = stored.fields.codes.iter().find(|one| one.code == code.code);
        code.id = same.and_then(|code| code.id);
    }
    let mut seen = HashSet::new();
    for (index, window) in kept.eligibilities.iter_mut().enumerate() {
        let Some(id) = window.id else { continue };
        let is_known = stored.fields.eligibilities.iter().any(|one| one.id == Some(id));
        if !is_known || !seen.insert(id) {
            let text = format!("Eligibility with id {id} not found.");
            problems.item("Eligibilities", index, |problems| problems.push("Id", text));
        }
    }
    kept
}
