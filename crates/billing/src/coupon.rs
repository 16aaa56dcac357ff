//! Coupons: codes that bring discounts of the catalogue, within windows of time and so many times.

mod limits;
pub mod uses;

use calendar::Instant;

use crate::{
    id::{CouponCodeId, CouponId, DiscountId, EligibilityId},
    named::named,
};

named! {
    /// What a coupon may be used for now (catalog.md §8.1).
    pub enum CouponStatus {
        /// Nothing: it has no code or no discount yet.
        Draft => "Draft",
        /// Nothing: this is outside every window.
        Ineligible => "Ineligible",
        /// Its codes bring discounts.
        Active => "Active",
        /// Nothing: it was closed by hand.
        Retired => "Retired",
    }
}

/// A code by which a coupon is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponCode {
    /// `None` until it is stored.
    pub id: Option<CouponCodeId>,
    /// At most 255 characters, unique in the account.
    pub code: String,
    /// How many more purchases may use it; `None` is any number.
    pub remaining_usages: Option<i64>,
}

impl CouponCode {
    /// Whether these are usages that somebody read and sends back, of a code that is `stored` and whose usages were last set
    /// to `set`: who names the id of the code has read it, when it had any number from that one down to the one of now.
    /// Purchases that took usages since have taken them for good (purchases.md §5).
    pub fn is_read_back(&self, stored: &Self, set: Option<i64>) -> bool {
        let could_be_read = |sent| stored.remaining_usages <= Some(sent) && Some(sent) <= set;
        self.id.is_some()
            && self.id == stored.id
            && stored.remaining_usages.is_some()
            && self.remaining_usages.is_some_and(could_be_read)
    }
}

/// A time in which discounts of a coupon hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// `None` until it is stored.
    pub id: Option<EligibilityId>,
    /// The first instant; `None` is ever since.
    pub starts_at: Option<Instant>,
    /// The last instant; `None` is for ever.
    pub ends_at: Option<Instant>,
    /// Which discounts; none named means all of the coupon.
    pub discounts: Vec<DiscountId>,
}

/// A plan whose products get the coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponPlan {
    /// The plan.
    pub plan: i64,
    /// All of its products.
    pub applies_to_all_products: bool,
    /// Otherwise these.
    pub plan_products: Vec<i64>,
}

/// What a caller writes of a coupon; limits hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponFields {
    /// At most 255 characters.
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    /// Closed by hand.
    pub is_retired: bool,
    /// All frequencies of all plans get it.
    pub applies_to_all_plans: bool,
    /// Each customer may use it once.
    pub is_one_time_use: bool,
    /// Any of them asks for the coupon.
    pub codes: Vec<CouponCode>,
    /// Discounts that it brings.
    pub discounts: Vec<DiscountId>,
    /// Windows, which do not overlap; none means no limit of time.
    pub eligibilities: Vec<Eligibility>,
    /// Plans that get it.
    pub plans: Vec<CouponPlan>,
}

/// A coupon as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// What callers write.
    pub fields: CouponFields,
}

/// Why a code brings nothing (catalog.md §8.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ineligible {
    /// No coupon has the code.
    #[error("Coupon code not found.")]
    UnknownCode,
    /// The coupon is a draft or retired.
    #[error("Coupon is not active.")]
    NotActive,
    /// Not now.
    #[error("Coupon is not eligible at this time.")]
    NotNow,
    /// Not for this plan.
    #[error("Coupon does not apply to this plan.")]
    OtherPlan,
    /// Used as often as it may be.
    #[error("Coupon code has no remaining usages.")]
    UsedUp,
    /// Used as often as this customer may.
    #[error("Coupon has already been used by this customer.")]
    UsedByCustomer,
}

/// What somebody wants to use a coupon for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// By which code.
    pub code: &'a str,
    /// When.
    pub now: Instant,
    /// On which plan; `None` for purchases, which no plan restricts.
    pub plan: Option<i64>,
    /// The customer has used the coupon before.
    pub is_used_by_customer: bool,
}

impl Eligibility {
    /// Whether this is its time; both ends belong to it.
    pub fn is_open(&self, now: Instant) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now <= end)
    }
}

impl CouponFields {
    /// What the coupon may be used for.
    pub fn status(&self, now: Instant) -> CouponStatus {
        let brings_nothing = self.discounts.is_empty() && self.eligibilities.iter().all(|one| one.discounts.is_empty());
        if self.is_retired {
            CouponStatus::Retired
        } else if self.codes.is_empty() || brings_nothing {
            CouponStatus::Draft
        } else if self.eligible(now).is_none() {
            CouponStatus::Ineligible
        } else {
            CouponStatus::Active
        }
    }

    /// The discounts that hold now; `None` outside every window.
    pub fn eligible(&self, now: Instant) -> Option<&[DiscountId]> {
        if self.eligibilities.is_empty() {
            return Some(&self.discounts);
        }
        let window = self.eligibilities.iter().find(|window| window.is_open(now))?;
        Some(if window.discounts.is_empty() { &self.discounts } else { &window.discounts })
    }

    /// Every discount that it ever brings, each once.
    pub fn included(&self) -> Vec<DiscountId> {
        let named = self.discounts.iter().chain(self.eligibilities.iter().flat_map(|window| &window.discounts));
        let mut included = Vec::new();
        for discount in named {
            if !included.contains(discount) {
                included.push(*discount);
            }
        }
        included
    }

    /// The first instant of the first window.
    pub fn first_start(&self) -> Option<Instant> {
        let starts: Option<Vec<_>> = self.eligibilities.iter().map(|window| window.starts_at).collect();
        starts?.into_iter().min()
    }

    /// The last instant of the last window.
    pub fn last_end(&self) -> Option<Instant> {
        let ends: Option<Vec<_>> = self.eligibilities.iter().map(|window| window.ends_at).collect();
        ends?.into_iter().max()
    }

    /// Whether the coupon may be used as wished; if so, the discounts that it brings.
    pub fn check(&self, wish: &Wish<'_>) -> Result<&[DiscountId], Ineligible> {
        let code = self.codes.iter().find(|code| code.code == wish.code).ok_or(Ineligible::UnknownCode)?;
        match self.status(wish.now) {
            CouponStatus::Draft | CouponStatus::Retired => return Err(Ineligible::NotActive),
            CouponStatus::Ineligible => return Err(Ineligible::NotNow),
            CouponStatus::Active => {}
        }
        if wish.plan.is_some_and(|plan| !self.applies_to(plan)) {
            return Err(Ineligible::OtherPlan);
        }
        if code.remaining_usages == Some(0) {
            return Err(Ineligible::UsedUp);
        }
        if self.is_one_time_use && wish.is_used_by_customer {
            return Err(Ineligible::UsedByCustomer);
        }
        self.eligible(wish.now).ok_or(Ineligible::NotNow)
    }

    fn applies_to(&self, plan: i64) -> bool {
        let gets_it = |one: &CouponPlan| one.applies_to_all_products || !one.plan_products.is_empty();
        self.applies_to_all_plans || self.plans.iter().any(|one| one.plan == plan && gets_it(one))
    }
}

#[cfg(test)]
mod tests;
