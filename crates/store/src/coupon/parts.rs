//! The lists of a coupon: codes, discounts, windows, plans.

use std::collections::HashMap;

use billing::{
    coupon::{Coupon, CouponCode, CouponFields, CouponPlan, Eligibility},
    id::{AccountId, CouponCodeId, CouponId, DiscountId, EligibilityId},
};
use db::{Error, Tx, values};

use crate::{many::each_of, row::at_opt};

/// Stores the lists, but no codes that are stored already; codes and windows without an id get one.
pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, id: CouponId, fields: &CouponFields) -> Result<(), Error> {
    let new_codes: Vec<_> = fields.codes.iter().filter(|code| code.id.is_none()).collect();
    let count = new_codes.len() + fields.eligibilities.len();
    let mut ids = tx.next_ids(i64::try_from(count).unwrap_or(i64::MAX))?;
    let codes = new_codes.iter().zip(ids.by_ref());
    let codes = codes.map(|(code, new)| {
        values![account.0, new, id.0, code.code.as_str(), code.remaining_usages, code.remaining_usages]
    });
    let columns = &["account_id", "id", "coupon_id", "code", "remaining_usages", "usages_set"];
    tx.insert("coupon_code", columns, codes)?;
    let discounts = (0i64..).zip(&fields.discounts);
    let discounts = discounts.map(|(number, discount)| values![account.0, id.0, number, discount.0]);
    tx.insert("coupon_discount", &["account_id", "coupon_id", "discount_number", "discount_id"], discounts)?;
    let (mut windows, mut window_discounts) = (vec![], vec![]);
    for (number, window) in (0i64..).zip(&fields.eligibilities) {
        let new = ids.next();
        let window_id = window.id.map(|id| id.0).or(new);
        windows.push(values![account.0, window_id, id.0, number, at_opt(window.starts_at), at_opt(window.ends_at)]);
        for (number, discount) in (0i64..).zip(&window.discounts) {
            window_discounts.push(values![account.0, window_id, number, discount.0]);
        }
    }
    let columns = &["account_id", "id", "coupon_id", "window_number", "starts_at", "ends_at"];
    tx.insert("coupon_eligibility", columns, windows)?;
    let columns = &["account_id", "eligibility_id", "discount_number", "discount_id"];
    tx.insert("coupon_eligibility_discount", columns, window_discounts)?;
    insert_plans(tx, account, id, &fields.plans)
}

fn insert_plans(tx: &mut Tx<'_>, account: AccountId, id: CouponId, plans: &[CouponPlan]) -> Result<(), Error> {
    let rows = (0i64..).zip(plans);
    let rows = rows.map(|(number, plan)| values![account.0, id.0, number, plan.plan, plan.applies_to_all_products]);
    let columns = &["account_id", "coupon_id", "plan_number", "plan_id", "applies_to_all_products"];
    tx.insert("coupon_plan", columns, rows)?;
    let products = (0i64..).zip(plans).flat_map(|(number, plan)| {
        let products = (0i64..).zip(&plan.plan_products);
        products.map(move |(product_number, product)| values![account.0, id.0, number, product_number, *product])
    });
    let columns = &["account_id", "coupon_id", "plan_number", "product_number", "plan_product_id"];
    tx.insert("coupon_plan_product", columns, products)
}

/// Changes and deletes codes that the coupon `has` as `fields` say. A row that stays is not made anew, so that whoever
/// takes a usage of it at the same time finds it; one whose usages stay is as if they had not been set again.
pub(super) fn update_codes(
    tx: &mut Tx<'_>,
    account: AccountId,
    has: &[CouponCode],
    fields: &CouponFields,
) -> Result<(), Error> {
    for CouponCode { id, remaining_usages, .. } in has {
        let key = id.map(|id| id.0);
        match fields.codes.iter().find(|code| code.id == *id) {
            Some(code) if code.remaining_usages == *remaining_usages => 0,
            Some(code) => tx.execute(
                "UPDATE coupon_code SET remaining_usages = $3, usages_set = $3 WHERE account_id = $1 AND id = $2",
                &values![account.0, key, code.remaining_usages],
            )?,
            None => {
                tx.execute("DELETE FROM coupon_code WHERE account_id = $1 AND id = $2", &values![account.0, key])?
            }
        };
    }
    Ok(())
}

/// Deletes the lists without the codes.
pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<(), Error> {
    let id = values![account.0, id.0];
    tx.execute(
        "DELETE FROM coupon_eligibility_discount WHERE account_id = $1 AND eligibility_id IN
             (SELECT id FROM coupon_eligibility WHERE account_id = $1 AND coupon_id = $2)",
        &id,
    )?;
    tx.execute("DELETE FROM coupon_eligibility WHERE account_id = $1 AND coupon_id = $2", &id)?;
    tx.execute("DELETE FROM coupon_plan_product WHERE account_id = $1 AND coupon_id = $2", &id)?;
    tx.execute("DELETE FROM coupon_plan WHERE account_id = $1 AND coupon_id = $2", &id)?;
    tx.execute("DELETE FROM coupon_discount WHERE account_id = $1 AND coupon_id = $2", &id)?;
    Ok(())
}

