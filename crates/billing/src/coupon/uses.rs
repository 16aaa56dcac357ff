//! Which usages of coupons purchases take that are charged together.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    id::{CouponId, PurchaseId},
    refusal::Refusal,
};

/// A coupon on a purchase, as far as its use is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The purchase.
    pub purchase: PurchaseId,
    /// The coupon.
    pub coupon: CouponId,
    /// The code by which it was applied.
    pub code: String,
    /// It must be usable still; otherwise somebody decided that it holds in any case.
    pub is_checked: bool,
    /// The first of the purchases that were split, which use the coupon once together; `None` is a use of its own.
    pub shares_use_of: Option<PurchaseId>,
}

/// What is known of the coupons on the purchases of one customer.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Those that each customer may use once.
    pub one_time: BTreeSet<CouponId>,
    /// Those of them that the customer has used.
    pub used: BTreeSet<CouponId>,
    /// Those that one of the purchases that were split has used, by the first of these purchases.
    pub shared: BTreeSet<(CouponId, PurchaseId)>,
}

/// How many usages of a code are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Take {
    /// All of them must be left.
    pub checked: i64,
    /// As many as are left.
    pub unchecked: i64,
}

/// The usages that are taken of each code, in the order in which codes are locked: one for every purchase, one for all that
/// were split together. A coupon that the customer may use once only is refused the second time.
pub fn take(usages: &[Usage], mut known: Known) -> Result<BTreeMap<(CouponId, &str), Take>, Refusal> {
    let mut taken = BTreeMap::<_, Take>::new();
    for Usage { coupon, code, is_checked, shares_use_of, .. } in usages {
        let is_shared = shares_use_of.is_some_and(|first| !known.shared.insert((*coupon, first)));
        if is_shared {
            continue;
        }
        let is_again = known.one_time.contains(coupon) && !known.used.insert(*coupon);
        if *is_checked && is_again {
            return Err(Refusal::CouponNotValid(code.clone()));
        }
        let take = taken.entry((*coupon, code.as_str())).or_default();
        *(if *is_checked { &mut take.checked } else { &mut take.unchecked }) += 1;
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUPON: CouponId = CouponId(1);

    fn usage(purchase: i64, is_checked: bool, shares_use_of: Option<i64>) -> Usage {
        let (purchase, shares_use_of) = (PurchaseId(purchase), shares_use_of.map(PurchaseId));
        Usage { purchase, coupon: COUPON, code: "A".to_owned(), is_checked, shares_use_of }
    }

    fn taken(usages: &[Usage], known: Known) -> Result<(i64, i64), Refusal> {
        let taken = take(usages, known)?;
        assert!(taken.len() <= 1, "there is one code");
        let take = taken.get(&(COUPON, "A")).copied().unwrap_or_default();
        Ok((take.checked, take.unchecked))
    }

    #[test]
    fn every_purchase_takes_one_and_what_was_split_takes_one_together() {
        let two = [usage(1, true, None), usage(2, true, None), usage(3, false, None)];
        assert_eq!(taken(&two, Known::default()), Ok((2, 1)));
        let split = [usage(1, true, Some(1)), usage(2, true, Some(1)), usage(3, true, Some(3))];
        assert_eq!(taken(&split, Known::default()), Ok((2, 0)));
        let known = Known { shared: [(COUPON, PurchaseId(1))].into(), ..Known::default() };
        assert_eq!(taken(&split, known), Ok((1, 0)), "the first has taken one already");
    }

    #[test]
    fn a_one_time_coupon_is_used_once_unless_nobody_checks() {
        let fresh = Known { one_time: [COUPON].into(), ..Known::default() };
        let used = Known { used: [COUPON].into(), ..fresh.clone() };
        let refused = Err(Refusal::CouponNotValid("A".to_owned()));
        assert_eq!(taken(&[usage(1, true, None)], fresh.clone()), Ok((1, 0)));
        assert_eq!(taken(&[usage(1, true, None)], used.clone()), refused);
        assert_eq!(taken(&[usage(1, false, None)], used), Ok((0, 1)));
        assert_eq!(taken(&[usage(1, true, None), usage(2, true, None)], fresh.clone()), refused);
        assert_eq!(taken(&[usage(1, true, None), usage(2, false, None)], fresh.clone()), Ok((1, 1)));
        let split = [usage(1, true, Some(1)), usage(2, true, Some(1))];
        assert_eq!(taken(&split, fresh), Ok((1, 0)));
    }
}
