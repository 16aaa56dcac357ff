//! What purchases ask of coupons: what a code brings, and its use when the purchase is charged.

use std::collections::{BTreeMap, BTreeSet};

use billing::{
    account::Session,
    catalogue_discount::CatalogueDiscount,
    coupon::{Coupon, Ineligible, Wish},
    discount::Discount,
    id::{CouponId, CustomerId, DiscountId},
    purchase::{AppliedCoupon, Purchase},
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// The coupons that somebody names by their codes, as they stay until the transaction ends.
pub(crate) struct Coupons {
    ids: BTreeMap<String, CouponId>,
    coupons: BTreeMap<CouponId, Coupon>,
}

impl Coupons {
    /// Looks up the codes and reads their coupons, in the order of their ids as everybody who locks several; codes of no
    /// coupon are left to [`resolve`](Self::resolve).
    pub(crate) fn share<'c>(
        tx: &mut Tx<'_>,
        session: &Session,
        codes: impl Iterator<Item = &'c String>,
    ) -> Result<Self, Error> {
        let account = session.account.id;
        let mut ids = BTreeMap::new();
        for code in codes.collect::<BTreeSet<_>>() {
            ids.extend(store::coupon::find_by_code(tx, account, code)?.map(|id| (code.clone(), id)));
        }
        let mut coupons = BTreeMap::new();
        for id in ids.values().copied().collect::<BTreeSet<_>>() {
            coupons.extend(store::coupon::share(tx, account, id)?.map(|coupon| (id, coupon)));
        }
        let has_code = |id: &CouponId, code: &String| {
            coupons.get(id).is_some_and(|coupon: &Coupon| coupon.fields.codes.iter().any(|one| one.code == *code))
        };
        if !ids.iter().all(|(code, id)| has_code(id, code)) {
            // It may be another coupon's code by now, whose turn to be locked has passed.
            return Err(Error::Database(db::Error::Retryable("a coupon lost a code before it was locked".to_owned())));
        }
        Ok(Self { ids, coupons })
    }

    /// The coupon that `code` stands for and the discounts that it brings this customer's purchase now; `None` when there is
    /// no such coupon, or it may not be used. `skips_validation` asks for it whatever its status, time and usages are. Its
    /// plans do not matter: they speak of subscriptions (purchases.md §5).
    ///
    /// A discount is one row, read once; only who changes a coupon with its discounts must be kept out, and is.
    pub(crate) fn resolve(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        customer: CustomerId,
        code: &str,
        skips_validation: bool,
    ) -> Result<Option<AppliedCoupon>, Error> {
        let account = session.account.id;
        let Some(coupon) = self.ids.get(code).map(|id| &self.coupons[id]) else { return Ok(None) };
        let is_used_by_customer =
            coupon.fields.is_one_time_use && store::coupon::is_used_by(tx, account, coupon.id, customer)?;
        let wish = Wish { code, now: session.now, plan: None, is_used_by_customer };
        let brought = if skips_validation {
            Ok(whatever_holds(tx, session, coupon)?)
        } else {
            brought(tx, session, coupon, &wish)?
        };
        let discounts = match brought {
            Ok(discounts) if !discounts.is_empty() => discounts,
            Ok(_) | Err(_) => return Ok(None),
        };
        let (coupon, code, is_checked) = (coupon.id, code.to_owned(), !skips_validation);
        Ok(Some(AppliedCoupon { coupon, code, is_checked, shares_use_of: None, discounts }))
    }
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

/// Takes a usage of every coupon on purchases that are being charged; their customer is locked. A coupon that was used up
/// since it was applied is refused, and a usage is never given back (purchases.md §5). Purchases that were split take one
/// together, with the first of them that is charged.
///
/// Usages are taken in the order of coupons and codes, and each coupon is shared before, because recording its use locks it
/// too: whoever changes the coupon has it first, or waits.
pub(crate) fn consume(tx: &mut Tx<'_>, session: &Session, purchases: &[Purchase]) -> Result<(), Error> {
    let account = session.account.id;
    let mut usages = Vec::new();
    for purchase in purchases.iter().filter(|purchase| !purchase.coupon_codes.is_empty()) {
        let found = store::coupon::find_usages(tx, account, purchase.id)?;
        usages.extend(found.into_iter().map(|usage| (usage, purchase)));
    }
    usages.sort_by(|(one, _), (other, _)| (one.coupon, &one.code).cmp(&(other.coupon, &other.code)));
    let mut are_one_time_use = BTreeMap::new();
    for id in usages.iter().map(|(usage, _)| usage.coupon).collect::<BTreeSet<_>>() {
        are_one_time_use.insert(id, store::coupon::share_one_time_use(tx, account, id)?);
    }
    for (usage, Purchase { id, customer, .. }) in usages {
        let is_shared = match usage.shares_use_of {
            Some(first) => store::coupon::is_use_taken(tx, account, usage.coupon, *customer, first)?,
            None => false,
        };
        if is_shared {
            store::coupon::insert_use(tx, account, &usage, *customer, *id, session.now)?;
            continue;
        }
        let is_one_time_use = are_one_time_use[&usage.coupon];
        let is_again = is_one_time_use && store::coupon::is_used_by(tx, account, usage.coupon, *customer)?;
        let is_taken = store::coupon::take_usage(tx, account, &usage)?;
        if usage.is_checked && (is_again || !is_taken) {
            return Err(Refusal::CouponNotValid(usage.code).into());
        }
        store::coupon::insert_use(tx, account, &usage, *customer, *id, session.now)?;
    }
    Ok(())
}