/// Reads the lists of coupons.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, coupons: &mut [Coupon]) -> Result<(), Error> {
    let ids: Vec<_> = coupons.iter().map(|coupon| coupon.id.0).collect();
    let mut by_id: ById<'_> = coupons.iter_mut().map(|coupon| (coupon.id.0, &mut coupon.fields)).collect();
    let codes = "SELECT coupon_id, id, code, remaining_usages FROM coupon_code
        WHERE account_id = $1 AND coupon_id IN ({owners}) ORDER BY id";
    each_of(tx, account, &ids, codes, |id, columns| {
        let code_id = Some(CouponCodeId(columns.next()?));
        let code = CouponCode { id: code_id, code: columns.next()?, remaining_usages: columns.next()? };
        by_id.entry(id).and_modify(|fields| fields.codes.push(code));
        Ok(())
    })?;
    let discounts = "SELECT coupon_id, discount_id FROM coupon_discount
        WHERE account_id = $1 AND coupon_id IN ({owners}) ORDER BY coupon_id, discount_number";
    each_of(tx, account, &ids, discounts, |id, columns| {
        let discount = DiscountId(columns.next()?);
        by_id.entry(id).and_modify(|fields| fields.discounts.push(discount));
        Ok(())
    })?;
    fill_windows(tx, account, &ids, &mut by_id)?;
    fill_plans(tx, account, &ids, &mut by_id)
}

type ById<'c> = HashMap<i64, &'c mut CouponFields>;

fn fill_windows(tx: &mut Tx<'_>, account: AccountId, ids: &[i64], by_id: &mut ById<'_>) -> Result<(), Error> {
    let windows = "SELECT coupon_id, id, starts_at, ends_at FROM coupon_eligibility
        WHERE account_id = $1 AND coupon_id IN ({owners}) ORDER BY coupon_id, window_number";
    each_of(tx, account, ids, windows, |id, columns| {
        let window_id = Some(EligibilityId(columns.next()?));
        let (starts_at, ends_at) = (columns.instant_opt()?, columns.instant_opt()?);
        let window = Eligibility { id: window_id, starts_at, ends_at, discounts: Vec::new() };
        by_id.entry(id).and_modify(|fields| fields.eligibilities.push(window));
        Ok(())
    })?;
    let discounts = "SELECT e.coupon_id, d.eligibility_id, d.discount_id
        FROM coupon_eligibility e JOIN coupon_eligibility_discount d
            ON d.account_id = e.account_id AND d.eligibility_id = e.id
        WHERE e.account_id = $1 AND e.coupon_id IN ({owners}) ORDER BY d.eligibility_id, d.discount_number";
    each_of(tx, account, ids, discounts, |id, columns| {
        let (window, discount) = (Some(EligibilityId(columns.next()?)), DiscountId(columns.next()?));
        let mut windows = by_id.get_mut(&id).into_iter().flat_map(|fields| &mut fields.eligibilities);
        if let Some(window) = windows.find(|one| one.id == window) {
            window.discounts.push(discount);
        }
        Ok(())
    })
}

fn fill_plans(tx: &mut Tx<'_>, account: AccountId, ids: &[i64], by_id: &mut ById<'_>) -> Result<(), Error> {
    let plans = "SELECT coupon_id, plan_id, applies_to_all_products FROM coupon_plan
        WHERE account_id = $1 AND coupon_id IN ({owners}) ORDER BY coupon_id, plan_number";
    each_of(tx, account, ids, plans, |id, columns| {
        let (plan, applies_to_all_products) = (columns.next()?, columns.next()?);
        let plan = CouponPlan { plan, applies_to_all_products, plan_products: Vec::new() };
        by_id.entry(id).and_modify(|fields| fields.plans.push(plan));
        Ok(())
    })?;
    let products = "SELECT coupon_id, plan_number, plan_product_id FROM coupon_plan_product
        WHERE account_id = $1 AND coupon_id IN ({owners}) ORDER BY coupon_id, plan_number, product_number";
    each_of(tx, account, ids, products, |id, columns| {
        let number = usize::try_from(columns.next::<i64>()?).unwrap_or(usize::MAX);
        let product = columns.next()?;
        if let Some(plan) = by_id.get_mut(&id).and_then(|fields| fields.plans.get_mut(number)) {
            plan.plan_products.push(product);
        }
        Ok(())
    })
}
