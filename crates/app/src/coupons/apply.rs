//! What purchases ask of coupons: what a code brings, and its use when the purchase is charged.

use billing::{
    account::Session,
    coupon::{Coupon, Ineligible, Wish},
    discount::Discount,
    id::{CustomerId, DiscountId},
    purchase::{AppliedCoupon, Purchase},
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// The coupon that `code` stands for and the discounts that it brings this customer's purchase now; `None` when there is no
/// such coupon, or it may not be used. `skips_validation` asks for it whatever its status, time and usages are. Its plans
/// do not matter: they speak of subscriptions (purchases.md §5).
pub(crate) fn resolve(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    code: &str,
    skips_validation: bool,
) -> Result<Option<AppliedCoupon>, Error> {
    let account = session.account.id;
    let Some(id) = store::coupon::find_by_code(tx, account, code)? else { return Ok(None) };
    let coupon = super::find::run(tx, session, id)?;
    let is_used_by_customer = coupon.fields.is_one_time_use && store::coupon::is_used_by(tx, account, id, customer)?;
    let wish = Wish { code, now: session.now, plan: None, is_used_by_customer };
    let brought = match brought(&coupon, &wish, skips_validation) {
        Ok(brought) => brought.to_vec(),
        Err(_) => return Ok(None),
    };
    let discounts = discounts(tx, session, &brought, skips_validation)?;
    if discounts.is_empty() {
        return Ok(None);
    }
    Ok(Some(AppliedCoupon { coupon: id, code: code.to_owned(), is_checked: !skips_validation, discounts }))
}

fn brought<'c>(coupon: &'c Coupon, wish: &Wish<'_>, skips_validation: bool) -> Result<&'c [DiscountId], Ineligible> {
    if skips_validation {
        return Ok(coupon.fields.eligible(wish.now).unwrap_or(&coupon.fields.discounts));
    }
    coupon.fields.check(wish)
}

/// What a purchase is given; discounts that were retired are given to nobody, unless nothing is to be asked.
fn discounts(
    tx: &mut Tx<'_>,
    session: &Session,
    ids: &[DiscountId],
    skips_validation: bool,
) -> Result<Vec<Discount>, Error> {
    let mut discounts = Vec::with_capacity(ids.len());
    for id in ids {
        let found = store::discount::find(tx, session.account.id, *id)?;
        let found = found.filter(|discount| skips_validation || discount.is_active());
        discounts.extend(found.map(|discount| discount.fields.discount));
    }
    Ok(discounts)
}

/// Takes a usage of every coupon on a purchase that is being charged; its customer is locked. A coupon that was used up
/// since it was applied is refused, and a usage is never given back (purchases.md §5).
pub(crate) fn consume(tx: &mut Tx<'_>, session: &Session, purchase: &Purchase) -> Result<(), Error> {
    if purchase.coupon_codes.is_empty() {
        return Ok(());
    }
    let (account, customer) = (session.account.id, purchase.customer);
    for usage in store::coupon::find_usages(tx, account, purchase.id)? {
        let is_again = usage.is_one_time_use && store::coupon::is_used_by(tx, account, usage.coupon, customer)?;
        let is_taken = store::coupon::take_usage(tx, account, &usage)?;
        if usage.is_checked && (is_again || !is_taken) {
            return Err(Refusal::CouponNotValid(usage.code).into());
        }
        store::coupon::insert_use(tx, account, &usage, customer, purchase.id, session.now)?;
    }
    Ok(())
}
