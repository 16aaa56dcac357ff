//! What purchases ask of coupons: what a code brings them.

use std::collections::{BTreeMap, BTreeSet};

use billing::{
    account::Session,
    catalogue_discount::CatalogueDiscount,
    coupon::{Coupon, Ineligible, Wish},
    discount::Discount,
    id::{CustomerId, DiscountId},
    purchase::AppliedCoupon,
};
use db::Tx;

use crate::Error;

/// What the codes that somebody names bring a customer's purchases now, as it stays until the transaction ends, apart from
/// the usages that others take.
pub(crate) struct Coupons(BTreeMap<String, Brought>);

/// What a code brings, and how often.
struct Brought {
    applied: AppliedCoupon,
    /// Usages that are left; `None` is any number.
    remaining: Option<i64>,
    is_one_time_use: bool,
}

impl Coupons {
    /// Looks up the codes and reads their coupons, in the order of their ids as everybody who locks several, each code
    /// once however many purchases name it. `skips_validation` asks for coupons whatever their status, time and usages
    /// are.
    pub(crate) fn share<'c>(
        tx: &mut Tx<'_>,
        session: &Session,
        customer: CustomerId,
        codes: impl Iterator<Item = &'c String>,
        skips_validation: bool,
    ) -> Result<Self, Error> {
        let account = session.account.id;
        let mut ids = BTreeMap::new();
        for code in codes.collect::<BTreeSet<_>>() {
            ids.extend(store::coupon::find_by_code(tx, account, code)?.map(|id| (code, id)));
        }
        let mut coupons = BTreeMap::new();
        for id in ids.values().copied().collect::<BTreeSet<_>>() {
            coupons.extend(store::coupon::share(tx, account, id)?.map(|coupon| (id, coupon)));
        }
        let mut brought = BTreeMap::new();
        for (code, id) in ids {
            let coupon = coupons.get(&id).filter(|coupon| coupon.fields.codes.iter().any(|one| one.code == *code));
            // It may be another coupon's code by now, whose turn to be locked has passed.
            let lost = || db::Error::Retryable("a coupon lost a code before it was locked".to_owned());
            let found = resolve(tx, session, customer, coupon.ok_or_else(lost)?, code, skips_validation)?;
            brought.extend(found.map(|found| (code.clone(), found)));
        }
        Ok(Self(brought))
    }

    /// The coupon that `code` stands for and the discounts that it brings; `None` when there is no such coupon, or it may
    /// not be used.
    pub(crate) fn find(&self, code: &str) -> Option<&AppliedCoupon> {
        self.0.get(code).map(|brought| &brought.applied)
    }

    /// The same for one more purchase that is charged at once: each takes a usage, and `None` is also a code that earlier
    /// ones have used up.
    pub(crate) fn take(&mut self, code: &str) -> Option<&AppliedCoupon> {
        let Brought { applied, remaining, is_one_time_use } = self.0.get_mut(code)?;
        match remaining {
            Some(0) => return None,
            Some(remaining) => *remaining -= 1,
            None => {}
        }
        let (coupon, is_used_up) = (applied.coupon, *is_one_time_use);
        if is_used_up {
            // The next purchase of this customer would be the second one, by whatever code of the coupon.
            for other in self.0.values_mut().filter(|other| other.applied.coupon == coupon) {
                other.remaining = Some(0);
            }
        }
        self.find(code)
    }
}

/// What one code of a coupon brings; `None` when it brings nothing. The plans of a coupon do not matter: they speak of
/// subscriptions (purchases.md §5).
///
/// A discount is one row, read once; only who changes a coupon with its discounts must be kept out, and is.
fn resolve(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    coupon: &Coupon,
    code: &str,
    skips_validation: bool,
) -> Result<Option<Brought>, Error> {
    let is_one_time_use = coupon.fields.is_one_time_use;
    let is_used_by_customer =
        is_one_time_use && store::coupon::is_used_by(tx, session.account.id, coupon.id, customer)?;
    let wish = Wish { code, now: session.now, plan: None, is_used_by_customer };
    let brought =
        if skips_validation { Ok(whatever_holds(tx, session, coupon)?) } else { brought(tx, session, coupon, &wish)? };
    let discounts = match brought {
        Ok(discounts) if !discounts.is_empty() => discounts,
        Ok(_) | Err(_) => return Ok(None),
    };
    let remaining = coupon.fields.codes.iter().find(|one| one.code == code).and_then(|one| one.remaining_usages);
    let (coupon, code, is_checked) = (coupon.id, code.to_owned(), !skips_validation);
    let applied = AppliedCoupon { coupon, code, is_checked, shares_use_of: None, discounts };
    Ok(Some(Brought { applied, remaining, is_one_time_use }))
}

/// The discounts that a coupon brings as wished, or why it brings none. Discounts that were retired are given to nobody.
pub(super) fn brought(
    tx: &mut Tx<'_>,
    session: &Session,
    coupon: &Coupon,
    wish: &Wish<'_>,
) -> Result<Result<Vec<Discount>, Ineligible>, Error> {
    let ids = match coupon.fields.check(wish) {
        Ok(ids) => ids,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut found = read(tx, session, ids)?;
    found.retain(CatalogueDiscount::is_active);
    let discounts: Vec<_> = found.into_iter().map(|discount| discount.fields.discount).collect();
    Ok(if discounts.is_empty() { Err(Ineligible::NotActive) } else { Ok(discounts) })
}

/// The discounts of a coupon of which nothing is asked: those of the open window, else everything it ever brings.
fn whatever_holds(tx: &mut Tx<'_>, session: &Session, coupon: &Coupon) -> Result<Vec<Discount>, Error> {
    let included = coupon.fields.included();
    let ids = coupon.fields.eligible(session.now).unwrap_or(&included);
    Ok(read(tx, session, ids)?.into_iter().map(|discount| discount.fields.discount).collect())
}

fn read(tx: &mut Tx<'_>, session: &Session, ids: &[DiscountId]) -> Result<Vec<CatalogueDiscount>, Error> {
    let mut discounts = Vec::with_capacity(ids.len());
    for id in ids {
        discounts.extend(store::discount::find(tx, session.account.id, *id)?);
    }
    Ok(discounts)
}
