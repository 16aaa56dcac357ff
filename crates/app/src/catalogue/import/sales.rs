//! Discounts and coupons of a file.

use std::collections::HashSet;

use billing::{
    catalogue_discount::DiscountFields,
    coupon::{CouponFields, CouponPlan},
    id::{CouponId, DiscountId},
    problem::Problems,
};

use super::{
    super::export::all,
    Import,
    references::{Of, References},
};
use crate::{Error, catalogue::Entry, coupons, discounts};

impl Import<'_, '_, '_> {
    /// Discounts.
    pub(super) fn discounts(&mut self, entries: &[Entry<DiscountFields>]) -> Result<(), Error> {
        const LIST: &str = "Discounts";
        self.check_repeated(LIST, "Code", entries.iter().map(|entry| &entry.fields.code));
        let mut is_new = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let done = self.element(LIST, index, |import| {
                let (tx, session, fields) = (&mut *import.tx, import.session, entry.fields.clone());
                match store::discount::find_by_code(tx, session.account.id, &fields.code)? {
                    Some(id) => {
                        discounts::update::run(tx, session, &discounts::update::Order { id, fields })?;
                        Ok((id.0, false))
                    }
                    None => discounts::create::run(tx, session, &fields).map(|discount| (discount.id.0, true)),
                }
            })?;
            self.problems.item(LIST, index, |problems| {
                self.references.insert(Of::Discount, entry.id, done.map(|(id, _)| id), problems);
            });
            is_new.extend(done.map(|(_, is_new)| is_new));
        }
        self.count("discounts", &is_new);
        Ok(())
    }

    /// Coupons: the one that has one of the codes already is updated; without codes, the one of the same name.
    pub(super) fn coupons(&mut self, entries: &[CouponFields]) -> Result<(), Error> {
        const LIST: &str = "Coupons";
        let (mut is_new, mut seen) = (Vec::new(), HashSet::new());
        for (index, coupon) in entries.iter().enumerate() {
            let references = &self.references;
            let resolved = self.problems.item(LIST, index, |problems| resolve_coupon(references, coupon, problems));
            let Some(fields) = resolved else { continue };
            let done = self.element(LIST, index, |import| import.set_coupon(fields))?;
            if done.is_some_and(|(id, _)| !seen.insert(id)) {
                let text =
                    format!("Coupon {} is in the file already, by a code or, without codes, by its name.", coupon.name);
                self.problems.item(LIST, index, |problems| problems.push("", text));
            }
            is_new.extend(done.map(|(_, is_new)| is_new));
        }
        self.count("coupons", &is_new);
        Ok(())
    }

    fn set_coupon(&mut self, fields: CouponFields) -> Result<(CouponId, bool), Error> {
        match self.find_coupon(&fields)? {
            Some(id) => {
                // The file was written before purchases took usages: nobody means to give them back.
                let order = coupons::update::Order { id, fields, keeps_usages: true };
                coupons::update::run(self.tx, self.session, &order)?;
                Ok((id, false))
            }
            None => coupons::create::run(self.tx, self.session, &fields).map(|coupon| (coupon.id, true)),
        }
    }

    fn find_coupon(&mut self, fields: &CouponFields) -> Result<Option<CouponId>, Error> {
        let account = self.session.account.id;
        for code in &fields.codes {
            if let Some(found) = store::coupon::find_by_code(self.tx, account, &code.code)? {
                return Ok(Some(found));
            }
        }
        if !fields.codes.is_empty() {
            return Ok(None);
        }
        let coupons = all(|page| Ok(store::coupon::list(self.tx, account, self.session.now, page)?))?;
        let same = coupons.iter().find(|one| one.fields.codes.is_empty() && one.fields.name == fields.name);
        Ok(same.map(|coupon| coupon.id))
    }
}

/// The coupon with the ids of this account instead of the file's; its codes and windows have none.
fn resolve_coupon(references: &References, coupon: &CouponFields, problems: &mut Problems) -> Option<CouponFields> {
    let mut resolved = coupon.clone();
    let discounts = resolve_discounts(references, &coupon.discounts, problems);
    let mut is_whole = discounts.is_some();
    resolved.discounts = discounts.unwrap_or_default();
    resolved.codes.iter_mut().for_each(|code| code.id = None);
    for (index, window) in resolved.eligibilities.iter_mut().enumerate() {
        let discounts = problems
            .item("Eligibilities", index, |problems| resolve_discounts(references, &window.discounts, problems));
        is_whole &= discounts.is_some();
        (window.id, window.discounts) = (None, discounts.unwrap_or_default());
    }
    for (index, plan) in resolved.plans.iter_mut().enumerate() {
        let found = problems.item("Plans", index, |problems| resolve_plan(references, plan, problems));
        is_whole &= found.is_some();
        *plan = found.unwrap_or_else(|| plan.clone());
    }
    is_whole.then_some(resolved)
}

fn resolve_discounts(references: &References, ids: &[DiscountId], problems: &mut Problems) -> Option<Vec<DiscountId>> {
    let found = ids.iter().enumerate().map(|(index, id)| {
        let stored = problems.item("Discounts", index, |problems| references.resolve(Of::Discount, id.0, "", problems));
        stored.map(DiscountId)
    });
    let found: Vec<_> = found.collect();
    found.into_iter().collect()
}

fn resolve_plan(references: &References, plan: &CouponPlan, problems: &mut Problems) -> Option<CouponPlan> {
    let id = references.resolve(Of::Plan, plan.plan, "Id", problems);
    let parts = plan.plan_products.iter().enumerate().map(|(index, part)| {
        problems.item("PlanProducts", index, |problems| references.resolve(Of::PlanProduct, *part, "", problems))
    });
    let parts: Vec<_> = parts.collect();
    let plan_products = parts.into_iter().collect::<Option<_>>()?;
    Some(CouponPlan { plan: id?, applies_to_all_products: plan.applies_to_all_products, plan_products })
}
