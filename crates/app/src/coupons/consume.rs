//! The use of coupons when the purchases are charged that they are on.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    coupon::uses::{self, Known, Usage},
    id::{CustomerId, PurchaseId},
    purchase::Purchase,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Takes a usage of every coupon on purchases of a locked customer that are being charged. A coupon that was used up since
/// it was applied is refused, and a usage is never given back (purchases.md §5). Purchases that were split take one
/// together, with the first of them that is charged.
///
/// Usages are taken in the order of coupons and codes, and each coupon is shared before, because recording its use locks it
/// too: whoever changes the coupon has it first, or waits.
pub(crate) fn consume(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    purchases: &[Purchase],
) -> Result<(), Error> {
    let account = session.account.id;
    let with_coupons = purchases.iter().filter(|purchase| !purchase.coupon_codes.is_empty());
    let ids: Vec<PurchaseId> = with_coupons.map(|purchase| purchase.id).collect();
    let usages = store::coupon::find_usages(tx, account, &ids)?;
    let known = known(tx, session, customer, &usages)?;
    for ((coupon, code), take) in uses::take(&usages, known)? {
        if take.checked > 0 && !store::coupon::take_usages(tx, account, coupon, code, take.checked)? {
            return Err(Refusal::CouponNotValid(code.to_owned()).into());
        }
        if take.unchecked > 0 {
            store::coupon::take_usages_left(tx, account, coupon, code, take.unchecked)?;
        }
    }
    Ok(store::coupon::insert_uses(tx, account, &usages, customer, session.now)?)
}

/// What decides about the usages; the coupons stay as they are until the transaction ends.
fn known(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, usages: &[Usage]) -> Result<Known, Error> {
    let account = session.account.id;
    let mut known = Known::default();
    for id in usages.iter().map(|usage| usage.coupon).collect::<BTreeSet<_>>() {
        if !store::coupon::share_one_time_use(tx, account, id)? {
            continue;
        }
        known.one_time.insert(id);
        if store::coupon::is_used_by(tx, account, id, customer)? {
            known.used.insert(id);
        }
    }
    let shared = usages.iter().filter_map(|usage| Some((usage.coupon, usage.shares_use_of?)));
    for (coupon, first) in shared.collect::<BTreeSet<_>>() {
        if store::coupon::is_use_taken(tx, account, coupon, customer, first)? {
            known.shared.insert((coupon, first));
        }
    }
    Ok(known)
}
